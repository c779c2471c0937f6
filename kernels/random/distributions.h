// SPDX-License-Identifier: Apache-2.0
/*
 * Draws from the distributions of the field, from a stream of philox.h and the functions of
 * portable_math.h: the same bits on every machine. How many uniforms a draw takes may vary, so
 * draws for different purposes belong on different streams.
 */
#ifndef EMP_RANDOM_DISTRIBUTIONS_H
#define EMP_RANDOM_DISTRIBUTIONS_H

#include <stdint.h>

#include "random/philox.h"

/* Mean 1; always above 0. */
double emp__stream_exponential(struct emp_stream *stream);

/* Mean 0, variance 1. */
double emp__stream_normal(struct emp_stream *stream);

/* Scale 1, so mean = variance = shape; shape > 0. May be 0 where a small shape underflows. */
double emp__stream_gamma(struct emp_stream *stream, double shape);

/* The logarithm of a gamma draw; finite however small the shape (>= 1e-300). */
double emp__stream_log_gamma(struct emp_stream *stream, double shape);

/* Mean a / (a + b), in [0, 1]; a, b > 0. */
double emp__stream_beta(struct emp_stream *stream, double a, double b);

/* Failures before the first success: P(n) = p (1 - p)^n, 0 <= p <= 1; at most 2^53. */
uint64_t emp__stream_geometric(struct emp_stream *stream, double p);

/* Mean >= 0, finite. Takes O(mean) uniforms: meant for small means. */
uint64_t emp__stream_poisson(struct emp_stream *stream, double mean);

/*
 * A categorical distribution over 0..count-1 for draws in constant time (Walker 1977, in the form
 * of Vose 1991): a draw picks a cell and keeps it with probability accept[cell], or takes
 * alias[cell].
 */
struct emp_alias {
    uint32_t count;
    const double *accept;  /* count */
    const uint32_t *alias; /* count */
};

/*
 * Fills `accept` and `alias` (`count` each) from weights >= 0 with a positive finite sum; `work`
 * holds `count` numbers. O(count).
 */
void emp__alias_build(const double *weights, uint32_t count, double *accept, uint32_t *alias,
                      uint32_t *work);

uint32_t emp__alias_draw(struct emp_stream *stream, const struct emp_alias *table);

/* Zipf's weights k^-exponent for k = 1..count. */
void emp__zipf_weights(double exponent, uint32_t count, double *weights);

#endif
