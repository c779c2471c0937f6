// SPDX-License-Identifier: Apache-2.0
/*
 * emptor-bench measures, verifies, and says so in JSON that can be read; none of its times is
 * looked at. EMPTOR_BENCH_PROGRAM is the program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Starts the program; what it prints is read from the stream. */
static FILE *start(const char *arguments)
{
    char command[4096];
    snprintf(command, sizeof command, "'%s' %s", EMPTOR_BENCH_PROGRAM, arguments);
    FILE *output = popen(command, "r");
    assert_non_null(output);
    return output;
}

static int status_of(const char *arguments)
{
    char text[4096];
    FILE *output = start(arguments);
    while (fread(text, 1, sizeof text, output) > 0)
        continue;
    int status = pclose(output);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The benchmarks of one run, to be released by the caller. */
static json_t *measure(const char *arguments)
{
    json_error_t error;
    FILE *output = start(arguments);
    json_t *all = json_loadf(output, 0, &error);
    assert_int_equal(pclose(output), 0);
    if (!all)
        fail_msg("line %d: %s", error.line, error.text);
    assert_true(json_is_integer(json_object_get(all, "emptor_bench")));
    assert_true(json_is_object(json_object_get(all, "machine")));
    json_t *benchmarks = json_incref(json_object_get(all, "benchmarks"));
    json_decref(all);
    assert_true(json_array_size(benchmarks) > 0);
    return benchmarks;
}

static bool is_positive(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key)) > 0.0;
}

/* What is measured has the figures that its kind calls for. */
static void check_figures(const json_t *benchmark)
{
    const char *name = json_string_value(json_object_get(benchmark, "name"));
    const char *outcome = json_string_value(json_object_get(benchmark, "outcome"));
    assert_true(name && outcome);
    if (strcmp(outcome, "skipped") == 0)
        return;
    if (strcmp(outcome, "ok") != 0)
        fail_msg("%s: %s: %s", name, outcome,
                 json_string_value(json_object_get(benchmark, "message")));
    bool is_limit = strncmp(name, "limit/", strlen("limit/")) == 0;
    bool is_stage = strncmp(name, "stage/", strlen("stage/")) == 0;
    if (!is_positive(benchmark, "median_s") || !is_positive(benchmark, "min_s") ||
        !is_positive(benchmark, "items_per_s") || is_positive(benchmark, "ratio") == is_limit ||
        is_positive(benchmark, "peak_memory_bytes") != is_stage)
        fail_msg("%s lacks a figure, or has one too many", name);
}

static size_t check_run(const char *arguments)
{
    json_t *benchmarks = measure(arguments);
    size_t count = json_array_size(benchmarks);
    for (size_t i = 0; i < count; i++)
        check_figures(json_array_get(benchmarks, i));
    json_decref(benchmarks);
    return count;
}

/* Every kernel that can run here gives the right result, in one copy and in two. */
static void kernels(void **state)
{
    (void)state;
    static const char *const groups[] = {"text", "order", "random", "number"};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        char arguments[128];
        snprintf(arguments, sizeof arguments,
                 "--filter '%s/*' --sizes small --threads 1,2 --repeats 1 --json", groups[i]);
        assert_true(check_run(arguments) > 2);
    }
}

static void stages(void **state)
{
    (void)state;
    check_run("--filter 'stage/*' --sizes=small --threads 2 --repeats=1 --json");
}

/* A limit that is asked for by nothing but its name; and a size and a number of threads each. */
static void limits(void **state)
{
    (void)state;
    assert_int_equal(check_run("--filter limit/copy --sizes small,medium --threads 1,2 "
                               "--repeats 3 --json"),
                     4);
}

static void text_and_help(void **state)
{
    (void)state;
    assert_int_equal(status_of("--filter text/split --sizes small --repeats 1"), 0);
    assert_int_equal(status_of("--list"), 0);
    assert_int_equal(status_of("--help"), 0);
    assert_int_equal(status_of("--list >/dev/full 2>&1"), 74);
}

static void bad_options(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "--unknown",           "text",         "--filter",       "--filter ''",
        "--filter nothing",    "--sizes huge", "--sizes small,", "--threads 0",
        "--threads 1,x",       "--repeats 0",  "--repeats 1.5",  "--json=yes",
        "--folder /none/such",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char arguments[128];
        snprintf(arguments, sizeof arguments, "%s 2>&1", wrong[i]);
        if (status_of(arguments) != 64)
            fail_msg("'%s' was accepted", wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels),       cmocka_unit_test(stages),      cmocka_unit_test(limits),
        cmocka_unit_test(text_and_help), cmocka_unit_test(bad_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
