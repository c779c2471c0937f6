// SPDX-License-Identifier: Apache-2.0
#include "features/column_moments.h"

#include <math.h>

#include "base/blocks.h"
#include "scale/moments.h"

/* One pass over the column: a pair of partial results for each block. */
struct pass {
    const double *x;
    size_t blocks;
    double unit, centre;
    double *partial;
};

size_t emp__moments_workspace(size_t n)
{
    return 2 * (n / EMP_MOMENT_BLOCK + 1);
}

static double *partial_of(const struct pass *pass, size_t first)
{
    return pass->partial + first / EMP_MOMENT_BLOCK * 2;
}

static void range_of_block(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    const struct pass *pass = user;
    struct emp_extremes extremes = emp__extremes(pass->x + first, count);
    partial_of(pass, first)[0] = extremes.least;
    partial_of(pass, first)[1] = extremes.greatest;
}

static void sum_block(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    const struct pass *pass = user;
    partial_of(pass, first)[0] = emp__sum(pass->x + first, count, pass->unit);
}

static void deviations_of_block(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    const struct pass *pass = user;
    struct emp_deviations deviations =
        emp__sum_deviations(pass->x + first, count, pass->unit, pass->centre);
    partial_of(pass, first)[0] = deviations.sum;
    partial_of(pass, first)[1] = deviations.squares;
}

static double add_partials(const struct pass *pass, size_t which)
{
    double sum = 0.0;
    for (size_t i = 0; i < pass->blocks; i++)
        sum += pass->partial[2 * i + which];
    return sum;
}

static struct emp_extremes join_ranges(const struct pass *pass)
{
    struct emp_extremes all = {.least = pass->partial[0], .greatest = pass->partial[1]};
    for (size_t i = 1; i < pass->blocks; i++) {
        all.least = fmin(all.least, pass->partial[2 * i]);
        all.greatest = fmax(all.greatest, pass->partial[2 * i + 1]);
    }
    return all;
}

struct emp_moments emp__column_moments(const double *x, size_t n, int threads, double *workspace)
{
    const double count = (double)n;
    struct pass pass = {.x = x, .partial = workspace};
    pass.blocks = (n + EMP_MOMENT_BLOCK - 1) / EMP_MOMENT_BLOCK;

    emp__blocks(threads, n, EMP_MOMENT_BLOCK, range_of_block, &pass);
    struct emp_extremes range = join_ranges(&pass);
    if (range.least == range.greatest)
        return (struct emp_moments){range.least, range.greatest, range.least, 0.0};
    pass.unit = emp__unit(fmax(fabs(range.least), fabs(range.greatest)));
    emp__blocks(threads, n, EMP_MOMENT_BLOCK, sum_block, &pass);
    pass.centre = add_partials(&pass, 0) / count;
    emp__blocks(threads, n, EMP_MOMENT_BLOCK, deviations_of_block, &pass);
    double sum = add_partials(&pass, 0), squares = add_partials(&pass, 1);
    double mean = (pass.centre + sum / count) / pass.unit;
    double variance = (squares - sum * sum / count) / count;
    return (struct emp_moments){
        .least = range.least,
        .greatest = range.greatest,
        .mean = fmin(fmax(mean, range.least), range.greatest),
        .deviation = sqrt(fmax(variance, 0.0)) / pass.unit,
    };
}
