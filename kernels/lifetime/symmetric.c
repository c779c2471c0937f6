// SPDX-License-Identifier: Apache-2.0
#include "lifetime/symmetric.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* x, y become c x - s y, s x + c y. */
static void rotate_pair(double *x, double *y, double c, double s)
{
    double old = *x;
    *x = c * old - s * *y;
    *y = s * old + c * *y;
}

/* Makes a[p][q] zero; false if it already was beside the diagonal. */
static bool rotate(double a[EMP_SYMMETRIC_MOST][EMP_SYMMETRIC_MOST], struct emp_eigen *eigen, int n,
                   int p, int q)
{
    const double negligible = 1e-30;
    if (a[p][q] * a[p][q] <= negligible * fabs(a[p][p] * a[q][q]))
        return false;
    double theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    double t = (theta < 0.0 ? -1.0 : 1.0) / (fabs(theta) + sqrt(theta * theta + 1.0));
    double c = 1.0 / sqrt(t * t + 1.0), s = t * c;
    for (int k = 0; k < n; k++)
        rotate_pair(&a[k][p], &a[k][q], c, s);
    for (int k = 0; k < n; k++)
        rotate_pair(&a[p][k], &a[q][k], c, s);
    for (int k = 0; k < n; k++)
        rotate_pair(&eigen->vector[k][p], &eigen->vector[k][q], c, s);
    a[p][q] = a[q][p] = 0.0;
    return true;
}

struct emp_eigen emp__symmetric_eigen(double matrix[EMP_SYMMETRIC_MOST][EMP_SYMMETRIC_MOST], int n)
{
    enum { SWEEPS = 50 };
    double a[EMP_SYMMETRIC_MOST][EMP_SYMMETRIC_MOST];
    struct emp_eigen eigen = {0};
    memcpy(a, matrix, sizeof a);
    for (int k = 0; k < n; k++)
        eigen.vector[k][k] = 1.0;
    bool rotated = true;
    for (int sweep = 0; sweep < SWEEPS && rotated; sweep++) {
        rotated = false;
        for (int p = 0; p < n; p++)
            for (int q = p + 1; q < n; q++)
                rotated |= rotate(a, &eigen, n, p, q);
    }
    for (int k = 0; k < n; k++)
        eigen.value[k] = a[k][k];
    return eigen;
}
