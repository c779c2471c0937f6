// SPDX-License-Identifier: Apache-2.0
/* Sums that do not depend on the order, and sums that keep what they round away. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "number/compensated_sum.h"
#include "number/exact_sum.h"

enum { MOST = 1000 };

static double exact_sum(const double *values, size_t n)
{
    struct emp_exact_scale scale = emp__exact_scale(emp__magnitude(values, n));
    emp_int128 sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += emp__exact_units(scale, values[i]);
    return emp__exact_value(scale, sum);
}

static double compensated_sum(const double *values, size_t n)
{
    struct emp_compensated sum = {0};
    for (size_t i = 0; i < n; i++)
        emp__add(&sum, values[i]);
    return emp__total(sum);
}

static void swap(double *a, double *b)
{
    double c = *a;
    *a = *b;
    *b = c;
}

static void any_order(void **state)
{
    (void)state;
    uint64_t seed = 111;
    double values[MOST];
    for (int spread = 0; spread < 200; spread += 7) {
        for (size_t i = 0; i < MOST; i++) {
            int exponent = (int)(test_random(&seed) % (unsigned)(spread + 1));
            values[i] = ldexp((double)(int64_t)test_random(&seed), exponent - 63);
        }
        double before = exact_sum(values, MOST), plain = compensated_sum(values, MOST);
        assert_true(fabs(before - plain) <= 1e-15 * MOST * emp__magnitude(values, MOST));
        for (size_t i = 1; i < MOST; i++)
            swap(&values[i], &values[test_random(&seed) % (i + 1)]);
        assert_true(exact_sum(values, MOST) == before);
    }
}

/* Values of 26 bits of range are added exactly. */
static void exact(void **state)
{
    (void)state;
    const double values[] = {0x1p60, 1.0 + 0x1p34, -0x1p60, -0x1p34}, thirds[] = {1.0 / 3.0, -0.5};
    assert_true(exact_sum(values, 4) == 1.0);
    assert_true(exact_sum(thirds, 2) == 1.0 / 3.0 - 0.5);
    assert_true(exact_sum(values, 0) == 0.0);
}

static void ends_of_the_range(void **state)
{
    (void)state;
    const double huge[] = {1.7e308, 1.0, -1.7e308}, over[] = {1.7e308, 1.7e308},
                 tiny[] = {0x1p-970, 0x1p-971}, least[] = {5e-324, 5e-324}, zeros[] = {0.0, -0.0};
    assert_true(exact_sum(huge, 2) == 1.7e308);
    assert_true(exact_sum(huge, 3) == 0.0);
    assert_true(exact_sum(over, 2) == INFINITY);
    assert_true(exact_sum(tiny, 2) == 0x1.8p-970);
    assert_true(exact_sum(least, 2) == 0.0);
    assert_true(exact_sum(zeros, 2) == 0.0);
}

static void compensated(void **state)
{
    (void)state;
    const double lost[] = {1.0, 0x1p100, 1.0, -0x1p100}, infinite[] = {1.0, INFINITY, 2.0};
    assert_true(compensated_sum(lost, 4) == 2.0);
    assert_true(compensated_sum(infinite, 3) == INFINITY);
    struct emp_compensated sum = {0};
    for (int i = 0; i < 10000000; i++)
        emp__add(&sum, 0.1);
    assert_true(emp__total(sum) == 1e6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order),
        cmocka_unit_test(exact),
        cmocka_unit_test(ends_of_the_range),
        cmocka_unit_test(compensated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
