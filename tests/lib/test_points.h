// SPDX-License-Identifier: Apache-2.0
/* Points of several kinds for the tests of clustering. Include cmocka first. */
#ifndef EMP_TESTS_TEST_POINTS_H
#define EMP_TESTS_TEST_POINTS_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cluster/points.h"
#include "test_folder.h"

enum test_kind {
    TEST_BLOBS,      /* around a few places */
    TEST_GRID,       /* small whole numbers: ties everywhere */
    TEST_DUPLICATES, /* seven distinct points */
    TEST_EQUAL,      /* all rows the same */
    TEST_CONSTANT,   /* all columns but the first constant */
    TEST_HUGE,       /* near what points.h allows */
    TEST_TINY,       /* squares near what vanishes */
    TEST_OFFSET,     /* far from zero, close to each other */
    TEST_LINE,       /* one point far out, the others along a line */
    TEST_KINDS
};

static inline double test_uniform(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

static inline double test_value(enum test_kind kind, size_t i, size_t j, uint64_t *seed)
{
    double noise = test_uniform(seed) + test_uniform(seed) - 1;
    switch (kind) {
    case TEST_GRID:
        return (double)(test_random(seed) % 4);
    case TEST_DUPLICATES:
        return (double)(i * 5 % 7 * (j + 3) % 7) * 0.1;
    case TEST_EQUAL:
        return 0.1 + (double)j;
    case TEST_CONSTANT:
        return j == 0 ? noise : 7.7;
    case TEST_HUGE:
        return noise * 1e14;
    case TEST_TINY:
        return noise * 1e-15;
    case TEST_OFFSET:
        return 1e6 + noise;
    case TEST_LINE:
        return i == 3 ? 1000 : (double)i * 0.01 + 1e-3 * noise;
    default:
        return 3 * sin((double)(i % 6 * 7 + j * 3)) + noise;
    }
}

/* To be freed with test_points_free(). Values in float are those in double, rounded. */
static inline struct emp_points test_points_new(enum test_kind kind, bool single, size_t n,
                                                size_t d, uint64_t seed)
{
    struct emp_points points = {.single = single, .n = n, .d = d};
    double *x = calloc(n * d, sizeof *x);
    float *rounded = calloc(n * d, sizeof *rounded);
    assert_true(x && rounded);
    for (size_t i = 0; i < n * d; i++) {
        x[i] = test_value(kind, i / d, i % d, &seed);
        if (!single && (kind == TEST_HUGE || kind == TEST_TINY))
            x[i] *= kind == TEST_HUGE ? 1e106 : 1e-105;
        rounded[i] = (float)x[i];
    }
    points.x = single ? (void *)rounded : (void *)x;
    free(single ? (void *)x : (void *)rounded);
    return points;
}

static inline double *test_weights_new(size_t n, uint64_t seed)
{
    double *weights = calloc(n, sizeof *weights);
    assert_non_null(weights);
    for (size_t i = 0; i < n; i++)
        weights[i] = test_random(&seed) % 5 == 0 ? 0 : test_uniform(&seed) * 3;
    return weights;
}

static inline void test_points_free(struct emp_points *points)
{
    free((void *)(uintptr_t)points->x);
    free((void *)(uintptr_t)points->weight);
}

static inline double test_point_value(const struct emp_points *points, size_t i, size_t j)
{
    size_t at = i * points->d + j;
    return points->single ? (double)((const float *)points->x)[at]
                          : ((const double *)points->x)[at];
}

/* Zeroed, aligned to 64 bytes. */
static inline void *test_aligned(size_t bytes)
{
    size_t size = (bytes + 63) / 64 * 64 + 64;
    void *memory = aligned_alloc(64, size);
    assert_non_null(memory);
    return memset(memory, 0, size);
}

#endif
