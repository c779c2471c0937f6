// SPDX-License-Identifier: Apache-2.0
/*
 * The customers of one partition once all rows are there: in order of id, with what is known of
 * them at present and at cut-offs in the past.
 */
#ifndef EMP_HISTORY_CUSTOMER_BLOCK_H
#define EMP_HISTORY_CUSTOMER_BLOCK_H

#include "history/partition.h"
#include "history/past.h"

/* Where the customers of a partition go; arrays of the partition's number of customers. */
struct emp_customer_block {
    uint64_t *word;             /* as in struct emp_ids, the offsets counting from `text` */
    char *text;                 /* table.text_end bytes */
    struct emp_figures figures; /* the present */
    int32_t day;                /* from which it is seen */
    /* Repeat visits of all customers of all partitions, on each of `days` days from `first_day`. */
    uint64_t *repeats[EMP_SPANS]; /* NULL: not asked for */
    int32_t first_day;
    size_t days;
    struct emp_past *past; /* empty, but for the arrays of its figures */
    size_t cutoffs;        /* how many pasts there are */
};

/* Fills the block from a partition that is not out, and has kept its rows if more than summaries of
 * the present is wanted. Errors: EMP_ERR_MEMORY, EMP_ERR_DATA (a sum that does not fit). */
emp_status emp__customer_block_fill(const struct emp_partition *partition,
                                    const struct emp_customer_block *out, emp_error *error);

#endif
