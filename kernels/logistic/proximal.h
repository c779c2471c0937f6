// SPDX-License-Identifier: Apache-2.0
/*
 * The minimum of F(c) = -L(c) + sum of a_j |c_j| + b_j c_j^2 / 2 over coefficients of scaled terms,
 * by proximal Newton steps: the quadratic approximation is minimised by coordinate descent
 * (coordinate_descent.h), with the Hessian of the last pass that had one. A new one is taken where
 * the last step has left too great a share of the violation of the KKT conditions.
 */
#ifndef EMP_LOGISTIC_PROXIMAL_H
#define EMP_LOGISTIC_PROXIMAL_H

#include "logistic/newton.h"

struct emp_proximal {
    struct emp_newton newton;  /* its space: c, trial, gradient, hessian; its factor is not used */
    double *absolute, *square; /* a and b */
    double *slope;
    double unit;       /* of violations */
    double tolerance;  /* in this unit */
    double likelihood; /* at c */
    bool worn;         /* the Hessian is to be replaced */
};

void emp__proximal_carve(struct emp_carver *carver, struct emp_proximal *proximal);

/* Sets the likelihood, gradient and Hessian at c. */
void emp__proximal_start(struct emp_proximal *proximal);

/* How far the KKT conditions are violated at c: the greatest over all coordinates, in units. */
double emp__proximal_violation(const struct emp_proximal *proximal);

/* F at c. */
double emp__proximal_value(const struct emp_proximal *proximal);

/* From c to the end; false if there were `passes` before. */
bool emp__proximal(struct emp_proximal *proximal, int passes);

#endif
