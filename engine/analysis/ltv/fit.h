// SPDX-License-Identifier: Apache-2.0
/*
 * The fits: each model that is asked for, to the calibration by maximum likelihood
 * (lifetime/fit.h); how far it is from the holdout; which one is chosen; and the spend (spend.h).
 *
 *   AIC = 2 k - 2 log L, BIC = k log n - 2 log L, k parameters, n customers
 *
 * Chosen is the least AIC among those that converged with every parameter told by the data; if
 * there are none, among those at a bound or flat; then among those that hit the limit. So where
 * the data do not support dropout it is NBD, which has fewer parameters, that is chosen.
 */
#ifndef EMP_ANALYSIS_LTV_FIT_H
#define EMP_ANALYSIS_LTV_FIT_H

#include "analysis/ltv/work.h"

/* By enum emp_lifetime_status. */
extern const char *const emp__ltv_status_words[];

/* Fills fits, spend and rule of a work whose samples are there. */
emp_status emp__ltv_fit(struct emp_ltv_work *work, emp_error *error);

/* One model, or the margin, on so many threads. */
emp_status emp__ltv_fit_model(const struct emp_ltv_work *work,
                              const struct emp_lifetime_model *model,
                              const struct emp_lifetime_data *data, int threads,
                              struct emp_lifetime_fit *out, emp_error *error);

/* What is said of parameter i: "estimated", "at bound", "flat". */
const char *emp__ltv_parameter_word(const struct emp_lifetime_fit *fit, int i);

/* The models that may be named, by enum emp_ltv_model; NULL: none. */
const struct emp_lifetime_model *emp__ltv_model(int model);

#endif
