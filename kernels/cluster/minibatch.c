// SPDX-License-Identifier: Apache-2.0
#include "cluster/minibatch.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "cluster/carver.h"
#include "cluster/kmeans_state.h"
#include "cluster/row_draw.h"
#include "random/philox.h"

/* The purposes of draws; those of seeding are below. */
enum {
    DRAW_STARTS = 0x6b6d0300, /* a seed for each restart */
    DRAW_BATCHES,
    DRAW_SAMPLE,
};

/* What one thread works in. */
struct worker {
    struct emp_sums sums; /* of its rows of this batch */
    uint32_t *rows;
    struct emp_nearest found;
    double *work;
    double *low, *high, heaviest; /* of its rows */
};

struct emp_minibatch {
    struct emp_points points, batch;
    struct emp_minibatch_options options;
    const struct emp_distance_kernels *distance;
    uint64_t seed, limit; /* of this restart; of iterations */
    struct worker *workers;
    void *x; /* of the batch */
    double *weight;
    struct emp_quantiser quantiser;
    double *centres; /* k x d */
    float *centres_single;
    double *block_sums;
    struct emp_minibatch_progress progress;
};

static size_t value_size(const struct emp_points *points)
{
    return points->single ? sizeof(float) : sizeof(double);
}

static void carve_worker(struct emp_carver *carver, const struct emp_minibatch *fit,
                         struct worker *worker)
{
    size_t k = fit->options.k, d = fit->points.d;
    worker->sums.values = emp__carve(carver, k, emp__sums_stride(d) * sizeof(int64_t));
    worker->sums.weights = emp__carve(carver, k, sizeof(int64_t));
    worker->rows = emp__carve(carver, EMP_CLUSTER_ROWS, sizeof *worker->rows);
    worker->found.place = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(uint32_t));
    worker->found.square = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(double));
    worker->found.gap = NULL;
    worker->work = emp__carve(carver, emp__rows_work(d), sizeof(double));
    worker->low = emp__carve(carver, d, sizeof(double));
    worker->high = emp__carve(carver, d, sizeof(double));
}

/* Gives everything in the fit its place. */
static void carve_fit(struct emp_carver *carver, struct emp_minibatch *fit)
{
    size_t k = fit->options.k, d = fit->points.d, stride = emp__sums_stride(d), n = fit->batch.n;
    size_t threads = (size_t)fit->options.threads;
    fit->workers = emp__carve(carver, threads, sizeof *fit->workers);
    for (size_t t = 0; t < threads; t++) {
        struct worker spare = {0};
        carve_worker(carver, fit, carver->base ? &fit->workers[t] : &spare);
    }
    fit->x = emp__carve(carver, n + EMP_CLUSTER_SPARE, d * value_size(&fit->points));
    fit->weight = emp__carve(carver, fit->points.weight ? n : 0, sizeof(double));
    fit->quantiser.middle = emp__carve(carver, stride, sizeof(double));
    fit->quantiser.scale = emp__carve(carver, stride, sizeof(double));
    fit->centres = emp__carve(carver, k, d * sizeof(double));
    fit->centres_single = emp__carve(carver, fit->points.single ? k : 0, d * sizeof(float));
    fit->block_sums = emp__carve(carver, emp__point_blocks(n), sizeof(double));
}

static struct emp_minibatch fit_of(const struct emp_points *points,
                                   const struct emp_minibatch_options *options)
{
    struct emp_minibatch fit = {.points = *points, .options = *options, .batch = *points};
    fit.batch.n = options->batch < points->n ? options->batch : points->n;
    if (!options->kernels)
        fit.options.kernels = emp__cluster_kernels(NULL);
    fit.distance = emp__distance_kernels(fit.options.kernels, points->single);
    fit.quantiser.d = points->d;
    return fit;
}

size_t emp__minibatch_workspace(const struct emp_points *points,
                                const struct emp_minibatch_options *options)
{
    struct emp_minibatch fit = fit_of(points, options);
    struct emp_carver carver = {NULL, 0};
    emp__carve(&carver, 1, sizeof fit);
    carve_fit(&carver, &fit);
    return emp__carved(&carver);
}

static uint64_t seed_of(const struct emp_minibatch_options *options)
{
    struct emp_stream stream;
    emp__stream_open(&stream, options->seed, DRAW_STARTS, options->restart);
    return emp__stream_u64(&stream);
}

static void round_centres(struct emp_minibatch *fit)
{
    for (size_t i = 0; i < fit->options.k * fit->points.d && fit->points.single; i++)
        fit->centres_single[i] = (float)fit->centres[i];
}

struct emp_minibatch *emp__minibatch_begin(const struct emp_points *points,
                                           const struct emp_minibatch_options *options,
                                           const double *centres, void *workspace)
{
    assert(points->n > 0 && points->d > 0 && options->k > 0 && options->threads > 0);
    assert(options->batch > 0 && options->max_passes > 0);
    struct emp_carver carver = {workspace, 0};
    struct emp_minibatch *fit = emp__carve(&carver, 1, sizeof *fit);
    *fit = fit_of(points, options);
    carve_fit(&carver, fit);
    fit->batch.x = fit->x;
    fit->batch.weight = points->weight ? fit->weight : NULL;
    fit->seed = seed_of(options);
    fit->limit = ((points->n - 1) / fit->batch.n + 1) * (uint64_t)options->max_passes;
    memcpy(fit->centres, centres, options->k * points->d * sizeof *centres);
    fit->progress.least = INFINITY;
    round_centres(fit);
    return fit;
}

static struct emp_rows batch_rows(const struct emp_minibatch *fit, size_t block, double *work)
{
    size_t row = block * EMP_CLUSTER_ROWS;
    return (struct emp_rows){
        .x = emp__point(&fit->batch, row),
        .single = fit->batch.single,
        .d = fit->batch.d,
        .weight = fit->batch.weight ? fit->batch.weight + row : NULL,
        .count = emp__block_rows(fit->batch.n, block),
        .work = work,
    };
}

static void clear_worker(const struct emp_minibatch *fit, struct worker *own)
{
    size_t k = fit->options.k, d = fit->points.d;
    memset(own->sums.values, 0, k * emp__sums_stride(d) * sizeof *own->sums.values);
    memset(own->sums.weights, 0, k * sizeof *own->sums.weights);
    own->heaviest = 0;
    for (size_t j = 0; j < d; j++) {
        own->low[j] = INFINITY;
        own->high[j] = -INFINITY;
    }
}

/* Draws a block of the batch, and widens the worker's range by it. */
static void draw_block(struct emp_minibatch *fit, struct worker *own, size_t block)
{
    size_t blocks = emp__point_blocks(fit->batch.n), row = block * EMP_CLUSTER_ROWS;
    struct emp_row_draw draw = {.seed = fit->seed,
                                .purpose = DRAW_BATCHES,
                                .subject = fit->progress.iterations * blocks,
                                .n = fit->points.n,
                                .count = fit->batch.n};
    struct emp_rows rows = batch_rows(fit, block, own->work);
    char *x = (char *)fit->x + row * fit->points.d * value_size(&fit->points);
    emp__draw_rows(&draw, block, own->rows);
    emp__gather_rows(&fit->points, own->rows, rows.count, x,
                     fit->points.weight ? fit->weight + row : NULL);
    fit->options.kernels->range(&rows, own->low, own->high);
    for (size_t i = 0; i < rows.count && rows.weight; i++)
        own->heaviest = fmax(own->heaviest, rows.weight[i]);
}

/* Of those workers that had a block, in the first of them. */
static void join_ranges(struct emp_minibatch *fit)
{
    struct worker *all = fit->workers;
    for (int t = 1; t < fit->options.threads; t++) {
        const struct worker *own = &fit->workers[t];
        all->heaviest = fmax(all->heaviest, own->heaviest);
        for (size_t j = 0; j < fit->points.d; j++) {
            all->low[j] = own->low[j] < all->low[j] ? own->low[j] : all->low[j];
            all->high[j] = own->high[j] > all->high[j] ? own->high[j] : all->high[j];
        }
    }
    emp__quantiser_set(&fit->quantiser, all->low, all->high, all->heaviest, fit->batch.n);
}

static void label_block(struct emp_minibatch *fit, struct worker *own, size_t block)
{
    struct emp_rows rows = batch_rows(fit, block, own->work);
    struct emp_centres centres = {.k = fit->options.k,
                                  .d = fit->points.d,
                                  .c = fit->centres,
                                  .c_single = fit->centres_single,
                                  .groups = 1};
    fit->distance->nearest(&rows, &centres, &own->found);
    fit->block_sums[block] = emp__kmeans_weighted(&rows, own->found.square);
    fit->options.kernels->move(&rows, &fit->quantiser, NULL, own->found.place, &own->sums);
}

static void join_sums(struct emp_minibatch *fit)
{
    size_t k = fit->options.k, values = k * emp__sums_stride(fit->points.d);
    struct emp_sums *all = &fit->workers->sums;
    for (int t = 1; t < fit->options.threads; t++) {
        const struct emp_sums *own = &fit->workers[t].sums;
        for (size_t i = 0; i < values; i++)
            all->values[i] += own->values[i];
        for (size_t c = 0; c < k; c++)
            all->weights[c] += own->weights[c];
    }
}

/*
 * Threads that have enough to do, some tenths of a millisecond: they wait for each other three
 * times in an iteration, and long where other programs want the processors.
 */
static int busy_threads(const struct emp_minibatch *fit)
{
    const double enough = 1 << 22; /* products of rows, centres and columns */
    double work = (double)fit->batch.n * (double)fit->options.k * (double)fit->points.d;
    int most = emp__busy_threads(fit->options.threads, fit->batch.n);
    return work / enough < most ? 1 + (int)(work / enough) : most;
}

/* Draws a batch; its sums are then in the first worker, its squares in block_sums. */
static void see_batch(struct emp_minibatch *fit)
{
    size_t blocks = emp__point_blocks(fit->batch.n);
    for (int t = 0; t < fit->options.threads; t++)
        clear_worker(fit, &fit->workers[t]);
#pragma omp parallel num_threads(busy_threads(fit))
    {
        struct worker *own = &fit->workers[omp_get_thread_num()];
#pragma omp for schedule(dynamic)
        for (size_t b = 0; b < blocks; b++)
            draw_block(fit, own, b);
#pragma omp single
        join_ranges(fit);
#pragma omp for schedule(dynamic)
        for (size_t b = 0; b < blocks; b++)
            label_block(fit, own, b);
    }
    join_sums(fit);
}

/* Returns the weight of the batch. */
static double move_centres(struct emp_minibatch *fit)
{
    const struct emp_sums *sums = &fit->workers->sums;
    size_t d = fit->points.d;
    int64_t total = 0;
    for (size_t c = 0; c < fit->options.k; c++)
        total += sums->weights[c];
    for (size_t c = 0; c < fit->options.k; c++) {
        if (sums->weights[c] == 0)
            continue;
        double rate = sqrt((double)sums->weights[c] / (double)total);
        double *centre = fit->centres + c * d;
        for (size_t j = 0; j < d; j++) {
            double mean = fit->quantiser.middle[j] + emp__sums_offset(&fit->quantiser, sums, c, j);
            centre[j] += rate * (mean - centre[j]);
        }
    }
    round_centres(fit);
    return (double)total / fit->quantiser.weight_scale;
}

static void note_inertia(struct emp_minibatch *fit, double inertia)
{
    struct emp_minibatch_progress *progress = &fit->progress;
    double share = 2.0 / (EMP_MINIBATCH_SPAN + 1);
    bool first = isinf(progress->least);
    progress->inertia = inertia;
    progress->smoothed =
        first ? inertia : progress->smoothed + share * (inertia - progress->smoothed);
    if (first || progress->smoothed < progress->least * (1 - fit->options.tolerance)) {
        progress->least = progress->smoothed;
        progress->stale = 0;
    } else {
        progress->stale++;
    }
}

enum emp_kmeans_status emp__minibatch_step(struct emp_minibatch *fit)
{
    struct emp_minibatch_progress *progress = &fit->progress;
    see_batch(fit);
    double weight = move_centres(fit);
    progress->iterations++;
    if (weight > 0)
        note_inertia(fit, emp__kmeans_block_total(fit->block_sums, fit->batch.n) / weight);
    else
        progress->stale++;
    if (progress->stale >= EMP_MINIBATCH_PATIENCE)
        return EMP_KMEANS_CONVERGED;
    return progress->iterations < fit->limit ? EMP_KMEANS_RUNNING : EMP_KMEANS_LIMIT;
}

const struct emp_minibatch_progress *emp__minibatch_progress(const struct emp_minibatch *fit)
{
    return &fit->progress;
}

const double *emp__minibatch_centres(const struct emp_minibatch *fit)
{
    return fit->centres;
}

size_t emp__minibatch_sample_size(const struct emp_points *points,
                                  const struct emp_minibatch_options *options)
{
    size_t batches =
        options->batch < points->n ? options->batch * EMP_MINIBATCH_SEED_BATCHES : points->n;
    size_t each = options->k * EMP_MINIBATCH_SEED_POINTS, most = batches > each ? batches : each;
    return most < points->n ? most : points->n;
}

void emp__minibatch_sample(const struct emp_points *points,
                           const struct emp_minibatch_options *options, void *x, double *weight)
{
    struct emp_row_draw draw = {.seed = seed_of(options),
                                .purpose = DRAW_SAMPLE,
                                .n = points->n,
                                .count = emp__minibatch_sample_size(points, options)};
    uint32_t rows[EMP_CLUSTER_ROWS];
    for (size_t b = 0; b < emp__point_blocks(draw.count); b++) {
        size_t row = b * EMP_CLUSTER_ROWS;
        emp__draw_rows(&draw, b, rows);
        emp__gather_rows(points, rows, emp__block_rows(draw.count, b),
                         (char *)x + row * points->d * value_size(points),
                         weight ? weight + row : NULL);
    }
}
