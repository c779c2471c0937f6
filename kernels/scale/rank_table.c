// SPDX-License-Identifier: Apache-2.0
#include "scale/rank_table.h"

#include "scale/double_key.h"

/* How many of the sorted keys are below `key`. */
static size_t count_below(const uint64_t *sorted, size_t n, uint64_t key)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t count_distinct(const uint64_t *sorted, size_t n)
{
    size_t distinct = 1;
    for (size_t i = 1; i < n; i++)
        distinct += sorted[i] != sorted[i - 1];
    return distinct;
}

static double height_of(const uint64_t *sorted, size_t n, uint64_t key)
{
    size_t below = count_below(sorted, n, key);
    size_t reached = key == UINT64_MAX ? n : count_below(sorted, n, key + 1);
    return (double)(below + reached) / (2.0 * (double)n);
}

static size_t exact_table(const uint64_t *sorted, size_t n, double *knots, double *heights)
{
    size_t count = 0;
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && sorted[end] == sorted[first];)
            end++;
        knots[count] = emp__key_double(sorted[first]);
        heights[count++] = (double)(first + end) / (2.0 * (double)n);
    }
    return count;
}

size_t emp__rank_table(const uint64_t *sorted, size_t n, double *knots, double *heights)
{
    if (count_distinct(sorted, n) <= EMP_RANK_EXACT)
        return exact_table(sorted, n, knots, heights);
    size_t count = 0;
    uint64_t last = 0;
    for (size_t k = 0; k < EMP_RANK_KNOTS; k++) {
        uint64_t key = sorted[k * (n - 1) / (EMP_RANK_KNOTS - 1)];
        if (count > 0 && key == last)
            continue;
        knots[count] = emp__key_double(key);
        heights[count++] = height_of(sorted, n, key);
        last = key;
    }
    return count;
}

double emp__rank_at(const double *knots, const double *heights, size_t count, double x)
{
    if (x <= knots[0])
        return heights[0];
    size_t low = 0, high = count; /* knots[low] < x, and knots[high] is not, or is the end */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (knots[middle] < x)
            low = middle;
        else
            high = middle;
    }
    if (high == count)
        return heights[count - 1];
    double share = (x - knots[low]) / (knots[high] - knots[low]);
    double height = heights[low] + share * (heights[high] - heights[low]);
    return share < 1.0 && height < heights[high] ? height : heights[high];
}
