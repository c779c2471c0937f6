// SPDX-License-Identifier: Apache-2.0
/*
 * Which points need not be looked at, since their nearest centre cannot have changed.
 *
 * When a point is looked at, the lower bound of its gap is noted for each group of centres
 * (nearest.h). If its own centre then moves by a and no other centre of the group by more than b,
 * the triangle inequality takes at most a + b off the gap. These sums `moved`, for each cluster and
 * group, run on from the beginning; what is kept for a point is gap + moved at that time, and the
 * point is sure to keep its label while this is at least `moved` of today for all groups. So bounds
 * are written only for points that are looked at, and there is one number, not two, for a group.
 *
 * Labels by bounds are those of the rule, to the last bit: a gap comes with a margin relative to
 * the distances that is more than twice the error of a computed distance, so while the bound holds
 * the two computed squares differ in the right way; equal ones give a negative gap, which always
 * fails. Everything is rounded to the safe side: `moved` has a version that is too large, for
 * testing, and one too small, for noting.
 *
 * For many columns and centres the points that fail are looked at roughly first, in float, with
 * margins for that; those of which it is not sure are looked at again (rough, in nearest.h).
 *
 * Cost: of a test one load and comparison for each group.
 */
#ifndef EMP_CLUSTER_KMEANS_BOUNDS_H
#define EMP_CLUSTER_KMEANS_BOUNDS_H

#include "cluster/nearest.h"

struct emp_bounds {
    size_t k, groups;
    float *gap;           /* n x groups */
    double *moved;        /* k x groups */
    float *above, *below; /* k x groups: moved, rounded up and down */
};

/* The bounds of the block from `row` on: to be tested with `above`, to be noted with `below`. */
static inline struct emp_gaps emp__bounds_block(const struct emp_bounds *bounds, size_t row,
                                                const uint32_t *labels, const float *limit)
{
    return (struct emp_gaps){bounds->gap + row * bounds->groups, limit, labels + row, bounds->k,
                             bounds->groups};
}

/*
 * Cluster c has moved by drift[c], in units. Centres come in groups: centres->begin, of the
 * clusters order[].
 */
void emp__bounds_move(struct emp_bounds *bounds, const struct emp_centres *centres,
                      const uint32_t *order, const double *drift);

/*
 * Divides k centres (k x d) into groups of about the same size, of centres near each other: the one
 * farthest from those before it, and those nearest to it. Any division is right, some are faster.
 * Fills `order`; `begin` has groups + 1 places; work: k doubles. O(groups k (d + k)).
 */
void emp__bounds_group(const double *centres, size_t d, struct emp_centres *groups, uint32_t *order,
                       double *work);

#endif
