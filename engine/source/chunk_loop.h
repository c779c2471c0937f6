// SPDX-License-Identifier: Apache-2.0
/* Threads that take one chunk after the other, until there are no more. */
#ifndef EMP_SOURCE_CHUNK_LOOP_H
#define EMP_SOURCE_CHUNK_LOOP_H

#include "source/chunk_reader.h"

/* What is done with a chunk, by many threads at once, each with its own number in [0, threads). It
   says how many records and lines the chunk has. */
struct emp_chunk_taker {
    void *user;
    emp_status (*take)(void *user, int thread, const struct emp_chunk *chunk, uint64_t *rows,
                       uint64_t *lines, emp_error *error);
};

/* All chunks of a reader, and then the numbers of their lines, which are right after a failure,
   too, as far as chunks were taken. */
emp_status emp__chunks_take(struct emp_chunk_reader *reader, int threads,
                            const struct emp_chunk_taker *taker, emp_error *error);

/* The fastest kernels of this machine, or those that the environment variable EMPTOR_KERNELS names;
   EMP_ERR_USAGE if there are none of that name. */
emp_status emp__kernels_choose(const struct emp_text_kernels **out, emp_error *error);

#endif
