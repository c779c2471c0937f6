// SPDX-License-Identifier: Apache-2.0
#include "order/bins.h"

#include "number/ratio.h"

size_t emp__cut_position(size_t n, int k, int bins, uint32_t *rest)
{
    emp_int128 h = (emp_int128)(n - 1) * k;
    *rest = (uint32_t)(h % bins);
    return (size_t)(h / bins);
}

void emp__bin_keys(const uint64_t *keys, size_t n, const uint64_t *cuts, size_t cut_count,
                   uint16_t *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t below = 0;
        for (size_t c = 0; c < cut_count; c++)
            below += cuts[c] < keys[i];
        out[i] = (uint16_t)below;
    }
}

void emp__bin_sorted_plain(const uint64_t *values, size_t n, int bins, bool by_rank, uint16_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint16_t bin = 1;
        for (int k = 1; k < bins; k++) {
            uint32_t rest;
            size_t cut = emp__cut_position(n, k, bins, &rest);
            bin = (uint16_t)(bin + (by_rank ? cut < i : values[cut] < values[i]));
        }
        out[i] = bin;
    }
}
