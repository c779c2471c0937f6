// SPDX-License-Identifier: Apache-2.0
/* The hypergeometric function and the exponential integral against ball arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_arb.h"
#include "special/exponential_integral.h"
#include "special/hypergeometric.h"

enum { POINTS = TEST_POINTS(1500, 500000) };

/* log 2F1; c = b + rest exactly. */
static double oracle_2f1(double a, double b, double rest, double z, double *expected)
{
    enum { BITS = 600 };
    arb_t A, B, C, Z, out;
    arb_init(A);
    arb_init(B);
    arb_init(C);
    arb_init(Z);
    arb_init(out);
    arb_set_d(A, a);
    arb_set_d(B, b);
    arb_set_d(C, rest);
    arb_add(C, C, B, BITS);
    arb_set_d(Z, z);
    arb_hypgeom_2f1(out, A, B, C, Z, 0, BITS);
    arb_log(out, out, BITS);
    double bits = arb_is_finite(out) ? (double)arb_rel_accuracy_bits(out) : 0.0;
    *expected = arf_get_d(arb_midref(out), ARF_RND_NEAR);
    arb_clear(A);
    arb_clear(B);
    arb_clear(C);
    arb_clear(Z);
    arb_clear(out);
    return bits;
}

/* Points that the oracle could judge, and those beyond the bound, which may be off a hundred times
 * as far. */
struct judged {
    int points, beyond;
};

static void expect_2f1(double a, double b, double rest, double z, struct judged *judged)
{
    double expected, got = emp__log_hypergeometric(a, b, rest, z);
    assert_true(isfinite(got));
    if (oracle_2f1(a, b, rest, z, &expected) < 60.0)
        return;
    double bound = 1e-13 * (1.0 + fabs(expected)) + 1e-15 * a * fabs(log1p(-z));
    if (!(fabs(got - expected) <= 100.0 * bound))
        fail_msg("log 2F1(%.17g, %.17g; b + %.17g; %.17g): %.17g instead of %.17g, off by %.3g", a,
                 b, rest, z, got, expected, got - expected);
    judged->beyond += !(fabs(got - expected) <= bound);
    judged->points++;
}

static void many_arguments(void **state)
{
    (void)state;
    uint64_t seed = 7;
    struct judged judged = {0, 0};
    for (int i = 0; i < POINTS; i++) {
        double a = test_decades(&seed, 1e-2, i % 3 ? 50.0 : 500.0);
        double b = test_decades(&seed, 1e-2, 200.0), rest = test_decades(&seed, 1e-2, 200.0);
        double z = test_decades(&seed, 1e-6, i % 2 ? 1e5 : 1.0);
        expect_2f1(a, b, rest, i % 2 ? -z : 1.0 - z, &judged);
    }
    assert_true(judged.points > POINTS * 9 / 10);
    /* Of a million points a handful: none of the few that a build looks at. */
    assert_true(judged.beyond <= POINTS / 50000);
}

/* c = a + b + k, z near 1, a = 0, c beside b, and what the Pareto/NBD model meets. */
static void special_arguments(void **state)
{
    (void)state;
    static const double cases[][4] = {
        {1.0, 1.0, 1.0, 0.999999}, {2.0, 3.0, 3.0, 0.9},      {2.0, 3.0, 2.0, 0.9999},
        {1.0, 2.5, 0.5, 0.99},     {0.0, 2.0, 3.0, 0.7},      {3.0, 4.0, 1e-6, 0.8},
        {3.0, 1e-6, 4.0, 0.8},     {1.6, 2.553, 1.0, -3.7},   {26.6, 1.6, 26.0, 0.3},
        {1.5, 400.0, 1.0, 0.75},   {500.0, 1.5, 499.5, 0.87}, {1.0, 8.0, 3.0, 0.0},
        {1e5, 3.0, 2.0, -1e-3},    {300.0, 7.0, 1.5, 0.97},   {1e-9, 3.0, 2.0, -1e8},
    };
    struct judged judged = {0, 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_2f1(cases[i][0], cases[i][1], cases[i][2], cases[i][3], &judged);
    assert_true(judged.points >= 14 && judged.beyond == 0);
    assert_true(isfinite(emp__log_hypergeometric(1e6, 1e6, 1e6, 0.9999)));
    assert_true(isfinite(emp__log_hypergeometric(1e6, 1e-6, 1e9, -1e9)));
}

static void exponential_integrals(void **state)
{
    (void)state;
    uint64_t seed = 8;
    arb_t s, z, out;
    arb_init(s);
    arb_init(z);
    arb_init(out);
    for (int i = 0; i < POINTS; i++) {
        double order = i % 5 ? test_decades(&seed, 1e-3, 300.0) : (double)(i / 5 % 9);
        double x = test_decades(&seed, 1e-7, 1e3);
        arb_set_d(s, order);
        arb_set_d(z, x);
        arb_hypgeom_expint(out, s, z, TEST_BITS);
        arb_exp(s, z, TEST_BITS);
        arb_mul(out, out, s, TEST_BITS);
        double got = emp__scaled_exponential_integral(order, x);
        test_arb_near(got, out, 1e-13 * got, "scaled exponential integral");
    }
    arb_clear(s);
    arb_clear(z);
    arb_clear(out);
    assert_true(emp__scaled_exponential_integral(3.0, 0.0) == 0.5);
    assert_true(isinf(emp__scaled_exponential_integral(1.0, 0.0)));
    assert_true(fabs(emp__scaled_exponential_integral(1e5, 1e-4) * 99999.0 - 1.0) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_arguments),
        cmocka_unit_test(special_arguments),
        cmocka_unit_test(exponential_integrals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
