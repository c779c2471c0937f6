// SPDX-License-Identifier: Apache-2.0
/* The random numbers of a segmentation: each a function of (seed, purpose, number). */
#ifndef EMP_ANALYSIS_SEGMENT_DRAWS_H
#define EMP_ANALYSIS_SEGMENT_DRAWS_H

#include <stddef.h>
#include <stdint.h>

/* Purposes; the kernels in cluster/ have their own below these. */
enum emp_segment_draw {
    EMP_DRAW_FIT = 0x5E600000,
    EMP_DRAW_REFERENCES,
    EMP_DRAW_REFERENCE_FITS,
    EMP_DRAW_SAMPLE_FIT,
    EMP_DRAW_HALVES,
    EMP_DRAW_HALF_FITS,
};

/* A seed of its own for a fit. */
uint64_t emp__segment_seed(uint64_t seed, uint32_t purpose, uint64_t number);

/*
 * Marks floor(n / 2) of n items, any such set being as likely as another (selection sampling;
 * Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
 */
void emp__segment_draw_half(uint64_t seed, uint64_t number, size_t n, uint8_t *drawn);

#endif
