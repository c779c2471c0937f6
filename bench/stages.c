// SPDX-License-Identifier: Apache-2.0
/*
 * The stages of the engine, through its public API: reading a history, scoring it, writing the
 * table of customers, generating, and a whole run. Bytes: those of the text that is read or
 * written, before compression; of scoring, 8 for each cell of the table of customers.
 */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <emptor/emptor.h>

#include "bench_data.h"
#include "bench_files.h"
#include "benchmarks.h"
#include "sink/csv_writer.h"

struct stage {
    struct bench_input input;
    emp_options options;
    emp_params *params;
    emp_history *history;
    emp_result *result;
    char out[BENCH_PATH_BYTES];
    emp_generate_report generated;
    emp_run_report run;
};

/* Keeps the message of a call that failed. */
static bool done(struct bench_case *c, emp_status status, const emp_error *error)
{
    char text[2048];
    return status == EMP_OK || bench_fail(c, "%s", emp_error_text(error, text, sizeof text));
}

static struct stage *stage_new(struct bench_case *c, const char *out)
{
    struct stage *s = c->state = bench_alloc(c, 1, sizeof *s);
    if (!s)
        return NULL;
    emp_options_defaults(&s->options);
    s->options.threads = c->threads;
    bench_path(c, out, s->out);
    emp_error error;
    if (!bench_input(c, c->benchmark->variant, &s->input) ||
        !done(c, emp_params_load(s->input.params, NULL, 0, &s->params, &error), &error))
        return NULL;
    c->items = (double)s->input.report.rows;
    c->bytes = (double)s->input.report.bytes;
    return s;
}

static void teardown(struct bench_case *c)
{
    struct stage *s = c->state;
    if (!s)
        return;
    emp_result_free(s->result);
    emp_history_free(s->history);
    emp_params_free(s->params);
    bench_remove(s->out);
    free(s);
}

/* The output of the run before is none of this one's business. */
static void prepare_output(struct bench_case *c)
{
    const struct stage *s = c->state;
    bench_remove(s->out);
}

static bool right_rows(struct bench_case *c, emp_row_counts rows, uint64_t customers)
{
    const struct stage *s = c->state;
    const emp_generate_report *report = &s->input.report;
    return (rows.read == report->rows && rows.used == report->rows &&
            customers == report->customers) ||
           bench_fail(c, "%llu rows of %llu customers were used, not %llu of %llu",
                      (unsigned long long)rows.used, (unsigned long long)customers,
                      (unsigned long long)report->rows, (unsigned long long)report->customers);
}

/* Reading. */

static bool read_setup(struct bench_case *c)
{
    return stage_new(c, "nothing") != NULL;
}

static void read_prepare(struct bench_case *c)
{
    struct stage *s = c->state;
    emp_history_free(s->history);
    s->history = NULL;
}

static bool read_run(struct bench_case *c)
{
    struct stage *s = c->state;
    emp_error error;
    return done(c, emp_history_read(s->params, &s->options, &s->history, &error), &error);
}

static bool read_verify(struct bench_case *c)
{
    const struct stage *s = c->state;
    return right_rows(c, emp_history_rows(s->history), emp_history_customers(s->history));
}

const struct bench_body bench_stage_read = {.setup = read_setup,
                                            .prepare = read_prepare,
                                            .run = read_run,
                                            .verify = read_verify,
                                            .teardown = teardown,
                                            .sharing = BENCH_SHARED,
                                            .memory = true};

/* Scoring. */

static void score_prepare(struct bench_case *c)
{
    struct stage *s = c->state;
    emp_result_free(s->result);
    s->result = NULL;
}

static bool score_run(struct bench_case *c)
{
    struct stage *s = c->state;
    emp_error error;
    return done(c, emp_analyse(s->params, s->history, &s->options, &s->result, &error), &error);
}

static bool score_setup(struct bench_case *c)
{
    struct stage *s = stage_new(c, "customers.csv");
    if (!s || !read_run(c) || !score_run(c))
        return false;
    const emp_table *table = emp_result_find(s->result, "customers");
    c->items = (double)emp_table_rows(table);
    c->bytes = c->items * (double)emp_table_columns(table) * sizeof(double);
    return true;
}

/* The sum of a column of the scores; cents for money. */
static int64_t sum_of_column(const emp_table *table, const char *name, double units)
{
    int64_t sum = 0, column = emp_table_find(table, name);
    for (size_t row = 0; column >= 0 && row < emp_table_rows(table); row++) {
        double value = 0.0;
        if (emp_table_number(table, row, (size_t)column, &value))
            sum += llround(value * units);
    }
    return sum;
}

/* The money of the customers, and of their segments, is what was generated. */
static bool score_verify(struct bench_case *c)
{
    const double cents = 100.0;
    const struct stage *s = c->state;
    const emp_generate_report *report = &s->input.report;
    const emp_table *customers = emp_result_find(s->result, "customers");
    const emp_table *segments = emp_result_find(s->result, "rfm_segments");
    if (emp_table_rows(customers) != report->customers ||
        sum_of_column(segments, "customers", 1.0) != (int64_t)report->customers)
        return bench_fail(c, "customers are missing");
    return (sum_of_column(customers, "monetary", cents) == report->amount_minor &&
            sum_of_column(segments, "revenue", cents) == report->amount_minor) ||
           bench_fail(c, "the money is not that of the history");
}

const struct bench_body bench_stage_score = {.setup = score_setup,
                                             .prepare = score_prepare,
                                             .run = score_run,
                                             .verify = score_verify,
                                             .teardown = teardown,
                                             .sharing = BENCH_SHARED,
                                             .memory = true};

/* Writing the customers as CSV. */

static bool write_run(struct bench_case *c)
{
    const struct stage *s = c->state;
    const emp_table *customers = emp_result_find(s->result, "customers");
    emp_error error;
    return done(c, emp__csv_write(s->out, customers, c->threads, &error), &error);
}

static bool write_setup(struct bench_case *c)
{
    struct stat file;
    if (!score_setup(c) || !write_run(c))
        return false;
    const struct stage *s = c->state;
    if (stat(s->out, &file) != 0)
        return bench_fail(c, "%s was not written", s->out);
    c->bytes = (double)file.st_size;
    return true;
}

/* Cell by cell what the table says. No cell of these customers needs quotes. */
static bool same_cells(const emp_table *table, const char *text)
{
    char cell[512];
    size_t columns = emp_table_columns(table);
    for (size_t row = 0; row < emp_table_rows(table); row++)
        for (size_t column = 0; column < columns; column++) {
            size_t length = emp_table_text(table, row, column, cell, sizeof cell);
            if (length >= sizeof cell || strncmp(text, cell, length) != 0 ||
                text[length] != (column + 1 < columns ? ',' : '\n'))
                return false;
            text += length + 1;
        }
    return *text == '\0';
}

static bool write_verify(struct bench_case *c)
{
    const struct stage *s = c->state;
    size_t length;
    char *text = bench_read_file(c, s->out, &length);
    const char *line = text ? strchr(text, '\n') : NULL;
    bool same = line && same_cells(emp_result_find(s->result, "customers"), line + 1);
    free(text);
    return same || bench_fail(c, "%s is not the table", s->out);
}

const struct bench_body bench_stage_write = {.setup = write_setup,
                                             .prepare = prepare_output,
                                             .run = write_run,
                                             .verify = write_verify,
                                             .teardown = teardown,
                                             .sharing = BENCH_SHARED,
                                             .memory = true};

/* Generating. */

static bool generate_setup(struct bench_case *c)
{
    return stage_new(c, "generated.csv") != NULL;
}

static bool generate_run(struct bench_case *c)
{
    struct stage *s = c->state;
    const char *sets[BENCH_SETS_MOST];
    char room[64];
    emp_error error;
    size_t count = bench_generator_sets(c, c->benchmark->variant, sets, room);
    return done(c, emp_generate(NULL, sets, count, s->out, &s->options, &s->generated, &error),
                &error);
}

/* The amounts stand last in each line, with two decimals. */
static int64_t sum_of_amounts(const char *text, size_t *lines)
{
    int64_t sum = 0;
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        const char *at = memrchr(text, ',', (size_t)(end - text));
        bool negative = at && at[1] == '-';
        int64_t minor = 0;
        for (; at && at < end; at++)
            if (*at >= '0' && *at <= '9')
                minor = 10 * minor + (*at - '0');
        sum += negative ? -minor : minor;
        ++*lines;
    }
    return sum;
}

static bool generate_verify(struct bench_case *c)
{
    const struct stage *s = c->state;
    size_t length, lines = 0;
    char *text = bench_read_file(c, s->out, &length);
    int64_t sum = text ? sum_of_amounts(text, &lines) : 0;
    free(text);
    return (lines == s->generated.rows + 1 && length == s->generated.bytes &&
            sum == s->generated.amount_minor) ||
           bench_fail(c, "%s does not hold what the report says", s->out);
}

const struct bench_body bench_stage_generate = {.setup = generate_setup,
                                                .prepare = prepare_output,
                                                .run = generate_run,
                                                .verify = generate_verify,
                                                .teardown = teardown,
                                                .sharing = BENCH_SHARED,
                                                .memory = true};

/* A whole run. */

static bool run_setup(struct bench_case *c)
{
    return stage_new(c, "run") != NULL;
}

static bool run_run(struct bench_case *c)
{
    struct stage *s = c->state;
    emp_error error;
    return done(c, emp_run(s->params, &s->options, s->out, &s->run, &error), &error);
}

static bool run_verify(struct bench_case *c)
{
    const struct stage *s = c->state;
    char path[BENCH_PATH_BYTES + sizeof "/customers.csv"];
    size_t length, lines = 0;
    if (!right_rows(c, s->run.rows, s->run.customers))
        return false;
    snprintf(path, sizeof path, "%s/customers.csv", s->out);
    char *text = bench_read_file(c, path, &length);
    for (const char *at = text; at && (at = strchr(at, '\n')); at++)
        lines++;
    free(text);
    return lines == s->run.customers + 1 || bench_fail(c, "%s has %zu lines", path, lines);
}

const struct bench_body bench_stage_run = {.setup = run_setup,
                                           .prepare = prepare_output,
                                           .run = run_run,
                                           .verify = run_verify,
                                           .teardown = teardown,
                                           .sharing = BENCH_SHARED,
                                           .memory = true};
