// SPDX-License-Identifier: Apache-2.0
/* What the jobs that work on arrays of doubles share: the clock, arguments, memory, files. */
#ifndef EMP_PEERS_JOB_H
#define EMP_PEERS_JOB_H

#include <stddef.h>

/* Seconds of a clock that only goes forward. */
double job_now(void);

/* The decimal number of an argument; 0 if it is none. */
size_t job_number(const char *word);

/* Memory in huge pages, all of it touched, for free(); NULL if there is not enough. */
void *job_memory(size_t bytes);

/* All doubles of a file, for free(), and how many there are; NULL if they cannot be read. */
double *job_read(const char *path, size_t *count);

/* The most memory that was resident so far, in KiB. */
long job_peak_kib(void);

#endif
