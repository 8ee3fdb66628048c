/* The driver on a PC: lines in, lines out. */
#include <stdio.h>
#include <string.h>

#include "driver.h"

static void print(const char *text)
{
    fputs(text, stdout);
}

int main(void)
{
    static char line[16384];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = 0;
        if (!driver_run(line, print)) {
            fprintf(stderr, "found '%s'; expected a line that driver.h names\n", line);
            return 2;
        }
    }
    return 0;
}
