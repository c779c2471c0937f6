// SPDX-License-Identifier: Apache-2.0
/*
 * Rows on their way to their partitions: each thread collects a few for every partition and hands
 * them over in batches, under the partition's lock. What the partitions hold in the end does not
 * depend on who came first, nor on which of them had to be put out of memory.
 */
#ifndef EMP_HISTORY_SCATTER_H
#define EMP_HISTORY_SCATTER_H

#include "history/needs.h"
#include "history/partition.h"
#include "source/row.h"

struct emp_scatter;

/* What the partitions are to keep. */
struct emp_scatter_plan {
    size_t partitions; /* a power of two */
    int threads;
    struct emp_needs needs;
    uint64_t memory;         /* bytes that the partitions hold, about, before some are put out */
    struct emp_spill *spill; /* where they are put */
};

/* The bytes that the threads of a scatter need for the rows on their way. */
uint64_t emp__scatter_overhead(const struct emp_scatter_plan *plan);

emp_status emp__scatter_new(const struct emp_scatter_plan *plan, struct emp_scatter **out,
                            emp_error *error);
void emp__scatter_free(struct emp_scatter *scatter);

/* Where the readers put their rows. */
struct emp_row_sink emp__scatter_sink(struct emp_scatter *scatter);

/* Hands over what is on its way, so that the rows that follow are in batches of their own. No
   thread may be adding rows. */
emp_status emp__scatter_hand_over(struct emp_scatter *scatter, emp_error *error);

/* Hands over what is still on its way; no thread may add rows any more. */
emp_status emp__scatter_drain(struct emp_scatter *scatter, emp_error *error);

/* Give memory back to the system: that of the rows on their way, of which there must be none; and
   that of a partition, which must not take rows any more and is not released in another way. */
void emp__scatter_release_logs(struct emp_scatter *scatter);
void emp__scatter_release(struct emp_scatter *scatter, size_t p);

/* The partitions, which stay the scatter's. */
struct emp_partition *emp__scatter_partitions(struct emp_scatter *scatter);
const struct emp_scatter_plan *emp__scatter_plan(const struct emp_scatter *scatter);

/* The last day of all rows once they are drained; EMP_NO_DAY without any. */
int32_t emp__scatter_last_day(const struct emp_scatter *scatter);

#endif
