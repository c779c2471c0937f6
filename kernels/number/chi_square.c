// SPDX-License-Identifier: Apache-2.0
#include "number/chi_square.h"

#include <math.h>
#include <stdbool.h>

#include "random/portable_math.h"

static const double two_pi = 6.28318530717958647693;

/* From where on Stirling's series serves; below it, by s(a) = s(a + 1) + (a + 1/2) log(1 + 1/a) - 1
 * from there. */
enum { STIRLING_FROM = 15 };

static const double greatest_a = 1e12;
/* Enough for that. */
enum { MOST_STEPS = 10000000 };

/* log Gamma(a + 1) - ((a + 1/2) log a - a + log(2 pi) / 2). */
static double stirling_error(double a)
{
    double below = 0.0;
    while (a < STIRLING_FROM) {
        below += (a + 0.5) * emp__log1p(1.0 / a) - 1.0;
        a += 1.0;
    }
    double z = 1.0 / (a * a);
    double series = -691.0 / 360360.0;
    series = series * z + 1.0 / 1188.0;
    series = series * z - 1.0 / 1680.0;
    series = series * z + 1.0 / 1260.0;
    series = series * z - 1.0 / 360.0;
    series = series * z + 1.0 / 12.0;
    return below + series / a;
}

/* x / a - 1 - log(x / a). Near 0, with u = x / a - 1 and v = u / (2 + u), it is
 * u v - 2 (v^3 / 3 + v^5 / 5 + ...). */
static double beyond_log(double a, double x)
{
    double u = (x - a) / a;
    if (fabs(u) > 0.5)
        return u - emp__log(x / a);
    double v = u / (2.0 + u), z = v * v;
    double power = 2.0 * v * z, sum = 0.0;
    for (int k = 3; fabs(power) > 0x1p-60 * fabs(sum); k += 2) {
        sum += power / k;
        power *= z;
    }
    return u * v - sum;
}

/* x^a e^-x / Gamma(a + 1) */
static double factor(double a, double x)
{
    double exponent = stirling_error(a) + a * beyond_log(a, x);
    return emp__exp(-exponent) / sqrt(two_pi * a);
}

/* P for x < a + 1. */
static double by_series(double a, double x)
{
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < MOST_STEPS && term > 0x1p-56 * sum; k++) {
        term *= x / (a + k);
        sum += term;
    }
    return factor(a, x) * sum;
}

/* Q for x >= a + 1: the fraction 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / ...)) by
 * Lentz's method as Thompson & Barnett have it; all denominators are above 0 here. */
static double by_fraction(double a, double x)
{
    double b = x + 1.0 - a;
    double c = INFINITY, d = 1.0 / b, value = d, change = 0.0;
    for (int k = 1; k < MOST_STEPS && fabs(change - 1.0) > 0x1p-52; k++) {
        double numerator = k * (a - k);
        b += 2.0;
        d = 1.0 / (b + numerator * d);
        c = b + numerator / c;
        change = c * d;
        value *= change;
    }
    return a * factor(a, x) * value;
}

static bool in_domain(double a, double x)
{
    return a > 0.0 && a <= greatest_a && x >= 0.0;
}

double emp__gamma_lower(double a, double x)
{
    if (!in_domain(a, x))
        return NAN;
    if (x == 0.0 || isinf(x))
        return x == 0.0 ? 0.0 : 1.0;
    return x < a + 1.0 ? by_series(a, x) : 1.0 - by_fraction(a, x);
}

double emp__gamma_upper(double a, double x)
{
    if (!in_domain(a, x))
        return NAN;
    if (x == 0.0 || isinf(x))
        return x == 0.0 ? 1.0 : 0.0;
    return x < a + 1.0 ? 1.0 - by_series(a, x) : by_fraction(a, x);
}

double emp__chi_square_tail(double x, double degrees)
{
    return emp__gamma_upper(0.5 * degrees, x < 0.0 ? 0.0 : 0.5 * x);
}
