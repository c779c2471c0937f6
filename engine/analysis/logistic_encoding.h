// SPDX-License-Identifier: Apache-2.0
/*
 * What a logistic analysis learns of the columns before it is fitted, and the columns by it:
 * numbers made ready (features/preparation.h), bent by splines or cut into bins; categories as
 * levels. A model keeps it, so that fitting and scoring cannot differ.
 *
 * Numbers are scaled but not centred: a coefficient per unit is the one found over the divisor, and
 * a product of two numbers is a product in their own units too.
 */
#ifndef EMP_ANALYSIS_LOGISTIC_ENCODING_H
#define EMP_ANALYSIS_LOGISTIC_ENCODING_H

#include "analysis/logistic_rows.h"
#include "features/preparation.h"

enum emp_curve_kind { EMP_CURVE_NONE, EMP_CURVE_SPLINE, EMP_CURVE_BINS };

/*
 * A restricted cubic spline has 3 knots or more. Bins are cut at edges, which belong to the bin
 * below. Both are at quantiles (type 7) of the values made ready, equal ones once; so there may be
 * fewer than were asked for.
 */
struct emp_curve {
    int kind;
    size_t count; /* of the knots or edges */
    double *at;   /* ascending */
};

struct emp_number_code {
    struct emp_prepared prepared;
    struct emp_curve curve;
};

/* The levels are those of the sample, in byte order; that of missing values is the last. */
struct emp_category_code {
    char *name;
    char **level; /* NULL: missing */
    uint64_t *rows;
    size_t count;
    size_t reference; /* which is no term */
};

struct emp_encoding {
    struct emp_number_code *number;
    struct emp_category_code *category;
    size_t numbers, categories;
    uint64_t rows; /* of the sample */
};

enum { EMP_CATEGORY_LEVELS_MAX = 1000 };

/* In the columns: a level that is not in the encoding. */
#define EMP_LEVEL_UNSEEN UINT16_MAX

/* The columns of some rows, made ready. */
struct emp_logistic_columns {
    struct emp_store *store; /* where they lie */
    double **number;
    uint16_t **category; /* indices of levels */
    size_t numbers, categories;
    uint64_t unseen; /* values */
};

/*
 * Learns from a sample, and makes its columns ready. EMP_ERR_DATA names column and customer. Both
 * are to be freed in any case.
 */
emp_status emp__encoding_learn(const struct emp_logistic_rows *rows, struct emp_encoding *out,
                               struct emp_logistic_columns *columns, emp_error *error);

/* Makes the columns of rows ready. An unseen level is EMP_ERR_DATA if the parameters say so. */
emp_status emp__encoding_apply(const struct emp_encoding *encoding,
                               const struct emp_logistic_rows *rows,
                               struct emp_logistic_columns *columns, emp_error *error);

/* The values of feature j for all rows, in its own unit; NaN: missing. */
void emp__logistic_values(const struct emp_logistic_rows *rows, size_t j, double *out);

void emp__encoding_free(struct emp_encoding *encoding);
void emp__logistic_columns_free(struct emp_logistic_columns *columns);

#endif
