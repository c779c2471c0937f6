// SPDX-License-Identifier: Apache-2.0
/*
 * One partition while rows arrive: its customers, and their rows or the sums of them.
 *
 * A customer's home is a partition, found by a hash of the id. Inside it customers are numbered in
 * order of arrival; emp__customers_finish() puts them in order of id. A partition can be put out to
 * the spill file: the rows that still come are logged there, and count once it is fetched again.
 */
#ifndef EMP_HISTORY_PARTITION_H
#define EMP_HISTORY_PARTITION_H

#include <stdbool.h>

#include "history/customer_table.h"
#include "history/row_log.h"
#include "number/ratio.h"

/* What a row that is kept takes, with a set of tokens. */
static inline size_t emp__kept_row_bytes(unsigned tokens)
{
    return sizeof(uint32_t) + 2 * sizeof(int64_t) + emp__token_count(tokens) * sizeof(uint64_t);
}

/* What is kept of the rows. */
enum emp_keep {
    EMP_KEEP_SUMMARIES, /* one struct emp_summary for each customer */
    EMP_KEEP_ROWS,      /* every row */
};

/* What partitions have in common. */
struct emp_partition_plan {
    enum emp_keep keep;
    unsigned tokens;         /* the set of those that are kept with the rows */
    bool activity;           /* struct emp_activity will be computed of the rows */
    size_t past_bytes;       /* of a customer's visits and past, which will be computed */
    int hash_bits;           /* of the customer's hash, which number the partition */
    struct emp_arena *arena; /* of what they keep */
    struct emp_arena *logs;  /* of rows on their way to them */
    struct emp_spill *spill;
};

struct emp_partition {
    const struct emp_partition_plan *plan;
    struct emp_customer_table table;
    /* Rows, if they are kept: the customer's number (4 bytes), time, amount and tokens (8 each). */
    struct emp_pieces customer, time, amount, token[EMP_TOKENS];
    uint64_t rows;               /* taken, whether kept or not */
    emp_int128 money;            /* the sum of their amounts */
    int32_t first_day, last_day; /* of all rows, those in the log and returns, too; or EMP_NO_DAY */
    bool is_out;
    struct emp_row_log log; /* of rows that came while it was out */
};

void emp__partition_init(struct emp_partition *partition, const struct emp_partition_plan *plan);
void emp__partition_free(struct emp_partition *partition);

/* Gives all memory back; `rows`, `money` and the days stay. */
void emp__partition_release(struct emp_partition *partition);

/*
 * Takes the rows of a log, which is empty afterwards, also on failure. Errors: EMP_ERR_MEMORY;
 * EMP_ERR_DATA (a sum that does not fit, more customers or texts than fit); while the partition is
 * out, those of the spill file. It can only be freed then.
 */
emp_status emp__partition_take(struct emp_partition *partition, struct emp_row_log *log,
                               emp_error *error);

/*
 * Puts everything out to the spill file and gives the memory back, or fetches it again and takes
 * the rows that have come meanwhile. After a failure the partition can only be freed.
 */
emp_status emp__partition_put_out(struct emp_partition *partition, emp_error *error);
emp_status emp__partition_fetch(struct emp_partition *partition, emp_error *error);

/* How much memory a partition that is out will take up once it is fetched and put in order, at most
   and about; 0 if it is not out. */
uint64_t emp__partition_fetched_bytes(const struct emp_partition *partition);

/* The customer's number of a row that is kept, and so on. */
static inline uint32_t emp__partition_customer(const struct emp_partition *partition, size_t row)
{
    return *(uint32_t *)emp__pieces_item(&partition->customer, row, sizeof(uint32_t));
}
static inline int64_t emp__partition_time(const struct emp_partition *partition, size_t row)
{
    return *(int64_t *)emp__pieces_item(&partition->time, row, sizeof(int64_t));
}
static inline int64_t emp__partition_amount(const struct emp_partition *partition, size_t row)
{
    return *(int64_t *)emp__pieces_item(&partition->amount, row, sizeof(int64_t));
}
static inline uint64_t emp__partition_token(const struct emp_partition *partition,
                                            enum emp_token token, size_t row)
{
    return *(uint64_t *)emp__pieces_item(&partition->token[token], row, sizeof(uint64_t));
}

#endif
