// SPDX-License-Identifier: Apache-2.0
/*
 * Passes over text: finding delimiters, counting line feeds, checking UTF-8. The text is read in
 * chunks, as the engine does. Bytes: those of the text.
 */
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "text/scan.h"
#include "text/utf8.h"

enum { CHUNK_BYTES = 64 << 10 };

static const char structure[4] = {',', '\n', '"', '"'};

struct passes {
    struct bench_text text;
    const struct emp_text_kernels *kernels;
    bool (*valid)(const char *text, size_t length);
    uint32_t *offsets, *expected; /* of a chunk */
    size_t total;                 /* what the run found */
};

static size_t chunk_length(const struct passes *p, size_t at)
{
    size_t left = p->text.length - at;
    return left < CHUNK_BYTES ? left : CHUNK_BYTES;
}

static struct passes *passes_new(struct bench_case *c, bench_put_fn *put)
{
    struct passes *p = c->state = bench_alloc(c, 1, sizeof *p);
    return p && bench_text_make(c, put, &p->text) ? p : NULL;
}

static void teardown(struct bench_case *c)
{
    struct passes *p = c->state;
    if (!p)
        return;
    bench_text_free(&p->text);
    free(p->offsets);
    free(p->expected);
    free(p);
}

static bool scan_setup(struct bench_case *c)
{
    const size_t room = CHUNK_BYTES + EMP_SCAN_SPARE;
    const struct emp_text_kernels *kernels = emp__text_kernels(c->benchmark->variant);
    if (!kernels)
        return bench_skip(c, "this processor cannot run it");
    struct passes *p = passes_new(c, bench_put_row);
    if (!p)
        return false;
    p->kernels = kernels;
    p->offsets = bench_alloc(c, room, sizeof *p->offsets);
    p->expected = bench_alloc(c, room, sizeof *p->expected);
    return p->offsets && p->expected;
}

static bool scan_run(struct bench_case *c)
{
    struct passes *p = c->state;
    p->total = 0;
    for (size_t at = 0; at < p->text.length; at += CHUNK_BYTES)
        p->total +=
            p->kernels->scan(p->text.bytes + at, chunk_length(p, at), structure, p->offsets);
    return true;
}

/* Three offsets a row; and chunk by chunk those of the plain kernel. */
static bool scan_verify(struct bench_case *c)
{
    const struct passes *p = c->state;
    if (p->total != 3 * p->text.count)
        return bench_fail(c, "%zu offsets, not %zu", p->total, 3 * p->text.count);
    for (size_t at = 0; at < p->text.length; at += CHUNK_BYTES) {
        const char *chunk = p->text.bytes + at;
        size_t length = chunk_length(p, at);
        size_t found = p->kernels->scan(chunk, length, structure, p->offsets);
        size_t expected = emp__text_plain.scan(chunk, length, structure, p->expected);
        if (found != expected || memcmp(p->offsets, p->expected, found * sizeof *p->offsets) != 0)
            return bench_fail(c, "the chunk at byte %zu differs from the plain kernel's", at);
    }
    return true;
}

const struct bench_body bench_scan = {
    .setup = scan_setup, .run = scan_run, .verify = scan_verify, .teardown = teardown};

static bool count_run(struct bench_case *c)
{
    struct passes *p = c->state;
    p->total = 0;
    for (size_t at = 0; at < p->text.length; at += CHUNK_BYTES)
        p->total += p->kernels->count(p->text.bytes + at, chunk_length(p, at), '\n');
    return true;
}

static bool count_verify(struct bench_case *c)
{
    const struct passes *p = c->state;
    return p->total == p->text.count ||
           bench_fail(c, "%zu line feeds, not %zu", p->total, p->text.count);
}

const struct bench_body bench_count = {
    .setup = scan_setup, .run = count_run, .verify = count_verify, .teardown = teardown};

/* A row whose customer has a name, half of it in Cyrillic letters. */
static char *put_mixed_row(struct emp_stream *stream, char *out)
{
    static const char *const names[] = {"Мария ", "Анна ", "Lefèvre ", "Smith "};
    const char *name = names[bench_below(stream, sizeof names / sizeof *names)];
    size_t length = strlen(name);
    memcpy(out, name, length);
    return bench_put_row(stream, out + length);
}

/* Each row is a text of its own, as each id is in the engine. Some have a bad first byte. */
enum { DAMAGED_EVERY = 64 };

static bool utf8_setup(struct bench_case *c)
{
    bool mixed = strncmp(c->benchmark->variant, "mixed", strlen("mixed")) == 0;
    struct passes *p = passes_new(c, mixed ? put_mixed_row : bench_put_row);
    if (!p)
        return false;
    p->valid = strstr(c->benchmark->variant, "plain") ? emp__utf8_valid_plain : emp__utf8_valid;
    for (size_t i = 0; i < p->text.count; i += DAMAGED_EVERY)
        p->text.bytes[p->text.begin[i]] = (char)0xff;
    return true;
}

static bool utf8_run(struct bench_case *c)
{
    struct passes *p = c->state;
    p->total = 0;
    for (size_t i = 0; i < p->text.count; i++)
        p->total +=
            p->valid(p->text.bytes + p->text.begin[i], bench_text_length(&p->text, i)) ? 1 : 0;
    return true;
}

static bool utf8_verify(struct bench_case *c)
{
    const struct passes *p = c->state;
    size_t damaged = (p->text.count + DAMAGED_EVERY - 1) / DAMAGED_EVERY;
    size_t expected = p->text.count - damaged;
    return p->total == expected ||
           bench_fail(c, "%zu rows are well-formed, not %zu", p->total, expected);
}

const struct bench_body bench_utf8 = {
    .setup = utf8_setup, .run = utf8_run, .verify = utf8_verify, .teardown = teardown};
