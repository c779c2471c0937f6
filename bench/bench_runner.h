// SPDX-License-Identifier: Apache-2.0
/* Runs one case in a process of its own: set up, warm up, time, verify. */
#ifndef BENCH_RUNNER_H
#define BENCH_RUNNER_H

#include "benchmark.h"

enum bench_outcome { BENCH_PASSED, BENCH_SKIPPED, BENCH_FAILED };

struct bench_result {
    struct bench_case c; /* items, bytes and flops of one run, those of all threads added up */
    enum bench_outcome outcome;
    int repeats;
    double median, minimum; /* seconds a run */
    double busy;            /* processors at work while the samples were taken, on average */
    uint64_t peak_memory;   /* bytes; 0: not told */
};

/* A case that crashes, fails or gives a wrong result is BENCH_FAILED, with c.message saying why. */
void bench_run(const struct bench_case *c, int repeats, struct bench_result *out);

#endif
