/* The simulated UART on a pseudo-terminal. */
#ifndef WIRE_H
#define WIRE_H

#include <sim_avr.h>
#include <stdbool.h>

/* Open a pseudo-terminal. Returns the name of its other side; NULL (and errno) on failure. */
const char *wire_open(void);

/* Connect it to UART 0. Where `patient`, bytes that nobody reads make the simulation wait;
 * otherwise they are lost and counted, as on a real line. */
void wire_connect(avr_t *avr, bool patient);

/* Move bytes both ways; call about once per simulated millisecond. */
void wire_move(void);

/* Give up waiting: the process is to end. */
void wire_stop(void);

/* Bytes that the firmware sent, and those of them that nobody took. */
extern unsigned long wire_sent, wire_lost;

#endif
