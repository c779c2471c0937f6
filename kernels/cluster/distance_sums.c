// SPDX-License-Identifier: Apache-2.0
#include "cluster/distance_sums.h"

#include <math.h>
#include <string.h>

enum { LANES = EMP_DISTANCE_LANES };

void emp__distance_lanes(const double *points, size_t count, size_t d, double *lanes)
{
    for (size_t l = 0; l < LANES; l++) {
        const double *point = points + (l < count ? l : count - 1) * d;
        for (size_t f = 0; f < d; f++)
            lanes[f * LANES + l] = point[f];
    }
}

void emp__distance_sums_portable(const double *lanes, const struct emp_weighted_points *to,
                                 double *sums)
{
    for (size_t j = 0; j < to->count; j++) {
        const double *point = to->points + j * to->d;
        double squares[LANES] = {0.0};
        for (size_t f = 0; f < to->d; f++)
            for (size_t l = 0; l < LANES; l++) { /* compilers turn this loop into vector code */
                double difference = lanes[f * LANES + l] - point[f];
                squares[l] += difference * difference;
            }
        for (size_t l = 0; l < LANES; l++)
            sums[l] += to->weights[j] * sqrt(squares[l]);
    }
}

emp_distance_sums_fn *emp__distance_sums(const char *name)
{
#if defined(__x86_64__)
    if ((!name || strcmp(name, "avx2") == 0) && __builtin_cpu_supports("avx2"))
        return emp__distance_sums_avx2;
#endif
    return !name || strcmp(name, "portable") == 0 ? emp__distance_sums_portable : NULL;
}
