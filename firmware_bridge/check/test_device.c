#include "test_device.h"

#include <stddef.h>
#include <string.h>

#define EMG_KEPT 128
#define ACC_KEPT 16

cl_device test_device;
uint64_t test_device_now;
uint16_t test_device_room;
uint16_t test_device_refusals;

static int16_t emg_memory[EMG_KEPT], acc_memory[3 * ACC_KEPT];
static uint8_t message_memory[CL_LONGEST];
static cl_ring rings[2];
static bool sampling;
static void (*deliver)(const uint8_t *message, uint16_t size);

static cl_stream streams[2] = {
    {.number = 1,
     .kind = CL_KIND_EMG,
     .unit = CL_UNIT_VOLT,
     .adc_bits = 12,
     .rate_mhz = 1000000,
     .scale = 2.5e-6f,
     .high_pass_chz = 2000,
     .low_pass_hz = 450,
     .label = "EMG",
     .low = -2048,
     .high = 2047,
     .per_message = 80,
     .ring = &rings[0]},
    {.number = 2,
     .kind = CL_KIND_ACC,
     .unit = CL_UNIT_G,
     .adc_bits = 16,
     .rate_mhz = 100000,
     .scale = 1.0f / 8192.0f,
     .label = "ACC",
     .delay_us = 4500,
     .per_message = 12,
     .ring = &rings[1]},
};

static uint64_t now_us(void *context)
{
    (void)context;
    return test_device_now;
}

static uint64_t start(void *context)
{
    (void)context;
    sampling = true;
    return test_device_now + 1000;
}

static void stop(void *context)
{
    (void)context;
    sampling = false;
}

static uint16_t room(void *context)
{
    (void)context;
    return test_device_room;
}

static bool send(void *context, const uint8_t *message, uint16_t size)
{
    (void)context;
    if (test_device_refusals > 0) {
        test_device_refusals--;
        return false;
    }
    deliver(message, size);
    return true;
}

void test_device_boot(void (*sent)(const uint8_t *message, uint16_t size))
{
    deliver = sent;
    sampling = false;
    test_device_now = 0;
    test_device_room = CL_LONGEST;
    test_device_refusals = 0;
    cl_ring_init(&rings[0], emg_memory, EMG_KEPT, 1);
    cl_ring_init(&rings[1], acc_memory, ACC_KEPT, 3);
    memset(&test_device, 0, sizeof test_device);
    test_device = (cl_device){
        .uid = {'t', 'e', 's', 't', 0, 0, 0, 1},
        .boot_id = 0x0102FFFE,
        .firmware = {1, 2, 3},
        .capabilities = CL_HAS_BUTTON | CL_TIMED_BY_HARDWARE,
        .name = "test-sensor",
        .streams = streams,
        .stream_count = 2,
        .port = {now_us, start, stop, room, send, NULL},
        .status = {.battery_percent = 255, .temperature_c = -128},
        .memory = message_memory,
        .memory_size = sizeof message_memory,
    };
    cl_boot(&test_device);
}

void test_device_sample(uint8_t stream, const int16_t *values)
{
    if (sampling && stream < 2) {
        cl_ring_push(&rings[stream], values);
    }
}
