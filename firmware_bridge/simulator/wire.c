#include "wire.h"

#include <avr_uart.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdint.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* More than a UART can send in the time between two calls of wire_move. */
#define OUT_KEPT 4096
#define IN_KEPT 256
#define WAIT_MS 100

unsigned long wire_sent, wire_lost;

static int ours = -1, theirs = -1;
static char name[64];
static bool patient_one;
static volatile bool stopped;
static bool may_send = true; /* the UART has room for another byte */
static uint8_t out[OUT_KEPT], in[IN_KEPT];
static size_t out_size, in_at, in_size;
static avr_irq_t *input;

const char *wire_open(void)
{
    struct termios settings;
    if (openpty(&ours, &theirs, name, NULL, NULL) != 0 || tcgetattr(theirs, &settings) != 0) {
        return NULL;
    }
    cfmakeraw(&settings);
    /* `theirs` stays open, so that a reader may come and go. */
    if (tcsetattr(theirs, TCSANOW, &settings) != 0 || fcntl(ours, F_SETFL, O_NONBLOCK) != 0) {
        return NULL;
    }
    return name;
}

static void write_out(void)
{
    size_t at = 0;
    while (at < out_size && !stopped) {
        ssize_t written = write(ours, out + at, out_size - at);
        if (written > 0) {
            at += (size_t)written;
        } else if (patient_one && (errno == EAGAIN || errno == EINTR)) {
            struct pollfd wait = {.fd = ours, .events = POLLOUT};
            poll(&wait, 1, WAIT_MS);
        } else if (errno != EINTR) {
            break;
        }
    }
    wire_lost += out_size - at;
    out_size = 0;
}

static void sent_by_firmware(avr_irq_t *irq, uint32_t value, void *context)
{
    (void)irq;
    (void)context;
    wire_sent++;
    if (out_size == sizeof out) {
        write_out();
    }
    out[out_size++] = (uint8_t)value;
}

static void feed(void)
{
    while (may_send && in_at < in_size) {
        avr_raise_irq(input, in[in_at++]);
    }
}

static void may_go_on(avr_irq_t *irq, uint32_t value, void *context)
{
    (void)irq;
    (void)value;
    (void)context;
    may_send = true;
}

static void has_to_wait(avr_irq_t *irq, uint32_t value, void *context)
{
    (void)irq;
    (void)value;
    (void)context;
    may_send = false;
}

void wire_connect(avr_t *avr, bool patient)
{
    uint32_t flags = 0;
    patient_one = patient;
    avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
    flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
    avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
    input = avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_INPUT);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT),
                            sent_by_firmware, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XON),
                            may_go_on, NULL);
    avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUT_XOFF),
                            has_to_wait, NULL);
}

void wire_move(void)
{
    write_out();
    if (in_at == in_size) {
        ssize_t got = read(ours, in, sizeof in);
        in_at = 0;
        in_size = got > 0 ? (size_t)got : 0;
    }
    feed();
}

void wire_stop(void)
{
    stopped = true;
}
