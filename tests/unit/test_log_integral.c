// SPDX-License-Identifier: Apache-2.0
/* Gauss-Legendre rules by the polynomials that they must get right, and integrals that are known.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "special/gamma_functions.h"
#include "special/log_integral.h"
#include "special/log_space.h"

static double power_sum(const struct emp_gauss_rule *rule, int power)
{
    double sum = 0.0;
    for (int i = 0; i < rule->count; i++)
        sum += rule->weight[i] * pow(rule->place[i], power);
    return sum;
}

/* n points are exact up to the degree 2 n - 1. */
static void rules_are_exact(void **state)
{
    (void)state;
    for (int power = 0; power < 16; power += 2)
        assert_true(fabs(power_sum(&emp__gauss_8, power) * (power + 1) / 2.0 - 1.0) < 2e-15);
    for (int power = 0; power < 32; power += 2)
        assert_true(fabs(power_sum(&emp__gauss_16, power) * (power + 1) / 2.0 - 1.0) < 4e-15);
    for (int power = 1; power < 32; power += 2)
        assert_true(fabs(power_sum(&emp__gauss_8, power)) + fabs(power_sum(&emp__gauss_16, power)) <
                    1e-15);
    assert_true(fabs(power_sum(&emp__gauss_8, 16) * 17.0 / 2.0 - 1.0) > 1e-6);
}

struct beta {
    double a, b;
};

static double beta_log_value(double y, const void *of)
{
    const struct beta *p = of;
    return -p->a * emp__softplus(-y) - p->b * emp__softplus(y);
}

/* B(a, b) over log(p / (1 - p)), from flat to a needle, tails and all. */
static void beta_functions(void **state)
{
    (void)state;
    for (double a = 1e-6; a < 1e9; a *= 7.3)
        for (double b = 1e-6; b < 1e9; b *= 11.9) {
            struct beta beta = {a, b};
            double straight = 40.0 + log1p(a + b);
            struct emp_log_density density = {beta_log_value, &beta, -straight, straight, a, b};
            double expected = emp__log_beta(a, b), got = emp__log_integral(&density);
            assert_true(fabs(got - expected) <= 2e-14 * (1.0 + fabs(expected)) + 1e-15 * (a + b));
        }
}

static double decay(double y, const void *of)
{
    return -*(const double *)of * y;
}

static void ends_of_the_range(void **state)
{
    (void)state;
    for (double rate = 1e-6; rate < 1e9; rate *= 31.0) {
        struct emp_log_density density = {.log_value = decay, .of = &rate, .high = 50.0};
        double expected = log(-expm1(-50.0 * rate) / rate);
        assert_true(fabs(emp__log_integral(&density) - expected) < 1e-13 * (1.0 + fabs(expected)));
        density.high_rate = rate;
        assert_true(fabs(emp__log_integral(&density) + log(rate)) <
                    1e-13 * (1.0 + fabs(log(rate))));
        density = (struct emp_log_density){.log_value = decay, .of = &rate};
        assert_true(emp__log_integral(&density) == -INFINITY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_exact),
        cmocka_unit_test(beta_functions),
        cmocka_unit_test(ends_of_the_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
