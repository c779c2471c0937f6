// SPDX-License-Identifier: Apache-2.0
/* k-means||: many candidates in a few rounds, and k-means++ among them. */
#include <math.h>
#include <omp.h>
#include <string.h>

#include "cluster/kmeans_seed_state.h"
#include "cluster/quantiser.h"

enum { ROUNDS = 5, OVERSAMPLING = 2, MOST = 20, WORD = 64 };

static struct emp_points points_taken(const struct emp_seed_parallel *state, size_t n, size_t d)
{
    return (struct emp_points){.x = state->x, .n = n, .d = d, .weight = state->weights};
}

void emp__parallel_carve(struct emp_carver *carver, struct emp_seed_parallel *state,
                         const struct emp_points *points, const struct emp_seed_options *options)
{
    size_t d = points->d, most = MOST * options->k + 1;
    most = most < points->n ? most : points->n;
    state->most = most;
    emp__plusplus_carve(carver, &state->all, points, options);
    state->x = emp__carve(carver, most, d * sizeof *state->x);
    state->x_single = emp__carve(carver, most, d * sizeof *state->x_single);
    state->weights = emp__carve(carver, most, sizeof *state->weights);
    struct emp_points taken = points_taken(state, most, d);
    emp__plusplus_carve(carver, &state->taken, &taken, options);
    state->taken.purpose = EMP_DRAW_SEEDING_TAKEN;
    state->is_taken = emp__carve(carver, emp__point_blocks(points->n), EMP_CLUSTER_ROWS / 8);
    state->counts = emp__carve(carver, most, (size_t)options->threads * sizeof *state->counts);
}

static struct emp_centres taken_centres(const struct emp_seed_parallel *state, size_t from,
                                        size_t to)
{
    size_t d = state->all.points.d;
    return (struct emp_centres){.k = to - from,
                                .d = d,
                                .c = state->x + from * d,
                                .c_single = state->x_single + from * d,
                                .groups = 1};
}

static struct emp_rows whole_block(const struct emp_plusplus *all, size_t block)
{
    const struct emp_seed_worker *own = &all->workers[omp_get_thread_num()];
    size_t count = emp__block_rows(all->points.n, block);
    return emp__seed_rows(&all->points, block, own, count);
}

/* Makes the points taken as number `from` .. `to` - 1 count in a block's distances and sum. */
static void see_block(const struct emp_seed_parallel *state, size_t from, size_t to, size_t block)
{
    const struct emp_plusplus *all = &state->all;
    const struct emp_seed_worker *own = &all->workers[omp_get_thread_num()];
    struct emp_rows rows = whole_block(all, block);
    double *closest = all->closest + block * EMP_CLUSTER_ROWS, sum = 0;
    for (size_t p = from; p < to; p += all->candidates) {
        size_t end = p + all->candidates < to ? p + all->candidates : to;
        struct emp_centres centres = taken_centres(state, p, end);
        all->distance->squares(&rows, &centres, own->squares);
        for (size_t c = 0; c < end - p; c++)
            for (size_t i = 0; i < rows.count; i++)
                closest[i] = fmin(closest[i], own->squares[c * EMP_CLUSTER_STRIDE + i]);
    }
    for (size_t i = 0; i < rows.count; i++)
        sum += rows.weight ? rows.weight[i] * closest[i] : closest[i];
    all->sums[block] = sum;
}

static double see_taken(const struct emp_seed_parallel *state, size_t from, size_t to)
{
    size_t blocks = emp__point_blocks(state->all.points.n);
    double total = 0;
#pragma omp parallel for num_threads(                                                              \
    emp__busy_threads(state->all.options.threads, state->all.points.n)) schedule(dynamic, 4)
    for (size_t b = 0; b < blocks; b++)
        see_block(state, from, to, b);
    for (size_t b = 0; b < blocks; b++)
        total += state->all.sums[b];
    return total;
}

/* Marks the rows of a block that are drawn; `factor` w D^2 is the probability. */
static void draw_block(const struct emp_seed_parallel *state, uint32_t round, double factor,
                       size_t block)
{
    const struct emp_points *points = &state->all.points;
    const struct emp_seed_options *options = &state->all.options;
    size_t row = block * EMP_CLUSTER_ROWS, count = emp__block_rows(points->n, block);
    uint64_t *bits = state->is_taken + row / WORD;
    memset(bits, 0, EMP_CLUSTER_ROWS / 8);
    for (size_t i = 0; i < count; i++) {
        double share = state->all.closest[row + i];
        share *= points->weight ? points->weight[row + i] : 1;
        if (!(share > 0))
            continue;
        struct emp_stream stream;
        emp__stream_open(&stream, options->seed, EMP_DRAW_SEEDING_PARALLEL + round,
                         (uint64_t)options->restart << 32 | (row + i));
        if (emp__stream_uniform(&stream) < factor * share)
            bits[i / WORD] |= (uint64_t)1 << i % WORD;
    }
}

static void take(struct emp_seed_parallel *state, size_t number, size_t row)
{
    size_t d = state->all.points.d;
    emp__seed_copy(&state->all.points, row, state->x + number * d);
    for (size_t j = 0; j < d; j++)
        state->x_single[number * d + j] = (float)state->x[number * d + j];
}

/* One round; returns how many points have been taken by now. */
static size_t draw_round(struct emp_seed_parallel *state, uint32_t round, double total,
                         size_t taken)
{
    size_t n = state->all.points.n, blocks = emp__point_blocks(n);
    double factor = (double)(OVERSAMPLING * state->all.options.k) / total;
#pragma omp parallel for num_threads(                                                              \
    emp__busy_threads(state->all.options.threads, state->all.points.n)) schedule(dynamic, 4)
    for (size_t b = 0; b < blocks; b++)
        draw_block(state, round, factor, b);
    for (size_t word = 0; word < (n + WORD - 1) / WORD; word++)
        for (uint64_t bits = state->is_taken[word]; bits && taken < state->most; bits &= bits - 1)
            take(state, taken++, word * WORD + (size_t)__builtin_ctzll(bits));
    return taken;
}

static void count_block(const struct emp_seed_parallel *state, const struct emp_centres *taken,
                        double weight_scale, size_t block)
{
    const struct emp_plusplus *all = &state->all;
    size_t thread = (size_t)omp_get_thread_num();
    uint32_t place[EMP_CLUSTER_STRIDE];
    struct emp_nearest found = {place, all->workers[thread].squares, NULL};
    struct emp_rows rows = whole_block(all, block);
    all->distance->nearest(&rows, taken, &found);
    for (size_t i = 0; i < rows.count; i++)
        state->counts[thread * state->most + place[i]] +=
            emp__quantised_weight(&rows, i, weight_scale);
}

/* The weight of the points that are nearest to each of those taken, as integers in any order. */
static void weigh_taken(struct emp_seed_parallel *state, size_t taken)
{
    const struct emp_plusplus *all = &state->all;
    size_t n = all->points.n, blocks = emp__point_blocks(n);
    struct emp_centres centres = taken_centres(state, 0, taken);
    double heaviest = 0, scale = 1;
    for (size_t i = 0; i < n && all->points.weight; i++)
        heaviest = fmax(heaviest, all->points.weight[i]);
    if (heaviest > 0)
        scale = ldexp(1, 30 - ilogb(heaviest)); /* 2^32 of them fit 63 bits */
    memset(state->counts, 0, (size_t)all->options.threads * state->most * sizeof *state->counts);
#pragma omp parallel for num_threads(                                                              \
    emp__busy_threads(state->all.options.threads, state->all.points.n)) schedule(dynamic, 4)
    for (size_t b = 0; b < blocks; b++)
        count_block(state, &centres, scale, b);
    for (size_t p = 0; p < taken; p++) {
        int64_t count = 0;
        for (size_t t = 0; t < (size_t)all->options.threads; t++)
            count += state->counts[t * state->most + p];
        state->weights[p] = (double)count;
    }
}

size_t emp__parallel_run(struct emp_seed_parallel *state, double *centres)
{
    size_t taken = 1, seen = 0;
    size_t d = state->all.points.d;
    emp__plusplus_first(&state->all, state->x);
    for (size_t j = 0; j < d; j++)
        state->x_single[j] = (float)state->x[j];
    for (uint32_t round = 0; round < ROUNDS; round++) {
        double total = see_taken(state, seen, taken);
        if (!(total > 0))
            break;
        seen = taken;
        taken = draw_round(state, round, total, taken);
    }
    /* Few points, or few distinct ones. */
    if (taken < state->all.options.k)
        return emp__plusplus_run(&state->all, centres);
    weigh_taken(state, taken);
    state->taken.points = points_taken(state, taken, d);
    return emp__plusplus_run(&state->taken, centres);
}
