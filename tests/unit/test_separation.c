// SPDX-License-Identifier: Apache-2.0
/* Calinski-Harabasz and Davies-Bouldin against the values known for iris and their definitions. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_clusters.h"
#include "cluster/separation.h"

/* Sums of some thousand terms in another order. */
static const double rounding = 1e-11;

static struct test_points one, other; /* too large for the stack */

static struct emp_separation separation(const struct emp_clustering *c, const double *centres,
                                        int threads)
{
    struct emp_separation out;
    double *work = malloc(emp__separation_work(c) * sizeof *work);
    assert_non_null(work);
    emp__separation(c, centres, threads, work, &out);
    free(work);
    return out;
}

static void assert_close(double a, double b)
{
    assert_true(fabs(a - b) <= rounding * fabs(b) || (isnan(a) && isnan(b)));
}

static void assert_all_close(struct emp_separation a, struct emp_separation b)
{
    assert_close(a.within, b.within);
    assert_close(a.between, b.between);
    assert_close(a.calinski_harabasz, b.calinski_harabasz);
    assert_close(a.davies_bouldin, b.davies_bouldin);
}

static void iris(void **state)
{
    (void)state;
    struct test_iris iris;
    test_iris_make(&iris);
    struct emp_separation s = separation(&iris.clustering, iris.centres, 2);
    assert_true(fabs(s.within - 78.85144143) < 1e-8);
    assert_true(fabs(s.calinski_harabasz - 561.6277566) < 1e-7);
    assert_true(fabs(s.davies_bouldin - .6619715465) < 1e-10);
}

/* Clusters {0, 2} and {10, 14} on a line. */
static void by_hand(void **state)
{
    (void)state;
    const double points[] = {0.0, 10.0, 2.0, 14.0}, centres[] = {1.0, -5.0, 12.0};
    const uint32_t labels[] = {0, 2, 0, 2};
    const struct emp_clustering c = {points, labels, NULL, 4, 1, 3};
    struct emp_separation s = separation(&c, centres, 1);
    assert_true(s.within == 10.0 && s.between == 121.0);
    assert_true(s.calinski_harabasz == 121.0 / (10.0 / 2.0));
    assert_true(s.davies_bouldin == (1.0 + 2.0) / 11.0);
}

/* Within and between add up to the sum of squares about the mean of all points. */
static void check_parts(const struct emp_clustering *c, struct emp_separation s)
{
    double total = 0.0;
    for (size_t f = 0; f < c->d; f++) {
        double sum = 0.0, weight = 0.0;
        for (size_t i = 0; i < c->n; i++) {
            sum += emp__weight_of(c, i) * c->points[i * c->d + f];
            weight += emp__weight_of(c, i);
        }
        for (size_t i = 0; i < c->n; i++) {
            double deviation = c->points[i * c->d + f] - sum / weight;
            total += emp__weight_of(c, i) * deviation * deviation;
        }
    }
    assert_close(s.within + s.between, total);
}

static double davies_bouldin(const struct emp_clustering *c, const double *centres)
{
    double spread[64] = {0.0}, sum = 0.0;
    for (size_t k = 0; k < c->k; k++) {
        double weight = 0.0;
        for (size_t i = 0; i < c->n; i++)
            if (c->labels[i] == k) {
                weight += emp__weight_of(c, i);
                spread[k] += emp__weight_of(c, i) *
                             sqrt(test_square(c->points + i * c->d, centres + k * c->d, c->d));
            }
        spread[k] /= weight;
    }
    for (size_t k = 0; k < c->k; k++) {
        double most = 0.0;
        for (size_t l = 0; l < c->k; l++)
            if (l != k)
                most =
                    fmax(most, (spread[k] + spread[l]) /
                                   sqrt(test_square(centres + k * c->d, centres + l * c->d, c->d)));
        sum += most;
    }
    return sum / c->k;
}

static void definition(void **state)
{
    (void)state;
    static const size_t counts[] = {200, 1023, 1024, 1025, 6000};
    uint64_t seed = 3;
    for (size_t n = 0; n < sizeof counts / sizeof *counts; n++)
        for (uint32_t k = 2; k <= 8; k++) {
            one.clustering = (struct emp_clustering){.n = counts[n], .d = 1 + k % 6, .k = k};
            test_points_make(&one, &seed, false, k % 2);
            const struct emp_clustering *c = &one.clustering;
            struct emp_separation s = separation(c, one.centres, 1);
            check_parts(c, s);
            assert_close(s.davies_bouldin, davies_bouldin(c, one.centres));
            double weight = 0.0;
            for (size_t i = 0; i < c->n; i++)
                weight += emp__weight_of(c, i);
            assert_close(s.calinski_harabasz, s.between * (weight - k) / (s.within * (k - 1.0)));
            for (int threads = 2; threads <= 7; threads++) {
                struct emp_separation again = separation(c, one.centres, threads);
                assert_memory_equal(&again, &s, sizeof s);
            }
        }
}

static void weights_and_order(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 10; round++) {
        one.clustering = (struct emp_clustering){.n = 1500, .d = 3, .k = 5};
        test_points_make(&one, &seed, round % 2, true);
        struct emp_separation s = separation(&one.clustering, one.centres, 2);
        test_points_replicate(&one, &other);
        assert_all_close(separation(&other.clustering, other.centres, 2), s);
        test_points_shuffle(&one, &other, &seed);
        assert_all_close(separation(&other.clustering, one.centres, 2), s);
    }
}

/* Both indices have no unit: a power of two as a factor changes no bit of them. */
static void unit(void **state)
{
    (void)state;
    uint64_t seed = 9;
    one.clustering = (struct emp_clustering){.n = 500, .d = 4, .k = 7};
    test_points_make(&one, &seed, false, false);
    struct emp_separation before = separation(&one.clustering, one.centres, 1);
    for (size_t i = 0; i < 500 * 4; i++)
        one.points[i] *= 0x1p20;
    for (size_t i = 0; i < 7 * 4; i++)
        one.centres[i] *= 0x1p20;
    struct emp_separation after = separation(&one.clustering, one.centres, 1);
    assert_true(after.calinski_harabasz == before.calinski_harabasz);
    assert_true(after.davies_bouldin == before.davies_bouldin);
    assert_true(after.within == before.within * 0x1p40);
}

static void check_none(const struct emp_clustering *c, const double *centres, double within)
{
    struct emp_separation s = separation(c, centres, 2);
    assert_true(s.within == within);
    assert_true(isnan(s.calinski_harabasz) && isnan(s.davies_bouldin));
}

static void degenerate(void **state)
{
    (void)state;
    const double points[] = {0.0, 2.0, 4.0, 6.0}, pairs[] = {1.0, 1.0, 5.0, 5.0};
    const uint32_t same[] = {1, 1, 1, 1}, lone[] = {0, 1, 2, 3}, halves[] = {0, 0, 1, 1},
                   crossed[] = {0, 1, 1, 0};
    const double middle[] = {0.0, 3.0}, apart[] = {1.0, 5.0}, shared[] = {3.0, 3.0};
    check_none(&(struct emp_clustering){points, same, NULL, 4, 1, 2}, middle, 20.0);
    check_none(&(struct emp_clustering){points, lone, NULL, 4, 1, 4}, points, 0.0);
    check_none(&(struct emp_clustering){pairs, halves, NULL, 4, 1, 2}, apart, 0.0);
    check_none(&(struct emp_clustering){points, halves, NULL, 0, 1, 2}, apart, 0.0);
    const struct emp_clustering c = {points, crossed, NULL, 4, 1, 2};
    struct emp_separation s = separation(&c, shared, 1); /* one centre for both clusters */
    assert_true(s.calinski_harabasz == 0.0 && isnan(s.davies_bouldin));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iris),       cmocka_unit_test(by_hand),
        cmocka_unit_test(definition), cmocka_unit_test(weights_and_order),
        cmocka_unit_test(unit),       cmocka_unit_test(degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
