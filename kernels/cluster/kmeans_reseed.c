// SPDX-License-Identifier: Apache-2.0
/* Empty clusters get the points that are farthest from their centres. */
#include <omp.h>
#include <string.h>

#include "cluster/kmeans_state.h"

/* Whether a centre at the point would be nearer to it than its own, as computed. */
static bool is_apart(const struct emp_kmeans *fit, double weight, double square)
{
    return weight * weight * (square - 2 * fit->rounding) > 2 * fit->steps;
}

static bool may_leave(const struct emp_kmeans *fit, const struct emp_rows *rows, size_t i,
                      size_t label)
{
    int64_t weight = emp__quantised_weight(rows, i, fit->quantiser.weight_scale);
    return !fit->reseeded[label] && weight > 0 && weight < fit->sums.weights[label];
}

static void search_block(struct emp_kmeans *fit, struct emp_kmeans_worker *own, size_t block)
{
    size_t row = block * EMP_CLUSTER_ROWS;
    const uint32_t *labels = fit->labels + row;
    size_t count = emp__block_rows(fit->points.n, block);
    struct emp_rows rows = emp__kmeans_rows(fit, block, NULL, count, own->work);
    fit->distance->own_squares(&rows, &fit->numbered, labels, own->found.square);
    for (size_t i = 0; i < count; i++) {
        double weight = rows.weight ? rows.weight[i] : 1, far = weight * own->found.square[i];
        bool better = far > own->farthest || (far == own->farthest && row + i < own->farthest_row);
        if (better && is_apart(fit, weight, own->found.square[i]) &&
            may_leave(fit, &rows, i, labels[i])) {
            own->farthest = far;
            own->farthest_row = row + i;
        }
    }
}

/* The farthest point that may leave its cluster; n if there is none that is apart from it. */
static size_t farthest_point(struct emp_kmeans *fit)
{
    size_t blocks = emp__point_blocks(fit->points.n);
    const struct emp_kmeans_worker *best = fit->workers;
    for (int t = 0; t < fit->options.threads; t++) {
        fit->workers[t].farthest = 0;
        fit->workers[t].farthest_row = fit->points.n;
    }
#pragma omp parallel num_threads(emp__busy_threads(fit->options.threads, fit->points.n))
    {
        struct emp_kmeans_worker *own = &fit->workers[omp_get_thread_num()];
#pragma omp for schedule(dynamic, 4)
        for (size_t b = 0; b < blocks; b++)
            search_block(fit, own, b);
    }
    for (int t = 1; t < fit->options.threads; t++) {
        const struct emp_kmeans_worker *worker = &fit->workers[t];
        if (worker->farthest > best->farthest ||
            (worker->farthest == best->farthest && worker->farthest_row < best->farthest_row))
            best = worker;
    }
    return best->farthest_row;
}

static void move_point(struct emp_kmeans *fit, size_t row, uint32_t cluster)
{
    size_t block = row / EMP_CLUSTER_ROWS;
    uint32_t at = (uint32_t)(row % EMP_CLUSTER_ROWS);
    struct emp_rows rows = emp__kmeans_rows(fit, block, &at, 1, fit->workers->work);
    fit->options.kernels->move(&rows, &fit->quantiser, &fit->labels[row], &cluster, &fit->sums);
    fit->labels[row] = cluster;
    for (size_t g = 0; g < fit->bounds.groups && fit->bounded; g++)
        fit->bounds.gap[row * fit->bounds.groups + g] = -1;
}

void emp__kmeans_reseed(struct emp_kmeans *fit)
{
    size_t k = fit->options.k;
    bool left = true;
    fit->progress.reseeded = fit->progress.empty = 0;
    memset(fit->reseeded, 0, k * sizeof *fit->reseeded);
    for (size_t c = 0; c < k; c++) {
        if (fit->sums.weights[c] != 0)
            continue;
        size_t row = left ? farthest_point(fit) : fit->points.n;
        left = row < fit->points.n;
        fit->reseeded[c] = left;
        if (left)
            move_point(fit, row, (uint32_t)c);
        fit->progress.reseeded += left;
        fit->progress.empty += !left;
    }
}
