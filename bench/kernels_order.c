// SPDX-License-Identifier: Apache-2.0
/* Sorting and cutting into bins. */
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "order/bins.h"
#include "order/radix_sort.h"

/*
 * Keys that differ in their three lowest bytes, as amounts in cents and days do: the bytes are one
 * pass to count them and three passes that read and write every pair.
 */
struct sorting {
    size_t count;
    uint64_t *original, *keys, *spare_keys;
    uint32_t *values, *spare_values;
};

enum { KEY_BYTES = 3, PAIR_BYTES = sizeof(uint64_t) + sizeof(uint32_t) };

static bool radix_sort_setup(struct bench_case *c)
{
    struct sorting *s = c->state = bench_alloc(c, 1, sizeof *s);
    if (!s)
        return false;
    s->count = bench_bytes(c->size) / (2 * PAIR_BYTES);
    s->original = bench_alloc(c, s->count, sizeof *s->original);
    s->keys = bench_alloc(c, s->count, sizeof *s->keys);
    s->spare_keys = bench_alloc(c, s->count, sizeof *s->spare_keys);
    s->values = bench_alloc(c, s->count, sizeof *s->values);
    s->spare_values = bench_alloc(c, s->count, sizeof *s->spare_values);
    if (!s->original || !s->keys || !s->spare_keys || !s->values || !s->spare_values)
        return false;
    struct emp_stream stream = bench_stream();
    for (size_t i = 0; i < s->count; i++)
        s->original[i] =
            emp__radix_key((int64_t)bench_below(&stream, UINT64_C(1) << 8 * KEY_BYTES));
    c->items = (double)s->count;
    c->bytes = c->items * (sizeof(uint64_t) + KEY_BYTES * 2 * PAIR_BYTES);
    return true;
}

static void radix_sort_prepare(struct bench_case *c)
{
    struct sorting *s = c->state;
    memcpy(s->keys, s->original, s->count * sizeof *s->keys);
    for (size_t i = 0; i < s->count; i++)
        s->values[i] = (uint32_t)i;
}

static bool radix_sort_run(struct bench_case *c)
{
    struct sorting *s = c->state;
    emp__radix_sort(s->keys, s->values, s->spare_keys, s->spare_values, s->count);
    return true;
}

/* Ascending, stable, and every pair one of the original ones: so none is there twice. */
static bool radix_sort_verify(struct bench_case *c)
{
    const struct sorting *s = c->state;
    for (size_t i = 0; i < s->count; i++) {
        if (s->values[i] >= s->count || s->original[s->values[i]] != s->keys[i])
            return bench_fail(c, "pair %zu is none of those given", i);
        if (i > 0 && !(s->keys[i - 1] < s->keys[i] ||
                       (s->keys[i - 1] == s->keys[i] && s->values[i - 1] < s->values[i])))
            return bench_fail(c, "pair %zu is out of order", i);
    }
    return true;
}

static void radix_sort_teardown(struct bench_case *c)
{
    struct sorting *s = c->state;
    if (!s)
        return;
    free(s->original);
    free(s->keys);
    free(s->spare_keys);
    free(s->values);
    free(s->spare_values);
    free(s);
}

const struct bench_body bench_radix_sort = {.setup = radix_sort_setup,
                                            .prepare = radix_sort_prepare,
                                            .run = radix_sort_run,
                                            .verify = radix_sort_verify,
                                            .teardown = radix_sort_teardown};

enum { BINS = 5 };

/* Sorted values with ties, into five bins: 8 bytes read and 2 written for each. */
struct binning {
    size_t count;
    uint64_t *values;
    uint64_t cuts[BINS - 1];
    uint16_t *bins, *expected;
};

static bool bins_setup(struct bench_case *c)
{
    struct binning *b = c->state = bench_alloc(c, 1, sizeof *b);
    if (!b)
        return false;
    size_t each = sizeof *b->values + sizeof *b->bins;
    b->count = bench_bytes(c->size) / each;
    b->values = bench_alloc(c, b->count, sizeof *b->values);
    b->bins = bench_alloc(c, b->count, sizeof *b->bins);
    b->expected = bench_alloc(c, b->count, sizeof *b->expected);
    if (!b->values || !b->bins || !b->expected)
        return false;
    struct emp_stream stream = bench_stream();
    for (size_t i = 1; i < b->count; i++)
        b->values[i] = b->values[i - 1] + bench_below(&stream, 3);
    for (int k = 1; k < BINS; k++) {
        uint32_t rest;
        b->cuts[k - 1] = b->values[emp__cut_position(b->count, k, BINS, &rest)];
    }
    c->items = (double)b->count;
    c->bytes = c->items * (double)each;
    return true;
}

static bool bins_run(struct bench_case *c)
{
    struct binning *b = c->state;
    emp__bin_keys(b->values, b->count, b->cuts, BINS - 1, b->bins);
    return true;
}

static bool bins_verify(struct bench_case *c)
{
    const struct binning *b = c->state;
    emp__bin_sorted_plain(b->values, b->count, BINS, false, b->expected);
    for (size_t i = 0; i < b->count; i++)
        if (b->bins[i] + 1 != b->expected[i])
            return bench_fail(c, "the bins differ from the plain kernel's");
    return true;
}

static void bins_teardown(struct bench_case *c)
{
    struct binning *b = c->state;
    if (!b)
        return;
    free(b->values);
    free(b->bins);
    free(b->expected);
    free(b);
}

const struct bench_body bench_bins = {
    .setup = bins_setup, .run = bins_run, .verify = bins_verify, .teardown = bins_teardown};
