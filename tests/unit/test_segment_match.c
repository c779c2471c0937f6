// SPDX-License-Identifier: Apache-2.0
/* The numbers of clusters: by value, or by a former model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/segment/match.h"

static void by_value(void **state)
{
    (void)state;
    const double value[] = {2, 7, 2, 9, -1};
    size_t order[5];
    emp__segment_order(value, 5, order);
    const size_t expected[] = {3, 1, 0, 2, 4};
    assert_memory_equal(order, expected, sizeof order);
}

/* All together as many customers as can be keep their number, not each cluster by itself: cluster 0
   has most in common with number 3, but then cluster 1 would have nobody. */
static void the_most_in_all(void **state)
{
    (void)state;
    const uint64_t count[] = {60, 50, 90, 0};
    const int64_t before[] = {3, 8};
    const size_t order[] = {0, 1};
    int64_t number[2];
    struct emp_segment_overlap overlap = {2, 2, count};
    assert_int_equal(emp__segment_match(&overlap, before, order, number, NULL), EMP_OK);
    assert_int_equal(number[0], 8);
    assert_int_equal(number[1], 3);
}

static void more_clusters_than_before(void **state)
{
    (void)state;
    const uint64_t count[] = {5, 0, 0, 9, 3, 0};
    const int64_t before[] = {2, 1};
    const size_t order[] = {2, 1, 0};
    int64_t number[3];
    struct emp_segment_overlap overlap = {3, 2, count};
    assert_int_equal(emp__segment_match(&overlap, before, order, number, NULL), EMP_OK);
    assert_int_equal(number[0], 2);
    assert_int_equal(number[1], 1);
    assert_int_equal(number[2], 3);
}

/* A number is kept for customers, not for nobody. */
static void nobody_in_common(void **state)
{
    (void)state;
    const uint64_t count[] = {7, 0, 0, 0, 0, 0};
    const int64_t before[] = {1, 2, 4};
    const size_t order[] = {1, 0};
    int64_t number[2];
    struct emp_segment_overlap overlap = {2, 3, count};
    assert_int_equal(emp__segment_match(&overlap, before, order, number, NULL), EMP_OK);
    assert_int_equal(number[0], 1);
    assert_int_equal(number[1], 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_value),
        cmocka_unit_test(the_most_in_all),
        cmocka_unit_test(more_clusters_than_before),
        cmocka_unit_test(nobody_in_common),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
