// SPDX-License-Identifier: Apache-2.0
/*
 * The panel kernels (panel_kernels.h) in terms of vectors: to be included once, after the lanes of
 * one instruction set, which has EMP_LANES lanes in PARTS vectors of WIDTH.
 *
 * The link. With m = sign eta, e = e^-|m| and q = 1 / (1 + e), all taken from e so that nothing
 * cancels:  the probability of the wrong label is e q (m >= 0) or q;  p (1 - p) = e q q;  the loss
 * is max(-m, 0) + log(1 + e).
 */
#ifndef EMP_LOGISTIC_PANEL_BODY_H
#define EMP_LOGISTIC_PANEL_BODY_H

#include <stddef.h>

#include "lanes/functions.h"
#include "logistic/panel_kernels.h"

/* z and eta of `count` columns, at most 4, from column j on. */
LANES_INLINE void centre_columns(const struct emp_panel *panel, const struct emp_standard *standard,
                                 const double *c, size_t j, size_t count)
{
    lanes mean[4], scale[4], slope[4];
    double *z = panel->z + j * EMP_PANEL_STRIDE;
    for (size_t k = 0; k < count; k++) {
        mean[k] = all(standard->mean[j + k]);
        scale[k] = all(standard->scale[j + k]);
        slope[k] = all(c[j + k]);
    }
    for (size_t i = 0; i < panel->groups * EMP_LANES; i += WIDTH) {
        lanes eta = load(panel->eta + i);
#pragma GCC unroll 4
        for (size_t k = 0; k < count; k++) {
            double *at = z + k * EMP_PANEL_STRIDE + i;
            lanes value = times(minus(load(at), mean[k]), scale[k]);
            store(at, value);
            eta = fused(slope[k], value, eta);
        }
        store(panel->eta + i, eta);
    }
}

LANES static void centre(const struct emp_panel *panel, const struct emp_standard *standard,
                         const double *c)
{
    size_t j = 1;
    for (; j + 4 <= panel->columns; j += 4)
        centre_columns(panel, standard, c, j, 4);
    for (; j < panel->columns; j++)
        centre_columns(panel, standard, c, j, 1);
}

LANES static void linear(const struct emp_panel *panel, const double *c)
{
    for (size_t j = 0; j < panel->columns; j++) {
        const double *z = panel->z + j * EMP_PANEL_STRIDE;
        const lanes slope = all(c[j]);
        for (size_t i = 0; i < panel->groups * EMP_LANES; i += WIDTH)
            store(panel->eta + i, fused(slope, load(z + i), load(panel->eta + i)));
    }
}

/* The loss, times the weight, of WIDTH rows from the i-th on. */
LANES_INLINE lanes link_rows(const struct emp_panel *panel, size_t i)
{
    lanes sign = load(panel->sign + i), weight = load(panel->weight + i);
    lanes m = times(sign, load(panel->eta + i));
    lanes e = exponential(minus(all(0), size_of(m)));
    lanes q = over(all(1), plus(all(1), e)), eq = times(e, q);
    lanes wrong = where_negative(m, q, eq);
    store(panel->residual + i, times(weight, times(sign, wrong)));
    store(panel->root + i, root_of(times(weight, times(eq, q))));
    lanes beyond = greater_of(minus(all(0), m), all(0));
    return times(weight, plus(beyond, log_one_plus_small(e)));
}

LANES static double link(const struct emp_panel *panel)
{
    lanes loss[PARTS];
    for (int p = 0; p < PARTS; p++)
        loss[p] = all(0);
    for (size_t i = 0; i < panel->groups * EMP_LANES; i += EMP_LANES)
        for (size_t p = 0; p < PARTS; p++)
            loss[p] = plus(loss[p], link_rows(panel, i + p * WIDTH));
    return sum_of(loss);
}

LANES static void probability(const struct emp_panel *panel, double *out)
{
    for (size_t i = 0; i < panel->groups * EMP_LANES; i += WIDTH) {
        lanes eta = load(panel->eta + i);
        lanes e = exponential(minus(all(0), size_of(eta)));
        lanes q = over(all(1), plus(all(1), e));
        store(out + i, where_negative(eta, times(e, q), q));
    }
}

/* Adds to four sums those of `count` columns, at most 4, from column j on. */
LANES_INLINE void gradient_columns(const struct emp_panel *panel, bool scale, size_t j,
                                   size_t count, double *sums)
{
    lanes sum[4][PARTS];
    double *z = panel->z + j * EMP_PANEL_STRIDE;
    for (size_t k = 0; k < 4; k++)
        for (size_t p = 0; p < PARTS; p++)
            sum[k][p] = all(0);
    for (size_t i = 0; i < panel->groups * EMP_LANES; i += EMP_LANES)
#pragma GCC unroll 8
        for (size_t p = 0; p < PARTS; p++) {
            size_t row = i + p * WIDTH;
            lanes residual = load(panel->residual + row), root = load(panel->root + row);
#pragma GCC unroll 4
            for (size_t k = 0; k < count; k++) {
                double *at = z + k * EMP_PANEL_STRIDE + row;
                lanes value = load(at);
                sum[k][p] = fused(residual, value, sum[k][p]);
                if (scale)
                    store(at, times(value, root));
            }
        }
    add_sums(sum, sums);
}

LANES_INLINE void gradient_quads(const struct emp_panel *panel, bool scale, double *sums)
{
    size_t j = 0;
    for (; j + 4 <= panel->columns; j += 4)
        gradient_columns(panel, scale, j, 4, sums + j);
    for (; j < panel->columns; j++) {
        double quad[4] = {0};
        gradient_columns(panel, scale, j, 1, quad);
        sums[j] += quad[0];
    }
}

LANES static void gradient(const struct emp_panel *panel, bool scale, double *sums)
{
    if (scale)
        gradient_quads(panel, true, sums);
    else
        gradient_quads(panel, false, sums);
}

/* Products of `rows` columns from the i-th with 4 columns; a constant number of rows, to stay in
 * registers. `out` is of the first of the rows. */
LANES_INLINE void gram_tile(const struct emp_panel *panel, size_t i, const double *const across[4],
                            size_t rows, double *out)
{
    const double *z = panel->z + i * EMP_PANEL_STRIDE;
    size_t stride = emp__gram_stride(panel->columns);
    lanes sums[TILE_ROWS][4][PARTS];
    for (size_t p = 0; p < PARTS; p++) {
        lanes sum[TILE_ROWS][4];
#pragma GCC unroll 8
        for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 4
            for (size_t k = 0; k < 4; k++)
                sum[r][k] = all(0);
        for (size_t g = 0; g < panel->groups; g++) {
            size_t at = g * EMP_LANES + p * WIDTH;
            lanes down[TILE_ROWS];
#pragma GCC unroll 8
            for (size_t r = 0; r < rows; r++)
                down[r] = load(z + r * EMP_PANEL_STRIDE + at);
#pragma GCC unroll 4
            for (size_t k = 0; k < 4; k++) {
                lanes column = load(across[k] + at);
#pragma GCC unroll 8
                for (size_t r = 0; r < rows; r++)
                    sum[r][k] = fused(down[r], column, sum[r][k]);
            }
        }
#pragma GCC unroll 8
        for (size_t r = 0; r < rows; r++)
#pragma GCC unroll 4
            for (size_t k = 0; k < 4; k++)
                sums[r][k][p] = sum[r][k];
    }
#pragma GCC unroll 8
    for (size_t r = 0; r < rows; r++)
        add_sums(sums[r], out + r * stride);
}

/* Columns 0 .. bottom - 1 with 4 columns. */
LANES_INLINE void gram_quad(const struct emp_panel *panel, const double *const across[4],
                            size_t bottom, double *out)
{
    size_t stride = emp__gram_stride(panel->columns), i = 0;
    for (; i + TILE_ROWS <= bottom; i += TILE_ROWS)
        gram_tile(panel, i, across, TILE_ROWS, out + i * stride);
    for (; i + 2 <= bottom; i += 2)
        gram_tile(panel, i, across, 2, out + i * stride);
    for (; i < bottom; i++)
        gram_tile(panel, i, across, 1, out + i * stride);
}

LANES static void gram(const struct emp_panel *panel, double *sums)
{
    size_t columns = panel->columns;
    for (size_t j = 0; j < columns; j += 4) {
        const double *across[4];
        for (size_t k = 0; k < 4; k++) {
            size_t column = j + k < columns ? j + k : columns - 1;
            across[k] = panel->z + column * EMP_PANEL_STRIDE;
        }
        gram_quad(panel, across, j + 4 < columns ? j + 4 : columns, sums + j);
    }
}

LANES static struct emp_column_moments moments(const struct emp_panel *panel, size_t j,
                                               double weight)
{
    const double *x = panel->z + j * EMP_PANEL_STRIDE;
    size_t rows = panel->groups * EMP_LANES;
    lanes sum[PARTS], squares[PARTS];
    for (int p = 0; p < PARTS; p++)
        sum[p] = squares[p] = all(0);
    for (size_t i = 0; i < rows; i += EMP_LANES)
        for (size_t p = 0; p < PARTS; p++) {
            size_t row = i + p * WIDTH;
            sum[p] = fused(load(panel->weight + row), load(x + row), sum[p]);
        }
    double mean = sum_of(sum) / weight;
    for (size_t i = 0; i < rows; i += EMP_LANES)
        for (size_t p = 0; p < PARTS; p++) {
            size_t row = i + p * WIDTH;
            lanes off = minus(load(x + row), all(mean));
            squares[p] = fused(times(load(panel->weight + row), off), off, squares[p]);
        }
    return (struct emp_column_moments){.mean = mean, .squares = sum_of(squares)};
}

LANES static bool beyond(const double *column, size_t groups, double limit)
{
    bool found = false;
    for (size_t i = 0; i < groups * EMP_LANES; i += WIDTH)
        found |= any_beyond(load(column + i), limit);
    return found;
}

#endif
