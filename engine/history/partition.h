// SPDX-License-Identifier: Apache-2.0
/*
 * One partition while rows arrive: its customers, and their rows or the sums of them.
 *
 * A customer's home is a partition, found by a hash of the id. Inside it customers are numbered in
 * order of arrival; emp__customers_finish() puts them in order of id.
 */
#ifndef EMP_HISTORY_PARTITION_H
#define EMP_HISTORY_PARTITION_H

#include <stdatomic.h>

#include "base/arena.h"
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

/*
 * A customer in the partition's table: half a cache line, so that a row costs one access to memory.
 * What few customers have is in an extra record.
 */
struct emp_entry {
    uint64_t key;   /* as in struct emp_row; 0: the slot is free (no id is 0) */
    int64_t bought; /* as in struct emp_summary, as are the next two */
    int32_t first_day, last_day;
    uint32_t count; /* purchases; or the customer's number, where rows are kept */
    uint32_t extra; /* index of the extra record; 0: none */
};

/* Of a customer whose id is text, or who has returned something. */
struct emp_extra {
    int64_t returned;
    uint32_t return_rows;
    uint32_t text; /* offset of a text id in `bytes`: its length, then itself */
};

struct emp_partition {
    enum emp_keep keep;
    bool keep_orders;
    struct emp_memory_budget *budget;
    struct emp_arena *arena; /* where the table lies */
    /* Customers: an open-addressing table, at most two slots in three taken. */
    struct emp_entry *slots;
    size_t slot_count; /* a power of two, or 0 */
    size_t customers;
    struct emp_extra *extras; /* the first is not used */
    size_t extra_count, extra_capacity;
    struct emp_buffer bytes;
    /* Rows, if they are kept. */
    uint32_t *customer; /* its number, in order of arrival */
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

/* The summary of an entry that is taken; only where summaries are kept. */
struct emp_summary emp__partition_summary(const struct emp_partition *partition,
                                          const struct emp_entry *entry);

/* The word of an entry's id (struct emp_ids), a text id's offset counting from `text`. */
uint64_t emp__partition_id(const struct emp_partition *partition, const struct emp_entry *entry,
                           uint64_t text);

void emp__partition_free(struct emp_partition *partition);

#endif
