#include "sampling.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <stdbool.h>
#include <util/atomic.h>

#define EMG_KEPT 256 /* 256 ms */
#define ACC_KEPT 32  /* 320 ms */
#define AXES 3
#define LAST (EMG_CONVERSIONS + AXES)

/* 16 MHz / 64 is a count each 4 us; 250 of them make a millisecond. */
#define US_PER_COUNT 4
#define COUNTS_PER_ROUND 250
#define US_PER_ROUND 1000

cl_ring emg_ring, acc_ring;

static int16_t emg_memory[EMG_KEPT], acc_memory[AXES * ACC_KEPT];
static volatile uint32_t rounds;
static volatile bool armed, keeping;
static volatile uint8_t conversion; /* of this round */
static int16_t emg_sum, acc_sums[AXES];
static uint8_t acc_rounds;

static void convert(uint8_t channel)
{
    ADMUX = channel; /* REFS1 and REFS0 clear: the reference is AREF */
    ADCSRA |= _BV(ADSC);
}

ISR(TIMER1_COMPA_vect)
{
    rounds++;
    if (armed) {
        armed = false;
        keeping = true;
        acc_rounds = 0;
        acc_sums[0] = acc_sums[1] = acc_sums[2] = 0;
    }
    conversion = 0;
    emg_sum = 0;
    convert(0);
}

static void end_round(void)
{
    if (!keeping) {
        return;
    }
    cl_ring_push(&emg_ring, &emg_sum);
    if (++acc_rounds == ACC_CONVERSIONS) {
        cl_ring_push(&acc_ring, acc_sums);
        acc_rounds = 0;
        acc_sums[0] = acc_sums[1] = acc_sums[2] = 0;
    }
}

ISR(ADC_vect)
{
    int16_t reading = (int16_t)ADC - MIDDLE;
    if (conversion < EMG_CONVERSIONS) {
        emg_sum += reading;
    } else {
        acc_sums[conversion - EMG_CONVERSIONS] += reading;
    }
    if (++conversion == LAST) {
        end_round();
    } else {
        convert(conversion < EMG_CONVERSIONS ? 0 : conversion - EMG_CONVERSIONS + 1);
    }
}

void sampling_begin(void)
{
    cl_ring_init(&emg_ring, emg_memory, EMG_KEPT, 1);
    cl_ring_init(&acc_ring, acc_memory, ACC_KEPT, AXES);
    DIDR0 = _BV(ADC0D) | _BV(ADC1D) | _BV(ADC2D) | _BV(ADC3D); /* no digital inputs there */
    ADCSRA = _BV(ADEN) | _BV(ADIE) | _BV(ADPS2) | _BV(ADPS1) | _BV(ADPS0); /* 125 kHz */
    TCCR1A = 0;
    OCR1A = COUNTS_PER_ROUND - 1;
    TCNT1 = 0;
    TIMSK1 = _BV(OCIE1A);
    TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10);
}

uint64_t sampling_now_us(void)
{
    uint32_t whole;
    uint16_t counts;
    bool due;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        counts = TCNT1;
        due = TIFR1 & _BV(OCF1A);
        whole = rounds;
    }
    /* The timer began anew, and its interrupt waits: unless that happened after it was read. */
    if (due && counts < COUNTS_PER_ROUND / 2) {
        whole++;
    }
    return (uint64_t)whole * US_PER_ROUND + counts * US_PER_COUNT;
}

uint64_t sampling_start(void)
{
    uint32_t next;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        armed = true;
        next = rounds + 1;
    }
    return (uint64_t)next * US_PER_ROUND;
}

void sampling_stop(void)
{
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
    {
        armed = false;
        keeping = false;
    }
}
