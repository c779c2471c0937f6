// SPDX-License-Identifier: Apache-2.0
#include "limits.h"

#include <string.h>

#include "benchmarks.h"

static const struct {
    const char *name, *benchmark;
    bool of_memory, of_flops;
} bounds[BENCH_BOUNDS] = {
    [BENCH_READ] = {"read", "limit/read", true, false},
    [BENCH_COPY] = {"copy", "limit/copy", true, false},
    [BENCH_FRESH] = {"fresh", "limit/fresh", true, false},
    [BENCH_WRITE] = {"write", "limit/write", false, false},
    [BENCH_GUNZIP] = {"gunzip", "limit/gunzip", false, false},
    [BENCH_UNZSTD] = {"unzstd", "limit/unzstd", false, false},
    [BENCH_DGEMM] = {"dgemm", "limit/dgemm", false, true},
    [BENCH_SGEMM] = {"sgemm", "limit/sgemm", false, true},
};

const char *bench_bound_name(enum bench_bound bound)
{
    return bounds[bound].name;
}

bool bench_bound_of_flops(enum bench_bound bound)
{
    return bounds[bound].of_flops;
}

bool bench_limit_of(const struct bench_case *c, struct bench_case *limit)
{
    enum bench_bound bound = c->benchmark->bound;
    *limit = (struct bench_case){.size = c->size, .threads = c->threads, .folder = c->folder};
    for (size_t i = 0; i < benchmark_count && bound != BENCH_UNBOUND; i++)
        if (strcmp(benchmarks[i].name, bounds[bound].benchmark) == 0)
            limit->benchmark = &benchmarks[i];
    /* What a stage works on is spread over memory, whatever the size of its input. */
    if (bounds[bound].of_memory && c->benchmark->body->sharing != BENCH_COPIES)
        limit->size = BENCH_LARGE;
    if (limit->benchmark && limit->benchmark->body->sharing == BENCH_SERIAL)
        limit->threads = 1;
    return limit->benchmark != NULL;
}
