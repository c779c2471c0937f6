// SPDX-License-Identifier: Apache-2.0
/* What seeding consists of, shared by the files of its methods. */
#ifndef EMP_CLUSTER_KMEANS_SEED_STATE_H
#define EMP_CLUSTER_KMEANS_SEED_STATE_H

#include "cluster/carver.h"
#include "cluster/kmeans_seed.h"
#include "random/philox.h"

/* The purposes of draws: those of k-means|| are one for each round. */
enum {
    EMP_DRAW_SEEDING = 0x6b6d0000,
    EMP_DRAW_SEEDING_TAKEN = 0x6b6d0001,
    EMP_DRAW_SEEDING_PARALLEL = 0x6b6d0100,
    EMP_DRAW_SEEDING_RANDOM = 0x6b6d0200,
};

struct emp_seed_worker {
    double *squares; /* of trial centres: each EMP_CLUSTER_STRIDE */
    double *closest; /* of a block */
    double *work;
};

/* k-means++ over some points. */
struct emp_plusplus {
    struct emp_points points;
    struct emp_seed_options options;
    const struct emp_distance_kernels *distance;
    struct emp_seed_worker *workers;
    size_t candidates; /* how many are drawn for a centre */
    double *closest;   /* n: the squared distance to the nearest centre but the last one */
    double *sums;      /* candidates x blocks: of w D^2, if the candidate is a centre too */
    double *trial;     /* (1 + candidates) x d: the last centre, and candidates for the next */
    float *trial_single;
    uint32_t purpose; /* of the draws */
    bool has_last;    /* trial[0] is there */
    size_t best;      /* whose sums are those of the centres so far */
};

/* Gives everything its place; `points` need be no more than a size. */
void emp__plusplus_carve(struct emp_carver *carver, struct emp_plusplus *state,
                         const struct emp_points *points, const struct emp_seed_options *options);

/* Writes up to k centres; returns how many. */
size_t emp__plusplus_run(struct emp_plusplus *state, double *centres);

/* The first draws of k-means++, which k-means|| begins with as well: one centre by weight. */
void emp__plusplus_first(struct emp_plusplus *state, double *centres);

struct emp_rows emp__seed_rows(const struct emp_points *points, size_t block,
                               const struct emp_seed_worker *own, size_t count);

/* A row as doubles. */
void emp__seed_copy(const struct emp_points *points, size_t row, double *out);

/* k-means||: as the two above. */
struct emp_seed_parallel {
    struct emp_plusplus all;   /* over the points */
    struct emp_plusplus taken; /* over the points taken */
    size_t most;               /* points taken */
    double *x, *weights;       /* of those: most x d, most */
    float *x_single;
    uint64_t *is_taken; /* a bit for each row */
    int64_t *counts;    /* threads x most: the weights of their points */
};

void emp__parallel_carve(struct emp_carver *carver, struct emp_seed_parallel *state,
                         const struct emp_points *points, const struct emp_seed_options *options);
size_t emp__parallel_run(struct emp_seed_parallel *state, double *centres);

#endif
