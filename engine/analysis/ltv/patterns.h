// SPDX-License-Identifier: Apache-2.0
/*
 * Customers of a sample who are the same to a model: of the same x, t_x and age, and of contracts
 * x and ended. Likelihoods and predictions are computed once for each.
 *
 * Customers are parted by a hash of x and age into parts that fit a cache, and sorted by x, age and
 * t_x within each, so that patterns of the same x and age follow each other: predictions thrive on
 * that (lifetime/outlook.h). The order depends on the numbers and on the order of the customers,
 * which is that of their ids, alone; no number of threads changes it. Cost: 30 to 60 ns a customer
 * on one thread, and 32 bytes in the store while it works.
 */
#ifndef EMP_ANALYSIS_LTV_PATTERNS_H
#define EMP_ANALYSIS_LTV_PATTERNS_H

#include "analysis/ltv/work.h"

/* *out, with its arrays in the store, is to be given back in any case. */
emp_status emp__ltv_patterns(const struct emp_ltv_sample *sample, int threads,
                             struct emp_store *store, struct emp_ltv_patterns *out,
                             emp_error *error);
void emp__ltv_patterns_give(struct emp_store *store, struct emp_ltv_patterns *patterns);

/* The columns of the patterns, for the kernels. */
struct emp_lifetime_data emp__ltv_data(const struct emp_ltv_patterns *patterns);

#endif
