// SPDX-License-Identifier: Apache-2.0
/*
 * What a run says of a logistic model, computed again from the customers: calibration, Hosmer &
 * Lemeshow's test, the evidence of a column, and what a prior does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "../lib/test_analysis.h"

enum { CUSTOMERS = 400, PLANS = 3, BINS = 10 };

struct people {
    struct test_folder folder;
    int age[CUSTOMERS], plan[CUSTOMERS];
    bool left[CUSTOMERS];
};

static int write_people(void **state)
{
    static struct people people;
    uint64_t seed = 21;
    people.folder = test_folder_new();
    FILE *out = fopen(test_path(&people.folder, "people.csv").text, "w");
    assert_non_null(out);
    fputs("id,age,plan,left\n", out);
    for (int i = 0; i < CUSTOMERS; i++) {
        people.age[i] = 18 + (int)(test_random(&seed) % 60);
        people.plan[i] = (int)(test_random(&seed) % PLANS);
        double odds = exp(-0.02 * (people.age[i] - 45) + 0.5 * people.plan[i] - 0.4);
        people.left[i] = (double)(test_random(&seed) >> 11) * 0x1p-53 < odds / (1.0 + odds);
        fprintf(out, "%d,%d,%c,%s\n", i + 1, people.age[i], 'a' + people.plan[i],
                people.left[i] ? "yes" : "no");
    }
    assert_int_equal(fclose(out), 0);
    *state = &people;
    return 0;
}

static int remove_people(void **state)
{
    test_folder_free(&((struct people *)*state)->folder);
    return 0;
}

static struct test_analysis analyse(const struct people *people, const char *more)
{
    char yaml[500];
    snprintf(yaml, sizeof yaml,
             "input:\n  customers: {files: people.csv, columns: {customer: id}}\n"
             "churn:\n  label: {column: left, positive: 'yes'}\n"
             "  features: [age]\n  categorical: [plan]\n%s",
             more);
    return test_analyse(&people->folder, yaml, 2);
}

static void expect_near(const char *what, double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-9 * (1.0 + fabs(expected))))
        fail_msg("%s: %.17g instead of %.17g", what, found, expected);
}

/* --- Calibration --- */

struct bin {
    double customers, events, probability;
};

/* Equal probabilities stay together, in the bin of their middle. */
static void fill_bins(const struct people *people, const double *probability, struct bin bins[BINS])
{
    for (int i = 0; i < CUSTOMERS; i++) {
        int below = 0, equal = 0;
        for (int j = 0; j < CUSTOMERS; j++) {
            below += probability[j] < probability[i];
            equal += probability[j] == probability[i];
        }
        struct bin *bin = &bins[(2 * below + equal) * BINS / (2 * CUSTOMERS)];
        bin->customers++;
        bin->events += people->left[i];
        bin->probability += probability[i];
    }
}

static double metric(const emp_table *table, const char *name)
{
    for (size_t row = 0; row < emp_table_rows(table); row++)
        if (strcmp(test_cell(table, row, "metric").text, name) == 0 &&
            strcmp(test_cell(table, row, "set").text, "out_of_fold") == 0)
            return test_number(table, row, "value", NAN);
    fail_msg("no metric %s", name);
    return NAN;
}

/* The upper tail of chi-square with an even number of degrees is a sum of Poisson terms. */
static double chi_square_tail(double x, int degrees)
{
    double term = exp(-0.5 * x), sum = 0.0;
    for (int k = 0; k < degrees / 2; k++) {
        sum += term;
        term *= 0.5 * x / (k + 1);
    }
    return sum;
}

static void calibration(void **state)
{
    const struct people *people = *state;
    struct test_analysis analysis = analyse(people, "  folds: 5\n");
    const emp_table *customers = test_table(&analysis, "customers");
    const emp_table *table = test_table(&analysis, "churn_calibration");
    struct bin bins[BINS] = {{0.0, 0.0, 0.0}};
    double probability[CUSTOMERS], statistic = 0.0;
    size_t row = 0;
    for (size_t i = 0; i < CUSTOMERS; i++) {
        assert_string_equal(test_cell(customers, i, "churn_out_of_fold").text, "true");
        probability[atoi(test_cell(customers, i, "customer_id").text) - 1] =
            test_number(customers, i, "churn_probability", NAN);
    }
    fill_bins(people, probability, bins);
    while (strcmp(test_cell(table, row, "set").text, "out_of_fold") != 0)
        row++;
    for (int b = 0; b < BINS; b++, row++) {
        double n = bins[b].customers, p = bins[b].probability / n;
        assert_true(n > 0.0);
        expect_near("customers", test_number(table, row, "customers", NAN), n);
        expect_near("events", test_number(table, row, "events", NAN), bins[b].events);
        expect_near("predicted", test_number(table, row, "predicted", NAN), p);
        statistic += (bins[b].events - n * p) * (bins[b].events - n * p) / (n * p * (1.0 - p));
    }
    /* Nobody was in the fit that judged them: a degree for each bin. */
    const emp_table *metrics = test_table(&analysis, "churn_metrics");
    expect_near("H", metric(metrics, "hosmer_lemeshow"), statistic);
    expect_near("p", metric(metrics, "hosmer_lemeshow_p"), chi_square_tail(statistic, BINS));
    test_analysis_free(&analysis);
}

/* --- Evidence --- */

static void evidence(void **state)
{
    const struct people *people = *state;
    struct test_analysis analysis = analyse(people, "  folds: 0\n");
    const emp_table *table = test_table(&analysis, "churn_evidence");
    double events[PLANS] = {0.0}, others[PLANS] = {0.0}, all = 0.0, rest = 0.0, sum = 0.0;
    double weight[PLANS], value[PLANS];
    int seen = 0;
    for (int i = 0; i < CUSTOMERS; i++) {
        events[people->plan[i]] += people->left[i];
        others[people->plan[i]] += !people->left[i];
        all += people->left[i];
        rest += !people->left[i];
    }
    for (int k = 0; k < PLANS; k++) {
        weight[k] = log(events[k] / all / (others[k] / rest));
        value[k] = (events[k] / all - others[k] / rest) * weight[k];
        sum += value[k];
    }
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        if (strcmp(test_cell(table, row, "column").text, "plan") != 0)
            continue;
        int k = test_cell(table, row, "level").text[0] - 'a';
        assert_in_range(k, 0, PLANS - 1);
        expect_near("customers", test_number(table, row, "customers", NAN), events[k] + others[k]);
        expect_near("woe", test_number(table, row, "woe", NAN), weight[k]);
        expect_near("value", test_number(table, row, "information_value", NAN), value[k]);
        expect_near("sum", test_number(table, row, "column_information_value", NAN), sum);
        seen++;
    }
    assert_int_equal(seen, PLANS);
    test_analysis_free(&analysis);
}

/* --- A prior --- */

/* Where events were drawn more often than they are, the slopes are right, and the intercept is off
 * by the difference of the log odds (King & Zeng 2001). */
static void prior(void **state)
{
    const struct people *people = *state;
    struct test_analysis plain = analyse(people, "  folds: 0\n");
    struct test_analysis moved = analyse(people, "  folds: 0\n  prior: 0.1\n");
    const emp_table *before = test_table(&plain, "churn_coefficients");
    const emp_table *after = test_table(&moved, "churn_coefficients");
    double share = 0.0;
    for (int i = 0; i < CUSTOMERS; i++)
        share += (double)people->left[i] / CUSTOMERS;
    assert_int_equal(emp_table_rows(before), emp_table_rows(after));
    for (size_t row = 0; row < emp_table_rows(before); row++) {
        bool intercept = strcmp(test_cell(before, row, "term").text, "(intercept)") == 0;
        double moves = intercept ? log(0.1 / 0.9) - log(share / (1.0 - share)) : 0.0;
        expect_near(test_cell(before, row, "term").text, test_number(after, row, "estimate", NAN),
                    test_number(before, row, "estimate", NAN) + moves);
    }
    assert_int_equal(emp_table_rows(before), 1 + 1 + PLANS - 1);
    test_analysis_free(&plain);
    test_analysis_free(&moved);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calibration),
        cmocka_unit_test(evidence),
        cmocka_unit_test(prior),
    };
    return cmocka_run_group_tests(tests, write_people, remove_people);
}
