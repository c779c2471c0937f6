// SPDX-License-Identifier: Apache-2.0
#include "evaluate/spearman.h"

#include <math.h>

#include "number/ratio.h"
#include "order/radix_sort.h"
#include "scale/double_key.h"

size_t emp__spearman_work(size_t n)
{
    return n * (2 * sizeof(uint64_t) + 4 * sizeof(uint32_t));
}

struct workspace {
    uint64_t *keys, *spare_keys;
    uint32_t *order, *spare_order;
};

/* Twice the rank of each value, counted from 1; equal ones have the mean of theirs. */
static void rank(const double *values, size_t n, const struct workspace *work, uint32_t *ranks)
{
    for (size_t i = 0; i < n; i++) {
        work->keys[i] = emp__double_key(values[i]);
        work->order[i] = (uint32_t)i;
    }
    emp__radix_sort(work->keys, work->order, work->spare_keys, work->spare_order, n);
    for (size_t first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && work->keys[end] == work->keys[first])
            end++;
        for (size_t i = first; i < end; i++)
            ranks[work->order[i]] = (uint32_t)(first + 1 + end);
    }
}

double emp__spearman(const double *one, const double *other, size_t n, void *work)
{
    uint64_t *keys = work;
    uint32_t *small = (uint32_t *)(keys + 2 * n);
    const struct workspace space = {keys, keys + n, small, small + n};
    uint32_t *a = small + 2 * n, *b = small + 3 * n;
    emp_int128 products = 0, squares_a = 0, squares_b = 0, mean = (emp_int128)n + 1;
    rank(one, n, &space, a);
    rank(other, n, &space, b);
    for (size_t i = 0; i < n; i++) {
        emp_int128 x = a[i] - mean, y = b[i] - mean;
        products += x * y;
        squares_a += x * x;
        squares_b += y * y;
    }
    if (squares_a == 0 || squares_b == 0)
        return NAN;
    return (double)products / (sqrt((double)squares_a) * sqrt((double)squares_b));
}
