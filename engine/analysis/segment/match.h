// SPDX-License-Identifier: Apache-2.0
/*
 * The numbers of the clusters. A fit numbers them as it happens to find them; what users see is 1,
 * 2, ... from the greatest value to the least, or the numbers that a former model gave them, so
 * that "cluster 3" stays "cluster 3".
 */
#ifndef EMP_ANALYSIS_SEGMENT_MATCH_H
#define EMP_ANALYSIS_SEGMENT_MATCH_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

/* order[i]: the cluster with the i-th greatest value; of equal ones the first comes first. */
void emp__segment_order(const double *value, size_t clusters, size_t *order);

/* How former clusters and new ones go together. */
struct emp_segment_overlap {
    size_t now, before;    /* clusters */
    const uint64_t *count; /* now x before: the customers that are in both */
};

/*
 * number[c] for each new cluster, in order of `order`: that of the former cluster it has most
 * customers in common with, all together as many as can be (optimal assignment; Kuhn 1955), and
 * never one it has nobody in common with. The others get the numbers that are free above.
 * `before[i]` is the number of former cluster i.
 */
emp_status emp__segment_match(const struct emp_segment_overlap *overlap, const int64_t *before,
                              const size_t *order, int64_t *number, emp_error *error);

#endif
