// SPDX-License-Identifier: Apache-2.0
#include "cluster/elbow.h"

#include <math.h>

size_t emp__elbow(const uint32_t *k, const double *inertia, size_t count)
{
    const double rounding = 1e-12;
    size_t elbow = count, last = count - 1;
    if (count < 3 || !(inertia[0] > inertia[last]) || !isfinite(inertia[0] - inertia[last]))
        return count;
    double deepest = rounding;
    for (size_t i = 1; i < last; i++) {
        double x = (double)(k[i] - k[0]) / (double)(k[last] - k[0]);
        double y = (inertia[i] - inertia[last]) / (inertia[0] - inertia[last]);
        double depth = 1.0 - x - y; /* the distance to the chord x + y = 1, times sqrt(2) */
        if (!isfinite(depth))
            return count;
        if (depth > deepest) {
            deepest = depth;
            elbow = i;
        }
    }
    return elbow;
}
