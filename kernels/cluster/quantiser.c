// SPDX-License-Identifier: Apache-2.0
#include "cluster/quantiser.h"

#include <math.h>

enum { BITS = 50, SUM_BITS = 61, EXPONENT_MOST = 500 };

/* The power of two that makes sizes up to `bound` fit `bits` bits. */
static double scale_for(double bound, int bits)
{
    int exponent = 0;
    if (bound > 0)
        frexp(bound, &exponent);
    int scale = bits - exponent;
    return ldexp(1.0, scale > EXPONENT_MOST ? EXPONENT_MOST : scale);
}

double emp__quantiser_set(struct emp_quantiser *quantiser, const double *low, const double *high,
                          double heaviest, size_t n)
{
    int bits = BITS;
    while (bits > 0 && ((uint64_t)1 << (SUM_BITS - bits)) < (uint64_t)n + 1)
        bits--;
    double widest = 0, most = heaviest > 0 ? heaviest : 1;
    size_t stride = emp__sums_stride(quantiser->d);
    for (size_t j = 0; j < stride; j++) {
        bool is_column = j < quantiser->d;
        double half = is_column ? high[j] / 2 - low[j] / 2 : 0;
        widest = half > widest ? half : widest;
        quantiser->middle[j] = is_column ? high[j] / 2 + low[j] / 2 : 0;
        quantiser->scale[j] = is_column ? scale_for(half * most, bits) : 0;
    }
    quantiser->weight_scale = heaviest > 0 ? scale_for(heaviest, bits) : 1;
    return widest;
}

int64_t emp__quantised_weight(const struct emp_rows *rows, size_t row, double weight_scale)
{
    return rows->weight ? (int64_t)rint(rows->weight[row] * weight_scale) : 1;
}

double emp__sums_offset(const struct emp_quantiser *quantiser, const struct emp_sums *sums,
                        size_t cluster, size_t j)
{
    size_t stride = emp__sums_stride(quantiser->d);
    double mean = (double)sums->values[cluster * stride + j] / (double)sums->weights[cluster];
    return mean * (quantiser->weight_scale / quantiser->scale[j]);
}
