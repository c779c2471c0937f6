// SPDX-License-Identifier: Apache-2.0
/* Numbers as text. Bytes: 8 read for each number, and those of the text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "text/civil_time.h"
#include "text/number_format.h"

enum { TEXT_BYTES = 32, BYTES_EACH = 16, DECIMALS = 2, CENTS = 100 };

struct kind;

struct numbers {
    const struct kind *kind;
    size_t count;
    int64_t *integers;
    double *doubles;
    char *text;       /* what the run writes: all numbers, one behind the other */
    uint8_t *lengths; /* of each */
};

/* A kind of number: how it is drawn, written, and written by the C library. */
struct kind {
    const char *variant;
    void (*draw)(struct emp_stream *stream, struct numbers *n, size_t i);
    size_t (*put)(const struct numbers *n, size_t i, char *out);
    void (*expect)(const struct numbers *n, size_t i, char out[TEXT_BYTES]);
};

/* Of every length alike, every eighth of them negative. */
static void draw_integer(struct emp_stream *stream, struct numbers *n, size_t i)
{
    uint64_t bits = emp__stream_u64(stream);
    int64_t value = (int64_t)(bits >> (1 + bits % 60));
    n->integers[i] = bits % 8 == 0 ? -value : value;
}

static void draw_decimal(struct emp_stream *stream, struct numbers *n, size_t i)
{
    n->integers[i] = (int64_t)bench_below(stream, 10000000) - 1000000;
}

static void draw_day(struct emp_stream *stream, struct numbers *n, size_t i)
{
    n->integers[i] = (int64_t)bench_below(stream, 30000);
}

/* Hundredths, such as mean scores and shares have; and such as have 17 digits. */
static void draw_short(struct emp_stream *stream, struct numbers *n, size_t i)
{
    n->doubles[i] = (double)bench_below(stream, 1000000) / CENTS;
}

static void draw_long(struct emp_stream *stream, struct numbers *n, size_t i)
{
    n->doubles[i] = (double)bench_below(stream, 1000000) / 7.0;
}

static size_t put_integer(const struct numbers *n, size_t i, char *out)
{
    return emp__format_int64(n->integers[i], out);
}

static size_t put_decimal(const struct numbers *n, size_t i, char *out)
{
    return emp__format_decimal(n->integers[i], DECIMALS, out);
}

static size_t put_day(const struct numbers *n, size_t i, char *out)
{
    return emp__format_date(n->integers[i], out);
}

static size_t put_double(const struct numbers *n, size_t i, char *out)
{
    return emp__format_double(n->doubles[i], out);
}

static void expect_integer(const struct numbers *n, size_t i, char out[TEXT_BYTES])
{
    snprintf(out, TEXT_BYTES, "%lld", (long long)n->integers[i]);
}

static void expect_decimal(const struct numbers *n, size_t i, char out[TEXT_BYTES])
{
    unsigned long long size = (unsigned long long)llabs(n->integers[i]);
    snprintf(out, TEXT_BYTES, "%s%llu.%02llu", n->integers[i] < 0 ? "-" : "", size / CENTS,
             size % CENTS);
}

static void expect_day(const struct numbers *n, size_t i, char out[TEXT_BYTES])
{
    time_t seconds = (time_t)(n->integers[i] * EMP_DAY_SECONDS);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(out, TEXT_BYTES, "%Y-%m-%d", &parts);
}

static void expect_double(const struct numbers *n, size_t i, char out[TEXT_BYTES])
{
    enum { FEWEST = 15, MOST = 17 };
    for (int digits = FEWEST; digits <= MOST; digits++) {
        snprintf(out, TEXT_BYTES, "%.*g", digits, n->doubles[i]);
        if (!islessgreater(strtod(out, NULL), n->doubles[i]))
            return;
    }
}

static const struct kind kinds[] = {
    {"integer", draw_integer, put_integer, expect_integer},
    {"decimal", draw_decimal, put_decimal, expect_decimal},
    {"date", draw_day, put_day, expect_day},
    {"double", draw_short, put_double, expect_double},
    {"double-long", draw_long, put_double, expect_double},
};

static bool allocate(struct bench_case *c, struct numbers *n)
{
    n->integers = bench_alloc(c, n->count, sizeof *n->integers);
    n->doubles = bench_alloc(c, n->count, sizeof *n->doubles);
    n->text = bench_alloc(c, n->count + 1, TEXT_BYTES);
    n->lengths = bench_alloc(c, n->count, 1);
    return n->integers && n->doubles && n->text && n->lengths;
}

static bool run(struct bench_case *c)
{
    struct numbers *n = c->state;
    char *at = n->text;
    for (size_t i = 0; i < n->count; i++) {
        n->lengths[i] = (uint8_t)n->kind->put(n, i, at);
        at += n->lengths[i];
    }
    c->bytes = (double)n->count * sizeof(int64_t) + (double)(at - n->text);
    return true;
}

static bool setup(struct bench_case *c)
{
    struct numbers *n = c->state = bench_alloc(c, 1, sizeof *n);
    if (!n)
        return false;
    n->count = bench_bytes(c->size) / BYTES_EACH;
    if (!allocate(c, n))
        return false;
    for (n->kind = kinds; strcmp(n->kind->variant, c->benchmark->variant) != 0; n->kind++)
        continue;
    struct emp_stream stream = bench_stream();
    for (size_t i = 0; i < n->count; i++)
        n->kind->draw(&stream, n, i);
    c->items = (double)n->count;
    return run(c);
}

static bool verify(struct bench_case *c)
{
    const struct numbers *n = c->state;
    const char *at = n->text;
    for (size_t i = 0; i < n->count; i++) {
        char expected[TEXT_BYTES];
        n->kind->expect(n, i, expected);
        if (strlen(expected) != n->lengths[i] || memcmp(at, expected, n->lengths[i]) != 0)
            return bench_fail(c, "number %zu is not %s", i, expected);
        at += n->lengths[i];
    }
    return true;
}

static void teardown(struct bench_case *c)
{
    struct numbers *n = c->state;
    if (!n)
        return;
    free(n->integers);
    free(n->doubles);
    free(n->text);
    free(n->lengths);
    free(n);
}

const struct bench_body bench_format = {
    .setup = setup, .run = run, .verify = verify, .teardown = teardown};
