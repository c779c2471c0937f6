// SPDX-License-Identifier: Apache-2.0
/* CDNOW, all customers: RFM and its scores as software that is not ours computed them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_golden.h"

static struct test_analysis analyse(const char *rfm)
{
    struct test_folder folder = test_folder_new();
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "analysis_date: 1998-07-01\ninput:\n  transactions:\n    files: [\"%s\"]\n"
             "    delimiter: whitespace\n    time_format: \"%%Y%%m%%d\"\n"
             "    columns: {customer: customer_id, time: date, amount: dollar_value}\nrfm: %s\n",
             test_shared("data/cdnow/CDNOW_master.txt").text, rfm);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

static void counts_and_sums(void **state)
{
    (void)state;
    json_t *golden = test_golden("cdnow_master");
    struct test_analysis analysis = analyse("{}");
    const emp_table *customers = test_table(&analysis, "customers");
    emp_row_counts rows = emp_history_rows(analysis.history);
    assert_int_equal(rows.used, json_integer_value(test_at(golden, "input.rows")));
    assert_int_equal(rows.read, rows.used);
    assert_int_equal(emp_history_customers(analysis.history),
                     json_integer_value(test_at(golden, "input.customers")));
    assert_int_equal(test_sum(customers, "monetary", 2),
                     json_integer_value(test_at(golden, "input.total_cents")));
    assert_int_equal(test_sum(customers, "recency_days", 0),
                     (int64_t)json_number_value(test_at(golden, "describe.recency.sum")));
    assert_int_equal(test_sum(customers, "frequency", 0),
                     (int64_t)json_number_value(test_at(golden, "describe.frequency.sum")));
    test_analysis_free(&analysis);
    json_decref(golden);
}

static void expect_first_20(const emp_table *customers, json_t *golden, const char *frequency)
{
    json_t *list = test_at(golden, "first_20_customers"), *entry;
    size_t row;
    assert_int_equal(json_array_size(list), 20);
    json_array_foreach(list, row, entry)
    {
        static const char *const texts[][2] = {
            {"customer_id", "id"}, {"first_purchase", "first"}, {"last_purchase", "last"}};
        for (int i = 0; i < 3; i++)
            assert_string_equal(test_cell(customers, row, texts[i][0]).text,
                                json_string_value(test_at(entry, texts[i][1])));
        assert_int_equal(test_minor(test_cell(customers, row, "recency_days").text, 0),
                         json_integer_value(test_at(entry, "recency")));
        assert_int_equal(test_minor(test_cell(customers, row, "frequency").text, 0),
                         json_integer_value(test_at(entry, frequency)));
        assert_int_equal(test_minor(test_cell(customers, row, "monetary").text, 2),
                         test_golden_minor(test_at(entry, "monetary"), 2));
    }
}

static void first_20_customers(void **state)
{
    (void)state;
    json_t *golden = test_golden("cdnow_master");
    struct test_analysis analysis = analyse("{merge: row}");
    expect_first_20(test_table(&analysis, "customers"), golden, "frequency");
    test_analysis_free(&analysis);
    analysis = analyse("{merge: day}");
    const emp_table *customers = test_table(&analysis, "customers");
    expect_first_20(customers, golden, "frequency_days");
    assert_int_equal(test_sum(customers, "frequency", 0),
                     json_integer_value(test_at(golden, "input.customer_days")));
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* Every cell of one way to score, and everything else that the golden file says of it. */
static void expect_scores(const char *rfm, const char *name, bool with_cuts)
{
    json_t *golden = test_golden("cdnow_master");
    char path[100];
    snprintf(path, sizeof path, "scores.%s", name);
    json_t *scores = test_at(golden, path);
    struct test_analysis analysis = analyse(rfm);
    const emp_table *customers = test_table(&analysis, "customers");
    test_expect_counts(customers, "rfm_cell", test_at(scores, "cells"));
    test_expect_counts(customers, "r_score", test_at(scores, "R"));
    test_expect_counts(customers, "f_score", test_at(scores, "F"));
    test_expect_counts(customers, "m_score", test_at(scores, "M"));
    test_expect_first_cells(customers, test_at(scores, "first_20"));
    int64_t cells = test_sum(customers, "rfm_cell", 0), money = 0;
    for (size_t row = 0; row < emp_table_rows(customers); row++)
        if (strcmp(test_cell(customers, row, "rfm_cell").text, "555") == 0)
            money += test_minor(test_cell(customers, row, "monetary").text, 2);
    assert_int_equal(cells, json_integer_value(test_at(scores, "sum_of_cells")));
    assert_int_equal(money, test_golden_minor(test_at(scores, "monetary_by_cell_555"), 2));
    static const char *const measures[] = {"recency", "frequency", "monetary"};
    for (int m = 0; m < 3 && with_cuts; m++)
        test_expect_cuts(&analysis, measures[m],
                         test_at(test_at(scores, "breakpoints"), measures[m]));
    test_analysis_free(&analysis);
    json_decref(golden);
}

static void scores_a_ties_by_rank(void **state)
{
    (void)state;
    expect_scores("{ties: rank}", "a_qcut_rank_first", false);
}

static void scores_b_ties_by_value(void **state)
{
    (void)state;
    expect_scores("{ties: value}", "b_type7_right_closed", true);
}

static void scores_c_nested_by_rank(void **state)
{
    (void)state;
    expect_scores("{method: nested, ties: rank}", "c_nested_rank_first", false);
}

/* The cuts of 2, 4, 10 and 20 bins are among the golden quantiles, too. */
static void other_quantiles(void **state)
{
    (void)state;
    static const struct {
        const char *rfm;
        int bins;
    } ways[] = {{"{bins: 2}", 2}, {"{bins: 4}", 4}, {"{bins: 20}", 20}};
    json_t *golden = test_golden("cdnow_master");
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        struct test_analysis analysis = analyse(ways[w].rfm);
        const emp_table *cuts = test_table(&analysis, "rfm_cuts");
        size_t compared = 0;
        for (size_t row = 0; row < emp_table_rows(cuts); row++) {
            struct test_cell measure = test_cell(cuts, row, "measure");
            double score = test_number(cuts, row, "score", NAN);
            double up_to = test_number(cuts, row, "up_to", NAN);
            bool backwards = strcmp(measure.text, "recency") == 0;
            double share = (backwards ? ways[w].bins + 1 - score : score) / ways[w].bins;
            char path[100], key[20];
            snprintf(path, sizeof path, "describe.%.20s.quantiles_type7", measure.text);
            snprintf(key, sizeof key, "%g", share);
            json_t *expected = json_object_get(test_at(golden, path), key);
            if (isnan(up_to) || !expected)
                continue;
            double value = json_number_value(expected);
            assert_true(fabs(up_to - value) <= 1e-12 * fabs(value));
            compared++;
        }
        assert_true(compared >= 3);
        test_analysis_free(&analysis);
    }
    json_decref(golden);
}

/* The sample of 2,357 customers has no header: `data` in reference-results.md. */
static void the_sample(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "input:\n  transactions:\n    files: [\"%s\"]\n    header: false\n"
             "    delimiter: whitespace\n    time_format: \"%%Y%%m%%d\"\n"
             "    columns: {customer: 2, time: 3, amount: 5}\nrfm: {merge: day}\n",
             test_shared("data/cdnow/CDNOW_sample.txt").text);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    const emp_table *customers = test_table(&analysis, "customers");
    assert_int_equal(emp_history_rows(analysis.history).used, 6919);
    assert_int_equal(emp_table_rows(customers), 2357);
    assert_int_equal(test_sum(customers, "frequency", 0), 6696);
    assert_int_equal(test_sum(customers, "monetary", 2), 24409194);
    test_analysis_free(&analysis);
    test_folder_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_and_sums),
        cmocka_unit_test(first_20_customers),
        cmocka_unit_test(scores_a_ties_by_rank),
        cmocka_unit_test(scores_b_ties_by_value),
        cmocka_unit_test(scores_c_nested_by_rank),
        cmocka_unit_test(other_quantiles),
        cmocka_unit_test(the_sample),
    };
    return test_has_shared() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
