// SPDX-License-Identifier: Apache-2.0
/*
 * What is done with a panel of a design while it lies in the cache.
 *
 * Column 0 of a panel is 1 throughout, for the intercept; column j > 0 is term j - 1. Rows come in
 * groups of EMP_LANES, and the last group is filled up with rows of weight 0.
 *
 * A sum over the rows of a panel is taken in eight lanes, row i into lane i mod 8, each addition of
 * a product with one rounding (fma); the lanes are added in pairs, ((0 + 1) + (2 + 3)) + ((4 + 5) +
 * (6 + 7)). All variants make the same operations on a number in the same order, and give the same
 * bytes: they are one source, panel_body.h, in terms of vectors of one, four or eight lanes.
 *
 * Relative error against the true value: e^-|x| at most 3e-16 (0 is never returned: below e^-708,
 * e^-708 is), log(1 + e^-|x|) at most 5e-16.
 */
#ifndef EMP_LOGISTIC_PANEL_KERNELS_H
#define EMP_LOGISTIC_PANEL_KERNELS_H

#include <stdbool.h>

#include "lanes/machine.h"
#include "logistic/design.h"

enum {
    /* Columns are so far apart that they do not all want the same places in the cache. */
    EMP_PANEL_STRIDE = EMP_DESIGN_PANEL + EMP_LANES,
    /* Columns of sums are filled up to a multiple of this: see emp_gram_stride(). */
    EMP_GRAM_QUAD = 4,
};

/* Arrays of EMP_PANEL_STRIDE rows, aligned to 64 bytes. */
struct emp_panel {
    double *z;      /* `columns` columns, EMP_PANEL_STRIDE apart */
    size_t columns; /* terms + 1 */
    size_t groups;  /* of EMP_LANES rows */
    size_t first, rows;
    double *eta;  /* before emp_centre_fn: the offset */
    double *sign; /* 2 y - 1 */
    double *weight;
    double *residual; /* weight (y - p) */
    double *root;     /* sqrt(weight p (1 - p)) */
};

/* By column: z is (x - mean) scale. Of column 0 they are not looked at. */
struct emp_standard {
    double *mean, *scale;
};

/* Doubles of a row of a Gram matrix, and of any other sums over columns. */
static inline size_t emp__gram_stride(size_t columns)
{
    return (columns + EMP_GRAM_QUAD - 1) / EMP_GRAM_QUAD * EMP_GRAM_QUAD;
}

/* z = (x - mean) scale in place, from column 1 on; eta += sum of c[j] z_j, in the order of j.
 * 6 flops a value. */
typedef void emp_centre_fn(const struct emp_panel *panel, const struct emp_standard *standard,
                           const double *c);

/* eta += c[0] + sum of c[j] z_j, in the order of j. */
typedef void emp_linear_fn(const struct emp_panel *panel, const double *c);

/* Residuals and roots from eta; returns -L of the panel. About 90 flops a row. */
typedef double emp_link_fn(const struct emp_panel *panel);

/* p of each row from eta, to `out`. */
typedef void emp_probability_fn(const struct emp_panel *panel, double *out);

/* sums[j] += sum of residual z_j; then z_j *= root if `scale`. `sums` has emp__gram_stride(). */
typedef void emp_gradient_fn(const struct emp_panel *panel, bool scale, double *sums);

/*
 * sums[i * emp__gram_stride() + j] += sum of z_i z_j for i <= j < columns; other places are spoilt.
 * columns (columns + 1) flops a row.
 */
typedef void emp_gram_fn(const struct emp_panel *panel, double *sums);

/* Of a column: the weighted mean, and the weighted sum of squares about it. */
struct emp_column_moments {
    double mean, squares;
};

/* The moments of column j, given the sum of the weights, > 0. */
typedef struct emp_column_moments emp_moments_fn(const struct emp_panel *panel, size_t j,
                                                 double weight);

/* Whether some value of column j is NaN or above `limit` in size. */
typedef bool emp_beyond_fn(const double *column, size_t groups, double limit);

struct emp_panel_kernels {
    const char *name;
    emp_centre_fn *centre;
    emp_linear_fn *linear;
    emp_link_fn *link;
    emp_probability_fn *probability;
    emp_gradient_fn *gradient;
    emp_gram_fn *gram;
    emp_moments_fn *moments;
    emp_beyond_fn *beyond;
};

extern const struct emp_panel_kernels emp__panel_plain;
#if defined(__x86_64__)
extern const struct emp_panel_kernels emp__panel_avx2, emp__panel_avx512;
#endif

/* The fastest that this machine runs if `name` is NULL, or else those of that name; NULL if they
 * are unknown, or cannot run here. */
const struct emp_panel_kernels *emp__panel_kernels(const char *name);

#endif
