// SPDX-License-Identifier: Apache-2.0
#include "number/normal.h"

#include <math.h>

#include "random/portable_math.h"

static const double root_two_pi_inverse = 0.39894228040143267794;

/* x^2 / 2 in two parts, the first exact, so that the digits of e^(-x^2 / 2) last (Cody 1969). */
static double density(double x)
{
    double near = nearbyint(x * 16.0) / 16.0;
    double rest = (x - near) * (x + near);
    return root_two_pi_inverse * emp__exp(-0.5 * near * near) * emp__exp(-0.5 * rest);
}

/* P(0 < X <= x) for 0 <= x <= 1; the k-th term is x^(2k + 1) / (1 3 ... (2k + 1)). */
static double middle(double x)
{
    double term = x, sum = x;
    for (int k = 3; term > 0x1p-56 * sum; k += 2) {
        term *= x * x / k;
        sum += term;
    }
    return density(x) * sum;
}

/* P(X > x) for x >= 1: from the fraction's far end, where about r = x + depth / r. */
static double far_tail(double x)
{
    int depth = 20 + (int)(300.0 / (x * x));
    double rest = 0.5 * (x + sqrt(x * x + 4.0 * depth));
    for (int k = depth; k >= 1; k--)
        rest = x + k / rest;
    return density(x) / rest;
}

double emp__normal_tail(double x)
{
    if (isnan(x))
        return x;
    if (fabs(x) < 1.0)
        return x < 0.0 ? 0.5 + middle(-x) : 0.5 - middle(x);
    if (fabs(x) > 40.0)
        return x < 0.0 ? 1.0 : 0.0;
    return x < 0.0 ? 1.0 - far_tail(-x) : far_tail(x);
}

double emp__normal_cdf(double x)
{
    return emp__normal_tail(-x);
}

double emp__normal_two_sided(double z)
{
    return 2.0 * emp__normal_tail(fabs(z));
}

/* The coefficients of PPND16, from the constant on: for |p - 1/2| <= .425, for the tails down to
 * e^-25, and for those beyond. */
enum { TERMS = 8 };

static const double centre_above[TERMS] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                           1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                           4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                           3.3430575583588128105e+4, 2.5090809287301226727e+3};
static const double centre_below[TERMS] = {1.0,
                                           4.2313330701600911252e+1,
                                           6.8718700749205790830e+2,
                                           5.3941960214247511077e+3,
                                           2.1213794301586595867e+4,
                                           3.9307895800092710610e+4,
                                           2.8729085735721942674e+4,
                                           5.2264952788528545610e+3};
static const double tail_above[TERMS] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                         5.76949722146069140550e0,  3.64784832476320460504e0,
                                         1.27045825245236838258e0,  2.41780725177450611770e-1,
                                         2.27238449892691845833e-2, 7.74545014278341407640e-4};
static const double tail_below[TERMS] = {1.0,
                                         2.05319162663775882187e0,
                                         1.67638483018380384940e0,
                                         6.89767334985100004550e-1,
                                         1.48103976427480074590e-1,
                                         1.51986665636164571966e-2,
                                         5.47593808499534494600e-4,
                                         1.05075007164441684324e-9};
static const double end_above[TERMS] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                        1.78482653991729133580e0,  2.96560571828504891230e-1,
                                        2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                        2.71155556874348757815e-5, 2.01033439929228813265e-7};
static const double end_below[TERMS] = {1.0,
                                        5.99832206555887937690e-1,
                                        1.36929880922735805310e-1,
                                        1.48753612908506148525e-2,
                                        7.86869131145613259100e-4,
                                        1.84631831751005468180e-5,
                                        1.42151175831644588870e-7,
                                        2.04426310338993978564e-15};

static double quotient(const double *above, const double *below, double x)
{
    double a = 0.0, b = 0.0;
    for (int i = TERMS; i-- > 0;) {
        a = a * x + above[i];
        b = b * x + below[i];
    }
    return a / b;
}

/* -x for the tail p <= 1/2. */
static double tail_quantile(double p)
{
    double r = sqrt(-emp__log(p));
    return r <= 5.0 ? quotient(tail_above, tail_below, r - 1.6)
                    : quotient(end_above, end_below, r - 5.0);
}

double emp__normal_quantile(double p)
{
    if (!(p >= 0.0 && p <= 1.0))
        return NAN;
    if (p == 0.0 || p == 1.0)
        return p == 0.0 ? -INFINITY : INFINITY;
    double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * quotient(centre_above, centre_below, 0.180625 - q * q);
    return q < 0.0 ? -tail_quantile(p) : tail_quantile(1.0 - p);
}

double emp__normal_two_sided_quantile(double confidence)
{
    return -emp__normal_quantile(0.5 * (1.0 - confidence));
}
