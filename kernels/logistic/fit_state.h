// SPDX-License-Identifier: Apache-2.0
/* What a fit lies in, for the files that make one. */
#ifndef EMP_LOGISTIC_FIT_STATE_H
#define EMP_LOGISTIC_FIT_STATE_H

#include "logistic/dependence.h"
#include "logistic/newton.h"
#include "logistic/separation.h"

/* Rows by the side of a direction on which they are. */
struct emp_margins {
    size_t right, wrong, undecided;
};

struct emp_logistic_state {
    struct emp_newton newton;
    struct emp_dependence dependence;
    double *candidate;           /* columns: a direction */
    struct emp_margins *margins; /* stripes */
    double half_log_det;         /* with Firth's correction: log det I / 2, I being of b */
};

/* Why there is nothing to fit; CONVERGED if there is. */
enum emp_logistic_status emp__census_judge(const struct emp_census *census);

/*
 * Looks for a direction of separation from where Newton's method has come to; its Hessian is that
 * of c. If one is found and checked, it is the candidate, of scaled terms, and its greatest part
 * is 1.
 */
bool emp__separation_find(struct emp_logistic_state *state);

#endif
