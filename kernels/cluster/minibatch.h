// SPDX-License-Identifier: Apache-2.0
/*
 * Mini-batch k-means: centres from small random draws of the points, for data that are too many to
 * be gone over again and again (D. Sculley, "Web-scale k-means clustering", WWW 2010).
 *
 * One iteration: `batch` rows are drawn (row_draw.h; no more than there are); each gets the label
 * of its nearest centre by the rule of nearest.h; then each centre c moves towards the mean m of
 * its rows, which have the share p of the weight of the batch:
 *
 *   c <- c + sqrt(p) (m - c).
 *
 * The rate is that of G. Schwartzman, "Mini-batch k-means terminates within O(d / epsilon)
 * iterations", ICLR 2023. Sculley's own, w / (weight of all that was ever drawn for c), never
 * forgets where a centre came from: on a million overlapping points (docs/segment.md) it ended 2 to
 * 4 % above Lloyd's inertia, this one at most 0.7 %. A centre thus rests on the last few batches,
 * on more of them the fewer rows it gets: on about 2 sqrt(p) batch rows, which leaves an inertia
 * too great by one part in so many.
 *
 * Rows are drawn evenly, whatever their weight; the weight counts in m and p. A row of no weight
 * moves nothing.
 *
 * Sums inside a batch are exact integers (quantiser.h, by the range of the batch), and the draws
 * are functions of (seed, restart, iteration, index). So the centres are the same bytes for any
 * number of threads and any variant of the kernels. They do depend on the order of rows, as draws
 * do.
 *
 * The end. The inertia f of a batch, for a unit of weight, is that about the centres before they
 * move. It is smoothed: s <- s + a (f - s), a = 2 / (EMP_MINIBATCH_SPAN + 1), from s = f at first.
 * The fit has CONVERGED when in EMP_MINIBATCH_PATIENCE iterations running s has not fallen below (1
 * - tolerance) times the least it was before; or it ends when max_passes n rows have been drawn
 * (LIMIT). A batch without weight counts as one that has not fallen.
 *
 * A centre for which nothing is drawn stays where it is. Whether a cluster is empty only a pass
 * over all points can say, which is left to the caller, as their labels are (emp__kmeans_label()).
 *
 * Cost: of an iteration O(batch k d), whatever n is; a fit takes one to a few hundred of
 * them. Memory: a batch, and k d numbers for each thread.
 */
#ifndef EMP_CLUSTER_MINIBATCH_H
#define EMP_CLUSTER_MINIBATCH_H

#include "cluster/kmeans.h"

enum { EMP_MINIBATCH_SPAN = 16, EMP_MINIBATCH_PATIENCE = 32 };

struct emp_minibatch_options {
    size_t k;     /* 1 .. 2^31 */
    size_t batch; /* rows; at least 1 */
    int threads;
    int max_passes; /* at least 1 */
    double tolerance;
    uint64_t seed;
    uint32_t restart;
    const struct emp_cluster_kernels *kernels; /* NULL: the fastest */
};

/* After an iteration. */
struct emp_minibatch_progress {
    uint64_t iterations;
    double inertia;  /* f */
    double smoothed; /* s */
    double least;    /* that s was */
    int stale;       /* iterations since it was */
};

struct emp_minibatch;

/* Bytes that a fit works in; 0 if they cannot be counted in size_t. */
size_t emp__minibatch_workspace(const struct emp_points *points,
                                const struct emp_minibatch_options *options);

/*
 * Begins a fit from k x d centres in `workspace`, which is aligned to 64 bytes. The points and
 * options are copied, what they point to is not. Values, weights and centres are in the range of
 * points.h.
 */
struct emp_minibatch *emp__minibatch_begin(const struct emp_points *points,
                                           const struct emp_minibatch_options *options,
                                           const double *centres, void *workspace);

/* One iteration. To be called as long as it returns EMP_KMEANS_RUNNING; never after. */
enum emp_kmeans_status emp__minibatch_step(struct emp_minibatch *fit);

const struct emp_minibatch_progress *emp__minibatch_progress(const struct emp_minibatch *fit);

/* k x d, which lie in the workspace. */
const double *emp__minibatch_centres(const struct emp_minibatch *fit);

/*
 * Points to draw the first centres from (kmeans_seed.h): so many batches, at least so many points
 * for each centre, or all there are. Without them seeding, with its k passes, would take longer
 * than all else.
 */
enum { EMP_MINIBATCH_SEED_BATCHES = 4, EMP_MINIBATCH_SEED_POINTS = 64 };

size_t emp__minibatch_sample_size(const struct emp_points *points,
                                  const struct emp_minibatch_options *options);

/* A draw of that size, which depends on the seed and the restart: values as they are in `points`,
 * and weights if they have some. */
void emp__minibatch_sample(const struct emp_points *points,
                           const struct emp_minibatch_options *options, void *x, double *weight);

#endif
