// SPDX-License-Identifier: Apache-2.0
/*
 * The bootstrap: how far customer equity would be from what it is, had other customers been drawn.
 *
 * In each replicate a customer of the calibration counts K times, K being Poisson distributed with
 * the mean 1 (J. Hanley & B. MacGibbon, "Creating non-parametric bootstrap samples using Poisson
 * frequencies", Computer Methods and Programs in Biomedicine 83, 2006); the chosen model and the
 * spend are fitted to them again, and the customers that there are valued by these. The interval of
 * a group is that of the quantiles of its replicates (type 7). Unlike the delta method this knows
 * nothing of curvature or of normal distributions, and purchases and spend are drawn together; so
 * it is a check on it.
 *
 * K is a function of the seed, the replicate and the place of the customer in order of id, and sums
 * are taken in order: the same bytes for any number of threads. Cost: a fit and a valuation for
 * each replicate.
 */
#ifndef EMP_ANALYSIS_LTV_BOOTSTRAP_H
#define EMP_ANALYSIS_LTV_BOOTSTRAP_H

#include "analysis/ltv/groups.h"
#include "analysis/ltv/values.h"

struct emp_ltv_interval {
    double low, high; /* NaN: there is none */
};

/* Is a bootstrap asked for, and is there a fit to repeat? A model that is applied has none. */
bool emp__ltv_can_draw(const struct emp_ltv_work *work);

/* Of each group. Replicates without a model count for nothing. */
emp_status emp__ltv_bootstrap(const struct emp_ltv_work *work, const struct emp_ltv_values *values,
                              const struct emp_ltv_groups *groups, struct emp_ltv_interval *out,
                              emp_error *error);

#endif
