// SPDX-License-Identifier: Apache-2.0
/* Elbows of curves where they can be seen, and of such as have none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "cluster/elbow.h"

/* Depths .5, .375 and .1875. */
static void by_hand(void **state)
{
    (void)state;
    const uint32_t k[] = {1, 2, 3, 4, 5};
    const double inertia[] = {100.0, 40.0, 30.0, 25.0, 20.0};
    assert_int_equal(emp__elbow(k, inertia, 5), 1);
}

/* The best inertias of iris; from k = 1 and from k = 2 on. */
static void iris(void **state)
{
    (void)state;
    const uint32_t k[] = {1, 2, 3, 4, 5, 6};
    const double inertia[] = {681.3706,    152.3479518, 78.85144143,
                              57.22847321, 46.44618205, 39.03998725};
    assert_int_equal(emp__elbow(k, inertia, 6), 1);
    assert_int_equal(emp__elbow(k + 1, inertia + 1, 5), 1);
}

static void uneven_steps(void **state)
{
    (void)state;
    const uint32_t k[] = {2, 4, 8, 16, 30}; /* depths .429, .536, .4 */
    const double inertia[] = {14.0, 7.0, 3.5, 1.4, 0.0};
    assert_int_equal(emp__elbow(k, inertia, 5), 2);
}

static void ties_go_to_the_first(void **state)
{
    (void)state;
    const uint32_t k[] = {2, 3, 4, 5, 6};
    const double inertia[] = {16.0, 8.0, 4.0, 4.0, 0.0}; /* depths .25, .25, 0 */
    assert_int_equal(emp__elbow(k, inertia, 5), 1);
}

static void none(void **state)
{
    (void)state;
    const uint32_t k[] = {2, 3, 4, 5, 6};
    const double straight[] = {0.5, 0.4, 0.3, 0.2, 0.1}, bulging[] = {9.0, 8.5, 7.0, 4.0, 0.0},
                 rising[] = {1.0, 0.5, 0.2, 3.0, 4.0}, flat[] = {2.0, 1.0, 1.0, 1.0, 2.0},
                 hole[] = {9.0, 1.0, NAN, 0.5, 0.0}, endless[] = {INFINITY, 5.0, 2.0, 1.0, 0.0};
    assert_int_equal(emp__elbow(k, straight, 5), 5);
    assert_int_equal(emp__elbow(k, bulging, 5), 5);
    assert_int_equal(emp__elbow(k, rising, 5), 5);
    assert_int_equal(emp__elbow(k, flat, 5), 5);
    assert_int_equal(emp__elbow(k, hole, 5), 5);
    assert_int_equal(emp__elbow(k, endless, 5), 5);
    for (size_t count = 0; count < 3; count++)
        assert_int_equal(emp__elbow(k, straight, count), count);
}

/* The unit of the inertia does not matter. */
static void unit(void **state)
{
    (void)state;
    uint64_t seed = 51;
    for (int round = 0; round < 200; round++) {
        uint32_t k[12];
        double inertia[12], scaled[12], falling = 1000.0;
        for (uint32_t i = 0; i < 12; i++) {
            k[i] = i + 2;
            falling *= 0.5 + 0.5 * (double)(test_random(&seed) >> 11) * 0x1p-53;
            inertia[i] = falling;
            scaled[i] = falling * 0x1p-30;
        }
        assert_int_equal(emp__elbow(k, scaled, 12), emp__elbow(k, inertia, 12));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),      cmocka_unit_test(iris),
        cmocka_unit_test(uneven_steps), cmocka_unit_test(ties_go_to_the_first),
        cmocka_unit_test(none),         cmocka_unit_test(unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
