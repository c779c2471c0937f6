// SPDX-License-Identifier: Apache-2.0
/* What kernels are run on: memory, and texts of random rows or fields. */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include "benchmark.h"
#include "random/philox.h"

/* How many bytes a kernel works on. */
size_t bench_bytes(enum bench_size size);

/*
 * Zeroed memory in huge pages where it is large, as the engine's own, to be released with free();
 * NULL, and the case has failed, if there is none.
 */
void *bench_alloc(struct bench_case *c, size_t count, size_t size);

/* The stream of random numbers of a case: the same data every time. */
struct emp_stream bench_stream(void);

/* Uniform on 0 .. below - 1, nearly. */
uint64_t bench_below(struct emp_stream *stream, uint64_t below);

/* A text of items; item i is bytes[begin[i] .. begin[i + 1] - 1) and a newline. */
struct bench_text {
    char *bytes;
    size_t length;
    uint32_t *begin; /* count + 1 */
    size_t count;
};

enum { BENCH_ITEM_MOST = 128 };

/* Writes an item and a newline, at most BENCH_ITEM_MOST bytes; returns the place behind them. */
typedef char *bench_put_fn(struct emp_stream *stream, char *out);

/* As many items as the case's size has room for. What is in *out is to be freed in any case. */
bool bench_text_make(struct bench_case *c, bench_put_fn *put, struct bench_text *out);
void bench_text_free(struct bench_text *text);

static inline size_t bench_text_length(const struct bench_text *text, size_t i)
{
    return text->begin[i + 1] - text->begin[i] - 1;
}

/* Rows of three fields: a customer, a date and an amount; the second one with quotes. */
char *bench_put_row(struct emp_stream *stream, char *out);
char *bench_put_quoted_row(struct emp_stream *stream, char *out);

#endif
