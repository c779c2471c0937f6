// SPDX-License-Identifier: Apache-2.0
#include "bench_report.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <emptor/version.h>

#include "base/machine.h"
#include "bench_options.h"
#include "bench_plan.h"
#include "limits.h"

static const char *const outcome_names[] = {
    [BENCH_PASSED] = "ok", [BENCH_SKIPPED] = "skipped", [BENCH_FAILED] = "FAILED"};

/* Per second of the median; 0 where the amount is not told. */
static double rate(const struct bench_result *result, double amount)
{
    return result->median > 0.0 ? amount / result->median : 0.0;
}

/* What the bound is about: flops or bytes. */
static double bound_amount(const struct bench_result *result, enum bench_bound bound)
{
    return bench_bound_of_flops(bound) ? result->c.flops : result->c.bytes;
}

/*
 * The limit of a result, the best that the machine did, and in *ratio how near the result came. 0
 * if it has none.
 */
static double limit_rate(struct bench_results results, const struct bench_result *result,
                         double *ratio)
{
    enum bench_bound bound = result->c.benchmark->bound;
    struct bench_case limit;
    *ratio = 0.0;
    if (result->outcome != BENCH_PASSED || !bench_limit_of(&result->c, &limit))
        return 0.0;
    for (size_t i = 0; i < results.count; i++) {
        const struct bench_result *other = &results.of[i];
        if (other->outcome != BENCH_PASSED || !bench_same_case(&other->c, &limit))
            continue;
        double at_most = bound_amount(other, bound) / other->minimum;
        *ratio = rate(result, bound_amount(result, bound)) / at_most;
        return at_most;
    }
    return 0.0;
}

void bench_report_head(void)
{
    printf("%-24s %-6s %3s  %5s %10s %10s  %9s %-8s %8s %8s  %-6s %6s %8s\n", "benchmark", "size",
           "thr", "busy", "median s", "min s", "M items/s", "item", "GB/s", "GFLOP/s", "limit",
           "ratio", "peak MiB");
}

/* A number, or blanks for 0. */
static void print_or_blank(const char *format, int width, double value)
{
    if (value > 0.0)
        printf(format, width, value);
    else
        printf(" %*s", width, "");
}

void bench_report_line(struct bench_results results, const struct bench_result *result)
{
    const double mega = 1e6, giga = 1e9, mebibyte = 1024.0 * 1024.0;
    const struct benchmark *benchmark = result->c.benchmark;
    printf("%-24s %-6s %3d ", benchmark->name, bench_size_name(result->c.size), result->c.threads);
    if (result->outcome != BENCH_PASSED) {
        printf(" %s: %s\n", outcome_names[result->outcome], result->c.message);
        fflush(stdout);
        return;
    }
    double ratio;
    double limit = limit_rate(results, result, &ratio);
    printf(" %6.2f %10.3g %10.3g  %9.4g %-8s", result->busy, result->median, result->minimum,
           rate(result, result->c.items) / mega, benchmark->item);
    print_or_blank(" %*.4g", 8, rate(result, result->c.bytes) / giga);
    print_or_blank(" %*.4g", 8, rate(result, result->c.flops) / giga);
    printf("  %-6s", limit > 0.0 ? bench_bound_name(benchmark->bound) : "");
    print_or_blank(" %*.3f", 6, ratio);
    print_or_blank(" %*.1f", 8, (double)result->peak_memory / mebibyte);
    printf("\n");
    fflush(stdout);
}

/* Sets a number that may not be told: null then. */
static int set_number(json_t *object, const char *key, double value)
{
    return json_object_set_new(object, key, value > 0.0 ? json_real(value) : json_null());
}

static json_t *result_json(struct bench_results results, const struct bench_result *result)
{
    const struct benchmark *benchmark = result->c.benchmark;
    double ratio, limit = limit_rate(results, result, &ratio);
    json_t *object = json_pack("{s:s, s:s, s:i, s:s, s:s, s:i}", "name", benchmark->name, "size",
                               bench_size_name(result->c.size), "threads", result->c.threads,
                               "outcome", outcome_names[result->outcome], "message",
                               result->c.message, "repeats", result->repeats);
    int bad = !object;
    bad |= set_number(object, "median_s", result->median);
    bad |= set_number(object, "min_s", result->minimum);
    bad |= set_number(object, "processors_busy", result->busy);
    bad |= json_object_set_new(object, "item", json_string(benchmark->item));
    bad |= set_number(object, "items", result->c.items);
    bad |= set_number(object, "items_per_s", rate(result, result->c.items));
    bad |= set_number(object, "bytes_per_s", rate(result, result->c.bytes));
    bad |= set_number(object, "flops_per_s", rate(result, result->c.flops));
    bad |= json_object_set_new(object, "limit",
                               limit > 0.0 ? json_string(bench_bound_name(benchmark->bound))
                                           : json_null());
    bad |= set_number(object, "limit_per_s", limit);
    bad |= set_number(object, "ratio", ratio);
    bad |= set_number(object, "peak_memory_bytes", (double)result->peak_memory);
    if (bad) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* "model name : ..." of the first processor; "" where the system does not tell. */
static void processor_name(char out[256])
{
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    out[0] = '\0';
    while (file && out[0] == '\0' && fgets(line, sizeof line, file))
        if (strncmp(line, "model name", strlen("model name")) == 0 && strchr(line, ':'))
            snprintf(out, 256, "%.*s", (int)strcspn(strchr(line, ':') + 2, "\n"),
                     strchr(line, ':') + 2);
    if (file)
        fclose(file);
}

static json_t *machine_json(void)
{
    char processor[256];
    processor_name(processor);
    return json_pack("{s:s, s:i, s:I}", "processor", processor, "processors",
                     (int)sysconf(_SC_NPROCESSORS_ONLN), "memory_bytes",
                     (json_int_t)emp__machine_memory());
}

bool bench_report_json(struct bench_results results)
{
    enum { DIGITS = 6 };
    json_t *benchmarks = json_array();
    int bad = !benchmarks;
    for (size_t i = 0; i < results.count; i++)
        bad |= json_array_append_new(benchmarks, result_json(results, &results.of[i]));
    json_t *all = json_pack("{s:i, s:s, s:o, s:o}", "emptor_bench", 1, "version", EMP_VERSION,
                            "machine", machine_json(), "benchmarks", benchmarks);
    bad |= !all || json_dumpf(all, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(DIGITS)) != 0;
    json_decref(all);
    return !bad && putchar('\n') != EOF;
}
