// SPDX-License-Identifier: Apache-2.0
/*
 * Logistic models of a whole run, held against what they must be: closed forms where there are
 * some, else the conditions at the optimum, recomputed from the rows that were written to the file;
 * and what must not matter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../lib/test_analysis.h"

enum { ROWS = 600, REGIONS = 3, TERMS = 6 };

struct person {
    double age, income;
    int region;
    bool left;
    double base; /* an offset */
    int copies;
};

static double uniform(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

/* Whole ages and offsets in quarters, so that the file holds them exactly. */
static void make_people(struct person people[ROWS])
{
    uint64_t seed = 11;
    for (int i = 0; i < ROWS; i++) {
        struct person *p = &people[i];
        p->age = floor(20 + 50 * uniform(&seed));
        p->income = floor(20000 + 400 * p->age + 30000 * uniform(&seed));
        p->region = (int)(REGIONS * uniform(&seed));
        p->base = floor(4 * uniform(&seed)) / 4;
        p->copies = 1 + (int)(3 * uniform(&seed));
        double eta = p->base + 1.5 - 0.06 * p->age + (p->region == 2) + 1e-5 * (p->income - 40000);
        p->left = uniform(&seed) < 1 / (1 + exp(-eta));
    }
}

/* `copy`: each row as often as it has copies. Ages and incomes are measured in units. */
struct file_form {
    bool copy, backwards;
    double age_unit, income_unit;
};

static void write_people(const struct test_folder *folder, const struct person people[ROWS],
                         struct file_form form)
{
    FILE *out = fopen(test_path(folder, "people.csv").text, "w");
    assert_non_null(out);
    fprintf(out, "id,age,income,region,left,base,copies\n");
    for (int k = 0; k < ROWS; k++) {
        int i = form.backwards ? ROWS - 1 - k : k;
        const struct person *p = &people[i];
        for (int copy = 0; copy < (form.copy ? p->copies : 1); copy++)
            fprintf(out, "%d,%.17g,%.17g,r%d,%s,%g,%d\n", 10 * (i + 1) + copy,
                    p->age / form.age_unit, p->income / form.income_unit, p->region,
                    p->left ? "yes" : "no", p->base, p->copies);
    }
    assert_int_equal(fclose(out), 0);
}

static struct test_analysis churn(const struct person people[ROWS], struct file_form form,
                                  const char *more)
{
    struct test_folder folder = test_folder_new();
    char yaml[2000];
    form.age_unit = form.age_unit > 0 ? form.age_unit : 1;
    form.income_unit = form.income_unit > 0 ? form.income_unit : 1;
    write_people(&folder, people, form);
    snprintf(yaml, sizeof yaml,
             "input:\n  customers: {files: people.csv, columns: {customer: id}}\n"
             "churn:\n  label: {column: left, positive: 'yes'}\n  features: [age, income]\n"
             "  categorical: [region]\n  interactions: [[age, income]]\n%s",
             more);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

/* The terms of that model, in the order of its table; the first is the intercept. */
static void terms_of(const struct person *p, double out[TERMS])
{
    out[0] = 1;
    out[1] = p->age;
    out[2] = p->income;
    out[3] = p->region == 1;
    out[4] = p->region == 2;
    out[5] = p->age * p->income;
}

static void read_estimates(const struct test_analysis *analysis, const char *column,
                           double out[TERMS])
{
    static const char *const names[TERMS] = {"(intercept)", "age",    "income",
                                             "region",      "region", "age * income"};
    const emp_table *table = test_table(analysis, "churn_coefficients");
    assert_int_equal(emp_table_rows(table), TERMS);
    for (size_t j = 0; j < TERMS; j++) {
        assert_string_equal(test_cell(table, j, "term").text, names[j]);
        assert_string_equal(test_cell(table, j, "status").text, "converged");
        out[j] = test_number(table, j, column, NAN);
    }
}

/* The gradient of the mean log-likelihood, by term, in units of each term's own size. */
static void gradient(const struct person people[ROWS], const double estimate[TERMS], bool weighted,
                     bool offset, double out[TERMS])
{
    double size[TERMS] = {0}, x[TERMS];
    for (int j = 0; j < TERMS; j++)
        out[j] = 0;
    for (int i = 0; i < ROWS; i++) {
        double eta = offset ? people[i].base : 0, weight = weighted ? people[i].copies : 1;
        terms_of(&people[i], x);
        for (int j = 0; j < TERMS; j++)
            eta += estimate[j] * x[j];
        for (int j = 0; j < TERMS; j++) {
            out[j] += weight * x[j] * ((people[i].left ? 1 : 0) - 1 / (1 + exp(-eta)));
            size[j] += weight * fabs(x[j]);
        }
    }
    for (int j = 0; j < TERMS; j++)
        out[j] /= size[j];
}

/* The score is zero: to rounding, as the fit ends with a Newton step from a distance of 1e-6. */
static void score_is_zero(void **state)
{
    static const char *const more[] = {
        "  folds: 0\n", "  folds: 0\n  weight: copies\n", "  folds: 0\n  offset: base\n",
        "  folds: 0\n  scale: none\n", "  folds: 0\n  weight: copies\n  offset: base\n"};
    struct person people[ROWS];
    (void)state;
    make_people(people);
    for (size_t m = 0; m < sizeof more / sizeof *more; m++) {
        struct test_analysis analysis = churn(people, (struct file_form){0}, more[m]);
        double estimate[TERMS], slope[TERMS];
        read_estimates(&analysis, "estimate", estimate);
        gradient(people, estimate, strstr(more[m], "weight"), strstr(more[m], "offset"), slope);
        for (int j = 0; j < TERMS; j++)
            assert_true(fabs(slope[j]) <= 1e-10);
        test_analysis_free(&analysis);
    }
}

/* What scaled features are divided by: the standard deviation, n in the denominator. */
static void scales(const struct person people[ROWS], double out[TERMS])
{
    double sum[2] = {0}, squares[2] = {0};
    for (int i = 0; i < ROWS; i++) {
        const double x[2] = {people[i].age, people[i].income};
        for (int j = 0; j < 2; j++)
            sum[j] += x[j];
    }
    for (int i = 0; i < ROWS; i++) {
        const double x[2] = {people[i].age, people[i].income};
        for (int j = 0; j < 2; j++)
            squares[j] += (x[j] - sum[j] / ROWS) * (x[j] - sum[j] / ROWS);
    }
    out[0] = out[3] = out[4] = 1;
    out[1] = sqrt(squares[0] / ROWS);
    out[2] = sqrt(squares[1] / ROWS);
    out[5] = out[1] * out[2];
}

/* The row of the path that was taken. */
static size_t chosen_row(const emp_table *path)
{
    size_t found = SIZE_MAX;
    for (size_t row = 0; row < emp_table_rows(path); row++)
        if (strcmp(test_cell(path, row, "chosen").text, "true") == 0) {
            assert_true(found == SIZE_MAX);
            found = row;
        }
    assert_true(found < SIZE_MAX);
    return found;
}

struct penalised {
    const char *more;
    double alpha;
    double factor[TERMS]; /* of the penalty */
};

/* Karush, Kuhn and Tucker: where b is not 0 the slope is lambda (alpha sign b + (1 - alpha) b),
 * where it is 0 it is at most lambda alpha. To 1e-6 of the greatest penalty. */
static void expect_conditions(const struct person people[ROWS], const struct penalised *model,
                              const struct test_analysis *analysis)
{
    const emp_table *path = test_table(analysis, "churn_path");
    double estimate[TERMS], slope[TERMS], scale[TERMS], size[TERMS] = {0}, x[TERMS];
    double lambda = test_number(path, chosen_row(path), "lambda", NAN);
    read_estimates(analysis, "estimate", estimate);
    gradient(people, estimate, false, false, slope);
    scales(people, scale);
    for (int i = 0; i < ROWS; i++) {
        terms_of(&people[i], x);
        for (int j = 0; j < TERMS; j++)
            size[j] += fabs(x[j]) / ROWS;
    }
    for (int j = 0; j < TERMS; j++) {
        double b = estimate[j] * scale[j], weight = lambda * model->factor[j];
        double found = slope[j] * size[j] / scale[j];
        double tolerance = 1e-6 * test_number(path, 0, "lambda", NAN);
        if (b == 0)
            assert_true(fabs(found) <= weight * model->alpha + tolerance);
        else
            assert_true(fabs(found - weight * (model->alpha * (b > 0 ? 1 : -1) +
                                               (1 - model->alpha) * b)) <= tolerance);
    }
}

static void penalised_optimum(void **state)
{
    static const struct penalised models[] = {
        {"  penalty: lasso\n", 1, {0, 1, 1, 1, 1, 1}},
        {"  penalty: elasticnet\n  alpha: 0.3\n", 0.3, {0, 1, 1, 1, 1, 1}},
        {"  penalty: ridge\n", 0, {0, 1, 1, 1, 1, 1}},
        {"  penalty: lasso\n  lambda_rule: one_se\n", 1, {0, 1, 1, 1, 1, 1}},
        {"  penalty: lasso\n  penalty_factors: {age: 0, region: 2.5}\n", 1, {0, 0, 1, 2.5, 2.5, 0}},
    };
    struct person people[ROWS];
    (void)state;
    make_people(people);
    for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
        struct test_analysis analysis = churn(people, (struct file_form){0}, models[m].more);
        expect_conditions(people, &models[m], &analysis);
        test_analysis_free(&analysis);
    }
}

/* Of the path: `minimum` is where the folds not seen are foretold best, `one_se` the greatest
 * penalty within one standard error of that. */
static void rules_of_choice(void **state)
{
    struct person people[ROWS];
    (void)state;
    make_people(people);
    for (int one_se = 0; one_se < 2; one_se++) {
        struct test_analysis analysis =
            churn(people, (struct file_form){0},
                  one_se ? "  penalty: lasso\n  lambda_rule: one_se\n" : "  penalty: lasso\n");
        const emp_table *path = test_table(&analysis, "churn_path");
        size_t best = 0, expected = 0;
        for (size_t row = 1; row < emp_table_rows(path); row++) {
            assert_true(test_number(path, row, "lambda", NAN) <
                        test_number(path, row - 1, "lambda", NAN));
            if (test_number(path, row, "cv_deviance", NAN) <
                test_number(path, best, "cv_deviance", NAN))
                best = row;
        }
        double bound = test_number(path, best, "cv_deviance", NAN) +
                       (one_se ? test_number(path, best, "cv_se", NAN) : 0);
        while (test_number(path, expected, "cv_deviance", NAN) > bound)
            expected++;
        assert_true(one_se ? expected < best : expected == best);
        assert_int_equal(chosen_row(path), expected);
        test_analysis_free(&analysis);
    }
}

/* A weight is as many rows; the order of rows is nothing; a unit goes into the estimate alone. */
static void what_does_not_matter(void **state)
{
    struct person people[ROWS];
    double known[TERMS], known_error[TERMS], found[TERMS], found_error[TERMS];
    const struct {
        struct file_form form;
        const char *more;
        double age_unit, income_unit;
    } others[] = {
        {{.copy = true}, "  folds: 0\n", 1, 1},
        {{.backwards = true}, "  folds: 0\n  weight: copies\n", 1, 1},
        {{.age_unit = 1024}, "  folds: 0\n  weight: copies\n", 1024, 1},
        {{.income_unit = 0x1p-20, .age_unit = 0.25},
         "  folds: 0\n  weight: copies\n",
         .25,
         0x1p-20},
    };
    (void)state;
    make_people(people);
    struct test_analysis analysis = churn(people, (struct file_form){0}, others[1].more);
    read_estimates(&analysis, "estimate", known);
    read_estimates(&analysis, "std_error", known_error);
    test_analysis_free(&analysis);
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        analysis = churn(people, others[k].form, others[k].more);
        read_estimates(&analysis, "estimate", found);
        read_estimates(&analysis, "std_error", found_error);
        const double unit[TERMS] = {1,
                                    others[k].age_unit,
                                    others[k].income_unit,
                                    1,
                                    1,
                                    others[k].age_unit * others[k].income_unit};
        for (int j = 0; j < TERMS; j++) {
            assert_true(fabs(found[j] / unit[j] - known[j]) <= 1e-9 * fabs(known[j]));
            assert_true(fabs(found_error[j] / unit[j] - known_error[j]) <= 1e-9 * known_error[j]);
        }
        test_analysis_free(&analysis);
    }
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

/* Of a table of two by two the log odds ratio and its error are known (Woolf 1955), and so is the
 * likelihood; the model is saturated. */
static void two_by_two(void **state)
{
    enum { A = 30, B = 20, C = 10, D = 47 }; /* yes and no where x is 1, yes and no where it is 0 */
    static const int counts[2][2] = {{D, C}, {B, A}};
    struct test_folder folder = test_folder_new();
    FILE *out = fopen(test_path(&folder, "people.csv").text, "w");
    (void)state;
    assert_non_null(out);
    fprintf(out, "id,x,left\n");
    for (int x = 0, id = 1; x < 2; x++)
        for (int y = 0; y < 2; y++)
            for (int i = 0; i < counts[x][y]; i++, id++)
                fprintf(out, "%d,%d,%d\n", id, x, y);
    assert_int_equal(fclose(out), 0);
    struct test_analysis analysis = test_analyse(
        &folder,
        "input:\n  customers: {files: people.csv, columns: {customer: id}}\n"
        "churn:\n  label: {column: left, positive: '1'}\n  features: [x]\n  folds: 0\n",
        1);
    const emp_table *table = test_table(&analysis, "churn_coefficients");
    double ratio = (double)A * D / ((double)B * C), log_likelihood = 0;
    for (int x = 0; x < 2; x++)
        for (int y = 0; y < 2; y++)
            log_likelihood +=
                counts[x][y] * log((double)counts[x][y] / (counts[x][0] + counts[x][1]));
    assert_true(fabs(test_number(table, 0, "estimate", NAN) - log((double)C / D)) <= 1e-12);
    assert_true(fabs(test_number(table, 1, "estimate", NAN) - log(ratio)) <= 1e-12);
    assert_true(fabs(test_number(table, 1, "odds_ratio", NAN) - ratio) <= 1e-11 * ratio);
    assert_true(fabs(test_number(table, 1, "std_error", NAN) -
                     sqrt(1.0 / A + 1.0 / B + 1.0 / C + 1.0 / D)) <= 1e-12);
    assert_true(fabs(metric(&analysis, "fit", "log_likelihood") - log_likelihood) <= 1e-11);
    test_analysis_free(&analysis);
    test_folder_free(&folder);
}

/* Of two columns the variance inflation factor is 1 / (1 - r^2). */
static void inflation_of_two(void **state)
{
    struct person people[ROWS];
    struct test_folder folder = test_folder_new();
    double sum[2] = {0}, square[2] = {0}, product = 0;
    (void)state;
    make_people(people);
    write_people(&folder, people, (struct file_form){.age_unit = 1, .income_unit = 1});
    for (int i = 0; i < ROWS; i++) {
        sum[0] += people[i].age / ROWS;
        sum[1] += people[i].income / ROWS;
    }
    for (int i = 0; i < ROWS; i++) {
        double age = people[i].age - sum[0], income = people[i].income - sum[1];
        square[0] += age * age;
        square[1] += income * income;
        product += age * income;
    }
    double expected = 1 / (1 - product * product / (square[0] * square[1]));
    struct test_analysis analysis = test_analyse(
        &folder,
        "input:\n  customers: {files: people.csv, columns: {customer: id}}\n"
        "churn:\n  label: {column: left, positive: 'yes'}\n  features: [age, income]\n  folds: 0\n",
        3);
    const emp_table *table = test_table(&analysis, "churn_coefficients");
    assert_true(expected > 1.1);
    for (size_t row = 1; row < 3; row++)
        assert_true(fabs(test_number(table, row, "vif", NAN) - expected) <= 1e-10 * expected);
    test_analysis_free(&analysis);
    test_folder_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(score_is_zero),   cmocka_unit_test(penalised_optimum),
        cmocka_unit_test(rules_of_choice), cmocka_unit_test(what_does_not_matter),
        cmocka_unit_test(two_by_two),      cmocka_unit_test(inflation_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
