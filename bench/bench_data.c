// SPDX-License-Identifier: Apache-2.0
#include "bench_data.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "text/slack.h"

size_t bench_bytes(enum bench_size size)
{
    static const size_t bytes[BENCH_SIZES] = {
        [BENCH_SMALL] = (size_t)128 << 10,
        [BENCH_MEDIUM] = (size_t)8 << 20,
        [BENCH_LARGE] = (size_t)128 << 20,
    };
    return bytes[size];
}

static void keep_message(struct bench_case *c, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* The first message stays: what comes after it is a consequence. */
static void keep_message(struct bench_case *c, const char *format, va_list arguments)
{
    if (c->message[0] == '\0')
        vsnprintf(c->message, sizeof c->message, format, arguments);
}

bool bench_fail(struct bench_case *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    keep_message(c, format, arguments);
    va_end(arguments);
    return false;
}

bool bench_skip(struct bench_case *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    keep_message(c, format, arguments);
    va_end(arguments);
    c->skipped = true;
    return false;
}

void *bench_alloc(struct bench_case *c, size_t count, size_t size)
{
    const size_t huge = (size_t)2 << 20, line = 64;
    size_t bytes = count * size;
    size_t unit = bytes >= huge ? huge : line;
    size_t rounded = (bytes / unit + 1) * unit;
    void *memory = aligned_alloc(unit, rounded);
    if (!memory) {
        bench_fail(c, "no memory for %zu bytes", rounded);
        return NULL;
    }
    if (unit == huge)
        (void)madvise(memory, rounded, MADV_HUGEPAGE);
    memset(memory, 0, rounded);
    return memory;
}

struct emp_stream bench_stream(void)
{
    struct emp_stream stream;
    emp__stream_open(&stream, 1, 0, 0);
    return stream;
}

uint64_t bench_below(struct emp_stream *stream, uint64_t below)
{
    return emp__stream_u64(stream) % below;
}

bool bench_text_make(struct bench_case *c, bench_put_fn *put, struct bench_text *out)
{
    size_t room = bench_bytes(c->size);
    struct emp_stream stream = bench_stream();
    *out = (struct bench_text){0};
    out->bytes = bench_alloc(c, room + EMP_TEXT_SLACK, 1);
    /* The shortest item is a byte and its newline. */
    out->begin = bench_alloc(c, room / 2 + 1, sizeof *out->begin);
    if (!out->bytes || !out->begin)
        return false;
    while (out->length + BENCH_ITEM_MOST <= room) {
        out->begin[out->count++] = (uint32_t)out->length;
        out->length = (size_t)(put(&stream, out->bytes + out->length) - out->bytes);
    }
    out->begin[out->count] = (uint32_t)out->length;
    c->items = (double)out->count;
    c->bytes = (double)out->length;
    return true;
}

void bench_text_free(struct bench_text *text)
{
    free(text->bytes);
    free(text->begin);
}

static char *put_row(struct emp_stream *stream, char *out, bool quoted)
{
    unsigned customer = (unsigned)bench_below(stream, 5000000) + 1;
    unsigned month = (unsigned)bench_below(stream, 12) + 1;
    unsigned day = (unsigned)bench_below(stream, 28) + 1;
    unsigned whole = (unsigned)bench_below(stream, 300), cents = (unsigned)bench_below(stream, 100);
    const char *quote = quoted ? "\"" : "";
    return out + snprintf(out, BENCH_ITEM_MOST, "%s%u%s,2024-%02u-%02u,%s%u.%02u%s\n", quote,
                          customer, quote, month, day, quote, whole, cents, quote);
}

char *bench_put_row(struct emp_stream *stream, char *out)
{
    return put_row(stream, out, false);
}

char *bench_put_quoted_row(struct emp_stream *stream, char *out)
{
    return put_row(stream, out, true);
}
