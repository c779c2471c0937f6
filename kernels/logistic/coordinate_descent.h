// SPDX-License-Identifier: Apache-2.0
/*
 * The minimum over x of  g'(x - x0) + (x - x0)'H (x - x0) / 2 + sum of a_j |x_j| + b_j x_j^2 / 2,
 * by coordinate descent (Friedman, Hastie & Tibshirani 2010): with the slope s = g + H (x - x0),
 *
 *     x_j <- S(H_jj x_j - s_j, a_j) / (H_jj + b_j),   S(z, t) = sign(z) max(|z| - t, 0),
 *
 * over all coordinates, then over those that are not 0 until they rest, and so on until all rest. A
 * coordinate rests if its step changes its slope by at most `rest`. One without curvature stays.
 *
 * Cost: of a round 2 d flops for each coordinate that moves.
 */
#ifndef EMP_LOGISTIC_COORDINATE_DESCENT_H
#define EMP_LOGISTIC_COORDINATE_DESCENT_H

#include <stddef.h>

struct emp_quadratic {
    size_t n;
    const double *hessian; /* both triangles, row-major */
    size_t stride;
    const double *absolute, *square; /* a and b; a may be infinite, where x is 0 */
};

/* x begins as x0 and s as g; both are brought to the end. At most `rounds` over the coordinates;
 * returns how many there were. */
int emp__coordinate_descent(const struct emp_quadratic *quadratic, double *x, double *s,
                            double rest, int rounds);

#endif
