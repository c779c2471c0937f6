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

static bool of_one_group(const struct emp_ltv_patterns *patterns, size_t p, size_t q)
{
    return patterns->x[p] == patterns->x[q] && patterns->age[p] == patterns->age[q];
}

/* Those of the same x and age follow each other, by time of the last purchase; with the count, no
 * two patterns are alike. */
static void expect_groups(const struct emp_ltv_patterns *patterns)
{
    static bool seen[5][40];
    memset(seen, 0, sizeof seen);
    for (size_t p = 0; p < patterns->count; p++) {
        bool *is = &seen[patterns->x[p]][lround(7 * patterns->age[p])];
        if (p > 0 && of_one_group(patterns, p, p - 1))
            assert_true(patterns->t_x[p] > patterns->t_x[p - 1]);
        else
            assert_false(*is);
        *is = true;
    }
}

static void expect_members(const struct emp_ltv_sample *sample,
                           const struct emp_ltv_patterns *patterns)
{
    double total = 0.0, all = 0.0;
    for (size_t i = 0; i < sample->count; i++) {
        size_t p = patterns->pattern[i];
        assert_true(p < patterns->count);
        assert_true(patterns->x[p] == sample->x[i] && patterns->t_x[p] == sample->t_x[i] &&
                    patterns->age[p] == sample->age[i]);
        total += sample->weight[i];
    }
    for (size_t p = 0; p < patterns->count; p++)
        all += patterns->weight[p];
    assert_true(all == total);
}

static void expect_same(const struct emp_ltv_patterns *one, const struct emp_ltv_patterns *other,
                        size_t customers)
{
    assert_int_equal(one->count, other->count);
    assert_memory_equal(one->pattern, other->pattern, customers * sizeof *one->pattern);
    assert_memory_equal(one->x, other->x, one->count * sizeof *one->x);
    assert_memory_equal(one->t_x, other->t_x, one->count * sizeof *one->t_x);
    assert_memory_equal(one->age, other->age, one->count * sizeof *one->age);
    assert_memory_equal(one->weight, other->weight, one->count * sizeof *one->weight);
}

/* So many that there are several parts and chunks. */
static void patterns_of_random_customers(void **state)
{
    (void)state;
    enum { MANY = 150000 };
    static const int threads[] = {2, 3, 7};
    static uint32_t x[MANY];
    static double t_x[MANY], age[MANY], weight[MANY];
    struct test_folder folder = test_folder_new();
    struct emp_store *store = NULL;
    struct emp_ltv_patterns patterns, again;
    uint64_t seed = 4;
    assert_int_equal(emp__store_new(folder.path, UINT64_C(1) << 40, &store, NULL), EMP_OK);
    for (size_t i = 0; i < MANY; i++) {
        x[i] = (uint32_t)(test_random(&seed) % 5);
        age[i] = (double)(test_random(&seed) % 40) / 7.0;
        t_x[i] = x[i] ? (double)(test_random(&seed) % 40) / 7.0 : -0.0;
        weight[i] = 1.0 + (double)(test_random(&seed) % 3);
    }
    const struct emp_ltv_sample sample = {
        .count = MANY, .x = x, .t_x = t_x, .age = age, .weight = weight};
    assert_int_equal(emp__ltv_patterns(&sample, 1, store, &patterns, NULL), EMP_OK);
    expect_members(&sample, &patterns);
    expect_groups(&patterns);
    assert_int_equal(patterns.count, different(&sample));
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        assert_int_equal(emp__ltv_patterns(&sample, threads[t], store, &again, NULL), EMP_OK);
        expect_same(&patterns, &again, MANY);
        emp__ltv_patterns_give(store, &again);
    }
    emp__ltv_patterns_give(store, &patterns);
    const struct emp_ltv_sample nobody = {.count = 0};
    assert_int_equal(emp__ltv_patterns(&nobody, 2, store, &patterns, NULL), EMP_OK);
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
