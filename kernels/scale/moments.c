// SPDX-License-Identifier: Apache-2.0
#include "scale/moments.h"

#include <math.h>

enum { LANES = 8 };

static double add_lanes(const double *lane)
{
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) +
           ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

double emp__sum(const double *x, size_t n, double unit)
{
    double lanes[LANES] = {0};
    size_t whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            lanes[lane] += x[i + lane] * unit;
    for (size_t i = whole; i < n; i++)
        lanes[i - whole] += x[i] * unit;
    return add_lanes(lanes);
}

struct emp_deviations emp__sum_deviations(const double *x, size_t n, double unit, double centre)
{
    double sums[LANES] = {0}, squares[LANES] = {0};
    size_t whole = n - n % LANES;
    for (size_t i = 0; i < whole; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++) {
            double d = x[i + lane] * unit - centre;
            sums[lane] += d;
            squares[lane] += d * d;
        }
    for (size_t i = whole; i < n; i++) {
        double d = x[i] * unit - centre;
        sums[i - whole] += d;
        squares[i - whole] += d * d;
    }
    return (struct emp_deviations){.sum = add_lanes(sums), .squares = add_lanes(squares)};
}

struct emp_extremes emp__extremes(const double *x, size_t n)
{
    double least = x[0], greatest = x[0];
    for (size_t i = 1; i < n; i++) {
        least = x[i] < least ? x[i] : least;
        greatest = x[i] > greatest ? x[i] : greatest;
    }
    return (struct emp_extremes){.least = least, .greatest = greatest};
}

double emp__unit(double magnitude)
{
    enum { LARGEST = 1023 }; /* 2^-1023 is subnormal, and 2^1024 is no double */
    if (magnitude == 0.0)
        return 1.0;
    int exponent;
    frexp(magnitude, &exponent);
    int power = 1 - exponent;
    return ldexp(1.0, power > LARGEST ? LARGEST : power);
}
