// SPDX-License-Identifier: Apache-2.0
/*
 * What is to be expected of each customer. What depends on the model alone is computed once for
 * each pattern; what depends on the customer's spend, too, when it is asked for.
 */
#ifndef EMP_ANALYSIS_LTV_VALUES_H
#define EMP_ANALYSIS_LTV_VALUES_H

#include "analysis/ltv/work.h"
#include "lifetime/outlook.h"

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

#define EMP_LTV_NO_PATTERN UINT32_MAX

/* Arrays by customer go by the number in the history. All lie in the store, and stay there. */
struct emp_ltv_values {
    struct emp_ltv_rule rule;
    bool contract;
    double reach; /* of an interval, in standard errors */
    struct emp_ltv_patterns patterns;
    struct emp_lifetime_outlook *outlook; /* of each pattern; NULL: there is no model */
    double *p_alive_mbgnbd;               /* of each pattern; NULL but beside BG/NBD */
    uint32_t *pattern;                    /* of each customer, or EMP_LTV_NO_PATTERN */
    double *spend; /* what was seen of each customer; NaN: nothing. NULL: of nobody */
    double *past;  /* what each customer brought so far; NaN: not a customer yet. NULL: of nobody */
};

/* Of the observation, by the rule. Takes the patterns of the work over. */
emp_status emp__ltv_values(struct emp_ltv_work *work, struct emp_ltv_values *out, emp_error *error);

/* What a purchase, or a period of a contract, is expected to bring. */
struct emp_ltv_spend_value {
    double value; /* NaN: it does not exist, or is not asked for: */
    double error; /* of its logarithm, whose gradient in those of the parameters of spend is: */
    double gradient[EMP_LIFETIME_PARAMETERS];
    enum emp_ltv_word status;
};
struct emp_ltv_spend_value emp__ltv_spend_of(const struct emp_ltv_values *values,
                                             uint32_t customer);

/* What is expected of each pattern within the horizon, discounted, under the rule of *values: the
 * `discounted` of its outlook without the rest. */
void emp__ltv_discounted(const struct emp_ltv_values *values, double *out);

/*
 * The outlooks of contracts. Of one that goes on after n renewals S(n + k) / S(n) are expected at
 * the k-th from now on, which counts (1 + d)^-k, d = e^rate - 1. (DERL of lifetime/contract.h is 1
 * + d times that.) `no_purchase` is the probability to leave within the horizon.
 */
void emp__ltv_contract_outlooks(const struct emp_ltv_rule *rule,
                                const struct emp_ltv_patterns *patterns,
                                struct emp_lifetime_outlook *out);

/* Their `discounted` alone. */
void emp__ltv_contract_discounted(const struct emp_ltv_rule *rule,
                                  const struct emp_ltv_patterns *patterns, double *out);

#endif
