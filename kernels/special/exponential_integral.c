// SPDX-License-Identifier: Apache-2.0
#include "special/exponential_integral.h"

#include <math.h>

#include "random/portable_math.h"
#include "special/log_integral.h"

struct kernel {
    double s, z;
};

/* With 1 + y = e^u. */
static double log_kernel(double u, const void *of)
{
    const struct kernel *k = of;
    return (1.0 - k->s) * u - k->z * emp__expm1(u);
}

static double by_integral(double s, double z)
{
    const double negligible = 45.0;
    struct kernel kernel = {s, z};
    struct emp_log_density density = {
        .log_value = log_kernel, .of = &kernel, .high = emp__log1p(negligible / z)};
    return emp__exp(emp__log_integral(&density));
}

/* 1 / (z + s - s / (z + s + 2 - 2 (s + 1) / (z + s + 4 - ...))) */
static double by_fraction(double s, double z)
{
    const double precision = 1e-16;
    enum { MOST = 1000 };
    double b = z + s, value = 1.0 / b, c = INFINITY, d = value;
    for (int k = 1; k <= MOST; k++) {
        double numerator = -k * (s + k - 1.0);
        b += 2.0;
        d = 1.0 / (b + numerator * d);
        c = b + numerator / c;
        value *= c * d;
        if (fabs(c * d - 1.0) < precision)
            break;
    }
    return value;
}

double emp__scaled_exponential_integral(double s, double z)
{
    if (z == 0.0)
        return s > 1.0 ? 1.0 / (s - 1.0) : INFINITY;
    return z >= 1.0 ? by_fraction(s, z) : by_integral(s, z);
}
