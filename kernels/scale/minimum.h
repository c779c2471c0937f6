// SPDX-License-Identifier: Apache-2.0
/*
 * Where a function of one variable is least on an interval, by Brent's method (Brent 1973,
 * Algorithms for Minimization without Derivatives, ch. 5): steps to the bottom of the parabola
 * through the three best points, golden sections where that does not serve. It needs no derivative
 * and never more than EMP_MINIMUM_STEPS values of f; of a function with one minimum it finds that,
 * of others some local one.
 */
#ifndef EMP_SCALE_MINIMUM_H
#define EMP_SCALE_MINIMUM_H

enum { EMP_MINIMUM_STEPS = 100 };

/*
 * x in [low, high], within `tolerance` of the minimum. f must be finite. A minimum at an end of the
 * interval is approached to within the tolerance, not reached.
 */
double emp__minimum(double (*f)(void *user, double x), void *user, double low, double high,
                    double tolerance);

#endif
