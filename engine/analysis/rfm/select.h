// SPDX-License-Identifier: Apache-2.0
/*
 * Which keys stand at given places of the ascending keys of a group of customers: quantiles and
 * medians, without sorting. The customers are counted by group and bin of their keys, which tells
 * the bin of each place. A measure of few values has a bin for each of them, and that is all; of
 * others, the keys in those bins, some hundredths of all, are collected and looked through
 * (order/select.h). All of it in parallel over blocks of customers, and in integers, so that the
 * result does not depend on the threads.
 *
 * Cost: two passes over the customers for all measures together, the second for some of them.
 */
#ifndef EMP_ANALYSIS_RFM_SELECT_H
#define EMP_ANALYSIS_RFM_SELECT_H

#include "analysis/rfm/measures.h"

/* A part of [first, end) of the measures. */
struct emp_measure_range {
    int first, end;
};

/* Customers in groups: customer c is in group of[code[c]], or in none if that is `count` or more.
 */
struct emp_rfm_groups {
    size_t count;
    const uint16_t *code;
    const uint16_t *of; /* NULL: the group is the code itself */
};

/* A place in the ascending keys of a group, and what stands there. */
struct emp_rfm_place {
    int measure;
    size_t group;
    uint64_t position; /* from 0, less than the size of the group */
    uint64_t key;
    uint64_t equals; /* how many of the places before hold the same key */
};

struct emp_rfm_selection {
    const struct emp_rfm_measures *measures;
    struct emp_measure_range range;
    struct emp_rfm_groups groups;
    bool few[EMP_MEASURES];           /* a bin for each key, from the lowest to the highest one */
    uint16_t first_bin[EMP_MEASURES]; /* of the bins in use */
    size_t width[EMP_MEASURES];       /* how many are */
    size_t begin[EMP_MEASURES];       /* where the counts of a measure begin */
    size_t cells;                     /* all counts: groups x bins for each measure */
    uint32_t *counts;                 /* in front their sums, then those of the other workers */
    uint64_t *size;                   /* of each group */
};

/*
 * Counts, and so finds the size of each group. Only customers with a purchase may be in a group.
 * *out is to be freed in any case.
 */
emp_status emp__rfm_selection_new(const struct emp_rfm_measures *measures,
                                  struct emp_measure_range range, struct emp_rfm_groups groups,
                                  struct emp_rfm_selection *out, emp_error *error);

/* Finds `count` places: their `key` and `equals`. */
emp_status emp__rfm_selection_find(const struct emp_rfm_selection *selection,
                                   struct emp_rfm_place *places, size_t count, emp_error *error);

void emp__rfm_selection_free(struct emp_rfm_selection *selection);

#endif
