// SPDX-License-Identifier: Apache-2.0
/* emptor-bench: measures the machine's limits, then what is asked for, case by case. */
#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emptor/status.h>

#include "base/memory.h"
#include "bench_files.h"
#include "bench_isolate.h"
#include "bench_plan.h"
#include "bench_report.h"
#include "benchmarks.h"

static void print_names(const struct bench_options *options)
{
    for (size_t i = 0; i < benchmark_count; i++)
        if (bench_options_ask_for(options, &benchmarks[i]))
            printf("%s\n", benchmarks[i].name);
}

/* Measures the cases of a plan until a signal comes; the number of those that failed. */
static size_t measure(const struct bench_options *options, const struct bench_plan *plan,
                      struct bench_result *results)
{
    size_t failed = 0;
    if (!options->json)
        bench_report_head();
    for (size_t i = 0; i < plan->count && !bench_signals_wait(); i++) {
        struct bench_results so_far = {.of = results, .count = i};
        bench_run(&plan->cases[i], options->repeats, &results[i]);
        failed += results[i].outcome == BENCH_FAILED;
        if (!options->json)
            bench_report_line(so_far, &results[i]);
        else if (results[i].outcome == BENCH_FAILED)
            fprintf(stderr, "emptor-bench: %s: %s\n", plan->cases[i].benchmark->name,
                    results[i].c.message);
    }
    return failed;
}

static emp_status measure_plan(const struct bench_options *options, const struct bench_plan *plan)
{
    struct bench_result *results = NULL;
    emp_status status = emp__new_array(&results, plan->count, sizeof *results, NULL);
    if (status != EMP_OK)
        return status;
    if (measure(options, plan, results) > 0)
        status = EMP_ERR_INTERNAL;
    struct bench_results all = {.of = results, .count = plan->count};
    if (options->json && !bench_report_json(all))
        status = EMP_ERR_IO;
    free(results);
    return status;
}

/* In a folder of its own, which is removed at the end. */
static emp_status measure_in_folder(const struct bench_options *options)
{
    char folder[BENCH_PATH_BYTES];
    struct bench_plan plan;
    snprintf(folder, sizeof folder, "%s/emptor-bench-XXXXXX", options->folder);
    bench_signals_hold();
    if (!mkdtemp(folder)) {
        perror("emptor-bench: no folder for its files");
        return EMP_ERR_CREATE;
    }
    emp_status status = EMP_ERR_MEMORY;
    if (bench_plan_make(options, folder, &plan))
        status = plan.count > 0 ? measure_plan(options, &plan) : EMP_ERR_USAGE;
    if (status == EMP_ERR_USAGE)
        fprintf(stderr, "emptor-bench: no benchmark is called like '%s'; see --list\n",
                options->filter);
    bench_plan_free(&plan);
    bench_remove(folder);
    bench_signals_release();
    return status;
}

int main(int count, char **words)
{
    struct bench_options options;
    /* OpenBLAS starts threads when it is loaded; the processes that measure start their own. */
    openblas_set_num_threads(1);
    if (!bench_options_parse(count, words, &options))
        return emp_status_exit(EMP_ERR_USAGE);
    emp_status status = EMP_OK;
    if (options.help)
        bench_options_help();
    else if (options.list)
        print_names(&options);
    else
        status = measure_in_folder(&options);
    if (status != EMP_ERR_USAGE && (fflush(stdout) != 0 || ferror(stdout))) {
        perror("emptor-bench: cannot write to standard output");
        return emp_status_exit(EMP_ERR_IO);
    }
    return emp_status_exit(status);
}
