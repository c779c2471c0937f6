// SPDX-License-Identifier: Apache-2.0
/* Seeding: the choice of the method, and distinct rows at random. */
#include "cluster/kmeans_seed.h"

#include <string.h>

#include "cluster/kmeans_seed_state.h"

enum { WORD = 64 };

/* Exact: draws below 2^64 mod `below` are drawn again. */
static uint64_t draw_below(struct emp_stream *stream, uint64_t below)
{
    uint64_t least = (0 - below) % below, draw = emp__stream_u64(stream);
    while (draw < least)
        draw = emp__stream_u64(stream);
    return draw % below;
}

/* Floyd: for each of the last k rows either a row up to it that is not chosen, or itself. */
static size_t random_rows(const struct emp_points *points, const struct emp_seed_options *options,
                          double *centres, uint64_t *is_chosen)
{
    size_t n = points->n, k = options->k < n ? options->k : n;
    struct emp_stream stream;
    emp__stream_open(&stream, options->seed, EMP_DRAW_SEEDING_RANDOM, options->restart);
    memset(is_chosen, 0, (n + WORD - 1) / WORD * sizeof *is_chosen);
    for (size_t c = 0; c < k; c++) {
        size_t last = n - k + c, row = draw_below(&stream, last + 1);
        if (is_chosen[row / WORD] >> row % WORD & 1)
            row = last;
        is_chosen[row / WORD] |= (uint64_t)1 << row % WORD;
        emp__seed_copy(points, row, centres + c * points->d);
    }
    return k;
}

size_t emp__kmeans_seed_workspace(const struct emp_points *points,
                                  const struct emp_seed_options *options)
{
    struct emp_carver carver = {NULL, 0};
    struct emp_plusplus plusplus;
    struct emp_seed_parallel parallel;
    switch (options->method) {
    case EMP_SEEDING_PLUSPLUS:
        emp__plusplus_carve(&carver, &plusplus, points, options);
        break;
    case EMP_SEEDING_PARALLEL:
        emp__parallel_carve(&carver, &parallel, points, options);
        break;
    case EMP_SEEDING_RANDOM:
        emp__carve(&carver, points->n / WORD + 1, sizeof(uint64_t));
        break;
    }
    return emp__carved(&carver);
}

static size_t draw_centres(const struct emp_points *points, const struct emp_seed_options *options,
                           double *centres, void *workspace)
{
    struct emp_carver carver = {workspace, 0};
    struct emp_plusplus plusplus;
    struct emp_seed_parallel parallel;
    switch (options->method) {
    case EMP_SEEDING_PLUSPLUS:
        emp__plusplus_carve(&carver, &plusplus, points, options);
        return emp__plusplus_run(&plusplus, centres);
    case EMP_SEEDING_PARALLEL:
        emp__parallel_carve(&carver, &parallel, points, options);
        return emp__parallel_run(&parallel, centres);
    case EMP_SEEDING_RANDOM:
        break;
    }
    return random_rows(points, options, centres, workspace);
}

size_t emp__kmeans_seed(const struct emp_points *points, const struct emp_seed_options *options,
                        double *centres, void *workspace)
{
    size_t drawn = draw_centres(points, options, centres, workspace);
    for (size_t c = drawn; c < options->k; c++)
        emp__seed_copy(points, (c - drawn) % points->n, centres + c * points->d);
    return drawn;
}
