// SPDX-License-Identifier: Apache-2.0
/* Points and the clusters that they are in: what the kernels that judge a clustering are given. */
#ifndef EMP_CLUSTER_CLUSTERING_H
#define EMP_CLUSTER_CLUSTERING_H

#include <stddef.h>
#include <stdint.h>

/*
 * A weight is a number of copies: a point of weight 3 counts as three equal points. Clusters may be
 * empty; they are left out wherever clusters are compared or counted. Squares of differences
 * between coordinates must not overflow.
 */
struct emp_clustering {
    const double *points;   /* n x d, row-major */
    const uint32_t *labels; /* n, each below k */
    const double *weights;  /* n, finite and >= 0; NULL: 1 each */
    size_t n;               /* below 2^32 */
    size_t d;
    uint32_t k;
};

static inline double emp__weight_of(const struct emp_clustering *clustering, size_t i)
{
    return clustering->weights ? clustering->weights[i] : 1.0;
}

#endif
