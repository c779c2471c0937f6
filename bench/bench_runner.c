// SPDX-License-Identifier: Apache-2.0
/*
 * A sample is the time of as many runs as take a few milliseconds; the thread that takes longest
 * counts. What prepares a run stands between two readings of the clock and is left out.
 */
#include "bench_runner.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/machine.h"
#include "bench_isolate.h"
#include "bench_memory.h"
#include "bench_samples.h"

struct measurement {
    const struct bench_body *body;
    struct bench_case *copies;
    int count; /* of the copies: each has a thread of its own */
    int repeats;
};

static const double sample_seconds = 0.005;

/* The seconds of `loops` runs of a copy. */
static bool time_copy(const struct bench_body *body, struct bench_case *c, long loops,
                      double *seconds)
{
    *seconds = 0.0;
    for (long i = 0; i < loops; i++) {
        if (body->prepare)
            body->prepare(c);
        double begin = emp__clock_seconds();
        if (!body->run(c))
            return false;
        *seconds += emp__clock_seconds() - begin;
    }
    return true;
}

/* The same of all copies at once, in one thread each. */
static bool time_copies(const struct measurement *m, long loops, double *seconds)
{
    if (m->count == 1)
        return time_copy(m->body, &m->copies[0], loops, seconds);
    double slowest = 0.0;
    int failed = 0;
#pragma omp parallel num_threads(m->count) reduction(max : slowest) reduction(+ : failed)
    {
        failed += !time_copy(m->body, &m->copies[omp_get_thread_num()], loops, &slowest);
    }
    *seconds = slowest;
    return failed == 0;
}

/* Each copy is set up by the thread that will run it, so its memory is near. */
static bool set_up(const struct measurement *m)
{
    if (m->count == 1)
        return m->body->setup(&m->copies[0]);
    int failed = 0;
#pragma omp parallel num_threads(m->count) reduction(+ : failed)
    {
        failed += !m->body->setup(&m->copies[omp_get_thread_num()]);
    }
    return failed == 0;
}

static bool take_samples(const struct measurement *m, double *samples, struct bench_result *out)
{
    double seconds = 0.0;
    /* Warm-up: the first run finds everything cold, the second tells how long one takes. */
    for (int i = 0; i < 2; i++)
        if (!time_copies(m, 1, &seconds))
            return false;
    long loops = seconds >= sample_seconds ? 1 : (long)ceil(sample_seconds / (seconds + 1e-7));
    bench_memory_reset();
    double clock = emp__clock_seconds(), processor = emp__processor_seconds();
    for (int i = 0; i < m->repeats; i++) {
        if (!time_copies(m, loops, &samples[i]))
            return false;
        samples[i] /= (double)loops;
    }
    out->busy = (emp__processor_seconds() - processor) / (emp__clock_seconds() - clock);
    if (m->body->memory)
        out->peak_memory = bench_memory_peak();
    out->median = bench_median(samples, (size_t)m->repeats);
    out->minimum = samples[0]; /* sorted now */
    return true;
}

/* The first copy that has something to say speaks for all. */
static void conclude(const struct measurement *m, bool passed, struct bench_result *out)
{
    out->c = m->copies[0];
    for (int i = 1; i < m->count; i++) {
        out->c.items += m->copies[i].items;
        out->c.bytes += m->copies[i].bytes;
        out->c.flops += m->copies[i].flops;
        if (out->c.message[0] == '\0') {
            memcpy(out->c.message, m->copies[i].message, sizeof out->c.message);
            out->c.skipped = m->copies[i].skipped;
        }
    }
    out->outcome = passed ? BENCH_PASSED : out->c.skipped ? BENCH_SKIPPED : BENCH_FAILED;
}

static void measure(const struct measurement *m, double *samples, struct bench_result *out)
{
    bool passed = set_up(m) && take_samples(m, samples, out);
    for (int i = 0; i < m->count && passed; i++)
        passed = m->body->verify(&m->copies[i]);
    conclude(m, passed, out);
    for (int i = 0; i < m->count; i++)
        m->body->teardown(&m->copies[i]);
}

/* What the process of a case does. */
struct order {
    const struct bench_case *c;
    int repeats;
};

static void measure_case(void *user, void *result)
{
    const struct order *order = user;
    struct bench_result *out = result;
    struct measurement m = {.body = order->c->benchmark->body, .repeats = order->repeats};
    m.count = m.body->sharing == BENCH_COPIES ? order->c->threads : 1;
    m.copies = calloc((size_t)m.count, sizeof *m.copies);
    double *samples = calloc((size_t)m.repeats, sizeof *samples);
    if (!m.copies || !samples) {
        bench_fail(&out->c, "no memory");
    } else {
        for (int i = 0; i < m.count; i++)
            m.copies[i] = *order->c;
        measure(&m, samples, out);
    }
    free(m.copies);
    free(samples);
}

void bench_run(const struct bench_case *c, int repeats, struct bench_result *out)
{
    struct order order = {.c = c, .repeats = repeats};
    *out = (struct bench_result){.c = *c, .outcome = BENCH_FAILED, .repeats = repeats};
    if (!bench_isolated(measure_case, &order, out, sizeof *out)) {
        *out = (struct bench_result){.c = *c, .outcome = BENCH_FAILED, .repeats = repeats};
        bench_fail(&out->c, "its process ended before it was done");
    }
    /* The data were the other process's. */
    out->c.state = NULL;
}
