// SPDX-License-Identifier: Apache-2.0
/* The adjusted Rand index against the counting of pairs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "cluster/agreement.h"

enum { MOST = 200, K_MOST = 20 };

static double agreement(const uint32_t *first, const uint32_t *second, size_t n)
{
    uint64_t counts[K_MOST * K_MOST];
    const struct emp_contingency table = {counts, K_MOST, K_MOST};
    emp__contingency(first, second, n, &table);
    return emp__adjusted_rand(&table);
}

/* The index from each pair of items: 2 (ad - bc) / ((a + b)(b + d) + (a + c)(c + d)), with a pairs
 * that are together in both, b and c in one of them, and d in none. */
static double by_pairs(const uint32_t *first, const uint32_t *second, size_t n)
{
    double a = 0.0, b = 0.0, c = 0.0, d = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            int one = first[i] == first[j], two = second[i] == second[j];
            a += one && two;
            b += one && !two;
            c += !one && two;
            d += !one && !two;
        }
    double below = (a + b) * (b + d) + (a + c) * (c + d);
    return below == 0.0 ? 1.0 : 2.0 * (a * d - b * c) / below;
}

static void known(void **state)
{
    (void)state;
    const uint32_t first[] = {0, 0, 1, 1}, second[] = {0, 0, 1, 2}, lone[] = {3, 2, 1, 0},
                   one[] = {5, 5, 5, 5}, crossed[] = {0, 1, 0, 1}, renamed[] = {9, 9, 4, 4};
    assert_true(agreement(first, second, 4) == 4.0 / 7.0);
    assert_true(agreement(first, renamed, 4) == 1.0);
    assert_true(agreement(one, lone, 4) == 0.0);
    assert_true(agreement(first, crossed, 4) == -0.5);
    assert_true(agreement(lone, lone, 4) == 1.0);
    assert_true(agreement(one, one, 4) == 1.0);
    assert_true(agreement(one, lone, 1) == 1.0);
    assert_true(agreement(one, lone, 0) == 1.0);
}

static void contingency(void **state)
{
    (void)state;
    const uint32_t first[] = {0, 1, 1, 0, 1}, second[] = {2, 0, 2, 2, 0};
    const uint64_t expected[] = {0, 0, 2, 2, 0, 1};
    uint64_t counts[6] = {99, 99, 99, 99, 99, 99};
    emp__contingency(first, second, 5, &(struct emp_contingency){counts, 2, 3});
    assert_memory_equal(counts, expected, sizeof expected);
}

/* All counts of pairs are exact in the twin too, so it differs by the rounding of quotients. */
static void random_partitions(void **state)
{
    (void)state;
    uint64_t seed = 23;
    for (int round = 0; round < 300; round++) {
        uint32_t first[MOST], second[MOST], swapped_first[MOST], swapped_second[MOST];
        size_t n = 1 + test_random(&seed) % MOST;
        uint64_t k = 1 + test_random(&seed) % K_MOST, noise = 1 + test_random(&seed) % 10;
        for (size_t i = 0; i < n; i++) {
            first[i] = (uint32_t)(test_random(&seed) % k);
            bool same = test_random(&seed) % noise != 0;
            second[i] = same ? K_MOST - 1 - first[i] : (uint32_t)(test_random(&seed) % K_MOST);
        }
        double index = agreement(first, second, n);
        assert_true(fabs(index - by_pairs(first, second, n)) < 1e-14);
        assert_true(index <= 1.0);
        for (size_t i = 0; i < n; i++) {
            swapped_first[i] = second[n - 1 - i];
            swapped_second[i] = first[n - 1 - i];
        }
        assert_true(agreement(swapped_first, swapped_second, n) == index);
    }
}

/* Numbers of pairs that fill 63 bits: 2^32 items. */
static void many_items(void **state)
{
    (void)state;
    const uint64_t half = UINT64_C(1) << 31, quarter = half / 2;
    uint64_t same[] = {half, 0, 0, half}, independent[] = {quarter, quarter, quarter, quarter},
             whole[] = {2 * half}, split[] = {half, half};
    assert_true(emp__adjusted_rand(&(struct emp_contingency){same, 2, 2}) == 1.0);
    assert_true(emp__adjusted_rand(&(struct emp_contingency){whole, 1, 1}) == 1.0);
    assert_true(emp__adjusted_rand(&(struct emp_contingency){split, 1, 2}) == 0.0);
    /* With n = 4 m: S C - A B over (A + B) C / 2 - A B is -1 / (2 (2 m - 1)) (by hand). */
    double expected = -1.0 / (2.0 * (2.0 * (double)quarter - 1.0));
    double index = emp__adjusted_rand(&(struct emp_contingency){independent, 2, 2});
    assert_true(fabs(index / expected - 1.0) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known),
        cmocka_unit_test(contingency),
        cmocka_unit_test(random_partitions),
        cmocka_unit_test(many_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
