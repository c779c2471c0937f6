// SPDX-License-Identifier: Apache-2.0
/*
 * Customers seen from a day, and what is asked of them most: recency, purchases, revenue. RFM and
 * the table of features (feature.h) read the same functions, so that they cannot differ.
 *
 * All rows of the history count, those of the day itself included. The customers at a cut-off
 * (emp__customers_at()) are seen from a day of their own, which they bring along.
 */
#ifndef EMP_FEATURES_FEATURE_VIEW_H
#define EMP_FEATURES_FEATURE_VIEW_H

#include "features/purchases.h"
#include "params/input_params.h"

struct emp_feature_view {
    const struct emp_customers *customers;
    struct emp_purchases purchases;
    bool net;      /* returns lower the monetary value */
    uint64_t unit; /* the minor units in a unit of money */
    int32_t day;   /* the analysis date */
};

/* The history must have been asked for what `merge` needs, and outlive the view. */
struct emp_feature_view emp__feature_view(const struct emp_customers *customers,
                                          const struct emp_input_params *input,
                                          enum emp_merge merge, int32_t day);

/* Has the customer any purchase? Others have returns only. */
static inline bool emp__is_buyer(const struct emp_feature_view *view, size_t customer)
{
    return emp__purchase_count(&view->purchases, customer) > 0;
}

/* Days from the last purchase to the day; means nothing for one who is no buyer. */
static inline int64_t emp__recency(const struct emp_feature_view *view, size_t customer)
{
    return (int64_t)view->day - view->purchases.summary[customer].last_day;
}

/* The monetary sum of a customer in minor units, as `returns` says. */
static inline int64_t emp__revenue(const struct emp_feature_view *view, size_t customer)
{
    const struct emp_summary *summary = &view->purchases.summary[customer];
    return summary->bought + (view->net ? summary->returned : 0);
}

/* The mean of a customer's purchases in units of money; NaN without any. */
double emp__mean_purchase(const struct emp_feature_view *view, size_t customer);

#endif
