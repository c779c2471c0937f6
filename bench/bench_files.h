// SPDX-License-Identifier: Apache-2.0
/* Files for the stages: generated histories and the parameter files that name them. */
#ifndef BENCH_FILES_H
#define BENCH_FILES_H

#include <emptor/generate.h>

#include "benchmark.h"

enum { BENCH_PATH_BYTES = 4096, BENCH_SETS_MOST = 16 };

struct bench_input {
    char data[BENCH_PATH_BYTES];   /* the history, a CSV file */
    char params[BENCH_PATH_BYTES]; /* a parameter file that reads and scores it */
    emp_generate_report report;    /* what the history holds */
};

/*
 * The history of a kind at the case's size, made by a process of its own unless a case before this
 * one has. The kinds: plain (three columns, numbers as ids, dates), text (text ids and date-times),
 * orders (several rows an order, joined into purchases), quoted (quotes in every row), and plain as
 * gz and zst.
 */
bool bench_input(struct bench_case *c, const char *kind, struct bench_input *out);

/* The options of the generator for a kind; returns how many. The texts are kept in `room`. */
size_t bench_generator_sets(const struct bench_case *c, const char *kind,
                            const char *sets[BENCH_SETS_MOST], char room[64]);

/* The path of a file in the case's folder. */
void bench_path(const struct bench_case *c, const char *name, char out[BENCH_PATH_BYTES]);

/* The bytes of a file with a zero byte behind them, to be released with free(); or NULL. */
char *bench_read_file(struct bench_case *c, const char *path, size_t *length);

/* Removes a file, or a folder and all that is in it; whether it was there does not matter. */
void bench_remove(const char *path);

#endif
