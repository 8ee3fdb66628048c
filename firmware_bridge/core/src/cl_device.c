/* What a device says of itself, and when. */
#include "cl_device.h"

#include <string.h>

#include "cl_data.h"

/* W27, W30. */
#define INFO_EVERY_US 60000000u
#define STATUS_EVERY_US 10000000u
/* Minor version of the wire; nothing is kept for a replay. */
#define MINOR 0
#define REPLAY_SECONDS 0
#define LONGEST_NAME 15

void cl_open(cl_device *device, cl_message *message, uint8_t type, uint64_t t_us)
{
    uint16_t flags = device->flags;
    flags |= device->fresh ? CL_TIME_RESET : 0;
    flags |= device->overrun ? CL_TX_OVERRUN : 0;
    flags |= device->status.lead_off_mask ? CL_LEAD_OFF : 0;
    cl_begin(message, device->memory, device->memory_size, type, device->seq++, t_us, flags);
}

bool cl_close(cl_device *device, cl_message *message)
{
    uint16_t size = cl_end(message);
    if (size == 0 || !device->port.send(device->port.context, message->bytes, size)) {
        device->dropped++;
        device->overrun = true;
        return false;
    }
    device->fresh = false;
    device->overrun = false;
    return true;
}

static uint64_t now(const cl_device *device)
{
    return device->port.now_us(device->port.context);
}

static uint8_t length_of(const char *text, uint8_t most)
{
    size_t length = strlen(text);
    return length < most ? (uint8_t)length : most;
}

static void put_stream(cl_message *message, const cl_stream *stream)
{
    uint8_t label = length_of(stream->label, UINT8_MAX);
    cl_put_u8(message, stream->number);
    cl_put_u8(message, stream->kind);
    cl_put_u8(message, cl_format(stream));
    cl_put_u8(message, stream->unit);
    cl_put_u32(message, stream->rate_mhz);
    cl_put_f32(message, stream->scale);
    cl_put_f32(message, stream->offset);
    cl_put_u16(message, stream->high_pass_chz);
    cl_put_u16(message, stream->low_pass_hz);
    cl_put_u8(message, stream->adc_bits);
    cl_put_u8(message, label);
    cl_put_bytes(message, stream->label, label);
}

void cl_send_info(cl_device *device)
{
    cl_message message;
    uint8_t name = length_of(device->name, LONGEST_NAME);
    device->info_us = now(device);
    cl_open(device, &message, CL_INFO, device->info_us);
    cl_put_u8(&message, MINOR);
    cl_put_u8(&message, device->capabilities);
    cl_put_bytes(&message, device->uid, sizeof device->uid);
    cl_put_u32(&message, device->boot_id);
    cl_put_bytes(&message, device->firmware, sizeof device->firmware);
    cl_put_u8(&message, device->stream_count);
    cl_put_u16(&message, message.capacity);
    cl_put_u16(&message, REPLAY_SECONDS);
    cl_put_u8(&message, name);
    cl_put_bytes(&message, device->name, name);
    for (uint8_t i = 0; i < device->stream_count; i++) {
        put_stream(&message, &device->streams[i]);
    }
    cl_close(device, &message);
}

void cl_send_status(cl_device *device)
{
    cl_message message;
    const cl_status *status = &device->status;
    uint32_t lost = 0;
    for (uint8_t i = 0; i < device->stream_count; i++) {
        lost += device->streams[i].ring->lost;
    }
    device->status_us = now(device);
    cl_open(device, &message, CL_STATUS, device->status_us);
    cl_put_u16(&message, status->battery_mv);
    cl_put_u8(&message, status->battery_percent);
    cl_put_u8(&message, (uint8_t)status->temperature_c);
    cl_put_u32(&message, (uint32_t)(device->status_us / 1000000u));
    cl_put_u32(&message, device->dropped);
    cl_put_u32(&message, lost);
    cl_put_u8(&message, status->lead_off_mask);
    cl_put_u8(&message, (uint8_t)status->rssi_dbm);
    cl_put_u8(&message, status->connection_interval);
    cl_put_u8(&message, 0);
    cl_close(device, &message);
}

void cl_send_event(cl_device *device, uint8_t code, uint8_t source, const uint8_t *data, uint8_t size)
{
    cl_message message;
    cl_open(device, &message, CL_EVENT, now(device));
    cl_put_u8(&message, code);
    cl_put_u8(&message, source);
    cl_put_bytes(&message, data, size);
    cl_close(device, &message);
}

void cl_boot(cl_device *device)
{
    device->start_us = 0;
    device->status_us = now(device);
    device->token = device->dropped = device->ignored = 0;
    device->seq = (uint16_t)device->boot_id; /* W5 */
    device->streaming = device->overrun = false;
    device->fresh = true;
    device->info_us = device->status_us;
    if (device->port.room(device->port.context) > 0) {
        cl_send_event(device, CL_EVENT_BOOT, 0, device->uid, 0);
        cl_send_info(device);
    }
}

void cl_poll(cl_device *device)
{
    if (device->streaming) {
        while (cl_send_data(device)) {
        }
    }
    if (device->port.room(device->port.context) == 0) {
        return;
    }
    uint64_t at = now(device);
    if (at - device->status_us >= STATUS_EVERY_US) {
        cl_send_status(device);
    }
    if (at - device->info_us >= INFO_EVERY_US) {
        cl_send_info(device);
    }
}
