// SPDX-License-Identifier: Apache-2.0
/* The table of all benchmarks, and the bodies that its rows are made of. */
#ifndef BENCH_BENCHMARKS_H
#define BENCH_BENCHMARKS_H

#include "benchmark.h"

extern const struct benchmark benchmarks[];
extern const size_t benchmark_count;

/* limits_memory.c, limits_write.c, limits_product.c, limits_unpack.c */
extern const struct bench_body bench_limit_read, bench_limit_copy, bench_limit_fresh,
    bench_limit_write, bench_limit_product, bench_limit_unpack;
/* kernels_scan.c, kernels_record.c, kernels_field.c, kernels_format.c */
extern const struct bench_body bench_scan, bench_count, bench_utf8, bench_record, bench_split,
    bench_decimal, bench_time, bench_format;
/* kernels_order.c, kernels_random.c, kernels_number.c */
extern const struct bench_body bench_radix_sort, bench_bins, bench_philox, bench_draw,
    bench_portable_math, bench_ratio;
/* kernels_evaluate.c */
extern const struct bench_body bench_ranking;
/* kernels_cluster.c */
extern const struct bench_body bench_assign, bench_fit, bench_minibatch, bench_seed;
/* kernels_indices.c */
extern const struct bench_body bench_silhouette, bench_simplified_silhouette;
/* kernels_logistic.c */
extern const struct bench_body bench_gram, bench_pass, bench_logistic;
/* kernels_lifetime.c */
extern const struct bench_body bench_lifetime_panel, bench_likelihood, bench_outlooks;
/* stages.c */
extern const struct bench_body bench_stage_read, bench_stage_score, bench_stage_write,
    bench_stage_generate, bench_stage_run;

#endif
