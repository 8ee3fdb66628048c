#include "cl_framing.h"

/* The longest run that one COBS code byte can announce. */
#define LONGEST_RUN 254u

uint16_t cl_crc16(uint16_t crc, const uint8_t *bytes, size_t size)
{
    while (size-- > 0) {
        uint8_t x = (uint8_t)((crc >> 8) ^ *bytes++);
        x ^= (uint8_t)(x >> 4);
        crc = (uint16_t)((uint16_t)(crc << 8) ^ (uint16_t)(x << 12) ^ (uint16_t)(x << 5) ^ x);
    }
    return crc;
}

void cl_frame_write(const uint8_t *message, size_t size, cl_put_byte put, void *context)
{
    size_t at = 0;
    for (;;) {
        size_t run = 0;
        while (run < LONGEST_RUN && at + run < size && message[at + run] != 0) {
            run++;
        }
        put(context, (uint8_t)(run + 1));
        for (size_t i = 0; i < run; i++) {
            put(context, message[at + i]);
        }
        at += run;
        if (at == size) {
            break;
        }
        if (run < LONGEST_RUN) {
            at++; /* the zero that the next code byte stands for */
        }
    }
    put(context, 0);
}

static void begin_frame(cl_reader *reader)
{
    reader->size = 0;
    reader->code = 0;
    reader->left = 0;
    reader->unusable = false;
}

void cl_reader_init(cl_reader *reader, uint8_t *memory, uint16_t capacity)
{
    reader->message = memory;
    reader->capacity = capacity;
    reader->broken = 0;
    begin_frame(reader);
}

static void append(cl_reader *reader, uint8_t byte)
{
    if (reader->size == reader->capacity) {
        reader->unusable = true;
        return;
    }
    reader->message[reader->size++] = byte;
}

static uint16_t end_frame(cl_reader *reader)
{
    uint16_t size = reader->size;
    if (reader->unusable || reader->left > 0) {
        reader->broken++;
        size = 0;
    }
    begin_frame(reader);
    return size;
}

uint16_t cl_reader_push(cl_reader *reader, uint8_t byte)
{
    if (byte == 0) {
        return end_frame(reader);
    }
    if (reader->left > 0) {
        reader->left--;
        append(reader, byte);
        return 0;
    }
    if (reader->code != 0 && reader->code != LONGEST_RUN + 1) {
        append(reader, 0);
    }
    reader->code = byte;
    reader->left = (uint8_t)(byte - 1);
    return 0;
}
