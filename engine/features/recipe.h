// SPDX-License-Identifier: Apache-2.0
/*
 * How a feature is made ready for a model, as a user asks for it. In this order:
 *
 * 1. missing    a missing value is refused, or becomes the mean or the median of those that are
 *               there, or a constant
 * 2. winsorize  what is below or above two quantiles (type 7) of the values that are there becomes
 *               that quantile; the quantiles 0 and 1 change nothing, at scoring neither
 * 3. transform  a curve
 * 4. scale      (value - shift) / divisor
 */
#ifndef EMP_FEATURES_RECIPE_H
#define EMP_FEATURES_RECIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "params/column_ref.h"

enum emp_transform {
    EMP_TRANSFORM_NONE,
    EMP_TRANSFORM_LOG1P,
    EMP_TRANSFORM_SQRT,
    EMP_TRANSFORM_RANK,       /* the mid-distribution function, kernels/scale/rank_table.h */
    EMP_TRANSFORM_YEO_JOHNSON /* kernels/scale/yeo_johnson.h */
};

enum emp_scaling {
    EMP_SCALE_ZSCORE, /* mean and standard deviation (divided by n) */
    EMP_SCALE_MINMAX, /* least and range */
    EMP_SCALE_ROBUST, /* median and distance of the quartiles (type 7) */
    EMP_SCALE_NONE    /* 0 and 1 */
};

enum emp_missing { EMP_FILL_REJECT, EMP_FILL_MEAN, EMP_FILL_MEDIAN, EMP_FILL_CONSTANT };

/* The words of the parameter file and of model files, NULL behind the last. */
extern const char *const emp__transform_words[];
extern const char *const emp__scaling_words[];
extern const char *const emp__missing_words[]; /* reject, mean, median */

struct emp_missing_rule {
    int how;         /* enum emp_missing */
    double constant; /* for EMP_FILL_CONSTANT, else 0 */
};

struct emp_quantile_pair {
    double low, high; /* 0 <= low < high <= 1 */
};

struct emp_steps {
    struct emp_missing_rule missing;
    struct emp_quantile_pair winsorize;
    int transform; /* enum emp_transform */
    int scale;     /* enum emp_scaling */
};

/* Which of its steps a feature has chosen for itself. */
enum {
    EMP_GIVEN_MISSING = 1,
    EMP_GIVEN_WINSORIZE = 2,
    EMP_GIVEN_TRANSFORM = 4,
    EMP_GIVEN_SCALE = 8
};

struct emp_recipe {
    char *name;
    bool column; /* a column of the customers file, never a feature of ours by that name */
    struct emp_steps steps;
    unsigned given;
    struct emp_place place;    /* in the parameter file; all zero if it was read from a model */
    struct emp_column_ref ref; /* the name as that of a column, for who reads the file; borrowed */
};

struct emp_recipes {
    struct emp_recipe *items;
    size_t count;
};

/* The largest magnitude of a value that is taken, and of one that is ready (its square is a double,
 * and so is the sum of very many). */
#define EMP_VALUE_MAX    1e300
#define EMP_PREPARED_MAX 1e150

#endif
