// SPDX-License-Identifier: Apache-2.0
/* Telco churn against the golden results (tolerances as they are stated there). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_golden.h"

/* Replaces a text wherever it stands in a line, which has room for that. */
static void replace_all(char *line, const char *from, const char *to)
{
    for (char *at = line; (at = strstr(at, from)) != NULL; at += strlen(to)) {
        memmove(at + strlen(to), at + strlen(from), strlen(at + strlen(from)) + 1);
        memcpy(at, to, strlen(to));
    }
}

/* The file as the golden design has it: "No ... service" is "No"; and with the folds, row mod 5. */
static void write_telco(const struct test_folder *folder, bool collapsed)
{
    char line[1000];
    FILE *in = fopen(test_shared("data/telco_churn/Telco-Customer-Churn.csv").text, "r");
    FILE *out = fopen(test_path(folder, "telco.csv").text, "w");
    assert_non_null(in);
    assert_non_null(out);
    for (int row = -1; fgets(line, sizeof line, in); row++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (collapsed) {
            replace_all(line, "No internet service", "No");
            replace_all(line, "No phone service", "No");
        }
        if (row < 0)
            fprintf(out, "%s,fold\n", line);
        else
            fprintf(out, "%s,%d\n", line, row % 5);
    }
    assert_int_equal(fclose(out), 0);
    fclose(in);
}

static struct test_analysis churn(bool collapsed, const char *more)
{
    struct test_folder folder = test_folder_new();
    char yaml[2000];
    write_telco(&folder, collapsed);
    snprintf(yaml, sizeof yaml,
             "input:\n  customers: {files: telco.csv, columns: {customer: customerID},\n"
             "    missing: ['', ' ']}\n"
             "churn:\n  label: {column: Churn, positive: 'Yes'}\n"
             "  features: [tenure, MonthlyCharges, {name: TotalCharges, missing: 0}]\n"
             "  categorical: [gender, SeniorCitizen, Partner, Dependents, PhoneService,\n"
             "    MultipleLines, InternetService, OnlineSecurity, OnlineBackup, DeviceProtection,\n"
             "    TechSupport, StreamingTV, StreamingMovies, Contract, PaperlessBilling,\n"
             "    PaymentMethod]\n  folds: {column: fold}\n%s",
             more);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

/* The row of a term such as "Contract=Two year" or "tenure". */
static size_t term_row(const emp_table *table, const char *name)
{
    size_t length = strcspn(name, "=");
    const char *level = name[length] ? name + length + 1 : "";
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        struct test_cell term = test_cell(table, row, "term");
        if (strlen(term.text) == length && memcmp(term.text, name, length) == 0 &&
            strcmp(test_cell(table, row, "level").text, level) == 0)
            return row;
    }
    fail_msg("no term %s", name);
    return 0;
}

static const char *column_name(json_t *golden, size_t j)
{
    return json_string_value(json_array_get(test_at(golden, "column_names"), j));
}

/* Mean and standard deviation of a number, 0 and 1 of a category: what golden terms are scaled by.
 */
static void scaling(json_t *golden, const char *name, double out[2])
{
    json_t *both = json_object_get(test_at(golden, "standardisation_mean_sd"), name);
    out[0] = both ? json_real_value(json_array_get(both, 0)) : 0.0;
    out[1] = both ? json_real_value(json_array_get(both, 1)) : 1.0;
}

/* The golden coefficients are those of z-scores; ours are per unit. */
static void expect_coefficients(const struct test_analysis *analysis, json_t *golden, json_t *known,
                                double tolerance)
{
    const emp_table *table = test_table(analysis, "churn_coefficients");
    double intercept = test_number(table, term_row(table, "(intercept)"), "estimate", NAN);
    for (size_t j = 1; j < json_array_size(known); j++) {
        const char *name = column_name(golden, j);
        double scale[2], expected = json_number_value(json_array_get(known, j));
        double found = test_number(table, term_row(table, name), "estimate", NAN);
        scaling(golden, name, scale);
        assert_true(fabs(found * scale[1] - expected) <= tolerance);
        assert_true((found == 0.0) == (expected == 0.0));
        intercept += found * scale[0];
    }
    assert_true(fabs(intercept - json_number_value(json_array_get(known, 0))) <= 5 * tolerance);
}

static double metric(const struct test_analysis *analysis, const char *set, const char *name)
{
    const emp_table *table = test_table(analysis, "churn_metrics");
    for (size_t row = 0; row < emp_table_rows(table); row++)
        if (strcmp(test_cell(table, row, "set").text, set) == 0 &&
            strcmp(test_cell(table, row, "metric").text, name) == 0)
            return test_number(table, row, "value", NAN);
    fail_msg("no metric %s of %s", name, set);
    return NAN;
}

static void expect_metrics(const struct test_analysis *analysis, const char *set, json_t *known,
                           double tolerance)
{
    const struct {
        const char *ours, *theirs;
    } pairs[] = {
        {"auc", "auc"},
        {"gini", "gini"},
        {"log_loss", "logloss"},
        {"brier", "brier"},
        {"ks", "ks"},
        {"mean_probability", "mean_p"},
        {"calibration_error", "ece_10_equal_width"},
        {"accuracy", "accuracy_at_0_5"},
        {"true_positives", "confusion_at_0_5.tp"},
        {"false_positives", "confusion_at_0_5.fp"},
        {"false_negatives", "confusion_at_0_5.fn"},
        {"true_negatives", "confusion_at_0_5.tn"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        double expected = json_number_value(test_at(known, pairs[i].theirs));
        assert_true(fabs(metric(analysis, set, pairs[i].ours) - expected) <= tolerance);
    }
}

static void expect_deciles(const struct test_analysis *analysis, const char *set, json_t *known)
{
    const emp_table *table = test_table(analysis, "churn_deciles");
    size_t decile = 0;
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        if (strcmp(test_cell(table, row, "set").text, set) != 0)
            continue;
        json_t *item = json_array_get(known, decile++);
        assert_true(test_number(table, row, "customers", NAN) ==
                    json_number_value(json_object_get(item, "n")));
        assert_true(test_number(table, row, "decile", NAN) == (double)decile);
    }
    assert_int_equal(decile, 10);
}

static void unpenalised(void **state)
{
    (void)state;
    json_t *golden = test_golden("telco_logistic"), *known = test_at(golden, "unpenalised");
    struct test_analysis analysis = churn(true, "");
    const emp_table *table = test_table(&analysis, "churn_coefficients");
    expect_coefficients(&analysis, golden, test_at(known, "coef"), 1e-8);
    for (size_t j = 1; j < json_array_size(test_at(known, "se")); j++) {
        const char *name = column_name(golden, j);
        size_t row = term_row(table, name);
        double scale[2];
        scaling(golden, name, scale);
        assert_true(fabs(test_number(table, row, "std_error", NAN) * scale[1] -
                         json_number_value(json_array_get(test_at(known, "se"), j))) <= 1e-7);
        assert_true(fabs(test_number(table, row, "z", NAN) -
                         json_number_value(json_array_get(test_at(known, "z"), j))) <= 1e-6);
        assert_true(fabs(test_number(table, row, "p_value", NAN) -
                         json_number_value(json_array_get(test_at(known, "p"), j))) <= 1e-7);
    }
    const struct {
        const char *ours, *theirs;
    } figures[] = {{"log_likelihood", "loglik"},
                   {"null_log_likelihood", "loglik_null"},
                   {"deviance", "deviance"},
                   {"aic", "AIC"},
                   {"bic", "BIC"},
                   {"mcfadden_r2", "mcfadden_r2"}};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        assert_true(fabs(metric(&analysis, "fit", figures[i].ours) -
                         json_number_value(test_at(known, figures[i].theirs))) <= 2e-8);
    expect_metrics(&analysis, "in_sample", test_at(known, "in_sample"), 1e-8);
    expect_deciles(&analysis, "in_sample", test_at(known, "in_sample.decile_lift"));
    expect_metrics(&analysis, "out_of_fold", test_at(golden, "out_of_fold.fits.unpenalised.pooled"),
                   1e-8);
    expect_deciles(&analysis, "out_of_fold",
                   test_at(golden, "out_of_fold.fits.unpenalised.pooled.decile_lift"));
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* Ridge, as glmnet with alpha 0 and lambda = 1 / (C n). */
static void ridge(void **state)
{
    static const char *const strengths[] = {"1.0", "0.1", "0.01"};
    (void)state;
    json_t *golden = test_golden("telco_logistic"), *fits = test_at(golden, "L2.fits");
    for (size_t i = 0; i < 3; i++) {
        char more[100];
        json_t *known = json_object_get(fits, strengths[i]);
        snprintf(more, sizeof more, "  penalty: ridge\n  lambda: %.17g\n",
                 1.0 / (atof(strengths[i]) * 7043));
        struct test_analysis analysis = churn(true, more);
        expect_coefficients(&analysis, golden, test_at(known, "coef"), 1e-8);
        assert_true(fabs(metric(&analysis, "fit", "log_likelihood") -
                         json_number_value(test_at(known, "loglik"))) <= 1e-8);
        expect_metrics(&analysis, "in_sample", test_at(known, "in_sample"), 1e-8);
        test_analysis_free(&analysis);
    }
    json_decref(golden);
}

/* Lasso and elastic net: the same zeros, and the rest to 1e-6. */
static void elastic_net(void **state)
{
    (void)state;
    json_t *golden = test_golden("telco_logistic"), *fits = test_at(golden, "elastic_net.fits");
    for (size_t i = 0; i < json_array_size(fits); i++) {
        char more[100];
        json_t *known = json_array_get(fits, i);
        snprintf(more, sizeof more, "  penalty: elasticnet\n  alpha: %g\n  lambda: %g\n",
                 json_number_value(test_at(known, "alpha")),
                 json_number_value(test_at(known, "lambda")));
        struct test_analysis analysis = churn(true, more);
        expect_coefficients(&analysis, golden, test_at(known, "coef"), 1e-6);
        test_analysis_free(&analysis);
    }
    json_decref(golden);
}

/* With every level a term of its own the design has 31 columns of rank 24: the likelihood is that
   of the collapsed one, and seven terms are named. */
static void rank_deficient(void **state)
{
    (void)state;
    json_t *golden = test_golden("telco_logistic");
    json_t *known = test_at(golden, "rank_deficient_design");
    struct test_analysis analysis = churn(false, "");
    const emp_table *table = test_table(&analysis, "churn_coefficients");
    size_t dropped = 0;
    assert_true(fabs(metric(&analysis, "fit", "log_likelihood") -
                     json_number_value(test_at(known, "loglik"))) <= 1e-8);
    for (size_t row = 0; row < emp_table_rows(table); row++)
        dropped += strcmp(test_cell(table, row, "status").text, "dropped") == 0;
    assert_int_equal(dropped, json_array_size(test_at(known, "aliased")));
    test_analysis_free(&analysis);
    json_decref(golden);
}

int main(void)
{
    if (!test_has_shared())
        return 77;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unpenalised),
        cmocka_unit_test(ridge),
        cmocka_unit_test(elastic_net),
        cmocka_unit_test(rank_deficient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
