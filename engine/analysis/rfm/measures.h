// SPDX-License-Identifier: Apache-2.0
/*
 * Recency, frequency and monetary value of the customers.
 *
 * A measure is handled as a key: an unsigned 64-bit number of the same order as its value, so that
 * comparing is exact and one code serves whole numbers, money and means. Keys are not kept: they
 * follow from the history faster than they could be fetched.
 */
#ifndef EMP_ANALYSIS_RFM_MEASURES_H
#define EMP_ANALYSIS_RFM_MEASURES_H

#include "analysis/analysis.h"
#include "analysis/rfm/params.h"
#include "features/feature_view.h"

struct emp_rfm_measures {
    const struct emp_rfm_params *params;
    struct emp_feature_view view;
    size_t customers;
    int threads;
    /* Over the customers with a purchase, of which there are `buyers`: */
    size_t buyers;
    uint64_t low[EMP_MEASURES], high[EMP_MEASURES]; /* the extreme keys; or UINT64_MAX and 0 */
};

/* Customers are worked through in blocks of this many, so that what is made of a block stays near.
 */
enum { EMP_RFM_BLOCK = 2048 };

/* Calls body(user, worker, first, count) for all customers, block by block (base/blocks.h). */
void emp__rfm_blocks(const struct emp_rfm_measures *measures,
                     void (*body)(void *user, int worker, size_t first, size_t count), void *user);

/* Goes once over the customers. */
emp_status emp__rfm_measure(const struct emp_analysis_input *input, struct emp_rfm_measures *out,
                            emp_error *error);

/* The keys of customers first .. first + count - 1. Those of customers without a purchase mean
 * nothing. */
void emp__rfm_keys(const struct emp_rfm_measures *measures, int measure, size_t first, size_t count,
                   uint64_t *out);

/* The value of a key in days, purchases or units of money. */
double emp__rfm_value(const struct emp_rfm_measures *measures, int measure, uint64_t key);

/* The value at `part` / `parts` of the way from one key to another that is not below it. */
double emp__rfm_between(const struct emp_rfm_measures *measures, int measure, uint64_t low,
                        uint64_t high, uint32_t part, uint32_t parts);

/* The k-th of the user's own cut points (counting from 0) as a key and as a value. */
uint64_t emp__rfm_threshold_key(const struct emp_rfm_measures *measures, int measure, size_t k);
double emp__rfm_threshold(const struct emp_rfm_measures *measures, int measure, size_t k);

/* The bins of keys (order/log_bin.h): they ascend with the keys. */
void emp__rfm_log_bins(const struct emp_rfm_measures *measures, int measure, const uint64_t *keys,
                       size_t count, uint16_t *out);

#endif
