// SPDX-License-Identifier: Apache-2.0
/*
 * A walk over the panels of the rows that take part: threads take stripes of neighbouring panels,
 * and expand and visit one panel after the other. How many stripes there are depends on the number
 * of rows and terms alone, so what is summed up by stripe, and then over stripes in order
 * (emp__stripe_sums()), does not depend on the threads.
 */
#ifndef EMP_LOGISTIC_PANEL_WALK_H
#define EMP_LOGISTIC_PANEL_WALK_H

#include "cluster/carver.h"
#include "logistic/logistic.h"
#include "logistic/panel_kernels.h"

struct emp_walk {
    struct emp_logistic_data data;
    const struct emp_panel_kernels *kernels;
    int threads;
    size_t columns; /* terms + 1 */
    size_t step;    /* every how manieth panel is visited; 1: all */
    size_t panels;  /* to be visited */
    size_t stripes;
    double *space; /* a panel for each thread */
};

/* A walk over all panels. */
struct emp_walk emp__walk(const struct emp_logistic_data *data, int threads, const char *variant);

/* The same over every `step`-th panel; it has no more stripes than the whole one. */
struct emp_walk emp__walk_sample(const struct emp_walk *whole, size_t step);

/* The same over an intercept alone. */
struct emp_walk emp__walk_intercept(const struct emp_walk *whole);

/* Sets walk->space. */
void emp__walk_carve(struct emp_carver *carver, struct emp_walk *walk);

/*
 * Is called by several threads, but for a stripe by one, in the order of its panels. In the panel
 * are the offset in eta, signs, weights, and the columns as they were expanded; anything may be
 * overwritten. Panels without a weight above 0 are left out.
 */
typedef void emp_visit_fn(const void *user, const struct emp_panel *panel, size_t stripe);

void emp__walk_visit(const struct emp_walk *walk, emp_visit_fn *visit, const void *user);

/* out[i] = sum over stripes s, in order, of parts[s * count + i]. */
void emp__stripe_sums(const struct emp_walk *walk, const double *parts, size_t count, double *out);

#endif
