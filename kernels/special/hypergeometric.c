// SPDX-License-Identifier: Apache-2.0
#include "special/hypergeometric.h"

#include <math.h>
#include <stdbool.h>

#include "random/portable_math.h"
#include "special/gamma_functions.h"
#include "special/log_integral.h"
#include "special/log_space.h"

/* b y - (c - a) log(1 + e^y) - a log(1 + e^(y + log_rest)), log_rest = log(1 - z), c = b + rest */
struct euler {
    double a, b, rest, log_rest;
};

/* log(1 + e^y) is y or 0, and log(1 + e^-|y|): what is straight is put together first, because b y
 * and c y nearly cancel where y is large. */
static double straight_part(const struct euler *e, double y)
{
    bool above = y > 0.0, past_bend = y + e->log_rest > 0.0;
    if (above)
        return past_bend ? -e->rest * y - e->a * e->log_rest : (e->a - e->rest) * y;
    return past_bend ? (e->b - e->a) * y - e->a * e->log_rest : e->b * y;
}

static double euler_log_value(double y, const void *of)
{
    const struct euler *e = of;
    double bend = emp__softplus(-fabs(y)), other = emp__softplus(-fabs(y + e->log_rest));
    return straight_part(e, y) - (e->b + e->rest - e->a) * bend - e->a * other;
}

/* A softplus differs from its straight lines by e^-d at a distance d from its bend: with factors of
 * up to a + c, not at all from 40 + log(a + c) on. */
static double by_integral(double a, double b, double rest, double z)
{
    struct euler euler = {a, b, rest, emp__log1p(-z)};
    double bend = -euler.log_rest, straight = 40.0 + emp__log1p(a + b + rest);
    struct emp_log_density density = {
        .log_value = euler_log_value,
        .of = &euler,
        .low = (bend < 0.0 ? bend : 0.0) - straight,
        .high = (bend > 0.0 ? bend : 0.0) + straight,
        .low_rate = b,
        .high_rate = rest,
    };
    return emp__log_integral(&density) - emp__log_beta(b, rest);
}

/* 0 <= z <= 1/2, and a z so small that no term overflows. */
static double by_series(double a, double b, double c, double z)
{
    double term = 1.0, sum = 1.0;
    for (double k = 0.0; term > 1e-17 * sum; k += 1.0) {
        term *= (a + k) / (c + k) * ((b + k) / (k + 1.0)) * z;
        sum += term;
    }
    return emp__log(sum);
}

double emp__log_hypergeometric(double a, double b, double rest, double z)
{
    const double few = 100.0;
    if (z >= 0.0 && z <= 0.5 && a * z <= few)
        return by_series(a, b, b + rest, z);
    /* z / (z - 1) <= 1/2 */
    if (z >= -1.0 && z < 0.0 && -a * z <= few)
        return by_series(a, rest, b + rest, z / (z - 1.0)) - a * emp__log1p(-z);
    return by_integral(a, b, rest, z);
}
