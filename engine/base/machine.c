// SPDX-License-Identifier: Apache-2.0
#include "base/machine.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };

/* The number in a small file such as memory.max; UINT64_MAX if it says "max" or is not there. */
static uint64_t read_limit(const char *path)
{
    char text[32] = "";
    FILE *file = fopen(path, "re");
    if (!file)
        return UINT64_MAX;
    bool read = fgets(text, sizeof text, file) != NULL;
    fclose(file);
    char *end;
    uint64_t limit = strtoull(text, &end, 10);
    return read && end != text ? limit : UINT64_MAX;
}

/* The folder of this process's control group (version 2) below the mount; "" if there is none. */
static void control_group(char out[PATH_BYTES])
{
    char line[PATH_BYTES];
    out[0] = '\0';
    FILE *file = fopen("/proc/self/cgroup", "re");
    if (!file)
        return;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, "0::/", 4) == 0)
            snprintf(out, PATH_BYTES, "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
    fclose(file);
}

/* The lowest limit on the way from the process's own group up to the root. */
static uint64_t group_limit(void)
{
    char group[PATH_BYTES], path[PATH_BYTES + 64];
    uint64_t lowest = UINT64_MAX;
    control_group(group);
    for (;;) {
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/memory.max", group);
        uint64_t limit = read_limit(path);
        if (limit < lowest)
            lowest = limit;
        char *slash = strrchr(group, '/');
        if (!slash)
            return lowest;
        *slash = '\0';
    }
}

uint64_t emp__machine_memory(void)
{
    uint64_t machine = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t group = group_limit();
    return group < machine ? group : machine;
}

uint64_t emp__peak_memory(void)
{
    enum { BYTES_PER_UNIT = 1024 };
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss * BYTES_PER_UNIT : 0;
}

double emp__processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double emp__clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
