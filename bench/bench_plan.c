// SPDX-License-Identifier: Apache-2.0
#include "bench_plan.h"

#include <stdlib.h>

#include "base/memory.h"
#include "benchmarks.h"
#include "limits.h"

bool bench_same_case(const struct bench_case *a, const struct bench_case *b)
{
    return a->benchmark == b->benchmark && a->size == b->size && a->threads == b->threads;
}

/* Adds a case that is not there yet. */
static bool add(struct bench_plan *plan, const struct bench_case *asked)
{
    struct bench_case c = *asked;
    if (c.benchmark->body->sharing == BENCH_SERIAL)
        c.threads = 1;
    for (size_t i = 0; i < plan->count; i++)
        if (bench_same_case(&plan->cases[i], &c))
            return true;
    if (emp__grow_array(&plan->cases, &plan->capacity, plan->count + 1, sizeof *plan->cases,
                        NULL) != EMP_OK)
        return false;
    plan->cases[plan->count++] = c;
    return true;
}

static bool add_limit(struct bench_plan *plan, const struct bench_case *c)
{
    struct bench_case limit;
    return !bench_limit_of(c, &limit) || add(plan, &limit);
}

/* Calls `what` for every case that the options ask for. */
static bool for_each(const struct bench_options *options, struct bench_plan *plan,
                     bool (*what)(struct bench_plan *plan, const struct bench_case *c))
{
    for (size_t b = 0; b < benchmark_count; b++)
        for (int size = 0; size < BENCH_SIZES; size++)
            for (int t = 0; t < options->thread_count; t++) {
                struct bench_case c = {.benchmark = &benchmarks[b],
                                       .size = (enum bench_size)size,
                                       .threads = options->threads[t],
                                       .folder = plan->folder};
                if (options->sizes[size] && bench_options_ask_for(options, c.benchmark) &&
                    !what(plan, &c))
                    return false;
            }
    return true;
}

/* The limits of all cases first: then they are measured on a machine that is as it will be. */
bool bench_plan_make(const struct bench_options *options, const char *folder,
                     struct bench_plan *out)
{
    *out = (struct bench_plan){.folder = folder};
    return for_each(options, out, add_limit) && for_each(options, out, add);
}

void bench_plan_free(struct bench_plan *plan)
{
    free(plan->cases);
}
