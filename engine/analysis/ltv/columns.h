// SPDX-License-Identifier: Apache-2.0
/* Columns of the customers file that a sample is read from. */
#ifndef EMP_ANALYSIS_LTV_COLUMNS_H
#define EMP_ANALYSIS_LTV_COLUMNS_H

#include "analysis/ltv/work.h"

/* A column, by number of the customer; NULL: it is not given. */
const double *emp__ltv_numbers(const struct emp_analysis_input *input,
                               const struct emp_column_ref *column);

/* EMP_ERR_DATA: the value of a customer is not what it must be. */
emp_status emp__ltv_refuse(const struct emp_analysis_input *input,
                           const struct emp_column_ref *column, uint32_t customer,
                           const char *expected, emp_error *error);

/* A whole number that fits. */
bool emp__ltv_is_whole(double x);

/*
 * Lists in out->customer the customers, in order of id, who have a value in `one` and in `other`
 * (NULL: in `one`), and whose weight is not 0.
 */
emp_status emp__ltv_list(const struct emp_analysis_input *input, const double *one,
                         const double *other, struct emp_ltv_sample *out, emp_error *error);

/* Their weights, if a column of them is given. */
emp_status emp__ltv_weights(const struct emp_analysis_input *input, struct emp_ltv_sample *out,
                            emp_error *error);

#endif
