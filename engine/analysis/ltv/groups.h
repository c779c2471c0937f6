// SPDX-License-Identifier: Apache-2.0
/*
 * Groups of customers: all of them; by the month of their first purchase; and by what the analyses
 * before have put into customers.csv: RFM segment, cluster. A customer is in one group of each
 * grouping, or in none where a column has no value.
 */
#ifndef EMP_ANALYSIS_LTV_GROUPS_H
#define EMP_ANALYSIS_LTV_GROUPS_H

#include "analysis/ltv/work.h"

enum { EMP_LTV_GROUPINGS_MAX = 4, EMP_LTV_GROUP_NAME = 64 };
#define EMP_LTV_NO_GROUP UINT32_MAX

struct emp_ltv_group {
    const char *grouping;
    char name[EMP_LTV_GROUP_NAME];
    int64_t key; /* by which groups of a grouping are told apart and ordered */
};

struct emp_ltv_groups {
    struct emp_ltv_group *groups; /* grouping by grouping, in order of their keys */
    size_t count, capacity;
    /* The group of each customer of the sample, by grouping, in the store. */
    uint32_t *members[EMP_LTV_GROUPINGS_MAX];
    size_t groupings;
};

/* Of the observation; `customers` is the table that other analyses have put columns into. *out is
 * to be freed in any case. */
emp_status emp__ltv_groups(const struct emp_ltv_work *work, const struct emp_table *customers,
                           struct emp_ltv_groups *out, emp_error *error);
void emp__ltv_groups_free(struct emp_store *store, struct emp_ltv_groups *groups);

#endif
