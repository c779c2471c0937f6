// SPDX-License-Identifier: Apache-2.0
#include "features/feature.h"

#include <math.h>
#include <string.h>

#include "number/ratio.h"

/* 365.25 days, in quarters of a day. */
enum { YEAR_QUARTERS = 1461, DAY_QUARTERS = 4 };

static const struct emp_summary *summary_of(const struct emp_feature_view *view, uint32_t customer)
{
    return &view->purchases.summary[customer];
}

static int64_t tenure(const struct emp_feature_view *view, uint32_t customer)
{
    return (int64_t)view->day - summary_of(view, customer)->first_day;
}

static int64_t lifetime(const struct emp_feature_view *view, uint32_t customer)
{
    const struct emp_summary *summary = summary_of(view, customer);
    return (int64_t)summary->last_day - summary->first_day;
}

/* The intervals between purchase days; 0 for one who is no buyer, too. */
static uint32_t intervals(const struct emp_feature_view *view, uint32_t customer)
{
    uint32_t days = view->customers->days[customer];
    return days > 0 ? days - 1 : 0;
}

/*
 * n^2 times the variance of the n intervals, whose sum is L and whose squares sum up to S: with the
 * mean L / n it is n S - L^2, which is exact.
 */
static emp_int128 spread(const struct emp_feature_view *view, uint32_t customer)
{
    emp_int128 sum = lifetime(view, customer);
    emp_int128 squares = view->customers->activity[customer].interval_squares;
    return intervals(view, customer) * squares - sum * sum;
}

static double rate(const struct emp_feature_view *view, uint32_t customer, emp_int128 amount,
                   uint64_t unit)
{
    if (!emp__is_buyer(view, customer) || tenure(view, customer) <= 0)
        return NAN;
    uint64_t quarters = DAY_QUARTERS * (uint64_t)tenure(view, customer);
    return emp__ratio(amount * YEAR_QUARTERS, quarters * unit);
}

/* One function for each feature, in the order of the table. */

static void recency_days(const struct emp_feature_view *view, const uint32_t *customers,
                         size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = emp__is_buyer(view, customers[i]) ? (double)emp__recency(view, customers[i]) : NAN;
}

static void tenure_days(const struct emp_feature_view *view, const uint32_t *customers,
                        size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = emp__is_buyer(view, customers[i]) ? (double)tenure(view, customers[i]) : NAN;
}

static void lifetime_days(const struct emp_feature_view *view, const uint32_t *customers,
                          size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = emp__is_buyer(view, customers[i]) ? (double)lifetime(view, customers[i]) : NAN;
}

static void frequency(const struct emp_feature_view *view, const uint32_t *customers, size_t count,
                      double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = emp__purchase_count(&view->purchases, customers[i]);
}

static void monetary(const struct emp_feature_view *view, const uint32_t *customers, size_t count,
                     double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = emp__ratio(emp__revenue(view, customers[i]), view->unit);
}

static void mean_purchase(const struct emp_feature_view *view, const uint32_t *customers,
                          size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = emp__mean_purchase(view, customers[i]);
}

static void rows_per_purchase(const struct emp_feature_view *view, const uint32_t *customers,
                              size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t purchases = emp__purchase_count(&view->purchases, customers[i]);
        uint32_t rows = summary_of(view, customers[i])->purchases;
        out[i] = purchases > 0 ? emp__ratio(rows, purchases) : NAN;
    }
}

static void purchase_rate(const struct emp_feature_view *view, const uint32_t *customers,
                          size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = rate(view, customers[i], emp__purchase_count(&view->purchases, customers[i]), 1);
}

static void monetary_rate(const struct emp_feature_view *view, const uint32_t *customers,
                          size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = rate(view, customers[i], emp__revenue(view, customers[i]), view->unit);
}

static void purchase_days(const struct emp_feature_view *view, const uint32_t *customers,
                          size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = view->customers->days[customers[i]];
}

static void mean_interval_days(const struct emp_feature_view *view, const uint32_t *customers,
                               size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t n = intervals(view, customers[i]);
        out[i] = n > 0 ? emp__ratio(lifetime(view, customers[i]), n) : NAN;
    }
}

static void longest_interval_days(const struct emp_feature_view *view, const uint32_t *customers,
                                  size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct emp_activity *activity = &view->customers->activity[customers[i]];
        out[i] = activity->days > 1 ? (double)activity->longest_interval : NAN;
    }
}

static void interval_sd_days(const struct emp_feature_view *view, const uint32_t *customers,
                             size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t n = intervals(view, customers[i]);
        out[i] = n > 1 ? sqrt(emp__ratio(spread(view, customers[i]), n * n)) : NAN;
    }
}

static void interval_cv(const struct emp_feature_view *view, const uint32_t *customers,
                        size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t sum = (uint64_t)lifetime(view, customers[i]);
        bool varies = intervals(view, customers[i]) > 1;
        out[i] = varies ? sqrt(emp__ratio(spread(view, customers[i]), sum * sum)) : NAN;
    }
}

static void overdue_ratio(const struct emp_feature_view *view, const uint32_t *customers,
                          size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        emp_int128 n = intervals(view, customers[i]);
        uint64_t sum = (uint64_t)lifetime(view, customers[i]);
        out[i] = n > 0 ? emp__ratio(emp__recency(view, customers[i]) * n, sum) : NAN;
    }
}

static void products(const struct emp_feature_view *view, const uint32_t *customers, size_t count,
                     double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = view->customers->activity[customers[i]].products;
}

static void channels(const struct emp_feature_view *view, const uint32_t *customers, size_t count,
                     double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = view->customers->activity[customers[i]].channels;
}

static void return_rows(const struct emp_feature_view *view, const uint32_t *customers,
                        size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = summary_of(view, customers[i])->return_rows;
}

static void return_amount(const struct emp_feature_view *view, const uint32_t *customers,
                          size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = emp__ratio(summary_of(view, customers[i])->returned, view->unit);
}

static void return_share(const struct emp_feature_view *view, const uint32_t *customers,
                         size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct emp_summary *summary = summary_of(view, customers[i]);
        uint64_t returns = summary->return_rows;
        out[i] = emp__ratio((emp_int128)returns, returns + summary->purchases);
    }
}

static void return_amount_share(const struct emp_feature_view *view, const uint32_t *customers,
                                size_t count, double *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct emp_summary *summary = summary_of(view, customers[i]);
        emp_int128 returned = -(emp_int128)summary->returned;
        out[i] = summary->bought > 0 ? emp__ratio(returned, (uint64_t)summary->bought) : NAN;
    }
}

static void trend(const struct emp_feature_view *view, const uint32_t *customers, size_t count,
                  double *out)
{
    for (size_t i = 0; i < count; i++) {
        const struct emp_activity *activity = &view->customers->activity[customers[i]];
        uint64_t bought = (uint64_t)summary_of(view, customers[i])->bought;
        bool defined = bought > 0 && tenure(view, customers[i]) >= 2;
        out[i] = defined ? emp__ratio(activity->later - activity->earlier, bought) : NAN;
    }
}

const struct emp_feature emp__features[] = {
    {"recency_days", "days", "`date - last`. Missing without a purchase.", {0}, recency_days},
    {"tenure_days", "days", "`date - first`. Missing without a purchase.", {0}, tenure_days},
    {"lifetime_days",
     "days",
     "`last - first`: 0 if all purchases are of one day. Missing without a purchase.",
     {0},
     lifetime_days},
    {"frequency", "purchases", "The number of purchases. Never missing.", {0}, frequency},
    {"monetary",
     "money",
     "The sum of the purchase rows, and with `returns: net` of the return rows as well. Never "
     "missing.",
     {0},
     monetary},
    {"mean_purchase",
     "money",
     "`monetary / frequency`. Missing without a purchase.",
     {0},
     mean_purchase},
    {"rows_per_purchase",
     "rows",
     "`purchase rows / frequency`: the lines of a basket. Missing without a purchase.",
     {0},
     rows_per_purchase},
    {"purchase_rate",
     "purchases a year",
     "`365.25 frequency / tenure_days`. Missing without a purchase, and if `tenure_days` is 0.",
     {0},
     purchase_rate},
    {"monetary_rate",
     "money a year",
     "`365.25 monetary / tenure_days`. Missing without a purchase, and if `tenure_days` is 0.",
     {0},
     monetary_rate},
    {"purchase_days",
     "days",
     "The number of different days with a purchase row. Never missing.",
     {.days = true},
     purchase_days},
    {"mean_interval_days",
     "days",
     "The mean of the `n = purchase_days - 1` intervals from one purchase day to the next, which "
     "is `(last - first) / n`. Missing below 2 purchase days.",
     {.days = true},
     mean_interval_days},
    {"longest_interval_days",
     "days",
     "The longest of these intervals. Missing below 2 purchase days.",
     {.intervals = true},
     longest_interval_days},
    {"interval_sd_days",
     "days",
     "The standard deviation of these intervals `x`, `sqrt(sum (x - mean)^2 / n)`. Missing below "
     "3 purchase days: one interval does not vary.",
     {.days = true, .intervals = true},
     interval_sd_days},
    {"interval_cv",
     "",
     "`interval_sd_days / mean_interval_days`: 0 for one who comes like clockwork, about 1 for one "
     "who comes at random. Missing below 3 purchase days.",
     {.days = true, .intervals = true},
     interval_cv},
    {"overdue_ratio",
     "",
     "`recency_days / mean_interval_days`: above 1 the customer has been away for longer than "
     "usual. Missing below 2 purchase days.",
     {.days = true},
     overdue_ratio},
    {"products",
     "products",
     "The number of different products of the purchase rows; an empty field is none. Never "
     "missing.",
     {.products = true},
     products},
    {"channels",
     "channels",
     "The number of different channels of the purchase rows; an empty field is none. Never "
     "missing.",
     {.channels = true},
     channels},
    {"return_rows", "rows", "The number of return rows. Never missing.", {0}, return_rows},
    {"return_amount",
     "money",
     "The sum of the return rows, which is 0 or less. Never missing.",
     {0},
     return_amount},
    {"return_share",
     "",
     "`return rows / (purchase rows + return rows)`. Never missing.",
     {0},
     return_share},
    {"return_amount_share",
     "",
     "`-return_amount / bought`: above 1 where more was given back than bought. Missing if nothing "
     "was paid.",
     {0},
     return_amount_share},
    {"trend",
     "",
     "`(later - earlier) / bought`, of what was bought before and after the middle of the time "
     "from `first` to `date`; what was bought on the day in the very middle counts half to each. "
     "-1: all of it early, 1: all of it late. Missing if nothing was paid, and if `tenure_days` is "
     "below 2.",
     {.intervals = true},
     trend},
    {.name = NULL},
};

_Static_assert(sizeof emp__features / sizeof *emp__features <= EMP_FEATURES_MAX + 1,
               "EMP_FEATURES_MAX is too small");

const struct emp_feature *emp__feature_find(const char *name)
{
    for (const struct emp_feature *feature = emp__features; feature->name; feature++)
        if (strcmp(feature->name, name) == 0)
            return feature;
    return NULL;
}

void emp__feature_names(const char *out[EMP_FEATURES_MAX + 1])
{
    size_t count = 0;
    for (; emp__features[count].name; count++)
        out[count] = emp__features[count].name;
    out[count] = NULL;
}

const char *emp__needs_lack(struct emp_needs needs, const struct emp_roles *roles)
{
    if (needs.orders && !roles->order.name)
        return "order";
    if (needs.products && !roles->product.name)
        return "product";
    return needs.channels && !roles->channel.name ? "channel" : NULL;
}
