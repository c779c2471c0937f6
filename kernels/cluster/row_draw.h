// SPDX-License-Identifier: Apache-2.0
/*
 * Random rows, one out of each of `count` equal parts of all rows in their order (stratified
 * sampling; W. Cochran, "Sampling Techniques", 3rd ed., 1977, chapter 5):
 *
 *   row i = floor((i + u_i) n / count),   i = 0 .. count - 1,   u_i uniform on [0, 1).
 *
 * Each row is as likely as another, to 2^-32 of its probability, and those drawn ascend, which
 * spares memory its leaps. With count = n each row is drawn once; with fewer, a row that lies in
 * two parts may be drawn twice. Where neighbours are alike the sum over a draw varies less than
 * over count rows drawn from all.
 *
 * The rows of a draw are made in blocks of EMP_CLUSTER_ROWS, each from a stream of its own, so that
 * threads can share them: u_i is a function of (seed, purpose, subject, i). Cost: half a block of
 * Philox and one division a row.
 */
#ifndef EMP_CLUSTER_ROW_DRAW_H
#define EMP_CLUSTER_ROW_DRAW_H

#include "cluster/points.h"

struct emp_row_draw {
    uint64_t seed;
    uint32_t purpose;
    uint64_t subject; /* of the first block; each other block has the next one */
    size_t n, count;  /* 1 <= count <= n < 2^32 */
};

/* Writes the rows of a block of the draw; `rows` has room for EMP_CLUSTER_ROWS. */
void emp__draw_rows(const struct emp_row_draw *draw, size_t block, uint32_t *rows);

/* Copies rows, and their weights if they have some. */
void emp__gather_rows(const struct emp_points *points, const uint32_t *rows, size_t count, void *x,
                      double *weight);

#endif
