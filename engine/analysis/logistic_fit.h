// SPDX-License-Identifier: Apache-2.0
/*
 * The fits of a sample (kernels/logistic): one of all rows, one without each fold, and where the
 * strength of a penalty is to be chosen a path of them.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_FIT_H
#define EMP_ANALYSIS_LOGISTIC_FIT_H

#include "analysis/logistic_terms.h"
#include "logistic/path.h"

struct emp_logistic_problem {
    const struct emp_logistic_sample *sample;
    const struct emp_terms *terms;
    struct emp_design design;
    double *penalty; /* the factors of the terms */
};

/* *out is to be freed in any case; what it is made of must outlive it. */
emp_status emp__logistic_problem(const struct emp_logistic_sample *sample,
                                 const struct emp_term_columns *columns,
                                 struct emp_logistic_problem *out, emp_error *error);
void emp__logistic_problem_free(struct emp_logistic_problem *problem);

/* The rows of the sample as the kernels take them; without a fold (-1: with all). */
struct emp_logistic_data emp__logistic_data(const struct emp_logistic_problem *problem, int fold);

/* A fit. */
struct emp_logistic_estimate {
    struct emp_logistic_fit fit; /* its arrays are owned; `covariance` only if it was asked for */
    double *direction;           /* terms + 1: along which rows are separated; owned */
    bool separated;              /* that was found, whatever came of it */
    enum emp_logistic_status status;
    bool firth; /* with Firth's correction */
};

struct emp_logistic_request {
    int left_out;        /* a fold, or -1 */
    double lambda;       /* the strength of the penalty */
    bool firth;          /* for certain */
    bool covariance;     /* is wanted */
    const double *start; /* or NULL */
};

/*
 * Fits, and once more with Firth's correction if the rows are separated and the parameters leave it
 * to that. *out is to be freed in any case; whether it converged is in its status.
 */
emp_status emp__logistic_estimate(const struct emp_logistic_problem *problem,
                                  const struct emp_logistic_request *request,
                                  struct emp_logistic_estimate *out, emp_error *error);
void emp__logistic_estimate_free(struct emp_logistic_estimate *estimate);

/* A path of penalties, and how well the fits along it foretell the folds they have not seen. */
struct emp_penalty_path {
    struct emp_path path;      /* of all rows; its arrays are owned */
    double *deviance, *error;  /* mean deviance of the rows left out, and its standard error */
    size_t minimum, one_error; /* numbers of penalties */
    size_t chosen;
};

/* Errors: EMP_ERR_MEMORY, EMP_ERR_CANCELLED. *out is to be freed in any case. */
emp_status emp__penalty_path(const struct emp_logistic_problem *problem,
                             struct emp_penalty_path *out, emp_error *error);
void emp__penalty_path_free(struct emp_penalty_path *path);

#endif
