/* What the simulated analogue pins A0 to A3 see: a file of voltages. */
#ifndef PINS_H
#define PINS_H

#include <sim_avr.h>

/* Read the file: rows of four unsigned 16-bit little-endian numbers, in tenths of a millivolt, a row
 * a millisecond; at its end it starts over. Row 0 lasts from just before the first conversion that
 * the firmware makes to 1 ms later, and so on, so that each round of conversions falls into a row.
 * `noise_mv` is the standard deviation of noise that is added to each conversion.
 * Returns an error in words, or NULL. */
const char *pins_load(const char *path, double noise_mv);

/* Let the converter of `avr` see them. */
void pins_connect(avr_t *avr);

#endif
