// SPDX-License-Identifier: Apache-2.0
/*
 * Philox4x32-10 (see philox.h). A round multiplies the words 0 and 2 of the counter by M0 and M1
 * and mixes the high halves with the other words and the key; the key grows by W0, W1 (the golden
 * ratio and sqrt(3) - 1 in 32 bits) from round to round.
 */
#include "random/philox.h"

static const uint32_t multiplier0 = 0xD2511F53u, multiplier1 = 0xCD9E8D57u;
static const uint32_t weyl0 = 0x9E3779B9u, weyl1 = 0xBB67AE85u;

void emp__philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)multiplier0 * c0;
        uint64_t product1 = (uint64_t)multiplier1 * c2;
        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product0;
        k0 += weyl0;
        k1 += weyl1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

void emp__stream_open(struct emp_stream *out, uint64_t seed, uint32_t purpose, uint64_t subject)
{
    *out = (struct emp_stream){
        .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
        .counter = {0, purpose, (uint32_t)subject, (uint32_t)(subject >> 32)},
    };
}

uint64_t emp__stream_u64(struct emp_stream *stream)
{
    if (stream->has_spare) {
        stream->has_spare = false;
        return stream->spare;
    }
    uint32_t block[4];
    emp__philox4x32(stream->counter, stream->key, block);
    stream->counter[0]++;
    stream->spare = (uint64_t)block[3] << 32 | block[2];
    stream->has_spare = true;
    return (uint64_t)block[1] << 32 | block[0];
}

double emp__stream_uniform(struct emp_stream *stream)
{
    return ((double)(emp__stream_u64(stream) >> 12) + 0.5) * 0x1p-52;
}
