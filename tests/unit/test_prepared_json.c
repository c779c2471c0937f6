// SPDX-License-Identifier: Apache-2.0
/* What was learned from a column, to JSON and back: the same to the last bit, and nothing else is
 * taken. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_prepared.h"
#include "model/prepared_json.h"
#include "sink/json_writer.h"

static emp_status read_back(const char *text, size_t length, struct emp_prepared *out,
                            emp_error *error)
{
    json_error_t found;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &found);
    if (!json)
        fail_msg("%s in %s", found.text, text);
    struct emp_model_node node = {.file = "m.json", .value = json, .path = "features[0]"};
    emp_status status = emp__prepared_from_json(&node, out, error);
    json_decref(json);
    return status;
}

static void check_round_trip(const struct emp_prepared *prepared, const double *x, size_t n)
{
    struct emp_buffer text = {0};
    struct emp_prepared again;
    emp_error error = {0};
    double *out = malloc(2 * n * sizeof *out);
    json_t *json = emp__prepared_to_json(prepared);
    assert_non_null(out);
    assert_non_null(json);
    assert_int_equal(emp__json_text(json, &text, NULL), EMP_OK);
    if (read_back(text.data, text.length, &again, &error) != EMP_OK)
        fail_msg("%s in %s", error.message, text.data);
    test_same_prepared(prepared, &again);
    test_apply(prepared, x, n, 1, out);
    test_apply(&again, x, n, 1, out + n);
    assert_memory_equal(out, out + n, n * sizeof *out);
    emp__prepared_free(&again);
    emp__buffer_free(&text);
    json_decref(json);
    free(out);
}

static void round_trips(void **state)
{
    (void)state;
    enum { N = 3000 };
    static double x[N];
    uint64_t seed = 41;
    for (size_t i = 0; i < N; i++)
        x[i] = i % 11 == 5 ? NAN : exp(9.0 * test_uniform(&seed)) - 0.75;
    for (int transform = 0; transform <= EMP_TRANSFORM_YEO_JOHNSON; transform++)
        for (int scale = 0; scale <= EMP_SCALE_NONE; scale++)
            for (int missing = EMP_FILL_MEAN; missing <= EMP_FILL_CONSTANT; missing++) {
                struct emp_recipe recipe = test_recipe(transform, scale);
                recipe.column = missing % 2;
                recipe.steps.missing.how = missing;
                recipe.steps.missing.constant = missing == EMP_FILL_CONSTANT ? 1.0 / 3.0 : 0.0;
                recipe.steps.winsorize.low = transform == EMP_TRANSFORM_SQRT ? 0.2 : 0.0;
                recipe.steps.winsorize.high = scale % 2 ? 0.9 : 1.0;
                struct emp_prepared prepared = test_fit(&recipe, x, N, 2);
                check_round_trip(&prepared, x, N);
                emp__prepared_free(&prepared);
            }
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_RANK, EMP_SCALE_ZSCORE);
    static char name[] = "a \"name\" of \xc3\xa4\\";
    recipe.name = name;
    struct emp_prepared prepared = test_fit(&recipe, x, 3, 1);
    check_round_trip(&prepared, x, 3);
    emp__prepared_free(&prepared);
}

static void as_it_is_written(void **state)
{
    (void)state;
    const double x[] = {1.0, 2.0, 2.0, 5.0, NAN};
    struct emp_recipe recipe = test_recipe(EMP_TRANSFORM_RANK, EMP_SCALE_MINMAX);
    recipe.steps.missing.how = EMP_FILL_MEDIAN;
    recipe.steps.winsorize.high = 0.5;
    struct emp_prepared prepared = test_fit(&recipe, x, 5, 1);
    struct emp_buffer text = {0};
    json_t *json = emp__prepared_to_json(&prepared);
    assert_int_equal(emp__json_text(json, &text, NULL), EMP_OK);
    assert_string_equal(text.data, "{\n"
                                   "  \"name\": \"spend\",\n"
                                   "  \"column\": false,\n"
                                   "  \"missing\": \"median\",\n"
                                   "  \"winsorize\": [0.0, 0.5],\n"
                                   "  \"transform\": \"rank\",\n"
                                   "  \"scale\": \"minmax\",\n"
                                   "  \"fill\": 2.0,\n"
                                   "  \"high\": 2.0,\n"
                                   "  \"knots\": [1.0, 2.0],\n"
                                   "  \"heights\": [0.1, 0.6],\n"
                                   "  \"shift\": 0.1,\n"
                                   "  \"divisor\": 0.5,\n"
                                   "  \"constant\": false,\n"
                                   "  \"rows\": 5,\n"
                                   "  \"missing_rows\": 1,\n"
                                   "  \"clamped_low\": 0,\n"
                                   "  \"clamped_high\": 1\n"
                                   "}\n");
    json_decref(json);
    emp__buffer_free(&text);
    emp__prepared_free(&prepared);
}

#define NAMES   "\"name\": \"a\", \"column\": false, "
#define PLAIN   "\"missing\": \"reject\", \"winsorize\": [0, 1], "
#define NONE    "\"transform\": \"none\", \"scale\": \"zscore\", "
#define RANK    "\"transform\": \"rank\", \"scale\": \"none\", "
#define SCALING "\"shift\": 0, \"divisor\": 1, \"constant\": false, "
#define COUNTS  "\"rows\": 2, \"missing_rows\": 0, \"clamped_low\": 0, \"clamped_high\": 0"

static void what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message; /* NULL: it is taken */
    } cases[] = {
        {NAMES PLAIN NONE SCALING COUNTS, NULL},
        {NAMES PLAIN RANK SCALING COUNTS ", \"knots\": [1, 2], \"heights\": [0.25, 0.75]", NULL},
        {NAMES PLAIN NONE SCALING COUNTS ", \"shfit\": 1",
         "'features[0].shfit' is not a key that belongs here; did you mean 'shift'?"},
        {NAMES PLAIN NONE "\"shift\": 0, \"divisor\": 0, \"constant\": false, " COUNTS,
         "'features[0].divisor' must not be 0"},
        {NAMES PLAIN NONE SCALING "\"rows\": -2, \"missing_rows\": 0, \"clamped_low\": 0, "
                                  "\"clamped_high\": 0",
         "'features[0].rows' must be a whole number of at least 0, found -2"},
        {PLAIN NONE SCALING COUNTS, "'features[0].name' is missing"},
        {NAMES PLAIN "\"transform\": \"log\", \"scale\": \"zscore\", " SCALING COUNTS,
         "'features[0].transform' must be one of none, log1p, sqrt, rank, yeo-johnson; found "
         "\"log\""},
        {NAMES PLAIN NONE SCALING COUNTS ", \"lambda\": 0.5",
         "'features[0].lambda' does not go with the steps of the feature"},
        {NAMES PLAIN "\"transform\": \"yeo-johnson\", \"scale\": \"none\", " SCALING COUNTS
                     ", \"lambda\": 5.5, \"lambda_at_bound\": false",
         "'features[0].lambda' must be a number from -5 to 5, found 5.5"},
        {NAMES PLAIN RANK SCALING COUNTS, "'features[0].knots' is missing"},
        {NAMES PLAIN RANK SCALING COUNTS ", \"knots\": [], \"heights\": []",
         "'features[0].knots' must be a list of 1 to 1001, found 0"},
        {NAMES PLAIN RANK SCALING COUNTS ", \"knots\": [1, 2], \"heights\": [0.5]",
         "'features[0].heights' must be a list of 2 numbers, found 1"},
        {NAMES PLAIN RANK SCALING COUNTS ", \"knots\": [1, 1], \"heights\": [0.1, 0.5]",
         "'features[0].knots[1]' must be above the number before it"},
        {NAMES PLAIN RANK SCALING COUNTS ", \"knots\": [1, 2], \"heights\": [0.1, 1.5]",
         "'features[0].heights[1]' must be from 0 to 1"},
        {NAMES "\"missing\": \"mean\", \"winsorize\": [0, 1], " NONE SCALING COUNTS,
         "'features[0].fill' is missing"},
        {NAMES "\"missing\": \"some\", \"winsorize\": [0, 1], " NONE SCALING COUNTS,
         "'features[0].missing' must be one of reject, mean, median; found \"some\""},
        {NAMES "\"missing\": 1e301, \"winsorize\": [0, 1], " NONE SCALING COUNTS,
         "'features[0].missing' must be a number from -1e+300 to 1e+300, found 1e+301"},
        {NAMES "\"missing\": 2, \"winsorize\": [0.5, 0.5], " NONE SCALING COUNTS,
         "'features[0].winsorize' must be two quantiles, the first below the second"},
        {NAMES "\"missing\": 2, \"winsorize\": [0.1, 0.9], " NONE SCALING COUNTS ", \"low\": 1",
         "'features[0].high' is missing"},
        {NAMES "\"missing\": 2, \"winsorize\": [0.1, 0.9], " NONE SCALING COUNTS
               ", \"low\": 1, \"high\": 0",
         "'features[0]' has a 'low' above its 'high'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        struct emp_prepared prepared = {0};
        emp_error error = {0};
        int length = snprintf(text, sizeof text, "{%s}", cases[i].text);
        emp_status status = read_back(text, (size_t)length, &prepared, &error);
        if (cases[i].message)
            assert_string_equal(error.message, cases[i].message);
        assert_int_equal(status, cases[i].message ? EMP_ERR_DATA : EMP_OK);
        assert_true((prepared.recipe.name != NULL) == (status == EMP_OK));
        emp__prepared_free(&prepared);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trips),
        cmocka_unit_test(as_it_is_written),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
