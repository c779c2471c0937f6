// SPDX-License-Identifier: Apache-2.0
#include "order/radix_sort.h"

#include <string.h>

enum { DIGITS_MAX = 8, DIGIT_BITS = 8, VALUES = 1 << DIGIT_BITS, INSERTION_COUNT = 32 };

/* The digits by which keys differ: digit d of a key is (key >> shift[d]) & 0xFF. */
struct digits {
    int count;
    int shift[DIGITS_MAX];
};

/* Bits that all keys share need no pass, so that each digit begins at one that they do not. */
static struct digits find_digits(const uint64_t *keys, size_t count)
{
    struct digits digits = {0};
    uint64_t differing = 0;
    for (size_t i = 1; i < count; i++)
        differing |= keys[i] ^ keys[0];
    while (differing != 0) {
        int shift = __builtin_ctzll(differing);
        digits.shift[digits.count++] = shift;
        differing &= ~((uint64_t)(VALUES - 1) << shift);
    }
    return digits;
}

static void count_digits(const uint64_t *keys, size_t count, const struct digits *digits,
                         size_t histograms[DIGITS_MAX][VALUES])
{
    memset(histograms, 0, sizeof(size_t) * (size_t)digits->count * VALUES);
    for (size_t i = 0; i < count; i++)
        for (int d = 0; d < digits->count; d++)
            histograms[d][(keys[i] >> digits->shift[d]) & (VALUES - 1)]++;
}

static void scatter(const uint64_t *keys, const uint32_t *values, uint64_t *to_keys,
                    uint32_t *to_values, size_t count, int shift, size_t *histogram)
{
    size_t *next = histogram, sum = 0;
    for (int v = 0; v < VALUES; v++) {
        size_t here = histogram[v];
        next[v] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++) {
        size_t at = next[(keys[i] >> shift) & (VALUES - 1)]++;
        to_keys[at] = keys[i];
        to_values[at] = values[i];
    }
}

void emp__radix_sort(uint64_t *keys, uint32_t *values, uint64_t *spare_keys, uint32_t *spare_values,
                     size_t count)
{
    if (count <= INSERTION_COUNT) {
        emp__radix_sort_plain(keys, values, count);
        return;
    }
    size_t histograms[DIGITS_MAX][VALUES];
    struct digits digits = find_digits(keys, count);
    count_digits(keys, count, &digits, histograms);
    uint64_t *from_keys = keys, *to_keys = spare_keys;
    uint32_t *from_values = values, *to_values = spare_values;
    for (int d = 0; d < digits.count; d++) {
        scatter(from_keys, from_values, to_keys, to_values, count, digits.shift[d], histograms[d]);
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
