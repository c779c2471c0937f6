// SPDX-License-Identifier: Apache-2.0
/* Recipes in a parameter file: every shape, what a section adds, and the messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "features/recipe_params.h"

struct section {
    struct emp_recipes features;
    struct emp_steps steps;
};

static emp_status complete(void *section, const struct emp_node *node, emp_error *error)
{
    struct section *own = section;
    (void)node;
    (void)error;
    emp__recipes_complete(&own->features, &own->steps);
    return EMP_OK;
}

static const struct emp_param rows[] = {EMP_FEATURES_ROW(struct section, features, NULL),
                                        EMP_STEPS_ROWS(struct section, steps)};

static const struct emp_schema schema = {.section = "segment",
                                         .doc = "Clusters.",
                                         .params = rows,
                                         .count = sizeof rows / sizeof *rows,
                                         .size = sizeof(struct section),
                                         .validate = complete};

static emp_status load(const char *text, struct section *out, emp_error *error)
{
    const struct emp_schema *schemas[] = {&schema};
    struct emp_node *root = NULL;
    memset(out, 0, sizeof *out);
    memset(error, 0, sizeof *error);
    assert_int_equal(emp__node_read_text("p.yaml", text, strlen(text), &root, error), EMP_OK);
    emp_status status = emp__schema_check_keys(schemas, 1, root, error);
    if (status == EMP_OK)
        status = emp__schema_load(&schema, root, out, error);
    emp__node_free(root);
    return status;
}

static struct section load_ok(const char *text)
{
    struct section section;
    emp_error error;
    if (load(text, &section, &error) != EMP_OK)
        fail_msg("%s: %s", text, error.message);
    return section;
}

static void refuse(const char *text, const char *message)
{
    struct section section;
    emp_error error;
    char found[1600];
    assert_int_equal(load(text, &section, &error), EMP_ERR_PARAMS);
    assert_string_equal(emp_error_text(&error, found, sizeof found), message);
    assert_null(section.features.items);
}

static void a_list_of_names(void **state)
{
    (void)state;
    struct section section = load_ok("segment: {features: [recency_days, monetary]}");
    assert_int_equal(section.features.count, 2);
    assert_string_equal(section.features.items[0].name, "recency_days");
    const struct emp_recipe *second = &section.features.items[1];
    assert_string_equal(second->name, "monetary");
    assert_false(second->column);
    assert_int_equal(second->given, 0);
    assert_int_equal(second->steps.transform, EMP_TRANSFORM_NONE);
    assert_int_equal(second->steps.scale, EMP_SCALE_ZSCORE);
    assert_int_equal(second->steps.missing.how, EMP_FILL_REJECT);
    assert_true(second->steps.winsorize.low == 0.0 && second->steps.winsorize.high == 1.0);
    assert_int_equal(second->place.line, 1);
    assert_int_equal(second->place.column, 36);
    emp__schema_release(&schema, &section);

    section = load_ok("segment: {features: monetary}");
    assert_int_equal(section.features.count, 1);
    emp__schema_release(&schema, &section);
}

static void items_and_what_the_section_adds(void **state)
{
    (void)state;
    struct section section = load_ok("segment:\n"
                                     "  transform: yeo_johnson\n"
                                     "  scale: robust\n"
                                     "  missing: 0\n"
                                     "  winsorize: [0.01, 0.99]\n"
                                     "  features:\n"
                                     "  - {name: a, transform: log1p, scale: minmax}\n"
                                     "  - {column: b, missing: median, winsorize: [0, 0.5]}\n"
                                     "  - {name: c, missing: {constant: -1.5}, transform: ~}\n"
                                     "  - {name: d, transform: yeo-johnson, missing: reject}\n");
    const struct emp_recipe *items = section.features.items;
    assert_int_equal(section.features.count, 4);
    assert_int_equal(items[0].steps.transform, EMP_TRANSFORM_LOG1P);
    assert_int_equal(items[0].steps.scale, EMP_SCALE_MINMAX);
    assert_int_equal(items[0].steps.missing.how, EMP_FILL_CONSTANT);
    assert_true(items[0].steps.missing.constant == 0.0);
    assert_true(items[0].steps.winsorize.low == 0.01 && items[0].steps.winsorize.high == 0.99);
    assert_true(items[1].column);
    assert_int_equal(items[1].given, EMP_GIVEN_MISSING | EMP_GIVEN_WINSORIZE);
    assert_int_equal(items[1].steps.transform, EMP_TRANSFORM_YEO_JOHNSON);
    assert_int_equal(items[1].steps.scale, EMP_SCALE_ROBUST);
    assert_int_equal(items[1].steps.missing.how, EMP_FILL_MEDIAN);
    assert_true(items[1].steps.winsorize.high == 0.5);
    assert_true(items[2].steps.missing.constant == -1.5);
    assert_int_equal(items[2].steps.transform, EMP_TRANSFORM_YEO_JOHNSON);
    assert_int_equal(items[3].steps.transform, EMP_TRANSFORM_YEO_JOHNSON);
    assert_int_equal(items[3].steps.missing.how, EMP_FILL_REJECT);
    assert_int_equal(items[3].place.line, 10);
    emp__schema_release(&schema, &section);
}

static void messages(void **state)
{
    (void)state;
    refuse(
        "segment: {features: [a, {name: b, transfrom: log1p}]}",
        "p.yaml:1:35: unknown key 'transfrom' in 'segment.features[1]'; did you mean 'transform'?");
    refuse("segment: {features: [a, {name: b, transform: log}]}",
           "p.yaml:1:46: 'segment.features[1].transform' must be one of none, log1p, sqrt, rank, "
           "yeo-johnson; found 'log'; did you mean 'log1p'?");
    refuse("segment: {features: [a, b, {column: a}]}",
           "p.yaml:1:28: the feature 'a' is given twice");
    refuse("segment: {features: [{transform: log1p}]}",
           "p.yaml:1:22: 'segment.features[0]' needs a 'name' or a 'column'");
    refuse("segment: {features: [{name: a, column: b}]}",
           "p.yaml:1:22: 'segment.features[0]' must have one of 'name' and 'column', found both");
    refuse("segment: {features: []}",
           "p.yaml:1:21: 'segment.features' must have 1 to 1000 features, found 0");
    refuse("segment: {features: {name: a}}",
           "p.yaml:1:21: 'segment.features' must be " EMP_FEATURES_SHAPE "; found a map");
    refuse("segment: {features: ['']}",
           "p.yaml:1:22: 'segment.features[0]' must be the name of a feature, found the text \"\"");
    refuse("segment: {features: [a], missing: zero}",
           "p.yaml:1:35: 'segment.missing' must be reject, mean, median, a number or {constant: "
           "NUMBER}; found 'zero'");
    refuse("segment: {features: [{name: a, missing: {value: 1}}]}",
           "p.yaml:1:42: unknown key 'value' in 'segment.features[0].missing'; the keys there are "
           "constant");
    refuse("segment: {features: [a], missing: {}}",
           "p.yaml:1:35: 'segment.missing' must be reject, mean, median, a number or {constant: "
           "NUMBER}; found a map");
    refuse("segment: {features: [a], winsorize: [0.9, 0.1]}",
           "p.yaml:1:37: 'segment.winsorize' must be [LOW, HIGH] with LOW below HIGH, found [0.9, "
           "0.1]");
    refuse("segment: {features: [a], winsorize: 0.1}",
           "p.yaml:1:37: 'segment.winsorize' must be " EMP_WINSORIZE_SHAPE "; found '0.1'");
    refuse("segment: {features: [a], winsorize: [0, 1.5]}",
           "p.yaml:1:41: 'segment.winsorize[1]' must be a number from 0 to 1, found '1.5'");
    refuse("segment: {features: [a], scale: z}",
           "p.yaml:1:33: 'segment.scale' must be one of zscore, minmax, robust, none; found 'z'");
    refuse("segment: {scale: none}", "p.yaml:1:10: required key 'segment.features' is missing; it "
                                     "must be " EMP_FEATURES_SHAPE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_names),
        cmocka_unit_test(items_and_what_the_section_adds),
        cmocka_unit_test(messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
