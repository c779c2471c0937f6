// SPDX-License-Identifier: Apache-2.0
/* The clustering kernels by the letter: one point, one centre, one value after the other. */
#include <math.h>

#include "cluster/nearest.h"
#include "cluster/range_rows.h"

static double square_real(const double *x, const double *c, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum = fma(x[j] - c[j], x[j] - c[j], sum);
    return sum;
}

static double square_single(const float *x, const float *c, size_t d)
{
    float sum = 0;
    for (size_t j = 0; j < d; j++)
        sum = fmaf(x[j] - c[j], x[j] - c[j], sum);
    return (double)sum;
}

static double square_of(const struct emp_rows *rows, size_t row, const struct emp_centres *centres,
                        size_t place)
{
    size_t d = rows->d;
    if (rows->single)
        return square_single((const float *)rows->x + row * d, centres->c_single + place * d, d);
    return square_real((const double *)rows->x + row * d, centres->c + place * d, d);
}

typedef double square_fn(const struct emp_rows *rows, size_t row, const struct emp_centres *centres,
                         size_t place);

static void nearest_row(square_fn *square, const struct emp_rows *rows,
                        const struct emp_centres *centres, size_t i, const struct emp_nearest *out)
{
    size_t best = 0;
    double least = INFINITY;
    for (size_t p = 0; p < centres->k; p++) {
        double found = square(rows, emp__row_at(rows, i), centres, p);
        best = found < least ? p : best;
        least = found < least ? found : least;
    }
    out->place[i] = (uint32_t)best;
    out->square[i] = least;
}

/* The gap of a group is made from its nearest centre but for the point's own. */
static void gaps_row(square_fn *square, const struct emp_rows *rows,
                     const struct emp_centres *centres, size_t i, const struct emp_nearest *out)
{
    size_t own = out->place[i];
    for (size_t g = 0; g < centres->groups; g++) {
        double other = INFINITY;
        for (size_t p = centres->begin[g]; p < centres->begin[g + 1]; p++) {
            double found = p == own ? INFINITY : square(rows, emp__row_at(rows, i), centres, p);
            other = found < other ? found : other;
        }
        out->gap[g * EMP_CLUSTER_STRIDE + i] = emp__gap(centres, out->square[i], other);
    }
}

static double square_rough(const struct emp_rows *rows, size_t row,
                           const struct emp_centres *centres, size_t place)
{
    float sum = 0;
    for (size_t j = 0; j < rows->d; j++) {
        double offset = (emp__row_value(rows, row, j) - centres->middle[j]) * centres->scale;
        float difference = (float)offset - centres->c_single[place * rows->d + j];
        sum = fmaf(difference, difference, sum);
    }
    return (double)sum;
}

static void nearest_plain(const struct emp_rows *rows, const struct emp_centres *centres,
                          const struct emp_nearest *out)
{
    for (size_t i = 0; i < rows->count; i++) {
        nearest_row(square_of, rows, centres, i, out);
        if (out->gap)
            gaps_row(square_of, rows, centres, i, out);
    }
}

static void rough_plain(const struct emp_rows *rows, const struct emp_centres *centres,
                        const struct emp_nearest *out)
{
    for (size_t i = 0; i < rows->count; i++) {
        nearest_row(square_rough, rows, centres, i, out);
        gaps_row(square_rough, rows, centres, i, out);
    }
}

static void squares_plain(const struct emp_rows *rows, const struct emp_centres *centres,
                          double *out)
{
    for (size_t p = 0; p < centres->k; p++)
        for (size_t i = 0; i < rows->count; i++)
            out[p * EMP_CLUSTER_STRIDE + i] = square_of(rows, emp__row_at(rows, i), centres, p);
}

static void own_squares_plain(const struct emp_rows *rows, const struct emp_centres *centres,
                              const uint32_t *place, double *out)
{
    for (size_t i = 0; i < rows->count; i++)
        out[i] = square_of(rows, emp__row_at(rows, i), centres, place[i]);
}

static void add_row(const struct emp_rows *rows, const struct emp_quantiser *quantiser, size_t row,
                    int sign, int64_t *values)
{
    double weight = rows->weight ? rows->weight[row] : 1;
    for (size_t j = 0; j < quantiser->d; j++) {
        double offset = emp__row_value(rows, row, j) - quantiser->middle[j];
        values[j] += sign * (int64_t)rint(weight * offset * quantiser->scale[j]);
    }
}

static void move_plain(const struct emp_rows *rows, const struct emp_quantiser *quantiser,
                       const uint32_t *from, const uint32_t *to, struct emp_sums *sums)
{
    size_t stride = emp__sums_stride(quantiser->d);
    for (size_t i = 0; i < rows->count; i++) {
        size_t row = emp__row_at(rows, i);
        int64_t weight = emp__quantised_weight(rows, row, quantiser->weight_scale);
        add_row(rows, quantiser, row, 1, sums->values + to[i] * stride);
        sums->weights[to[i]] += weight;
        if (from) {
            add_row(rows, quantiser, row, -1, sums->values + from[i] * stride);
            sums->weights[from[i]] -= weight;
        }
    }
}

static void range_plain(const struct emp_rows *rows, double *low, double *high)
{
    emp__range_rows(rows, low, high);
}

const struct emp_cluster_kernels emp__cluster_plain = {
    .name = "plain",
    .real = {nearest_plain, squares_plain, own_squares_plain},
    .single = {nearest_plain, squares_plain, own_squares_plain},
    .move = move_plain,
    .range = range_plain,
    .failing = emp__failing_plain,
    .note = emp__note_plain,
    .rough = rough_plain,
};
