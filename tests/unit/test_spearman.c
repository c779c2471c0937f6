// SPDX-License-Identifier: Apache-2.0
/* Spearman's correlation: by hand, against plain ranks, and whatever the order of the pairs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "../lib/test_folder.h"
#include "evaluate/spearman.h"

static double spearman(const double *one, const double *other, size_t n)
{
    void *work = malloc(emp__spearman_work(n) + 1);
    assert_non_null(work);
    double found = emp__spearman(one, other, n, work);
    free(work);
    return found;
}

static void by_hand(void **state)
{
    (void)state;
    const double up[] = {1, 2, 3, 4}, down[] = {9, 4, 0, -7}, same[] = {5, 5, 5, 5};
    const double ties[] = {1, 1, 2, 3}, mixed[] = {2, 1, 4, 3};
    assert_true(fabs(spearman(up, up, 4) - 1.0) < 1e-15);
    assert_true(fabs(spearman(up, down, 4) + 1.0) < 1e-15);
    assert_true(isnan(spearman(up, same, 4)));
    assert_true(isnan(spearman(up, up, 1)));
    assert_true(isnan(spearman(up, up, 0)));
    /* 1 - 6 sum d^2 / (n (n^2 - 1)) */
    assert_true(fabs(spearman(up, mixed, 4) - (1.0 - 6.0 * 4.0 / 60.0)) < 1e-15);
    /* Ranks 1.5, 1.5, 3, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5). */
    assert_true(fabs(spearman(ties, up, 4) - 4.5 / sqrt(22.5)) < 1e-15);
}

static double plain_rank(const double *values, size_t n, size_t i)
{
    double rank = 0.5;
    for (size_t k = 0; k < n; k++)
        rank += values[k] < values[i] ? 1.0 : values[k] == values[i] ? 0.5 : 0.0;
    return rank;
}

static double plain(const double *one, const double *other, size_t n)
{
    double xy = 0.0, xx = 0.0, yy = 0.0, mean = 0.5 * ((double)n + 1.0);
    for (size_t i = 0; i < n; i++) {
        double x = plain_rank(one, n, i) - mean, y = plain_rank(other, n, i) - mean;
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    return xy / sqrt(xx * yy);
}

static void random_pairs(void **state)
{
    (void)state;
    enum { MOST = 200 };
    double one[MOST], other[MOST];
    uint64_t seed = 8;
    for (int round = 0; round < 200; round++) {
        size_t n = 2 + test_random(&seed) % (MOST - 1);
        for (size_t i = 0; i < n; i++) {
            one[i] = (double)(test_random(&seed) % 20) - 10.0;
            other[i] = one[i] * 0.3 + (double)(test_random(&seed) % 7);
        }
        one[0] = -99.0;
        other[0] = -99.0;
        double found = spearman(one, other, n);
        assert_true(fabs(found - plain(one, other, n)) < 1e-12);
        for (size_t i = 0; i < n / 2; i++) {
            double a = one[i], b = other[i];
            one[i] = one[n - 1 - i];
            other[i] = other[n - 1 - i];
            one[n - 1 - i] = a;
            other[n - 1 - i] = b;
        }
        assert_true(spearman(one, other, n) == found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(random_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
