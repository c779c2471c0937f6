// SPDX-License-Identifier: Apache-2.0
/*
 * Intervals of lifetime models mean what they say: of 500 generated histories of each process, the
 * 95 % intervals of a whole run hold the parameters that they were generated with.
 *
 * A count of 500 has a standard error of 1 %. All parameters of a process together must be held in
 * 93 to 97 %, each of them in 92 to 98 % (three standard errors: there are 17 of them).
 *
 * A run sees days, not moments, and purchases of one day are one to it. So rates are low: a
 * customer comes once in a year, and a quarter of a percent of the purchases are lost by that.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../lib/test_analysis.h"

enum { REPETITIONS = 500, PARAMETERS_MOST = 4, SETS_MOST = 8 };

/* A process of the generator and the model that it is. */
struct process {
    const char *model;
    const char *sets[SETS_MOST];
    struct {
        const char *name;
        double truth;
    } parameters[PARAMETERS_MOST];
};

static const struct process processes[] = {
    {"nbd", {"dropout.kind=none"}, {{"r", 1.1}, {"alpha", 60.0}}},
    {"bgnbd",
     {"dropout.kind=geometric", "dropout.a=1.2", "dropout.b=5"},
     {{"r", 1.1}, {"alpha", 60.0}, {"a", 1.2}, {"b", 5.0}}},
    {"mbgnbd",
     {"dropout.kind=modified", "dropout.a=1.2", "dropout.b=5"},
     {{"r", 1.1}, {"alpha", 60.0}, {"a", 1.2}, {"b", 5.0}}},
    {"paretonbd",
     {"dropout.kind=exponential", "dropout.shape=0.9", "dropout.scale=120"},
     {{"r", 1.1}, {"alpha", 60.0}, {"s", 0.9}, {"beta", 120.0}}},
};

/* Every process spends alike. */
static const struct process spend = {.model = "gammagamma",
                                     .parameters = {{"p", 6.25}, {"q", 3.74}, {"gamma", 15.44}}};

static const char *const common_sets[] = {
    "customers=1500",     "start=2014-01-01",  "end=2020-01-01", "acquisition.share=0.3",
    "purchase.shape=1.1", "purchase.scale=60", "columns=minimal"};
enum { COMMON_SETS = sizeof common_sets / sizeof *common_sets };

struct coverage {
    const struct process *process;
    int covered[PARAMETERS_MOST];
    int runs, converged;
};

static void write_history(const struct test_folder *folder, const struct process *process,
                          int repetition)
{
    const char *sets[COMMON_SETS + SETS_MOST + 1];
    char seed[40];
    size_t count = 0;
    emp_error error;
    snprintf(seed, sizeof seed, "seed=%d", repetition + 1);
    sets[count++] = seed;
    for (size_t s = 0; s < COMMON_SETS; s++)
        sets[count++] = common_sets[s];
    for (size_t s = 0; s < SETS_MOST && process->sets[s]; s++)
        sets[count++] = process->sets[s];
    if (emp_generate(NULL, sets, count, test_path(folder, "sales.csv").text, NULL, NULL, &error) !=
        EMP_OK)
        fail_msg("%s", error.message);
}

/* A fit that is at a bound or flat has no interval, and counts as one that does not hold. */
static void count(const struct test_analysis *analysis, struct coverage *coverage)
{
    const emp_table *table = test_table(analysis, "ltv_parameters");
    coverage->runs++;
    bool converged = true;
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        if (strcmp(test_cell(table, row, "model").text, coverage->process->model) != 0)
            continue;
        converged = converged && strcmp(test_cell(table, row, "status").text, "estimated") == 0;
        for (int p = 0; p < PARAMETERS_MOST && coverage->process->parameters[p].name; p++) {
            double truth = coverage->process->parameters[p].truth;
            if (strcmp(test_cell(table, row, "parameter").text,
                       coverage->process->parameters[p].name) == 0)
                coverage->covered[p] += test_number(table, row, "ci_low", NAN) <= truth &&
                                        truth <= test_number(table, row, "ci_high", NAN);
        }
    }
    coverage->converged += converged;
}

static void judge(const struct coverage *coverage)
{
    double all = 0.0;
    int parameters = 0;
    for (; parameters < PARAMETERS_MOST && coverage->process->parameters[parameters].name;
         parameters++) {
        double share = (double)coverage->covered[parameters] / coverage->runs;
        print_message("%s %s: %.1f %%\n", coverage->process->model,
                      coverage->process->parameters[parameters].name, 100.0 * share);
        assert_true(share >= 0.92 && share <= 0.98);
        all += share;
    }
    assert_true(all / parameters >= 0.93 && all / parameters <= 0.97);
    assert_true(coverage->converged > coverage->runs * 98 / 100);
}

static void intervals(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct coverage of_spend = {.process = &spend};
    for (size_t k = 0; k < sizeof processes / sizeof *processes; k++) {
        struct coverage coverage = {.process = &processes[k]};
        char yaml[500];
        snprintf(yaml, sizeof yaml,
                 "input:\n  transactions: {files: sales.csv,\n"
                 "    columns: {customer: customer_id, time: date, amount: amount}}\n"
                 "analysis_date: 2019-12-31\npartitions: 1\nltv: {model: %s}\n",
                 processes[k].model);
        for (int repetition = 0; repetition < REPETITIONS; repetition++) {
            write_history(&folder, &processes[k], repetition);
            struct test_analysis analysis = test_analyse(&folder, yaml, 1);
            count(&analysis, &coverage);
            if (strcmp(processes[k].model, "nbd") == 0)
                count(&analysis, &of_spend);
            test_analysis_free(&analysis);
        }
        judge(&coverage);
    }
    judge(&of_spend);
    test_folder_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
