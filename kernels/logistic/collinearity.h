// SPDX-License-Identifier: Apache-2.0
/*
 * Terms that say nothing that earlier ones and the intercept do not say, and how much the others
 * overlap.
 *
 * The correlation matrix of the terms is factored in their order (Cholesky). The pivot of term j is
 * 1 - R^2 of its regression on the independent terms before it; a term whose pivot is at most
 * EMP_COLLINEARITY_TOLERANCE is dependent on them and is left out of what follows. So among terms
 * that depend on each other it is the last one that goes. A constant term depends on the intercept.
 *
 * The variance inflation factor of a term is 1 / (1 - R^2) of its regression on all other
 * independent terms: the diagonal of the inverse correlation matrix.
 *
 * Cost: two passes over the rows, one of n d (d + 1) flops; then O(d^3).
 */
#ifndef EMP_LOGISTIC_COLLINEARITY_H
#define EMP_LOGISTIC_COLLINEARITY_H

#include "logistic/logistic.h"

/* Rounding alone leaves some 1e-15 of the pivot of a dependent term. */
#define EMP_COLLINEARITY_TOLERANCE 1e-12

struct emp_collinearity {
    bool *dependent; /* terms */
    /* terms x (terms + 1): a dependent term is relation[0] + sum of relation[1 + k] * term k over
     * independent terms k before it; 0 for other k, and in the rows of independent terms. NULL: not
     * wanted. Coefficients that are 0 but for rounding are 0. */
    double *relation;
    double *inflation;        /* terms: 1 or more; 0 for dependent terms. NULL: not wanted */
    double *mean, *deviation; /* terms: weighted, of the rows that take part. NULL: not wanted */
    size_t dependent_terms;
    size_t term; /* with RANGE: which */
};

size_t emp__collinearity_workspace(const struct emp_logistic_data *data, int threads);

/*
 * Of the data, label and offset do not count (label may be NULL). CONVERGED, or EMPTY or RANGE as a
 * fit says it.
 */
enum emp_logistic_status emp__collinearity(const struct emp_logistic_data *data, int threads,
                                           struct emp_collinearity *out, void *workspace);

#endif
