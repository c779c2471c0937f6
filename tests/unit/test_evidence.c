// SPDX-License-Identifier: Apache-2.0
/* Weight of evidence and information value, by hand and row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_scored.h"
#include "evaluate/evidence.h"

enum { LEVELS = 20 };

struct evidence {
    double value;
    struct emp_evidence_level table[LEVELS + 1];
};

static struct evidence evidence(const struct emp_scored *rows, const uint32_t *codes,
                                uint32_t levels, double smoothing)
{
    struct evidence result;
    void *work = malloc(emp__evidence_work(levels));
    assert_true(work && levels <= LEVELS);
    result.value = emp__evidence(rows, codes, levels, smoothing, work, result.table);
    free(work);
    return result;
}

/* Level 0: 3 events and 1 other of 4 and 6; level 1: 1 and 3; level 2: none; missing: 0 and 2. */
static const uint8_t labels[] = {1, 1, 1, 0, 1, 0, 0, 0, 0, 0};
static const uint32_t codes[] = {
    0, 0, 0, 0, 1, 1, 1, 1, EMP_EVIDENCE_MISSING, EMP_EVIDENCE_MISSING};

static void by_hand(void **state)
{
    (void)state;
    const struct emp_scored known = {NULL, labels, NULL, 8}, all = {NULL, labels, NULL, 10};
    /* Without the missing ones: 4 events, 4 others, nothing to smooth. */
    struct evidence found = evidence(&known, codes, 3, 0.5);
    assert_true(test_near(found.table[0].woe, log(3.0), 1e-15));
    assert_true(test_near(found.table[1].woe, -log(3.0), 1e-15));
    assert_true(found.table[2].woe == 0.0 && found.table[3].value == 0.0);
    assert_true(test_near(found.value, log(3.0), 1e-15)); /* (3/4 - 1/4) log 3, twice */
    /* With them a cell is empty: half a row more in each of six cells. */
    found = evidence(&all, codes, 3, 0.5);
    const double events[] = {3.5, 1.5, 0.5}, others[] = {1.5, 3.5, 2.5};
    const int level[] = {0, 1, 3};
    double sum = 0.0;
    for (int i = 0; i < 3; i++) {
        double share = events[i] / 5.5, of_others = others[i] / 7.5;
        assert_true(test_near(found.table[level[i]].woe, log(share / of_others), 1e-14));
        sum += (share - of_others) * log(share / of_others);
    }
    assert_true(test_near(found.value, sum, 1e-14));
    assert_true(found.table[2].woe == 0.0 && found.table[2].value == 0.0);
    assert_true(found.table[3].events == 0.0 && found.table[3].non_events == 2.0);
    found = evidence(&all, codes, 3, 0.0);
    assert_true(found.table[3].woe == -INFINITY && found.value == INFINITY);
}

static void limits(void **state)
{
    (void)state;
    const struct emp_scored empty = {NULL, labels, NULL, 0}, events = {NULL, labels, NULL, 3};
    assert_true(isnan(evidence(&empty, codes, 3, 0.5).value));
    assert_true(isnan(evidence(&events, codes, 3, 0.5).value));
    assert_true(isnan(evidence(&events, codes, 3, 0.5).table[0].woe));
    /* One level for all says nothing. */
    const struct emp_scored some = {NULL, labels, NULL, 4};
    assert_true(evidence(&some, codes, 1, 0.5).value == 0.0);
}

/* Weights are copies, rows may stand in any order, levels may have any names. */
static void invariances(void **state)
{
    (void)state;
    uint64_t seed = 151;
    uint32_t level[TEST_ROWS], other[TEST_ROWS];
    struct test_rows *rows = test_rows_weighted(800, LEVELS, 4, &seed);
    struct test_rows *all = test_rows_replicated(rows);
    for (uint32_t i = 0; i < all->scored.n; i++)
        other[i] = (uint32_t)(all->scores[i] * LEVELS);
    for (uint32_t i = 0; i < 800; i++)
        level[i] = (uint32_t)(rows->scores[i] * LEVELS);
    struct evidence a = evidence(&rows->scored, level, LEVELS, 0.5),
                    b = evidence(&all->scored, other, LEVELS, 0.5);
    assert_true(a.value == b.value && a.value > 0.0);
    for (uint32_t i = 0; i < 800; i++)
        rows->weights[i] = test_unit(&seed);
    struct test_rows *shuffled = test_rows_shuffled(rows, &seed);
    for (uint32_t i = 0; i < 800; i++)
        other[i] = (uint32_t)(shuffled->scores[i] * LEVELS);
    a = evidence(&rows->scored, level, LEVELS, 0.5);
    b = evidence(&shuffled->scored, other, LEVELS, 0.5);
    assert_memory_equal(a.table, b.table, sizeof a.table);
    for (uint32_t i = 0; i < 800; i++)
        other[i] = LEVELS - 1 - other[i];
    b = evidence(&shuffled->scored, other, LEVELS, 0.5);
    for (int k = 0; k < LEVELS; k++)
        assert_true(a.table[k].woe == b.table[LEVELS - 1 - k].woe);
    assert_true(test_near(a.value, b.value, 1e-14));
    free(rows);
    free(all);
    free(shuffled);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The cuts are x[floor((n - 1) k / bins)] of the sorted values, each once and not the greatest. */
static void expect_bins(const double *values, uint32_t n, uint32_t bins)
{
    double *sorted = malloc((n + 1) * sizeof *sorted), *cuts = malloc(bins * sizeof *cuts);
    uint32_t *found = malloc((n + 1) * sizeof *found);
    void *work = malloc(emp__quantile_codes_work(n, bins));
    uint32_t there = 0, *sizes = calloc(bins, sizeof *sizes);
    assert_true(sorted && cuts && found && work && sizes);
    uint32_t count = emp__quantile_codes(values, n, bins, work, found, cuts);
    for (uint32_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            sorted[there++] = values[i];
    qsort(sorted, there, sizeof *sorted, ascending);
    for (uint32_t i = 0; i < n; i++) {
        if (isnan(values[i])) {
            assert_int_equal(found[i], EMP_EVIDENCE_MISSING);
            continue;
        }
        uint32_t level = 0;
        for (uint32_t k = 1; k < bins; k++) {
            double cut = sorted[(size_t)(there - 1) * k / bins];
            bool again = k > 1 && cut == sorted[(size_t)(there - 1) * (k - 1) / bins];
            level += !again && cut < values[i];
        }
        assert_int_equal(found[i], level);
        assert_true(level == 0 || cuts[level - 1] < values[i]);
        assert_true(level == count - 1 || values[i] <= cuts[level]);
        sizes[level]++;
    }
    for (uint32_t k = 0; k < count; k++)
        assert_true(sizes[k] > 0);
    assert_true((count == 0) == (there == 0));
    free(sorted);
    free(cuts);
    free(found);
    free(work);
    free(sizes);
}

static void quantile_bins(void **state)
{
    (void)state;
    uint64_t seed = 152;
    double values[400];
    for (int round = 0; round < 60; round++) {
        uint32_t n = (uint32_t)(test_random(&seed) % 400), distinct = 1U << test_random(&seed) % 10;
        for (uint32_t i = 0; i < n; i++)
            values[i] =
                test_random(&seed) % 9 == 0 ? NAN : (double)(test_random(&seed) % distinct) - 50.5;
        expect_bins(values, n, 2 + (uint32_t)(test_random(&seed) % 30));
    }
    const double heaps[] = {-0.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0, -INFINITY, 0.0, INFINITY},
                 missing[] = {NAN, NAN};
    expect_bins(heaps, 10, 5);
    expect_bins(heaps, 4, 5);
    expect_bins(missing, 2, 5);
    expect_bins(missing, 0, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(limits),
        cmocka_unit_test(invariances),
        cmocka_unit_test(quantile_bins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
