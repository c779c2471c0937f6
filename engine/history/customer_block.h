// SPDX-License-Identifier: Apache-2.0
/* The customers of one partition once all rows are there: in order of id, with their summaries. */
#ifndef EMP_HISTORY_CUSTOMER_BLOCK_H
#define EMP_HISTORY_CUSTOMER_BLOCK_H

#include "history/activity.h"
#include "history/partition.h"

/* Where the customers of a partition go; arrays of the partition's number of customers. */
struct emp_customer_block {
    uint64_t *word;                /* as in struct emp_ids, the offsets counting from `text` */
    char *text;                    /* table.text_end bytes */
    struct emp_summary *summary;   /* `purchases` counts rows */
    uint32_t *days, *orders;       /* purchases by day and by order; NULL: not wanted */
    struct emp_activity *activity; /* or NULL: not wanted */
    int32_t day;                   /* to which it is seen */
};

/* Fills the block from a partition that is not out, and has kept its rows if `days`, `orders` or
 * `activity` are wanted. Errors: EMP_ERR_MEMORY, EMP_ERR_DATA (a sum that does not fit). */
emp_status emp__customer_block_fill(const struct emp_partition *partition,
                                    const struct emp_customer_block *out, emp_error *error);

#endif
