// SPDX-License-Identifier: Apache-2.0
/*
 * The terms of a logistic analysis: what its columns (logistic_encoding.h) are to the regression.
 *
 *   a number         itself
 *   a spline         itself, and its bends: with knots t_1 < ... < t_k, for j = 1 .. k - 2,
 *                    ((x - t_j)+^3 - (x - t_{k-1})+^3 (t_k - t_j) / (t_k - t_{k-1})
 *                     + (x - t_k)+^3 (t_{k-1} - t_j) / (t_k - t_{k-1})) / (t_k - t_1)^2,
 *                    which is linear beyond the outer knots (Harrell 2015, eq. 2.25)
 *   bins             each but the first, 0 or 1
 *   a category       each level but the reference, 0 or 1
 *   an interaction   the products of the terms of two of them
 */
#ifndef EMP_ANALYSIS_LOGISTIC_TERMS_H
#define EMP_ANALYSIS_LOGISTIC_TERMS_H

#include "analysis/logistic_encoding.h"
#include "logistic/design.h"

enum emp_factor_kind { EMP_FACTOR_NUMBER, EMP_FACTOR_BEND, EMP_FACTOR_BIN, EMP_FACTOR_LEVEL };

struct emp_factor {
    int kind;
    uint32_t column; /* of the numbers, or of the categories */
    uint32_t index;  /* of the bend, bin or level */
};

struct emp_term {
    char *name;  /* of its column, "a * b" of an interaction */
    char *level; /* which of the column's terms; "" of a number */
    struct emp_factor factor[2];
    int factors;
    double unit;    /* its coefficient over this is per unit of the columns */
    double penalty; /* factor */
    size_t group;   /* terms of one name have the same */
};

struct emp_terms {
    struct emp_term *items;
    size_t count, capacity;
    size_t groups;
};

enum { EMP_TERMS_MAX = 2000 };

/* EMP_ERR_DATA: there are too many. *out is to be freed in any case. */
emp_status emp__terms_new(const struct emp_logistic_params *params,
                          const struct emp_encoding *encoding, struct emp_terms *out,
                          emp_error *error);

/* Takes the terms that are marked out of the list. */
void emp__terms_remove(struct emp_terms *terms, const bool *out);

void emp__terms_free(struct emp_terms *terms);

/* The terms of some columns as a design; what it points to must outlive it. */
struct emp_term_columns {
    const struct emp_terms *terms;
    const struct emp_encoding *encoding;
    const struct emp_logistic_columns *columns;
    bool ignore; /* unseen levels count as the share of each level in the sample; else as the
                    reference */
};

struct emp_design emp__terms_design(const struct emp_term_columns *columns, size_t rows);

#endif
