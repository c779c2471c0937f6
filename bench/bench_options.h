// SPDX-License-Identifier: Apache-2.0
/* The command line of emptor-bench. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include "benchmark.h"

enum { BENCH_THREAD_COUNTS_MOST = 16 };

struct bench_options {
    const char *filter; /* NULL: all */
    const char *folder;
    bool sizes[BENCH_SIZES];
    int threads[BENCH_THREAD_COUNTS_MOST];
    int thread_count; /* of the entries in threads */
    int repeats;
    bool json, list, help;
};

/* "small", "medium", "large" */
const char *bench_size_name(enum bench_size size);

/* False, with the message printed, if the words are wrong. */
bool bench_options_parse(int count, char *const *words, struct bench_options *out);

void bench_options_help(void);

/* Does the filter, a pattern or a part of the name, ask for this benchmark? */
bool bench_options_ask_for(const struct bench_options *options, const struct benchmark *benchmark);

#endif
