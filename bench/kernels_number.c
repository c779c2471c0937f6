// SPDX-License-Identifier: Apache-2.0
/* The double nearest to a quotient: 24 bytes read and 8 written for each. */
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "number/ratio.h"

struct quotients {
    size_t count;
    emp_int128 *numerators;
    uint64_t *denominators;
    double *expected, *out;
};

static bool allocate(struct bench_case *c, struct quotients *q)
{
    size_t each = sizeof *q->numerators + sizeof *q->denominators + sizeof *q->out;
    q->count = bench_bytes(c->size) / each;
    q->numerators = bench_alloc(c, q->count, sizeof *q->numerators);
    q->denominators = bench_alloc(c, q->count, sizeof *q->denominators);
    q->expected = bench_alloc(c, q->count, sizeof *q->expected);
    q->out = bench_alloc(c, q->count, sizeof *q->out);
    c->items = (double)q->count;
    c->bytes = (double)(q->count * each);
    return q->numerators && q->denominators && q->expected && q->out;
}

/*
 * narrow: what doubles hold, so that their division rounds once, as it should. wide: multiples of
 * the denominator, so that the quotient is known: an integer of up to 63 bits, to be rounded as the
 * conversion to a double does.
 */
static bool setup(struct bench_case *c)
{
    enum { DENOMINATOR_MOST = 100000, NARROW_BITS = 50, WIDE_BITS = 63 };
    struct quotients *q = c->state = bench_alloc(c, 1, sizeof *q);
    if (!q || !allocate(c, q))
        return false;
    bool wide = strcmp(c->benchmark->variant, "wide") == 0;
    struct emp_stream stream = bench_stream();
    for (size_t i = 0; i < q->count; i++) {
        uint64_t value = emp__stream_u64(&stream) >> (64 - (wide ? WIDE_BITS : NARROW_BITS));
        q->denominators[i] = 1 + bench_below(&stream, DENOMINATOR_MOST);
        q->numerators[i] = (emp_int128)value * (wide ? q->denominators[i] : 1);
        q->expected[i] = wide ? (double)value : (double)value / (double)q->denominators[i];
    }
    return true;
}

static bool run(struct bench_case *c)
{
    struct quotients *q = c->state;
    for (size_t i = 0; i < q->count; i++)
        q->out[i] = emp__ratio(q->numerators[i], q->denominators[i]);
    return true;
}

static bool verify(struct bench_case *c)
{
    const struct quotients *q = c->state;
    for (size_t i = 0; i < q->count; i++)
        if (q->out[i] != q->expected[i])
            return bench_fail(c, "quotient %zu is %.17g, not %.17g", i, q->out[i], q->expected[i]);
    return true;
}

static void teardown(struct bench_case *c)
{
    struct quotients *q = c->state;
    if (!q)
        return;
    free(q->numerators);
    free(q->denominators);
    free(q->expected);
    free(q->out);
    free(q);
}

const struct bench_body bench_ratio = {
    .setup = setup, .run = run, .verify = verify, .teardown = teardown};
