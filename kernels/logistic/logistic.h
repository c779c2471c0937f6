// SPDX-License-Identifier: Apache-2.0
/*
 * Logistic regression: P(y = 1) = p(eta), p(eta) = 1 / (1 + e^-eta), eta = offset + b_0 + x'b.
 *
 * What is made least is that of glmnet (Friedman, Hastie & Tibshirani 2010, J. Stat. Softw. 33),
 *
 *     f(b) = - L(b) / W + lambda sum over terms j of v_j (alpha |b_j| + (1 - alpha) b_j^2 / 2),
 *     L(b) = sum of w_i (y_i eta_i - log(1 + e^eta_i)),   W = sum of w_i,
 *
 * where w are the weights and v the penalty factors. L takes the weights as they come, so a weight
 * of 2 is the same as the row twice; only f divides by their sum. Terms are taken as they come too:
 * a caller who wants the penalty to be fair scales them first. Factors are not rescaled (glmnet
 * makes their mean 1). The intercept is never penalised.
 *
 * This file is about lambda (1 - alpha) >= 0 and no L1 part: one fit by Newton's method
 * (iteratively reweighted least squares). Lasso and elastic net are in path.h.
 *
 * METHOD. Inside, terms are centred and scaled by their weighted means and standard deviations
 * (one pass), so that columns of any unit and any distance from zero are as good as any other; the
 * solution is brought back by the algebra, b_j = c_j / s_j, b_0 = c_0 - sum of b_j m_j. A step
 * solves H step = -gradient by Cholesky and is halved as long as f does not go down. As H changes
 * little close to the minimum while it costs nearly all of a pass, steps are taken with an old H
 * where that is cheaper (newton.h). From EMP_LOGISTIC_SAMPLE_FROM rows on, the start is the fit of
 * every 16th panel of rows, unless one is given.
 *
 * THE END (CONVERGED) is where the distance from the minimum in the metric of the information,
 * sqrt(W g'H^-1 g) with the gradient g and Hessian H of f, is at most `tolerance`. It is a number
 * of standard errors: no linear combination of the coefficients is farther from its value at the
 * minimum than that many of its own standard errors, to first order; and L can still grow by
 * tolerance^2 / 2. (A test of the change of f alone stops early where progress is slow; one of the
 * gradient depends on units.) If rounding keeps the distance from getting smaller, as it may where
 * terms nearly depend on each other, 1e-4 is good enough.
 *
 * BYTES. A pass is a sum over stripes of rows, whose number depends on rows and terms alone, and
 * within a stripe over its panels, in order; every variant of the kernels makes the same operations
 * in the same order, and nothing is used but what IEEE 754 fixes (+ - * / sqrt fma). So results are
 * the same bytes for any number of threads, any variant and any machine.
 *
 * COST. A full pass: n d (d + 1) flops for H and about 8 n d for the rest, and one expansion; a
 * pass for the gradient alone lacks the first. Memory: a panel a thread and O(d^2) a stripe.
 */
#ifndef EMP_LOGISTIC_LOGISTIC_H
#define EMP_LOGISTIC_LOGISTIC_H

#include <stdbool.h>
#include <stdint.h>

#include "logistic/design.h"

/* Values and offsets are at most so much in size, or the fit ends with RANGE. */
#define EMP_LOGISTIC_LARGEST 1e100

enum { EMP_LOGISTIC_SAMPLE_FROM = 65536 };

enum emp_logistic_status {
    EMP_LOGISTIC_CONVERGED,
    EMP_LOGISTIC_LIMIT,     /* of iterations */
    EMP_LOGISTIC_SEPARATED, /* no finite maximum: see `direction` */
    EMP_LOGISTIC_SINGULAR,  /* a term depends on earlier ones: see `term`, collinearity.h */
    EMP_LOGISTIC_ONE_CLASS, /* all labels of the rows with a weight are the same */
    EMP_LOGISTIC_EMPTY,     /* no row takes part with a weight above 0 */
    EMP_LOGISTIC_RANGE,     /* a value, weight or offset is NaN or too large: see `term` */
};

struct emp_logistic_data {
    struct emp_design design;
    const uint8_t *label;  /* rows; 0 or 1 */
    const double *weight;  /* rows; 0 .. 1e40; NULL: all 1 */
    const double *offset;  /* rows; NULL: all 0 */
    const uint8_t *fold;   /* rows; NULL: all rows take part */
    int left_out;          /* rows of this fold take no part; -1: all take part */
    bool left_out_instead; /* the rows of that fold take part, and no others */
};

struct emp_logistic_options {
    double lambda;                /* of the ridge penalty, so alpha is 0; 0: none */
    const double *penalty_factor; /* terms, not negative; NULL: all 1 */
    bool firth;                   /* lambda must be 0; see firth.h */
    int max_iterations;           /* Newton steps; at least 1 */
    double tolerance;             /* in standard errors: 1e-8 does well; at least 1e-10 */
    int threads;
    const double *start; /* terms + 1, the intercept first; NULL: none */
    const char *variant; /* of the kernels: "plain", "avx2", "avx512"; NULL: the fastest */
};

/* No term in particular: `term` of a result. */
#define EMP_LOGISTIC_NO_TERM SIZE_MAX
/* The offset or a weight is what is out of range. */
#define EMP_LOGISTIC_OFFSET (SIZE_MAX - 1)
#define EMP_LOGISTIC_WEIGHT (SIZE_MAX - 2)

struct emp_logistic_fit {
    double *coefficients; /* terms + 1, the intercept first */
    double *covariance;   /* (terms + 1)^2, in that order; NULL: not wanted */
    double *direction;    /* terms + 1; see SEPARATED in separation.h; NULL: not looked for */

    /* Only these are set where the status is SINGULAR, ONE_CLASS, EMPTY or RANGE. */
    size_t rows;   /* that take part with a weight above 0 */
    double weight; /* W */
    double events; /* the weight of the rows with label 1 */
    size_t term;   /* which is out of range or dependent; EMP_LOGISTIC_NO_TERM: none */

    double log_likelihood;      /* L at the coefficients */
    double null_log_likelihood; /* L of the best intercept alone, with the offset */
    double objective;           /* f; with Firth's correction - (L + log det I / 2) / W */
    double gradient;            /* the greatest |df/dc| in size, of terms scaled to variance 1 */
    int iterations;             /* steps over all rows, halvings not counted */
    int passes, full_passes;    /* over all rows; of them those with a Hessian */
};

/* Bytes that a fit works in, aligned to 64; 0 if they cannot be counted in size_t. */
size_t emp__logistic_workspace(const struct emp_logistic_data *data,
                               const struct emp_logistic_options *options);

/*
 * The fit. `covariance` is the inverse of - d2L/db2, the information (with a ridge penalty, where
 * it says little, of - d2(L - W penalty)/db2), at the coefficients. With SEPARATED and LIMIT the
 * coefficients are the last ones, good for predictions; their covariance means nothing.
 */
enum emp_logistic_status emp__logistic_fit(const struct emp_logistic_data *data,
                                           const struct emp_logistic_options *options,
                                           struct emp_logistic_fit *out, void *workspace);

/* What is said of rows by coefficients (terms + 1). */
struct emp_logistic_prediction {
    const double *coefficients;
    double *linear;      /* rows: eta; NULL: not wanted */
    double *probability; /* rows: p; NULL: not wanted */
};

size_t emp__logistic_predict_workspace(const struct emp_design *design, int threads);

/* Predictions for all rows, whatever fold they are in. `offset` is rows, or NULL. */
void emp__logistic_predict(const struct emp_design *design, const double *offset,
                           const struct emp_logistic_prediction *prediction, int threads,
                           void *workspace);

/*
 * L of each of `count` vectors of coefficients (terms + 1 each, one behind the other) over the rows
 * that take part: with left_out_instead, the honest measure of a fit without that fold. Each panel
 * is expanded once for all of them. Workspace: emp__logistic_likelihoods_workspace().
 */
void emp__logistic_likelihoods(const struct emp_logistic_data *data, const double *coefficients,
                               size_t count, int threads, double *out, void *workspace);

size_t emp__logistic_likelihoods_workspace(const struct emp_logistic_data *data, size_t count,
                                           int threads);

#endif
