// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/assumptions.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/ltv/tracking.h"
#include "base/memory.h"
#include "evaluate/spearman.h"
#include "number/normal.h"
#include "random/portable_math.h"
#include "sink/table_fields.h"

enum { CHECKS = 5 };

struct row {
    const char *check;
    double value, expected;
    double p_value;     /* of a value so far from what is expected; NaN: it is not computed */
    uint64_t customers; /* that it is seen in */
    const char *verdict;
};

static const struct emp_table_field fields[] = {
    {"check", EMP_FIELD_TEXT, offsetof(struct row, check)},
    {"value", EMP_FIELD_REAL, offsetof(struct row, value)},
    {"expected", EMP_FIELD_REAL, offsetof(struct row, expected)},
    {"p_value", EMP_FIELD_REAL, offsetof(struct row, p_value)},
    {"customers", EMP_FIELD_COUNT, offsetof(struct row, customers)},
    {"verdict", EMP_FIELD_TEXT, offsetof(struct row, verdict)},
    {.name = NULL},
};

struct checks {
    struct row rows[CHECKS];
    size_t count;
};

/* A value, what it is where the assumption holds, and the range in which it may well. */
static void add(struct checks *checks, struct row row, double low, double high)
{
    if (isnan(row.value))
        return;
    row.verdict = row.value >= low && row.value <= high ? "ok" : "doubtful";
    checks->rows[checks->count++] = row;
}

/* --- Frequency and spend --- */

static double pearson(const double *one, const double *other, size_t n)
{
    double mean_one = 0.0, mean_other = 0.0, products = 0.0, squares = 0.0, others = 0.0;
    for (size_t i = 0; i < n; i++) {
        mean_one += one[i] / (double)n;
        mean_other += other[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        double x = one[i] - mean_one, y = other[i] - mean_other;
        products += x * y;
        squares += x * x;
        others += y * y;
    }
    return squares > 0.0 && others > 0.0 ? products / (sqrt(squares) * sqrt(others)) : NAN;
}

/* Of two sides that are independent, by Fisher's transformation: atanh(r) has the variance 1 / (n -
 * 3). */
static double p_of_product(double r, size_t n)
{
    double t = 0.5 * emp__log((1.0 + r) / (1.0 - r));
    return n > 3 && fabs(r) < 1.0 ? emp__normal_two_sided(t * sqrt((double)n - 3.0)) : NAN;
}

/* Without any relation a rank correlation has the variance 1 / (n - 1). */
static double p_of_ranks(double r, size_t n)
{
    return n > 3 ? emp__normal_two_sided(r * sqrt((double)n - 1.0)) : NAN;
}

static emp_status check_independence(const struct emp_ltv_sample *sample, struct checks *checks,
                                     emp_error *error)
{
    const double most = 0.2;
    double *x = NULL, *spend = NULL;
    char *space = NULL;
    size_t n = 0;
    emp_status status = emp__new_array(&x, sample->count, sizeof *x, error);
    if (status == EMP_OK)
        status = emp__new_array(&spend, sample->count, sizeof *spend, error);
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++)
        if (sample->x[i] > 0 && sample->spend[i] > 0.0) {
            x[n] = sample->x[i];
            spend[n++] = sample->spend[i];
        }
    if (status == EMP_OK)
        status = emp__new_array(&space, emp__spearman_work(n), 1, error);
    if (status == EMP_OK) {
        double product = pearson(x, spend, n), ranks = emp__spearman(x, spend, n, space);
        add(checks,
            (struct row){"frequency_spend_pearson", product, 0.0, p_of_product(product, n), n,
                         NULL},
            -most, most);
        add(checks,
            (struct row){"frequency_spend_spearman", ranks, 0.0, p_of_ranks(ranks, n), n, NULL},
            -most, most);
    }
    free(x);
    free(spend);
    free(space);
    return status;
}

/* --- Visits --- */

static void check_intervals(const struct emp_ltv_sample *sample, struct checks *checks)
{
    double found = 0.0, expected = 0.0;
    uint64_t customers = 0;
    for (size_t i = 0; i < sample->count; i++) {
        const struct emp_visits *visits = &sample->visits[sample->customer[i]];
        double intervals = visits->count - 1.0, length = visits->last_day - sample->birth[i];
        if (intervals < 2.0)
            continue;
        customers++;
        found += (double)visits->interval_squares;
        expected += 2.0 * length * length / (intervals + 1.0);
    }
    double dispersion = expected > 0.0 ? found / expected : NAN;
    add(checks, (struct row){"interval_dispersion", dispersion, 1.0, NAN, customers, NULL}, 0.7,
        1.4);
}

static void check_returns(const struct emp_ltv_sample *sample, struct checks *checks)
{
    double bought = 0.0, returned = 0.0;
    uint64_t customers = 0;
    for (size_t i = 0; i < sample->count; i++) {
        const struct emp_visits *visits = &sample->visits[sample->customer[i]];
        bought += (double)visits->bought;
        returned -= (double)visits->returned;
        customers += visits->returned < 0;
    }
    double share = bought > 0.0 ? returned / bought : NAN;
    add(checks, (struct row){"returned_share", share, 0.0, NAN, customers, NULL}, 0.0, 0.1);
}

/* Seasons are there where months are clearly further apart than chance has them. */
static emp_status check_season(const struct emp_ltv_work *work, struct checks *checks,
                               emp_error *error)
{
    const double most = 0.15;
    struct emp_ltv_season season;
    emp_status status = emp__ltv_season(work, &season, error);
    if (status == EMP_OK)
        add(checks,
            (struct row){"month_spread", season.spread, season.by_chance, NAN,
                         work->calibration.count, NULL},
            0.0, most + season.by_chance);
    return status;
}

emp_status emp__ltv_assumptions(const struct emp_ltv_work *work, struct emp_result *result,
                                emp_error *error)
{
    const struct emp_ltv_sample *sample = &work->calibration;
    struct checks checks = {.count = 0};
    struct emp_table *table = NULL;
    emp_status status = EMP_OK;
    if (sample->spend && !sample->ended)
        status = check_independence(sample, &checks, error);
    if (status == EMP_OK && sample->visits) {
        check_intervals(sample, &checks);
        check_returns(sample, &checks);
        status = check_season(work, &checks, error);
    }
    if (status == EMP_OK)
        status = emp__result_add_table(result, "ltv_assumptions", checks.count, &table, error);
    return status == EMP_OK
               ? emp__table_add_fields(table, fields,
                                       (struct emp_table_items){checks.rows, sizeof *checks.rows},
                                       error)
               : status;
}
