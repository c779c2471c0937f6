// SPDX-License-Identifier: Apache-2.0
/* The normal and the gamma distribution against values of 60 digits (mpmath 1.3), and against their
 * own identities. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "number/chi_square.h"
#include "number/normal.h"

struct known {
    double x;
    double value;
};

struct known_gamma {
    double a, x;
    double lower, upper;
};

/* P(X > x) */
static const struct known tails[] = {{-37.5, 1},
                                     {-12.25, 1},
                                     {-5, 0.99999971334842808},
                                     {-2.756548716064991, 0.99707925448088508},
                                     {-1.0000001, 0.84134477026561416},
                                     {-1, 0.84134474606854293},
                                     {-0.999, 0.8411026543586817},
                                     {-0.5, 0.69146246127401312},
                                     {-1e-10, 0.5000000000398942},
                                     {0.25, 0.4012936743170763},
                                     {0.995210582050988, 0.15981692807765538},
                                     {1.5, 0.066807201268858071},
                                     {2, 0.022750131948179209},
                                     {3.75, 8.8417285200803868e-05},
                                     {6.5, 4.0160005838591178e-11},
                                     {9, 1.1285884059538405e-19},
                                     {20, 2.7536241186062337e-89},
                                     {37.4, 1.9536815616489922e-306}};

static const struct known quantiles[] = {
    {1e-300, -37.047096299361201},      {1e-100, -21.273453560965326},
    {1e-20, -9.262340089798407},        {1.3e-11, -6.6676114565107412},
    {1e-05, -4.2648907939228247},       {0.001, -3.0902323061678136},
    {0.025, -1.9599639845400543},       {0.0749, -1.4402382675279637},
    {0.0751, -1.4388253927525401},      {0.2, -0.84162123357291418},
    {0.3, -0.52440051270804078},        {0.425, -0.18911842627279252},
    {0.49999, -2.5066282748960008e-05}, {0.5, 0},
    {0.6, 0.25334710313579972},         {0.75, 0.67448975019608171},
    {0.9, 1.2815515655446006},          {0.925, 1.4395314709384561},
    {0.9251, 1.4402382675279639},       {0.975, 1.9599639845400538},
    {0.999, 3.0902323061678132},        {0.9999999, 5.1993375822906609}};

static const struct known_gamma gammas[] = {
    {0.5, 0.001, 0.035670591729679887, 0.9643294082703201},
    {0.5, 0.5, 0.68268949213708585, 0.31731050786291409},
    {0.5, 1.92, 0.94995647875129485, 0.050043521248705106},
    {0.5, 40, 1, 3.7440973842028989e-19},
    {1, 1, 0.63212055882855767, 0.36787944117144233},
    {1.5, 30, 0.99999999999941214, 5.8782307279069123e-13},
    {2.5, 2.5, 0.58411981300449212, 0.41588018699550794},
    {4, 0.01, 4.1334718262633404e-10, 0.99999999958665287},
    {4, 7.754, 0.95001145101224327, 0.049988548987756717},
    {4, 200, 1, 1.8731514627189256e-81},
    {10, 3, 0.0011024881301154798, 0.99889751186988451},
    {10, 11, 0.6594893575343389, 0.34051064246566104},
    {14.5, 14.5, 0.53493375876212101, 0.46506624123787893},
    {15, 15.9, 0.623113476792719, 0.376886523207281},
    {15, 30, 0.99907931760385138, 0.00092068239614866631},
    {49.5, 20, 1.9869409580779465e-08, 0.99999998013059044},
    {49.5, 62, 0.95471294784851524, 0.045287052151484805},
    {500, 400, 8.1093810787991593e-07, 0.99999918906189211},
    {500, 500, 0.50594714617076031, 0.49405285382923964},
    {500, 640, 0.99999999606724621, 3.9327537985682766e-09},
    {10000.0, 10000.0, 0.50132980833995522, 0.49867019166004478},
    {10000.0, 10250, 0.9934821365116574, 0.0065178634883425587},
    {10000.0, 9700, 0.0012341755844684919, 0.99876582441553152},
    {1000000.0, 1001000, 0.84134478636834031, 0.15865521363165971},
    {1000000.0, 1000000.0, 0.50013298076087254, 0.49986701923912741},
    {0.01, 0.3, 0.99092760357823495, 0.0090723964217650933},
    {0.001, 2, 0.99995102308216899, 4.8976917830981478e-05},
    {18.5, 0.048391227927250924, 1.6046667248239363e-41, 1}};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static double relative(double found, double expected)
{
    return fabs(found - expected) / fmax(fabs(expected), DBL_MIN);
}

static void normal_tails(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(tails); i++) {
        assert_true(relative(emp__normal_tail(tails[i].x), tails[i].value) <= 2e-15);
        assert_true(emp__normal_cdf(-tails[i].x) == emp__normal_tail(tails[i].x));
    }
    assert_true(emp__normal_tail(0.0) == 0.5);
    assert_true(emp__normal_tail(INFINITY) == 0.0 && emp__normal_tail(-INFINITY) == 1.0);
    assert_true(isnan(emp__normal_tail(NAN)));
    assert_true(relative(emp__normal_two_sided(-2.0), 2.0 * 0.022750131948179209) <= 2e-15);
}

static void normal_quantiles(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(quantiles); i++)
        assert_true(relative(emp__normal_quantile(quantiles[i].x), quantiles[i].value) <= 1e-15);
    assert_true(emp__normal_quantile(0.0) == -INFINITY && emp__normal_quantile(1.0) == INFINITY);
    assert_true(isnan(emp__normal_quantile(-0.1)) && isnan(emp__normal_quantile(1.1)));
    assert_true(isnan(emp__normal_quantile(NAN)));
    assert_true(relative(emp__normal_two_sided_quantile(0.95), 1.9599639845400543) <= 1e-14);
    assert_true(relative(emp__normal_two_sided_quantile(0.5), 0.67448975019608171) <= 1e-15);
}

/* One undoes the other, on both sides of all seams. */
static void quantile_of_cdf(void **state)
{
    (void)state;
    for (double x = -37.0; x < 5.0; x += 0.01) {
        double back = emp__normal_quantile(emp__normal_cdf(x));
        /* Above 0 the distribution function has no more than 2^-53 to say where x is. */
        double spacing = x > 0.0 ? 0x1p-53 * 2.50663 * exp(0.5 * x * x) : 0.0;
        assert_true(fabs(back - x) <= 4e-15 * fmax(1.0, fabs(x)) + spacing);
    }
    double last = 1.0;
    for (double x = -40.0; x <= 40.0; x += 0.001) {
        double tail = emp__normal_tail(x);
        assert_true(tail <= last * (1.0 + 1e-15));
        last = tail;
    }
}

static double deviation(double found, double expected)
{
    return relative(found, expected) / (4.0 - log(expected));
}

static void gamma_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(gammas); i++) {
        const struct known_gamma *g = &gammas[i];
        double bound = g->a > 1e4 ? 3e-15 : 1e-15, wider = g->a < 0.5 ? 1e4 : 1.0;
        assert_true(deviation(emp__gamma_lower(g->a, g->x), g->lower) <= bound);
        assert_true(deviation(emp__gamma_upper(g->a, g->x), g->upper) <= bound * wider);
    }
}

/* Q(1, x) = e^-x; Q(1/2, x^2 / 2) = P(|X| > x); Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1). */
static void gamma_identities(void **state)
{
    (void)state;
    for (double x = 0.01; x < 600.0; x *= 1.1)
        assert_true(deviation(emp__gamma_upper(1.0, x), exp(-x)) <= 1e-15);
    for (double x = 0.01; x < 36.0; x *= 1.05)
        assert_true(deviation(emp__gamma_upper(0.5, 0.5 * x * x), emp__normal_two_sided(x)) <=
                    2e-15);
    uint64_t seed = 121;
    for (int i = 0; i < 3000; i++) {
        double a = 0.5 + (double)(test_random(&seed) % 60000) / 1000.0;
        double x = a * (double)(1 + test_random(&seed) % 3000) / 1000.0;
        double step = exp(a * log(x) - x - lgamma(a + 1.0));
        assert_true(fabs(emp__gamma_upper(a + 1.0, x) - emp__gamma_upper(a, x) - step) <= 1e-13);
        assert_true(fabs(emp__gamma_lower(a, x) + emp__gamma_upper(a, x) - 1.0) <= 2.3e-16);
    }
}

static void gamma_limits(void **state)
{
    (void)state;
    assert_true(emp__gamma_lower(2.0, 0.0) == 0.0 && emp__gamma_upper(2.0, 0.0) == 1.0);
    assert_true(emp__gamma_lower(2.0, INFINITY) == 1.0 && emp__gamma_upper(2.0, INFINITY) == 0.0);
    assert_true(emp__gamma_upper(2.0, 1e300) == 0.0 && emp__gamma_lower(2.0, 1e-300) == 0.0);
    assert_true(isnan(emp__gamma_upper(0.0, 1.0)) && isnan(emp__gamma_upper(1.0, -1.0)));
    assert_true(isnan(emp__gamma_upper(NAN, 1.0)) && isnan(emp__gamma_upper(1.0, NAN)));
    assert_true(isnan(emp__gamma_lower(1e13, 1e13)) && isnan(emp__chi_square_tail(1.0, 0.0)));
    assert_true(isnan(emp__chi_square_tail(NAN, 3.0)));
}

/* The critical values of every textbook. */
static void chi_square(void **state)
{
    (void)state;
    assert_true(relative(emp__chi_square_tail(3.841458820694124, 1.0), 0.05) <= 1e-14);
    assert_true(relative(emp__chi_square_tail(15.50731305586545, 8.0), 0.05) <= 1e-14);
    assert_true(relative(emp__chi_square_tail(135.80672317102679, 100.0), 0.01) <= 1e-13);
    assert_true(emp__chi_square_tail(-1.0, 3.0) == 1.0);
    assert_true(emp__chi_square_tail(INFINITY, 3.0) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_tails),     cmocka_unit_test(normal_quantiles),
        cmocka_unit_test(quantile_of_cdf),  cmocka_unit_test(gamma_known),
        cmocka_unit_test(gamma_identities), cmocka_unit_test(gamma_limits),
        cmocka_unit_test(chi_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
