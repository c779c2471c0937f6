// SPDX-License-Identifier: Apache-2.0
#include "scale/yeo_johnson.h"

#include <math.h>

#include "random/portable_math.h"

/* (e^(power length) - 1) / power */
static double stretch(double length, double power)
{
    double t = power * length;
    return t == 0.0 ? length : length * (emp__expm1(t) / t);
}

double emp__yeo_johnson(double x, double lambda)
{
    if (lambda == 1.0)
        return x;
    return x < 0.0 ? -stretch(emp__log1p(-x), 2.0 - lambda) : stretch(emp__log1p(x), lambda);
}

void emp__signed_logs(const double *x, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = x[i] < 0.0 ? -emp__log1p(-x[i]) : emp__log1p(x[i]);
}

void emp__yeo_johnson_curve(const double *logs, size_t n, double lambda, double anchor, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = logs[i] < 0.0 ? -stretch(-logs[i] - anchor, 2.0 - lambda)
                               : stretch(logs[i] - anchor, lambda);
}

void emp__yeo_johnson_interval(struct emp_yeo_johnson_range range, double *low, double *high)
{
    const double widest = 5.0, log_greatest = 700.0, log_least = 13.8; /* ln 10^6 */
    *low = -widest;
    *high = widest;
    if (range.greatest > 0.0)
        *high = fmin(*high, log_greatest / range.greatest);
    if (range.least < 0.0)
        *low = fmax(*low, 2.0 - log_greatest / -range.least);
    if (range.least > 0.0)
        *low = fmax(*low, -log_least / range.least);
    if (range.greatest < 0.0)
        *high = fmin(*high, 2.0 + log_least / -range.greatest);
}

double emp__yeo_johnson_anchor(struct emp_yeo_johnson_range range, double lambda, double *scale)
{
    *scale = 0.0;
    if (range.least < 0.0 && range.greatest >= 0.0)
        return 0.0;
    double power = range.least >= 0.0 ? lambda : 2.0 - lambda;
    double nearest = fmin(fabs(range.least), fabs(range.greatest));
    double farthest = fmax(fabs(range.least), fabs(range.greatest));
    double anchor = power < 0.0 ? nearest : farthest;
    *scale = power * anchor;
    return anchor;
}
