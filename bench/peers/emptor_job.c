// SPDX-License-Identifier: Apache-2.0
/*
 * Our side of the works in memory: emptor_job [--threads N] [--memory MIB] PARAMS.yaml
 *
 * Times the reading of the history alone, notes the peak memory at its end, then sums what the
 * table of customers says, and prints it all as one line of JSON. The sums are those of
 * jobs/common.py.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <emptor/emptor.h>

struct job {
    const char *path;
    emp_options options;
    double seconds;
    long peak_kib;
};

/* The columns of the table of customers that the answer is made of. */
enum { PURCHASES, MONEY, LAST, FIRST, COLUMNS };
static const char *const column_names[COLUMNS] = {"frequency", "monetary", "last_purchase",
                                                  "first_purchase"};

enum {
    SUM_PURCHASES,
    SUM_CENTS,
    SUM_LAST,
    SUM_FIRST,
    SUM_PURCHASES_SQUARED,
    SUM_PURCHASES_LAST,
    SUM_PURCHASES_CENTS,
    SUM_IDS_LAST,
    SUM_IDS_CENTS,
    SUMS
};
static const char *const sum_names[SUMS] = {
    "purchases",      "cents",           "last_days", "first_days", "purchases_squared",
    "purchases_last", "purchases_cents", "ids_last",  "ids_cents"};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int usage(const char *program)
{
    fprintf(stderr, "usage: %s [--threads N] [--memory MIB] PARAMS.yaml\n", program);
    return emp_status_exit(EMP_ERR_USAGE);
}

static bool read_words(int count, char **words, struct job *out)
{
    emp_options_defaults(&out->options);
    int i = 1;
    for (; i + 2 < count; i += 2) {
        uint64_t value = strtoull(words[i + 1], NULL, 10);
        if (strcmp(words[i], "--threads") == 0)
            out->options.threads = (int)value;
        else if (strcmp(words[i], "--memory") == 0)
            out->options.memory = value << 20;
        else
            return false;
    }
    out->path = words[i];
    return i + 1 == count;
}

static emp_status read_history(const emp_params *params, struct job *job, emp_history **out,
                               emp_error *error)
{
    double begun = now();
    emp_status status = emp_history_read(params, &job->options, out, error);
    struct rusage use = {0};
    job->seconds = now() - begun;
    getrusage(RUSAGE_SELF, &use);
    job->peak_kib = use.ru_maxrss;
    return status;
}

/* The number in an id like 1234 or C-0001234, below what keeps the sums within 2^53. */
static int64_t short_id(const emp_table *table, size_t row, size_t column)
{
    enum { REMAINDER = 1009 };
    char id[64];
    emp_table_text(table, row, column, id, sizeof id);
    return (int64_t)(strtoull(id + strcspn(id, "0123456789"), NULL, 10) % REMAINDER);
}

static void add_customer(int64_t id, const double cells[COLUMNS], int64_t sums[SUMS])
{
    int64_t purchases = llround(cells[PURCHASES]), cents = llround(cells[MONEY] * 100);
    int64_t last = llround(cells[LAST]), first = llround(cells[FIRST]);
    sums[SUM_PURCHASES] += purchases;
    sums[SUM_CENTS] += cents;
    sums[SUM_LAST] += last;
    sums[SUM_FIRST] += first;
    sums[SUM_PURCHASES_SQUARED] += purchases * purchases;
    sums[SUM_PURCHASES_LAST] += purchases * last;
    sums[SUM_PURCHASES_CENTS] += purchases * cents;
    sums[SUM_IDS_LAST] += id * last;
    sums[SUM_IDS_CENTS] += id * cents;
}

static void sum_customers(const emp_table *table, int64_t sums[SUMS])
{
    size_t columns[COLUMNS];
    size_t ids = (size_t)emp_table_find(table, "customer_id");
    for (int c = 0; c < COLUMNS; c++)
        columns[c] = (size_t)emp_table_find(table, column_names[c]);
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        double cells[COLUMNS] = {0};
        for (int c = 0; c < COLUMNS; c++)
            emp_table_number(table, row, columns[c], &cells[c]);
        add_customer(short_id(table, row, ids), cells, sums);
    }
}

static void print_answer(const struct job *job, const emp_table *table)
{
    int64_t sums[SUMS] = {0};
    sum_customers(table, sums);
    printf("{\"seconds\": %.6f, \"peak_kib\": %ld, \"version\": \"%s\", \"answer\": {",
           job->seconds, job->peak_kib, EMP_VERSION);
    printf("\"customers\": %zu", emp_table_rows(table));
    for (int s = 0; s < SUMS; s++)
        printf(", \"%s\": %" PRId64, sum_names[s], sums[s]);
    printf("}}\n");
}

int main(int count, char **words)
{
    struct job job;
    emp_error error;
    emp_params *params = NULL;
    emp_history *history = NULL;
    emp_result *result = NULL;
    if (!read_words(count, words, &job))
        return usage(words[0]);

    emp_status status = emp_params_load(job.path, NULL, 0, &params, &error);
    if (status == EMP_OK)
        status = read_history(params, &job, &history, &error);
    if (status == EMP_OK)
        status = emp_analyse(params, history, &job.options, &result, &error);

    if (status == EMP_OK) {
        print_answer(&job, emp_result_find(result, "customers"));
    } else {
        char text[2048];
        fprintf(stderr, "%s\n", emp_error_text(&error, text, sizeof text));
    }
    emp_result_free(result);
    emp_history_free(history);
    emp_params_free(params);
    return emp_status_exit(status);
}
