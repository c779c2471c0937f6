// SPDX-License-Identifier: Apache-2.0
/*
 * The probabilities of customers, their deciles, and the reasons: what adds most to or takes most
 * from the log odds of the average customer of the sample.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_SCORES_H
#define EMP_ANALYSIS_LOGISTIC_SCORES_H

#include "analysis/logistic_work.h"

enum { EMP_REASONS = 3 };

/* Where a customer's probability comes from. */
struct emp_logistic_scoring {
    const struct emp_logistic_kind *kind;
    const struct emp_logistic_rule *rule;
    const struct emp_logistic_rows *rows; /* to be scored */
    const double *fold_coefficients;      /* NULL: the rule's for everybody */
    size_t folds;
    const uint8_t *member; /* as in struct emp_logistic_sample; NULL: nobody was in a sample */
};

/*
 * Adds the columns to the customers table. Customers of the sample have the probability of the fit
 * that has not seen them. EMP_ERR_DATA, naming the customer, where a feature cannot be made ready.
 */
emp_status emp__logistic_customer_columns(const struct emp_logistic_scoring *request,
                                          struct emp_table *table, emp_error *error);

#endif
