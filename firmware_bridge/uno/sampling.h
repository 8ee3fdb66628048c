/* EMG on A0 at 1 kHz, three axes of an analogue accelerometer on A1 to A3 at 100 Hz.
 *
 * Timer 1 begins a round each millisecond: four conversions of A0, then one each of A1, A2, A3, each
 * 104 us. The four are added (12 bits instead of 10, as far as there is noise to dither them); the
 * axes are added over ten rounds. The reference is the pin AREF, to be wired to 3V3.
 */
#ifndef SAMPLING_H
#define SAMPLING_H

#include <stdint.h>

#include "cramplink.h"

/* Conversions that make one number, and the reading that stands for zero (half the reference). */
#define EMG_CONVERSIONS 4
#define ACC_CONVERSIONS 10
#define READINGS 1024
#define MIDDLE (READINGS / 2)

/* Instants are the middle of the conversions that are added. A conversion holds its input 12 us
 * after it begins (1.5 cycles of 8 us), and the next one begins about 109 us later, with the
 * interrupt in between. Rounded to 10 us, the step of the wire. */
#define EMG_DELAY_US 180
#define ACC_DELAY_US 5060

extern cl_ring emg_ring, acc_ring;

/* Begin to convert, without keeping anything. */
void sampling_begin(void);

/* The device's clock in microseconds, from the timer that also begins the rounds. */
uint64_t sampling_now_us(void);

/* Keep samples from the next round on; returns when that begins. */
uint64_t sampling_start(void);
void sampling_stop(void);

#endif
