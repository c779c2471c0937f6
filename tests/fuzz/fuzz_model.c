// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a model file with prepared columns under "features": read, checked, written, read
 * again. What is accepted is written so that it reads back and is written the same, and makes any
 * value ready or says why not, never NaN. As a model of segments it has centres that can be
 * computed with, and clusters that are told apart by their numbers. As a model of churn, with the
 * parameters that stand in it, it makes a probability of any log odds. A message is one line.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/logistic/logistic.h"
#include "analysis/logistic/model.h"
#include "analysis/ltv/model.h"
#include "analysis/segment/model.h"
#include "cluster/points.h"
#include "model/model_file.h"
#include "model/model_json.h"
#include "model/prepared_json.h"
#include "params/node_json.h"
#include "sink/json_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_message(emp_status status, const emp_error *error)
{
    require(error->status == status && error->message[0] != '\0');
    for (const char *byte = error->message; *byte; byte++)
        require((unsigned char)*byte >= ' ' && *byte != 127);
}

/* As a model with this one column in it. */
static struct emp_buffer print(const struct emp_prepared *prepared)
{
    struct emp_buffer text = {0};
    json_t *list = emp__json_append(json_array(), emp__prepared_to_json(prepared));
    json_t *root = emp__json_put(emp__model_new("fuzz"), "features", list);
    require(root && emp__json_text(root, &text, NULL) == EMP_OK);
    json_decref(root);
    return text;
}

static void check_values(const struct emp_prepared *prepared)
{
    static const double values[] = {0.0,   -1.0,   0.5,       3.0, -1e300,
                                    1e300, 1e-300, 12345.678, NAN, INFINITY};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double out = NAN;
        emp_error error = {.status = EMP_OK};
        struct emp_prepare_input input = {.values = values + i, .n = 1, .threads = 1};
        struct emp_prepare_output output = {.out = &out, .stride = 1};
        emp_status status = emp__prepare_apply(prepared, input, output, NULL, &error);
        if (status == EMP_OK)
            require(fabs(out) <= EMP_PREPARED_MAX);
        else
            check_message(status, &error);
    }
}

static void check_prepared(const struct emp_prepared *prepared)
{
    struct emp_buffer first = print(prepared);
    struct emp_model model;
    struct emp_model_node root, list;
    struct emp_prepared again;
    size_t count;
    require(emp__model_parse("again", first.data, first.length, &model, NULL) == EMP_OK);
    root = emp__model_root(&model);
    require(emp__model_list(&root, "features", (size_t[]){1, 1}, &list, &count, NULL) == EMP_OK);
    struct emp_model_node item = emp__model_item(&list, 0);
    require(emp__prepared_from_json(&item, &again, NULL) == EMP_OK);
    struct emp_buffer second = print(&again);
    require(strcmp(first.data, second.data) == 0);
    check_values(prepared);
    emp__buffer_free(&second);
    emp__prepared_free(&again);
    emp__model_free(&model);
    emp__buffer_free(&first);
}

static void check_features(const struct emp_model *model)
{
    struct emp_model_node root = emp__model_root(model), list;
    emp_error error = {.status = EMP_OK};
    size_t count = 0;
    emp_status status =
        emp__model_list(&root, "features", (size_t[]){1, 1000}, &list, &count, &error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        struct emp_prepared prepared;
        struct emp_model_node item = emp__model_item(&list, i);
        status = emp__prepared_from_json(&item, &prepared, &error);
        if (status != EMP_OK)
            break;
        check_prepared(&prepared);
        emp__prepared_free(&prepared);
    }
    if (status != EMP_OK)
        check_message(status, &error);
}

static void check_clusters(const struct emp_segment_model *segments)
{
    require(segments->features > 0 && segments->clusters > 0);
    for (size_t c = 0; c < segments->clusters; c++) {
        require(segments->number[c] > 0 && segments->name[c]);
        for (size_t other = 0; other < c; other++)
            require(segments->number[other] != segments->number[c]);
    }
    for (size_t i = 0; i < segments->clusters * segments->features; i++)
        require(fabs(segments->centres[i]) <= EMP_CLUSTER_LARGEST);
}

/* Whether it is accepted or not, everything it holds is freed. */
static void check_segments(const struct emp_model *model)
{
    struct emp_segment_model segments;
    emp_error error = {.status = EMP_OK};
    emp_status status = emp__segment_model_read(model, &segments, &error);
    if (status == EMP_OK)
        check_clusters(&segments);
    else
        check_message(status, &error);
    emp__segment_model_free(&segments);
}

/* The parameters of a model of churn, as scoring takes them from it. */
static emp_status load_parameters(const struct emp_model *model, struct emp_logistic_params *out,
                                  emp_error *error)
{
    const struct emp_schema *schema = emp__churn_analysis.schema;
    struct emp_model_node root = emp__model_root(model), section;
    struct emp_node *tree = NULL, *node = NULL;
    emp_status status = emp__model_get(&root, "parameters", &section, error);
    if (status == EMP_OK)
        status = emp__node_from_json(section.value, model->file, &node, error);
    if (status != EMP_OK)
        return status;
    require(emp__node_read_text("tree", "{}", 2, &tree, NULL) == EMP_OK);
    status = emp__node_put(tree, schema->section, node, error);
    if (status == EMP_OK)
        status = emp__schema_load(schema, tree, out, error);
    emp__node_free(tree);
    return status;
}

static void check_rule(const struct emp_logistic_rule *rule)
{
    static const double log_odds[] = {0.0, 1.0, -1.0, 40.0, -750.0, 1e300, -1e300};
    for (size_t i = 0; i < sizeof log_odds / sizeof *log_odds; i++) {
        double p = emp__logistic_probability(rule, log_odds[i]);
        require(p >= 0.0 && p <= 1.0);
    }
    for (size_t j = 0; j <= rule->terms.count; j++)
        require(fabs(rule->coefficients[j]) <= EMP_PREPARED_MAX);
}

/* Whether it is accepted or not, everything it holds is freed. */
static void check_churn(const struct emp_model *model)
{
    struct emp_logistic_params params = {0};
    struct emp_logistic_rule rule = {.shift = 0.0};
    emp_error error = {.status = EMP_OK};
    emp_status status = load_parameters(model, &params, &error);
    if (status == EMP_OK)
        status = emp__logistic_model_read(model, &params, "churn", &rule, &error);
    if (status == EMP_OK)
        check_rule(&rule);
    else
        check_message(status, &error);
    emp__logistic_rule_free(&rule);
    emp__schema_release(emp__churn_analysis.schema, &params);
}

/* Of purchases and of contracts. */
static void check_ltv(const struct emp_model *model)
{
    for (int source = EMP_LTV_HISTORY; source <= EMP_LTV_CONTRACT; source++) {
        const struct emp_ltv_params params = {.source = source, .horizon = 1, .confidence = 0.95};
        struct emp_ltv_rule rule;
        emp_error error = {.status = EMP_OK};
        emp_status status = emp__ltv_model_read(model, &params, &rule, &error);
        if (status != EMP_OK) {
            check_message(status, &error);
            continue;
        }
        require(rule.model && rule.model->parameters <= EMP_LIFETIME_PARAMETERS);
        for (int i = 0; i < rule.model->parameters; i++)
            require(rule.parameter[i] > 0.0 && isfinite(rule.parameter[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct emp_model model;
    emp_error error = {.status = EMP_OK};
    emp_status status = emp__model_parse("fuzz", (const char *)data, size, &model, &error);
    if (status != EMP_OK) {
        check_message(status, &error);
        return 0;
    }
    check_features(&model);
    check_segments(&model);
    check_churn(&model);
    check_ltv(&model);
    emp__model_free(&model);
    return 0;
}
