// SPDX-License-Identifier: Apache-2.0
/* Points to be clustered, for the tests of kernels/cluster/: iris, and random ones. */
#ifndef EMP_TESTS_CLUSTERS_H
#define EMP_TESTS_CLUSTERS_H

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "cluster/clustering.h"
#include "test_folder.h"

enum { TEST_IRIS_ROWS = 150, TEST_IRIS_COLUMNS = 4, TEST_IRIS_K = 3 };

/* Fisher's iris (1936): length and width of sepals and of petals, in millimetres. */
static const uint8_t test_iris_mm[TEST_IRIS_ROWS][TEST_IRIS_COLUMNS] = {
    {51, 35, 14, 2},  {49, 30, 14, 2},  {47, 32, 13, 2},  {46, 31, 15, 2},  {50, 36, 14, 2},
    {54, 39, 17, 4},  {46, 34, 14, 3},  {50, 34, 15, 2},  {44, 29, 14, 2},  {49, 31, 15, 1},
    {54, 37, 15, 2},  {48, 34, 16, 2},  {48, 30, 14, 1},  {43, 30, 11, 1},  {58, 40, 12, 2},
    {57, 44, 15, 4},  {54, 39, 13, 4},  {51, 35, 14, 3},  {57, 38, 17, 3},  {51, 38, 15, 3},
    {54, 34, 17, 2},  {51, 37, 15, 4},  {46, 36, 10, 2},  {51, 33, 17, 5},  {48, 34, 19, 2},
    {50, 30, 16, 2},  {50, 34, 16, 4},  {52, 35, 15, 2},  {52, 34, 14, 2},  {47, 32, 16, 2},
    {48, 31, 16, 2},  {54, 34, 15, 4},  {52, 41, 15, 1},  {55, 42, 14, 2},  {49, 31, 15, 2},
    {50, 32, 12, 2},  {55, 35, 13, 2},  {49, 36, 14, 1},  {44, 30, 13, 2},  {51, 34, 15, 2},
    {50, 35, 13, 3},  {45, 23, 13, 3},  {44, 32, 13, 2},  {50, 35, 16, 6},  {51, 38, 19, 4},
    {48, 30, 14, 3},  {51, 38, 16, 2},  {46, 32, 14, 2},  {53, 37, 15, 2},  {50, 33, 14, 2},
    {70, 32, 47, 14}, {64, 32, 45, 15}, {69, 31, 49, 15}, {55, 23, 40, 13}, {65, 28, 46, 15},
    {57, 28, 45, 13}, {63, 33, 47, 16}, {49, 24, 33, 10}, {66, 29, 46, 13}, {52, 27, 39, 14},
    {50, 20, 35, 10}, {59, 30, 42, 15}, {60, 22, 40, 10}, {61, 29, 47, 14}, {56, 29, 36, 13},
    {67, 31, 44, 14}, {56, 30, 45, 15}, {58, 27, 41, 10}, {62, 22, 45, 15}, {56, 25, 39, 11},
    {59, 32, 48, 18}, {61, 28, 40, 13}, {63, 25, 49, 15}, {61, 28, 47, 12}, {64, 29, 43, 13},
    {66, 30, 44, 14}, {68, 28, 48, 14}, {67, 30, 50, 17}, {60, 29, 45, 15}, {57, 26, 35, 10},
    {55, 24, 38, 11}, {55, 24, 37, 10}, {58, 27, 39, 12}, {60, 27, 51, 16}, {54, 30, 45, 15},
    {60, 34, 45, 16}, {67, 31, 47, 15}, {63, 23, 44, 13}, {56, 30, 41, 13}, {55, 25, 40, 13},
    {55, 26, 44, 12}, {61, 30, 46, 14}, {58, 26, 40, 12}, {50, 23, 33, 10}, {56, 27, 42, 13},
    {57, 30, 42, 12}, {57, 29, 42, 13}, {62, 29, 43, 13}, {51, 25, 30, 11}, {57, 28, 41, 13},
    {63, 33, 60, 25}, {58, 27, 51, 19}, {71, 30, 59, 21}, {63, 29, 56, 18}, {65, 30, 58, 22},
    {76, 30, 66, 21}, {49, 25, 45, 17}, {73, 29, 63, 18}, {67, 25, 58, 18}, {72, 36, 61, 25},
    {65, 32, 51, 20}, {64, 27, 53, 19}, {68, 30, 55, 21}, {57, 25, 50, 20}, {58, 28, 51, 24},
    {64, 32, 53, 23}, {65, 30, 55, 18}, {77, 38, 67, 22}, {77, 26, 69, 23}, {60, 22, 50, 15},
    {69, 32, 57, 23}, {56, 28, 49, 20}, {77, 28, 67, 20}, {63, 27, 49, 18}, {67, 33, 57, 21},
    {72, 32, 60, 18}, {62, 28, 48, 18}, {61, 30, 49, 18}, {64, 28, 56, 21}, {72, 30, 58, 16},
    {74, 28, 61, 19}, {79, 38, 64, 20}, {64, 28, 56, 22}, {63, 28, 51, 15}, {61, 26, 56, 14},
    {77, 30, 61, 23}, {63, 34, 56, 24}, {64, 31, 55, 18}, {60, 30, 48, 18}, {69, 31, 54, 21},
    {67, 31, 56, 24}, {69, 31, 51, 23}, {58, 27, 51, 19}, {68, 32, 59, 23}, {67, 33, 57, 25},
    {67, 30, 52, 23}, {63, 25, 50, 19}, {65, 30, 52, 20}, {62, 34, 54, 23}, {59, 30, 51, 18}};

static inline double test_square(const double *a, const double *b, size_t d)
{
    double square = 0.0;
    for (size_t f = 0; f < d; f++)
        square += (a[f] - b[f]) * (a[f] - b[f]);
    return square;
}

/* The weighted means of the clusters; those without weight get 0. */
static inline void test_means(const struct emp_clustering *c, double *centres)
{
    for (size_t k = 0; k < c->k; k++)
        for (size_t f = 0; f < c->d; f++) {
            double sum = 0.0, weight = 0.0;
            for (size_t i = 0; i < c->n; i++)
                if (c->labels[i] == k) {
                    sum += emp__weight_of(c, i) * c->points[i * c->d + f];
                    weight += emp__weight_of(c, i);
                }
            centres[k * c->d + f] = weight > 0.0 ? sum / weight : 0.0;
        }
}

static inline uint32_t test_nearest(const double *point, const double *centres, uint32_t k,
                                    size_t d)
{
    uint32_t nearest = 0;
    for (uint32_t c = 1; c < k; c++)
        if (test_square(point, centres + c * d, d) < test_square(point, centres + nearest * d, d))
            nearest = c;
    return nearest;
}

/* Iris in centimetres, and its best clustering for k = 3. */
struct test_iris {
    double points[TEST_IRIS_ROWS * TEST_IRIS_COLUMNS];
    uint32_t labels[TEST_IRIS_ROWS];
    double centres[TEST_IRIS_K * TEST_IRIS_COLUMNS];
    struct emp_clustering clustering;
};

/* Lloyd's iteration from three plants from which it reaches that. */
static inline void test_iris_make(struct test_iris *iris)
{
    static const size_t first[TEST_IRIS_K] = {0, 50, 124};
    for (size_t i = 0; i < TEST_IRIS_ROWS; i++) {
        for (size_t f = 0; f < TEST_IRIS_COLUMNS; f++)
            iris->points[i * TEST_IRIS_COLUMNS + f] = test_iris_mm[i][f] / 10.0;
        iris->labels[i] = UINT32_MAX;
    }
    iris->clustering = (struct emp_clustering){.points = iris->points,
                                               .labels = iris->labels,
                                               .n = TEST_IRIS_ROWS,
                                               .d = TEST_IRIS_COLUMNS,
                                               .k = TEST_IRIS_K};
    for (size_t k = 0; k < TEST_IRIS_K; k++)
        memcpy(iris->centres + k * TEST_IRIS_COLUMNS, iris->points + first[k] * TEST_IRIS_COLUMNS,
               TEST_IRIS_COLUMNS * sizeof *iris->centres);
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < TEST_IRIS_ROWS; i++) {
            uint32_t label = test_nearest(iris->points + i * TEST_IRIS_COLUMNS, iris->centres,
                                          TEST_IRIS_K, TEST_IRIS_COLUMNS);
            moved |= label != iris->labels[i];
            iris->labels[i] = label;
        }
        test_means(&iris->clustering, iris->centres);
    }
}

static inline double test_uniform(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

enum { TEST_MOST_POINTS = 6000, TEST_MOST_NUMBERS = 6 * TEST_MOST_POINTS, TEST_MOST_CENTRES = 512 };

/* Random points, labels and weights, and what they are made of. */
struct test_points {
    double points[TEST_MOST_NUMBERS];
    double weights[TEST_MOST_POINTS];
    uint32_t labels[TEST_MOST_POINTS];
    double centres[TEST_MOST_CENTRES];
    struct emp_clustering clustering;
};

/*
 * n d and k d are within the limits above. `grid`: coordinates are small integers, so that points
 * and distances are often equal. `weighted`: weights are 0, 1, 2 or 3.
 */
static inline void test_points_make(struct test_points *p, uint64_t *seed, bool grid, bool weighted)
{
    struct emp_clustering *c = &p->clustering;
    for (size_t i = 0; i < c->n * c->d; i++)
        p->points[i] = grid ? (double)(test_random(seed) % 4) : 20.0 * test_uniform(seed) - 5.0;
    for (size_t i = 0; i < c->n; i++) {
        p->labels[i] = (uint32_t)(test_random(seed) % c->k);
        p->weights[i] = (double)(test_random(seed) % 4);
        p->points[i * c->d] += grid ? p->labels[i] : 4.0 * p->labels[i];
    }
    c->points = p->points;
    c->labels = p->labels;
    c->weights = weighted ? p->weights : NULL;
    test_means(c, p->centres);
}

/* The same with each point as often as its weight says, and no weights. */
static inline void test_points_replicate(const struct test_points *from, struct test_points *to)
{
    const struct emp_clustering *c = &from->clustering;
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++)
        for (double copy = 0.0; copy < from->weights[i]; copy++, n++) {
            memcpy(to->points + n * c->d, c->points + i * c->d, c->d * sizeof(double));
            to->labels[n] = c->labels[i];
        }
    to->clustering = (struct emp_clustering){
        .points = to->points, .labels = to->labels, .n = n, .d = c->d, .k = c->k};
    test_means(&to->clustering, to->centres);
}

/* The same with the rows in another order. */
static inline void test_points_shuffle(const struct test_points *from, struct test_points *to,
                                       uint64_t *seed)
{
    size_t d = from->clustering.d;
    *to = *from;
    for (size_t i = from->clustering.n; i-- > 1;) {
        size_t j = test_random(seed) % (i + 1);
        double row[TEST_MOST_CENTRES], weight = to->weights[i];
        uint32_t label = to->labels[i];
        memcpy(row, to->points + i * d, d * sizeof *row);
        memcpy(to->points + i * d, to->points + j * d, d * sizeof *row);
        memcpy(to->points + j * d, row, d * sizeof *row);
        to->weights[i] = to->weights[j];
        to->weights[j] = weight;
        to->labels[i] = to->labels[j];
        to->labels[j] = label;
    }
    to->clustering.points = to->points;
    to->clustering.labels = to->labels;
    to->clustering.weights = from->clustering.weights ? to->weights : NULL;
}

#endif
