// SPDX-License-Identifier: Apache-2.0
#include "bench_samples.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double bench_median(double *samples, size_t count)
{
    qsort(samples, count, sizeof *samples, compare);
    double upper = samples[count / 2];
    return count % 2 ? upper : 0.5 * (samples[count / 2 - 1] + upper);
}
