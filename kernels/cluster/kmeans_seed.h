// SPDX-License-Identifier: Apache-2.0
/*
 * Centres to start k-means from.
 *
 * EMP_SEEDING_PLUSPLUS: k-means++ (D. Arthur & S. Vassilvitskii, "k-means++: the advantages of
 * careful seeding", SODA 2007), greedy: the first centre is a point drawn by weight; each other one
 * is the best of 2 + floor(ln k) points drawn by w D^2, D being the distance to the nearest centre
 * so far; the best makes the sum of w D^2 least, the first drawn among equals. k passes.
 *
 * EMP_SEEDING_PARALLEL: k-means|| (B. Bahmani et al., "Scalable k-means++", VLDB 2012): in five
 * rounds each point is taken with probability 2 k w D^2 / (sum of w D^2), at most 20 k of them; the
 * points taken, each with the weight of those that are nearest to it, are seeded by k-means++. Six
 * passes, but O(n k^2 d) work in them; for many centres.
 *
 * EMP_SEEDING_RANDOM: distinct rows, each set of them as likely (Floyd's sampling; J. Bentley,
 * "Programming pearls: a sample of brilliance", CACM 30, 1987), weights aside. No pass.
 *
 * Every draw is a function of (seed, purpose, restart, number), and sums are taken over blocks in
 * the order of rows: the centres do not depend on the number of threads. They do on the order of
 * rows, as the draw of a row does.
 *
 * Where all points coincide with centres (fewer distinct points than k), the remaining centres are
 * the rows 0, 1, 2, ... (if k > n, again from 0). Values are in the range of points.h.
 */
#ifndef EMP_CLUSTER_KMEANS_SEED_H
#define EMP_CLUSTER_KMEANS_SEED_H

#include "cluster/nearest.h"

enum emp_seeding { EMP_SEEDING_PLUSPLUS, EMP_SEEDING_PARALLEL, EMP_SEEDING_RANDOM };

struct emp_seed_options {
    size_t k; /* 1 .. 2^31 */
    int threads;
    enum emp_seeding method;
    uint64_t seed;
    uint32_t restart;
    const struct emp_cluster_kernels *kernels; /* NULL: the fastest */
};

/* Bytes that seeding works in: about 8 for each row, of EMP_SEEDING_RANDOM 1/8. */
size_t emp__kmeans_seed_workspace(const struct emp_points *points,
                                  const struct emp_seed_options *options);

/*
 * Writes k x d centres; `workspace` is aligned to 64 bytes. Returns how many of them were drawn:
 * fewer than k if there are fewer distinct points of positive weight.
 */
size_t emp__kmeans_seed(const struct emp_points *points, const struct emp_seed_options *options,
                        double *centres, void *workspace);

#endif
