// SPDX-License-Identifier: Apache-2.0
/*
 * Fits of k-means: the accelerated algorithms end with the very bytes of the plain one, on any
 * number of threads, with any kernel; what they end with is what the rule and the means say; and
 * the odd cases: weights, empty clusters, too few distinct points, values out of range.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_fit.h"

static struct emp_kmeans_options options_of(size_t k)
{
    return (struct emp_kmeans_options){.k = k, .threads = 1, .max_iterations = 100};
}

/* Rows that the number of centres says. */
static double *start_new(const struct emp_points *points, size_t k)
{
    double *start = test_aligned(k * points->d * sizeof *start);
    for (size_t i = 0; i < k * points->d; i++)
        start[i] = test_point_value(points, i / points->d * 13 % points->n, i % points->d);
    return start;
}

static void check_same(const struct test_fit *a, const struct test_fit *b)
{
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->progress.iterations, b->progress.iterations);
    assert_int_equal(a->progress.changed, b->progress.changed);
    assert_memory_equal(a->labels, b->labels, a->n * sizeof *a->labels);
    assert_memory_equal(a->centres, b->centres, a->k * a->d * sizeof *a->centres);
    assert_memory_equal(a->squares, b->squares, a->n * sizeof *a->squares);
    assert_memory_equal(&a->inertia, &b->inertia, sizeof a->inertia);
}

/* Of the final centres each point has the nearest, by the kernel for scoring; and each centre is
 * the mean of its points if the fit came to its end. */
static void check_answer(const struct emp_points *points, const struct emp_kmeans_options *options,
                         const struct test_fit *fit)
{
    void *workspace = test_aligned(emp__kmeans_label_workspace(points, options));
    uint32_t *labels = test_aligned(points->n * sizeof *labels);
    double *squares = test_aligned(points->n * sizeof *squares);
    double inertia = emp__kmeans_label(points, options, fit->centres, labels, squares, workspace);
    assert_true(inertia == fit->inertia);
    assert_memory_equal(labels, fit->labels, points->n * sizeof *labels);
    assert_memory_equal(squares, fit->squares, points->n * sizeof *squares);
    free(workspace);
    free(labels);
    free(squares);
}

static void check_means(const struct emp_points *points, const struct test_fit *fit)
{
    for (size_t c = 0; c < fit->k; c++)
        for (size_t j = 0; j < fit->d; j++) {
            long double sum = 0, weight = 0, size = 0;
            for (size_t i = 0; i < points->n; i++) {
                long double w = points->weight ? (long double)points->weight[i] : 1;
                long double x = (long double)test_point_value(points, i, j);
                size = fabsl(x) > size ? fabsl(x) : size;
                w = fit->labels[i] == c ? w : 0;
                sum += w * x;
                weight += w;
            }
            /* 2^-50 of half the width for a point, and weights as small as 1e-3 of the mean. */
            long double found = (long double)fit->centres[c * fit->d + j];
            if (weight > 1e-3L)
                assert_true(fabsl(found - sum / weight) <= 1e-11L * size);
        }
}

static void check_kind(const struct emp_points *points, size_t k)
{
    static const enum emp_kmeans_algorithm algorithms[] = {EMP_KMEANS_HAMERLY, EMP_KMEANS_YINYANG,
                                                           EMP_KMEANS_AUTO};
    static const int threads[] = {2, 3, 7};
    double *start = start_new(points, k);
    struct emp_kmeans_options options = options_of(k);
    options.max_iterations = 15;
    options.algorithm = EMP_KMEANS_PLAIN;
    options.kernels = points->n < 50 ? &emp__cluster_plain : NULL;
    struct test_fit plain = test_fit_new(points, &options, start);
    check_answer(points, &options, &plain);
    if (plain.status == EMP_KMEANS_CONVERGED && plain.progress.empty == 0)
        check_means(points, &plain);
    options.kernels = NULL;
    for (int i = 0; i < 3; i++) {
        options.algorithm = algorithms[i];
        options.threads = points->n > 1000 ? threads[(k + (size_t)i) % 3] : 1;
        struct test_fit other = test_fit_new(points, &options, start);
        check_same(&plain, &other);
        test_fit_free(&other);
    }
    test_fit_free(&plain);
    free(start);
}

static void same_bytes(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 7, 100, 1500}, columns[] = {1, 2, 3, 8, 24};
    static const size_t centres[] = {1, 2, 5, 26};
    for (int kind = 0; kind < TEST_KINDS; kind++)
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
            for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
                for (size_t k = 0; k < sizeof centres / sizeof *centres; k++) {
                    uint64_t seed = 3 + r + 10 * c;
                    struct emp_points points = test_points_new(
                        (enum test_kind)kind, (r + c + k) % 2, rows[r], columns[c], seed);
                    if ((c + k) % 3 == 0)
                        points.weight = test_weights_new(rows[r], seed);
                    check_kind(&points, centres[k]);
                    test_points_free(&points);
                }
}

/* Start centres far from all points, so that clusters are empty, and outside their range. */
static void far_start(void **state)
{
    (void)state;
    struct emp_points points = test_points_new(TEST_BLOBS, false, 500, 2, 5);
    double start[5][2] = {{0, 0}, {1e3, 0}, {0, -1e6}, {1e9, 1e9}, {1e9, 1e9}};
    struct emp_kmeans_options options = options_of(5);
    options.algorithm = EMP_KMEANS_PLAIN;
    struct test_fit plain = test_fit_new(&points, &options, start[0]);
    assert_int_equal(plain.status, EMP_KMEANS_CONVERGED);
    assert_int_equal(plain.progress.empty, 0);
    size_t sizes[5] = {0};
    for (size_t i = 0; i < points.n; i++)
        sizes[plain.labels[i]]++;
    for (int c = 0; c < 5; c++)
        assert_true(sizes[c] > 0);
    options.algorithm = EMP_KMEANS_YINYANG;
    options.threads = 3;
    struct test_fit other = test_fit_new(&points, &options, start[0]);
    check_same(&plain, &other);
    test_fit_free(&plain);
    test_fit_free(&other);
    test_points_free(&points);
}

/* Two clusters would be empty: the farthest point goes to the first of them, the next to the
 * second. */
static void farthest_points(void **state)
{
    (void)state;
    const double x[] = {0, 1, 10, 2, -9}, start[] = {0, 1000, 2000};
    struct emp_points points = {.x = x, .n = 5, .d = 1};
    struct emp_kmeans_options options = options_of(3);
    options.max_iterations = 1;
    struct test_fit fit = test_fit_new(&points, &options, start);
    const uint32_t labels[] = {0, 0, 1, 0, 2};
    assert_int_equal(fit.status, EMP_KMEANS_LIMIT);
    assert_int_equal(fit.progress.reseeded, 2);
    assert_memory_equal(fit.labels, labels, sizeof labels);
    /* Of whole numbers, the mean of a point is the point. */
    assert_true(fit.centres[1] == 10 && fit.centres[2] == -9 && fit.centres[0] == 1);
    assert_true(fit.inertia == 2);
    test_fit_free(&fit);
}

/* More clusters than distinct points: some stay empty, and it ends. */
static void few_distinct(void **state)
{
    (void)state;
    for (int kind = TEST_DUPLICATES; kind <= TEST_EQUAL; kind++)
        for (size_t n = 1; n < 40; n += 6) {
            struct emp_points points = test_points_new((enum test_kind)kind, false, n, 3, 1);
            double *start = start_new(&points, 12);
            struct emp_kmeans_options options = options_of(12);
            struct test_fit fit = test_fit_new(&points, &options, start);
            size_t distinct = kind == TEST_EQUAL ? 1 : n < 7 ? n : 7;
            assert_int_equal(fit.status, EMP_KMEANS_CONVERGED);
            assert_int_equal(fit.progress.empty, 12 - distinct);
            assert_true(fit.progress.iterations < 10);
            assert_true(fit.inertia <= 1e-20);
            test_fit_free(&fit);
            free(start);
            test_points_free(&points);
        }
}

/* Rows in another order: the same centres, and the labels move with the rows. */
static void any_order(void **state)
{
    (void)state;
    enum { N = 3000, D = 5, K = 11 };
    for (int kind = 0; kind <= TEST_GRID; kind++) {
        struct emp_points points = test_points_new((enum test_kind)kind, false, N, D, 9);
        struct emp_points turned = points;
        double *x = test_aligned(sizeof(double) * N * D), *start = start_new(&points, K);
        for (size_t i = 0; i < N; i++)
            memcpy(x + i * D, (const double *)points.x + i * 7 % N * D, D * sizeof *x);
        turned.x = x;
        struct emp_kmeans_options options = options_of(K);
        struct test_fit a = test_fit_new(&points, &options, start);
        struct test_fit b = test_fit_new(&turned, &options, start);
        assert_memory_equal(a.centres, b.centres, K * D * sizeof(double));
        for (size_t i = 0; i < N; i++)
            assert_int_equal(a.labels[i * 7 % N], b.labels[i]);
        test_fit_free(&a);
        test_fit_free(&b);
        free(x);
        free(start);
        test_points_free(&points);
    }
}

/* Whole weights are as good as repeated rows, to the bit where values are whole numbers and sums
 * divide alike; in general to the precision of the sums. */
static void weights_repeat(void **state)
{
    (void)state;
    enum { N = 400, D = 3, K = 6, MOST = 4 };
    for (int kind = 0; kind <= TEST_GRID; kind++) {
        struct emp_points points = test_points_new((enum test_kind)kind, false, N, D, 21);
        double *weights = test_aligned(N * sizeof *weights), *start = start_new(&points, K);
        double *x = test_aligned(sizeof(double) * N * D * MOST);
        struct emp_points repeated = {.x = x, .d = D};
        for (size_t i = 0; i < N; i++) {
            weights[i] = (double)(i * i % (MOST + 1));
            for (size_t times = 0; times < (size_t)weights[i]; times++)
                memcpy(x + D * repeated.n++, (const double *)points.x + i * D, D * sizeof *x);
        }
        points.weight = weights;
        struct emp_kmeans_options options = options_of(K);
        struct test_fit a = test_fit_new(&points, &options, start);
        struct test_fit b = test_fit_new(&repeated, &options, start);
        for (size_t i = 0; i < (size_t)K * D; i++)
            assert_true(kind == TEST_GRID ? a.centres[i] == b.centres[i]
                                          : fabs(a.centres[i] - b.centres[i]) <= 1e-13);
        assert_true(fabs(a.inertia - b.inertia) <= 1e-12 * a.inertia);
        test_fit_free(&a);
        test_fit_free(&b);
        free(x);
        free(start);
        test_points_free(&points);
    }
}

/* Points of no weight get labels and change nothing else. */
static void no_weight(void **state)
{
    (void)state;
    const double x[] = {0, 1, 100, 101, 1e5}, start[] = {0, 100};
    double weights[] = {1, 1, 1, 1, 0};
    struct emp_points points = {.x = x, .n = 5, .d = 1, .weight = weights};
    struct emp_kmeans_options options = options_of(2);
    struct test_fit fit = test_fit_new(&points, &options, start);
    assert_true(fabs(fit.centres[0] - 0.5) < 1e-9 && fabs(fit.centres[1] - 100.5) < 1e-9);
    assert_int_equal(fit.labels[4], 1);
    test_fit_free(&fit);
    memset(weights, 0, sizeof weights);
    fit = test_fit_new(&points, &options, start);
    assert_int_equal(fit.status, EMP_KMEANS_CONVERGED);
    assert_int_equal(fit.progress.empty, 2);
    assert_true(fit.inertia == 0 && fit.centres[0] == 0 && fit.centres[1] == 100);
    test_fit_free(&fit);
}

/* Shares, of which the greatest is 1, are weights like any others. */
static void share_weights(void **state)
{
    (void)state;
    const double x[] = {0, 1, 100, 104}, start[] = {0, 100}, weights[] = {1, 0.25, 0.375, 0.125};
    struct emp_points points = {.x = x, .n = 4, .d = 1, .weight = weights};
    struct emp_kmeans_options options = options_of(2);
    struct test_fit fit = test_fit_new(&points, &options, start);
    assert_true(fabs(fit.centres[0] - 0.2) < 1e-12 && fabs(fit.centres[1] - 101) < 1e-9);
    test_fit_free(&fit);
}

static void out_of_range(void **state)
{
    (void)state;
    double x[] = {0, 1e300, 3}, weights[] = {1, 1, 1e50}, start[] = {0, 1};
    struct emp_points points = {.x = x, .n = 3, .d = 1};
    struct emp_kmeans_options options = options_of(2);
    struct test_fit fit = test_fit_new(&points, &options, start);
    assert_int_equal(fit.status, EMP_KMEANS_RANGE);
    test_fit_free(&fit);
    x[1] = 2;
    start[1] = -1e121;
    fit = test_fit_new(&points, &options, start);
    assert_int_equal(fit.status, EMP_KMEANS_RANGE);
    test_fit_free(&fit);
    start[1] = 1;
    points.weight = weights;
    fit = test_fit_new(&points, &options, start);
    assert_int_equal(fit.status, EMP_KMEANS_RANGE);
    test_fit_free(&fit);
}

/* A tolerance ends it earlier, at the same place for all algorithms, with labels of the final
 * centres. */
static void tolerance(void **state)
{
    (void)state;
    struct emp_points points = test_points_new(TEST_BLOBS, false, 5000, 4, 77);
    double *start = start_new(&points, 9);
    struct emp_kmeans_options options = options_of(9);
    struct test_fit whole = test_fit_new(&points, &options, start);
    options.tolerance = 1e-3;
    struct test_fit a = test_fit_new(&points, &options, start);
    options.algorithm = EMP_KMEANS_PLAIN;
    struct test_fit b = test_fit_new(&points, &options, start);
    assert_int_equal(a.status, EMP_KMEANS_CONVERGED);
    assert_true(a.progress.iterations < whole.progress.iterations);
    check_same(&a, &b);
    check_answer(&points, &options, &a);
    /* The inertia from sums was that of the labels before the last centres. */
    assert_true(a.inertia <= a.progress.inertia * (1 + 1e-12));
    assert_true(a.inertia >= a.progress.inertia * (1 - 2e-3));
    test_fit_free(&whole);
    test_fit_free(&a);
    test_fit_free(&b);
    free(start);
    test_points_free(&points);
}

/* At most 40 bytes a row beyond the points, labels included, at any size of k. */
static void memory(void **state)
{
    (void)state;
    for (size_t k = 2; k <= 64; k *= 2)
        for (size_t d = 1; d <= 32; d *= 2) {
            struct emp_points points = {.n = 1000000, .d = d};
            struct emp_kmeans_options options = options_of(k);
            options.threads = 2;
            size_t bytes = emp__kmeans_workspace(&points, &options);
            assert_true(bytes + 4 * points.n <= 40 * points.n);
            bytes = emp__kmeans_label_workspace(&points, &options);
            assert_true(bytes <= points.n);
        }
    struct emp_points endless = {.n = SIZE_MAX / 8, .d = 3};
    struct emp_kmeans_options options = options_of(SIZE_MAX / 4);
    assert_int_equal(emp__kmeans_workspace(&endless, &options), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes),      cmocka_unit_test(far_start),
        cmocka_unit_test(farthest_points), cmocka_unit_test(few_distinct),
        cmocka_unit_test(any_order),       cmocka_unit_test(weights_repeat),
        cmocka_unit_test(no_weight),       cmocka_unit_test(share_weights),
        cmocka_unit_test(out_of_range),    cmocka_unit_test(tolerance),
        cmocka_unit_test(memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
