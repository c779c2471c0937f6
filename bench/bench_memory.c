// SPDX-License-Identifier: Apache-2.0
#include "bench_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/machine.h"

void bench_memory_reset(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "we");
    if (!file)
        return;
    fputs("5", file);
    fclose(file);
}

/* The status file follows the reset; what getrusage says does not. */
uint64_t bench_memory_peak(void)
{
    static const char key[] = "VmHWM:";
    const uint64_t kibibyte = 1024;
    char line[256];
    uint64_t peak = 0;
    FILE *file = fopen("/proc/self/status", "re");
    while (file && peak == 0 && fgets(line, sizeof line, file))
        if (strncmp(line, key, sizeof key - 1) == 0)
            peak = strtoull(line + sizeof key - 1, NULL, 10) * kibibyte;
    if (file)
        fclose(file);
    return peak > 0 ? peak : emp__peak_memory();
}
