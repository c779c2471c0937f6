// SPDX-License-Identifier: Apache-2.0
/*
 * What a benchmark is: a body that is set up, run many times and verified, and a row of the table
 * in benchmarks.c that names it and says what bounds it.
 */
#ifndef BENCH_BENCHMARK_H
#define BENCH_BENCHMARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kernels work on 128 KiB, 8 MiB or 128 MiB; stages on 2,000, 100,000 or 1,000,000 customers. */
enum bench_size { BENCH_SMALL, BENCH_MEDIUM, BENCH_LARGE, BENCH_SIZES };

/* What the machine can do, measured by the benchmarks named limit/... (see limits.h). */
enum bench_bound {
    BENCH_UNBOUND,
    BENCH_READ,   /* bytes read from memory */
    BENCH_COPY,   /* bytes read and bytes written, added up */
    BENCH_FRESH,  /* bytes of memory touched for the first time */
    BENCH_WRITE,  /* bytes written to a file */
    BENCH_GUNZIP, /* bytes that zlib unpacks, alone */
    BENCH_UNZSTD, /* bytes that libzstd unpacks, alone */
    BENCH_DGEMM,  /* floating-point operations, double */
    BENCH_SGEMM,  /* the same, float */
    BENCH_BOUNDS
};

/* What threads have to do with a run. */
enum bench_sharing {
    BENCH_COPIES, /* each thread is set up and runs on its own, all at once */
    BENCH_SHARED, /* one run, which uses c->threads itself */
    BENCH_SERIAL, /* one run on one thread, whatever was asked for */
};

/* One benchmark at one size on one number of threads. */
struct bench_case {
    const struct benchmark *benchmark;
    enum bench_size size;
    int threads;
    const char *folder; /* for files; what one case leaves there the next ones find */

    /* For setup to fill in: what one run does (`bytes`, `flops` 0: not told), and its data. */
    double items, bytes, flops;
    void *state;

    bool skipped;
    char message[512]; /* why it failed, or was skipped */
};

/*
 * The functions that return bool say why by bench_fail() or bench_skip(). teardown is called in any
 * case and has to cope with what a failed setup has left.
 */
struct bench_body {
    bool (*setup)(struct bench_case *c);
    void (*prepare)(struct bench_case *c); /* before each run, not timed; may be NULL */
    bool (*run)(struct bench_case *c);     /* timed */
    bool (*verify)(struct bench_case *c);  /* is what the last run has left right? */
    void (*teardown)(struct bench_case *c);
    enum bench_sharing sharing;
    bool memory; /* its peak memory means something */
};

struct benchmark {
    const char *name; /* GROUP/NAME */
    const char *item; /* what it counts, in the singular */
    enum bench_bound bound;
    const struct bench_body *body;
    const char *variant; /* handed on to the body: which kernel, format, file, ... */
};

/* Each keeps the message and returns false. */
bool bench_fail(struct bench_case *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
bool bench_skip(struct bench_case *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
