// SPDX-License-Identifier: Apache-2.0
/*
 * Symmetric systems of a few hundred unknowns, in plain loops: against a pass over the rows they
 * cost nothing, and unlike those of a tuned library their results are the same bytes on every
 * machine and for every number of threads.
 *
 * Matrices are row-major, `stride` doubles a row, and only their upper triangles are looked at.
 */
#ifndef EMP_LOGISTIC_SYMMETRIC_H
#define EMP_LOGISTIC_SYMMETRIC_H

#include <stdbool.h>
#include <stddef.h>

struct emp_symmetric {
    double *a;
    size_t n, stride;
};

/*
 * R with R'R = a, in the place of a (Cholesky, n^3 / 3 flops). An unknown k whose pivot is at most
 * `tolerance` times its diagonal element is left out: R has zeros in its row (its column
 * says how it depends on those before it), and skipped[k] is set. Returns how many there are.
 */
size_t emp__symmetric_factor(const struct emp_symmetric *a, double tolerance, bool *skipped);

/* The solution of R'R x = b, in the place of b; 0 for what was left out. 2 n^2 flops. */
void emp__symmetric_solve(const struct emp_symmetric *r, double *b);

/* The inverse of R'R, whole, n x n without gaps; 0 for what was left out. 2 n^3 / 3 flops. */
void emp__symmetric_invert(const struct emp_symmetric *r, double *out);

/*
 * The secant update of Broyden, Fletcher, Goldfarb & Shanno (Nocedal & Wright 2006, eq. 6.19) of a,
 * both of whose triangles are there: a - (a s)(a s)' / s'a s + y y' / y's, which takes s to y and
 * stays positive definite. Where y's says nothing for rounding, a stays. `work` has n places.
 */
void emp__symmetric_secant(const struct emp_symmetric *a, const double *s, const double *y,
                           double *work);

/* log det R'R of what was not left out. */
double emp__symmetric_log_det(const struct emp_symmetric *r);

#endif
