// SPDX-License-Identifier: Apache-2.0
/* The cut points between the bins of a measure: quantiles, or what the parameters say. */
#ifndef EMP_ANALYSIS_RFM_CUTS_H
#define EMP_ANALYSIS_RFM_CUTS_H

#include "analysis/rfm/select.h"

/* The cuts of each group of customers: cut k of group g is number g * count + k. */
struct emp_rfm_cuts {
    size_t groups, count;
    uint64_t *key;   /* a higher key is in a higher bin */
    uint64_t *equal; /* where ties go by rank: of the customers of that very key, in order of id,
                        those whose number (from 0) is more than this are in a higher bin, too */
    double *value;   /* NaN: the group is empty, or the cut is between ranks */
};

/*
 * The cuts of a range of measures, in out[measure], each within the same groups. Those of
 * other measures are untouched. To be freed in any case.
 */
emp_status emp__rfm_find_cuts(const struct emp_rfm_measures *measures,
                              struct emp_measure_range range, struct emp_rfm_groups groups,
                              struct emp_rfm_cuts *out, emp_error *error);

void emp__rfm_cuts_free(struct emp_rfm_cuts *cuts);

#endif
