// SPDX-License-Identifier: Apache-2.0
/*
 * A log-likelihood (or a part of one) with its gradient and Hessian in the logarithms of up to four
 * parameters. Only the upper triangle of a Hessian, j >= i, means anything while terms are added
 * up; whole rows are added, because they are vectors.
 *
 * In log-parameters d/d log a = a d/da, and d2/d log a2 = a d/da + a^2 d2/da2; the formulae of the
 * models are written in this form from the start, because a^2 d2/da2 and a d/da nearly cancel where
 * a parameter is large.
 */
#ifndef EMP_LIFETIME_DERIVATIVES_H
#define EMP_LIFETIME_DERIVATIVES_H

#include "special/log_space.h"

enum { EMP_LIFETIME_PARAMETERS = 4 };

struct emp_derivatives {
    double value;
    double gradient[EMP_LIFETIME_PARAMETERS];
    double hessian[EMP_LIFETIME_PARAMETERS][EMP_LIFETIME_PARAMETERS];
};

/* sum += weight * term */
static inline void emp__derivatives_add(struct emp_derivatives *sum, double weight,
                                        const struct emp_derivatives *term)
{
    sum->value += weight * term->value;
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++) {
        sum->gradient[i] += weight * term->gradient[i];
        for (int j = 0; j < EMP_LIFETIME_PARAMETERS; j++)
            sum->hessian[i][j] += weight * term->hessian[i][j];
    }
}

/* sum += f(u) for a function f of one variable: its value, first and second derivative at u. */
static inline void emp__derivatives_chain(struct emp_derivatives *sum,
                                          const struct emp_derivatives *u, const double f[3])
{
    sum->value += f[0];
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++) {
        sum->gradient[i] += f[1] * u->gradient[i];
        for (int j = 0; j < EMP_LIFETIME_PARAMETERS; j++)
            sum->hessian[i][j] += f[1] * u->hessian[i][j] + f[2] * u->gradient[i] * u->gradient[j];
    }
}

/* sum += log(1 + e^u): a customer is alive, or dead with the odds e^u. */
static inline void emp__derivatives_mix(struct emp_derivatives *sum,
                                        const struct emp_derivatives *u)
{
    double small = emp__exp(-fabs(u->value)), greater = 1.0 / (1.0 + small);
    double lesser = small * greater;
    const double f[3] = {fmax(u->value, 0.0) + emp__log1p(small), u->value > 0.0 ? greater : lesser,
                         greater * lesser};
    emp__derivatives_chain(sum, u, f);
}

#endif
