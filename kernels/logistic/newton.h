// SPDX-License-Identifier: Apache-2.0
/*
 * Newton's method for F(c) = -L(c) + sum of p_j c_j^2 / 2, c being the coefficients of scaled terms
 * (pass.h) and p_j = W lambda v_j s_j^2 with s_j the scale; so F = W f of logistic.h.
 *
 * The DISTANCE from the minimum is measured in Newton's metric, sqrt(g'H^-1 g): it is the length of
 * the step in standard errors, and half its square is what F can still go down by.
 *
 * WHICH HESSIAN. A step with the Hessian of the present point squares the distance, in units of the
 * square root of the information about the intercept, sum of w p (1 - p): in these it is, on
 * average over rows, how far eta moves, and the Hessian changes by no greater share. A step with an
 * old Hessian leaves a fixed share of the distance, the one last seen. A pass with the information
 * costs as much as several without. Before each step the cheaper way to the end is taken.
 */
#ifndef EMP_LOGISTIC_NEWTON_H
#define EMP_LOGISTIC_NEWTON_H

#include "logistic/pass.h"
#include "logistic/symmetric.h"

struct emp_newton {
    struct emp_pass pass;
    struct emp_logistic_options options;
    struct emp_census census;
    double *penalty; /* p_j; gram stride, as all of these */
    double *c, *trial, *step;
    double *gradient, *trial_gradient;
    double *hessian;  /* columns x gram stride, both triangles */
    double *factor;   /* of the same size */
    bool *skipped;    /* columns: has no information of its own */
    bool information; /* is wanted at the end: the Hessian shall be that of the last c */

    double value;     /* F(c) */
    double intercept; /* the information about the intercept, of the Hessian */
    double distance, distance_before;
    bool stale; /* the Hessian is of an earlier c */
    size_t skips;
    int suspect_from; /* the iteration */
    int iterations, passes, full_passes;
};

/* Gives everything in the fit, whose pass has its walk set, its place. */
void emp__newton_carve(struct emp_carver *carver, struct emp_newton *newton);

/* F at c and its gradient; if `full`, the Hessian is set, and factored. One pass. */
double emp__newton_evaluate(struct emp_newton *newton, const double *c, double *gradient,
                            bool full);

struct emp_symmetric emp__newton_factor(const struct emp_newton *newton);

/*
 * Makes the trial c, where it was evaluated; `full` if with the Hessian: else the old one is
 * brought closer to that of the new c by a secant update. The step and the former c are spoilt.
 */
void emp__newton_move(struct emp_newton *newton, bool full);

/* Sets the step and the distance. */
void emp__newton_measure(struct emp_newton *newton);

/* Sets F(c), the gradient, the Hessian and its factor, the step and the distance. */
void emp__newton_start(struct emp_newton *newton);

/*
 * From a c at which it was started to the end: CONVERGED or LIMIT. Or SEPARATED, which is a
 * suspicion: from the iteration `suspect_from` on, the distance shrinks like that of a fit that
 * runs off (by exp(-1/2) a step; a minimum would be squared upon), or it has vanished while the
 * step has not. -step is where it goes. It may be called again, with a later `suspect_from`.
 */
enum emp_logistic_status emp__newton(struct emp_newton *newton);

#endif
