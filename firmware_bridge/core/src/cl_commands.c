/* What the host says, and the answers (W32 to W40). */
#include <string.h>

#include "cl_device.h"

#define FROM_HOST 0x80
#define TOKEN_BYTES 4
#define PING_BYTES 8
#define MARK_BYTES 1
#define REPLAY_BYTES 7

static void acknowledge(cl_device *device, const cl_header *heard, uint8_t result)
{
    cl_message message;
    cl_open(device, &message, CL_ACK, device->port.now_us(device->port.context));
    cl_put_u8(&message, heard->type);
    cl_put_u16(&message, heard->seq);
    cl_put_u8(&message, result);
    cl_close(device, &message);
}

/* A START with the token of the stream that runs is a repetition: the stream runs on (W33). */
static void start(cl_device *device, const cl_header *heard)
{
    if (heard->body_size != TOKEN_BYTES) {
        acknowledge(device, heard, CL_BAD_ARGUMENT);
        return;
    }
    const uint8_t *body = heard->body;
    uint32_t token = (uint32_t)body[0] | (uint32_t)body[1] << 8 | (uint32_t)body[2] << 16 |
                     (uint32_t)body[3] << 24;
    if (!device->streaming || token != device->token) {
        device->port.stop(device->port.context);
        for (uint8_t i = 0; i < device->stream_count; i++) {
            cl_ring_clear(device->streams[i].ring);
        }
        device->token = token;
        device->start_us = device->port.start(device->port.context);
        device->streaming = true;
    }
    acknowledge(device, heard, CL_OK);
    cl_send_info(device);
}

static void stop(cl_device *device, const cl_header *heard)
{
    device->port.stop(device->port.context);
    device->streaming = false;
    acknowledge(device, heard, CL_OK);
}

static void ping(cl_device *device, const cl_header *heard)
{
    uint64_t heard_us = device->port.now_us(device->port.context);
    if (heard->body_size != PING_BYTES) {
        acknowledge(device, heard, CL_BAD_ARGUMENT);
        return;
    }
    cl_message message;
    uint8_t token[PING_BYTES]; /* the body may lie where the answer is built */
    memcpy(token, heard->body, sizeof token);
    uint64_t sent_us = device->port.now_us(device->port.context);
    cl_open(device, &message, CL_SYNC, sent_us);
    cl_put_bytes(&message, token, sizeof token);
    cl_put_u48(&message, heard_us);
    cl_put_u48(&message, sent_us);
    cl_close(device, &message);
}

static void mark(cl_device *device, const cl_header *heard)
{
    if (heard->body_size != MARK_BYTES) {
        acknowledge(device, heard, CL_BAD_ARGUMENT);
        return;
    }
    uint8_t code = heard->body[0];
    acknowledge(device, heard, CL_OK);
    cl_send_event(device, CL_EVENT_MARK, 0, &code, sizeof code);
}

/* Nothing can be set here: a list that is whole is refused, unless it asks for nothing (W37). */
static uint8_t result_of_config(const cl_header *heard)
{
    uint16_t at = 0;
    while (at < heard->body_size) {
        if (heard->body_size - at < 2) {
            return CL_BAD_ARGUMENT;
        }
        at = (uint16_t)(at + 2 + heard->body[at + 1]);
    }
    if (at > heard->body_size) {
        return CL_BAD_ARGUMENT;
    }
    return at == 0 ? CL_OK : CL_REFUSED;
}

static uint8_t result_of_others(const cl_header *heard)
{
    switch (heard->type) {
    case CL_CONFIG:
        return result_of_config(heard);
    case CL_REPLAY:
        return heard->body_size == REPLAY_BYTES ? CL_REFUSED : CL_BAD_ARGUMENT;
    case CL_IMPEDANCE:
        return heard->body_size == 1 ? CL_REFUSED : CL_BAD_ARGUMENT;
    case CL_POWER_OFF:
        return CL_REFUSED;
    default:
        return CL_UNKNOWN;
    }
}

void cl_hear(cl_device *device, const uint8_t *message, uint16_t size)
{
    cl_header heard;
    if (!cl_check(message, size, &heard) || !(heard.type & FROM_HOST)) {
        device->ignored++;
        return;
    }
    switch (heard.type) {
    case CL_HELLO:
        cl_send_info(device);
        break;
    case CL_START:
        start(device, &heard);
        break;
    case CL_STOP:
        stop(device, &heard);
        break;
    case CL_PING:
        ping(device, &heard);
        break;
    case CL_MARK:
        mark(device, &heard);
        break;
    default:
        acknowledge(device, &heard, result_of_others(&heard));
    }
}
