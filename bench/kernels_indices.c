// SPDX-License-Identifier: Apache-2.0
/*
 * The silhouette: 1,000, 10,000 or 30,000 points of 8 columns in 5 clusters, as its cost is that of
 * all pairs; and the simplified one, on data of the usual sizes. Flops: 3 d + 2 and a root for each
 * distance, the root counted as one. Bytes: what is read of points and labels once, and the values
 * written.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "cluster/silhouette.h"

enum { COLUMNS = 8, CLUSTERS = 5, DISTANCE_FLOPS = 3 * COLUMNS + 3, CHECKED = 50 };

struct clusters {
    struct emp_clustering c;
    struct emp_silhouette_run how;
    double *points, *centres, *values, *work;
    uint32_t *labels;
    double mean;
};

/* Five clouds about different corners of a cube. */
static bool make_points(struct bench_case *c, struct clusters *s, size_t n)
{
    s->points = bench_alloc(c, n * COLUMNS, sizeof *s->points);
    s->labels = bench_alloc(c, n, sizeof *s->labels);
    s->values = bench_alloc(c, n, sizeof *s->values);
    s->centres = bench_alloc(c, (size_t)CLUSTERS * COLUMNS, sizeof *s->centres);
    if (!s->points || !s->labels || !s->values || !s->centres)
        return false;
    for (size_t i = 0; i < (size_t)CLUSTERS * COLUMNS; i++)
        s->centres[i] = 3.0 * (double)(i / COLUMNS >> i % COLUMNS & 1);
    struct emp_stream stream = bench_stream();
    for (size_t i = 0; i < n; i++) {
        s->labels[i] = (uint32_t)bench_below(&stream, CLUSTERS);
        for (size_t f = 0; f < COLUMNS; f++)
            s->points[i * COLUMNS + f] =
                s->centres[s->labels[i] * COLUMNS + f] - 2.0 + 4.0 * emp__stream_uniform(&stream);
    }
    s->c = (struct emp_clustering){s->points, s->labels, NULL, n, COLUMNS, CLUSTERS};
    s->how.threads = c->threads;
    return true;
}

static bool silhouette_setup(struct bench_case *c)
{
    static const size_t counts[BENCH_SIZES] = {1000, 10000, 30000};
    struct clusters *s = c->state = bench_alloc(c, 1, sizeof *s);
    size_t n = counts[c->size];
    if (!s || !make_points(c, s, n))
        return false;
    s->how.distance_sums = emp__distance_sums(c->benchmark->variant);
    if (!s->how.distance_sums)
        return bench_skip(c, "this machine cannot run it");
    s->work = bench_alloc(c, 1, emp__silhouette_work(&s->c, c->threads));
    c->items = (double)n * (double)n;
    c->bytes = (double)(n * ((COLUMNS + 1) * sizeof(double) + sizeof(uint32_t)));
    c->flops = DISTANCE_FLOPS * c->items;
    return s->work != NULL;
}

static bool silhouette_run(struct bench_case *c)
{
    struct clusters *s = c->state;
    s->mean = emp__silhouette(&s->c, &s->how, s->work, s->values);
    return true;
}

static double distance(const double *a, const double *b)
{
    double square = 0.0;
    for (size_t f = 0; f < COLUMNS; f++)
        square += (a[f] - b[f]) * (a[f] - b[f]);
    return sqrt(square);
}

/* s of point i from its distances a and b. */
static bool check_value(struct bench_case *c, size_t i, double a, double b)
{
    const struct clusters *s = c->state;
    double expected = (b - a) / (a > b ? a : b);
    if (s->values[i] == expected)
        return true;
    return bench_fail(c, "point %zu has %.17g, not %.17g", i, s->values[i], expected);
}

static bool check_mean(struct bench_case *c)
{
    const struct clusters *s = c->state;
    double sum = 0.0;
    for (size_t i = 0; i < s->c.n; i++)
        sum += s->values[i];
    if (s->mean == sum / (double)s->c.n)
        return true;
    return bench_fail(c, "the mean is %.17g, not %.17g", s->mean, sum / (double)s->c.n);
}

/* Some points by the definition, and the mean of all. */
static bool silhouette_verify(struct bench_case *c)
{
    const struct clusters *s = c->state;
    for (size_t i = 0; i < s->c.n; i += s->c.n / CHECKED) {
        double sums[CLUSTERS] = {0.0}, counts[CLUSTERS] = {0.0}, b = INFINITY;
        for (size_t j = 0; j < s->c.n; j++) {
            sums[s->labels[j]] += distance(s->points + i * COLUMNS, s->points + j * COLUMNS);
            counts[s->labels[j]]++;
        }
        uint32_t own = s->labels[i];
        for (uint32_t k = 0; k < CLUSTERS; k++)
            if (k != own)
                b = fmin(b, sums[k] / counts[k]);
        if (!check_value(c, i, sums[own] / (counts[own] - 1.0), b))
            return false;
    }
    return check_mean(c);
}

static void teardown(struct bench_case *c)
{
    struct clusters *s = c->state;
    if (!s)
        return;
    free(s->points);
    free(s->labels);
    free(s->values);
    free(s->centres);
    free(s->work);
    free(s);
}

const struct bench_body bench_silhouette = {.setup = silhouette_setup,
                                            .run = silhouette_run,
                                            .verify = silhouette_verify,
                                            .teardown = teardown,
                                            .sharing = BENCH_SHARED};

static bool simplified_setup(struct bench_case *c)
{
    struct clusters *s = c->state = bench_alloc(c, 1, sizeof *s);
    size_t each = (COLUMNS + 1) * sizeof(double) + sizeof(uint32_t);
    size_t n = bench_bytes(c->size) / each;
    if (!s || !make_points(c, s, n))
        return false;
    s->work = bench_alloc(c, 1, emp__simplified_silhouette_work(&s->c, c->threads));
    c->items = (double)n;
    c->bytes = (double)(n * each);
    c->flops = DISTANCE_FLOPS * CLUSTERS * c->items;
    return s->work != NULL;
}

static bool simplified_run(struct bench_case *c)
{
    struct clusters *s = c->state;
    s->mean = emp__simplified_silhouette(&s->c, s->centres, &s->how, s->work, s->values);
    return true;
}

static bool simplified_verify(struct bench_case *c)
{
    const struct clusters *s = c->state;
    for (size_t i = 0; i < s->c.n; i++) {
        double a = 0.0, b = INFINITY;
        for (uint32_t k = 0; k < CLUSTERS; k++) {
            double to_centre = distance(s->points + i * COLUMNS, s->centres + k * COLUMNS);
            if (k == s->labels[i])
                a = to_centre;
            else
                b = fmin(b, to_centre);
        }
        if (!check_value(c, i, a, b))
            return false;
    }
    return check_mean(c);
}

const struct bench_body bench_simplified_silhouette = {.setup = simplified_setup,
                                                       .run = simplified_run,
                                                       .verify = simplified_verify,
                                                       .teardown = teardown,
                                                       .sharing = BENCH_SHARED};
