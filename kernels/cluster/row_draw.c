// SPDX-License-Identifier: Apache-2.0
#include "cluster/row_draw.h"

#include <string.h>

#include "random/philox.h"

/* floor(u n) for u = draw 2^-64. */
static uint64_t scaled(uint64_t draw, uint64_t n)
{
    return ((draw >> 32) * n + ((draw & UINT32_MAX) * n >> 32)) >> 32;
}

void emp__draw_rows(const struct emp_row_draw *draw, size_t block, uint32_t *rows)
{
    struct emp_stream stream;
    size_t first = block * EMP_CLUSTER_ROWS, count = emp__block_rows(draw->count, block);
    emp__stream_open(&stream, draw->seed, draw->purpose, draw->subject + block);
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint32_t)(((first + i) * draw->n + scaled(emp__stream_u64(&stream), draw->n)) /
                             draw->count);
}

void emp__gather_rows(const struct emp_points *points, const uint32_t *rows, size_t count, void *x,
                      double *weight)
{
    size_t bytes = points->d * (points->single ? sizeof(float) : sizeof(double));
    struct emp_rows drawn = {
        .x = points->x, .single = points->single, .d = points->d, .at = rows, .count = count};
    emp__rows_prefetch(&drawn, 0, EMP_ROWS_AHEAD);
    for (size_t i = 0; i < count; i++) {
        emp__rows_prefetch(&drawn, i + EMP_ROWS_AHEAD, 1);
        memcpy((char *)x + i * bytes, (const char *)points->x + rows[i] * bytes, bytes);
        if (points->weight)
            weight[i] = points->weight[rows[i]];
    }
}
