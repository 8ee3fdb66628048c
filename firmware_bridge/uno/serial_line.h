/* The UART (pins 0 and 1, or the USB socket): 8 data bits, no parity, one stop bit. */
#ifndef SERIAL_LINE_H
#define SERIAL_LINE_H

#include <stdbool.h>
#include <stdint.h>

void serial_begin(void);

/* Write a message as a frame; returns when its last byte is on its way. */
bool serial_send(void *context, const uint8_t *message, uint16_t size);

/* Take a byte that was received; false if there is none. */
bool serial_take(uint8_t *byte);

#endif
