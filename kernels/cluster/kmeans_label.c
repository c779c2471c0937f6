// SPDX-License-Identifier: Apache-2.0
/* Labels for points from centres that are given. */
#include <omp.h>
#include <string.h>

#include "cluster/kmeans_state.h"

/* What each thread works in, one after the other; behind them the centres in float, the sums of
 * blocks. */
static size_t worker_doubles(size_t d)
{
    /* Labels, squares, and the rows transposed: whole lines of 64 bytes. */
    size_t doubles = 2 * EMP_CLUSTER_STRIDE + emp__rows_work(d);
    return (doubles + 7) / 8 * 8;
}

size_t emp__kmeans_label_workspace(const struct emp_points *points,
                                   const struct emp_kmeans_options *options)
{
    size_t doubles = (size_t)options->threads * worker_doubles(points->d) +
                     emp__point_blocks(points->n) + options->k * points->d;
    return doubles * sizeof(double);
}

struct labelling {
    struct emp_kmeans fit; /* points, options and block_sums only */
    struct emp_centres centres;
    uint32_t *labels;
    double *squares;
};

static void label_block(const struct labelling *to, size_t block, double *work)
{
    struct emp_nearest found = {(uint32_t *)(void *)work, work + EMP_CLUSTER_STRIDE, NULL};
    size_t row = block * EMP_CLUSTER_ROWS, count = emp__block_rows(to->fit.points.n, block);
    double *lines = work + 2 * (size_t)EMP_CLUSTER_STRIDE;
    struct emp_rows rows = emp__kmeans_rows(&to->fit, block, NULL, count, lines);
    to->fit.distance->nearest(&rows, &to->centres, &found);
    memcpy(to->labels + row, found.place, count * sizeof *to->labels);
    to->fit.block_sums[block] = emp__kmeans_weighted(&rows, found.square);
    if (to->squares)
        memcpy(to->squares + row, found.square, count * sizeof *to->squares);
}

double emp__kmeans_label(const struct emp_points *points, const struct emp_kmeans_options *options,
                         const double *centres, uint32_t *labels, double *squares, void *workspace)
{
    double *work = workspace;
    size_t each = worker_doubles(points->d), size = options->k * points->d;
    size_t blocks = emp__point_blocks(points->n);
    struct labelling to = {.labels = labels, .squares = squares};
    const struct emp_cluster_kernels *kernels =
        options->kernels ? options->kernels : emp__cluster_kernels(NULL);
    to.fit.points = *points;
    to.fit.distance = emp__distance_kernels(kernels, points->single);
    to.fit.block_sums = work + (size_t)options->threads * each;
    float *single = (float *)(void *)(to.fit.block_sums + blocks);
    to.centres = (struct emp_centres){
        .k = options->k, .d = points->d, .c = centres, .c_single = single, .groups = 1};
    for (size_t i = 0; i < size && points->single; i++)
        single[i] = (float)centres[i];
#pragma omp parallel num_threads(emp__busy_threads(options->threads, points->n))
    {
        double *own = work + (size_t)omp_get_thread_num() * each;
#pragma omp for schedule(dynamic, 4)
        for (size_t b = 0; b < blocks; b++)
            label_block(&to, b, own);
    }
    return emp__kmeans_block_total(to.fit.block_sums, points->n);
}
