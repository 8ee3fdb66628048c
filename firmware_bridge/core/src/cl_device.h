/* A whole sensor: it says what it is (INFO), sends its samples (DATA) and its state (STATUS), and
 * answers commands. The sketch fills in a cl_device, gives it a port, and calls
 *
 *   cl_ring_push   from the sampling interrupt, while the port has been told to sample
 *   cl_hear        for each message that arrived
 *   cl_poll        as often as it likes
 */
#ifndef CL_DEVICE_H
#define CL_DEVICE_H

#include "cl_message.h"
#include "cl_ring.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a stream is, and its unit (W26). */
enum { CL_KIND_EMG = 1, CL_KIND_ACC = 2 };
enum { CL_UNIT_RAW = 0, CL_UNIT_VOLT = 1, CL_UNIT_G = 2 };

/* Capabilities in INFO (W25). */
enum {
    CL_CAN_REPLAY = 1 << 0,
    CL_CAN_LOG_TO_SD = 1 << 1,
    CL_CAN_SEE_LEAD_OFF = 1 << 2,
    CL_HAS_BUTTON = 1 << 3,
    CL_CAN_MEASURE_IMPEDANCE = 1 << 4,
    CL_TIMED_BY_HARDWARE = 1 << 5
};

/* Events (W31). */
enum { CL_EVENT_BUTTON = 1, CL_EVENT_TAP = 2, CL_EVENT_MARK = 3, CL_EVENT_BOOT = 4, CL_EVENT_BROWN_OUT = 5 };

/* Results of a command (W36). */
enum { CL_OK = 0, CL_UNKNOWN = 1, CL_BAD_ARGUMENT = 2, CL_BUSY = 3, CL_REFUSED = 4 };

/* One stream of 16-bit numbers; physical value = number * scale + offset, in `unit`.
 *
 * rate_mhz     instants per 1000 s
 * delay_us     of the first instant after the moment that the port's `start` returned; may be
 *              negative. A multiple of 10 is exact on the wire
 * low, high    numbers at which the converter is at its end; equal if there is nothing to tell
 * per_message  a DATA message begins when this many instants wait
 */
typedef struct {
    uint8_t number;
    uint8_t kind;
    uint8_t unit;
    uint8_t adc_bits;
    uint32_t rate_mhz;
    float scale;
    float offset;
    uint16_t high_pass_chz;
    uint16_t low_pass_hz;
    const char *label;
    int32_t delay_us;
    int16_t low;
    int16_t high;
    uint8_t per_message;
    cl_ring *ring;
    /* The core's own. */
    uint16_t waiting;
    uint8_t taken;
} cl_stream;

/* What the core needs of the board.
 *
 * now_us  the device's clock in microseconds; it never falls back until the next boot
 * start   begin to push samples; returns the instant of index 0 by `now_us`. The rings are empty
 * stop    no more pushes once this has returned
 * room    the size of the longest message that `send` would take now; 0 where there is no link
 * send    give a message to the link; false if it would not take it
 */
typedef struct {
    uint64_t (*now_us)(void *context);
    uint64_t (*start)(void *context);
    void (*stop)(void *context);
    uint16_t (*room)(void *context);
    bool (*send)(void *context, const uint8_t *message, uint16_t size);
    void *context;
} cl_port;

/* State that STATUS tells (W30); the sketch keeps it true. */
typedef struct {
    uint16_t battery_mv;     /* 0 unknown */
    uint8_t battery_percent; /* 255 unknown */
    int8_t temperature_c;    /* -128 unknown */
    uint8_t lead_off_mask;
    int8_t rssi_dbm;             /* 0 unknown */
    uint8_t connection_interval; /* in 1.25 ms; 0 not applicable */
} cl_status;

typedef struct {
    /* Filled in by the sketch. */
    uint8_t uid[8];
    uint32_t boot_id; /* another at each boot */
    uint8_t firmware[3];
    uint8_t capabilities;
    const char *name; /* 15 bytes at most */
    cl_stream *streams;
    uint8_t stream_count;
    cl_port port;
    cl_status status;
    uint16_t flags;  /* those that last, e.g. CL_BATT_LOW; CLIP, LEAD_OFF and others are set here */
    uint8_t *memory; /* where a message is built */
    uint16_t memory_size;
    /* The core's own. */
    uint64_t start_us, info_us, status_us;
    uint32_t token;
    uint32_t dropped; /* messages that were built and never sent */
    uint32_t ignored; /* messages heard that are not for a device */
    uint16_t seq;
    bool streaming, fresh, overrun;
} cl_device;

/* Take the fields that the sketch filled in; where there is a link, say EVENT boot and INFO. */
void cl_boot(cl_device *device);

/* Act on a message that arrived; damaged ones are left alone. */
void cl_hear(cl_device *device, const uint8_t *message, uint16_t size);

/* Send what is due: samples, STATUS every 10 s, INFO every 60 s. */
void cl_poll(cl_device *device);

/* Send at once. */
void cl_send_info(cl_device *device);
void cl_send_status(cl_device *device);
void cl_send_event(cl_device *device, uint8_t code, uint8_t source, const uint8_t *data, uint8_t size);

/* Begin a message of this device in `device->memory`, and give it to the link. */
void cl_open(cl_device *device, cl_message *message, uint8_t type, uint64_t t_us);
bool cl_close(cl_device *device, cl_message *message);

#ifdef __cplusplus
}
#endif
#endif
