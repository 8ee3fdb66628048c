#include "serial_line.h"

#include <avr/interrupt.h>
#include <avr/io.h>

#include "cramplink.h"

#ifndef BAUD
#define BAUD 250000UL
#endif
/* With U2X0 the clock is divided by 8: 250000 baud is exact, 115200 becomes 117647 (2.1 % fast). */
#define DIVIDER ((F_CPU / 8 + BAUD / 2) / BAUD - 1)
#define MADE (F_CPU / 8 / (DIVIDER + 1))
#if MADE * 1000 > BAUD * 1025 || MADE * 1000 < BAUD * 975
#error "found a BAUD that this clock misses by more than 2.5 %; expected 250000 or 115200"
#endif

/* A power of two; the longest command is shorter. */
#define HEARD_KEPT 64

static volatile uint8_t heard[HEARD_KEPT], heard_head;
static volatile uint8_t heard_tail;

/* A byte that finds no place is left out: the CRC will tell, and the host asks again. */
ISR(USART_RX_vect)
{
    uint8_t byte = UDR0;
    uint8_t next = (uint8_t)(heard_head + 1) % HEARD_KEPT;
    if (next != heard_tail) {
        heard[heard_head] = byte;
        heard_head = next;
    }
}

void serial_begin(void)
{
    UCSR0A = _BV(U2X0);
    UBRR0 = DIVIDER;
    UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
    UCSR0B = _BV(TXEN0) | _BV(RXEN0) | _BV(RXCIE0);
    UDR0 = 0; /* ends whatever the host had heard (W21) */
}

static void put(void *context, uint8_t byte)
{
    (void)context;
    while (!(UCSR0A & _BV(UDRE0))) {
    }
    UDR0 = byte;
}

bool serial_send(void *context, const uint8_t *message, uint16_t size)
{
    cl_frame_write(message, size, put, context);
    return true;
}

bool serial_take(uint8_t *byte)
{
    if (heard_tail == heard_head) {
        return false;
    }
    *byte = heard[heard_tail];
    heard_tail = (uint8_t)(heard_tail + 1) % HEARD_KEPT;
    return true;
}
