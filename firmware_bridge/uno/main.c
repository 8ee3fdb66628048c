/* A bench sensor on an Arduino Uno: MyoWare 2.0 (RAW) on A0, ADXL335 on A1 to A3, CrampLink out.
 *
 * Worn only on battery with an isolated link: see ../README.md.
 */
#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <avr/sleep.h>

#include "cramplink.h"
#include "sampling.h"
#include "serial_line.h"

/* Tells two boards of one person apart; set it with `make NUMBER=2`. */
#ifndef NUMBER
#define NUMBER 1
#endif

/* Both sensors and AREF are at 3.3 V. The MyoWare's RAW pin has a gain of 200 about half its supply
 * and passes 20.8 to 498.4 Hz (its makers' figures; not measured [A]). The ADXL335 gives a tenth of
 * its supply per g. */
#define REFERENCE_V 3.3f
#define EMG_GAIN 200.0f
#define EMG_V_PER_COUNT (REFERENCE_V / READINGS / EMG_CONVERSIONS / EMG_GAIN)
#define ACC_G_PER_COUNT (1.0f / (0.1f * READINGS) / ACC_CONVERSIONS)

/* Odd, so that no two boots of 4 billion have one number. */
#define SPREAD 2654435761UL

/* The longest message has 80 samples of EMG and 9 of acceleration: 248 bytes. */
#define LONGEST_SENT 256
/* The longest command that an Uno must know: START, PING and CONFIG fit. */
#define LONGEST_HEARD 48

static uint32_t EEMEM boots;
static uint8_t sent_memory[LONGEST_SENT], heard_memory[LONGEST_HEARD];

static cl_stream streams[2] = {
    {.number = 1,
     .kind = CL_KIND_EMG,
     .unit = CL_UNIT_VOLT,
     .adc_bits = 12,
     .rate_mhz = 1000000,
     .scale = EMG_V_PER_COUNT,
     .high_pass_chz = 2080,
     .low_pass_hz = 498,
     .label = "EMG",
     .delay_us = EMG_DELAY_US,
     .low = -MIDDLE * EMG_CONVERSIONS,
     .high = (READINGS - 1 - MIDDLE) * EMG_CONVERSIONS,
     .per_message = 80,
     .ring = &emg_ring},
    {.number = 2,
     .kind = CL_KIND_ACC,
     .unit = CL_UNIT_G,
     .rate_mhz = 100000,
     .scale = ACC_G_PER_COUNT,
     .label = "ACC",
     .delay_us = ACC_DELAY_US,
     .per_message = 16,
     .ring = &acc_ring},
};

static uint64_t now_us(void *context)
{
    (void)context;
    return sampling_now_us();
}

static uint64_t start(void *context)
{
    (void)context;
    return sampling_start();
}

static void stop(void *context)
{
    (void)context;
    sampling_stop();
}

/* Writing waits for the line, so there is always room. */
static uint16_t room(void *context)
{
    (void)context;
    return CL_LONGEST;
}

static cl_device device = {
    .uid = {'u', 'n', 'o', 0, 0, 0, (uint8_t)(NUMBER >> 8), (uint8_t)NUMBER},
    .firmware = {1, 0, 0},
    .capabilities = CL_TIMED_BY_HARDWARE,
    .name = "calf-uno",
    .streams = streams,
    .stream_count = sizeof streams / sizeof *streams,
    .port = {now_us, start, stop, room, serial_send, 0},
    .status = {.battery_percent = 255, .temperature_c = -128},
    .memory = sent_memory,
    .memory_size = sizeof sent_memory,
};

/* Another number at each boot. The EEPROM cell lasts for 100,000 of them. */
static uint32_t next_boot_id(void)
{
    uint32_t count = eeprom_read_dword(&boots) + 1;
    eeprom_write_dword(&boots, count);
    eeprom_busy_wait();
    return (count + 1) * SPREAD;
}

static void listen(cl_reader *reader)
{
    uint8_t byte;
    while (serial_take(&byte)) {
        uint16_t size = cl_reader_push(reader, byte);
        if (size > 0) {
            cl_hear(&device, reader->message, size);
        }
    }
}

int main(void)
{
    cl_reader reader;
    device.boot_id = next_boot_id();
    cl_reader_init(&reader, heard_memory, sizeof heard_memory);
    serial_begin();
    sampling_begin();
    sei();
    cl_boot(&device);
    set_sleep_mode(SLEEP_MODE_IDLE);
    for (;;) {
        listen(&reader);
        cl_poll(&device);
        sleep_mode(); /* until the next conversion or byte */
    }
}
