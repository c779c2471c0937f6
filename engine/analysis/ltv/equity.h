// SPDX-License-Identifier: Apache-2.0
/*
 * ltv_equity.csv: customer equity, the sum of the discounted values (clv) of customers, by group
 * (groups.h).
 *
 * A sum has the gradient that is the sum of its terms' gradients, so that errors that customers
 * share do not cancel: with g of the parameters of purchases and s of those of spend, C and S their
 * covariances, the standard error of the sum is sqrt(g' C g + s' S s). The bootstrap (bootstrap.h),
 * where it is asked for, stands beside it.
 *
 * Sums go over fixed blocks of the customers in order of id, and then over the blocks in order: the
 * same bytes for any number of threads.
 */
#ifndef EMP_ANALYSIS_LTV_EQUITY_H
#define EMP_ANALYSIS_LTV_EQUITY_H

#include "analysis/ltv/values.h"

/* The table has no rows where nothing has a value. */
emp_status emp__ltv_equity(const struct emp_ltv_work *work, const struct emp_ltv_values *values,
                           struct emp_result *result, emp_error *error);

#endif
