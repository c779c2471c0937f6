// SPDX-License-Identifier: Apache-2.0
/*
 * Seeding: the same centres on any number of threads and with any kernel; centres are points, and
 * well spread; draws follow the weights; too few distinct points.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_fit.h"

enum { METHODS = 3 };

static struct emp_seed_options options_of(enum emp_seeding method, size_t k, uint64_t seed)
{
    return (struct emp_seed_options){.k = k, .threads = 1, .method = method, .seed = seed};
}

static size_t row_like(const struct emp_points *points, const double *centre)
{
    for (size_t i = 0; i < points->n; i++) {
        size_t j = 0;
        while (j < points->d && test_point_value(points, i, j) == centre[j])
            j++;
        if (j == points->d)
            return i;
    }
    return points->n;
}

static void check_same(const struct emp_points *points, enum emp_seeding method, size_t k)
{
    static const int threads[] = {2, 3, 7};
    size_t drawn, again, bytes = k * points->d * sizeof(double);
    struct emp_seed_options options = options_of(method, k, 5);
    options.kernels = &emp__cluster_plain;
    double *centres = test_seed_new(points, &options, &drawn);
    for (size_t c = 0; c < k; c++)
        assert_true(row_like(points, centres + c * points->d) < points->n);
    options.kernels = NULL;
    options.threads = threads[k % 3];
    double *others = test_seed_new(points, &options, &again);
    assert_int_equal(drawn, again);
    assert_memory_equal(centres, others, bytes);
    free(centres);
    free(others);
}

static void same_centres(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 30, 1500, 5000}, centres[] = {1, 2, 7, 20};
    for (int kind = 0; kind < TEST_KINDS; kind++)
        for (size_t r = 0; r < 4; r++)
            for (size_t k = 0; k < 4; k++)
                for (int method = 0; method < METHODS; method++) {
                    struct emp_points points = test_points_new((enum test_kind)kind, (r + k) % 2,
                                                               rows[r], 1 + (k + r) % 5, 3 + r);
                    if ((unsigned)(kind + method) % 3 == 0)
                        points.weight = test_weights_new(rows[r], 8);
                    check_same(&points, (enum emp_seeding)method, centres[k]);
                    test_points_free(&points);
                }
}

/* Six blobs far apart: both methods that look at distances find one point in each. */
static void well_spread(void **state)
{
    (void)state;
    enum { N = 3000, BLOBS = 6 };
    double *x = test_aligned(N * sizeof *x);
    uint64_t random = 3;
    for (size_t i = 0; i < N; i++)
        x[i] = 1e4 * (double)(i % BLOBS) + test_uniform(&random);
    struct emp_points points = {.x = x, .n = N, .d = 1};
    for (uint64_t seed = 0; seed < 50; seed++)
        for (int method = EMP_SEEDING_PLUSPLUS; method <= EMP_SEEDING_PARALLEL; method++) {
            size_t drawn, seen = 0;
            struct emp_seed_options options = options_of((enum emp_seeding)method, BLOBS, seed);
            double *centres = test_seed_new(&points, &options, &drawn);
            assert_int_equal(drawn, BLOBS);
            for (size_t c = 0; c < BLOBS; c++)
                seen |= (size_t)1 << (size_t)(centres[c] / 1e4);
            assert_int_equal(seen, (1 << BLOBS) - 1);
            free(centres);
        }
    free(x);
}

/* The first centre is drawn by weight: within five standard errors of each share. */
static void by_weight(void **state)
{
    (void)state;
    enum { TRIES = 4000 };
    const double x[] = {0, 1, 2, 3, 4}, weights[] = {1, 0, 4, 2, 3};
    struct emp_points points = {.x = x, .n = 5, .d = 1, .weight = weights};
    int counts[5] = {0};
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        size_t drawn;
        struct emp_seed_options options = options_of(EMP_SEEDING_PLUSPLUS, 1, seed % 40);
        options.restart = (uint32_t)(seed / 40);
        double *centre = test_seed_new(&points, &options, &drawn);
        counts[(int)centre[0]]++;
        free(centre);
    }
    for (int i = 0; i < 5; i++) {
        double share = weights[i] / 10, expected = TRIES * share;
        assert_true(fabs(counts[i] - expected) <= 5 * sqrt(expected * (1 - share)));
    }
}

/* The second centre of k = 2 is the best of two drawn by D^2: never the first one again, and the
 * point that makes the sum least when both are drawn. */
static void best_of_two(void **state)
{
    (void)state;
    enum { TRIES = 3000 };
    /* From 0: D^2 = 1 and 9, so the last is drawn with p = 0.9; it leaves a sum of 1, the other one
     * of 4. So the other one wins only if it is drawn twice: 0.01. */
    const double x[] = {0, 1, 3}, weights[] = {1, 1, 1};
    struct emp_points points = {.x = x, .n = 3, .d = 1, .weight = weights};
    int from_zero = 0, other = 0;
    for (uint64_t seed = 0; seed < TRIES; seed++) {
        size_t drawn;
        struct emp_seed_options options = options_of(EMP_SEEDING_PLUSPLUS, 2, seed);
        double *centres = test_seed_new(&points, &options, &drawn);
        assert_int_equal(drawn, 2);
        assert_true(centres[0] != centres[1]);
        from_zero += centres[0] == 0;
        other += centres[0] == 0 && centres[1] == 1;
        free(centres);
    }
    assert_true(fabs(from_zero - TRIES / 3.0) <= 5 * sqrt(TRIES * 2 / 9.0));
    assert_true(fabs(other - 0.01 * from_zero) <= 5 * sqrt(0.01 * from_zero));
}

/* Distinct rows, each as likely, and other ones for other seeds and restarts. */
static void random_rows(void **state)
{
    (void)state;
    enum { N = 20, K = 8, TRIES = 2000 };
    double x[N];
    int counts[N] = {0};
    for (int i = 0; i < N; i++)
        x[i] = i;
    struct emp_points points = {.x = x, .n = N, .d = 1};
    for (uint32_t restart = 0; restart < TRIES; restart++) {
        size_t drawn;
        bool seen[N] = {false};
        struct emp_seed_options options = options_of(EMP_SEEDING_RANDOM, K, 7);
        options.restart = restart;
        double *centres = test_seed_new(&points, &options, &drawn);
        assert_int_equal(drawn, K);
        for (int c = 0; c < K; c++) {
            int row = (int)centres[c];
            assert_false(seen[row]);
            seen[row] = true;
            counts[row]++;
        }
        free(centres);
    }
    const double share = (double)K / N, expected = TRIES * share;
    for (int i = 0; i < N; i++)
        assert_true(fabs(counts[i] - expected) <= 5 * sqrt(expected * (1 - share)));
}

/* As many as there are distinct points, then the first rows. */
static void few_distinct(void **state)
{
    (void)state;
    const double x[] = {5, 5, 6, 5, 6, 5};
    for (int method = EMP_SEEDING_PLUSPLUS; method <= EMP_SEEDING_PARALLEL; method++)
        for (uint64_t seed = 0; seed < 20; seed++) {
            struct emp_points points = {.x = x, .n = 6, .d = 1};
            size_t drawn;
            struct emp_seed_options options = options_of((enum emp_seeding)method, 8, seed);
            double *centres = test_seed_new(&points, &options, &drawn);
            assert_int_equal(drawn, 2);
            assert_true(centres[0] + centres[1] == 11);
            for (size_t c = 2; c < 8; c++)
                assert_true(centres[c] == x[(c - 2) % 6]);
            free(centres);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_centres), cmocka_unit_test(well_spread),
        cmocka_unit_test(by_weight),    cmocka_unit_test(best_of_two),
        cmocka_unit_test(random_rows),  cmocka_unit_test(few_distinct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
