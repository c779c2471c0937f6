// SPDX-License-Identifier: Apache-2.0
/* The passes over the points: labels with sums and bounds, and the inertia. */
#include <omp.h>
#include <string.h>

#include "cluster/kmeans_state.h"

/* Blocks that a thread takes. */
enum { AT_ONCE = 8 };

struct emp_rows emp__kmeans_rows(const struct emp_kmeans *fit, size_t block, const uint32_t *at,
                                 size_t count, double *work)
{
    const struct emp_points *points = &fit->points;
    size_t row = block * EMP_CLUSTER_ROWS;
    return (struct emp_rows){
        .x = emp__point(points, row),
        .single = points->single,
        .d = points->d,
        .weight = points->weight ? points->weight + row : NULL,
        .at = at,
        .count = count,
        .work = work,
    };
}

double emp__kmeans_block_total(const double *block_sums, size_t n)
{
    double sum = 0;
    for (size_t b = 0; b < emp__point_blocks(n); b++)
        sum += block_sums[b];
    return sum;
}

double emp__kmeans_weighted(const struct emp_rows *rows, const double *squares)
{
    enum { SUMS = 8 };
    double sums[SUMS] = {0}, total = 0;
    size_t i = 0;
    for (; i + SUMS <= rows->count && !rows->weight; i += SUMS)
        for (size_t s = 0; s < SUMS; s++)
            sums[s] += squares[i + s];
    for (; i < rows->count; i++)
        sums[i % SUMS] +=
            rows->weight ? rows->weight[emp__row_at(rows, i)] * squares[i] : squares[i];
    for (size_t s = 0; s < SUMS; s++)
        total += sums[s];
    return total;
}

/* Lists the points of which a gap is not above 0, and where they stand in the list of rows. */
static size_t list_uncertain(const struct emp_kmeans *fit, const struct emp_kmeans_worker *own,
                             const struct emp_rows *rows)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        int uncertain = 0;
        for (size_t g = 0; g < fit->bounds.groups; g++)
            uncertain |= !(own->found.gap[g * EMP_CLUSTER_STRIDE + i] > 0);
        own->moving[count] = (uint32_t)emp__row_at(rows, i);
        own->from[count] = (uint32_t)i;
        count += (size_t)uncertain;
    }
    return count;
}

/*
 * Where two centres are nearly as near, neither a rough look nor the order of groups may decide,
 * but the rule.
 */
static void settle_uncertain(const struct emp_kmeans *fit, struct emp_kmeans_worker *own,
                             const struct emp_rows *rows)
{
    struct emp_rows again = *rows;
    again.at = own->moving;
    again.count = list_uncertain(fit, own, rows);
    own->uncertain += again.count;
    if (again.count == 0)
        return;
    struct emp_nearest exact = {own->to, own->exact, NULL};
    fit->distance->nearest(&again, &fit->numbered, &exact);
    for (size_t i = 0; i < again.count; i++)
        own->found.place[own->from[i]] = own->to[i];
}

static void find_labels(const struct emp_kmeans *fit, struct emp_kmeans_worker *own,
                        const struct emp_rows *rows)
{
    bool is_rough = fit->is_rough && fit->has_labels;
    own->seen += rows->count;
    if (is_rough)
        fit->options.kernels->rough(rows, &fit->rough, &own->found);
    else
        fit->distance->nearest(rows, &fit->placed, &own->found);
    for (size_t i = 0; i < rows->count && fit->bounds.groups > 1; i++)
        own->found.place[i] = fit->order[own->found.place[i]];
    if (is_rough || fit->bounds.groups > 1)
        settle_uncertain(fit, own, rows);
}

/* The first labels of a block. */
static void set_labels(struct emp_kmeans *fit, struct emp_kmeans_worker *own, size_t block,
                       const struct emp_rows *rows)
{
    memcpy(fit->labels + block * EMP_CLUSTER_ROWS, own->found.place,
           rows->count * sizeof *fit->labels);
    fit->block_sums[block] = emp__kmeans_weighted(rows, own->found.square);
    own->changed += rows->count;
    fit->options.kernels->move(rows, &fit->quantiser, NULL, own->found.place, &own->sums);
}

/* New labels of some rows of a block. */
static void change_labels(struct emp_kmeans *fit, struct emp_kmeans_worker *own, size_t block,
                          const struct emp_rows *rows)
{
    uint32_t *labels = fit->labels + block * EMP_CLUSTER_ROWS;
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        uint32_t at = (uint32_t)emp__row_at(rows, i), before = labels[at],
                 now = own->found.place[i];
        own->moving[count] = at;
        own->from[count] = before;
        own->to[count] = now;
        labels[at] = now;
        count += now != before;
    }
    if (count == 0)
        return;
    struct emp_rows moving = *rows;
    moving.at = own->moving;
    moving.count = count;
    own->changed += count;
    fit->options.kernels->move(&moving, &fit->quantiser, own->from, own->to, &own->sums);
}

/* The rows of a block that have to be looked at; the first of them are asked for. */
static struct emp_rows rows_to_see(const struct emp_kmeans *fit,
                                   const struct emp_kmeans_worker *own, size_t block, bool all)
{
    size_t row = block * EMP_CLUSTER_ROWS, count = emp__block_rows(fit->points.n, block);
    uint32_t *at = own->at[block % 2];
    if (all)
        return emp__kmeans_rows(fit, block, NULL, count, own->work);
    struct emp_gaps gaps = emp__bounds_block(&fit->bounds, row, fit->labels, fit->bounds.above);
    count = fit->options.kernels->failing(&gaps, count, at);
    struct emp_rows rows = emp__kmeans_rows(fit, block, at, count, own->work);
    for (size_t i = 0; i < count && i < EMP_ROWS_AHEAD; i++)
        emp__row_prefetch(&rows, i);
    return rows;
}

static void see_rows(struct emp_kmeans *fit, struct emp_kmeans_worker *own, size_t block,
                     const struct emp_rows *rows)
{
    if (rows->count == 0)
        return;
    find_labels(fit, own, rows);
    if (fit->has_labels)
        change_labels(fit, own, block, rows);
    else
        set_labels(fit, own, block, rows);
    if (fit->bounded) {
        struct emp_gaps gaps = emp__bounds_block(&fit->bounds, block * EMP_CLUSTER_ROWS,
                                                 fit->labels, fit->bounds.below);
        fit->options.kernels->note(rows, &own->found, &gaps);
    }
}

/* Some blocks in a row; the rows of the next one are on their way while one is seen. */
static void assign_blocks(struct emp_kmeans *fit, struct emp_kmeans_worker *own, size_t first,
                          bool all)
{
    size_t blocks = emp__point_blocks(fit->points.n), end = first + AT_ONCE;
    end = end < blocks ? end : blocks;
    struct emp_rows next = rows_to_see(fit, own, first, all);
    for (size_t b = first; b < end; b++) {
        struct emp_rows rows = next;
        if (b + 1 < end)
            next = rows_to_see(fit, own, b + 1, all);
        see_rows(fit, own, b, &rows);
    }
}

static void clear(const struct emp_kmeans *fit, struct emp_kmeans_worker *own)
{
    size_t k = fit->options.k, values = k * emp__sums_stride(fit->points.d);
    own->changed = own->seen = own->uncertain = 0;
    memset(own->sums.values, 0, values * sizeof *own->sums.values);
    memset(own->sums.weights, 0, k * sizeof *own->sums.weights);
}

static size_t gather(struct emp_kmeans *fit)
{
    size_t k = fit->options.k, values = k * emp__sums_stride(fit->points.d), changed = 0;
    size_t seen = 0, uncertain = 0;
    for (int t = 0; t < fit->options.threads; t++) {
        const struct emp_kmeans_worker *worker = &fit->workers[t];
        changed += worker->changed;
        seen += worker->seen;
        uncertain += worker->uncertain;
        for (size_t i = 0; i < values && worker->changed > 0; i++)
            fit->sums.values[i] += worker->sums.values[i];
        for (size_t c = 0; c < k; c++)
            fit->sums.weights[c] += worker->sums.weights[c];
    }
    /* Points too near each other for float, or for bounds. */
    if (uncertain > seen / 8)
        fit->is_rough = false;
    return changed;
}

size_t emp__kmeans_assign(struct emp_kmeans *fit, bool all)
{
    size_t blocks = emp__point_blocks(fit->points.n);
    for (int t = 0; t < fit->options.threads; t++)
        clear(fit, &fit->workers[t]);
#pragma omp parallel num_threads(emp__busy_threads(fit->options.threads, fit->points.n))
    {
        struct emp_kmeans_worker *own = &fit->workers[omp_get_thread_num()];
#pragma omp for schedule(dynamic)
        for (size_t b = 0; b < blocks; b += AT_ONCE)
            assign_blocks(fit, own, b, all);
    }
    fit->has_labels = true;
    return gather(fit);
}

static void measure_block(struct emp_kmeans *fit, struct emp_kmeans_worker *own, size_t block,
                          double *squares)
{
    size_t row = block * EMP_CLUSTER_ROWS;
    size_t count = emp__block_rows(fit->points.n, block);
    struct emp_rows rows = emp__kmeans_rows(fit, block, NULL, count, own->work);
    fit->distance->own_squares(&rows, &fit->numbered, fit->labels + row, own->found.square);
    fit->block_sums[block] = emp__kmeans_weighted(&rows, own->found.square);
    if (squares)
        memcpy(squares + row, own->found.square, count * sizeof *squares);
}

double emp__kmeans_inertia(struct emp_kmeans *fit, double *squares)
{
    size_t blocks = emp__point_blocks(fit->points.n);
#pragma omp parallel num_threads(emp__busy_threads(fit->options.threads, fit->points.n))
    {
        struct emp_kmeans_worker *own = &fit->workers[omp_get_thread_num()];
#pragma omp for schedule(dynamic, 4)
        for (size_t b = 0; b < blocks; b++)
            measure_block(fit, own, b, squares);
    }
    return emp__kmeans_block_total(fit->block_sums, fit->points.n);
}
