// SPDX-License-Identifier: Apache-2.0
/*
 * Sums of Euclidean distances: from each of 16 points, the lanes, to all points of a list,
 *     sums[l] += sum over j of w_j |x_l - x_j|.
 *
 * Each lane adds the squares in the order of the coordinates and the distances in the order of the
 * list, as the simplest loop would, and nothing is fused: every variant, and that loop, give the
 * same bits.
 *
 * Cost: 3 d + 2 flops and a square root for each lane and point, 16 lanes for every 8 (d + 1) bytes
 * read. At d = 8 a distance takes a core at 2.45 GHz 1.5 ns with avx2, which is 3.7 cycles; the
 * square root alone would be 2.25.
 */
#ifndef EMP_CLUSTER_DISTANCE_SUMS_H
#define EMP_CLUSTER_DISTANCE_SUMS_H

#include <stddef.h>

enum { EMP_DISTANCE_LANES = 16 };

struct emp_weighted_points {
    const double *points;  /* count x d, row-major */
    const double *weights; /* count */
    size_t count;
    size_t d;
};

/* lanes: d x 16, so that coordinate f of lane l is lanes[16 f + l]; sums: 16. */
typedef void emp_distance_sums_fn(const double *lanes, const struct emp_weighted_points *to,
                                  double *sums);

/* Makes lanes of `count` points (1 to 16; row-major, d columns); spare lanes repeat the last one.
 */
void emp__distance_lanes(const double *points, size_t count, size_t d, double *lanes);

extern emp_distance_sums_fn emp__distance_sums_portable;
#if defined(__x86_64__)
extern emp_distance_sums_fn emp__distance_sums_avx2;
#endif

/*
 * The fastest variant that this machine runs if `name` is NULL, or else that of the name
 * ("portable", "avx2"); NULL if it is unknown, or cannot run here.
 */
emp_distance_sums_fn *emp__distance_sums(const char *name);

#endif
