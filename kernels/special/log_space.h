// SPDX-License-Identifier: Apache-2.0
/*
 * Numbers given by their logarithms: u stands for e^u, minus infinity for 0. Nothing overflows, and
 * a difference keeps the digits that u and v have. Relative error of each: 2e-15. About 60 flops.
 */
#ifndef EMP_SPECIAL_LOG_SPACE_H
#define EMP_SPECIAL_LOG_SPACE_H

#include <math.h>

#include "random/portable_math.h"

/* log(1 + e^u). */
static inline double emp__softplus(double u)
{
    return u > 0.0 ? u + emp__log1p(emp__exp(-u)) : emp__log1p(emp__exp(u));
}

/* e^u / (1 + e^u). */
static inline double emp__sigmoid(double u)
{
    double small = emp__exp(u > 0.0 ? -u : u);
    return (u > 0.0 ? 1.0 : small) / (1.0 + small);
}

/* log(e^u + e^v). */
static inline double emp__log_add(double u, double v)
{
    double greater = u > v ? u : v;
    return greater == -INFINITY ? greater : greater + emp__log1p(emp__exp(-fabs(u - v)));
}

/* log(1 - e^-d) for d > 0; minus infinity for 0. By expm1 where e^-d is close to 1, as Maechler
 * (2012, "Accurately computing log(1 - exp(-|a|))") recommends. */
static inline double emp__log_one_minus_exp(double d)
{
    const double log_2 = 0.6931471805599453;
    return d < log_2 ? emp__log(-emp__expm1(-d)) : emp__log1p(-emp__exp(-d));
}

/* log(e^u - e^v) for u >= v. */
static inline double emp__log_subtract(double u, double v)
{
    return v == -INFINITY ? u : u + emp__log_one_minus_exp(u - v);
}

#endif
