// SPDX-License-Identifier: Apache-2.0
/*
 * Greedy k-means++. Each pass does two things: it makes the last centre count in `closest`, and it
 * adds up what the sum would be with each of the candidates for the next. The sums of the candidate
 * that wins are those that the following draw starts from, so there is one pass for a centre.
 */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "cluster/kmeans_seed_state.h"

void emp__plusplus_carve(struct emp_carver *carver, struct emp_plusplus *state,
                         const struct emp_points *points, const struct emp_seed_options *options)
{
    size_t d = points->d, threads = (size_t)options->threads;
    size_t candidates = 2 + (size_t)log((double)options->k);
    *state = (struct emp_plusplus){.points = *points, .options = *options};
    const struct emp_cluster_kernels *kernels =
        options->kernels ? options->kernels : emp__cluster_kernels(NULL);
    state->distance = emp__distance_kernels(kernels, points->single);
    state->candidates = candidates;
    state->purpose = EMP_DRAW_SEEDING;
    state->workers = emp__carve(carver, threads, sizeof *state->workers);
    for (size_t t = 0; t < threads; t++) {
        struct emp_seed_worker spare = {0}, *own = carver->base ? &state->workers[t] : &spare;
        own->squares =
            emp__carve(carver, EMP_CLUSTER_STRIDE * (1 + candidates), sizeof *own->squares);
        own->closest = emp__carve(carver, EMP_CLUSTER_STRIDE, sizeof *own->closest);
        own->work = emp__carve(carver, emp__rows_work(d), sizeof *own->work);
    }
    state->closest = emp__carve(carver, points->n, sizeof *state->closest);
    state->sums =
        emp__carve(carver, emp__point_blocks(points->n), candidates * sizeof *state->sums);
    state->trial = emp__carve(carver, 1 + candidates, d * sizeof *state->trial);
    state->trial_single = emp__carve(carver, 1 + candidates, d * sizeof *state->trial_single);
}

struct emp_rows emp__seed_rows(const struct emp_points *points, size_t block,
                               const struct emp_seed_worker *own, size_t count)
{
    size_t row = block * EMP_CLUSTER_ROWS;
    return (struct emp_rows){
        .x = emp__point(points, row),
        .single = points->single,
        .d = points->d,
        .weight = points->weight ? points->weight + row : NULL,
        .count = count,
        .work = own->work,
    };
}

void emp__seed_copy(const struct emp_points *points, size_t row, double *out)
{
    struct emp_rows rows = {.x = points->x, .single = points->single, .d = points->d};
    for (size_t j = 0; j < points->d; j++)
        out[j] = emp__row_value(&rows, row, j);
}

static double weight_of(const struct emp_plusplus *state, size_t row)
{
    return state->points.weight ? state->points.weight[row] : 1;
}

static struct emp_centres trial_centres(const struct emp_plusplus *state, size_t from, size_t count)
{
    size_t d = state->points.d;
    for (size_t i = from * d; i < (from + count) * d && state->points.single; i++)
        state->trial_single[i] = (float)state->trial[i];
    return (struct emp_centres){.k = count,
                                .d = d,
                                .c = state->trial + from * d,
                                .c_single = state->trial_single + from * d,
                                .groups = 1};
}

/* The squared distances of the rows of a block to the nearest centre, the last one included. */
static size_t block_closest(const struct emp_plusplus *state, const struct emp_seed_worker *own,
                            size_t block)
{
    size_t row = block * EMP_CLUSTER_ROWS, count = emp__block_rows(state->points.n, block);
    memcpy(own->closest, state->closest + row, count * sizeof *own->closest);
    if (!state->has_last)
        return count;
    struct emp_centres last = trial_centres(state, 0, 1);
    struct emp_rows rows = emp__seed_rows(&state->points, block, own, count);
    state->distance->squares(&rows, &last, own->squares);
    for (size_t i = 0; i < count; i++)
        own->closest[i] = fmin(own->closest[i], own->squares[i]);
    return count;
}

/* Sum of w min(closest, squares), in an order that depends on `count` only. */
static double potential(const struct emp_rows *rows, const double *closest, const double *squares)
{
    enum { SUMS = 4 };
    double sums[SUMS] = {0};
    for (size_t i = 0; i < rows->count; i++) {
        double least = squares[i] < closest[i] ? squares[i] : closest[i];
        sums[i % SUMS] += rows->weight ? rows->weight[i] * least : least;
    }
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void try_block(const struct emp_plusplus *state, const struct emp_centres *trial,
                      size_t candidates, size_t block)
{
    const struct emp_seed_worker *own = &state->workers[omp_get_thread_num()];
    size_t count = emp__block_rows(state->points.n, block),
           blocks = emp__point_blocks(state->points.n);
    double *closest = state->closest + block * EMP_CLUSTER_ROWS;
    const double *squares = own->squares;
    struct emp_rows rows = emp__seed_rows(&state->points, block, own, count);
    state->distance->squares(&rows, trial, own->squares);
    if (state->has_last) {
        for (size_t i = 0; i < count; i++)
            closest[i] = squares[i] < closest[i] ? squares[i] : closest[i];
        squares += EMP_CLUSTER_STRIDE;
    }
    for (size_t c = 0; c < candidates; c++)
        state->sums[c * blocks + block] =
            potential(&rows, closest, squares + c * EMP_CLUSTER_STRIDE);
}

static double total_of(const struct emp_plusplus *state, size_t candidate)
{
    size_t blocks = emp__point_blocks(state->points.n);
    double total = 0;
    for (size_t b = 0; b < blocks; b++)
        total += state->sums[candidate * blocks + b];
    return total;
}

/* Tries the candidates trial[1 ..]; the best one becomes the last centre, trial[0]. */
static void choose_best(struct emp_plusplus *state, size_t candidates)
{
    size_t blocks = emp__point_blocks(state->points.n), d = state->points.d, best = 0;
    size_t from = state->has_last ? 0 : 1;
    struct emp_centres trial = trial_centres(state, from, 1 + candidates - from);
#pragma omp parallel for num_threads(emp__busy_threads(state->options.threads, state->points.n))   \
    schedule(dynamic, 4)
    for (size_t b = 0; b < blocks; b++)
        try_block(state, &trial, candidates, b);
    for (size_t c = 1; c < candidates; c++)
        best = total_of(state, c) < total_of(state, best) ? c : best;
    memcpy(state->trial, state->trial + (1 + best) * d, d * sizeof *state->trial);
    state->has_last = true;
    state->best = best;
}

/* The first row of a block up to which more than `rest` has been added up; the last one that adds
 * anything if rounding leaves none. */
static size_t row_in_block(const struct emp_plusplus *state, size_t block, double rest)
{
    const struct emp_seed_worker *own = state->workers;
    size_t count = block_closest(state, own, block), row = block * EMP_CLUSTER_ROWS, last = 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double share = weight_of(state, row + i) * own->closest[i];
        sum += share;
        last = share > 0 ? i : last;
        if (sum > rest)
            return row + i;
    }
    return row + last;
}

/* The row at `uniform` of the total of w D^2. */
static size_t row_at(const struct emp_plusplus *state, double uniform, double total)
{
    size_t blocks = emp__point_blocks(state->points.n), last = 0;
    const double *sums = state->sums + state->best * blocks;
    double target = uniform * total, before = 0;
    for (size_t b = 0; b < blocks; b++) {
        if (before + sums[b] > target)
            return row_in_block(state, b, target - before);
        before += sums[b];
        last = sums[b] > 0 ? b : last;
    }
    return row_in_block(state, last, INFINITY);
}

static struct emp_stream stream_of(const struct emp_plusplus *state, size_t centre)
{
    struct emp_stream stream;
    emp__stream_open(&stream, state->options.seed, state->purpose,
                     (uint64_t)state->options.restart << 32 | centre);
    return stream;
}

/* With D^2 = 1 a draw by w D^2 is one by weight. */
static size_t row_by_weight(struct emp_plusplus *state, double uniform)
{
    size_t n = state->points.n;
    for (size_t i = 0; i < n; i++)
        state->closest[i] = 1;
    for (size_t b = 0; b < emp__point_blocks(n); b++) {
        size_t row = b * EMP_CLUSTER_ROWS;
        struct emp_rows rows = {.count = emp__block_rows(n, b)};
        rows.weight = state->points.weight ? state->points.weight + row : NULL;
        state->sums[b] = potential(&rows, state->closest + row, state->closest + row);
    }
    return row_at(state, uniform, total_of(state, 0));
}

void emp__plusplus_first(struct emp_plusplus *state, double *centres)
{
    struct emp_stream stream = stream_of(state, 0);
    state->has_last = false;
    state->best = 0;
    size_t d = state->points.d, row = row_by_weight(state, emp__stream_uniform(&stream));
    for (size_t i = 0; i < state->points.n; i++)
        state->closest[i] = INFINITY;
    emp__seed_copy(&state->points, row, state->trial + d);
    choose_best(state, 1);
    memcpy(centres, state->trial, d * sizeof *centres);
}

size_t emp__plusplus_run(struct emp_plusplus *state, double *centres)
{
    size_t d = state->points.d, k = state->options.k;
    emp__plusplus_first(state, centres);
    for (size_t c = 1; c < k; c++) {
        double total = total_of(state, state->best);
        if (!(total > 0))
            return c;
        struct emp_stream stream = stream_of(state, c);
        for (size_t i = 1; i <= state->candidates; i++) {
            size_t row = row_at(state, emp__stream_uniform(&stream), total);
            emp__seed_copy(&state->points, row, state->trial + i * d);
        }
        choose_best(state, state->candidates);
        memcpy(centres + c * d, state->trial, d * sizeof *centres);
    }
    return k;
}
