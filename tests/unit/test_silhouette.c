// SPDX-License-Identifier: Apache-2.0
/*
 * The silhouette against the value known for iris and against its definition, bit by bit, in every
 * variant and on any number of threads; the simplified one against its own definition.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_clusters.h"
#include "cluster/silhouette.h"

static const int thread_counts[] = {1, 2, 3, 7};
static const char *const variants[] = {"portable", "avx2"};

enum { THREAD_COUNTS = sizeof thread_counts / sizeof *thread_counts, VARIANTS = 2 };

/* Sums of some hundred distances, and means of as many values, in another order. */
static const double rounding = 1e-12;

static struct test_points one, other; /* too large for the stack */
static double values[TEST_MOST_POINTS], expected[TEST_MOST_POINTS];

static double silhouette(const struct emp_clustering *c, const char *variant, int threads,
                         double *out)
{
    const struct emp_silhouette_run run = {emp__distance_sums(variant), threads};
    void *work = malloc(emp__silhouette_work(c, threads));
    assert_non_null(work);
    double mean = emp__silhouette(c, &run, work, out);
    free(work);
    return mean;
}

static double plain(const struct emp_clustering *c, double *out)
{
    double work[2 * TEST_MOST_CENTRES];
    return emp__silhouette_plain(c, work, out);
}

static double simplified(const struct emp_clustering *c, const double *centres, int threads,
                         double *out)
{
    const struct emp_silhouette_run run = {NULL, threads};
    void *work = malloc(emp__simplified_silhouette_work(c, threads));
    assert_non_null(work);
    double mean = emp__simplified_silhouette(c, centres, &run, work, out);
    free(work);
    return mean;
}

static void same_bits(double a, double b)
{
    assert_memory_equal(&a, &b, sizeof a);
}

static void iris(void **state)
{
    (void)state;
    struct test_iris iris;
    test_iris_make(&iris);
    double mean = silhouette(&iris.clustering, NULL, 2, values);
    assert_true(fabs(mean - .5528190124) < 1e-10);
    for (size_t i = 0; i < TEST_IRIS_ROWS; i++)
        assert_true(values[i] >= -1.0 && values[i] <= 1.0);
}

static void check_twin(const struct emp_clustering *c)
{
    double mean = plain(c, expected);
    for (int v = 0; v < VARIANTS; v++)
        for (int t = 0; t < THREAD_COUNTS; t++) {
            if (!emp__distance_sums(variants[v]))
                continue; /* this machine has no such instructions */
            memset(values, 0, sizeof values);
            same_bits(silhouette(c, variants[v], thread_counts[t], values), mean);
            assert_memory_equal(values, expected, c->n * sizeof *values);
        }
}

static void definition(void **state)
{
    (void)state;
    static const size_t columns[] = {1, 3, 8, 17}, counts[] = {1, 2, 16, 17, 100};
    uint64_t seed = 7;
    for (size_t d = 0; d < sizeof columns / sizeof *columns; d++)
        for (size_t n = 0; n < sizeof counts / sizeof *counts; n++)
            for (uint32_t k = 1; k <= 5; k += 4)
                for (int kind = 0; kind < 4; kind++) {
                    one.clustering =
                        (struct emp_clustering){.n = counts[n], .d = columns[d], .k = k};
                    test_points_make(&one, &seed, kind & 1, kind & 2);
                    check_twin(&one.clustering);
                }
}

static void unknown_variant(void **state)
{
    (void)state;
    assert_true(emp__distance_sums("abacus") == NULL);
    assert_true(emp__distance_sums("portable") == emp__distance_sums_portable);
}

/* Four points on a line, two by two: a = 1 and 1, b = 9.5 and 8.5, and so on. */
static void by_hand(void **state)
{
    (void)state;
    const double points[] = {0.0, 1.0, 9.0, 10.0};
    const uint32_t labels[] = {0, 0, 2, 2};
    const struct emp_clustering c = {points, labels, NULL, 4, 1, 3};
    double mean = silhouette(&c, NULL, 1, values);
    same_bits(values[0], (9.5 - 1.0) / 9.5);
    same_bits(values[1], (8.5 - 1.0) / 8.5);
    same_bits(values[2], (8.5 - 1.0) / 8.5);
    same_bits(values[3], (9.5 - 1.0) / 9.5);
    assert_true(fabs(mean - (values[0] + values[1]) / 2.0) < 1e-15);
    const double centres[] = {0.5, 77.0, 9.5}; /* that of the empty cluster does not count */
    assert_true(fabs(simplified(&c, centres, 1, values) - (9.0 / 9.5 + 8.0 / 8.5) / 2.0) < 1e-15);
}

static void degenerate(void **state)
{
    (void)state;
    const double points[] = {0.0, 0.0, 3.0, 3.0};
    const uint32_t lone[] = {0, 1, 2, 3}, pairs[] = {0, 0, 1, 1}, same[] = {1, 1, 1, 1},
                   mixed[] = {0, 1, 0, 1}, single[] = {0, 1, 1, 1};
    const double centres[] = {0.0, 3.0, 3.0, 3.0};
    struct emp_clustering c = {points, lone, NULL, 4, 1, 4};
    same_bits(silhouette(&c, NULL, 2, values), 0.0); /* singletons */
    same_bits(simplified(&c, centres, 2, values), 0.0);
    c.labels = pairs; /* equal points in each cluster */
    same_bits(silhouette(&c, NULL, 2, values), 1.0);
    same_bits(simplified(&c, centres, 2, values), 1.0);
    c.labels = mixed;
    same_bits(silhouette(&c, NULL, 2, values), (1.5 - 3.0) / 3.0);
    c.labels = single; /* 0; then a = 3, b = 0; then a = 1.5, b = 3 twice */
    silhouette(&c, NULL, 2, values);
    same_bits(values[0], 0.0);
    same_bits(values[1], -1.0);
    same_bits(values[2], 0.5);
    c.labels = same;
    assert_true(isnan(silhouette(&c, NULL, 2, values)) && isnan(values[3]));
    assert_true(isnan(simplified(&c, centres, 2, values)) && isnan(values[3]));
    c.n = 0;
    assert_true(isnan(silhouette(&c, NULL, 2, values)));
}

static void equal_points(void **state)
{
    (void)state;
    const double points[40] = {0.0}, centres[2] = {0.0};
    uint32_t labels[40];
    for (uint32_t i = 0; i < 40; i++)
        labels[i] = i % 2;
    const struct emp_clustering c = {points, labels, NULL, 40, 1, 2};
    same_bits(silhouette(&c, NULL, 3, values), 0.0);
    same_bits(simplified(&c, centres, 3, values), 0.0);
}

static void weights_are_copies(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int round = 0; round < 20; round++) {
        one.clustering = (struct emp_clustering){.n = 150, .d = 3, .k = 5};
        test_points_make(&one, &seed, round % 2, true);
        test_points_replicate(&one, &other);
        assert_true(fabs(silhouette(&one.clustering, NULL, 1, values) -
                         silhouette(&other.clustering, NULL, 1, expected)) < rounding);
        for (size_t i = 0, copy = 0; i < one.clustering.n; i++)
            for (double w = 0.0; w < one.weights[i]; w++)
                assert_true(fabs(values[i] - expected[copy++]) < rounding);
        assert_true(fabs(simplified(&one.clustering, one.centres, 1, values) -
                         simplified(&other.clustering, one.centres, 1, expected)) < rounding);
    }
}

static void order_of_rows(void **state)
{
    (void)state;
    uint64_t seed = 13;
    one.clustering = (struct emp_clustering){.n = 500, .d = 4, .k = 6};
    test_points_make(&one, &seed, false, true);
    test_points_shuffle(&one, &other, &seed);
    assert_true(fabs(silhouette(&one.clustering, NULL, 2, values) -
                     silhouette(&other.clustering, NULL, 2, values)) < rounding);
    assert_true(fabs(simplified(&one.clustering, one.centres, 2, values) -
                     simplified(&other.clustering, one.centres, 2, values)) < rounding);
}

static double simplified_of(const struct emp_clustering *c, const double *centres, size_t i)
{
    double own = 0.0, nearest = INFINITY;
    size_t members = 0;
    for (size_t j = 0; j < c->n; j++)
        members += c->labels[j] == c->labels[i];
    for (size_t k = 0; k < c->k; k++) {
        bool empty = true;
        for (size_t j = 0; j < c->n && empty; j++)
            empty = c->labels[j] != k;
        double distance = sqrt(test_square(c->points + i * c->d, centres + k * c->d, c->d));
        if (k == c->labels[i])
            own = distance;
        else if (!empty && distance < nearest)
            nearest = distance;
    }
    double larger = own > nearest ? own : nearest;
    return members == 1 || larger == 0.0 ? 0.0 : (nearest - own) / larger;
}

static void simplified_definition(void **state)
{
    (void)state;
    uint64_t seed = 17;
    for (int round = 0; round < 60; round++) {
        size_t n = 20 + test_random(&seed) % 100;
        one.clustering = (struct emp_clustering){
            .n = n, .d = 1 + (size_t)round % 6, .k = 2 + (uint32_t)round % 30};
        test_points_make(&one, &seed, round % 2, false);
        double mean = simplified(&one.clustering, one.centres, 1, values), sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            same_bits(values[i], simplified_of(&one.clustering, one.centres, i));
            sum += values[i];
        }
        same_bits(mean, sum / (double)n);
        for (int t = 1; t < THREAD_COUNTS; t++) {
            same_bits(simplified(&one.clustering, one.centres, thread_counts[t], expected), mean);
            assert_memory_equal(values, expected, n * sizeof *values);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iris),
        cmocka_unit_test(definition),
        cmocka_unit_test(unknown_variant),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(degenerate),
        cmocka_unit_test(equal_points),
        cmocka_unit_test(weights_are_copies),
        cmocka_unit_test(order_of_rows),
        cmocka_unit_test(simplified_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
