/* The driver on a Cortex-M4F in qemu: lines from the file script.txt, by semihosting. */
#include <stdint.h>
#include <string.h>

#include "driver.h"

/* Calls of Arm's semihosting, and the reason that means a clean end. */
enum { SYS_OPEN = 0x01, SYS_WRITE0 = 0x04, SYS_READ = 0x06, SYS_EXIT_EXTENDED = 0x20 };
#define EXITED 0x20026u
#define OPEN_READ 0u

/* Coprocessor Access Control Register: the FPU sleeps after a reset. */
#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define FPU_ON (0xFu << 20)

extern uint32_t stack_end;
void reset(void);

__attribute__((section(".vectors"), used)) static const struct {
    const uint32_t *stack;
    void (*reset)(void);
} VECTORS = {&stack_end, reset};

static uint32_t semihosting(uint32_t call, const void *arguments)
{
    register uint32_t r0 __asm__("r0") = call;
    register const void *r1 __asm__("r1") = arguments;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

static void print(const char *text)
{
    semihosting(SYS_WRITE0, text);
}

static void leave(uint32_t code)
{
    const uint32_t arguments[2] = {EXITED, code};
    semihosting(SYS_EXIT_EXTENDED, arguments);
    for (;;) {
    }
}

/* Copy the next line; false at the end of the file. */
static bool next_line(uint32_t file, char *line, size_t most)
{
    static char buffer[512];
    static size_t at, size;
    for (size_t length = 0; length < most;) {
        if (at == size) {
            const uint32_t arguments[3] = {file, (uint32_t)buffer, sizeof buffer};
            at = 0;
            size = sizeof buffer - semihosting(SYS_READ, arguments);
            if (size == 0) {
                return false;
            }
        }
        char c = buffer[at++];
        line[length++] = c == '\n' ? 0 : c;
        if (c == '\n') {
            return true;
        }
    }
    return false;
}

void reset(void)
{
    static char line[16384];
    static const char name[] = "script.txt";
    CPACR |= FPU_ON;
    __asm__ volatile("dsb\n isb");
    const uint32_t arguments[3] = {(uint32_t)name, OPEN_READ, sizeof name - 1};
    uint32_t file = semihosting(SYS_OPEN, arguments);
    if (file == UINT32_MAX) {
        print("found no script.txt; expected it in the working directory\n");
        leave(3);
    }
    while (next_line(file, line, sizeof line)) {
        if (!driver_run(line, print)) {
            print("found a line that driver.h does not name\n");
            leave(2);
        }
    }
    leave(0);
}
