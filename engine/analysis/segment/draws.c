// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment/draws.h"

#include "random/philox.h"

uint64_t emp__segment_seed(uint64_t seed, uint32_t purpose, uint64_t number)
{
    struct emp_stream stream;
    emp__stream_open(&stream, seed, purpose, number);
    return emp__stream_u64(&stream);
}

void emp__segment_draw_half(uint64_t seed, uint64_t number, size_t n, uint8_t *drawn)
{
    struct emp_stream stream;
    size_t wanted = n / 2;
    emp__stream_open(&stream, seed, EMP_DRAW_HALVES, number);
    for (size_t i = 0; i < n; i++) {
        drawn[i] = emp__stream_uniform(&stream) * (double)(n - i) < (double)wanted;
        wanted -= drawn[i];
    }
}
