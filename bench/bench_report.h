// SPDX-License-Identifier: Apache-2.0
/* The results as a table for people, line by line as they come, or as JSON at the end. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "bench_runner.h"

/* What has been measured so far, in order: the limit of each result stands before it. */
struct bench_results {
    const struct bench_result *of;
    size_t count;
};

void bench_report_head(void);
void bench_report_line(struct bench_results results, const struct bench_result *result);

/* False if there is no memory for it, or the output takes no more. */
bool bench_report_json(struct bench_results results);

#endif
