// SPDX-License-Identifier: Apache-2.0
/* Finding the ends of records and the fields of a record. Bytes: those of the text. */
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "text/record.h"

enum { FIELDS = 3 };

typedef struct emp_record next_fn(const char *text, size_t length, char delimiter, char quote,
                                  bool at_end);

struct records {
    struct bench_text text;
    next_fn *next;
    enum emp_record_kind kind; /* of every record */
    uint32_t *ends;            /* what the run found: where each record ends */
    struct emp_span *spans;    /* or its fields */
    size_t found;
};

static struct records *records_new(struct bench_case *c, bench_put_fn *put)
{
    struct records *r = c->state = bench_alloc(c, 1, sizeof *r);
    return r && bench_text_make(c, put, &r->text) ? r : NULL;
}

static void teardown(struct bench_case *c)
{
    struct records *r = c->state;
    if (!r)
        return;
    bench_text_free(&r->text);
    free(r->ends);
    free(r->spans);
    free(r);
}

static bool record_setup(struct bench_case *c)
{
    bool quoted = strstr(c->benchmark->variant, "quoted") != NULL;
    struct records *r = records_new(c, quoted ? bench_put_quoted_row : bench_put_row);
    if (!r)
        return false;
    r->kind = quoted ? EMP_RECORD_QUOTED : EMP_RECORD_PLAIN;
    r->next = strstr(c->benchmark->variant, "-plain") ? emp__record_next_plain : emp__record_next;
    r->ends = bench_alloc(c, r->text.count, sizeof *r->ends);
    return r->ends != NULL;
}

static bool record_run(struct bench_case *c)
{
    struct records *r = c->state;
    size_t at = 0;
    r->found = 0;
    while (at < r->text.length && r->found < r->text.count) {
        struct emp_record record = r->next(r->text.bytes + at, r->text.length - at, ',', '"', true);
        if (record.kind != r->kind)
            return bench_fail(c, "record %zu is of kind %d", r->found, (int)record.kind);
        at += record.next;
        r->ends[r->found++] = (uint32_t)at;
    }
    return true;
}

static bool record_verify(struct bench_case *c)
{
    const struct records *r = c->state;
    if (r->found != r->text.count)
        return bench_fail(c, "%zu records, not %zu", r->found, r->text.count);
    for (size_t i = 0; i < r->found; i++)
        if (r->ends[i] != r->text.begin[i + 1])
            return bench_fail(c, "record %zu ends at byte %u", i, r->ends[i]);
    return true;
}

const struct bench_body bench_record = {
    .setup = record_setup, .run = record_run, .verify = record_verify, .teardown = teardown};

static bool split_setup(struct bench_case *c)
{
    struct records *r = records_new(c, bench_put_row);
    if (!r)
        return false;
    r->spans = bench_alloc(c, FIELDS * r->text.count, sizeof *r->spans);
    return r->spans != NULL;
}

static bool split_run(struct bench_case *c)
{
    struct records *r = c->state;
    r->found = 0;
    for (size_t i = 0; i < r->text.count; i++)
        r->found += emp__split(r->text.bytes + r->text.begin[i], bench_text_length(&r->text, i),
                               ',', r->spans + FIELDS * i, FIELDS);
    return true;
}

/* The fields and their delimiters fill the record, and no delimiter is in a field. */
static bool split_verify(struct bench_case *c)
{
    const struct records *r = c->state;
    if (r->found != FIELDS * r->text.count)
        return bench_fail(c, "%zu fields, not %zu", r->found, FIELDS * r->text.count);
    for (size_t i = 0; i < r->text.count; i++) {
        const char *text = r->text.bytes + r->text.begin[i];
        size_t at = 0;
        for (size_t f = 0; f < FIELDS; f++) {
            struct emp_span span = r->spans[FIELDS * i + f];
            if (span.begin != at || memchr(text + at, ',', span.length))
                return bench_fail(c, "field %zu of record %zu is wrong", f, i);
            at += span.length + 1;
        }
        if (at != bench_text_length(&r->text, i) + 1)
            return bench_fail(c, "record %zu is not whole", i);
    }
    return true;
}

const struct bench_body bench_split = {
    .setup = split_setup, .run = split_run, .verify = split_verify, .teardown = teardown};
