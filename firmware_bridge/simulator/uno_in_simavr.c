/* An Arduino Uno in simavr: its UART on a pseudo-terminal, voltages from a file on A0 to A3.
 *
 *   uno_in_simavr FIRMWARE.elf VOLTAGES SPEED NOISE_MV BOOTS
 *
 * Says "ready NAME" with the name of the pseudo-terminal, then runs until SIGTERM or SIGINT, or
 * until the process that started it ends. SIGUSR1 is the reset button. At the end it says on stderr
 * how long it ran. BOOTS is what the firmware's count in the EEPROM has come to. For the file see
 * pins.h, for SPEED pace.h.
 */
#include <avr_eeprom.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sim_avr.h>
#include <sim_elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "pace.h"
#include "pins.h"
#include "wire.h"

/* The board: 16 MHz; both sensors and AREF at 3.3 V, the chip at 5 V. */
#define FREQUENCY 16000000
#define SUPPLY_MV 5000
#define REFERENCE_MV 3300

enum { BAD_USE = 2, BAD_FIRMWARE = 3, BAD_VOLTAGES = 4, NO_TERMINAL = 5, CRASHED = 6 };

static volatile sig_atomic_t end_asked, reset_asked;

static void on_signal(int signal_number)
{
    if (signal_number == SIGUSR1) {
        reset_asked = 1;
    } else {
        end_asked = 1;
        wire_stop();
    }
}

static void listen_to_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == 1) {
        exit(0); /* whoever started us ended before we listened */
    }
}

/* stdout is for "ready" alone; simavr would tell there what it loads. */
static void tell_errors(avr_t *avr, const int level, const char *format, va_list values)
{
    (void)avr;
    if (level <= LOG_ERROR) {
        vfprintf(stderr, format, values);
    }
}

static int fail(int code, const char *found, const char *expected)
{
    fprintf(stderr, "found %s; expected %s\n", found, expected);
    return code;
}

static avr_t *board(const char *path, uint32_t boots)
{
    elf_firmware_t firmware = {0};
    if (elf_read_firmware(path, &firmware) != 0) {
        return NULL;
    }
    avr_t *avr = avr_make_mcu_by_name("atmega328p");
    if (avr == NULL) {
        return NULL;
    }
    avr_init(avr);
    avr->log = LOG_ERROR;
    firmware.frequency = FREQUENCY;
    avr_load_firmware(avr, &firmware);
    avr->frequency = FREQUENCY;
    avr->vcc = avr->avcc = SUPPLY_MV;
    avr->aref = REFERENCE_MV;
    avr_eeprom_desc_t count = {.ee = (uint8_t *)&boots, .offset = 0, .size = sizeof boots};
    avr_ioctl(avr, AVR_IOCTL_EEPROM_SET, &count);
    return avr;
}

static int run(avr_t *avr)
{
    while (!end_asked) {
        int state = avr_run(avr);
        if (state == cpu_Crashed || state == cpu_Done) {
            return CRASHED;
        }
        if (reset_asked) {
            reset_asked = 0;
            avr_reset(avr);
            pace_resume(avr);
        }
    }
    return 0;
}

int main(int count, char **words)
{
    if (count != 6) {
        return fail(BAD_USE, "other arguments", "FIRMWARE.elf VOLTAGES SPEED NOISE_MV BOOTS");
    }
    listen_to_signals();
    avr_global_logger_set(tell_errors);
    double speed = strtod(words[3], NULL);
    const char *trouble = pins_load(words[2], strtod(words[4], NULL));
    if (trouble != NULL) {
        return fail(BAD_VOLTAGES, trouble, "rows of four 16-bit numbers");
    }
    avr_t *avr = board(words[1], (uint32_t)strtoul(words[5], NULL, 10));
    if (avr == NULL) {
        return fail(BAD_FIRMWARE, "no firmware that can be loaded", "an ELF file for an ATmega328P");
    }
    const char *terminal = wire_open();
    if (terminal == NULL) {
        return fail(NO_TERMINAL, strerror(errno), "a pseudo-terminal");
    }
    pins_connect(avr);
    wire_connect(avr, speed <= 0);
    pace_connect(avr, speed, wire_move);
    printf("ready %s\n", terminal);
    fflush(stdout);
    int code = run(avr);
    fprintf(stderr, "ran %.3f s; sent %lu bytes, %lu lost; behind by %.3f s at most%s\n",
            (double)avr->cycle / FREQUENCY, wire_sent, wire_lost, pace_worst_lag,
            code == CRASHED ? "; the firmware crashed" : "");
    return code;
}
