// SPDX-License-Identifier: Apache-2.0
/*
 * What a caller decides about how the work is done: none of it may change a single byte of what is
 * computed. (What is computed is decided by the parameters alone, see params.h.)
 */
#ifndef EMPTOR_OPTIONS_H
#define EMPTOR_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include <emptor/visibility.h>

/* How far the reading of the input has come. `bytes_total` is 0 where it is not known (a pipe). */
typedef struct emp_progress {
    uint64_t rows;
    uint64_t bytes;
    uint64_t bytes_total;
} emp_progress;

typedef enum emp_log_level {
    EMP_LOG_WARNING, /* the result stands, but its reader should know this */
    EMP_LOG_INFO,    /* what is being done; for --verbose */
} emp_log_level;

/*
 * The callbacks may each be NULL. `progress` and `cancelled` are called from any thread, but never
 * from two at once, about once per mebibyte read; `log` is called from the calling thread only.
 * Once `cancelled` returns true the running call ends with EMP_ERR_CANCELLED and leaves nothing.
 */
typedef struct emp_options {
    int threads;     /* 1..1024; 0: as many as the machine offers to this process */
    uint64_t memory; /* bytes that the history may take; 0: 80 % of what the machine has */
    bool (*cancelled)(void *user);
    void (*progress)(void *user, const emp_progress *progress);
    void (*log)(void *user, emp_log_level level, const char *message);
    void *user; /* handed to the callbacks */
} emp_options;

/* One thread for each processor, no callbacks. */
EMP_API void emp_options_defaults(emp_options *out);

#endif
