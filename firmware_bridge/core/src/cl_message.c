#include "cl_message.h"

#include <string.h>

#include "cl_framing.h"

/* Where the flags stand. */
#define FLAGS_AT 10

void cl_put_bytes(cl_message *message, const void *bytes, uint16_t size)
{
    if (message->full || size > message->capacity - message->size) {
        message->full = true;
        return;
    }
    memcpy(message->bytes + message->size, bytes, size);
    message->size = (uint16_t)(message->size + size);
}

void cl_put_u8(cl_message *message, uint8_t value)
{
    cl_put_bytes(message, &value, 1);
}

void cl_put_u16(cl_message *message, uint16_t value)
{
    uint8_t bytes[2] = {(uint8_t)value, (uint8_t)(value >> 8)};
    cl_put_bytes(message, bytes, sizeof bytes);
}

void cl_put_u32(cl_message *message, uint32_t value)
{
    cl_put_u16(message, (uint16_t)value);
    cl_put_u16(message, (uint16_t)(value >> 16));
}

void cl_put_u48(cl_message *message, uint64_t value)
{
    cl_put_u32(message, (uint32_t)value);
    cl_put_u16(message, (uint16_t)(value >> 32));
}

void cl_put_f32(cl_message *message, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    cl_put_u32(message, bits);
}

void cl_begin(cl_message *message, uint8_t *memory, uint16_t capacity, uint8_t type, uint16_t seq,
              uint64_t t_us, uint16_t flags)
{
    message->bytes = memory;
    message->capacity = capacity < CL_LONGEST ? capacity : CL_LONGEST;
    message->size = 0;
    message->full = false;
    cl_put_u8(message, CL_MAGIC);
    cl_put_u8(message, type);
    cl_put_u16(message, seq);
    cl_put_u48(message, t_us);
    cl_put_u16(message, flags);
}

void cl_add_flags(cl_message *message, uint16_t flags)
{
    if (message->size >= CL_HEADER_BYTES) {
        message->bytes[FLAGS_AT] |= (uint8_t)flags;
        message->bytes[FLAGS_AT + 1] |= (uint8_t)(flags >> 8);
    }
}

uint16_t cl_end(cl_message *message)
{
    cl_put_u16(message, cl_crc16(CL_CRC_START, message->bytes, message->size));
    return message->full ? 0 : message->size;
}

bool cl_check(const uint8_t *bytes, uint16_t size, cl_header *out)
{
    if (size < CL_SHORTEST || size > CL_LONGEST || bytes[0] != CL_MAGIC) {
        return false;
    }
    uint16_t text = (uint16_t)(size - CL_CRC_BYTES);
    uint16_t told = (uint16_t)(bytes[text] | (uint16_t)(bytes[text + 1] << 8));
    if (cl_crc16(CL_CRC_START, bytes, text) != told) {
        return false;
    }
    out->type = bytes[1];
    out->seq = (uint16_t)(bytes[2] | (uint16_t)(bytes[3] << 8));
    out->body = bytes + CL_HEADER_BYTES;
    out->body_size = (uint16_t)(text - CL_HEADER_BYTES);
    return true;
}
