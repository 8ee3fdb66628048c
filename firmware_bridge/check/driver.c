#include "driver.h"

#include <stdint.h>
#include <string.h>

#include "cramplink.h"
#include "test_device.h"
#include "words.h"

static void run_crc(void)
{
    uint16_t crc = cl_crc16(CL_CRC_START, bytes, hex());
    uint8_t big_endian[2] = {(uint8_t)(crc >> 8), (uint8_t)crc};
    say_bytes(big_endian, sizeof big_endian);
}

static void run_frame(void)
{
    uint16_t size = hex();
    cl_frame_write(bytes, size, say_byte, NULL);
    say("\n");
}

static void run_read(void)
{
    static uint8_t memory[CL_LONGEST];
    cl_reader reader;
    uint16_t size = hex();
    cl_reader_init(&reader, memory, sizeof memory);
    for (uint16_t i = 0; i < size; i++) {
        uint16_t found = cl_reader_push(&reader, bytes[i]);
        if (found > 0) {
            say_bytes(reader.message, found);
        }
    }
    say_number("broken ", reader.broken);
    say("\n");
}

static void run_build(void)
{
    static uint8_t memory[CL_LONGEST];
    cl_message message;
    uint8_t type = (uint8_t)number();
    uint16_t seq = (uint16_t)number();
    uint64_t t_us = (uint64_t)number();
    uint16_t flags = (uint16_t)number();
    uint16_t size = hex();
    cl_begin(&message, memory, sizeof memory, type, seq, t_us, flags);
    cl_put_bytes(&message, bytes, size);
    say_bytes(memory, cl_end(&message));
}

static void run_check(void)
{
    cl_header header;
    if (!cl_check(bytes, hex(), &header)) {
        say("no message\n");
        return;
    }
    say_number("type ", header.type);
    say_number(" seq ", header.seq);
    say_number(" body ", header.body_size);
    say("\n");
}

static void run_status(void)
{
    cl_status *status = &test_device.status;
    status->battery_mv = (uint16_t)number();
    status->battery_percent = (uint8_t)number();
    status->temperature_c = (int8_t)number();
    status->lead_off_mask = (uint8_t)number();
    status->rssi_dbm = (int8_t)number();
    status->connection_interval = (uint8_t)number();
}

static void run_event(void)
{
    uint8_t code = (uint8_t)number();
    uint8_t source = (uint8_t)number();
    uint8_t size = (uint8_t)hex();
    cl_send_event(&test_device, code, source, bytes, size);
}

static void run_sample(void)
{
    int16_t values[3];
    uint8_t stream = (uint8_t)number();
    for (uint8_t i = 0; i < 3; i++) {
        values[i] = (int16_t)number();
    }
    test_device_sample(stream, values);
}

static void run_hear(void)
{
    uint16_t size = hex();
    cl_hear(&test_device, bytes, size);
}

static void run_boot(void) { test_device_boot(say_bytes); }
static void run_now(void) { test_device_now = (uint64_t)number(); }
static void run_room(void) { test_device_room = (uint16_t)number(); }
static void run_refuse(void) { test_device_refusals = (uint16_t)number(); }
static void run_flags(void) { test_device.flags = (uint16_t)number(); }
static void run_poll(void) { cl_poll(&test_device); }

static void run_ignored(void)
{
    say_number("ignored ", test_device.ignored);
    say("\n");
}

static const struct {
    const char *word;
    void (*run)(void);
} COMMANDS[] = {
    {"crc", run_crc},       {"frame", run_frame},   {"read", run_read},     {"build", run_build},
    {"check", run_check},   {"status", run_status}, {"event", run_event},   {"sample", run_sample},
    {"hear", run_hear},     {"boot", run_boot},     {"now", run_now},       {"room", run_room},
    {"refuse", run_refuse}, {"flags", run_flags},   {"poll", run_poll},     {"ignored", run_ignored},
};

bool driver_run(const char *line, void (*print)(const char *text))
{
    say = print;
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        size_t length = strlen(COMMANDS[i].word);
        if (strncmp(line, COMMANDS[i].word, length) == 0 && (line[length] == ' ' || !line[length])) {
            read_words(line + length);
            COMMANDS[i].run();
            return true;
        }
    }
    return false;
}
