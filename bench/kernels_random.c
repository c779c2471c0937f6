// SPDX-License-Identifier: Apache-2.0
/* Random numbers, and the exp and log below them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "random/distributions.h"
#include "random/philox.h"
#include "random/portable_math.h"

/* Blocks of the cipher: 16 bytes written for each. */
enum { WORDS = 4 };

static const uint32_t philox_key[2] = {0xa4093822, 0x299f31d0};

/* The counter has the block's number in its first word; the others are those of a known answer. */
static void philox_block(uint32_t block, uint32_t out[WORDS])
{
    const uint32_t counter[WORDS] = {block, 0x85a308d3, 0x13198a2e, 0x03707344};
    emp__philox4x32(counter, philox_key, out);
}

static bool philox_setup(struct bench_case *c)
{
    c->state = bench_alloc(c, bench_bytes(c->size) / sizeof(uint32_t), sizeof(uint32_t));
    c->bytes = (double)bench_bytes(c->size);
    c->items = c->bytes / (WORDS * sizeof(uint32_t));
    return c->state != NULL;
}

static bool philox_run(struct bench_case *c)
{
    uint32_t *out = c->state;
    uint32_t blocks = (uint32_t)c->items;
    for (uint32_t i = 0; i < blocks; i++)
        philox_block(i, out + (size_t)WORDS * i);
    return true;
}

/* The published answer of one block; and each block again, the last first, gives the same. */
static bool philox_verify(struct bench_case *c)
{
    static const uint32_t known[WORDS] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
    const uint32_t *out = c->state;
    uint32_t again[WORDS];
    philox_block(0x243f6a88, again);
    if (memcmp(again, known, sizeof known) != 0)
        return bench_fail(c, "not the published block");
    for (uint32_t i = (uint32_t)c->items; i-- > 0;) {
        philox_block(i, again);
        if (memcmp(again, out + (size_t)WORDS * i, sizeof again) != 0)
            return bench_fail(c, "block %u is another one now", i);
    }
    return true;
}

static void philox_teardown(struct bench_case *c)
{
    free(c->state);
}

const struct bench_body bench_philox = {
    .setup = philox_setup, .run = philox_run, .verify = philox_verify, .teardown = philox_teardown};

/* Draws, 64 from each stream: 8 bytes written for each. */
enum { STREAM_DRAWS = 64, CHOICES = 64 };

struct draws {
    const struct distribution *of;
    size_t count;
    double *out;
    double accept[CHOICES];
    uint32_t alias[CHOICES];
};

struct distribution {
    const char *variant;
    double (*draw)(struct emp_stream *stream, const struct draws *d);
    double mean, variance;
};

static double draw_uniform(struct emp_stream *stream, const struct draws *d)
{
    (void)d;
    return emp__stream_uniform(stream);
}

static double draw_exponential(struct emp_stream *stream, const struct draws *d)
{
    (void)d;
    return emp__stream_exponential(stream);
}

static double draw_normal(struct emp_stream *stream, const struct draws *d)
{
    (void)d;
    return emp__stream_normal(stream);
}

static double draw_gamma(struct emp_stream *stream, const struct draws *d)
{
    return emp__stream_gamma(stream, d->of->mean);
}

/* a = 1/2, b = 13/2. */
static double draw_beta(struct emp_stream *stream, const struct draws *d)
{
    (void)d;
    return emp__stream_beta(stream, 0.5, 6.5);
}

/* p = 1/5. */
static double draw_geometric(struct emp_stream *stream, const struct draws *d)
{
    (void)d;
    return (double)emp__stream_geometric(stream, 0.2);
}

static double draw_poisson(struct emp_stream *stream, const struct draws *d)
{
    return (double)emp__stream_poisson(stream, d->of->mean);
}

/* 0 .. 63, all alike. */
static double draw_alias(struct emp_stream *stream, const struct draws *d)
{
    const struct emp_alias table = {.count = CHOICES, .accept = d->accept, .alias = d->alias};
    return emp__alias_draw(stream, &table);
}

static const struct distribution distributions[] = {
    {"uniform", draw_uniform, 0.5, 1.0 / 12.0},
    {"exponential", draw_exponential, 1.0, 1.0},
    {"normal", draw_normal, 0.0, 1.0},
    {"gamma", draw_gamma, 0.8, 0.8},
    {"beta", draw_beta, 1.0 / 14.0, 0.5 * 6.5 / (49.0 * 8.0)},
    {"geometric", draw_geometric, 4.0, 20.0},
    {"poisson", draw_poisson, 1.5, 1.5},
    {"alias", draw_alias, 31.5, 4095.0 / 12.0},
};

static bool draw_setup(struct bench_case *c)
{
    struct draws *d = c->state = bench_alloc(c, 1, sizeof *d);
    if (!d)
        return false;
    for (d->of = distributions; strcmp(d->of->variant, c->benchmark->variant) != 0; d->of++)
        continue;
    d->count = bench_bytes(c->size) / sizeof *d->out;
    d->out = bench_alloc(c, d->count, sizeof *d->out);
    double weights[CHOICES];
    uint32_t work[CHOICES];
    emp__zipf_weights(0.0, CHOICES, weights);
    emp__alias_build(weights, CHOICES, d->accept, d->alias, work);
    c->items = (double)d->count;
    c->bytes = (double)bench_bytes(c->size);
    return d->out != NULL;
}

static void draw_from(const struct draws *d, size_t subject, double out[STREAM_DRAWS])
{
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 2, subject);
    for (int i = 0; i < STREAM_DRAWS; i++)
        out[i] = d->of->draw(&stream, d);
}

static bool draw_run(struct bench_case *c)
{
    struct draws *d = c->state;
    for (size_t i = 0; i < d->count; i += STREAM_DRAWS)
        draw_from(d, i / STREAM_DRAWS, d->out + i);
    return true;
}

/* The same draws in another order, and the mean within six standard errors of the true one. */
static bool draw_verify(struct bench_case *c)
{
    const struct draws *d = c->state;
    double sum = 0.0;
    for (size_t i = d->count; i > 0; i -= STREAM_DRAWS) {
        double again[STREAM_DRAWS];
        size_t subject = (i - 1) / STREAM_DRAWS;
        draw_from(d, subject, again);
        for (int j = 0; j < STREAM_DRAWS; j++) {
            if (again[j] != d->out[subject * STREAM_DRAWS + (size_t)j])
                return bench_fail(c, "stream %zu has other draws now", subject);
            sum += again[j];
        }
    }
    double mean = sum / (double)d->count;
    return fabs(mean - d->of->mean) <= 6.0 * sqrt(d->of->variance / (double)d->count) ||
           bench_fail(c, "the mean is %g, not %g", mean, d->of->mean);
}

static void draw_teardown(struct bench_case *c)
{
    struct draws *d = c->state;
    if (d)
        free(d->out);
    free(d);
}

const struct bench_body bench_draw = {
    .setup = draw_setup, .run = draw_run, .verify = draw_verify, .teardown = draw_teardown};

/* exp on -20 .. 20 and log on 0 .. 1000: about 30 flops each. */
struct values {
    double (*function)(double x), (*expected)(double x);
    size_t count;
    double *in, *out;
};

static bool math_setup(struct bench_case *c)
{
    enum { FLOPS = 30 };
    struct values *v = c->state = bench_alloc(c, 1, sizeof *v);
    if (!v)
        return false;
    bool is_exp = strcmp(c->benchmark->variant, "exp") == 0;
    v->function = is_exp ? emp__exp : emp__log;
    v->expected = is_exp ? exp : log;
    v->count = bench_bytes(c->size) / (2 * sizeof *v->in);
    v->in = bench_alloc(c, v->count, sizeof *v->in);
    v->out = bench_alloc(c, v->count, sizeof *v->out);
    if (!v->in || !v->out)
        return false;
    struct emp_stream stream = bench_stream();
    for (size_t i = 0; i < v->count; i++) {
        double uniform = emp__stream_uniform(&stream);
        v->in[i] = is_exp ? 40.0 * uniform - 20.0 : 1000.0 * uniform;
    }
    c->items = (double)v->count;
    c->bytes = (double)bench_bytes(c->size);
    c->flops = FLOPS * c->items;
    return true;
}

static bool math_run(struct bench_case *c)
{
    struct values *v = c->state;
    for (size_t i = 0; i < v->count; i++)
        v->out[i] = v->function(v->in[i]);
    return true;
}

static bool math_verify(struct bench_case *c)
{
    const double close = 1e-15; /* twice the error that the header states, for libm's own */
    const struct values *v = c->state;
    for (size_t i = 0; i < v->count; i++) {
        double expected = v->expected(v->in[i]);
        if (!(fabs(v->out[i] - expected) <= close * fabs(expected)))
            return bench_fail(c, "f(%.17g) = %.17g, not %.17g", v->in[i], v->out[i], expected);
    }
    return true;
}

static void math_teardown(struct bench_case *c)
{
    struct values *v = c->state;
    if (!v)
        return;
    free(v->in);
    free(v->out);
    free(v);
}

const struct bench_body bench_portable_math = {
    .setup = math_setup, .run = math_run, .verify = math_verify, .teardown = math_teardown};
