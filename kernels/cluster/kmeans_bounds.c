// SPDX-License-Identifier: Apache-2.0
#include "cluster/kmeans_bounds.h"

#include <math.h>

size_t emp__failing_plain(const struct emp_gaps *gaps, size_t count, uint32_t *at)
{
    size_t found = 0, groups = gaps->groups;
    for (size_t i = 0; i < count; i++) {
        const float *gap = gaps->gap + i * groups;
        const float *limit = gaps->limit + gaps->labels[i] * groups;
        int fails = 0;
        for (size_t g = 0; g < groups; g++)
            fails |= gap[g] < limit[g];
        at[found] = (uint32_t)i;
        found += (size_t)fails;
    }
    return found;
}

void emp__note_plain(const struct emp_rows *rows, const struct emp_nearest *found,
                     const struct emp_gaps *gaps)
{
    size_t groups = gaps->groups;
    for (size_t i = 0; i < rows->count && groups == 1; i++) {
        size_t at = emp__row_at(rows, i);
        gaps->gap[at] = emp__noted(found->gap[i], gaps->limit[gaps->labels[at]]);
    }
    for (size_t i = 0; i < rows->count && groups > 1; i++) {
        size_t at = emp__row_at(rows, i);
        const float *limit = gaps->limit + gaps->labels[at] * groups;
        for (size_t g = 0; g < groups; g++)
            gaps->gap[at * groups + g] =
                emp__noted(found->gap[g * EMP_CLUSTER_STRIDE + i], limit[g]);
    }
}

/* The greatest drift of the clusters in a group, and of those but for the first such one. */
struct greatest {
    size_t cluster;
    double drift, next;
};

static struct greatest greatest_of(const uint32_t *order, size_t begin, size_t end,
                                   const double *drift)
{
    struct greatest found = {SIZE_MAX, 0, 0};
    for (size_t p = begin; p < end; p++) {
        double moved = drift[order[p]];
        if (moved > found.drift)
            found = (struct greatest){order[p], moved, found.drift};
        else if (moved > found.next)
            found.next = moved;
    }
    return found;
}

void emp__bounds_move(struct emp_bounds *bounds, const struct emp_centres *centres,
                      const uint32_t *order, const double *drift)
{
    const double up = 1 + 0x1p-22, down = 1 - 0x1p-22, least = 0x1p-100;
    for (size_t g = 0; g < bounds->groups; g++) {
        struct greatest greatest =
            greatest_of(order, centres->begin[g], centres->begin[g + 1], drift);
        for (size_t c = 0; c < bounds->k; c++) {
            size_t i = c * bounds->groups + g;
            bounds->moved[i] += drift[c] + (greatest.cluster == c ? greatest.next : greatest.drift);
            bounds->above[i] = (float)(bounds->moved[i] * up + least);
            bounds->below[i] = (float)(bounds->moved[i] * down);
        }
    }
}

static double square(const double *a, const double *b, size_t d)
{
    double sum = 0;
    for (size_t j = 0; j < d; j++)
        sum += (a[j] - b[j]) * (a[j] - b[j]);
    return sum;
}

/* Of the clusters order[from .. k), moves the one with the least (or, sign -1, greatest) key there
 * to the front. */
static void bring_forward(uint32_t *order, size_t from, size_t k, const double *key, double sign)
{
    size_t best = from;
    for (size_t p = from + 1; p < k; p++)
        if (sign * key[order[p]] < sign * key[order[best]])
            best = p;
    uint32_t cluster = order[best];
    order[best] = order[from];
    order[from] = cluster;
}

void emp__bounds_group(const double *centres, size_t d, struct emp_centres *groups, uint32_t *order,
                       double *work)
{
    size_t k = groups->k, p = 0;
    for (size_t c = 0; c < k; c++) {
        order[c] = (uint32_t)c;
        work[c] = square(centres + c * d, centres, d);
    }
    groups->begin[0] = 0;
    for (size_t g = 0; g < groups->groups; g++) {
        size_t end = (g + 1) * k / groups->groups;
        if (p < end && groups->groups > 1) {
            bring_forward(order, p, k, work, -1);
            const double *first = centres + order[p] * d;
            for (size_t c = 0; c < k; c++)
                work[c] = square(centres + c * d, first, d);
            while (++p < end)
                bring_forward(order, p, k, work, 1);
        }
        p = end;
        groups->begin[g + 1] = (uint32_t)end;
    }
}
