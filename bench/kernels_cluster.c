// SPDX-License-Identifier: Apache-2.0
/*
 * k-means: points around k places, noisy enough to overlap. The variant is columns/centres, and
 * what else is asked for.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "cluster/kmeans.h"
#include "cluster/kmeans_seed.h"
#include "cluster/minibatch.h"

enum { ITERATIONS_MOST = 100 };

struct clustering {
    struct emp_points points;
    struct emp_kmeans_options options;
    struct emp_minibatch_options batches;
    struct emp_seed_options seeding;
    void *x, *workspace;
    double *start, *centres;
    uint32_t *labels, *expected;
};

/* Of two numbers of 32 bits: noise with a triangular density on -1 .. 1. */
static double noise(struct emp_stream *stream)
{
    uint64_t draw = emp__stream_u64(stream);
    return ((double)(draw >> 32) + (double)(uint32_t)draw) * 0x1p-32 - 1;
}

static void put(const struct clustering *m, size_t i, double value)
{
    if (m->points.single)
        ((float *)m->x)[i] = (float)value;
    else
        ((double *)m->x)[i] = value;
}

static double value_at(const struct clustering *m, size_t i)
{
    return m->points.single ? (double)((const float *)m->x)[i] : ((const double *)m->x)[i];
}

/* The centres to start from are the first k points. */
static void fill(struct clustering *m)
{
    size_t d = m->points.d, k = m->options.k;
    struct emp_stream stream = bench_stream();
    double *places = m->centres;
    for (size_t i = 0; i < k * d; i++)
        places[i] = noise(&stream);
    for (size_t i = 0; i < m->points.n; i++) {
        const double *place = places + bench_below(&stream, k) * d;
        for (size_t j = 0; j < d; j++)
            put(m, i * d + j, place[j] + noise(&stream));
    }
    for (size_t i = 0; i < k * d; i++)
        m->start[i] = value_at(m, i);
}

/* "d/k", with "-plain" or "-single" behind it: d columns, k centres, and in float. */
static struct clustering *clustering_new(struct bench_case *c, int threads)
{
    struct clustering *m = c->state = bench_alloc(c, 1, sizeof *m);
    const char *variant = c->benchmark->variant;
    unsigned d = 0, k = 0;
    if (!m || sscanf(variant, "%u/%u", &d, &k) != 2)
        return NULL;
    size_t size = strstr(variant, "single") ? sizeof(float) : sizeof(double);
    m->points = (struct emp_points){.d = d, .single = size == sizeof(float)};
    m->points.n = bench_bytes(c->size) / (d * size);
    m->options =
        (struct emp_kmeans_options){.k = k, .threads = threads, .max_iterations = ITERATIONS_MOST};
    m->options.kernels = strstr(variant, "plain") ? &emp__cluster_plain : NULL;
    m->points.x = m->x = bench_alloc(c, m->points.n * d, size);
    m->start = bench_alloc(c, (size_t)k * d, sizeof *m->start);
    m->centres = bench_alloc(c, (size_t)k * d, sizeof *m->centres);
    m->labels = bench_alloc(c, m->points.n, sizeof *m->labels);
    m->expected = bench_alloc(c, m->points.n, sizeof *m->expected);
    if (!m->x || !m->start || !m->centres || !m->labels || !m->expected)
        return NULL;
    fill(m);
    c->items = (double)m->points.n;
    return m;
}

static void clustering_teardown(struct bench_case *c)
{
    struct clustering *m = c->state;
    if (m) {
        free(m->x);
        free(m->workspace);
        free(m->start);
        free(m->centres);
        free(m->labels);
        free(m->expected);
    }
    free(m);
}

/* One pass of labels. The points are read: 8 d bytes each. A product of matrices, by which others
 * do it, takes 2 k d flops a point. */
static bool assign_setup(struct bench_case *c)
{
    struct clustering *m = clustering_new(c, 1);
    if (!m)
        return false;
    size_t d = m->points.d, size = m->points.single ? sizeof(float) : sizeof(double);
    m->workspace = bench_alloc(c, emp__kmeans_label_workspace(&m->points, &m->options), 1);
    c->bytes = c->items * (double)(d * size);
    c->flops = c->items * 2 * (double)(d * m->options.k);
    return m->workspace != NULL;
}

static bool assign_run(struct bench_case *c)
{
    struct clustering *m = c->state;
    emp__kmeans_label(&m->points, &m->options, m->start, m->labels, NULL, m->workspace);
    return true;
}

/* The first points and the last ones, as many as the plain kernel does in no time. */
static bool assign_verify(struct bench_case *c)
{
    enum { SOME = 20000 };
    struct clustering *m = c->state;
    size_t n = m->points.n, count = n < SOME ? n : SOME;
    struct emp_kmeans_options plain = m->options;
    plain.kernels = &emp__cluster_plain;
    for (size_t from = 0; from <= n - count; from += n > count ? n - count : n + 1) {
        struct emp_points some = m->points;
        some.x = emp__point(&m->points, from);
        some.n = count;
        emp__kmeans_label(&some, &plain, m->start, m->expected, NULL, m->workspace);
        if (memcmp(m->labels + from, m->expected, count * sizeof *m->labels) != 0)
            return bench_fail(c, "labels from %zu on differ from the plain kernel's", from);
    }
    return true;
}

const struct bench_body bench_assign = {.setup = assign_setup,
                                        .run = assign_run,
                                        .verify = assign_verify,
                                        .teardown = clustering_teardown};

/* A whole fit. Three passes over the points cannot be saved: the range, the first labels, the
 * inertia at the end. */
static bool fit_setup(struct bench_case *c)
{
    struct clustering *m = clustering_new(c, c->threads);
    if (!m)
        return false;
    m->workspace = bench_alloc(c, emp__kmeans_workspace(&m->points, &m->options), 1);
    c->bytes = c->items * 3 * (double)m->points.d * (m->points.single ? 4 : 8);
    return m->workspace != NULL;
}

/* Returns the inertia. */
static double fit(struct clustering *m, enum emp_kmeans_algorithm algorithm, uint32_t *labels)
{
    struct emp_kmeans_options options = m->options;
    struct emp_kmeans *state;
    options.algorithm = algorithm;
    if (emp__kmeans_begin(&m->points, &options, m->start, labels, m->workspace, &state) !=
        EMP_KMEANS_RUNNING)
        return INFINITY;
    while (emp__kmeans_step(state) == EMP_KMEANS_RUNNING)
        continue;
    return emp__kmeans_finish(state, m->centres, NULL);
}

static bool fit_run(struct bench_case *c)
{
    struct clustering *m = c->state;
    fit(m, EMP_KMEANS_AUTO, m->labels);
    return true;
}

static bool fit_verify(struct bench_case *c)
{
    struct clustering *m = c->state;
    fit(m, EMP_KMEANS_PLAIN, m->expected);
    return memcmp(m->labels, m->expected, m->points.n * sizeof *m->labels) == 0 ||
           bench_fail(c, "the labels are not those of the plain algorithm");
}

const struct bench_body bench_fit = {.setup = fit_setup,
                                     .run = fit_run,
                                     .verify = fit_verify,
                                     .teardown = clustering_teardown,
                                     .sharing = BENCH_SHARED};

/* Mini-batches, and the pass of labels that follows: the one that cannot be saved. */
static bool minibatch_setup(struct bench_case *c)
{
    enum { BATCH = 4096 };
    struct clustering *m = clustering_new(c, c->threads);
    if (!m)
        return false;
    m->batches = (struct emp_minibatch_options){.k = m->options.k,
                                                .batch = BATCH,
                                                .threads = c->threads,
                                                .max_passes = ITERATIONS_MOST,
                                                .tolerance = 1e-6};
    /* Of a fit of Lloyd's, for the comparison; the others take no more. */
    size_t lloyd = emp__kmeans_workspace(&m->points, &m->options);
    size_t batches = emp__minibatch_workspace(&m->points, &m->batches);
    m->workspace = bench_alloc(c, lloyd > batches ? lloyd : batches, 1);
    c->bytes = c->items * (double)m->points.d * (m->points.single ? 4 : 8);
    return m->workspace != NULL;
}

/* Returns the inertia. */
static double fit_batches(struct clustering *m, const struct emp_minibatch_options *options)
{
    size_t bytes = m->options.k * m->points.d * sizeof *m->centres;
    struct emp_minibatch *state = emp__minibatch_begin(&m->points, options, m->start, m->workspace);
    while (emp__minibatch_step(state) == EMP_KMEANS_RUNNING)
        continue;
    memcpy(m->centres, emp__minibatch_centres(state), bytes);
    return emp__kmeans_label(&m->points, &m->options, m->centres, m->labels, NULL, m->workspace);
}

static bool minibatch_run(struct bench_case *c)
{
    struct clustering *m = c->state;
    fit_batches(m, &m->batches);
    return true;
}

/* The same labels with the plain kernels on another number of threads; and an inertia that is not
 * far from Lloyd's, although both may end in other places. */
static bool minibatch_verify(struct bench_case *c)
{
    const double most = 1.25;
    struct clustering *m = c->state;
    struct emp_minibatch_options plain = m->batches;
    plain.kernels = &emp__cluster_plain;
    plain.threads = c->threads == 1 ? 1 : c->threads - 1;
    memcpy(m->expected, m->labels, m->points.n * sizeof *m->labels);
    double inertia = fit_batches(m, &plain);
    if (memcmp(m->labels, m->expected, m->points.n * sizeof *m->labels) != 0)
        return bench_fail(c, "the labels are not those of the plain kernels");
    double best = fit(m, EMP_KMEANS_AUTO, m->expected);
    return inertia <= most * best ||
           bench_fail(c, "an inertia of %g, where Lloyd's is %g", inertia, best);
}

const struct bench_body bench_minibatch = {.setup = minibatch_setup,
                                           .run = minibatch_run,
                                           .verify = minibatch_verify,
                                           .teardown = clustering_teardown,
                                           .sharing = BENCH_SHARED};

/* Greedy k-means++: k passes over the points. */
static bool seed_setup(struct bench_case *c)
{
    struct clustering *m = clustering_new(c, c->threads);
    if (!m)
        return false;
    m->seeding = (struct emp_seed_options){
        .k = m->options.k, .threads = c->threads, .method = EMP_SEEDING_PLUSPLUS};
    m->workspace = bench_alloc(c, emp__kmeans_seed_workspace(&m->points, &m->seeding), 1);
    c->bytes = c->items * (double)(m->points.d * sizeof(double) * m->options.k);
    return m->workspace != NULL;
}

static bool seed_run(struct bench_case *c)
{
    struct clustering *m = c->state;
    emp__kmeans_seed(&m->points, &m->seeding, m->start, m->workspace);
    return true;
}

/* The same on another number of threads. */
static bool seed_verify(struct bench_case *c)
{
    struct clustering *m = c->state;
    size_t bytes = m->options.k * m->points.d * sizeof *m->centres;
    m->seeding.threads = c->threads == 1 ? 1 : c->threads - 1;
    emp__kmeans_seed(&m->points, &m->seeding, m->centres, m->workspace);
    m->seeding.threads = c->threads;
    return memcmp(m->centres, m->start, bytes) == 0 || bench_fail(c, "other centres");
}

const struct bench_body bench_seed = {.setup = seed_setup,
                                      .run = seed_run,
                                      .verify = seed_verify,
                                      .teardown = clustering_teardown,
                                      .sharing = BENCH_SHARED};
