/* Simulated time against the wall clock. */
#ifndef PACE_H
#define PACE_H

#include <sim_avr.h>

/* Simulated seconds per second of the wall clock; 0 is as fast as it goes. Call `each_ms` once per
 * simulated millisecond. */
void pace_connect(avr_t *avr, double speed, void (*each_ms)(void));

/* Go on after avr_reset, which forgets every timer. */
void pace_resume(avr_t *avr);

/* The furthest that the simulation fell behind, in seconds. */
extern double pace_worst_lag;

#endif
