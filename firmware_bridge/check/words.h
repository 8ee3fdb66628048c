/* Lines of text for the driver, without a C library: numbers and hex, in and out. */
#ifndef WORDS_H
#define WORDS_H

#include <stdint.h>

#define LONGEST_BYTES 8192

/* Takes text that is to be said; set by the driver. */
extern void (*say)(const char *text);

/* What `hex` read last. */
extern uint8_t bytes[LONGEST_BYTES];

/* Go on with these words. */
void read_words(const char *line);

/* The next word as a decimal number. */
int64_t number(void);

/* The next word as bytes, into `bytes`; how many. "-" is none. */
uint16_t hex(void);

/* Say a byte; bytes and a line end; a word and a number. */
void say_byte(void *context, uint8_t byte);
void say_bytes(const uint8_t *from, uint16_t size);
void say_number(const char *word, uint32_t value);

#endif
