// SPDX-License-Identifier: Apache-2.0
/* The order of the work: what a fit lies in, its beginning, its iterations, its end. */
#include "cluster/kmeans.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <string.h>

#include "cluster/carver.h"
#include "cluster/kmeans_state.h"

/* Products of columns and centres from which a rough look pays. */
enum { ROUGH_FROM = 512 };

static void carve_worker(struct emp_carver *carver, const struct emp_kmeans *fit,
                         struct emp_kmeans_worker *worker)
{
    size_t k = fit->options.k, d = fit->points.d;
    worker->sums.values = emp__carve(carver, k, emp__sums_stride(d) * sizeof(int64_t));
    worker->sums.weights = emp__carve(carver, k, sizeof(int64_t));
    worker->at[0] = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(uint32_t));
    worker->at[1] = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(uint32_t));
    worker->moving = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(uint32_t));
    worker->from = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(uint32_t));
    worker->to = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(uint32_t));
    worker->found.place = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(uint32_t));
    worker->found.square = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(double));
    worker->exact = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof(double));
    float *gap = emp__carve(carver, EMP_CLUSTER_STRIDE * fit->bounds.groups, sizeof(float));
    worker->found.gap = fit->bounded ? gap : NULL;
    worker->work = emp__carve(carver, emp__rows_work(d), sizeof(double));
    worker->low = emp__carve(carver, d, sizeof(double));
    worker->high = emp__carve(carver, d, sizeof(double));
}

static void carve_bounds(struct emp_carver *carver, struct emp_kmeans *fit)
{
    struct emp_bounds *bounds = &fit->bounds;
    size_t each = bounds->k * bounds->groups;
    size_t rows = fit->bounded ? fit->points.n : 0;
    bounds->gap = emp__carve(carver, rows, bounds->groups * sizeof(float));
    bounds->moved = emp__carve(carver, each, sizeof(double));
    bounds->above = emp__carve(carver, each, sizeof(float));
    bounds->below = emp__carve(carver, each, sizeof(float));
}

/* Gives everything in the fit its place. */
static void carve_fit(struct emp_carver *carver, struct emp_kmeans *fit)
{
    size_t k = fit->options.k, d = fit->points.d, stride = emp__sums_stride(d);
    size_t threads = (size_t)fit->options.threads, row = d * sizeof(double);
    fit->workers = emp__carve(carver, threads, sizeof *fit->workers);
    for (size_t t = 0; t < threads; t++) {
        struct emp_kmeans_worker spare = {0};
        carve_worker(carver, fit, carver->base ? &fit->workers[t] : &spare);
    }
    fit->quantiser.middle = emp__carve(carver, stride, sizeof(double));
    fit->quantiser.scale = emp__carve(carver, stride, sizeof(double));
    fit->sums.values = emp__carve(carver, k, stride * sizeof(int64_t));
    fit->sums.weights = emp__carve(carver, k, sizeof(int64_t));
    fit->centres = emp__carve(carver, k, row);
    fit->next = emp__carve(carver, k, row);
    fit->grouped = emp__carve(carver, k, row);
    fit->centres_single = emp__carve(carver, k, row);
    fit->grouped_single = emp__carve(carver, k, row);
    fit->grouped_rough = emp__carve(carver, k, row);
    fit->order = emp__carve(carver, k, sizeof *fit->order);
    fit->drift = emp__carve(carver, k, sizeof *fit->drift);
    fit->reseeded = emp__carve(carver, k, sizeof *fit->reseeded);
    fit->block_sums = emp__carve(carver, emp__point_blocks(fit->points.n), sizeof(double));
    carve_bounds(carver, fit);
}

static struct emp_kmeans fit_of(const struct emp_points *points,
                                const struct emp_kmeans_options *options)
{
    struct emp_kmeans fit = {.points = *points, .options = *options};
    enum emp_kmeans_algorithm algorithm = options->algorithm;
    if (!options->kernels)
        fit.options.kernels = emp__cluster_kernels(NULL);
    if (algorithm == EMP_KMEANS_AUTO)
        algorithm = options->k < EMP_KMEANS_GROUPED_FROM ? EMP_KMEANS_HAMERLY : EMP_KMEANS_YINYANG;
    fit.distance = emp__distance_kernels(fit.options.kernels, points->single);
    fit.bounded = algorithm != EMP_KMEANS_PLAIN;
    fit.bounds.k = options->k;
    fit.bounds.groups = algorithm == EMP_KMEANS_YINYANG ? EMP_CENTRE_GROUPS : 1;
    fit.quantiser.d = points->d;
    return fit;
}

size_t emp__kmeans_workspace(const struct emp_points *points,
                             const struct emp_kmeans_options *options)
{
    struct emp_kmeans fit = fit_of(points, options);
    struct emp_carver carver = {NULL, 0};
    emp__carve(&carver, 1, sizeof fit);
    carve_fit(&carver, &fit);
    return emp__carved(&carver);
}

static void see_block(const struct emp_kmeans *fit, struct emp_kmeans_worker *own, size_t block)
{
    size_t count = emp__block_rows(fit->points.n, block);
    struct emp_rows rows = emp__kmeans_rows(fit, block, NULL, count, own->work);
    fit->options.kernels->range(&rows, own->low, own->high);
    for (size_t i = 0; i < count && rows.weight; i++)
        own->heaviest = rows.weight[i] > own->heaviest ? rows.weight[i] : own->heaviest;
}

/* The range of the points, in the first worker. */
static void find_range(struct emp_kmeans *fit)
{
    size_t blocks = emp__point_blocks(fit->points.n), d = fit->points.d;
    struct emp_kmeans_worker *all = fit->workers;
    for (int t = 0; t < fit->options.threads; t++) {
        fit->workers[t].heaviest = 0;
        for (size_t j = 0; j < d; j++) {
            fit->workers[t].low[j] = INFINITY;
            fit->workers[t].high[j] = -INFINITY;
        }
    }
#pragma omp parallel num_threads(emp__busy_threads(fit->options.threads, fit->points.n))
    {
        struct emp_kmeans_worker *own = &fit->workers[omp_get_thread_num()];
#pragma omp for schedule(dynamic, 4)
        for (size_t b = 0; b < blocks; b++)
            see_block(fit, own, b);
    }
    for (int t = 1; t < fit->options.threads; t++) {
        const struct emp_kmeans_worker *worker = &fit->workers[t];
        all->heaviest = worker->heaviest > all->heaviest ? worker->heaviest : all->heaviest;
        for (size_t j = 0; j < d; j++) {
            all->low[j] = worker->low[j] < all->low[j] ? worker->low[j] : all->low[j];
            all->high[j] = worker->high[j] > all->high[j] ? worker->high[j] : all->high[j];
        }
    }
}

static bool in_range(const struct emp_kmeans *fit, const double *centres)
{
    double most = fit->points.single ? EMP_CLUSTER_LARGEST_SINGLE : EMP_CLUSTER_LARGEST;
    bool fits = fit->workers->heaviest <= EMP_CLUSTER_HEAVIEST;
    for (size_t j = 0; j < fit->points.d; j++)
        fits = fits && fit->workers->low[j] >= -most && fit->workers->high[j] <= most;
    for (size_t i = 0; i < fit->options.k * fit->points.d; i++)
        fits = fits && fabs(centres[i]) <= most;
    return fits;
}

/* How far apart, in a column, points and the centres given may be. */
static double size_of(const struct emp_kmeans *fit, const double *centres, double widest)
{
    double size = 2 * widest;
    for (size_t i = 0; i < fit->options.k * fit->points.d; i++) {
        double apart = fabs(centres[i] - fit->quantiser.middle[i % fit->points.d]) + widest;
        size = apart > size ? apart : size;
    }
    return size;
}

static void place_centres(struct emp_kmeans *fit)
{
    size_t k = fit->options.k, d = fit->points.d;
    for (size_t p = 0; p < k; p++)
        memcpy(fit->grouped + p * d, fit->centres + fit->order[p] * d, d * sizeof *fit->grouped);
    for (size_t i = 0; i < k * d && fit->points.single; i++) {
        fit->centres_single[i] = (float)fit->centres[i];
        fit->grouped_single[i] = (float)fit->grouped[i];
    }
    for (size_t i = 0; i < k * d && fit->is_rough; i++)
        fit->grouped_rough[i] =
            (float)((fit->grouped[i] - fit->quantiser.middle[i % d]) * fit->rough.scale);
}

static void begin_centres(struct emp_kmeans *fit, const double *centres, double widest)
{
    size_t k = fit->options.k, d = fit->points.d;
    struct emp_centres *placed = &fit->placed;
    memcpy(fit->centres, centres, k * d * sizeof *centres);
    *placed =
        (struct emp_centres){.k = k, .d = d, .c = fit->grouped, .c_single = fit->grouped_single};
    placed->groups = fit->bounds.groups;
    emp__bounds_group(centres, d, placed, fit->order, fit->drift);
    emp__centres_margins(placed, size_of(fit, centres, widest), fit->points.single);
    fit->numbered = *placed;
    fit->numbered.c = fit->centres;
    fit->numbered.c_single = fit->centres_single;
    fit->rough = *placed;
    fit->rough.c_single = fit->grouped_rough;
    emp__rough_margins(&fit->rough, fit->quantiser.middle, sqrt(placed->unit));
    fit->is_rough = fit->bounded && !fit->points.single && d * k >= ROUGH_FROM;
    place_centres(fit);
}

static void clear_sums(struct emp_kmeans *fit)
{
    size_t k = fit->options.k, stride = emp__sums_stride(fit->points.d);
    size_t each = k * fit->bounds.groups;
    memset(fit->sums.values, 0, k * stride * sizeof *fit->sums.values);
    memset(fit->sums.weights, 0, k * sizeof *fit->sums.weights);
    memset(fit->bounds.moved, 0, each * sizeof *fit->bounds.moved);
    memset(fit->bounds.above, 0, each * sizeof *fit->bounds.above);
    memset(fit->bounds.below, 0, each * sizeof *fit->bounds.below);
}

/* Sets how precise a centre is that is the mean of one point: see struct emp_kmeans. */
static void set_precision(struct emp_kmeans *fit)
{
    double roundoff = fit->points.single ? 0x1p-22 : 0x1p-51;
    fit->steps = fit->rounding = 0;
    for (size_t j = 0; j < fit->points.d; j++) {
        double low = fabs(fit->workers->low[j]), high = fabs(fit->workers->high[j]);
        double step = 2 / fit->quantiser.scale[j], rounding = (low > high ? low : high) * roundoff;
        fit->steps += step * step;
        fit->rounding += rounding * rounding;
    }
}

/* A fit in its workspace, of which nothing but the layout is there. */
static struct emp_kmeans *open_fit(const struct emp_points *points,
                                   const struct emp_kmeans_options *options, uint32_t *labels,
                                   void *workspace)
{
    struct emp_carver carver = {workspace, 0};
    struct emp_kmeans *fit = emp__carve(&carver, 1, sizeof *fit);
    *fit = fit_of(points, options);
    carve_fit(&carver, fit);
    fit->labels = labels;
    return fit;
}

enum emp_kmeans_status emp__kmeans_begin(const struct emp_points *points,
                                         const struct emp_kmeans_options *options,
                                         const double *centres, uint32_t *labels, void *workspace,
                                         struct emp_kmeans **out)
{
    assert(points->n > 0 && points->d > 0 && options->k > 0 && options->threads > 0);
    struct emp_kmeans *fit = open_fit(points, options, labels, workspace);
    find_range(fit);
    if (!in_range(fit, centres))
        return EMP_KMEANS_RANGE;
    double widest = emp__quantiser_set(&fit->quantiser, fit->workers->low, fit->workers->high,
                                       fit->workers->heaviest, points->n);
    set_precision(fit);
    clear_sums(fit);
    begin_centres(fit, centres, widest);
    *out = fit;
    return EMP_KMEANS_RUNNING;
}

/* The sum of w |mean - middle|^2 over the clusters, and with centres what 2 (mean - middle)
 * (centre - middle) - (centre - middle)^2 makes of it. */
static double sum_of_means(const struct emp_kmeans *fit, const double *centres)
{
    size_t d = fit->points.d;
    double total = 0;
    for (size_t c = 0; c < fit->options.k; c++) {
        double sum = 0;
        for (size_t j = 0; j < d && fit->sums.weights[c] != 0; j++) {
            double mean = emp__sums_offset(&fit->quantiser, &fit->sums, c, j);
            double centre = centres ? centres[c * d + j] - fit->quantiser.middle[j] : mean;
            sum += (2 * mean - centre) * centre;
        }
        total += sum * ((double)fit->sums.weights[c] / fit->quantiser.weight_scale);
    }
    return total;
}

/* The mean of the columns' variances, from the sum of squares and the mean of all points. */
static double variance_of(const struct emp_kmeans *fit)
{
    size_t d = fit->points.d, stride = emp__sums_stride(d);
    double weight = 0, square = 0;
    for (size_t c = 0; c < fit->options.k; c++)
        weight += (double)fit->sums.weights[c] / fit->quantiser.weight_scale;
    if (!(weight > 0))
        return 0;
    for (size_t j = 0; j < d; j++) {
        double sum = 0;
        for (size_t c = 0; c < fit->options.k; c++)
            sum += (double)fit->sums.values[c * stride + j];
        double mean = sum / fit->quantiser.scale[j] / weight;
        square += mean * mean;
    }
    return fmax(fit->squares / weight - square, 0) / (double)d;
}

static void find_next(struct emp_kmeans *fit)
{
    size_t d = fit->points.d;
    for (size_t c = 0; c < fit->options.k; c++)
        for (size_t j = 0; j < d; j++)
            fit->next[c * d + j] = fit->sums.weights[c] == 0
                                       ? fit->centres[c * d + j]
                                       : fit->quantiser.middle[j] +
                                             emp__sums_offset(&fit->quantiser, &fit->sums, c, j);
}

/* How far the centres go; `drift` of what distances are computed from, which for points in float
 * are centres in float. */
static double find_drift(struct emp_kmeans *fit)
{
    const double up = 1 + 0x1p-24; /* more than the errors of these sums, and of sums of drifts */
    double root = sqrt(fit->placed.unit), shift = 0;
    size_t d = fit->points.d;
    for (size_t c = 0; c < fit->options.k; c++) {
        double square = 0, seen = 0;
        for (size_t i = c * d; i < (c + 1) * d; i++) {
            double by = fit->next[i] - fit->centres[i], seen_by = by * root;
            if (fit->points.single)
                seen_by = ((double)(float)fit->next[i] - (double)(float)fit->centres[i]) * root;
            square += by * by;
            seen += seen_by * seen_by;
        }
        shift += square;
        fit->drift[c] = sqrt(seen) * up;
    }
    return shift;
}

static void move_centres(struct emp_kmeans *fit)
{
    double *before = fit->centres;
    find_next(fit);
    fit->progress.shift = find_drift(fit);
    fit->centres = fit->next;
    fit->numbered.c = fit->centres;
    fit->next = before;
    place_centres(fit);
    if (fit->bounded)
        emp__bounds_move(&fit->bounds, &fit->placed, fit->order, fit->drift);
}

/* After the first labels: from their inertia about the centres given follows what all else needs.
 */
static void note_squares(struct emp_kmeans *fit)
{
    double inertia = emp__kmeans_block_total(fit->block_sums, fit->points.n);
    fit->squares = inertia + sum_of_means(fit, fit->centres);
    fit->variance = variance_of(fit);
}

static bool is_small_step(const struct emp_kmeans *fit, double inertia_before)
{
    double tolerance = fit->options.tolerance;
    const struct emp_kmeans_progress *progress = &fit->progress;
    return tolerance > 0 && progress->iterations > 1 &&
           progress->shift <= tolerance * fit->variance &&
           inertia_before - progress->inertia <= tolerance * progress->inertia;
}

enum emp_kmeans_status emp__kmeans_step(struct emp_kmeans *fit)
{
    struct emp_kmeans_progress *progress = &fit->progress;
    bool first = !fit->has_labels;
    double inertia_before = progress->inertia;
    progress->changed = emp__kmeans_assign(fit, first || !fit->bounded);
    progress->iterations++;
    if (first)
        note_squares(fit);
    if (progress->changed == 0) {
        progress->shift = 0;
        fit->settled = true;
        return EMP_KMEANS_CONVERGED;
    }
    emp__kmeans_reseed(fit);
    progress->inertia = fmax(fit->squares - sum_of_means(fit, NULL), 0);
    move_centres(fit);
    if (is_small_step(fit, inertia_before))
        return EMP_KMEANS_CONVERGED;
    return progress->iterations < fit->options.max_iterations ? EMP_KMEANS_RUNNING
                                                              : EMP_KMEANS_LIMIT;
}

const struct emp_kmeans_progress *emp__kmeans_progress(const struct emp_kmeans *fit)
{
    return &fit->progress;
}

double emp__kmeans_finish(struct emp_kmeans *fit, double *centres, double *squares)
{
    if (!fit->settled)
        emp__kmeans_assign(fit, !fit->bounded);
    memcpy(centres, fit->centres, fit->options.k * fit->points.d * sizeof *centres);
    return emp__kmeans_inertia(fit, squares);
}
