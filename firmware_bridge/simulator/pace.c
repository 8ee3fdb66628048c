#include "pace.h"

#include <errno.h>
#include <sim_time.h>
#include <time.h>

#define STEP_US 1000

double pace_worst_lag;

static double speed_wanted;
static void (*each)(void);
static struct timespec begin;
static avr_cycle_count_t first;

static double since_begin(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - begin.tv_sec) + (double)(now.tv_nsec - begin.tv_nsec) * 1e-9;
}

static void sleep_for(double seconds)
{
    struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&left, NULL); /* a signal may cut it short: the next step makes up for it */
}

static avr_cycle_count_t step(avr_t *avr, avr_cycle_count_t when, void *context)
{
    (void)context;
    each();
    if (speed_wanted > 0) {
        double ahead = (double)(avr->cycle - first) / avr->frequency / speed_wanted - since_begin();
        if (ahead > 0) {
            sleep_for(ahead);
        } else if (-ahead > pace_worst_lag) {
            pace_worst_lag = -ahead;
        }
    }
    return when + avr_usec_to_cycles(avr, STEP_US);
}

/* simavr would sleep here by itself, by another clock. */
static void sleep_not(avr_t *avr, avr_cycle_count_t cycles)
{
    (void)avr;
    (void)cycles;
}

void pace_connect(avr_t *avr, double speed, void (*each_ms)(void))
{
    speed_wanted = speed;
    each = each_ms;
    first = avr->cycle;
    avr->sleep = sleep_not;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    pace_resume(avr);
}

void pace_resume(avr_t *avr)
{
    avr_cycle_timer_register_usec(avr, STEP_US, step, NULL);
}
