// SPDX-License-Identifier: Apache-2.0
/* The most memory that this process has had resident. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <stdint.h>

/* Forgets the peak so far, where the system lets a process do so. */
void bench_memory_reset(void);

/* The peak since then in bytes, or of the process's whole life. */
uint64_t bench_memory_peak(void);

#endif
