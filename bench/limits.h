// SPDX-License-Identifier: Apache-2.0
/*
 * The limits of the machine: which of them a case is held against. A limit is a benchmark like any
 * other, measured first.
 */
#ifndef BENCH_LIMITS_H
#define BENCH_LIMITS_H

#include "benchmark.h"

/* The name of a bound ("read"), or NULL for BENCH_UNBOUND; and whether it is one of flops. */
const char *bench_bound_name(enum bench_bound bound);
bool bench_bound_of_flops(enum bench_bound bound);

/*
 * The limit of a case, as a case to be measured (benchmark, size, threads): of memory, with as many
 * bytes in use as the kernel has, so that data in the cache are held against the cache; stages are
 * held against memory itself. False if the case has none.
 */
bool bench_limit_of(const struct bench_case *c, struct bench_case *limit);

#endif
