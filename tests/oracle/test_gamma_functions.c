// SPDX-License-Identifier: Apache-2.0
/* log-gamma and its relatives against ball arithmetic, over all the arguments that data can reach.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_arb.h"
#include "special/gamma_functions.h"
#include "special/log_space.h"

enum { POINTS = TEST_POINTS(20000, 1000000) };

static const double precision = 1e-14;

/* Balls to work with. */
struct balls {
    arb_t x, y, z, sum, other, two;
};

static void balls_init(struct balls *b)
{
    arb_init(b->x);
    arb_init(b->y);
    arb_init(b->z);
    arb_init(b->sum);
    arb_init(b->other);
    arb_init(b->two);
    arb_set_d(b->two, 2.0);
}

static void balls_clear(struct balls *b)
{
    arb_clear(b->x);
    arb_clear(b->y);
    arb_clear(b->z);
    arb_clear(b->sum);
    arb_clear(b->other);
    arb_clear(b->two);
}

static void trigamma_ball(arb_t out, const arb_t x, const arb_t two)
{
    arb_hurwitz_zeta(out, two, x, TEST_BITS);
}

static void functions_of_one(void **state)
{
    (void)state;
    struct balls b;
    balls_init(&b);
    uint64_t seed = 1;
    for (int i = 0; i < POINTS; i++) {
        double x = test_decades(&seed, i % 2 ? 1e-8 : 0.3, i % 2 ? 1e12 : 30.0);
        arb_set_d(b.x, x);
        arb_lgamma(b.sum, b.x, TEST_BITS);
        test_arb_near(emp__log_gamma(x), b.sum, precision * (1.0 + fabs(emp__log_gamma(x))),
                      "log-gamma");
        arb_digamma(b.sum, b.x, TEST_BITS);
        double psi = test_arb_value(b.sum);
        test_arb_near(emp__digamma(x), b.sum, precision * (1.0 + fabs(psi)), "digamma");
        if (i % 8 == 0) { /* the oracle is slow */
            trigamma_ball(b.sum, b.x, b.two);
            test_arb_near(emp__trigamma(x), b.sum, precision * emp__trigamma(x), "trigamma");
        }
    }
    balls_clear(&b);
}

/* Near its zeros log-gamma is right to the last digits, too. */
static void zeros_of_log_gamma(void **state)
{
    (void)state;
    struct balls b;
    balls_init(&b);
    for (int zero = 1; zero <= 2; zero++)
        for (double e = 0.3; e > 1e-12; e *= 0.37)
            for (int sign = -1; sign <= 1; sign += 2) {
                double x = zero + sign * e;
                arb_set_d(b.x, x);
                arb_lgamma(b.sum, b.x, TEST_BITS);
                double bound = 2.0 * precision * fabs(test_arb_value(b.sum));
                test_arb_near(emp__log_gamma(x), b.sum, bound, "log-gamma near a zero");
            }
    assert_true(emp__log_gamma(1.0) == 0.0 && emp__log_gamma(2.0) == 0.0);
    balls_clear(&b);
}

static void log_beta(void **state)
{
    (void)state;
    struct balls b;
    balls_init(&b);
    uint64_t seed = 2;
    for (int i = 0; i < POINTS; i++) {
        double x = test_decades(&seed, 1e-8, 1e12), y = test_decades(&seed, 1e-8, 1e12);
        arb_set_d(b.x, x);
        arb_set_d(b.y, y);
        arb_add(b.z, b.x, b.y, TEST_BITS);
        arb_lgamma(b.sum, b.x, TEST_BITS);
        arb_lgamma(b.other, b.y, TEST_BITS);
        arb_add(b.sum, b.sum, b.other, TEST_BITS);
        arb_lgamma(b.other, b.z, TEST_BITS);
        arb_sub(b.sum, b.sum, b.other, TEST_BITS);
        double bound = precision * (1.0 + fabs(emp__log_beta(x, y)));
        test_arb_near(emp__log_beta(x, y), b.sum, bound, "log-beta");
        assert_true(emp__log_beta(x, y) == emp__log_beta(y, x));
    }
    balls_clear(&b);
}

/* of f(z + h) - f(z) */
static void step_ball(struct balls *b, double c, double h,
                      void (*f)(arb_t, const arb_t, const arb_t))
{
    arb_set_d(b->x, c);
    arb_set_d(b->y, h);
    arb_add(b->z, b->x, b->y, TEST_BITS);
    f(b->sum, b->z, b->two);
    f(b->other, b->x, b->two);
    arb_sub(b->sum, b->sum, b->other, TEST_BITS);
}

static void lgamma_ball(arb_t out, const arb_t x, const arb_t two)
{
    (void)two;
    arb_lgamma(out, x, TEST_BITS);
}

static void digamma_ball(arb_t out, const arb_t x, const arb_t two)
{
    (void)two;
    arb_digamma(out, x, TEST_BITS);
}

static void steps(void **state)
{
    (void)state;
    struct balls b;
    balls_init(&b);
    uint64_t seed = 3;
    for (int i = 0; i < POINTS; i++) {
        double c = test_decades(&seed, 1e-8, 1e12);
        double h = i % 2 ? floor(test_decades(&seed, 1.0, 1e6)) : test_decades(&seed, 1e-8, 1e6);
        step_ball(&b, c, h, lgamma_ball);
        double bound = precision * (h * (1.0 + fabs(log(c + h))) + fabs(emp__log_rising(c, h)));
        test_arb_near(emp__log_rising(c, h), b.sum, bound, "log of the rising factorial");
        step_ball(&b, c, h, digamma_ball);
        bound = precision * emp__digamma_step(c, h);
        test_arb_near(emp__digamma_step(c, h), b.sum, bound, "step of digamma");
        if (i % 8)
            continue;
        step_ball(&b, c, h, trigamma_ball);
        bound = precision * -emp__trigamma_step(c, h);
        test_arb_near(emp__trigamma_step(c, h), b.sum, bound, "step of trigamma");
    }
    assert_true(emp__log_rising(0.3, 0.0) == 0.0 && emp__digamma_step(7.0, 0.0) == 0.0);
    balls_clear(&b);
}

static void log_beta_steps(void **state)
{
    (void)state;
    struct balls b;
    balls_init(&b);
    uint64_t seed = 4;
    for (int i = 0; i < POINTS; i++) {
        double a = test_decades(&seed, 1e-8, 1e12), c = test_decades(&seed, 1e-8, 1e12);
        double h = i % 2 ? floor(test_decades(&seed, 1.0, 1e6)) : test_decades(&seed, 1e-8, 1e6);
        arb_t low;
        arb_init(low);
        step_ball(&b, c, h, lgamma_ball);
        arb_set(low, b.sum);
        arb_set_d(b.x, a);
        arb_set_d(b.y, c);
        arb_add(b.x, b.x, b.y, TEST_BITS);
        arb_set_d(b.y, h);
        arb_add(b.z, b.x, b.y, TEST_BITS);
        arb_lgamma(b.sum, b.z, TEST_BITS);
        arb_lgamma(b.other, b.x, TEST_BITS);
        arb_sub(b.sum, b.sum, b.other, TEST_BITS);
        arb_sub(b.sum, low, b.sum, TEST_BITS);
        double got = emp__log_beta_step(a, c, h);
        test_arb_near(got, b.sum, precision * -got, "step of log-beta");
        arb_clear(low);
    }
    assert_true(emp__log_beta_step(2.0, 3.0, 0.0) == 0.0);
    balls_clear(&b);
}

static void log_space(void **state)
{
    (void)state;
    enum { BITS = 1200 }; /* e^-700 is still seen beside 1 */
    struct balls b;
    balls_init(&b);
    uint64_t seed = 5;
    for (int i = 0; i < POINTS; i++) {
        double d = test_decades(&seed, 1e-12, 700.0), u = i % 2 ? d : -d;
        arb_set_d(b.x, u);
        arb_exp(b.sum, b.x, BITS);
        arb_log1p(b.sum, b.sum, BITS);
        test_arb_near(emp__softplus(u), b.sum, 2e-15 * emp__softplus(u), "softplus");
        arb_neg(b.x, b.x);
        arb_exp(b.sum, b.x, BITS);
        arb_add_ui(b.sum, b.sum, 1, BITS);
        arb_inv(b.sum, b.sum, BITS);
        test_arb_near(emp__sigmoid(u), b.sum, 2e-15 * emp__sigmoid(u), "sigmoid");
        arb_set_d(b.x, -d);
        arb_expm1(b.sum, b.x, BITS);
        arb_neg(b.sum, b.sum);
        arb_log(b.sum, b.sum, BITS);
        double got = emp__log_one_minus_exp(d);
        test_arb_near(got, b.sum, 2e-15 * fabs(got), "log(1 - e^-d)");
    }
    assert_true(emp__log_add(-INFINITY, -INFINITY) == -INFINITY);
    assert_true(emp__log_add(-INFINITY, 3.0) == 3.0 && emp__log_subtract(3.0, -INFINITY) == 3.0);
    assert_true(emp__log_subtract(3.0, 3.0) == -INFINITY);
    balls_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_of_one), cmocka_unit_test(zeros_of_log_gamma),
        cmocka_unit_test(log_beta),         cmocka_unit_test(steps),
        cmocka_unit_test(log_beta_steps),   cmocka_unit_test(log_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
