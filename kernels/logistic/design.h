// SPDX-License-Identifier: Apache-2.0
/*
 * The design of a regression: a matrix of rows and terms that is never stored. It is asked for a
 * panel of rows at a time, is looked at, and is forgotten; so columns of bytes, categories with
 * many levels and interactions cost what they are made of, not 8 bytes a term.
 *
 * The intercept is no term of a design: the kernels add it.
 */
#ifndef EMP_LOGISTIC_DESIGN_H
#define EMP_LOGISTIC_DESIGN_H

#include <stddef.h>

/* Rows of a panel: few enough for ten columns to stay in the nearest cache. */
enum { EMP_DESIGN_PANEL = 256 };

/*
 * expand() writes the rows first .. first + count - 1, term j of row first + i to
 * out[j * stride + i]. count is at most EMP_DESIGN_PANEL, stride at least count; `out` is aligned
 * to 64 bytes, and so is every column. It is called by several threads at once, for any panel in
 * any order and more than once, and must give the same numbers each time. They need not be finite:
 * what is not is found out (EMP_LOGISTIC_RANGE).
 */
struct emp_design {
    size_t rows, terms;
    void (*expand)(const void *user, size_t first, size_t count, double *out, size_t stride);
    const void *user;
};

/* A matrix in memory, column-major: term j of row i is x[j * stride + i]. */
struct emp_matrix {
    size_t rows, terms;
    const double *x;
    size_t stride;
};

/* Its design, which it must outlive. */
struct emp_design emp__matrix_design(const struct emp_matrix *matrix);

#endif
