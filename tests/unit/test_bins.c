// SPDX-License-Identifier: Apache-2.0
/* Quantile bins: by comparing with cuts against counting from the definition, and both against
 * type-7 quantiles as numpy has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "order/bins.h"

__extension__ typedef unsigned __int128 emp_test_uint128;

enum { MOST = 400 };

static int compare_values(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/*
 * Values below 2^40 and n bins < 2^20: (n - 1) k and the products with the remainder are exact in
 * the 64 bits of a long double's mantissa, so that a value equal to a cut is seen as such.
 */
static long double scaled_cut(const uint64_t *values, size_t n, int k, int bins)
{
    size_t h = (n - 1) * (size_t)k;
    size_t j = h / (size_t)bins, rest = h % (size_t)bins;
    long double low = (long double)values[j];
    long double high = (long double)values[rest ? j + 1 : j];
    return low * bins + (high - low) * (long double)rest;
}

/* The bins of the values as the cuts among them tell; by rank, the values are 0 .. n - 1. */
static void bin_by_cuts(const uint64_t *values, size_t n, int bins, uint16_t *out)
{
    uint64_t cuts[MOST];
    for (int k = 1; k < bins && n > 0; k++) {
        uint32_t rest;
        cuts[k - 1] = values[emp__cut_position(n, k, bins, &rest)];
    }
    emp__bin_keys(values, n, cuts, (size_t)bins - 1, out);
    for (size_t i = 0; i < n; i++)
        out[i]++;
}

static void check(const uint64_t *values, size_t n, int bins)
{
    uint16_t fast[MOST + 1], plain[MOST + 1];
    uint64_t ranks[MOST];
    for (size_t r = 0; r < n; r++)
        ranks[r] = r;
    fast[n] = 4711;
    for (int by_rank = 0; by_rank < 2; by_rank++) {
        const uint64_t *x = by_rank ? ranks : values;
        bin_by_cuts(x, n, bins, fast);
        emp__bin_sorted_plain(values, n, bins, by_rank, plain);
        assert_memory_equal(fast, plain, n * sizeof *fast);
        for (size_t i = 0; i < n; i++) {
            int bin = 1;
            for (int k = 1; k < bins; k++)
                bin += scaled_cut(x, n, k, bins) < (long double)x[i] * bins;
            assert_int_equal(fast[i], bin);
        }
        assert_int_equal(fast[n], 4711);
    }
}

static void random_values(void **state)
{
    (void)state;
    static const uint64_t ranges[] = {1, 2, 3, 10, 100, UINT64_C(1) << 40};
    uint64_t seed = 71, values[MOST];
    for (int round = 0; round < 400; round++) {
        size_t n = round < 60 ? (size_t)round : test_random(&seed) % 120;
        uint64_t range = ranges[test_random(&seed) % 6];
        for (size_t i = 0; i < n; i++)
            values[i] = test_random(&seed) % range;
        qsort(values, n, sizeof *values, compare_values);
        check(values, n, 2 + (int)(test_random(&seed) % 39));
        check(values, n, 5);
    }
}

/* Cuts that fall on values exactly, where a rounded product h = (n - 1) p / bins goes wrong. */
static void cuts_on_values(void **state)
{
    (void)state;
    uint64_t values[MOST];
    for (size_t i = 0; i < MOST; i++)
        values[i] = 10 * i;
    for (int bins = 2; bins <= 40; bins++)
        for (size_t n = 1; n < 300; n = n * 3 / 2 + 1)
            check(values, n, bins);
}

static void equal_bins_by_rank(void **state)
{
    (void)state;
    uint64_t values[MOST] = {0};
    uint16_t out[MOST];
    for (size_t n = 1; n <= MOST; n += 13)
        for (int bins = 2; bins <= 40; bins++) {
            size_t count[41] = {0};
            emp__bin_sorted_plain(values, n, bins, true, out);
            for (size_t i = 0; i < n; i++)
                count[out[i]]++;
            for (int bin = 1; bin <= bins; bin++)
                assert_true(count[bin] * (size_t)bins < n + (size_t)bins &&
                            (count[bin] + 1) * (size_t)bins > n - (n > 0));
        }
}

static void positions(void **state)
{
    (void)state;
    uint32_t rest;
    assert_int_equal(emp__cut_position(1, 1, 2, &rest), 0);
    assert_int_equal(rest, 0);
    assert_int_equal(emp__cut_position(23570, 3, 5, &rest), 14141);
    assert_int_equal(rest, 2);
    assert_int_equal(emp__cut_position((size_t)1 << 60, 65534, 65535, &rest),
                     (size_t)((((emp_test_uint128)1 << 60) - 1) * 65534 / 65535));
}

/* Keys in any order, cuts at and beyond both ends, equal cuts, no cuts. */
static void keys_and_cuts(void **state)
{
    (void)state;
    const uint64_t keys[] = {5, 0, UINT64_MAX, 7, 6}, cuts[] = {0, 5, 5, UINT64_MAX};
    const uint16_t expected[] = {1, 0, 3, 3, 3};
    uint16_t out[6] = {1, 1, 1, 1, 1, 4711};
    emp__bin_keys(keys, 5, cuts, 4, out);
    assert_memory_equal(out, expected, sizeof expected);
    emp__bin_keys(keys, 5, cuts, 0, out);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(out[i], 0);
    emp__bin_keys(keys, 0, cuts, 4, out + 5);
    assert_int_equal(out[5], 4711);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_values),      cmocka_unit_test(cuts_on_values),
        cmocka_unit_test(equal_bins_by_rank), cmocka_unit_test(positions),
        cmocka_unit_test(keys_and_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
