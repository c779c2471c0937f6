// SPDX-License-Identifier: Apache-2.0
/* What is to be expected of each customer of a sample. */
#ifndef EMP_ANALYSIS_LTV_VALUES_H
#define EMP_ANALYSIS_LTV_VALUES_H

#include "analysis/ltv/work.h"

/* The words of ltv_status, and their numbers. */
enum emp_ltv_word {
    EMP_LTV_OK,
    EMP_LTV_NO_PURCHASE,
    EMP_LTV_NO_MODEL,
    EMP_LTV_ALIVE_BY_CONSTRUCTION,
    EMP_LTV_NO_MEAN_SPEND,
    EMP_LTV_NOT_POSITIVE,
    EMP_LTV_ENDED,
    EMP_LTV_WORDS
};
extern const char *const emp__ltv_value_words[];

/* In the order of the sample, in the store; NULL: nothing is said of it. */
struct emp_ltv_values {
    double *p_alive, *expected, *no_purchase;
    double *discounted;     /* purchases over the horizon, each counting e^(-rate t) */
    double *unlimited;      /* without end; NaN where that diverges */
    double *p_alive_mbgnbd; /* beside BG/NBD */
    double *spend;          /* a purchase, or the margin a period; NaN: there is none */
    uint16_t *status;       /* enum emp_ltv_word */
};

/* Of the observation, by the rule, which has a model. *out is to be given back in any case. */
emp_status emp__ltv_values(const struct emp_ltv_work *work, struct emp_ltv_values *out,
                           emp_error *error);
void emp__ltv_values_give(struct emp_store *store, struct emp_ltv_values *values);

/*
 * The part of it that depends on the model, of contracts. Of one that goes on after n renewals
 * S(n + k) / S(n) are expected at the k-th from now on, which counts (1 + d)^-k, d = e^rate - 1.
 * (DERL of lifetime/contract.h is 1 + d times that.)
 */
emp_status emp__ltv_contract_values(const struct emp_ltv_work *work, struct emp_ltv_values *out,
                                    emp_error *error);

#endif
