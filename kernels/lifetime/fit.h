// SPDX-License-Identifier: Apache-2.0
/*
 * Maximum likelihood for any model of struct emp_lifetime_model, in the logarithms of its
 * parameters.
 *
 * From each start Newton's method in a trust region (J. Nocedal & S. Wright, "Numerical
 * optimization", 2nd ed. 2006, ch. 4): the step maximises the quadratic model of the likelihood
 * among the steps of at most a given length, found from the eigenvectors of the Hessian, so it is
 * right where the Hessian is indefinite or singular. The length doubles after a step whose gain was
 * as foretold, and falls to a quarter of the step after one that was not. A parameter at a bound
 * whose gradient points outwards is left out.
 *
 * Nothing depends on a unit. Parameters that are rates are counted in units of the data's own: the
 * mean time of one purchase, sum of T / (sum of x + 1/2), or the mean spend. The logarithms of all,
 * so counted, lie between -log_bound and log_bound. A fit has CONVERGED if the gain that the next
 * step promises is at most tolerance (1 + |log-likelihood|) and no component of the gradient
 * exceeds sqrt(tolerance) times the number of customers.
 *
 * Starts are taken in order of their log-likelihood until a fit converges between the bounds; the
 * best end counts. So a start that runs away to a bound does not end the search.
 *
 * Of 65,536 patterns or more, every 16th is fitted first, and if that converges, all from there; if
 * not, all from the starts. The sample decides where the way begins and nothing else.
 *
 * The information is the negative Hessian at the end. Its eigenvalues are squared inverse standard
 * errors of directions: where one is below flat_information the data do not tell that direction,
 * and the parameters that take part in it are flat. Standard errors are of the parameters
 * themselves, those of the logarithms times the parameter.
 *
 * With a penalty c the log-likelihood is less by c times the sum of squares of the logarithms.
 *
 * Cost: 8 to 40 times the likelihood, or 4 to 6 times behind a sample. The same bytes for any
 * number of threads.
 */
#ifndef EMP_LIFETIME_FIT_H
#define EMP_LIFETIME_FIT_H

#include "lifetime/lifetime.h"

enum emp_lifetime_status {
    EMP_LIFETIME_CONVERGED,
    EMP_LIFETIME_LIMIT,    /* max_iterations were not enough */
    EMP_LIFETIME_AT_BOUND, /* converged with parameters at a bound: see at_bound */
    EMP_LIFETIME_FLAT,     /* converged, but the data do not tell some parameters: see flat */
    EMP_LIFETIME_NO_DATA,  /* no customers: nothing else is set */
};

struct emp_lifetime_options {
    int max_iterations;      /* of one start */
    int starts;              /* at most; the model may have fewer */
    double tolerance;        /* 1e-14 works well */
    double log_bound;        /* 14 works well: e^14 is 1.2 million */
    double flat_information; /* 0.01: a standard error of 10 in a logarithm */
    double penalty;          /* >= 0 */
    int threads;
};

struct emp_lifetime_options emp__lifetime_defaults(void);

struct emp_lifetime_fit {
    enum emp_lifetime_status status;
    double parameter[EMP_LIFETIME_PARAMETERS];
    double log_likelihood;                     /* without the penalty */
    double std_error[EMP_LIFETIME_PARAMETERS]; /* NaN for a parameter at a bound or flat */
    /* Of the logarithms; rows and columns of parameters at a bound are 0. */
    double covariance[EMP_LIFETIME_PARAMETERS][EMP_LIFETIME_PARAMETERS];
    unsigned at_bound, flat; /* bit i: parameter i */
    int iterations;          /* of the start that won */
    int starts;              /* that were followed to their end */
    double gradient;         /* the greatest component at the end, for one customer */
};

/* `work`: emp__lifetime_work() bytes. Weights and data are valid: see lifetime.h. */
void emp__lifetime_fit(const struct emp_lifetime_model *model, const struct emp_lifetime_data *data,
                       const struct emp_lifetime_options *options, void *work,
                       struct emp_lifetime_fit *out);

#endif
