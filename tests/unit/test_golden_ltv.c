// SPDX-License-Identifier: Apache-2.0
/*
 * Lifetime value of real data, as software that is not ours computed it: CDNOW's sample, the
 * apparel shop, Online Retail, where the data do not tell dropout, and the contracts of sBG.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../lib/test_golden.h"

/* The input of each data set, `file` for its path. */
struct data_set {
    const char *file, *input;
};

static const struct data_set cdnow = {
    "data/cdnow/CDNOW_sample.txt",
    "    header: false\n    delimiter: whitespace\n    time_format: \"%Y%m%d\"\n"
    "    columns: {customer: 2, time: 3, amount: 5}\n"};
static const struct data_set apparel = {"data/apparel/apparelTrans.csv",
                                        "    columns: {customer: Id, time: Date, amount: Price}\n"};
static const struct data_set online_retail = {
    "data/online_retail/online_retail.csv.gz",
    "    time_format: \"%Y-%m-%d %H:%M:%S\"\n    amount_decimals: 3\n"
    "    columns: {customer: CustomerID, time: InvoiceDate, order: InvoiceNo,\n"
    "              amount: {price: UnitPrice, quantity: Quantity}}\n"
    "    missing_customer: drop\n    where:\n      - {column: Quantity, gt: 0}\n"
    "      - {column: UnitPrice, gt: 0}\n      - {column: InvoiceNo, not_starts_with: C}\n"};

static struct test_analysis analyse(const struct data_set *data, const char *ltv)
{
    struct test_folder folder = test_folder_new();
    char yaml[2000];
    snprintf(yaml, sizeof yaml, "input:\n  transactions:\n    files: [\"%s\"]\n%sltv: %s\n",
             test_shared(data->file).text, data->input, ltv);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

/* The row whose cell in a column has this text. */
static size_t find_row(const emp_table *table, const char *column, const char *text)
{
    size_t row = 0;
    while (row < emp_table_rows(table) && strcmp(test_cell(table, row, column).text, text) != 0)
        row++;
    if (row == emp_table_rows(table))
        fail_msg("no row with %s %s", column, text);
    return row;
}

static void expect_near(const char *what, double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%s: %.17g instead of %.17g", what, found, expected);
}

/* Parameters within a thousandth of their standard error, the likelihood within 1e-6. */
static void expect_model(const struct test_analysis *analysis, const char *model, json_t *golden)
{
    const emp_table *models = test_table(analysis, "ltv_models");
    const emp_table *parameters = test_table(analysis, "ltv_parameters");
    size_t row = find_row(models, "model", model), first = find_row(parameters, "model", model), i;
    json_t *values = test_at(golden, "params"), *errors = test_at(golden, "se_natural"), *value;
    expect_near(model, test_number(models, row, "log_likelihood", NAN),
                json_number_value(test_at(golden, "loglik")), 1e-6);
    assert_string_equal(test_cell(models, row, "status").text, "converged");
    assert_int_equal(test_number(models, row, "parameters", NAN), json_array_size(values));
    json_array_foreach(values, i, value)
    {
        double error = json_number_value(json_array_get(errors, i));
        expect_near(test_cell(parameters, first + i, "parameter").text,
                    test_number(parameters, first + i, "estimate", NAN), json_number_value(value),
                    1e-3 * error);
        expect_near("std_error", test_number(parameters, first + i, "std_error", NAN), error,
                    1e-5 * error);
        assert_string_equal(test_cell(parameters, first + i, "model").text, model);
    }
}

static void expect_holdout(const struct test_analysis *analysis, const char *model, json_t *golden)
{
    static const char *const pairs[][2] = {{"holdout_total_actual", "actual_total"},
                                           {"holdout_total_predicted", "predicted_total"},
                                           {"mae", "mae"},
                                           {"rmse", "rmse"}};
    const emp_table *models = test_table(analysis, "ltv_models");
    size_t row = find_row(models, "model", model);
    for (size_t i = 0; i < 4; i++) {
        double expected = json_number_value(test_at(golden, pairs[i][1]));
        expect_near(pairs[i][0], test_number(models, row, pairs[i][0], NAN), expected,
                    1e-6 * expected);
    }
}

/* The classes of the holdout, and the repeat purchases that were expected of the calibration. */
static void cdnow_validation(void **state)
{
    (void)state;
    json_t *golden = test_golden("cdnow_sample"), *value;
    json_t *own = test_at(golden, "bgnbd.B_log_exact");
    struct test_analysis analysis = analyse(&cdnow, "{model: bgnbd, calibration_end: 1997-09-30}");
    const emp_table *table = test_table(&analysis, "ltv_validation");
    const emp_table *tracking = test_table(&analysis, "ltv_tracking");
    size_t row;
    json_array_foreach(test_at(own, "holdout_by_calibration_frequency"), row, value)
    {
        double predicted = json_number_value(test_at(value, "predicted_mean"));
        assert_string_equal(test_cell(table, row, "model").text, "bgnbd");
        assert_string_equal(test_cell(table, row, "repeat_purchases").text,
                            json_string_value(test_at(value, "x")));
        assert_int_equal(test_number(table, row, "customers", NAN),
                         json_integer_value(test_at(value, "customers")));
        expect_near("actual", test_number(table, row, "actual_mean", NAN),
                    json_number_value(test_at(value, "actual_mean")), 1e-12);
        expect_near("predicted", test_number(table, row, "predicted_mean", NAN), predicted,
                    1e-6 * predicted);
    }
    assert_string_equal(test_cell(table, row, "repeat_purchases").text, "all");
    double expected = json_number_value(test_at(own, "expected_repeat_in_calibration_sum"));
    size_t last = find_row(tracking, "until", "1997-09-30");
    expect_near("tracking", test_number(tracking, last, "expected_cumulative", NAN), expected,
                1e-6 * expected);
    assert_int_equal(test_number(tracking, last, "actual_cumulative", NAN), 2457);
    assert_string_equal(test_cell(tracking, last, "set").text, "calibration");
    assert_string_equal(test_cell(tracking, last + 1, "set").text, "holdout");
    assert_int_equal(test_number(tracking, last + 39, "actual_cumulative", NAN), 2457 + 1882);
    test_analysis_free(&analysis);
    json_decref(golden);
}

static void cdnow_calibration(void **state)
{
    (void)state;
    static const char *const models[] = {"bgnbd", "mbgnbd", "paretonbd"};
    json_t *golden = test_golden("cdnow_sample");
    struct test_analysis analysis = analyse(&cdnow, "{calibration_end: 1997-09-30}");
    char path[100];
    for (size_t m = 0; m < 3; m++) {
        snprintf(path, sizeof path, "%s.B_log_exact", models[m]);
        expect_model(&analysis, models[m], test_at(golden, path));
        snprintf(path, sizeof path, "%s.B_log_exact.holdout", models[m]);
        expect_holdout(&analysis, models[m], test_at(golden, path));
    }
    expect_model(&analysis, "gammagamma", test_at(golden, "gammagamma.B_log_exact"));
    const emp_table *table = test_table(&analysis, "ltv_models");
    assert_string_equal(test_cell(table, find_row(table, "chosen", "true"), "model").text,
                        "mbgnbd");
    assert_int_equal(test_number(table, find_row(table, "model", "gammagamma"), "customers", NAN),
                     946);
    const emp_table *checks = test_table(&analysis, "ltv_assumptions");
    expect_near(
        "correlation",
        test_number(checks, find_row(checks, "check", "frequency_spend_pearson"), "value", NAN),
        json_number_value(test_at(golden, "gammagamma.B_log_exact."
                                          "corr_frequency_monetary_repeat_buyers")),
        1e-9);
    test_analysis_free(&analysis);
    json_decref(golden);
}

static double sum_of(const emp_table *table, const char *column)
{
    double sum = 0.0;
    for (size_t row = 0; row < emp_table_rows(table); row++)
        sum += test_number(table, row, column, NAN);
    return sum;
}

/* The first twenty customers in order of id, and the sum over all. */
static void expect_column(const emp_table *customers, const char *column, json_t *first, double sum)
{
    size_t row;
    json_t *value;
    json_array_foreach(first, row, value)
    {
        double expected = json_number_value(value);
        expect_near(column, test_number(customers, row, column, NAN), expected, 1e-5 * expected);
    }
    expect_near(column, sum_of(customers, column), sum, 1e-6 * sum);
}

static void cdnow_customers(void **state)
{
    (void)state;
    static const char *const models[] = {"bgnbd", "mbgnbd", "paretonbd"};
    json_t *golden = test_golden("cdnow_sample");
    json_t *spend = test_at(golden, "gammagamma.B_log_exact");
    for (size_t m = 0; m < 3; m++) {
        char ltv[200];
        snprintf(ltv, sizeof ltv, "{model: %s, observation_end: 1997-09-30, horizon: 39}",
                 models[m]);
        struct test_analysis analysis = analyse(&cdnow, ltv);
        const emp_table *customers = test_table(&analysis, "customers");
        json_t *own = test_at(test_at(golden, models[m]), "B_log_exact");
        expect_column(customers, "p_alive", test_at(own, "p_alive_first20"),
                      json_number_value(test_at(own, "p_alive_sum")));
        expect_column(customers, "expected_purchases", test_at(own, "cet39_first20"),
                      json_number_value(test_at(own, "cet39_sum")));
        expect_column(customers, "expected_spend",
                      test_at(spend, "expected_average_profit_first20"),
                      json_number_value(test_at(spend, "expected_average_profit_sum_all")));
        test_analysis_free(&analysis);
    }
    json_decref(golden);
}

/* Discounted in steps of a week there, continuously here: half a week of discount apart. */
static void cdnow_values(void **state)
{
    (void)state;
    json_t *golden = test_golden("cdnow_sample");
    /* 1.15^(1 / 52) a week. */
    char ltv[200];
    snprintf(ltv, sizeof ltv,
             "{model: paretonbd, observation_end: 1997-09-30, horizon: 39, discount_rate: %.17g}",
             pow(1.15, 365.25 / 364.0) - 1.0);
    struct test_analysis analysis = analyse(&cdnow, ltv);
    const emp_table *customers = test_table(&analysis, "customers");
    json_t *weekly = test_at(golden, "paretonbd.B_log_exact.clv.weekly39_annual15pct");
    json_t *dert = test_at(golden, "paretonbd.B_log_exact.dert"), *value;
    double sum = json_number_value(test_at(weekly, "sum"));
    expect_near("clv", sum_of(customers, "clv"), sum * pow(1.15, 0.5 / 52.0), 1e-4 * sum);
    size_t row;
    json_array_foreach(test_at(dert, "first20"), row, value)
    {
        double unlimited = test_number(customers, row, "clv_unlimited", NAN);
        double spend = test_number(customers, row, "expected_spend", NAN);
        double expected = json_number_value(value);
        expect_near("DERT", unlimited / spend, expected, 1e-5 * expected);
    }
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* Quantiles of 200 replicates leave a width uncertain by a tenth; what customers really spend
 * strays more from their means than Gamma-Gamma has it, which draws show and the delta method does
 * not. */
static void expect_bootstrap(const emp_table *equity, size_t row)
{
    double value = test_number(equity, row, "equity", NAN);
    double low = test_number(equity, row, "bootstrap_lo", NAN);
    double high = test_number(equity, row, "bootstrap_hi", NAN);
    double width = test_number(equity, row, "equity_hi", NAN) - value;
    assert_true(low < value && value < high);
    if (!(0.5 * (high - low) > 0.75 * width && 0.5 * (high - low) < 1.6 * width))
        fail_msg("bootstrap: %g to %g, not %g +- %g", low, high, value, width);
}

/* Equity is the sum of the values, and so is that of the cohorts; a sum is known better than its
 * parts. */
static void cdnow_equity(void **state)
{
    (void)state;
    struct test_analysis analysis =
        analyse(&cdnow, "{model: mbgnbd, observation_end: 1997-09-30, horizon: 39, "
                        "bootstrap: 200}");
    const emp_table *customers = test_table(&analysis, "customers");
    const emp_table *equity = test_table(&analysis, "ltv_equity");
    double all = test_number(equity, 0, "equity", NAN), sum = 0.0, count = 0.0, widths = 0.0;
    double width = test_number(equity, 0, "equity_hi", NAN) - all;
    expect_near("all", all, sum_of(customers, "clv"), 1e-9 * all);
    assert_int_equal(test_number(equity, 0, "customers", NAN), 2357);
    for (size_t row = 1; row < emp_table_rows(equity); row++) {
        assert_string_equal(test_cell(equity, row, "grouping").text, "cohort");
        sum += test_number(equity, row, "equity", NAN);
        count += test_number(equity, row, "customers", NAN);
        widths +=
            test_number(equity, row, "equity_hi", NAN) - test_number(equity, row, "equity", NAN);
    }
    /* All came in the first twelve weeks. */
    assert_int_equal(emp_table_rows(equity), 4);
    expect_near("cohorts", sum, all, 1e-9 * all);
    assert_true(count == 2357.0);
    assert_true(width > 0.0 && width <= widths * (1.0 + 1e-9));
    /* The intervals of customers, added up, are wider still. */
    assert_true(width < sum_of(customers, "clv_hi") - all);
    for (size_t row = 0; row < emp_table_rows(equity); row++)
        expect_bootstrap(equity, row);
    test_analysis_free(&analysis);
}

static void apparel_calibration(void **state)
{
    (void)state;
    static const char *const models[] = {"bgnbd", "gammagamma"};
    json_t *golden = test_golden("apparel_clv");
    struct test_analysis analysis = analyse(&apparel, "{calibration_end: 2006-12-31}");
    for (size_t m = 0; m < 2; m++)
        expect_model(&analysis, models[m], test_at(test_at(golden, "fit"), models[m]));
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* The likelihood rises to the limit without dropout: NBD is chosen, and the others say so. */
static void without_dropout(void **state)
{
    (void)state;
    static const char *const models[] = {"bgnbd", "mbgnbd", "paretonbd"};
    json_t *golden = test_golden("online_retail_clv");
    json_t *limit = test_at(golden, "calibration_2011-09-09.nbd_no_dropout_limit");
    double best = json_number_value(test_at(limit, "loglik"));
    struct test_analysis analysis = analyse(&online_retail, "{calibration_end: 2011-09-09}");
    const emp_table *table = test_table(&analysis, "ltv_models");
    const emp_table *parameters = test_table(&analysis, "ltv_parameters");
    size_t nbd = find_row(table, "model", "nbd");
    expect_near("nbd", test_number(table, nbd, "log_likelihood", NAN), best, 1e-6);
    assert_string_equal(test_cell(table, nbd, "chosen").text, "true");
    for (size_t m = 0; m < 3; m++) {
        size_t row = find_row(table, "model", models[m]);
        size_t first = find_row(parameters, "model", models[m]);
        assert_true(test_number(table, row, "log_likelihood", NAN) > best - 0.01);
        assert_string_not_equal(test_cell(table, row, "status").text, "converged");
        assert_string_equal(test_cell(table, row, "nested").text, "nbd");
        for (size_t i = 0; i < 2; i++) {
            double expected = json_number_value(json_array_get(test_at(limit, "params"), i));
            expect_near("r, alpha", test_number(parameters, first + i, "estimate", NAN), expected,
                        1e-3 * expected);
        }
    }
    expect_model(&analysis, "gammagamma", test_at(golden, "calibration_2011-09-09.gammagamma"));
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* The donors of BG/BB: parameters, and each pattern's P(alive) and expectation over five years. */
static void opportunities(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    json_t *golden = test_golden("bgbb_donations"), *cell;
    struct emp_buffer text = {0};
    size_t row;
    assert_int_equal(emp__buffer_text(&text, "id,x,t_x,n,donors\n", NULL), EMP_OK);
    json_array_foreach(test_at(golden, "cells"), row, cell)
    {
        assert_int_equal(emp__buffer_printf(&text, NULL, "%zu,%d,%d,%d,%d\n", row,
                                            (int)json_integer_value(test_at(cell, "x")),
                                            (int)json_integer_value(test_at(cell, "t_x")),
                                            (int)json_integer_value(test_at(cell, "n")),
                                            (int)json_integer_value(test_at(cell, "custs"))),
                         EMP_OK);
    }
    test_write_text(&folder, "donors.csv", text.data);
    emp__buffer_free(&text);
    struct test_analysis analysis =
        test_analyse(&folder,
                     "input:\n  customers:\n    files: donors.csv\n    columns: {customer: id}\n"
                     "ltv:\n  model: bgbb\n  unit: month\n  horizon: 5\n"
                     "  columns: {x: x, t_x: t_x, age: n, weight: donors}\n",
                     2);
    const emp_table *parameters = test_table(&analysis, "ltv_parameters");
    const emp_table *customers = test_table(&analysis, "customers");
    for (size_t i = 0; i < 4; i++) {
        struct test_cell parameter = test_cell(parameters, i, "parameter");
        const char *name = parameter.text;
        double expected = json_number_value(test_at(test_at(golden, "params"), name));
        double error = json_number_value(json_array_get(test_at(golden, "se_natural"), i));
        expect_near(name, test_number(parameters, i, "estimate", NAN), expected, 1e-6 * expected);
        expect_near(name, test_number(parameters, i, "std_error", NAN), error, 1e-5 * error);
    }
    expect_near("bgbb", test_number(test_table(&analysis, "ltv_models"), 0, "log_likelihood", NAN),
                json_number_value(test_at(golden, "loglik")), 1e-6);
    json_array_foreach(test_at(golden, "cells"), row, cell)
    {
        double alive = json_number_value(test_at(cell, "p_alive_at_n"));
        double expected = json_number_value(test_at(cell, "cet5"));
        expect_near("p_alive", test_number(customers, row, "p_alive", NAN), alive, 1e-6 * alive);
        expect_near("cet5", test_number(customers, row, "expected_purchases", NAN), expected,
                    1e-5 * expected);
    }
    test_analysis_free(&analysis);
    assert_int_equal(remove(test_path(&folder, "donors.csv").text), 0);
    test_folder_free(&folder);
    json_decref(golden);
}

/* A cohort table: those lost in each period, and those left, as rows with weights. */
static void write_cohort(const struct test_folder *folder, json_t *survivors)
{
    struct emp_buffer text = {0};
    size_t last = json_array_size(survivors) - 1;
    assert_int_equal(emp__buffer_text(&text, "id,periods,ended,weight\n", NULL), EMP_OK);
    for (size_t t = 0; t <= last; t++) {
        double now = json_number_value(json_array_get(survivors, t));
        double next = t < last ? json_number_value(json_array_get(survivors, t + 1)) : 0.0;
        assert_int_equal(
            emp__buffer_printf(&text, NULL, "%zu,%zu,%d,%g\n", t, t, t < last, now - next), EMP_OK);
    }
    test_write_text(folder, "cohort.csv", text.data);
    emp__buffer_free(&text);
}

static void contracts(void **state)
{
    (void)state;
    static const char *const cohorts[] = {"regular", "high_end"};
    json_t *golden = test_golden("sbg");
    for (size_t c = 0; c < 2; c++) {
        struct test_folder folder = test_folder_new();
        json_t *fit = test_at(test_at(test_at(golden, "fits"), cohorts[c]), "calibration_0_7");
        char yaml[500];
        write_cohort(&folder, test_at(fit, "survivors_used"));
        snprintf(yaml, sizeof yaml,
                 "input:\n  customers:\n    files: cohort.csv\n    columns: {customer: id}\n"
                 "ltv:\n  model: sbg\n"
                 "  columns: {periods: periods, ended: ended, weight: weight}\n");
        struct test_analysis analysis = test_analyse(&folder, yaml, 1);
        const emp_table *parameters = test_table(&analysis, "ltv_parameters");
        double alpha = json_number_value(test_at(fit, "alpha"));
        double beta = json_number_value(test_at(fit, "beta"));
        expect_near("alpha", test_number(parameters, 0, "estimate", NAN), alpha, 1e-6 * alpha);
        expect_near("beta", test_number(parameters, 1, "estimate", NAN), beta, 1e-6 * beta);
        expect_near("sbg",
                    test_number(test_table(&analysis, "ltv_models"), 0, "log_likelihood", NAN),
                    json_number_value(test_at(fit, "loglik")), 1e-6);
        test_analysis_free(&analysis);
        assert_int_equal(remove(test_path(&folder, "cohort.csv").text), 0);
        test_folder_free(&folder);
    }
    json_decref(golden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cdnow_calibration), cmocka_unit_test(cdnow_customers),
        cmocka_unit_test(cdnow_values),      cmocka_unit_test(cdnow_validation),
        cmocka_unit_test(cdnow_equity),      cmocka_unit_test(apparel_calibration),
        cmocka_unit_test(without_dropout),   cmocka_unit_test(contracts),
        cmocka_unit_test(opportunities),
    };
    return test_has_shared() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
