// SPDX-License-Identifier: Apache-2.0
/*
 * One partition while rows arrive: its customers, and their rows or the sums of them.
 *
 * A customer's home is a partition, found by a hash of the id. Inside it customers are numbered in
 * order of arrival; emp__history_finish() puts them in order of id.
 */
#ifndef EMP_HISTORY_PARTITION_H
#define EMP_HISTORY_PARTITION_H

#include <stdatomic.h>

#include "base/buffer.h"
#include "history/summary.h"
#include "number/ratio.h"
#include "source/row.h"

/* What is kept of the rows. */
enum emp_keep {
    EMP_KEEP_SUMMARIES, /* one struct emp_summary for each customer */
    EMP_KEEP_EVENTS,    /* every row */
};

/* The bytes that all partitions together hold, and may hold. */
struct emp_memory_budget {
    uint64_t limit;
    _Atomic uint64_t used;
};

struct emp_partition {
    enum emp_keep keep;
    bool keep_orders;
    struct emp_memory_budget *budget;
    /* Customers: an open-addressing table of number + 1, and what belongs to each number. */
    uint32_t *slots;
    size_t slot_count; /* a power of two, or 0 */
    uint64_t *key;     /* as in struct emp_row */
    uint32_t *text;    /* offset of a text id in `bytes`: its length, then itself */
    struct emp_summary *summary;
    size_t customers, customer_capacity;
    struct emp_buffer bytes;
    /* Rows, if they are kept. */
    uint32_t *customer;
    int64_t *time;
    int64_t *amount;
    uint64_t *order;
    size_t row_capacity;
    uint64_t rows;               /* taken, whether kept or not */
    emp_int128 money;            /* the sum of their amounts */
    int32_t first_day, last_day; /* of all rows taken, returns included; or EMP_NO_DAY */
};

/* A row on its way to its partition; the bytes of a text id travel beside it. */
struct emp_packed_row {
    uint64_t customer;
    int64_t time;
    int64_t amount;
    uint64_t order;
};

/*
 * Spreads the bits of a customer's word: the upper bits choose the partition, the lower ones the
 * slot in it. The finaliser of MurmurHash3 (Appleby, public domain).
 */
static inline uint64_t emp__partition_hash(uint64_t word)
{
    word = (word ^ (word >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    word = (word ^ (word >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return word ^ (word >> 33);
}

/*
 * Takes `count` rows. `texts` holds, for each row with a text id and in their order, a byte of
 * length and the id. Errors: EMP_ERR_MEMORY (out of it, or over the budget), EMP_ERR_DATA (a sum
 * that does not fit).
 */
emp_status emp__partition_take(struct emp_partition *partition, const struct emp_packed_row *rows,
                               size_t count, const char *texts, emp_error *error);

void emp__partition_free(struct emp_partition *partition);

#endif
