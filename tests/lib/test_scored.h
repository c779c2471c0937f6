// SPDX-License-Identifier: Apache-2.0
/* Scored rows for the tests of kernels/evaluate. Include cmocka first. */
#ifndef EMP_TESTS_TEST_SCORED_H
#define EMP_TESTS_TEST_SCORED_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate/ranking.h"
#include "test_folder.h"

enum { TEST_ROWS = 3000 };

/* Rows with room, and their ranking. */
struct test_rows {
    double scores[TEST_ROWS], weights[TEST_ROWS];
    uint8_t labels[TEST_ROWS];
    uint32_t order[TEST_ROWS];
    struct emp_score_group groups[TEST_ROWS];
    struct emp_scored scored;
    struct emp_ranking ranking;
};

static inline struct test_rows *test_rows_new(uint32_t n)
{
    struct test_rows *rows = calloc(1, sizeof *rows);
    assert_non_null(rows);
    assert_true(n <= TEST_ROWS);
    rows->scored = (struct emp_scored){rows->scores, rows->labels, NULL, n};
    rows->ranking = (struct emp_ranking){.order = rows->order, .groups = rows->groups};
    return rows;
}

static inline void test_rank(struct test_rows *rows)
{
    void *work = malloc(emp__ranking_work(rows->scored.n) + 1);
    assert_non_null(work);
    emp__rank(&rows->scored, work, &rows->ranking);
    free(work);
}

static inline double test_unit(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

/* Probabilities on a grid of `distinct` values in (0, 1), and events that follow them. */
static inline struct test_rows *test_rows_random(uint32_t n, uint32_t distinct, uint64_t *seed)
{
    struct test_rows *rows = test_rows_new(n);
    for (uint32_t i = 0; i < n; i++) {
        rows->scores[i] = ((double)(test_random(seed) % distinct) + 0.5) / distinct;
        rows->labels[i] = test_unit(seed) < 0.2 + 0.6 * rows->scores[i];
    }
    test_rank(rows);
    return rows;
}

/* The same with weights 0 .. most - 1, or any between 0 and 1 for most = 0. */
static inline struct test_rows *test_rows_weighted(uint32_t n, uint32_t distinct, uint32_t most,
                                                   uint64_t *seed)
{
    struct test_rows *rows = test_rows_random(n, distinct, seed);
    for (uint32_t i = 0; i < n; i++)
        rows->weights[i] = most > 0 ? (double)(test_random(seed) % most) : test_unit(seed);
    rows->scored.weights = rows->weights;
    test_rank(rows);
    return rows;
}

static inline void test_copy_row(struct test_rows *to, uint32_t at, const struct test_rows *from,
                                 uint32_t row)
{
    to->scores[at] = from->scores[row];
    to->labels[at] = from->labels[row];
    to->weights[at] = from->weights[row];
}

/* The rows in another order. */
static inline struct test_rows *test_rows_shuffled(const struct test_rows *rows, uint64_t *seed)
{
    uint32_t n = rows->scored.n;
    struct test_rows *shuffled = test_rows_new(n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t other = (uint32_t)(test_random(seed) % (i + 1));
        test_copy_row(shuffled, i, shuffled, other);
        test_copy_row(shuffled, other, rows, i);
    }
    shuffled->scored.weights = rows->scored.weights ? shuffled->weights : NULL;
    test_rank(shuffled);
    return shuffled;
}

/* Rows of whole weights written out as often as their weights say. */
static inline struct test_rows *test_rows_replicated(const struct test_rows *rows)
{
    struct test_rows *all = test_rows_new(TEST_ROWS);
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows->scored.n; i++)
        for (double copy = 0.0; copy < rows->weights[i]; copy++) {
            assert_true(n < TEST_ROWS);
            test_copy_row(all, n++, rows, i);
        }
    all->scored.n = n;
    test_rank(all);
    return all;
}

/* Rows of hand-made tables. */
static inline struct test_rows *test_rows_given(const double *scores, const uint8_t *labels,
                                                uint32_t n)
{
    struct test_rows *rows = test_rows_new(n);
    if (n > 0) {
        memcpy(rows->scores, scores, n * sizeof *scores);
        memcpy(rows->labels, labels, n * sizeof *labels);
    }
    test_rank(rows);
    return rows;
}

static inline bool test_near(double found, double expected, double tolerance)
{
    return fabs(found - expected) <= tolerance * fmax(1.0, fabs(expected));
}

/* The same, NaN being the same as NaN. */
static inline bool test_same(double found, double expected)
{
    return found == expected || (isnan(found) && isnan(expected));
}

#endif
