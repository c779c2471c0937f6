// SPDX-License-Identifier: Apache-2.0
/* Which k is taken, by each of the figures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/segment/choice.h"

static const int64_t ks[] = {2, 3, 4, 5};

/* Each figure has its best at another k. */
static const struct emp_segment_figures figures[] = {
    {.inertia = 100,
     .silhouette = 0.5,
     .simplified_silhouette = 0.1,
     .calinski_harabasz = 9,
     .davies_bouldin = 2,
     .gap = 0.1,
     .gap_se = 0.01,
     .stability = 0.7},
    {.inertia = 40,
     .silhouette = 0.4,
     .simplified_silhouette = 0.6,
     .calinski_harabasz = 10,
     .davies_bouldin = 1,
     .gap = 0.4,
     .gap_se = 0.01,
     .stability = 0.7},
    {.inertia = 30,
     .silhouette = 0.3,
     .simplified_silhouette = 0.6,
     .calinski_harabasz = 11,
     .davies_bouldin = 3,
     .gap = 0.45,
     .gap_se = 0.06,
     .stability = 0.9},
    {.inertia = 25,
     .silhouette = NAN,
     .simplified_silhouette = 0.2,
     .calinski_harabasz = 11,
     .davies_bouldin = NAN,
     .gap = 0.7,
     .gap_se = 0.01,
     .stability = 0.1},
};

static int64_t chosen(size_t count, enum emp_choose_by by)
{
    size_t i = emp__segment_choose(figures, ks, count, by);
    return i < count ? ks[i] : 0;
}

static void by_each_figure(void **state)
{
    (void)state;
    assert_int_equal(chosen(4, EMP_CHOOSE_SILHOUETTE), 2);
    assert_int_equal(chosen(4, EMP_CHOOSE_SIMPLIFIED), 3);
    assert_int_equal(chosen(4, EMP_CHOOSE_CALINSKI), 4);
    assert_int_equal(chosen(4, EMP_CHOOSE_DAVIES), 3);
    assert_int_equal(chosen(4, EMP_CHOOSE_ELBOW), 3);
    assert_int_equal(chosen(4, EMP_CHOOSE_STABILITY), 4);
}

/* 0.4 >= 0.45 - 0.06: k = 4 is no improvement on 3. Without such a k the greatest gap counts. */
static void by_the_gap(void **state)
{
    (void)state;
    assert_int_equal(chosen(4, EMP_CHOOSE_GAP), 3);
    assert_int_equal(chosen(2, EMP_CHOOSE_GAP), 3);
}

static void where_no_k_has_the_figure(void **state)
{
    (void)state;
    struct emp_segment_figures none = {.inertia = 1, .silhouette = NAN, .gap = NAN, .gap_se = NAN};
    assert_int_equal(emp__segment_choose(&none, ks, 1, EMP_CHOOSE_SILHOUETTE), 1);
    assert_int_equal(emp__segment_choose(&none, ks, 1, EMP_CHOOSE_GAP), 1);
    assert_int_equal(emp__segment_choose(&none, ks, 1, EMP_CHOOSE_ELBOW), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_each_figure),
        cmocka_unit_test(by_the_gap),
        cmocka_unit_test(where_no_k_has_the_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
