// SPDX-License-Identifier: Apache-2.0
#include "job.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

double job_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

size_t job_number(const char *word)
{
    enum { DECIMAL = 10 };
    return (size_t)strtoull(word, NULL, DECIMAL);
}

void *job_memory(size_t bytes)
{
    const size_t huge = (size_t)2 << 20;
    size_t rounded = (bytes / huge + 1) * huge;
    void *memory = aligned_alloc(huge, rounded);
    if (!memory)
        return NULL;
    (void)madvise(memory, rounded, MADV_HUGEPAGE);
    return memset(memory, 0, rounded);
}

double *job_read(const char *path, size_t *count)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    double *x = NULL;
    if (fstat(fileno(file), &about) == 0) {
        *count = (size_t)about.st_size / sizeof *x;
        x = job_memory(*count * sizeof *x);
    }
    bool complete = x && fread(x, sizeof *x, *count, file) == *count;
    fclose(file);
    if (complete)
        return x;
    free(x);
    return NULL;
}

long job_peak_kib(void)
{
    struct rusage use = {0};
    getrusage(RUSAGE_SELF, &use);
    return use.ru_maxrss;
}
