// SPDX-License-Identifier: Apache-2.0
/*
 * Passes over the rows: the moments of the terms, by which they are centred and scaled; and the
 * likelihood at some coefficients of the terms so scaled, with its gradient and the information.
 */
#ifndef EMP_LOGISTIC_PASS_H
#define EMP_LOGISTIC_PASS_H

#include "logistic/panel_walk.h"

/* What the rows that take part are like. */
struct emp_census {
    size_t rows; /* with a weight above 0 */
    double weight, events;
    size_t term; /* out of range, or EMP_LOGISTIC_OFFSET, _WEIGHT, _NO_TERM */
};

/* The space of passes; all sums are by stripe. */
struct emp_pass {
    struct emp_walk walk;
    struct emp_standard standard; /* walk.columns each */
    struct emp_census *census;    /* stripes */
    double *moments;              /* stripes x 2 columns: means and sums of squares */
    double *losses;               /* stripes */
    double *gradients;            /* stripes x gram stride */
    double *grams;                /* stripes x columns x gram stride */
};

/* Gives everything in the pass, whose walk is set, its place. */
void emp__pass_carve(struct emp_carver *carver, struct emp_pass *pass);

/*
 * Sets the standard: the weighted mean, and 1 / the weighted standard deviation; 0 for a term
 * that is constant (whose deviation is below 1e-13 of its mean, or vanishes), which makes it 0.
 * Means and squares are taken about the mean of each panel and combined (Chan, Golub & LeVeque
 * 1983), so they keep their digits far from 0. If something is out of range it says nothing.
 */
struct emp_census emp__pass_moments(const struct emp_pass *pass);

/* At coefficients of scaled terms: -L, its gradient, and the information X'WX in both triangles
 * (NULL: not wanted), with the gram stride. */
struct emp_pass_sums {
    double loss;
    double *gradient;
    double *information;
};

void emp__pass(const struct emp_pass *pass, const double *c, struct emp_pass_sums *out);

/* Between coefficients of the terms as they come (b) and of scaled ones (c). */
void emp__pass_scaled(const struct emp_pass *pass, const double *b, double *c);
void emp__pass_raw(const struct emp_pass *pass, const double *c, double *b);

#endif
