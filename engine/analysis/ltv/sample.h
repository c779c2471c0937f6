// SPDX-License-Identifier: Apache-2.0
/* Who is fitted and who is valued: customers as they were at the end of the calibration, and of the
 * observation. */
#ifndef EMP_ANALYSIS_LTV_SAMPLE_H
#define EMP_ANALYSIS_LTV_SAMPLE_H

#include "analysis/ltv/work.h"

/* Asks for the days at which the history is to be cut. */
emp_status emp__ltv_cutoffs(const struct emp_ltv_params *params, struct emp_cutoffs *cutoffs,
                            emp_error *error);

/* The samples of a work whose `input` and `params` are set, and what goes with them; they are to be
   freed in any case. `use`: to score, the observation alone is needed, up to what is known. */
emp_status emp__ltv_samples(struct emp_ltv_work *work, enum emp_use use, emp_error *error);
void emp__ltv_samples_free(struct emp_ltv_work *work);

/* Room for a sample of the first `count` items of its `customer`. */
emp_status emp__ltv_sample_take(struct emp_store *store, size_t count, bool spend,
                                struct emp_ltv_sample *out, emp_error *error);

/* The sample of a ready table of purchases or of contracts, seen at the end of `day`. */
emp_status emp__ltv_table(const struct emp_analysis_input *input, struct emp_ltv_sample *out,
                          emp_error *error);
emp_status emp__ltv_contracts(const struct emp_analysis_input *input, int32_t day,
                              struct emp_ltv_sample *out, emp_error *error);

#endif
