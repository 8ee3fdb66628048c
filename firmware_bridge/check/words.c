#include "words.h"

#include <stdbool.h>
#include <stddef.h>

void (*say)(const char *text);
uint8_t bytes[LONGEST_BYTES];

static const char *rest; /* of the line */

void read_words(const char *line)
{
    rest = line;
}

static void skip_spaces(void)
{
    while (*rest == ' ') {
        rest++;
    }
}

int64_t number(void)
{
    skip_spaces();
    bool negative = *rest == '-';
    int64_t value = 0;
    for (rest += negative; *rest >= '0' && *rest <= '9'; rest++) {
        value = 10 * value + (*rest - '0');
    }
    return negative ? -value : value;
}

static uint8_t digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

uint16_t hex(void)
{
    uint16_t size = 0;
    skip_spaces();
    while (size < LONGEST_BYTES && rest[0] > '-' && rest[0] != ' ' && rest[1] != 0) {
        bytes[size++] = (uint8_t)(digit(rest[0]) << 4 | digit(rest[1]));
        rest += 2;
    }
    return size;
}

void say_byte(void *context, uint8_t byte)
{
    (void)context;
    static const char digits[] = "0123456789abcdef";
    char text[3] = {digits[byte >> 4], digits[byte & 15], 0};
    say(text);
}

void say_bytes(const uint8_t *from, uint16_t size)
{
    for (uint16_t i = 0; i < size; i++) {
        say_byte(NULL, from[i]);
    }
    say("\n");
}

void say_number(const char *word, uint32_t value)
{
    char text[12];
    char *at = text + sizeof text - 1;
    *at = 0;
    do {
        *--at = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    say(word);
    say(at);
}
