#include "pins.h"

#include <avr_adc.h>
#include <math.h>
#include <sim_time.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define PINS 4
#define ROW_US 1000
/* A round of conversions begins this much after the beginning of its row. */
#define LEAD_US 50
#define TENTHS_PER_MV 10.0

static uint16_t (*rows)[PINS];
static uint64_t row_count;
static double noise;
static uint64_t noise_state = 88172645463325252u;
static avr_t *chip;
static avr_irq_t *inputs[PINS];
static avr_cycle_count_t origin; /* cycle at which row 0 begins */
static int begun;

static uint64_t next_random(void)
{
    noise_state ^= noise_state << 13;
    noise_state ^= noise_state >> 7;
    noise_state ^= noise_state << 17;
    return noise_state;
}

/* Nearly normal: twelve uniform numbers, whose sum has a variance of 1. */
static double normal(void)
{
    double sum = -6.0;
    for (int i = 0; i < 12; i++) {
        sum += (double)(next_random() >> 11) / 9007199254740992.0;
    }
    return sum;
}

const char *pins_load(const char *path, double noise_mv)
{
    noise = noise_mv;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return "the file of voltages cannot be opened";
    }
    if (fseek(file, 0, SEEK_END) != 0) {
        fclose(file);
        return "the file of voltages has no end";
    }
    long size = ftell(file);
    rewind(file);
    if (size <= 0 || size % (long)sizeof *rows != 0) {
        fclose(file);
        return "the file of voltages is not made of rows of 8 bytes";
    }
    rows = malloc((size_t)size);
    row_count = (uint64_t)size / sizeof *rows;
    size_t got = rows == NULL ? 0 : fread(rows, sizeof *rows, row_count, file);
    fclose(file);
    return got == row_count ? NULL : "the file of voltages cannot be read";
}

static void converting(avr_irq_t *irq, uint32_t value, void *context)
{
    (void)irq;
    (void)context;
    union {
        avr_adc_mux_t mux;
        uint32_t bits;
    } request = {.bits = value};
    uint32_t pin = request.mux.src;
    if (request.mux.kind != ADC_MUX_SINGLE || pin >= PINS) {
        return;
    }
    if (!begun) {
        begun = 1;
        origin = chip->cycle - avr_usec_to_cycles(chip, LEAD_US);
    }
    uint64_t row = (chip->cycle - origin) / avr_usec_to_cycles(chip, ROW_US) % row_count;
    double mv = rows[row][pin] / TENTHS_PER_MV + (noise > 0 ? noise * normal() : 0.0);
    avr_raise_irq(inputs[pin], (uint32_t)lround(mv < 0 ? 0.0 : mv));
}

void pins_connect(avr_t *avr)
{
    chip = avr;
    begun = 0;
    for (int pin = 0; pin < PINS; pin++) {
        inputs[pin] = avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0 + pin);
    }
    avr_irq_t *trigger = avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_OUT_TRIGGER);
    avr_irq_register_notify(trigger, converting, NULL);
}
