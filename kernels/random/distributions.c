// SPDX-License-Identifier: Apache-2.0
/*
 * Draws from distributions (see distributions.h).
 *
 * exponential, geometric: inversion. normal: the ratio of uniforms of Kinderman & Monahan (1977)
 * with the quadratic bounds of Leva (ACM TOMS 18, 1992), which need a logarithm in 1 draw of 80.
 * gamma: Marsaglia & Tsang (ACM TOMS 26, 2000); for shape < 1 their G(shape) = G(shape + 1)
 * U^(1/shape). beta: X / (X + Y) of two gammas, from logarithms so that small shapes do not give
 * 0/0. Poisson: products of uniforms (Knuth, vol. 2, 3.4.1) in parts of mean <= 64 that cannot
 * underflow.
 */
#include "random/distributions.h"

#include <math.h>
#include <stdbool.h>

#include "random/portable_math.h"

double emp__stream_exponential(struct emp_stream *stream)
{
    return -emp__log(emp__stream_uniform(stream));
}

/* The region v^2 <= -4 u^2 log u lies between two ellipses around a point near its middle. */
double emp__stream_normal(struct emp_stream *stream)
{
    for (;;) {
        double u = emp__stream_uniform(stream);
        double v = 1.7156 * (emp__stream_uniform(stream) - 0.5);
        double x = u - 0.449871;
        double y = fabs(v) + 0.386595;
        double q = x * x + y * (0.19600 * y - 0.25472 * x);
        if (q < 0.27597 || (q <= 0.27846 && v * v <= -4.0 * u * u * emp__log(u)))
            return v / u;
    }
}

/* Shape >= 1: d (1 + c x)^3 for a normal x, accepted with a squeeze that seldom needs logarithms.
 */
static double gamma_from_one(struct emp_stream *stream, double shape)
{
    double d = shape - 1.0 / 3.0;
    double c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = emp__stream_normal(stream);
        double root = 1.0 + c * x;
        if (root <= 0.0)
            continue;
        double v = root * root * root;
        double u = emp__stream_uniform(stream);
        double square = x * x;
        if (u < 1.0 - 0.0331 * square * square ||
            emp__log(u) < 0.5 * square + d * (1.0 - v + emp__log(v)))
            return d * v;
    }
}

double emp__stream_gamma(struct emp_stream *stream, double shape)
{
    if (shape >= 1.0)
        return gamma_from_one(stream, shape);
    double above = gamma_from_one(stream, shape + 1.0);
    return above * emp__exp(emp__log(emp__stream_uniform(stream)) / shape);
}

double emp__stream_log_gamma(struct emp_stream *stream, double shape)
{
    if (shape >= 1.0)
        return emp__log(gamma_from_one(stream, shape));
    double above = gamma_from_one(stream, shape + 1.0);
    return emp__log(above) + emp__log(emp__stream_uniform(stream)) / shape;
}

double emp__stream_beta(struct emp_stream *stream, double a, double b)
{
    double x = emp__stream_log_gamma(stream, a);
    double y = emp__stream_log_gamma(stream, b);
    return 1.0 / (1.0 + emp__exp(y - x));
}

uint64_t emp__stream_geometric(struct emp_stream *stream, double p)
{
    const uint64_t most = (uint64_t)1 << 53;
    double u = emp__stream_uniform(stream);
    if (p >= 1.0)
        return 0;
    double each = emp__log(1.0 - p);
    if (!(each < 0.0)) /* 0, or too small to tell */
        return most;
    double failures = emp__log(u) / each;
    return failures < (double)most ? (uint64_t)failures : most;
}

/* mean <= 64 */
static uint64_t poisson_part(struct emp_stream *stream, double mean)
{
    double bound = emp__exp(-mean);
    double product = emp__stream_uniform(stream);
    uint64_t count = 0;
    while (product > bound) {
        product *= emp__stream_uniform(stream);
        count++;
    }
    return count;
}

uint64_t emp__stream_poisson(struct emp_stream *stream, double mean)
{
    uint64_t count = 0, parts = (uint64_t)(mean / 64.0);
    for (uint64_t i = 0; i < parts; i++)
        count += poisson_part(stream, 64.0);
    double rest = mean - 64.0 * (double)parts;
    return rest > 0.0 ? count + poisson_part(stream, rest) : count;
}

/*
 * Cells are filled to exactly 1: each time one that is short of it (taken from the front of `work`)
 * gets the rest from one that is over (from the back). What is left at the end is 1 but for
 * rounding.
 */
void emp__alias_build(const double *weights, uint32_t count, double *accept, uint32_t *alias,
                      uint32_t *work)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++)
        sum += weights[i];
    uint32_t small = 0, large = count; /* work[0..small) short, work[large..count) over */
    for (uint32_t i = 0; i < count; i++) {
        accept[i] = weights[i] / sum * count;
        alias[i] = i;
        if (accept[i] < 1.0)
            work[small++] = i;
        else
            work[--large] = i;
    }
    while (small > 0 && large < count) {
        uint32_t poor = work[--small], rich = work[large];
        alias[poor] = rich;
        accept[rich] -= 1.0 - accept[poor];
        if (accept[rich] < 1.0) {
            large++;
            work[small++] = rich;
        }
    }
    while (small > 0)
        accept[work[--small]] = 1.0;
    while (large < count)
        accept[work[large++]] = 1.0;
}

uint32_t emp__alias_draw(struct emp_stream *stream, const struct emp_alias *table)
{
    double place = emp__stream_uniform(stream) * table->count;
    uint32_t cell = (uint32_t)place;
    if (cell >= table->count)
        cell = table->count - 1;
    return place - cell < table->accept[cell] ? cell : table->alias[cell];
}

void emp__zipf_weights(double exponent, uint32_t count, double *weights)
{
    for (uint32_t k = 0; k < count; k++)
        weights[k] = emp__pow((double)k + 1.0, -exponent);
}
