// SPDX-License-Identifier: Apache-2.0
/*
 * k-means: labels and centres that make the inertia, sum over points of w |x - c(label)|^2, as
 * small as Lloyd's algorithm gets it from given centres (S. Lloyd, "Least squares quantization in
 * PCM", IEEE Trans. Inf. Theory 28, 1982).
 *
 * One iteration: every point gets the label of its nearest centre (the rule stands in nearest.h: by
 * computed squared distance, the lowest number among equals); then every centre becomes the
 * weighted mean of its points, from exact integer sums (quantiser.h). So the labels and centres are
 * the same bytes for any number of threads, any order of the rows and any variant of the kernels.
 *
 * Bounds save most of the distances after the first iterations: a point whose centre cannot have
 * been overtaken keeps its label unseen. One bound a point (G. Hamerly, "Making k-means even
 * faster", SDM 2010) or one for each of 8 groups of centres (Y. Ding et al., "Yinyang k-means",
 * ICML 2015): `auto` takes groups from k = EMP_KMEANS_GROUPED_FROM on. Both end with the very bytes
 * of the plain algorithm; kmeans_bounds.h says why.
 *
 * The end: an iteration changes no label (CONVERGED); or, if tolerance > 0, the squared shifts of
 * all centres add up to at most tolerance * (mean of the columns' variances), and the inertia has
 * gone down by at most tolerance * itself (CONVERGED); or there were max_iterations (LIMIT).
 * Whichever it was, each label belongs to the nearest of the final centres. For these tests the
 * inertia is computed from the sums: it starts from that of the first iteration, and differs from
 * the final one, which is summed over points, by rounding only.
 *
 * A cluster whose weights add up to 0 gets the point farthest from its centre (the greatest w d^2,
 * the first row among equals), which leaves its own cluster; a point that is all of the weight of
 * its cluster stays. Several empty ones are served in order of their numbers. If no point is
 * farther from its centre than the precision of a centre, then there are fewer distinct points than
 * clusters: these stay empty, with their last centres.
 *
 * Cost: of an iteration O(n k d) for the points that are looked at, O(n) or O(8 n) for the others.
 * Memory beyond the points, a row: 4 bytes of labels and 4 of bounds, or 32 with groups.
 */
#ifndef EMP_CLUSTER_KMEANS_H
#define EMP_CLUSTER_KMEANS_H

#include "cluster/nearest.h"

enum { EMP_KMEANS_GROUPED_FROM = 24 };

enum emp_kmeans_algorithm {
    EMP_KMEANS_AUTO,
    EMP_KMEANS_PLAIN,
    EMP_KMEANS_HAMERLY,
    EMP_KMEANS_YINYANG
};

enum emp_kmeans_status {
    EMP_KMEANS_RUNNING,
    EMP_KMEANS_CONVERGED,
    EMP_KMEANS_LIMIT,
    EMP_KMEANS_RANGE, /* a value, weight or centre is too large: see points.h */
};

struct emp_kmeans_options {
    size_t k; /* 1 .. 2^31 */
    int threads;
    int max_iterations; /* at least 1 */
    double tolerance;   /* 0: until no label changes */
    enum emp_kmeans_algorithm algorithm;
    const struct emp_cluster_kernels *kernels; /* NULL: the fastest */
};

/* After an iteration. */
struct emp_kmeans_progress {
    int iterations;
    size_t changed; /* labels; in the first iteration all */
    double inertia; /* of the labels about the means of their points */
    double shift;   /* sum of the squared shifts of the centres */
    size_t reseeded, empty;
};

struct emp_kmeans;

/* Bytes that a fit works in; 0 if they cannot be counted in size_t. */
size_t emp__kmeans_workspace(const struct emp_points *points,
                             const struct emp_kmeans_options *options);

/*
 * Begins a fit from k x d centres. `labels` (n) and `workspace` (aligned to 64 bytes) belong to the
 * fit until it is finished; the points and options are copied, what they point to is not. One pass
 * over the points. Returns RUNNING and the fit, or RANGE.
 */
enum emp_kmeans_status emp__kmeans_begin(const struct emp_points *points,
                                         const struct emp_kmeans_options *options,
                                         const double *centres, uint32_t *labels, void *workspace,
                                         struct emp_kmeans **out);

/* One iteration. To be called as long as it returns RUNNING; never after. */
enum emp_kmeans_status emp__kmeans_step(struct emp_kmeans *fit);

const struct emp_kmeans_progress *emp__kmeans_progress(const struct emp_kmeans *fit);

/*
 * Brings the labels up to the final centres, where those have moved since, and writes the centres
 * (k x d). `squares` (n; NULL: not wanted) gets the squared distance of each point to its centre.
 * Returns the inertia, which is summed over blocks of rows in order. One pass, or two.
 */
double emp__kmeans_finish(struct emp_kmeans *fit, double *centres, double *squares);

/* Bytes that emp__kmeans_label() works in. */
size_t emp__kmeans_label_workspace(const struct emp_points *points,
                                   const struct emp_kmeans_options *options);

/*
 * The label of each point by the rule, and the squared distance to its centre (NULL: not wanted).
 * Of the options only k, threads and kernels count. Returns the inertia. One pass.
 */
double emp__kmeans_label(const struct emp_points *points, const struct emp_kmeans_options *options,
                         const double *centres, uint32_t *labels, double *squares, void *workspace);

#endif
