// SPDX-License-Identifier: Apache-2.0
/* What a fit of kmeans.h consists of, shared by the files that make its steps. */
#ifndef EMP_CLUSTER_KMEANS_STATE_H
#define EMP_CLUSTER_KMEANS_STATE_H

#include "cluster/kmeans.h"
#include "cluster/kmeans_bounds.h"

/* What one thread works in. */
struct emp_kmeans_worker {
    struct emp_sums sums;            /* what its points have added and taken away in this pass */
    size_t changed, seen, uncertain; /* labels; points looked at; and those looked at twice */
    uint32_t *at[2];                 /* rows of a block that are looked at, and of the next one */
    uint32_t *moving, *from, *to;    /* those that move, from where, to where */
    struct emp_nearest found;
    double *exact; /* squares of the second look */
    double *work;
    double *low, *high, heaviest; /* of the points it has seen */
    double farthest;              /* w d^2, of those */
    size_t farthest_row;
};

struct emp_kmeans {
    struct emp_points points;
    struct emp_kmeans_options options;
    const struct emp_distance_kernels *distance;
    uint32_t *labels;
    struct emp_kmeans_worker *workers;
    struct emp_quantiser quantiser;
    struct emp_sums sums;

    /* The centres by their numbers, those of the next iteration, and those in order of groups. */
    double *centres, *next, *grouped;
    float *centres_single, *grouped_single, *grouped_rough;
    struct emp_centres numbered, placed, rough;
    bool is_rough;   /* points are looked at roughly first */
    uint32_t *order; /* the number of each place */

    bool bounded, has_labels;
    struct emp_bounds bounds;
    double *drift; /* k */
    double *block_sums;
    bool *reseeded;         /* k */
    double squares;         /* sum of w |x - middle|^2 */
    double variance;        /* mean of the columns' */
    double steps, rounding; /* the squared error of a point's mean: steps / w^2 + rounding */
    bool settled;           /* the labels are those of the final centres */
    struct emp_kmeans_progress progress;
};

/* The listed rows of a block; `at` NULL: its first ones. */
struct emp_rows emp__kmeans_rows(const struct emp_kmeans *fit, size_t block, const uint32_t *at,
                                 size_t count, double *work);

/*
 * Brings labels, sums and bounds up to the centres: of all points, or of those that fail their
 * bounds. Returns how many labels have changed.
 */
size_t emp__kmeans_assign(struct emp_kmeans *fit, bool all);

/* The inertia of the labels about the centres; squares as for emp__kmeans_finish(). */
double emp__kmeans_inertia(struct emp_kmeans *fit, double *squares);

/* Gives points to empty clusters; notes in fit->progress how many got one and how many did not. */
void emp__kmeans_reseed(struct emp_kmeans *fit);

/* Sums, in order, what each block has added up. */
double emp__kmeans_block_total(const double *block_sums, size_t n);

/* The sum of w square over listed rows, in an order that depends on their number only. */
double emp__kmeans_weighted(const struct emp_rows *rows, const double *squares);

#endif
