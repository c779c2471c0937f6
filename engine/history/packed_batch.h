// SPDX-License-Identifier: Apache-2.0
/* Some rows of one partition on their way to it. */
#ifndef EMP_HISTORY_PACKED_BATCH_H
#define EMP_HISTORY_PACKED_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "source/row.h"

/* A row, as short as it can be: many wait in the caches of the processor. */
struct emp_packed_row {
    uint64_t customer; /* as in struct emp_row, as are the others */
    int64_t time;
    int64_t amount;
};

/* A shorter one, for rows that are only added up, if their amount fits. */
struct emp_short_row {
    uint64_t customer;
    int32_t day; /* of the time, since 1970-01-01 */
    int32_t amount;
};

enum { EMP_BATCH_ROWS = 64 };

/* Either all rows have the amount EMP_NO_AMOUNT, or none has. */
struct emp_packed_batch {
    size_t count; /* 1..EMP_BATCH_ROWS; of short rows without texts any number */
    const struct emp_packed_row *rows; /* NULL where they are short */
    const struct emp_short_row *short_rows;
    const uint64_t *token[EMP_TOKENS]; /* one for each row; NULL where it is not kept */
    const char *texts; /* for each row with a text id: a byte of length, and the id */
    size_t text_bytes;
};

/* Whom batches are handed to, one after the other. */
struct emp_batch_taker {
    void *user;
    emp_status (*take)(void *user, const struct emp_packed_batch *batch, emp_error *error);
};

#endif
