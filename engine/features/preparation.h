// SPDX-License-Identifier: Apache-2.0
/*
 * Columns made ready for a model: what a recipe (recipe.h) learns from a column, and the column by
 * it. What was learned is all that scoring needs; fitting and scoring go through the same
 * emp__prepare_apply(), so they cannot differ.
 *
 * A column is n doubles in order of customer id; NaN is missing. Values beyond EMP_VALUE_MAX and
 * those that would be beyond EMP_PREPARED_MAX when ready are refused. Where scaling has nothing to
 * divide by (deviation, range or distance of the quartiles is 0) the column is `constant`: it is 0
 * for every customer, when it is fitted and when it scores, and the caller should say so.
 *
 * The same bytes for any number of threads. Cost: 1 to 5 passes over the column, plus 10 for each
 * quantile, a sort for rank, and about 15 curves for yeo-johnson. Memory while fitting: 8 bytes a
 * row; 16 with a quantile, 24 with yeo-johnson, 32 with rank.
 */
#ifndef EMP_FEATURES_PREPARATION_H
#define EMP_FEATURES_PREPARATION_H

#include <stdint.h>

#include "features/recipe.h"

/* How near to the greatest likelihood lambda is (in lambda). */
#define EMP_LAMBDA_TOLERANCE 1e-7

struct emp_prepared {
    struct emp_recipe recipe; /* a copy with its own name, and neither place nor what was given */
    double fill;              /* for a missing value; 0 with EMP_FILL_REJECT */
    double low, high;         /* values are held between them; infinite where nothing is held */
    double lambda;            /* EMP_TRANSFORM_YEO_JOHNSON, else 0 */
    bool lambda_at_bound;     /* the likelihood still rises at the end of the interval */
    size_t knot_count;        /* EMP_TRANSFORM_RANK, else 0 */
    double *knots, *heights;  /* owned; see kernels/scale/rank_table.h */
    double shift, divisor;
    bool constant;
    uint64_t rows, missing, clamped_low, clamped_high; /* counted when it was fitted */
};

enum emp_problem_kind {
    EMP_PROBLEM_NONE,
    EMP_PROBLEM_NO_ROWS,  /* n is 0 */
    EMP_PROBLEM_NO_VALUE, /* all are missing, and the mean or a quantile is needed */
    EMP_PROBLEM_MISSING,
    EMP_PROBLEM_INFINITE,
    EMP_PROBLEM_HUGE,     /* beyond EMP_VALUE_MAX */
    EMP_PROBLEM_LOG1P,    /* at most -1 */
    EMP_PROBLEM_SQRT,     /* negative */
    EMP_PROBLEM_TOO_LARGE /* beyond EMP_PREPARED_MAX when ready */
};

/* The first row that cannot be made ready, and how many there are of its kind. */
struct emp_prepare_problem {
    enum emp_problem_kind kind;
    size_t row, count;
    double value; /* in the column, or what stands for it where it is missing */
    bool filled;  /* it is missing */
};

struct emp_prepare_input {
    const double *values;
    size_t n;
    int threads;
};

/* A column of a matrix: row i is at out[i * stride]. */
struct emp_prepare_output {
    double *out;
    size_t stride;
};

/*
 * Learns from a column; emp__prepared_free() what is in *out, which is untouched on failure.
 * EMP_ERR_DATA where *problem says so; the message calls the customer by the number of the row.
 * Both functions take NULL for `problem`.
 */
emp_status emp__prepare_fit(const struct emp_recipe *recipe, struct emp_prepare_input input,
                            struct emp_prepared *out, struct emp_prepare_problem *problem,
                            emp_error *error);

/* Makes a column ready. After a failure what is in `output` is undefined. */
emp_status emp__prepare_apply(const struct emp_prepared *prepared, struct emp_prepare_input input,
                              struct emp_prepare_output output, struct emp_prepare_problem *problem,
                              emp_error *error);

void emp__prepared_free(struct emp_prepared *prepared);

/*
 * EMP_ERR_DATA with the message of a problem, for a caller who knows the id of the customer in
 * problem->row (NULL: the number of the row is named).
 */
emp_status emp__prepare_fail(const struct emp_recipe *recipe,
                             const struct emp_prepare_problem *problem, const char *customer,
                             emp_error *error);

/* The rest is for fitting. */

/* A value after the first two steps, and after three. */
enum emp_problem_kind emp__prepare_clean(const struct emp_prepared *prepared, double value,
                                         double *out);
enum emp_problem_kind emp__prepare_curve(const struct emp_prepared *prepared, double value,
                                         double *out);

/*
 * out[i * stride] = step(values[i]) for all rows; EMP_ERR_DATA, and *problem, if one of them has a
 * problem.
 */
emp_status emp__prepare_each(const struct emp_prepared *prepared,
                             enum emp_problem_kind (*step)(const struct emp_prepared *prepared,
                                                           double value, double *out),
                             struct emp_prepare_input input, struct emp_prepare_output output,
                             struct emp_prepare_problem *problem);

#endif
