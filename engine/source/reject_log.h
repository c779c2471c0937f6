// SPDX-License-Identifier: Apache-2.0
/*
 * The bad rows, kept in bounded memory until all lines are numbered, and listed in file order.
 */
#ifndef EMP_SOURCE_REJECT_LOG_H
#define EMP_SOURCE_REJECT_LOG_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

/* Of a raw record, this many bytes are kept. */
enum { EMP_REJECT_RAW_MAX = 65536 };

struct emp_reject {
    uint64_t chunk;
    uint64_t line; /* counted from 0 at the beginning of the chunk */
    const char *reason;
    size_t reason_length;
    const char *raw;
    size_t raw_length;
};

struct emp_reject_log;

emp_status emp__reject_log_new(int threads, struct emp_reject_log **out, emp_error *error);
void emp__reject_log_free(struct emp_reject_log *log);

/* For how many threads it was made. */
int emp__reject_log_threads(const struct emp_reject_log *log);

/* Adds a reject; each thread its own, chunk by chunk in any order, lines of a chunk in order. The
   lines of a chunk may come from several threads. */
emp_status emp__reject_log_add(struct emp_reject_log *log, int thread,
                               const struct emp_reject *reject, emp_error *error);

/* Calls `visit` for every reject in order of chunk and line; no thread may add meanwhile. */
emp_status emp__reject_log_each(struct emp_reject_log *log,
                                emp_status (*visit)(void *user, const struct emp_reject *reject,
                                                    emp_error *error),
                                void *user, emp_error *error);

#endif
