// SPDX-License-Identifier: Apache-2.0
#include "lifetime/trust_region.h"

#include <math.h>

/* The parts of the step along the eigenvectors, and its length. */
static double step_parts(const struct emp_eigen *eigen, const double *along, int n, double tau,
                         double *part)
{
    double square = 0.0;
    for (int k = 0; k < n; k++) {
        part[k] = along[k] == 0.0 ? 0.0 : along[k] / (eigen->value[k] + tau);
        square += part[k] * part[k];
    }
    return sqrt(square);
}

/* The least tau at which the step is not longer than the radius. */
static double find_tau(const struct emp_eigen *eigen, const double *along, int n, double radius)
{
    double part[EMP_SYMMETRIC_MOST], least = INFINITY, greatest = 0.0, slope = 0.0;
    for (int k = 0; k < n; k++) {
        least = fmin(least, eigen->value[k]);
        greatest = fmax(greatest, fabs(eigen->value[k]));
        slope += fabs(along[k]);
    }
    if (least > 0.0 && step_parts(eigen, along, n, 0.0, part) <= radius)
        return 0.0;
    double low = fmax(0.0, -least), high = low + slope / radius + 1e-12 * greatest;
    for (int i = 0; i < 100; i++) {
        double middle = 0.5 * (low + high);
        if (step_parts(eigen, along, n, middle, part) > radius)
            low = middle;
        else
            high = middle;
    }
    return high;
}

double emp__trust_step(double curvature[EMP_SYMMETRIC_MOST][EMP_SYMMETRIC_MOST],
                       const double *gradient, int n, double radius, double *step)
{
    struct emp_eigen eigen = emp__symmetric_eigen(curvature, n);
    double along[EMP_SYMMETRIC_MOST] = {0}, part[EMP_SYMMETRIC_MOST], gain = 0.0;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            along[k] += eigen.vector[i][k] * gradient[i];
    step_parts(&eigen, along, n, find_tau(&eigen, along, n, radius), part);
    for (int i = 0; i < n; i++)
        step[i] = 0.0;
    for (int k = 0; k < n; k++) {
        gain += along[k] * part[k] - 0.5 * eigen.value[k] * part[k] * part[k];
        for (int i = 0; i < n; i++)
            step[i] += eigen.vector[i][k] * part[k];
    }
    return gain;
}
