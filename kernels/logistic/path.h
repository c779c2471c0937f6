// SPDX-License-Identifier: Apache-2.0
/*
 * Lasso and elastic net: the minima of f (logistic.h) along a path of penalties, from the least
 * lambda at which all penalised coefficients are 0 down, each starting from the one before.
 *
 * METHOD (Friedman, Hastie & Tibshirani 2010). Around the present coefficients f is replaced by its
 * quadratic approximation, whose minimum is found by coordinate descent on the Gram matrix X'WX:
 *
 *     c_j <- S(g_j + H_jj c_j, lambda alpha v_j) / (H_jj + lambda (1 - alpha) v_j),
 *     S(z, t) = sign(z) max(|z| - t, 0),
 *
 * over the active terms until nothing moves, then over all of them; then the next approximation
 * (proximal Newton; Lee, Sun & Saunders 2014), with the step halved where f does not go down. As
 * the coordinate descent takes O(d^2) a round whatever the number of rows, and the Hessian changes
 * little from one lambda to the next, an old Hessian is kept as long as steps with it bring the
 * gradient down fast enough: then a penalty costs one or two passes for the gradient alone.
 *
 * THE END of a penalty: the KKT conditions hold for all terms within `tolerance` times the greatest
 * |df/dc_j| of a penalised term in the model without any of them, where c are the coefficients of
 * terms scaled to variance 1: with g = d(-L/W)/dc and the penalty brought to c (a_j |c_j| and
 * b_j c_j^2 / 2), |g_j| <= a_j where c_j = 0, and g_j + a_j sign(c_j) + b_j c_j = 0 elsewhere.
 *
 * The path is `count` penalties, geometric from lambda_max to ratio * lambda_max. It ends early, as
 * glmnet's does and unless the penalties are given, where the share of the deviance explained gains
 * less than 1e-5 of itself (after the 5th penalty), or is above .999. lambda_max is taken with
 * alpha at least .001.
 *
 * Bytes and cost as in logistic.h.
 */
#ifndef EMP_LOGISTIC_PATH_H
#define EMP_LOGISTIC_PATH_H

#include "logistic/logistic.h"

enum { EMP_PATH_COUNT = 100 };

struct emp_path_options {
    double alpha;                 /* 0 .. 1; 1: lasso */
    const double *penalty_factor; /* terms, not negative; NULL: all 1 */
    size_t count;                 /* penalties; at least 1 */
    const double *lambda;         /* count of them, descending; NULL: lambda_max and the ratio */
    double ratio;                 /* 0: 1e-4 if there are more rows than terms, else 1e-2 */
    bool complete;                /* no early end */
    int max_passes;               /* over the rows, for one penalty; at least 1 */
    double tolerance;             /* 1e-6 does well */
    int threads;
    const char *variant; /* as in logistic.h */
};

/* A penalty's row of the path. */
struct emp_path_point {
    double lambda;
    double log_likelihood;
    double objective;
    double kkt;     /* how far the KKT conditions are violated, in the unit of `tolerance` */
    size_t nonzero; /* terms that are not 0 */
    int passes;
    enum emp_logistic_status status; /* CONVERGED or LIMIT */
};

struct emp_path {
    double *coefficients;         /* count x (terms + 1), the intercept first */
    struct emp_path_point *point; /* count */

    size_t fitted; /* how many penalties there are in the end */
    size_t rows, term;
    double weight, events; /* these four as in emp_logistic_fit */
    double null_log_likelihood;
    int passes, full_passes;
};

/* Bytes that a path works in, aligned to 64; 0 if they cannot be counted in size_t. */
size_t emp__path_workspace(const struct emp_logistic_data *data,
                           const struct emp_path_options *options);

/*
 * The path. CONVERGED if all of its penalties are, LIMIT if not all; EMPTY, ONE_CLASS or RANGE if
 * there is none. Constant terms and a dependent one among terms that are penalised do no harm.
 */
enum emp_logistic_status emp__path_fit(const struct emp_logistic_data *data,
                                       const struct emp_path_options *options, struct emp_path *out,
                                       void *workspace);

#endif
