// SPDX-License-Identifier: Apache-2.0
/* Which cases are to be measured, in which order: limits before what they are held against. */
#ifndef BENCH_PLAN_H
#define BENCH_PLAN_H

#include "bench_options.h"

struct bench_plan {
    struct bench_case *cases;
    size_t count;
    size_t capacity;
    const char *folder;
};

/*
 * The cases that the options ask for, and the limits that these need, with their files in `folder`,
 * which has to last as long. False if memory runs out; *out is to be freed in any case.
 */
bool bench_plan_make(const struct bench_options *options, const char *folder,
                     struct bench_plan *out);
void bench_plan_free(struct bench_plan *plan);

/* Whether two cases are the same benchmark, size and number of threads. */
bool bench_same_case(const struct bench_case *a, const struct bench_case *b);

#endif
