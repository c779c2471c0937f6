// SPDX-License-Identifier: Apache-2.0
/* What the clusters are like: how many customers, how much revenue, how large their features. */
#ifndef EMP_ANALYSIS_SEGMENT_PROFILE_H
#define EMP_ANALYSIS_SEGMENT_PROFILE_H

#include "analysis/segment_rows.h"

/*
 * Arrays by cluster, and by cluster and feature (clusters x features, row-major). The one behind
 * the last cluster stands for the customers who are in none.
 */
struct emp_segment_profile {
    size_t clusters, features;
    uint64_t *customers;
    emp_int128 *revenue;   /* minor units */
    emp_int128 *apart;     /* returns that the revenue does not hold (returns: separate) */
    double *mean, *median; /* of the features, in their own units; NaN: nobody has a value */
};

/*
 * Sums up by `label` (rows -> cluster from 0). Sums are taken in order of id, so that they depend
 * on nothing else; medians are those of type 7 (Hyndman & Fan 1996). *out is to be freed in any
 * case.
 */
emp_status emp__segment_profile(const struct emp_segment_rows *rows, const uint32_t *label,
                                size_t clusters, struct emp_segment_profile *out, emp_error *error);
void emp__segment_profile_free(struct emp_segment_profile *profile);

/* Cluster order[i] becomes cluster i. The profile is untouched on failure. */
emp_status emp__segment_profile_reorder(struct emp_segment_profile *profile, const size_t *order,
                                        emp_error *error);

#endif
