// SPDX-License-Identifier: Apache-2.0
/* The table of clustering kernels, from the slowest to the fastest; and the margins of gaps. */
#include "cluster/nearest.h"

#include <math.h>
#include <string.h>

static bool runs_everywhere(void)
{
    return true;
}

#if defined(__x86_64__)
static bool runs_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}
#endif

static const struct {
    const struct emp_cluster_kernels *kernels;
    bool (*runs_here)(void);
} variants[] = {
    {&emp__cluster_plain, runs_everywhere},
#if defined(__x86_64__)
    {&emp__cluster_avx2, runs_avx2},
#endif
};

const struct emp_cluster_kernels *emp__cluster_kernels(const char *name)
{
    for (size_t i = sizeof variants / sizeof *variants; i-- > 0;) {
        const struct emp_cluster_kernels *kernels = variants[i].kernels;
        if ((!name || strcmp(name, kernels->name) == 0) && variants[i].runs_here())
            return kernels;
    }
    return NULL;
}

void emp__centres_margins(struct emp_centres *centres, double size, bool single)
{
    /* 2^-21 covers the operations in float, four of them with 2^-24 each, twice; the rest is
     * eight times (d + 4) / 2 times the roundoff, the error of a distance. */
    double terms = (double)centres->d + 4;
    double relative = 0x1p-21 + terms * (single ? 0x1p-22 : 0x1p-51);
    int exponent = 0;
    if (size > 0)
        frexp(size, &exponent);
    exponent = exponent < -500 ? -500 : exponent;
    /* The square root of d times the least square, in units; and of what vanishes in float. */
    double least = ldexp(sqrt(terms), (single ? -72 : -535) - exponent);
    centres->unit = ldexp(1.0, -2 * exponent);
    centres->above = (float)(1.0 + relative);
    centres->below = (float)fmax(1.0 - relative, 0.0);
    centres->tiny = (float)(0x1p-69 + least);
}

void emp__rough_margins(struct emp_centres *centres, const double *middle, double scale)
{
    double terms = (double)centres->d + 4, relative = 0x1p-21 + terms * 0x1p-22;
    centres->middle = middle;
    centres->scale = scale;
    centres->unit = 1;
    centres->above = (float)(1 + relative);
    centres->below = (float)fmax(1 - relative, 0);
    centres->tiny = (float)(0x1p-21 * sqrt(terms));
}

float emp__gap(const struct emp_centres *centres, double own, double other)
{
    double least = other * centres->unit;
    float far = (float)(least < EMP_GAP_MOST ? least : EMP_GAP_MOST);
    float low = sqrtf(far) * centres->below;
    float high = sqrtf((float)(own * centres->unit)) * centres->above;
    return low - high - centres->tiny;
}
