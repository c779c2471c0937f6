// SPDX-License-Identifier: Apache-2.0
/*
 * Random numbers from a counter: Philox4x32-10 of Salmon, Moraes, Dror & Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011.
 *
 * A draw is a function of (seed, purpose, subject, index) and of nothing else: who asks first, on
 * which thread, and what else was drawn do not matter. The seed is the key of the cipher; the
 * counter holds the index of the block, the purpose and the subject (a customer, an order, a
 * restart). One block gives two 64-bit draws, so a stream has 2^33 of them before it repeats.
 * Integers only: the same numbers on every machine. Cost: about 40 integer operations a block.
 */
#ifndef EMP_RANDOM_PHILOX_H
#define EMP_RANDOM_PHILOX_H

#include <stdbool.h>
#include <stdint.h>

/* One block of the cipher: ten rounds. */
void emp__philox4x32(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The draws of one subject for one purpose, in order. Copying it copies its place. */
struct emp_stream {
    uint32_t key[2];
    uint32_t counter[4]; /* block index, purpose, subject (low, high) */
    uint64_t spare;      /* the second draw of the last block ... */
    bool has_spare;      /* ... while it was not taken */
};

void emp__stream_open(struct emp_stream *out, uint64_t seed, uint32_t purpose, uint64_t subject);

/* The next draw: 64 random bits. */
uint64_t emp__stream_u64(struct emp_stream *stream);

/* Uniform on the open interval (0, 1): (k + 1/2) 2^-52 for k of 52 random bits. */
double emp__stream_uniform(struct emp_stream *stream);

#endif
