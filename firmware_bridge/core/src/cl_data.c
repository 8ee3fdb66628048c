#include "cl_data.h"

#include <stddef.h>

/* A block's head (W14), and the unit of its t_off. */
#define BLOCK_HEAD_BYTES 10
#define OFFSET_STEP_US 10
#define FARTHEST_STEPS 32767

/* Flags of a block (W16). */
enum { LEAD_OFF = 1 << 0, CLIPPED = 1 << 1, GAP_BEFORE = 1 << 3 };

uint8_t cl_format(const cl_stream *stream)
{
    return (uint8_t)(stream->ring->channels << 4);
}

/* The instant of a sample by the device's clock. */
static int64_t instant_us(const cl_device *device, const cl_stream *stream, uint32_t index)
{
    uint64_t since = (uint64_t)index * 1000000000u / stream->rate_mhz;
    return (int64_t)(device->start_us + since) + stream->delay_us;
}

/* How many instants of the stream fit into what is left of the message. */
static uint16_t that_fit(const cl_message *message, uint16_t limit, const cl_stream *stream)
{
    uint16_t used = (uint16_t)(message->size + BLOCK_HEAD_BYTES + CL_CRC_BYTES);
    uint16_t each = (uint16_t)(2 * stream->ring->channels);
    return (uint16_t)(used < limit ? (limit - used) / each : 0);
}

static bool at_its_end(const cl_stream *stream, int16_t value)
{
    return stream->low != stream->high && (value <= stream->low || value >= stream->high);
}

/* Append a block; false (and the message as it was) if the interrupt overwrote it meanwhile. */
static bool put_block(const cl_device *device, cl_message *message, const cl_stream *stream,
                      uint8_t count, int16_t offset)
{
    const cl_ring *ring = stream->ring;
    uint16_t before = message->size;
    uint16_t flags_at = (uint16_t)(before + 3);
    uint8_t flags = ring->gap ? GAP_BEFORE : 0;
    if (stream->kind == CL_KIND_EMG && device->status.lead_off_mask != 0) {
        flags |= LEAD_OFF;
    }
    cl_put_u8(message, stream->number);
    cl_put_u8(message, cl_format(stream));
    cl_put_u8(message, count);
    cl_put_u8(message, 0);
    cl_put_u16(message, (uint16_t)offset);
    cl_put_u32(message, ring->tail);
    for (uint8_t i = 0; i < count; i++) {
        for (uint8_t channel = 0; channel < ring->channels; channel++) {
            int16_t value = cl_ring_value(ring, ring->tail + i, channel);
            flags |= at_its_end(stream, value) ? CLIPPED : 0;
            cl_put_u16(message, (uint16_t)value);
        }
    }
    if (message->full || !cl_ring_intact(ring)) {
        message->size = before;
        return false;
    }
    message->bytes[flags_at] = flags;
    cl_add_flags(message, flags & CLIPPED ? CL_CLIP : 0);
    return true;
}

/* Note how much waits of each stream. Returns the first of which it is enough; NULL for none. */
static cl_stream *leading(cl_device *device)
{
    cl_stream *first = NULL;
    for (uint8_t i = device->stream_count; i-- > 0;) {
        cl_stream *stream = &device->streams[i];
        stream->waiting = cl_ring_ready(stream->ring);
        stream->taken = 0;
        if (stream->waiting > 0 && stream->waiting >= stream->per_message) {
            first = stream;
        }
    }
    return first;
}

/* Append what waits of one stream, as much as fits. */
static void put_stream(const cl_device *device, cl_message *message, uint16_t limit,
                       cl_stream *stream, int64_t t_us)
{
    uint16_t count = that_fit(message, limit, stream);
    int64_t steps = (instant_us(device, stream, stream->ring->tail) - t_us) / OFFSET_STEP_US;
    count = count < stream->waiting ? count : stream->waiting;
    count = count < UINT8_MAX ? count : UINT8_MAX;
    if (count == 0 || steps > FARTHEST_STEPS || steps < -FARTHEST_STEPS) {
        return;
    }
    if (put_block(device, message, stream, (uint8_t)count, (int16_t)steps)) {
        stream->taken = (uint8_t)count;
    }
}

/* The longest message that both the memory and the link take now. */
static uint16_t limit_of(const cl_device *device)
{
    uint16_t room = device->port.room(device->port.context);
    uint16_t limit = device->memory_size < CL_LONGEST ? device->memory_size : CL_LONGEST;
    return room < limit ? room : limit;
}

bool cl_send_data(cl_device *device)
{
    cl_message message;
    cl_stream *first = leading(device);
    uint16_t limit = limit_of(device);
    if (first == NULL || limit == 0) {
        return false;
    }
    int64_t t_us = instant_us(device, first, first->ring->tail);
    uint32_t dropped = device->dropped;
    bool overrun = device->overrun;
    cl_open(device, &message, CL_DATA, (uint64_t)t_us);
    if (first->waiting > first->per_message) {
        first->waiting = first->per_message;
    }
    put_stream(device, &message, limit, first, t_us);
    for (uint8_t i = 0; i < device->stream_count && first->taken > 0; i++) {
        if (&device->streams[i] != first) {
            put_stream(device, &message, limit, &device->streams[i], t_us);
        }
    }
    if (first->taken == 0 || !cl_close(device, &message)) {
        device->seq--; /* nothing is lost: the samples stay, and so the number is not used up */
        device->dropped = dropped;
        device->overrun = overrun;
        return false;
    }
    for (uint8_t i = 0; i < device->stream_count; i++) {
        if (device->streams[i].taken > 0) {
            cl_ring_drop(device->streams[i].ring, device->streams[i].taken);
        }
    }
    return true;
}
