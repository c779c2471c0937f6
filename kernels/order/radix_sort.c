// SPDX-License-Identifier: Apache-2.0
#include "order/radix_sort.h"

#include <string.h>

enum { DIGITS = 8, VALUES = 256, INSERTION_COUNT = 32 };

static void scatter(const uint64_t *keys, const uint32_t *values, uint64_t *to_keys,
                    uint32_t *to_values, size_t count, int digit, const size_t *histogram)
{
    size_t next[VALUES], sum = 0;
    for (int v = 0; v < VALUES; v++) {
        next[v] = sum;
        sum += histogram[v];
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = next[(keys[i] >> (8 * digit)) & 0xFF]++;
        to_keys[at] = keys[i];
        to_values[at] = values[i];
    }
}

static void count_digits(const uint64_t *keys, size_t count, size_t histograms[DIGITS][VALUES])
{
    memset(histograms, 0, sizeof(size_t) * DIGITS * VALUES);
    for (size_t i = 0; i < count; i++)
        for (int digit = 0; digit < DIGITS; digit++)
            histograms[digit][(keys[i] >> (8 * digit)) & 0xFF]++;
}

void emp__radix_sort(uint64_t *keys, uint32_t *values, uint64_t *spare_keys, uint32_t *spare_values,
                     size_t count)
{
    if (count <= INSERTION_COUNT) {
        emp__radix_sort_plain(keys, values, count);
        return;
    }
    size_t histograms[DIGITS][VALUES];
    count_digits(keys, count, histograms);
    uint64_t *from_keys = keys, *to_keys = spare_keys;
    uint32_t *from_values = values, *to_values = spare_values;
    for (int digit = 0; digit < DIGITS; digit++) {
        /* A digit that all keys share needs no pass. */
        if (histograms[digit][(from_keys[0] >> (8 * digit)) & 0xFF] == count)
            continue;
        scatter(from_keys, from_values, to_keys, to_values, count, digit, histograms[digit]);
        uint64_t *swap_keys = from_keys;
        uint32_t *swap_values = from_values;
        from_keys = to_keys;
        from_values = to_values;
        to_keys = swap_keys;
        to_values = swap_values;
    }
    if (from_keys != keys) {
        memcpy(keys, from_keys, count * sizeof *keys);
        memcpy(values, from_values, count * sizeof *values);
    }
}

void emp__radix_sort_plain(uint64_t *keys, uint32_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        uint32_t value = values[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--) {
            keys[at] = keys[at - 1];
            values[at] = values[at - 1];
        }
        keys[at] = key;
        values[at] = value;
    }
}
