// SPDX-License-Identifier: Apache-2.0
/* Functions in lanes against long double, on a grid over their whole ranges; that all widths give
 * the same bytes is tested with the kernels that use them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lanes/lanes_plain.h"

#include "lanes/functions.h"

static void is_close(double found, long double expected, double relative)
{
    if (!(fabsl(found - expected) <= relative * fabsl(expected)))
        fail_msg("%.17g is not within %g of %.17Lg", found, relative, expected);
}

static void exponentials(void **state)
{
    (void)state;
    for (int step = 0; step <= 708000; step += 13) {
        double x = step / (step % 3 ? 1000.0 : 1e7);
        is_close(exponential(-x), expl(-(long double)x), 3e-16);
        if (x <= 700.0)
            is_close(growth(x), expm1l((long double)x), 6e-16);
    }
    assert_true(exponential(-1e9) > 0.0 && growth(0.0) == 0.0);
}

static void logarithms(void **state)
{
    (void)state;
    for (int step = -9000; step <= 9000; step++) {
        double x = ldexp(1.0 + (step & 1023) / 1024.7, step / 10);
        if (x > 0x1p-1022)
            is_close(logarithm(x), logl((long double)x), 5e-16);
        is_close(log_one_plus(x), log1pl((long double)x), 5e-16);
        if (x <= 1.0)
            is_close(log_one_plus_small(x), log1pl((long double)x), 5e-16);
    }
    for (int step = -20000; step <= 20000; step++) /* about 1, where the logarithm is small */
        is_close(logarithm(1.0 + step * 1e-5), logl(1.0L + (long double)(1.0 + step * 1e-5 - 1.0)),
                 step == 0 ? 0.0 : 5e-16);
    assert_true(log_one_plus(0.0) == 0.0);
}

static void sums(void **state)
{
    (void)state;
    double of[EMP_LANES] = {1e16, 1.0, -1e16, 1.0, 3.0, 0.25, 5.0, 0.5};
    assert_true(sum_of(of) == ((1e16 + 1.0) + (-1e16 + 1.0)) + ((3.0 + 0.25) + (5.0 + 0.5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exponentials),
        cmocka_unit_test(logarithms),
        cmocka_unit_test(sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
