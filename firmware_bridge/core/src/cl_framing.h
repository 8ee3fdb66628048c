/* Framing: CRC-16 (W12), COBS (W20). */
#ifndef CL_FRAMING_H
#define CL_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a CRC starts with. */
#define CL_CRC_START 0xFFFFu

/* CRC-16/CCITT-FALSE of `size` bytes, continued from `crc`. */
uint16_t cl_crc16(uint16_t crc, const uint8_t *bytes, size_t size);

/* Takes one byte of a frame. */
typedef void (*cl_put_byte)(void *context, uint8_t byte);

/* Write a message to a byte stream: COBS, then the zero that ends the frame. Needs no buffer. */
void cl_frame_write(const uint8_t *message, size_t size, cl_put_byte put, void *context);

/* Reads frames from a byte stream, a byte at a time, into memory of the caller.
 *
 * message, capacity  where a message is put together; set by the caller
 * size               bytes of it so far
 * broken             frames that were no COBS or longer than `capacity`; they count, nothing more
 */
typedef struct {
    uint8_t *message;
    uint16_t capacity;
    uint16_t size;
    uint32_t broken;
    uint8_t code; /* of the present COBS group; 0 before the first */
    uint8_t left; /* bytes that this group still has */
    bool unusable;
} cl_reader;

void cl_reader_init(cl_reader *reader, uint8_t *memory, uint16_t capacity);

/* Take a byte. Returns the size of the message that it completes (in `reader->message`, until the
 * next call), otherwise 0. The CRC is not looked at: see cl_check. */
uint16_t cl_reader_push(cl_reader *reader, uint8_t byte);

#ifdef __cplusplus
}
#endif
#endif
