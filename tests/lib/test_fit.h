// SPDX-License-Identifier: Apache-2.0
/* A whole fit of k-means, for tests. Include cmocka first. */
#ifndef EMP_TESTS_TEST_FIT_H
#define EMP_TESTS_TEST_FIT_H

#include "cluster/kmeans.h"
#include "cluster/kmeans_seed.h"
#include "test_points.h"

struct test_fit {
    uint32_t *labels;
    double *centres, *squares;
    double inertia;
    size_t n, k, d;
    struct emp_kmeans_progress progress;
    enum emp_kmeans_status status;
};

static inline void test_fit_free(struct test_fit *fit)
{
    free(fit->labels);
    free(fit->centres);
    free(fit->squares);
}

/* Iterates to the end; the inertia must not rise on the way but for rounding: of distances in
 * float, and of the sums of squares, of the size `total`, whose difference it is. */
static inline void test_fit_iterate(struct emp_kmeans *fit, double rounding, double total,
                                    struct test_fit *out)
{
    double before = INFINITY;
    while ((out->status = emp__kmeans_step(fit)) == EMP_KMEANS_RUNNING) {
        const struct emp_kmeans_progress *now = emp__kmeans_progress(fit);
        assert_true(now->inertia <= before * (1 + rounding) + total * 1e-13);
        before = now->inertia;
    }
    out->progress = *emp__kmeans_progress(fit);
}

/* The sum of all squared distances between points and centres is more than any that is taken. */
static inline double test_total(const struct emp_points *points, const double *start, size_t k)
{
    double total = 0, size = 0;
    for (size_t i = 0; i < k * points->d; i++)
        size += start[i] * start[i];
    for (size_t i = 0; i < points->n; i++) {
        double weight = points->weight ? points->weight[i] : 1;
        for (size_t j = 0; j < points->d; j++)
            total += weight * (pow(test_point_value(points, i, j), 2) + size);
    }
    return total;
}

static inline struct test_fit test_fit_new(const struct emp_points *points,
                                           const struct emp_kmeans_options *options,
                                           const double *start)
{
    struct test_fit out = {.n = points->n, .k = options->k, .d = points->d};
    size_t bytes = emp__kmeans_workspace(points, options);
    assert_true(bytes > 0);
    void *workspace = test_aligned(bytes);
    /* Nothing may depend on what the workspace held before. */
    memset(workspace, 0xA5, bytes);
    out.labels = test_aligned(out.n * sizeof *out.labels);
    out.centres = test_aligned(out.k * out.d * sizeof *out.centres);
    out.squares = test_aligned(out.n * sizeof *out.squares);
    struct emp_kmeans *fit = NULL;
    out.status = emp__kmeans_begin(points, options, start, out.labels, workspace, &fit);
    if (out.status == EMP_KMEANS_RUNNING) {
        test_fit_iterate(fit, points->single ? 1e-5 : 1e-12, test_total(points, start, options->k),
                         &out);
        out.inertia = emp__kmeans_finish(fit, out.centres, out.squares);
    }
    free(workspace);
    return out;
}

/* k x d centres. */
static inline double *test_seed_new(const struct emp_points *points,
                                    const struct emp_seed_options *options, size_t *drawn)
{
    void *workspace = test_aligned(emp__kmeans_seed_workspace(points, options));
    double *centres = test_aligned(options->k * points->d * sizeof *centres);
    *drawn = emp__kmeans_seed(points, options, centres, workspace);
    free(workspace);
    return centres;
}

#endif
