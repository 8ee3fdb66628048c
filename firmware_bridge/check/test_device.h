/* The device that the tests of the core drive: EMG at 1 kHz, acceleration at 100 Hz. */
#ifndef TEST_DEVICE_H
#define TEST_DEVICE_H

#include <stdint.h>

#include "cramplink.h"

extern cl_device test_device;
extern uint64_t test_device_now;      /* microseconds */
extern uint16_t test_device_room;     /* bytes that its link takes */
extern uint16_t test_device_refusals; /* sends that are to fail */

/* Start it; `sent` takes each message. */
void test_device_boot(void (*sent)(const uint8_t *message, uint16_t size));

/* One instant, if it has been told to sample. */
void test_device_sample(uint8_t stream, const int16_t *values);

#endif
