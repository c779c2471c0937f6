// SPDX-License-Identifier: Apache-2.0
#include "special/gamma_functions.h"

#include <stddef.h>

#include "random/portable_math.h"

/* Where the series are good to the last digit. */
#define STIRLING_FROM 16.0

static const double half_log_2pi = 0.9189385332046727;

/*
 * The coefficients of z^-n, n = 1 .. TERMS, in Stirling's remainder log Gamma(z) - (z - 1/2) log z
 * + z - log sqrt(2 pi), in digamma(z) - log z, and in trigamma(z).
 */
enum { TERMS = 15 };

static const double stirling_terms[TERMS] = {
    1.0 / 12.0,   0.0, -1.0 / 360.0,      0.0, 1.0 / 1260.0, 0.0, -1.0 / 1680.0, 0.0,
    1.0 / 1188.0, 0.0, -691.0 / 360360.0, 0.0, 1.0 / 156.0,  0.0, 0.0,
};
static const double digamma_terms[TERMS] = {
    -0.5, -1.0 / 12.0,  0.0, 1.0 / 120.0,     0.0, -1.0 / 252.0, 0.0, 1.0 / 240.0,
    0.0,  -1.0 / 132.0, 0.0, 691.0 / 32760.0, 0.0, -1.0 / 12.0,  0.0,
};
static const double trigamma_terms[TERMS] = {
    1.0,         0.5, 1.0 / 6.0,  0.0, -1.0 / 30.0,     0.0, 1.0 / 42.0, 0.0,
    -1.0 / 30.0, 0.0, 5.0 / 66.0, 0.0, -691.0 / 2730.0, 0.0, 7.0 / 6.0,
};

/* sum of terms[n] z^-n */
static double series(const double *terms, double z)
{
    double u = 1.0 / z, sum = 0.0;
    for (int n = TERMS; n-- > 0;)
        sum = (sum + terms[n]) * u;
    return sum;
}

/*
 * sum of terms[n] ((z + h)^-n - z^-n). With u = 1 / z and v = 1 / (z + h),
 * v^n - u^n = v (v^(n - 1) - u^(n - 1)) + u^(n - 1) (v - u): all of one sign.
 */
static double series_step(const double *terms, double z, double h)
{
    double u = 1.0 / z, v = 1.0 / (z + h), first = -h * u * v;
    double step = 0.0, power = 1.0, sum = 0.0;
    for (int n = 0; n < TERMS; n++) {
        step = v * step + power * first;
        power *= u;
        sum += terms[n] * step;
    }
    return sum;
}

/*
 * The same at z less that at z + a: the second difference, with D_n for the step at z + a,
 *     E_n = v E_(n - 1) + (v - V) D_(n - 1) + u^(n - 1) E_1 + (u^(n - 1) - U^(n - 1)) D_1
 * where U = 1 / (z + a), V = 1 / (z + a + h); again all of one sign.
 */
static double series_second_step(const double *terms, double z, double h, double a)
{
    double u = 1.0 / z, v = 1.0 / (z + h), u_far = 1.0 / (z + a), v_far = 1.0 / (z + a + h);
    double d_first = -h * u_far * v_far;
    double e_first = -h * u * v * (a * u_far) * ((a + 2.0 * z + h) * v_far);
    double d = 0.0, e = 0.0, power = 1.0, fall = 0.0, sum = 0.0; /* fall: u^n - U^n */
    double u_fall = a * u * u_far, v_fall = a * v * v_far, power_far = 1.0;
    for (int n = 0; n < TERMS; n++) {
        e = v * e + v_fall * d + power * e_first + fall * d_first;
        d = v_far * d + power_far * d_first;
        fall = u * fall + power_far * u_fall;
        power *= u;
        power_far *= u_far;
        sum += terms[n] * e;
    }
    return sum;
}

/* (zeta(k) - 1) / k with the sign of (-1)^k, k = 2 .. 30 */
static const double zeta_terms[] = {
    0.3224670334241132,     -0.0673523010531981,     0.020580808427784546,
    -0.007385551028673986,  0.0028905103307415234,   -0.001192753911703261,
    0.0005096695247430425,  -0.00022315475845357939, 9.945751278180853e-05,
    -4.492623673813314e-05, 2.050721277567069e-05,   -9.439488275268397e-06,
    4.374866789907488e-06,  -2.039215753801366e-06,  9.55141213040742e-07,
    -4.492469198764566e-07, 2.1207184805554665e-07,  -1.0043224823968099e-07,
    4.7698101693639804e-08, -2.2711094608943164e-08, 1.0838659214896955e-08,
    -5.183475041970047e-09, 2.4836745438024785e-09,  -1.1921401405860912e-09,
    5.731367241678862e-10,  -2.7595228851242334e-10, 1.330476437424449e-10,
    -6.4229645638381e-11,   3.1044247747322276e-11,
};

/* log Gamma(2 + e) for |e| <= 1/2 (DLMF 5.7.3), with relative precision: there are zeros near. */
static double log_gamma_near_two(double e)
{
    const double one_minus_euler = 0.42278433509846714;
    double sum = 0.0;
    for (size_t k = sizeof zeta_terms / sizeof *zeta_terms; k-- > 0;)
        sum = zeta_terms[k] + e * sum;
    return e * (one_minus_euler + e * sum);
}

double emp__log_gamma(double x)
{
    if (x < 0.5)
        return log_gamma_near_two(x) - emp__log1p(x) - emp__log(x);
    if (x < 1.5)
        return log_gamma_near_two(x - 1.0) - emp__log1p(x - 1.0);
    double product = 1.0, z = x;
    if (x < 0.5 * STIRLING_FROM) {
        for (; z > 2.5; product *= z)
            z -= 1.0;
        return log_gamma_near_two(z - 2.0) + emp__log(product);
    }
    for (; z < STIRLING_FROM; z += 1.0)
        product *= z;
    return (z - 0.5) * emp__log(z) - z + half_log_2pi + series(stirling_terms, z) -
           emp__log(product);
}

double emp__digamma(double x)
{
    double sum = 0.0, z = x;
    for (; z < STIRLING_FROM; z += 1.0)
        sum += 1.0 / z;
    return emp__log(z) + series(digamma_terms, z) - sum;
}

double emp__trigamma(double x)
{
    double sum = 0.0, z = x;
    for (; z < STIRLING_FROM; z += 1.0)
        sum += 1.0 / (z * z);
    return sum + series(trigamma_terms, z);
}

double emp__log_beta(double a, double b)
{
    double small = a < b ? a : b, large = a < b ? b : a;
    if (small < STIRLING_FROM)
        return emp__log_gamma(small) - emp__log_rising(large, small);
    double powers = -(small - 0.5) * emp__log1p(large / small) - large * emp__log1p(small / large);
    return powers - 0.5 * emp__log(large) + half_log_2pi + series(stirling_terms, small) -
           series_step(stirling_terms, large, small);
}

/* The logarithm of a product of factors 1 + e, e >= 0, as log(1 + grown) + logs. */
struct product {
    double grown, logs;
};

static void multiply(struct product *product, double e)
{
    product->grown += e + product->grown * e;
    if (product->grown > 1e100) {
        product->logs += emp__log(product->grown);
        product->grown = 0.0;
    }
}

static double log_of(const struct product *product)
{
    return emp__log1p(product->grown) + product->logs;
}

double emp__log_rising(double c, double h)
{
    struct product product = {0.0, 0.0};
    double z = c;
    for (; z < STIRLING_FROM; z += 1.0)
        multiply(&product, h / z);
    double stirling = (z - 0.5) * emp__log1p(h / z) + h * (emp__log(z + h) - 1.0) +
                      series_step(stirling_terms, z, h);
    return stirling - log_of(&product);
}

double emp__digamma_step(double c, double h)
{
    double sum = 0.0, z = c;
    for (; z < STIRLING_FROM; z += 1.0)
        sum += h / (z * (z + h));
    return sum + emp__log1p(h / z) + series_step(digamma_terms, z, h);
}

double emp__trigamma_step(double c, double h)
{
    double sum = 0.0, z = c;
    for (; z < STIRLING_FROM; z += 1.0)
        sum += h / (z * (z + h)) * (1.0 / z + 1.0 / (z + h));
    return series_step(trigamma_terms, z, h) - sum;
}

/*
 * With B = a + b, the recurrence divides by 1 + a h / (b (B + h)), and Stirling's leading terms are
 *     (b - 1/2) log(1 + a h / (b (B + h))) - h log(1 + a / (b + h)) - a log(1 + h / B).
 */
double emp__log_beta_step(double a, double b, double h)
{
    struct product product = {0.0, 0.0};
    double z = b;
    for (; z < STIRLING_FROM; z += 1.0)
        multiply(&product, a / z * (h / (z + a + h)));
    double sum = z + a;
    double leading = (z - 0.5) * emp__log1p(a / z * (h / (sum + h))) - h * emp__log1p(a / (z + h)) -
                     a * emp__log1p(h / sum);
    return leading + series_second_step(stirling_terms, z, h, a) - log_of(&product);
}
