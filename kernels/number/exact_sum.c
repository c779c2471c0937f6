// SPDX-License-Identifier: Apache-2.0
#include "number/exact_sum.h"

#include <math.h>

enum { UNIT_BITS = 78, LEAST_EXPONENT = -900 };

struct emp_exact_scale emp__exact_scale(double magnitude)
{
    int exponent;
    frexp(magnitude, &exponent);
    if (exponent < LEAST_EXPONENT)
        exponent = LEAST_EXPONENT;
    return (struct emp_exact_scale){
        .up = ldexp(1.0, UNIT_BITS - exponent),
        .down = ldexp(1.0, exponent - UNIT_BITS),
    };
}

double emp__magnitude(const double *values, size_t n)
{
    double greatest = 0.0;
    for (size_t i = 0; i < n; i++) {
        double size = fabs(values[i]);
        greatest = size > greatest ? size : greatest;
    }
    return greatest;
}
