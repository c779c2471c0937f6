// SPDX-License-Identifier: Apache-2.0
/* Columns that cannot be made ready, and what is said of them; and columns that are odd but can. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_prepared.h"

/* Fitting fails (or, where it succeeds, applying) with this message. */
static void refuse(struct emp_recipe recipe, const double *x, size_t n, const char *message)
{
    struct emp_prepared prepared = {0};
    struct emp_prepare_problem problem = {.kind = EMP_PROBLEM_NONE};
    emp_error error = {0};
    double out[16];
    struct emp_prepare_input input = {.values = x, .n = n, .threads = 2};
    struct emp_prepare_output output = {.out = out, .stride = 1};
    emp_status status = emp__prepare_fit(&recipe, input, &prepared, &problem, &error);
    if (status == EMP_OK)
        status = emp__prepare_apply(&prepared, input, output, &problem, &error);
    else
        assert_null(prepared.recipe.name);
    assert_int_equal(status, EMP_ERR_DATA);
    assert_string_equal(error.message, message);
    assert_true(problem.kind != EMP_PROBLEM_NONE);
    emp__prepared_free(&prepared);
}

static void messages(void **state)
{
    (void)state;
    const double x[] = {3.0, -3.5, NAN, -1.0, NAN}, infinite[] = {1.0, -INFINITY},
                 huge[] = {0.0, 2.0, 1.0000001e300}, large[] = {0.0, -2e150, 3e150};
    refuse(
        test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_ZSCORE), x, 5,
        "feature 'spend' is missing for customer number 3 in order of id and 1 more: say what it "
        "is to be then by 'missing: mean', 'missing: median' or a number");
    refuse(test_recipe(EMP_TRANSFORM_LOG1P, EMP_SCALE_ZSCORE), x, 2,
           "feature 'spend' is -3.5 for customer number 2 in order of id: 'transform: log1p' needs "
           "values above -1; 'transform: yeo-johnson' takes any");
    refuse(test_recipe(EMP_TRANSFORM_SQRT, EMP_SCALE_NONE), x + 3, 1,
           "feature 'spend' is -1 for customer number 1 in order of id: 'transform: sqrt' needs "
           "values of at least 0; 'transform: yeo-johnson' takes any");
    refuse(test_recipe(EMP_TRANSFORM_RANK, EMP_SCALE_NONE), infinite, 2,
           "feature 'spend' is infinite for customer number 2 in order of id: it must be a finite "
           "number");
    refuse(
        test_recipe(EMP_TRANSFORM_RANK, EMP_SCALE_NONE), huge, 3,
        "feature 'spend' is 1.0000001e+300 for customer number 3 in order of id: it must be from "
        "-1e300 to 1e300");
    refuse(test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_NONE), large, 3,
           "feature 'spend' is -2e+150 for customer number 2 in order of id and 1 more: ready for "
           "the model it would be beyond 1e150, too large to be squared; 'scale: zscore', "
           "'transform: rank' or 'winsorize' bring it nearer");
    refuse(test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_ZSCORE), x, 0,
           "feature 'spend' has no customer to learn from");
}

static void all_missing(void **state)
{
    (void)state;
    const double x[] = {NAN, NAN};
    double out[2];
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_ZSCORE);
    const char message[] = "feature 'spend' is missing for every customer: there is no value to "
                           "learn from, so leave the feature out";
    recipe.steps.missing.how = EMP_FILL_MEAN;
    refuse(recipe, x, 2, message);
    recipe.steps.missing.how = EMP_FILL_MEDIAN;
    refuse(recipe, x, 2, message);
    recipe.steps.missing = (struct emp_missing_rule){EMP_FILL_CONSTANT, 2.0};
    struct emp_prepared prepared = test_prepare(&recipe, x, 2, out);
    assert_true(prepared.constant && out[0] == 0.0);
    emp__prepared_free(&prepared);
    recipe.steps.winsorize.low = 0.1;
    refuse(recipe, x, 2, message);
}

/* What stands for a missing value must be one that the transform takes, too. */
static void a_constant_that_does_not_serve(void **state)
{
    (void)state;
    const double x[] = {1.0, NAN, 2.0, NAN};
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_LOG1P, EMP_SCALE_ZSCORE);
    recipe.steps.missing = (struct emp_missing_rule){EMP_FILL_CONSTANT, -5.5};
    refuse(
        recipe, x, 4,
        "feature 'spend' is missing and taken as -5.5 for customer number 2 in order of id and 1 "
        "more: 'transform: log1p' needs values above -1; 'transform: yeo-johnson' takes any");
}

/* The first bad row of all, whatever block it is in; and the customer's id, once it is known. */
static void the_first_problem(void **state)
{
    (void)state;
    enum { N = 30000 };
    static double x[N];
    for (size_t i = 0; i < N; i++)
        x[i] = i == 9000 || i == 25000 ? -7.25 : i == 20000 ? NAN : 1.0 + (double)i;
    for (int threads = 1; threads <= 7; threads += 3) {
        struct emp_prepare_problem problem;
        struct emp_prepared prepared;
        emp_error error;
        struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_LOG1P, EMP_SCALE_ZSCORE);
        recipe.steps.missing.how = EMP_FILL_MEAN;
        struct emp_prepare_input input = {.values = x, .n = N, .threads = threads};
        assert_int_equal(emp__prepare_fit(&recipe, input, &prepared, &problem, &error),
                         EMP_ERR_DATA);
        assert_int_equal(problem.kind, EMP_PROBLEM_LOG1P);
        assert_int_equal(problem.row, 9000);
        assert_int_equal(problem.count, 2);
        assert_true(problem.value == -7.25);
        assert_int_equal(emp__prepare_fail(&recipe, &problem, "C-17\n", &error), EMP_ERR_DATA);
        assert_string_equal(error.message,
                            "feature 'spend' is -7.25 for customer 'C-17?' and 1 more: "
                            "'transform: log1p' needs values above -1; 'transform: yeo-johnson' "
                            "takes any");
        assert_int_equal(emp__prepare_fit(&recipe, input, &prepared, NULL, NULL), EMP_ERR_DATA);
    }
}

/* What was fine when it was fitted need not be so when it scores. */
static void problems_of_scoring(void **state)
{
    (void)state;
    const double x[] = {1.0, 2.0, 4.0, 9.0}, bad[] = {NAN, INFINITY, 2e300, 1e300, -1e300};
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_YEO_JOHNSON, EMP_SCALE_ZSCORE);
    struct emp_prepared prepared = test_fit(&recipe, x, 4, 1);
    prepared.lambda = 3.0; /* what a column like -x^3 would have */
    static const enum emp_problem_kind kinds[] = {EMP_PROBLEM_MISSING, EMP_PROBLEM_INFINITE,
                                                  EMP_PROBLEM_HUGE, EMP_PROBLEM_TOO_LARGE,
                                                  EMP_PROBLEM_NONE};
    for (size_t i = 0; i < 5; i++) {
        double out;
        struct emp_prepare_problem problem = {.kind = EMP_PROBLEM_NONE};
        struct emp_prepare_input input = {.values = bad + i, .n = 1, .threads = 1};
        struct emp_prepare_output output = {.out = &out, .stride = 1};
        emp_status status = emp__prepare_apply(&prepared, input, output, &problem, NULL);
        assert_int_equal(problem.kind, kinds[i]);
        assert_int_equal(status, kinds[i] == EMP_PROBLEM_NONE ? EMP_OK : EMP_ERR_DATA);
    }
    emp__prepared_free(&prepared);
}

/* Large, tiny and mixed magnitudes: z-scores and the rest stay finite and right. */
static void odd_magnitudes(void **state)
{
    (void)state;
    const double columns[][4] = {{1e300, -1e300, 1e300, -1e300},   {1e300, 1e300, 1e300, 9e299},
                                 {1e-300, 3e-300, 1e-300, 3e-300}, {4e-322, 0.0, 4e-322, 0.0},
                                 {1e300, 1e-300, 0.0, 1.0},        {-0.0, 0.0, -0.0, 1.0}};
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
        for (int scale = EMP_SCALE_ZSCORE; scale <= EMP_SCALE_MINMAX; scale++) {
            double out[4];
            struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, scale);
            struct emp_prepared prepared = test_prepare(&recipe, columns[c], 4, out);
            assert_false(prepared.constant);
            assert_true(prepared.divisor > 0.0 && isfinite(prepared.divisor));
            for (size_t i = 0; i < 4; i++) {
                assert_true(fabs(out[i]) <= 2.0);
                assert_false(out[i] == 0.0 && signbit(out[i]));
            }
            emp__prepared_free(&prepared);
        }
    /* Two halves of one size each are one deviation from their mean. */
    for (size_t c = 0; c < 4; c += 2) {
        double out[4];
        struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_NONE, EMP_SCALE_ZSCORE);
        struct emp_prepared prepared = test_prepare(&recipe, columns[c], 4, out);
        for (size_t i = 0; i < 4; i++)
            assert_true(fabs(fabs(out[i]) - 1.0) <= 1e-15);
        emp__prepared_free(&prepared);
    }
}

static void one_row(void **state)
{
    (void)state;
    const double x[] = {42.0};
    for (int transform = 0; transform <= EMP_TRANSFORM_YEO_JOHNSON; transform++)
        for (int scale = 0; scale <= EMP_SCALE_NONE; scale++) {
            double out;
            struct emp_recipe recipe = test_recipe(transform, scale);
            recipe.steps.winsorize = (struct emp_quantile_pair){0.05, 0.95};
            recipe.steps.missing.how = EMP_FILL_MEDIAN;
            struct emp_prepared prepared = test_prepare(&recipe, x, 1, &out);
            assert_true(prepared.constant);
            assert_true(prepared.low == 42.0 && prepared.high == 42.0 && prepared.fill == 42.0);
            assert_true(scale == EMP_SCALE_NONE ? out > 0.0 : out == 0.0);
            emp__prepared_free(&prepared);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages),
        cmocka_unit_test(all_missing),
        cmocka_unit_test(the_first_problem),
        cmocka_unit_test(problems_of_scoring),
        cmocka_unit_test(a_constant_that_does_not_serve),
        cmocka_unit_test(odd_magnitudes),
        cmocka_unit_test(one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
