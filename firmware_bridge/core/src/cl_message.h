/* One message: built in memory of the caller, or checked (W1 to W12). */
#ifndef CL_MESSAGE_H
#define CL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CL_MAGIC 0xC1
#define CL_HEADER_BYTES 12
#define CL_CRC_BYTES 2
#define CL_SHORTEST (CL_HEADER_BYTES + CL_CRC_BYTES)
#define CL_LONGEST 512

/* Types (W4); those of the host have the highest bit set. */
enum {
    CL_INFO = 0x01,
    CL_ACK = 0x02,
    CL_SYNC = 0x03,
    CL_DATA = 0x10,
    CL_STATUS = 0x11,
    CL_EVENT = 0x12,
    CL_LOG = 0x13,
    CL_HELLO = 0x81,
    CL_START = 0x82,
    CL_STOP = 0x83,
    CL_CONFIG = 0x84,
    CL_PING = 0x85,
    CL_MARK = 0x86,
    CL_REPLAY = 0x87,
    CL_IMPEDANCE = 0x88,
    CL_POWER_OFF = 0x89
};

/* Flags of a message (W9). */
enum {
    CL_BATT_LOW = 1 << 0,
    CL_CHARGING = 1 << 1,
    CL_LEAD_OFF = 1 << 2,
    CL_CLIP = 1 << 3,
    CL_IMU_FAULT = 1 << 4,
    CL_TX_OVERRUN = 1 << 5,
    CL_TIME_RESET = 1 << 6,
    CL_REPLAYED = 1 << 7,
    CL_SD_LOGGING = 1 << 8,
    CL_TEST_SIGNAL = 1 << 9
};

/* A message that is being built. `full` once something did not fit. */
typedef struct {
    uint8_t *bytes;
    uint16_t capacity;
    uint16_t size;
    bool full;
} cl_message;

/* Begin a message in `memory`: magic, type, sequence number, clock (microseconds, 48 bits), flags. */
void cl_begin(cl_message *message, uint8_t *memory, uint16_t capacity, uint8_t type, uint16_t seq,
              uint64_t t_us, uint16_t flags);

/* Append to the body, little endian. */
void cl_put_u8(cl_message *message, uint8_t value);
void cl_put_u16(cl_message *message, uint16_t value);
void cl_put_u32(cl_message *message, uint32_t value);
void cl_put_u48(cl_message *message, uint64_t value);
void cl_put_f32(cl_message *message, float value);
void cl_put_bytes(cl_message *message, const void *bytes, uint16_t size);

/* Set flags of a message that is being built. */
void cl_add_flags(cl_message *message, uint16_t flags);

/* Append the CRC. Returns the size of the whole message; 0 if it did not fit. */
uint16_t cl_end(cl_message *message);

/* A checked message; `body` points into the bytes that were checked. */
typedef struct {
    uint8_t type;
    uint16_t seq;
    const uint8_t *body;
    uint16_t body_size;
} cl_header;

/* Whether `size` bytes are a message: length, magic, CRC (W2, W3, W12). */
bool cl_check(const uint8_t *bytes, uint16_t size, cl_header *out);

#ifdef __cplusplus
}
#endif
#endif
