// SPDX-License-Identifier: Apache-2.0
/*
 * Points with weights, as all of this folder takes them, and how they are divided.
 *
 * Points are handled in blocks of EMP_CLUSTER_ROWS rows. A block is what a thread takes, and a sum
 * of doubles over points is the sum, in order, of the sums of the blocks: it does not depend on the
 * number of threads.
 *
 * All values and weights are finite, which the caller sees to; weights are not negative. Values are
 * at most EMP_CLUSTER_LARGEST in size (of float: EMP_CLUSTER_LARGEST_SINGLE), weights at most
 * EMP_CLUSTER_HEAVIEST, so that no square and no sum of squares overflows. Differences below 1e-150
 * (float: 1e-18) count as none, for their squares vanish.
 */
#ifndef EMP_CLUSTER_POINTS_H
#define EMP_CLUSTER_POINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EMP_CLUSTER_LARGEST        1e120
#define EMP_CLUSTER_LARGEST_SINGLE 1e15
#define EMP_CLUSTER_HEAVIEST       1e40

enum {
    EMP_CLUSTER_ROWS = 1024,
    EMP_CLUSTER_SPARE = 16, /* rows that may be written behind those of a block */
    EMP_CLUSTER_STRIDE = EMP_CLUSTER_ROWS + EMP_CLUSTER_SPARE,
};

struct emp_points {
    const void *x; /* n x d, row-major: float if `single`, else double */
    bool single;
    size_t n, d;          /* n below 2^32 */
    const double *weight; /* n; NULL: all 1 */
};

/* Some rows of a block. */
struct emp_rows {
    const void *x;        /* the block's first row */
    bool single;          /* x is float */
    size_t d;             /* values a row */
    const double *weight; /* of the block's first row; NULL: all 1 */
    const uint32_t *at;   /* which rows of the block; NULL: the first `count` in order */
    size_t count;         /* at most EMP_CLUSTER_ROWS */
    double *work;         /* emp__rows_work() doubles, aligned to 64 bytes */
};

static inline size_t emp__rows_work(size_t d)
{
    return (d + 4) * EMP_CLUSTER_SPARE;
}

static inline size_t emp__point_blocks(size_t n)
{
    return (n + EMP_CLUSTER_ROWS - 1) / EMP_CLUSTER_ROWS;
}

/* How many rows a block has. */
static inline size_t emp__block_rows(size_t n, size_t block)
{
    size_t rest = n - block * EMP_CLUSTER_ROWS;
    return rest < EMP_CLUSTER_ROWS ? rest : EMP_CLUSTER_ROWS;
}

/* How many threads have something to do. */
static inline int emp__busy_threads(int threads, size_t n)
{
    size_t blocks = emp__point_blocks(n);
    return blocks < (size_t)threads ? (int)blocks : threads;
}

static inline const void *emp__point(const struct emp_points *points, size_t row)
{
    size_t size = points->single ? sizeof(float) : sizeof(double);
    return (const char *)points->x + row * points->d * size;
}

/* The row that is the i-th. */
static inline size_t emp__row_at(const struct emp_rows *rows, size_t i)
{
    return rows->at ? rows->at[i] : i;
}

/* How long before they are needed listed rows are asked for. */
enum { EMP_ROWS_AHEAD = 64 };

/*
 * Always inline: a function that does nothing but prefetch has no effect as compilers see it, and
 * GCC removes its calls.
 */
#define EMP_PREFETCHING __attribute__((always_inline)) static inline

/* Asks for the i-th row. */
EMP_PREFETCHING void emp__row_prefetch(const struct emp_rows *rows, size_t i)
{
    enum { LINE = 64 };
    size_t bytes = rows->d * (rows->single ? sizeof(float) : sizeof(double));
    const char *row = (const char *)rows->x + emp__row_at(rows, i) * bytes;
    for (size_t at = 0; at < bytes; at += LINE)
        __builtin_prefetch(row + at);
    __builtin_prefetch(row + bytes - 1);
}

/*
 * Asks for `count` listed rows from the i-th on: they lie apart, so it is done EMP_ROWS_AHEAD rows
 * before they are needed. Rows in order come by themselves.
 */
EMP_PREFETCHING void emp__rows_prefetch(const struct emp_rows *rows, size_t i, size_t count)
{
    for (size_t r = i; rows->at && r < i + count && r < rows->count; r++)
        emp__row_prefetch(rows, r);
}

/* Value j of row i of the block. */
static inline double emp__row_value(const struct emp_rows *rows, size_t i, size_t j)
{
    size_t at = i * rows->d + j;
    return rows->single ? (double)((const float *)rows->x)[at] : ((const double *)rows->x)[at];
}

#endif
