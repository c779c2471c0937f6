// SPDX-License-Identifier: Apache-2.0
/* Parts of the lifetime value analysis: units of time, patterns, a constant retention. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "../lib/test_folder.h"
#include "analysis/ltv/margin.h"
#include "analysis/ltv/patterns.h"
#include "text/civil_time.h"

static int32_t day(int year, int month, int of_month)
{
    return (int32_t)emp__days_from_civil(year, month, of_month);
}

static double months(int32_t from, int32_t to)
{
    return emp__ltv_time(EMP_SPAN_MONTH, from, to);
}

static void units_of_time(void **state)
{
    (void)state;
    assert_true(emp__ltv_time(EMP_SPAN_DAY, 3, 17) == 14.0);
    assert_true(emp__ltv_time(EMP_SPAN_WEEK, 3, 17) == 2.0);
    assert_true(emp__ltv_time(EMP_SPAN_WEEK, 3, 4) == 1.0 / 7.0);
    assert_true(months(day(2024, 1, 15), day(2024, 1, 15)) == 0.0);
    assert_true(months(day(2024, 1, 15), day(2024, 2, 15)) == 1.0);
    assert_true(months(day(2023, 12, 31), day(2024, 12, 31)) == 12.0);
    /* 2024-02-15 to 2024-03-01: 15 of 29 days. */
    assert_true(months(day(2024, 2, 15), day(2024, 3, 1)) == 15.0 / 29.0);
    /* There is no 31st of February: the month is over on its last day. */
    assert_true(months(day(2024, 1, 31), day(2024, 2, 29)) == 1.0);
    assert_true(months(day(2024, 1, 31), day(2024, 2, 28)) == 28.0 / 29.0);
    assert_true(emp__ltv_units_a_year(EMP_SPAN_MONTH) == 12.0);
    assert_true(fabs(emp__ltv_units_a_year(EMP_SPAN_WEEK) * 7.0 - 365.25) < 1e-12);
}

/* Time does not stand still, nor go back, whatever the day it begins. */
static void months_ascend(void **state)
{
    (void)state;
    for (int32_t from = day(2023, 1, 1); from < day(2024, 12, 31); from += 5)
        for (int32_t to = from; to < from + 800; to++) {
            double step = months(from, to + 1) - months(from, to);
            assert_true(step > 0.03 && step < 0.04);
        }
}

/* How many customers are unlike all before them: x below 5, times below 40 sevenths. */
static size_t different(const struct emp_ltv_sample *sample)
{
    static bool seen[5][40][40];
    size_t count = 0;
    memset(seen, 0, sizeof seen);
    for (size_t i = 0; i < sample->count; i++) {
        bool *is = &seen[sample->x[i]][lround(7 * sample->t_x[i])][lround(7 * sample->age[i])];
        count += !*is;
        *is = true;
    }
    return count;
}

static void patterns_of_random_customers(void **state)
{
    (void)state;
    enum { MANY = 20000 };
    static uint32_t x[MANY];
    static double t_x[MANY], age[MANY], weight[MANY];
    struct test_folder folder = test_folder_new();
    struct emp_store *store = NULL;
    struct emp_ltv_patterns patterns;
    uint64_t seed = 4;
    assert_int_equal(emp__store_new(folder.path, UINT64_C(1) << 40, &store, NULL), EMP_OK);
    for (size_t i = 0; i < MANY; i++) {
        x[i] = (uint32_t)(test_random(&seed) % 5);
        age[i] = (double)(test_random(&seed) % 40) / 7.0;
        t_x[i] = x[i] ? (double)(test_random(&seed) % 40) / 7.0 : 0.0;
        weight[i] = 1.0 + (double)(test_random(&seed) % 3);
    }
    const struct emp_ltv_sample sample = {
        .count = MANY, .x = x, .t_x = t_x, .age = age, .weight = weight};
    assert_int_equal(emp__ltv_patterns(&sample, store, &patterns, NULL), EMP_OK);
    double total = 0.0, all = 0.0;
    size_t seen = 0;
    for (size_t i = 0; i < MANY; i++) {
        size_t p = patterns.pattern[i];
        assert_true(p < patterns.count);
        assert_true(patterns.x[p] == x[i] && patterns.t_x[p] == t_x[i] &&
                    patterns.age[p] == age[i]);
        total += weight[i];
        /* In the order in which they come; with the count below: no two are alike. */
        assert_true(p <= seen);
        seen += p == seen;
    }
    assert_int_equal(seen, patterns.count);
    for (size_t p = 0; p < patterns.count; p++)
        all += patterns.weight[p];
    assert_true(all == total);
    assert_int_equal(patterns.count, different(&sample));
    emp__ltv_patterns_give(store, &patterns);
    const struct emp_ltv_sample nobody = {.count = 0};
    assert_int_equal(emp__ltv_patterns(&nobody, store, &patterns, NULL), EMP_OK);
    assert_int_equal(patterns.count, 0);
    emp__ltv_patterns_give(store, &patterns);
    emp__store_free(store);
    test_folder_free(&folder);
}

/* 7 renewals and 3 that were not made. */
static void a_constant_retention(void **state)
{
    (void)state;
    static const uint32_t x[] = {2, 0, 5, 0};
    static const uint8_t ended[] = {1, 1, 0, 1}, never[] = {0, 0, 0, 0};
    struct emp_lifetime_data data = {.n = 4, .x = x, .ended = ended};
    struct emp_lifetime_fit fit;
    emp__ltv_margin_fit(&data, &fit);
    assert_int_equal(fit.status, EMP_LIFETIME_CONVERGED);
    assert_true(fit.parameter[0] == 0.7);
    assert_true(fabs(fit.log_likelihood - (7.0 * log(0.7) + 3.0 * log(0.3))) < 1e-12);
    assert_true(fabs(fit.std_error[0] - sqrt(0.021)) < 1e-12);
    assert_true(fabs(0.7 * sqrt(fit.covariance[0][0]) - fit.std_error[0]) < 1e-12);
    data.ended = never;
    emp__ltv_margin_fit(&data, &fit);
    assert_int_equal(fit.status, EMP_LIFETIME_AT_BOUND);
    assert_true(fit.parameter[0] == 1.0 && fit.at_bound == 1 && fit.log_likelihood == 0.0);
    data.n = 0;
    emp__ltv_margin_fit(&data, &fit);
    assert_int_equal(fit.status, EMP_LIFETIME_NO_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_time),
        cmocka_unit_test(months_ascend),
        cmocka_unit_test(patterns_of_random_customers),
        cmocka_unit_test(a_constant_retention),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
