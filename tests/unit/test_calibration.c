// SPDX-License-Identifier: Apache-2.0
/* How good probabilities are, and what makes them better: scoring rules, calibration tables, Platt
 * scaling and isotonic regression. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_scored.h"
#include "evaluate/calibration_table.h"
#include "evaluate/isotonic.h"
#include "evaluate/platt.h"
#include "evaluate/proper_scores.h"

static double weight(const struct test_rows *rows, uint32_t i)
{
    return rows->scored.weights ? rows->weights[i] : 1.0;
}

static double log_loss(double p, int label)
{
    return -log(label ? p : 1.0 - p);
}

static double squared(double p, int label)
{
    return (p - label) * (p - label);
}

/* Row by row. */
static struct emp_measure mean_plain(const struct test_rows *rows, double (*loss)(double, int))
{
    double sum = 0.0, all = 0.0, squares = 0.0;
    for (uint32_t i = 0; i < rows->scored.n; i++) {
        sum += weight(rows, i) * loss(rows->scores[i], rows->labels[i]);
        all += weight(rows, i);
    }
    for (uint32_t i = 0; i < rows->scored.n; i++)
        squares += weight(rows, i) * pow(loss(rows->scores[i], rows->labels[i]) - sum / all, 2.0);
    return (struct emp_measure){sum / all, sqrt(squares / (all - 1.0) / all)};
}

static void expect_scores(struct test_rows *rows)
{
    struct emp_proper_scores scores = emp__proper_scores(&rows->ranking, 0.0);
    struct emp_measure log = mean_plain(rows, log_loss), brier = mean_plain(rows, squared);
    assert_true(test_near(scores.log_loss.value, log.value, 1e-13));
    assert_true(test_near(scores.log_loss.std_error, log.std_error, 1e-13));
    assert_true(test_near(scores.brier.value, brier.value, 1e-13));
    assert_true(test_near(scores.brier.std_error, brier.std_error, 1e-13));
    double share = rows->ranking.events / (rows->ranking.events + rows->ranking.non_events);
    assert_true(test_near(scores.brier_skill, 1.0 - brier.value / (share * (1.0 - share)), 1e-13));
    assert_true(scores.certain_wrong == 0.0);
    free(rows);
}

static void proper_scores(void **state)
{
    (void)state;
    uint64_t seed = 141;
    for (uint32_t distinct = 1; distinct < 3000; distinct = 2 * distinct + 1) {
        expect_scores(test_rows_random(500, distinct, &seed));
        expect_scores(test_rows_weighted(500, distinct, 0, &seed));
    }
}

static void certain_probabilities(void **state)
{
    (void)state;
    const double scores[] = {0.0, 1.0, 1.0, 0.5, 0.0};
    const uint8_t labels[] = {0, 1, 0, 1, 0}, right[] = {0, 1, 1, 1, 0};
    struct test_rows *rows = test_rows_given(scores, labels, 5);
    struct emp_proper_scores found = emp__proper_scores(&rows->ranking, 0.0);
    assert_true(found.log_loss.value == INFINITY && isnan(found.log_loss.std_error));
    assert_true(found.certain_wrong == 1.0 && found.brier.value == 1.25 / 5.0);
    assert_true(found.mean == 0.5);
    found = emp__proper_scores(&rows->ranking, 0x1p-10);
    double expected = (10.0 * log(2.0) + log(2.0) - 3.0 * log1p(-0x1p-10)) / 5.0;
    assert_true(test_near(found.log_loss.value, expected, 1e-14) && found.certain_wrong == 1.0);
    struct emp_interval interval = emp__normal_interval(found.log_loss, 0.95);
    assert_true(test_near(interval.high - interval.low,
                          2.0 * 1.9599639845400543 * found.log_loss.std_error, 1e-14));
    free(rows);
    rows = test_rows_given(scores, right, 5);
    found = emp__proper_scores(&rows->ranking, 0.0);
    assert_true(test_near(found.log_loss.value, log(2.0) / 5.0, 1e-15));
    free(rows);
    rows = test_rows_given(scores, labels, 0);
    found = emp__proper_scores(&rows->ranking, 0.0);
    assert_true(isnan(found.log_loss.value) && isnan(found.brier.value));
    assert_true(isnan(found.brier_skill) && isnan(found.mean));
    free(rows);
    rows = test_rows_given(scores, labels, 1);
    found = emp__proper_scores(&rows->ranking, 0.0);
    assert_true(found.brier.value == 0.0 && isnan(found.brier.std_error));
    assert_true(isnan(found.brier_skill));
    free(rows);
}

/* Examples of Newcombe (Statistics in Medicine 17, 1998, table I, method 3). */
static void wilson(void **state)
{
    (void)state;
    const struct {
        double events, n, low, high;
    } known[] = {{81, 263, 0.2553, 0.3662},
                 {15, 148, 0.0624, 0.1605},
                 {0, 20, 0.0, 0.1611},
                 {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < 4; i++) {
        struct emp_interval found = emp__wilson_interval(known[i].events, known[i].n, 0.95);
        assert_true(fabs(found.low - known[i].low) <= 5e-5);
        assert_true(fabs(found.high - known[i].high) <= 5e-5);
        found = emp__wilson_interval(known[i].n - known[i].events, known[i].n, 0.95);
        assert_true(fabs(found.high - (1.0 - known[i].low)) <= 5e-5);
    }
    assert_true(emp__wilson_interval(0.0, 20.0, 0.95).low == 0.0);
    assert_true(emp__wilson_interval(20.0, 20.0, 0.95).high == 1.0);
    assert_true(isnan(emp__wilson_interval(0.0, 0.0, 0.95).low));
}

/* Two bins of 3 and 4: the middle of the rows at .3 is at 2 of 7, that of the row at .6 at 3.5. */
static void calibration_by_hand(void **state)
{
    (void)state;
    const double scores[] = {0.1, 0.3, 0.3, 0.6, 0.7, 0.8, 0.9};
    const uint8_t labels[] = {0, 1, 0, 1, 0, 1, 1};
    struct emp_calibration_bin table[2];
    struct test_rows *rows = test_rows_given(scores, labels, 7);
    assert_int_equal(emp__calibration_table(&rows->ranking, 2, 0.95, table), 2);
    assert_true(table[0].customers == 3.0 && table[0].events == 1.0);
    assert_true(test_near(table[0].predicted, 0.7 / 3.0, 1e-15));
    assert_true(table[1].observed == 0.75 && test_near(table[1].predicted, 0.75, 1e-15));
    assert_true(table[1].interval.high == emp__wilson_interval(3.0, 4.0, 0.95).high);
    struct emp_hosmer_lemeshow test = emp__hosmer_lemeshow(table, 2, 0);
    double expected = 0.3 * 0.3 / (0.7 * (1.0 - 0.7 / 3.0));
    assert_true(test_near(test.statistic, expected, 1e-14) && test.degrees == 2);
    assert_true(test_near(test.p_value, exp(-0.5 * expected), 1e-14));
    test = emp__hosmer_lemeshow(table, 2, 2);
    assert_true(test.degrees == 0 && isnan(test.p_value));
    /* Events less probabilities: .3 and 0 in two bins, -.1 .4 -.3 .3 in four. */
    assert_true(test_near(emp__calibration_error(&rows->ranking, 2), 0.3 / 7.0, 1e-14));
    assert_true(
        test_near(emp__calibration_error(&rows->ranking, 4), (0.1 + 0.4 + 0.3 + 0.3) / 7.0, 1e-14));
    free(rows);
}

/* Each bin from the rows, by the rule in the header. */
static void calibration_by_rule(void **state)
{
    (void)state;
    uint64_t seed = 142;
    for (uint32_t distinct = 1; distinct < 2000; distinct *= 3) {
        struct test_rows *rows = test_rows_weighted(600, distinct, 4, &seed);
        struct emp_calibration_bin table[12];
        uint32_t count = emp__calibration_table(&rows->ranking, 12, 0.9, table), next = 0;
        double all = rows->ranking.events + rows->ranking.non_events;
        for (uint32_t bin = 0; bin < 12; bin++) {
            double weights = 0.0, events = 0.0, predicted = 0.0;
            for (uint32_t i = 0; i < 600; i++) {
                double below = 0.0, same = 0.0;
                for (uint32_t j = 0; j < 600; j++) {
                    below += rows->scores[j] < rows->scores[i] ? rows->weights[j] : 0.0;
                    same += rows->scores[j] == rows->scores[i] ? rows->weights[j] : 0.0;
                }
                if (floor(12.0 * (2.0 * below + same) / (2.0 * all)) != bin)
                    continue;
                weights += rows->weights[i];
                events += rows->weights[i] * rows->labels[i];
                predicted += rows->weights[i] * rows->scores[i];
            }
            if (weights == 0.0)
                continue;
            assert_true(next < count && table[next].customers == weights);
            assert_true(table[next].events == events);
            assert_true(test_near(table[next].predicted, predicted / weights, 1e-13));
            next++;
        }
        assert_int_equal(next, count);
        free(rows);
    }
}

static void calibration_limits(void **state)
{
    (void)state;
    const double scores[] = {0.0, 0.0, 1.0, 1.0};
    const uint8_t right[] = {0, 0, 1, 1}, wrong[] = {0, 1, 1, 1};
    struct emp_calibration_bin table[5];
    struct test_rows *rows = test_rows_given(scores, right, 4);
    uint32_t count = emp__calibration_table(&rows->ranking, 5, 0.95, table);
    assert_int_equal(count, 2);
    struct emp_hosmer_lemeshow test = emp__hosmer_lemeshow(table, count, 0);
    assert_true(test.statistic == 0.0 && test.p_value == 1.0);
    assert_true(emp__calibration_error(&rows->ranking, 10) == 0.0);
    free(rows);
    rows = test_rows_given(scores, wrong, 4);
    count = emp__calibration_table(&rows->ranking, 5, 0.95, table);
    test = emp__hosmer_lemeshow(table, count, 0);
    assert_true(test.statistic == INFINITY && test.p_value == 0.0);
    assert_true(emp__calibration_error(&rows->ranking, 10) == 0.25);
    free(rows);
    rows = test_rows_given(scores, right, 0);
    assert_int_equal(emp__calibration_table(&rows->ranking, 5, 0.95, table), 0);
    assert_true(isnan(emp__calibration_error(&rows->ranking, 10)));
    free(rows);
}

/* Coefficients of R 4.2's glm (quasibinomial, on the smoothed targets). */
static void platt_known(void **state)
{
    (void)state;
    const double scores[] = {-2.5, -1.25, -1.25, -0.5, 0, 0.25, 0.25, 0.25, 1, 1.5, 2, 3.75},
                 weights[] = {1, 2, 1, 3, 1, 2, 1, 1, 4, 1, 1, 2};
    const uint8_t labels[] = {0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1};
    struct test_rows *rows = test_rows_given(scores, labels, 12);
    struct emp_platt platt = emp__platt(&rows->ranking);
    assert_true(test_near(platt.intercept, -0.45986021302929886, 1e-11));
    assert_true(test_near(platt.slope, 0.41707437308633016, 1e-11));
    assert_true(test_near(emp__platt_at(&platt, 2.0),
                          1.0 / (1.0 + exp(-(platt.intercept + 2.0 * platt.slope))), 1e-15));
    rows->scored.weights = weights;
    test_rank(rows);
    platt = emp__platt(&rows->ranking);
    assert_true(test_near(platt.intercept, -0.26610823403952882, 1e-11));
    assert_true(test_near(platt.slope, 0.75518417185146369, 1e-11));
    free(rows);
}

/* At the optimum sum w (p - t) and sum w (p - t) f are 0; from the rows, not from the groups. */
static void expect_optimum(struct test_rows *rows)
{
    struct emp_platt platt = emp__platt(&rows->ranking);
    double events = rows->ranking.events, others = rows->ranking.non_events, greatest = 0.0;
    double off = 0.0, slope = 0.0, all = events + others;
    for (uint32_t i = 0; i < rows->scored.n; i++) {
        double target = rows->labels[i] ? (events + 1.0) / (events + 2.0) : 1.0 / (others + 2.0);
        double wrong = weight(rows, i) * (emp__platt_at(&platt, rows->scores[i]) - target);
        off += wrong;
        slope += wrong * rows->scores[i];
        greatest = fmax(greatest, fabs(rows->scores[i]));
    }
    assert_true(platt.steps < EMP_PLATT_STEPS);
    assert_true(fabs(off) <= 1e-10 * all && fabs(slope) <= 1e-10 * all * greatest);
    free(rows);
}

static void platt_optimum(void **state)
{
    (void)state;
    uint64_t seed = 143;
    for (double factor = 1e-200; factor < 1e300; factor *= 1e50) {
        struct test_rows *rows = test_rows_weighted(500, 200, 0, &seed);
        for (uint32_t i = 0; i < 500; i++)
            rows->scores[i] *= factor;
        test_rank(rows);
        expect_optimum(rows);
    }
    /* Separated, against the order, far from 0, one event among many, heavy tails. */
    for (int kind = 0; kind < 5; kind++) {
        struct test_rows *rows = test_rows_random(500, 300, &seed);
        for (uint32_t i = 0; i < 500; i++) {
            double p = rows->scores[i];
            rows->labels[i] = kind == 0   ? p > 0.4
                              : kind == 1 ? p < 0.4
                              : kind == 3 ? i == 7
                                          : rows->labels[i];
            rows->scores[i] = kind == 2 ? 1e6 + p : kind == 4 ? tan(3.14159 * (p - 0.5)) : p;
        }
        test_rank(rows);
        expect_optimum(rows);
    }
}

static void platt_limits(void **state)
{
    (void)state;
    const double same[] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3}, different[] = {1, 2, 3, 4};
    const uint8_t labels[] = {1, 0, 0, 0, 0, 0}, all[] = {1, 1, 1, 1};
    struct test_rows *rows = test_rows_given(same, labels, 0);
    assert_true(isnan(emp__platt(&rows->ranking).slope));
    free(rows);
    rows = test_rows_given(same, labels, 6);
    struct emp_platt platt = emp__platt(&rows->ranking);
    double mean = (2.0 / 3.0 + 5.0 / 7.0) / 6.0;
    assert_true(platt.slope == 0.0 && test_near(emp__platt_at(&platt, 9.0), mean, 1e-15));
    free(rows);
    /* One class: its smoothed rate for all. */
    rows = test_rows_given(different, all, 4);
    platt = emp__platt(&rows->ranking);
    assert_true(test_near(emp__platt_at(&platt, 2.0), 5.0 / 6.0, 1e-12));
    assert_true(fabs(platt.slope) < 1e-12);
    free(rows);
}

/* max over a <= i of min over b >= i of the mean of a .. b, over the distinct scores ascending:
 * O(n^3). */
static double isotonic_plain(const struct test_rows *rows, uint32_t i)
{
    const struct emp_ranking *ranking = &rows->ranking;
    double best = -1.0;
    for (uint32_t a = i; a < ranking->count; a++) { /* the groups descend */
        double least = 2.0;
        for (uint32_t b = 0; b <= i; b++) {
            double events = 0.0, all = 0.0;
            for (uint32_t g = b; g <= a; g++) {
                events += rows->groups[g].events;
                all += rows->groups[g].events + rows->groups[g].non_events;
            }
            least = all > 0.0 ? fmin(least, events / all) : least;
        }
        best = least < 2.0 ? fmax(best, least) : best;
    }
    return best;
}

static void expect_isotonic(struct test_rows *rows)
{
    struct emp_isotonic_block blocks[100];
    uint32_t count = emp__isotonic(&rows->ranking, blocks);
    for (uint32_t b = 1; b < count; b++) {
        assert_true(blocks[b - 1].value < blocks[b].value);
        assert_true(blocks[b - 1].high < blocks[b].low);
    }
    for (uint32_t g = 0; g < rows->ranking.count; g++) {
        if (rows->groups[g].events + rows->groups[g].non_events == 0.0)
            continue;
        double found = emp__isotonic_at(blocks, count, rows->groups[g].score);
        assert_true(test_near(found, isotonic_plain(rows, g), 1e-14));
    }
    free(rows);
}

static void isotonic(void **state)
{
    (void)state;
    uint64_t seed = 144;
    for (int i = 0; i < 40; i++) {
        uint32_t distinct = 1 + (uint32_t)(test_random(&seed) % 50);
        expect_isotonic(test_rows_random(60, distinct, &seed));
        expect_isotonic(test_rows_weighted(60, distinct, 3, &seed));
        expect_isotonic(test_rows_weighted(60, distinct, 0, &seed));
    }
}

/* 0, then 1 0 pooled to 1/2, then 1 1 pooled to 1. */
static void isotonic_by_hand(void **state)
{
    (void)state;
    const double scores[] = {1, 2, 3, 4, 6}, wide[] = {-1.7e308, 1.7e308};
    const uint8_t labels[] = {0, 1, 0, 1, 1};
    struct emp_isotonic_block blocks[5];
    struct test_rows *rows = test_rows_given(scores, labels, 5);
    uint32_t count = emp__isotonic(&rows->ranking, blocks);
    assert_int_equal(count, 3);
    assert_true(blocks[1].low == 2.0 && blocks[1].high == 3.0 && blocks[1].value == 0.5);
    assert_true(blocks[2].low == 4.0 && blocks[2].high == 6.0 && blocks[2].value == 1.0);
    const double at[] = {0.0, 1.0, 1.5, 2.0, 2.7, 3.25, 4.0, 5.0, 7.0};
    const double expected[] = {0.0, 0.0, 0.25, 0.5, 0.5, 0.625, 1.0, 1.0, 1.0};
    for (size_t i = 0; i < 9; i++)
        assert_true(emp__isotonic_at(blocks, count, at[i]) == expected[i]);
    free(rows);
    rows = test_rows_given(wide, labels, 2);
    count = emp__isotonic(&rows->ranking, blocks);
    assert_true(count == 2 && emp__isotonic_at(blocks, count, 0.0) == 0.5);
    free(rows);
    rows = test_rows_given(wide, labels, 0);
    assert_int_equal(emp__isotonic(&rows->ranking, blocks), 0);
    free(rows);
}

/* All of it has the same bits for rows in any order. */
static void row_order(void **state)
{
    (void)state;
    uint64_t seed = 145;
    struct test_rows *rows = test_rows_weighted(900, 400, 0, &seed);
    struct test_rows *other = test_rows_shuffled(rows, &seed);
    struct emp_proper_scores a = emp__proper_scores(&rows->ranking, 0.0),
                             b = emp__proper_scores(&other->ranking, 0.0);
    assert_true(a.log_loss.value == b.log_loss.value && a.brier.value == b.brier.value);
    assert_true(a.log_loss.std_error == b.log_loss.std_error);
    struct emp_platt p = emp__platt(&rows->ranking), q = emp__platt(&other->ranking);
    assert_true(p.slope == q.slope && p.intercept == q.intercept && p.steps == q.steps);
    struct emp_calibration_bin table[10], again[10];
    assert_int_equal(emp__calibration_table(&rows->ranking, 10, 0.95, table), 10);
    assert_int_equal(emp__calibration_table(&other->ranking, 10, 0.95, again), 10);
    assert_memory_equal(table, again, sizeof table);
    free(rows);
    free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proper_scores),
        cmocka_unit_test(certain_probabilities),
        cmocka_unit_test(wilson),
        cmocka_unit_test(calibration_by_hand),
        cmocka_unit_test(calibration_by_rule),
        cmocka_unit_test(calibration_limits),
        cmocka_unit_test(platt_known),
        cmocka_unit_test(platt_optimum),
        cmocka_unit_test(platt_limits),
        cmocka_unit_test(isotonic),
        cmocka_unit_test(isotonic_by_hand),
        cmocka_unit_test(row_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
