// SPDX-License-Identifier: Apache-2.0
/* What the machine offers to this process. */
#ifndef EMP_BASE_MACHINE_H
#define EMP_BASE_MACHINE_H

#include <stdint.h>

/* Bytes of memory: those of the machine, or fewer if the process's control group has a limit. */
uint64_t emp__machine_memory(void);

/* The most memory that this process has had resident so far, and its processor time. */
uint64_t emp__peak_memory(void);
double emp__processor_seconds(void);

/* Seconds on a clock that only goes forward: for durations, never for dates. */
double emp__clock_seconds(void);

#endif
