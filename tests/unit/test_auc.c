// SPDX-License-Identifier: Apache-2.0
/* Rankings, the area under the ROC curve and cuts of it, against their definitions by pairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_scored.h"
#include "evaluate/auc.h"
#include "evaluate/cutoff.h"

static double weight(const struct test_rows *rows, uint32_t i)
{
    return rows->scored.weights ? rows->weights[i] : 1.0;
}

/* Of one row: the share of the other class that it beats, or that beats it. */
static double placement(const struct test_rows *rows, uint32_t i)
{
    double sum = 0.0, all = 0.0;
    for (uint32_t j = 0; j < rows->scored.n; j++) {
        if (rows->labels[j] == rows->labels[i])
            continue;
        double event = rows->labels[i] ? rows->scores[i] : rows->scores[j];
        double other = rows->labels[i] ? rows->scores[j] : rows->scores[i];
        sum += weight(rows, j) * (event > other ? 1.0 : event == other ? 0.5 : 0.0);
        all += weight(rows, j);
    }
    return sum / all;
}

/* Mean and error from the placements of each row: O(n^2). */
static struct emp_measure auc_plain(const struct test_rows *rows)
{
    double mean[2] = {0.0, 0.0}, all[2] = {0.0, 0.0}, squares[2] = {0.0, 0.0};
    for (uint32_t i = 0; i < rows->scored.n; i++) {
        mean[rows->labels[i]] += weight(rows, i) * placement(rows, i);
        all[rows->labels[i]] += weight(rows, i);
    }
    double auc = mean[1] / all[1];
    for (uint32_t i = 0; i < rows->scored.n; i++) {
        double off = placement(rows, i) - auc;
        squares[rows->labels[i]] += weight(rows, i) * off * off;
    }
    double variance = squares[1] / (all[1] - 1.0) / all[1] + squares[0] / (all[0] - 1.0) / all[0];
    return (struct emp_measure){auc, sqrt(variance)};
}

static struct emp_ks ks_plain(const struct test_rows *rows)
{
    struct emp_ks best = {-1.0, NAN};
    for (uint32_t i = 0; i < rows->scored.n; i++) {
        double below[2] = {0.0, 0.0}, all[2] = {0.0, 0.0};
        for (uint32_t j = 0; j < rows->scored.n; j++) {
            all[rows->labels[j]] += weight(rows, j);
            below[rows->labels[j]] += rows->scores[j] <= rows->scores[i] ? weight(rows, j) : 0.0;
        }
        double distance = fabs(below[1] / all[1] - below[0] / all[0]);
        if (distance > best.value)
            best = (struct emp_ks){distance, rows->scores[i]};
    }
    return best;
}

static void expect_plain(struct test_rows *rows)
{
    struct emp_measure auc = emp__auc(&rows->ranking), plain = auc_plain(rows);
    struct emp_ks ks = emp__ks(&rows->ranking), ks_expected = ks_plain(rows);
    assert_true(test_near(auc.value, plain.value, 1e-13));
    assert_true(test_near(auc.std_error, plain.std_error, 1e-13));
    assert_true(test_near(ks.value, ks_expected.value, 1e-13));
    struct emp_confusion at = emp__confusion(&rows->ranking, nextafter(ks.at, INFINITY));
    struct emp_confusion_rates rates = emp__confusion_rates(&at);
    assert_true(test_near(fabs(rates.recall + rates.specificity - 1.0), ks.value, 1e-13));
    free(rows);
}

static void by_pairs(void **state)
{
    (void)state;
    uint64_t seed = 101;
    for (uint32_t distinct = 2; distinct < 2000; distinct = distinct * 3 / 2 + 1) {
        expect_plain(test_rows_random(300, distinct, &seed));
        expect_plain(test_rows_weighted(300, distinct, 5, &seed));
        expect_plain(test_rows_weighted(300, distinct, 0, &seed));
    }
}

/*
 * The CT images of Hanley & McNeil (Radiology 143, 1982), 58 without and 51 with the disease, rated
 * from 1 to 5: area .8932; DeLong's error .0307 and .83295 .. .95339 on the plain scale as Stata's
 * manual has them for roctab.
 */
static void hanley_mcneil(void **state)
{
    (void)state;
    const int without[] = {33, 6, 6, 11, 2}, with[] = {3, 2, 2, 11, 33};
    struct test_rows *rows = test_rows_new(109);
    uint32_t n = 0;
    for (int rating = 0; rating < 5; rating++)
        for (int i = 0; i < without[rating] + with[rating]; i++) {
            rows->scores[n] = rating + 1;
            rows->labels[n++] = i >= without[rating];
        }
    assert_int_equal(n, 109);
    test_rank(rows);
    struct emp_measure auc = emp__auc(&rows->ranking);
    assert_true(fabs(auc.value - 0.8932) < 5e-5);
    assert_true(fabs(auc.std_error - 0.0307) < 5e-5);
    assert_true(fabs(auc.value - 1.959964 * auc.std_error - 0.83295) < 5e-6);
    assert_true(fabs(auc.value + 1.959964 * auc.std_error - 0.95339) < 5e-6);
    struct emp_interval interval = emp__auc_interval(auc, 0.95);
    double logit = log(auc.value / (1.0 - auc.value));
    double reach = 1.959963984540054 * auc.std_error / (auc.value * (1.0 - auc.value));
    assert_true(test_near(interval.low, 1.0 / (1.0 + exp(reach - logit)), 1e-14));
    assert_true(test_near(interval.high, 1.0 / (1.0 + exp(-reach - logit)), 1e-14));
    free(rows);
}

/* 4 events and 4 others with a tie: 0.9 1, 0.8 0, 0.7 1 1 0, 0.4 0, 0.2 1, 0.1 0. */
static void by_hand(void **state)
{
    (void)state;
    const double scores[] = {0.1, 0.7, 0.9, 0.7, 0.8, 0.2, 0.4, 0.7};
    const uint8_t labels[] = {0, 1, 1, 0, 0, 1, 0, 1};
    const uint32_t order[] = {2, 4, 1, 3, 7, 6, 5, 0};
    struct test_rows *rows = test_rows_given(scores, labels, 8);
    assert_memory_equal(rows->order, order, sizeof order);
    assert_int_equal(rows->ranking.count, 6);
    assert_int_equal(rows->groups[2].end, 5);
    assert_true(rows->groups[2].events == 2.0 && rows->groups[2].non_events == 1.0);
    assert_true(emp__auc(&rows->ranking).value == (4.0 + 2 * 2.5 + 1.0) / 16.0);
    struct emp_confusion at = emp__confusion(&rows->ranking, 0.7);
    assert_true(at.tp == 3.0 && at.fp == 2.0 && at.fn == 1.0 && at.tn == 2.0);
    struct emp_confusion_rates rates = emp__confusion_rates(&at);
    assert_true(rates.precision == 0.6 && rates.recall == 0.75 && rates.specificity == 0.5);
    assert_true(rates.f1 == 6.0 / 9.0 && rates.accuracy == 5.0 / 8.0);
    struct emp_ks ks = emp__ks(&rows->ranking);
    /* F1 and F0 at 0.4: 1/4 and 1/2; at 0.1: 0 and 1/4; at 0.7: 3/4 and 3/4. */
    assert_true(ks.value == 0.25 && ks.at == 0.1);
    free(rows);
}

static void expect_same_ranking(const struct test_rows *a, const struct test_rows *b)
{
    assert_int_equal(a->ranking.count, b->ranking.count);
    assert_true(a->ranking.events == b->ranking.events);
    assert_true(a->ranking.non_events == b->ranking.non_events);
    for (uint32_t g = 0; g < a->ranking.count; g++) {
        assert_true(a->groups[g].score == b->groups[g].score);
        assert_true(a->groups[g].events == b->groups[g].events);
        assert_true(a->groups[g].non_events == b->groups[g].non_events);
    }
}

/* Groups, and so what comes from them, do not depend on the order of the rows. */
static void row_order(void **state)
{
    (void)state;
    uint64_t seed = 103;
    for (uint32_t distinct = 1; distinct < 3000; distinct = 3 * distinct + 1) {
        struct test_rows *rows = test_rows_weighted(1000, distinct, 0, &seed);
        for (uint32_t i = 0; i < 1000; i++)
            rows->weights[i] *= ldexp(1.0, (int)(test_random(&seed) % 60));
        test_rank(rows);
        struct test_rows *shuffled = test_rows_shuffled(rows, &seed);
        expect_same_ranking(rows, shuffled);
        assert_true(
            test_same(emp__auc(&rows->ranking).std_error, emp__auc(&shuffled->ranking).std_error));
        free(rows);
        free(shuffled);
    }
}

/* Weights are copies: but for groups of weight 0, which change nothing. */
static void replication(void **state)
{
    (void)state;
    uint64_t seed = 104;
    for (uint32_t distinct = 2; distinct < 3000; distinct *= 5) {
        struct test_rows *rows = test_rows_weighted(800, distinct, 4, &seed);
        struct test_rows *all = test_rows_replicated(rows);
        struct emp_measure a = emp__auc(&rows->ranking), b = emp__auc(&all->ranking);
        assert_true(a.value == b.value && a.std_error == b.std_error);
        assert_true(emp__ks(&rows->ranking).value == emp__ks(&all->ranking).value);
        free(rows);
        free(all);
    }
}

/* A rising function of the scores changes nothing; a falling one turns the curve round. */
static void transforms(void **state)
{
    (void)state;
    uint64_t seed = 105;
    struct test_rows *rows = test_rows_random(1000, 400, &seed);
    struct emp_measure before = emp__auc(&rows->ranking);
    double ks = emp__ks(&rows->ranking).value;
    for (uint32_t i = 0; i < 1000; i++)
        rows->scores[i] = pow(rows->scores[i], 3.0) - 7.0;
    test_rank(rows);
    struct emp_measure after = emp__auc(&rows->ranking);
    assert_true(before.value == after.value && before.std_error == after.std_error);
    assert_true(ks == emp__ks(&rows->ranking).value);
    for (uint32_t i = 0; i < 1000; i++)
        rows->scores[i] = -rows->scores[i];
    test_rank(rows);
    after = emp__auc(&rows->ranking);
    assert_true(test_near(after.value, 1.0 - before.value, 1e-15));
    assert_true(test_near(after.std_error, before.std_error, 1e-14));
    assert_true(test_near(emp__ks(&rows->ranking).value, ks, 1e-15));
    free(rows);
}

static void expect_nothing(struct test_rows *rows)
{
    struct emp_measure auc = emp__auc(&rows->ranking);
    struct emp_ks ks = emp__ks(&rows->ranking);
    assert_true(isnan(auc.value) && isnan(auc.std_error) && isnan(ks.value) && isnan(ks.at));
    free(rows);
}

static void limits(void **state)
{
    (void)state;
    const double scores[] = {1.0, 2.0, 3.0, INFINITY, -INFINITY, -0.0, 0.0};
    const uint8_t none[] = {0, 0, 0, 0}, all[] = {1, 1, 1, 1}, one[] = {0, 0, 1, 1},
                  zeros[] = {0, 0, 0, 1, 0, 0, 1};
    expect_nothing(test_rows_given(scores, none, 0));
    expect_nothing(test_rows_given(scores, none, 1));
    expect_nothing(test_rows_given(scores, none, 4));
    expect_nothing(test_rows_given(scores, all, 4));
    struct test_rows *rows = test_rows_given(scores, one, 3);
    assert_true(emp__auc(&rows->ranking).value == 1.0);
    assert_true(isnan(emp__auc(&rows->ranking).std_error));
    free(rows);
    rows = test_rows_given(scores, one, 4);
    struct emp_measure auc = emp__auc(&rows->ranking);
    struct emp_interval interval = emp__auc_interval(auc, 0.9);
    assert_true(auc.value == 1.0 && auc.std_error == 0.0);
    assert_true(interval.low == 1.0 && interval.high == 1.0);
    assert_true(emp__ks(&rows->ranking).value == 1.0 && emp__ks(&rows->ranking).at == 2.0);
    free(rows);
    /* Both zeros are one score; infinite ones are the ends. */
    rows = test_rows_given(scores, zeros, 7);
    assert_int_equal(rows->ranking.count, 6);
    assert_true(rows->groups[0].score == INFINITY && rows->groups[5].score == -INFINITY);
    assert_true(emp__auc(&rows->ranking).value == (5.0 + 1.5) / 10.0);
    free(rows);
}

static void all_tied(void **state)
{
    (void)state;
    uint64_t seed = 106;
    struct test_rows *rows = test_rows_random(500, 1, &seed);
    struct emp_measure auc = emp__auc(&rows->ranking);
    assert_int_equal(rows->ranking.count, 1);
    assert_true(auc.value == 0.5 && auc.std_error == 0.0);
    assert_true(emp__ks(&rows->ranking).value == 0.0);
    struct emp_confusion at = emp__confusion(&rows->ranking, 0.6);
    assert_true(at.tp == 0.0 && at.fp == 0.0 && at.fn + at.tn == 500.0);
    assert_true(isnan(emp__confusion_rates(&at).precision));
    free(rows);
}

static void event_sums(void **state)
{
    (void)state;
    uint64_t seed = 107;
    double values[1000], sums[TEST_ROWS];
    struct test_rows *rows = test_rows_weighted(1000, 50, 7, &seed);
    for (uint32_t i = 0; i < 1000; i++)
        values[i] = (double)(test_random(&seed) % 2000) / 8.0 - 100.0;
    emp__rank_event_sums(&rows->ranking, &rows->scored, values, sums);
    for (uint32_t g = 0; g < rows->ranking.count; g++) {
        double sum = 0.0;
        for (uint32_t i = 0; i < 1000; i++)
            if (rows->scores[i] == rows->groups[g].score && rows->labels[i])
                sum += rows->weights[i] * values[i];
        assert_true(sums[g] == sum);
    }
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_pairs),  cmocka_unit_test(hanley_mcneil), cmocka_unit_test(by_hand),
        cmocka_unit_test(row_order), cmocka_unit_test(replication),   cmocka_unit_test(transforms),
        cmocka_unit_test(limits),    cmocka_unit_test(all_tied),      cmocka_unit_test(event_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
