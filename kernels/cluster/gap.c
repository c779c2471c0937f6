// SPDX-License-Identifier: Apache-2.0
#include "cluster/gap.h"

#include <math.h>

#include "random/philox.h"
#include "random/portable_math.h"

void emp__box_of(const double *points, size_t n, const struct emp_box *box)
{
    for (size_t f = 0; f < box->d; f++)
        box->low[f] = box->high[f] = points[f];
    for (size_t i = 1; i < n; i++)
        for (size_t f = 0; f < box->d; f++) {
            double value = points[i * box->d + f];
            if (value < box->low[f])
                box->low[f] = value;
            if (value > box->high[f])
                box->high[f] = value;
        }
}

/* A row is the subject of a stream of its own; its columns are the draws, in order. */
static void draw_point(const struct emp_reference_set *set, const struct emp_box *box, size_t row,
                       double *point)
{
    struct emp_stream stream;
    emp__stream_open(&stream, set->seed, set->purpose, (uint64_t)set->set << 32 | row);
    for (size_t f = 0; f < box->d; f++) {
        double width = box->high[f] - box->low[f];
        double value = box->low[f] + width * emp__stream_uniform(&stream);
        point[f] = value < box->high[f] ? value : box->high[f]; /* the sum may round beyond it */
    }
}

void emp__reference_points(const struct emp_reference_set *set, const struct emp_box *box, size_t n,
                           int threads, double *points)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (size_t row = 0; row < n; row++)
        draw_point(set, box, row, points + row * box->d);
}

static double log_or_none(double within)
{
    return within > 0.0 && isfinite(within) ? emp__log(within) : NAN;
}

struct emp_gap emp__gap_statistic(double within, const double *reference_within, size_t count)
{
    double sum = 0.0, squares = 0.0, b = (double)count;
    for (size_t i = 0; i < count; i++)
        sum += log_or_none(reference_within[i]);
    double mean = sum / b, gap = mean - log_or_none(within);
    if (isnan(gap))
        return (struct emp_gap){NAN, NAN};
    for (size_t i = 0; i < count; i++) {
        double deviation = emp__log(reference_within[i]) - mean;
        squares += deviation * deviation;
    }
    return (struct emp_gap){gap, sqrt(squares / b) * sqrt(1.0 + 1.0 / b)};
}

size_t emp__gap_choose(const struct emp_gap *gaps, size_t count)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (gaps[i].gap >= gaps[i + 1].gap - gaps[i + 1].standard_error)
            return i;
    return count;
}
