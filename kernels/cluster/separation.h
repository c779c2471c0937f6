// SPDX-License-Identifier: Apache-2.0
/*
 * How well clusters are separated, judged by their centres. With W_k the weight of cluster k, c_k
 * its centre, W = sum W_k, c = sum W_k c_k / W, K clusters that have weight, Euclidean distances:
 *
 *     within  = sum over points of w |x - c_k|^2  (the inertia)
 *     between = sum over clusters of W_k |c_k - c|^2
 *     Calinski-Harabasz = (between / (K - 1)) / (within / (W - K)): more is better
 *         (Calinski & Harabasz, "A dendrite method for cluster analysis", Comm. in Statistics 3,
 *         1974)
 *     Davies-Bouldin = mean over k of max over l != k of (s_k + s_l) / |c_k - c_l|: less is better
 *         with s_k = sum over points of k of w |x - c_k| / W_k
 *         (Davies & Bouldin, "A cluster separation measure", IEEE PAMI 1, 1979; q = 1, p = 2)
 *
 * The centres have to be the means of their clusters for this to be what the papers mean.
 *
 * An index that does not exist is NaN: both with K < 2, W <= K (every point its own cluster), or
 * within = 0 (every point on its centre), and where a quotient overflows; Davies-Bouldin also if
 * two clusters have the same centre.
 *
 * Cost: one pass over the points, 6 d flops each, and K^2 distances between centres. The points are
 * added up in at most 256 blocks, and these in order: the bits do not depend on the number of
 * threads.
 */
#ifndef EMP_CLUSTER_SEPARATION_H
#define EMP_CLUSTER_SEPARATION_H

#include "cluster/clustering.h"

struct emp_separation {
    double within;
    double between;
    double calinski_harabasz;
    double davies_bouldin;
};

/* How many numbers of workspace emp__separation() needs. */
size_t emp__separation_work(const struct emp_clustering *clustering);

/* centres: k x d; `work` holds emp__separation_work() numbers. */
void emp__separation(const struct emp_clustering *clustering, const double *centres, int threads,
                     double *work, struct emp_separation *out);

#endif
