// SPDX-License-Identifier: Apache-2.0
/*
 * Intervals mean what they say: of 1,000 simulated panels, each a history of purchases whose
 * process is known, the 95 % intervals of a whole run hold the true coefficients in 93 to 97 % (a
 * standard error of the count is 0.7 %).
 *
 * Before the first cut-off customers buy on days at random. At each cut-off a customer stays away
 * for 90 days with a probability that is logistic in the recency and the number of purchases so
 * far, or buys on one of these days. Given the past the labels are independent, so that the
 * likelihood of the stacked rows is that of the process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <time.h>

#include "../lib/test_analysis.h"

enum { REPETITIONS = 1000, CUSTOMERS = 500, CUTS = 3, HORIZON = 90, YEAR = 365, TERMS = 3 };

static const double truth[TERMS] = {-0.4, 0.008, -0.25}; /* 1, recency_days, frequency */

static double uniform(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

static void write_purchase(FILE *out, int customer, int day)
{
    char date[32];
    struct tm at = {.tm_year = 120, .tm_mday = 1 + day, .tm_hour = 12}; /* 2020-01-01 is day 0 */
    timegm(&at);
    strftime(date, sizeof date, "%Y-%m-%d", &at);
    fprintf(out, "%d,%s,10.00\n", customer, date);
}

/* Purchases in the first year: 1 to 5, each on a day of its own. */
static void live(FILE *out, int customer, uint64_t *seed)
{
    bool bought[YEAR] = {false};
    int frequency = 0, last = 0;
    for (int k = 1 + (int)(5 * uniform(seed)); k > 0; k--)
        bought[(int)(YEAR * uniform(seed))] = true;
    for (int day = 0; day < YEAR; day++)
        if (bought[day]) {
            write_purchase(out, customer, day);
            frequency++;
            last = day;
        }
    for (int cut = 0; cut < CUTS; cut++) {
        int day = YEAR + HORIZON * cut;
        double log_odds = truth[0] + truth[1] * (day - last) + truth[2] * frequency;
        if (uniform(seed) < 1 / (1 + exp(-log_odds)))
            continue;
        last = day + (int)(HORIZON * uniform(seed));
        frequency++;
        write_purchase(out, customer, last);
    }
}

static void write_history(const struct test_folder *folder, uint64_t *seed)
{
    FILE *out = fopen(test_path(folder, "sales.csv").text, "w");
    assert_non_null(out);
    fprintf(out, "id,day,amount\n");
    for (int customer = 1; customer <= CUSTOMERS; customer++)
        live(out, customer, seed);
    assert_int_equal(fclose(out), 0);
}

/* The days 365, 455 and 545 of 2020 on, which is a leap year. */
static const char yaml[] =
    "input:\n  transactions: {files: sales.csv,\n"
    "    columns: {customer: id, time: day, amount: amount}}\n"
    "analysis_date: 2021-12-31\npartitions: 1\n"
    "churn:\n  label: {horizon: 90d, cutoff: [2020-12-31, 2021-03-31, 2021-06-29]}\n"
    "  features: [recency_days, frequency]\n  folds: 0\n";

static void count_covered(const struct test_folder *folder, int covered[TERMS])
{
    struct test_analysis analysis = test_analyse(folder, yaml, 1);
    const emp_table *table = test_table(&analysis, "churn_coefficients");
    assert_int_equal(emp_table_rows(table), TERMS);
    for (size_t j = 0; j < TERMS; j++) {
        assert_string_equal(test_cell(table, j, "status").text, "converged");
        covered[j] += test_number(table, j, "ci_low", NAN) <= truth[j] &&
                      truth[j] <= test_number(table, j, "ci_high", NAN);
    }
    test_analysis_free(&analysis);
}

static void intervals(void **state)
{
    struct test_folder folder = test_folder_new();
    int covered[TERMS] = {0};
    uint64_t seed = 5;
    (void)state;
    for (int i = 0; i < REPETITIONS; i++) {
        write_history(&folder, &seed);
        count_covered(&folder, covered);
    }
    for (int j = 0; j < TERMS; j++) {
        print_message("term %d: %.1f %%\n", j, 100.0 * covered[j] / REPETITIONS);
        assert_in_range(covered[j], REPETITIONS * 93 / 100, REPETITIONS * 97 / 100);
    }
    test_folder_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
