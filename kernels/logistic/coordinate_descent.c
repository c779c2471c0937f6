// SPDX-License-Identifier: Apache-2.0
#include "logistic/coordinate_descent.h"

#include <math.h>
#include <stdbool.h>

static double shrink(double z, double by)
{
    double size = fabs(z) - by;
    return size > 0 ? copysign(size, z) : 0;
}

static void move_slopes(double *restrict s, const double *restrict row, double by, size_t n)
{
    for (size_t k = 0; k < n; k++)
        s[k] += by * row[k];
}

/* One round; returns the greatest change of a coordinate's own slope. */
static double go_round(const struct emp_quadratic *q, double *x, double *s, bool all)
{
    double most = 0;
    for (size_t j = 0; j < q->n; j++) {
        const double *row = q->hessian + j * q->stride;
        if (!(row[j] > 0) || (!all && x[j] == 0))
            continue;
        double to = shrink(row[j] * x[j] - s[j], q->absolute[j]) / (row[j] + q->square[j]);
        double by = to - x[j];
        if (by == 0)
            continue;
        x[j] = to;
        move_slopes(s, row, by, q->n);
        most = fmax(most, fabs(by) * row[j]);
    }
    return most;
}

int emp__coordinate_descent(const struct emp_quadratic *quadratic, double *x, double *s,
                            double rest, int rounds)
{
    int done = 0;
    while (done < rounds) {
        done++;
        if (go_round(quadratic, x, s, true) <= rest)
            return done;
        while (done < rounds && go_round(quadratic, x, s, false) > rest)
            done++;
    }
    return done;
}
