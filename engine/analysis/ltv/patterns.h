// SPDX-License-Identifier: Apache-2.0
/*
 * Customers of a sample who are the same to a model: of the same x, t_x and age, and of contracts
 * x and ended. Likelihoods and predictions are computed once for each.
 *
 * The patterns are in the order in which the sample, which is in order of id, first has them. A
 * hash table with open addressing, half full at most: about 50 ns a customer.
 */
#ifndef EMP_ANALYSIS_LTV_PATTERNS_H
#define EMP_ANALYSIS_LTV_PATTERNS_H

#include "analysis/ltv/work.h"

/* *out, with its arrays in the store, is to be given back in any case. */
emp_status emp__ltv_patterns(const struct emp_ltv_sample *sample, struct emp_store *store,
                             struct emp_ltv_patterns *out, emp_error *error);
void emp__ltv_patterns_give(struct emp_store *store, struct emp_ltv_patterns *patterns);

/* The columns of the patterns, for the kernels. */
struct emp_lifetime_data emp__ltv_data(const struct emp_ltv_patterns *patterns);

#endif
