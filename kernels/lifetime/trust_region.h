// SPDX-License-Identifier: Apache-2.0
/*
 * One step of Newton's method in a trust region: the p that maximises
 *     g'p - p'B p / 2,  |p| <= radius
 * for up to four variables, B any symmetric matrix: p = (B + tau I)^-1 g for the least tau >= 0
 * that makes B + tau I positive definite and p short enough (Nocedal & Wright 2006, theorem 4.1),
 * found by bisection over the eigenvalues of B. Where g has no part along an eigenvector of
 * negative curvature ("hard case") the step is shorter than it might be.
 */
#ifndef EMP_LIFETIME_TRUST_REGION_H
#define EMP_LIFETIME_TRUST_REGION_H

#include "lifetime/symmetric.h"

/* The gain that the quadratic promises; p in `step`. Of n variables. */
double emp__trust_step(double curvature[EMP_SYMMETRIC_MOST][EMP_SYMMETRIC_MOST],
                       const double *gradient, int n, double radius, double *step);

#endif
