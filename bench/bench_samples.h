// SPDX-License-Identifier: Apache-2.0
/* The statistics of a few samples of time. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>

/* Sorts the samples, ascending, and returns their median; count > 0. */
double bench_median(double *samples, size_t count);

#endif
