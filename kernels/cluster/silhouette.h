// SPDX-License-Identifier: Apache-2.0
/*
 * The silhouette (Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of
 * cluster analysis", J. Comput. Appl. Math. 20, 1987), with Euclidean distances:
 *     s(i) = (b - a) / max(a, b)
 * where a is the mean distance from point i to the other points of its cluster, and b the least of
 * its mean distances to the points of another cluster. The mean of s over all points judges the
 * clustering: 1 is best.
 *
 * With weights (numbers of copies), the other copies of i are among "the other points of its
 * cluster": the divisor of a is the cluster's weight less 1. The mean is weighted.
 * s(i) = 0 for a cluster of weight 1 or less (a singleton), and where a = b = 0.
 * With fewer than two clusters that have weight there is no silhouette: all of it is NaN.
 *
 * The simplified silhouette (Hruschka, de Castro & Campello, "Evolutionary algorithms for
 * clustering gene-expression data", ICDM 2004) takes the distances to the centres of the clusters
 * instead of the mean distances to their points. Singletons are 0 here too: they lie on their
 * centres, so that they would be 1, and as many clusters as points would be best.
 *
 * The bits do not depend on the number of threads. With the rows in another order sums are
 * added up in another order: the result moves by some n 2^-53 at most.
 */
#ifndef EMP_CLUSTER_SILHOUETTE_H
#define EMP_CLUSTER_SILHOUETTE_H

#include "cluster/clustering.h"
#include "cluster/distance_sums.h"

/* How to work: which variant adds up the distances, and on how many threads (>= 1). */
struct emp_silhouette_run {
    emp_distance_sums_fn *distance_sums; /* NULL: the fastest */
    int threads;
};

/* The bytes of workspace that emp__silhouette() needs: about 8 n (d + 1.5). */
size_t emp__silhouette_work(const struct emp_clustering *clustering, int threads);

/*
 * The mean silhouette; s(i) in values[i] (n). `work` is aligned as malloc() does. Exact:
 * n^2 distances (see distance_sums.h for the cost of one).
 */
double emp__silhouette(const struct emp_clustering *clustering,
                       const struct emp_silhouette_run *run, void *work, double *values);

/* The same by the definition, on one thread; `work` holds 2 k numbers. The same bits. */
double emp__silhouette_plain(const struct emp_clustering *clustering, double *work, double *values);

/* The bytes of workspace that emp__simplified_silhouette() needs. */
size_t emp__simplified_silhouette_work(const struct emp_clustering *clustering, int threads);

/* The mean simplified silhouette; centres: k x d. n k distances. */
double emp__simplified_silhouette(const struct emp_clustering *clustering, const double *centres,
                                  const struct emp_silhouette_run *run, void *work, double *values);

#endif
