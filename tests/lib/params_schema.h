// SPDX-License-Identifier: Apache-2.0
/* A small schema with every type of parameter, for the tests of params/ and their fuzzer. */
#ifndef EMP_TESTS_PARAMS_SCHEMA_H
#define EMP_TESTS_PARAMS_SCHEMA_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "params/schema.h"

struct test_top {
    int64_t analysis_date;
    int64_t seed;
};

struct test_input {
    struct emp_texts files;
    char *encoding;
    char *delimiter;
    bool header;
    double max_share;
    uint64_t memory;
};

struct test_rfm {
    int64_t bins;
    int method;
    int ties;
    double weight;
    int64_t *cuts;
    int64_t since;
};

static const char *const test_methods[] = {"independent", "nested", "thresholds", NULL};
static const char *const test_ties[] = {"keep", "split", NULL};

/* A whole number from 1 to 99, or {recency: N, monetary: N}, into two numbers on the heap. */
static inline emp_status test_load_cuts(const struct emp_node *node, void *field, emp_error *error)
{
    static const char *const keys[] = {"recency", "monetary", NULL};
    int64_t *cuts = calloc(2, sizeof *cuts);
    if (!cuts)
        return EMP_ERR_MEMORY;
    *(int64_t **)field = cuts;
    if (node->kind != EMP_NODE_MAP) {
        cuts[1] = 0;
        return emp__node_integer(node, 1, 99, &cuts[0], error);
    }
    emp_status status = emp__node_expect_map(node, keys, error);
    for (int i = 0; keys[i] && status == EMP_OK; i++) {
        const struct emp_node *value = emp__node_get(node, keys[i]);
        if (value)
            status = emp__node_integer(value, 1, 99, &cuts[i], error);
    }
    return status;
}

static inline void test_release_cuts(void *field)
{
    free(*(int64_t **)field);
}

static inline emp_status test_validate_rfm(void *section, const struct emp_node *node,
                                           emp_error *error)
{
    const struct test_rfm *rfm = section;
    const struct emp_node *bins = emp__node_get(node, "bins");
    if (rfm->method == 2 && rfm->bins > 50)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(bins ? bins : node),
                            "'%s' must be at most 50 with thresholds", bins ? bins->path : "");
    return EMP_OK;
}

static const struct emp_param test_top_rows[] = {
    {.key = "analysis_date",
     .type = EMP_PARAM_DATE,
     .offset = offsetof(struct test_top, analysis_date),
     .fallback = "",
     .doc = "The day of the analysis."},
    {.key = "seed",
     .type = EMP_PARAM_INTEGER,
     .offset = offsetof(struct test_top, seed),
     .min = -1e300,
     .max = 1e300,
     .fallback = "1",
     .doc = "Where random numbers begin."},
};

static const struct emp_param test_input_rows[] = {
    {.key = "transactions.files",
     .type = EMP_PARAM_TEXT_LIST,
     .offset = offsetof(struct test_input, files),
     .doc = "The files."},
    {.key = "memory",
     .type = EMP_PARAM_SIZE,
     .offset = offsetof(struct test_input, memory),
     .fallback = "512M",
     .unit = "bytes",
     .doc = "The memory."},
    {.key = "transactions.encoding",
     .type = EMP_PARAM_TEXT,
     .offset = offsetof(struct test_input, encoding),
     .fallback = "utf-8",
     .doc = "The encoding."},
    {.key = "transactions.delimiter",
     .type = EMP_PARAM_TEXT,
     .offset = offsetof(struct test_input, delimiter),
     .fallback = "",
     .doc = "The delimiter."},
    {.key = "transactions.header",
     .type = EMP_PARAM_BOOLEAN,
     .offset = offsetof(struct test_input, header),
     .fallback = "true",
     .doc = "Whether there is a header."},
    {.key = "bad_rows.max_share",
     .type = EMP_PARAM_REAL,
     .offset = offsetof(struct test_input, max_share),
     .min = 0,
     .max = 1,
     .fallback = "0.0",
     .doc = "The share of bad rows."},
};

static const struct emp_param test_rfm_rows[] = {
    {.key = "bins",
     .type = EMP_PARAM_INTEGER,
     .offset = offsetof(struct test_rfm, bins),
     .min = 2,
     .max = 100,
     .fallback = "5",
     .unit = "bins",
     .doc = "How many bins."},
    {.key = "method",
     .type = EMP_PARAM_CHOICE,
     .offset = offsetof(struct test_rfm, method),
     .choices = test_methods,
     .fallback = "independent",
     .doc = "How to bin."},
    {.key = "ties",
     .type = EMP_PARAM_CHOICE,
     .offset = offsetof(struct test_rfm, ties),
     .choices = test_ties,
     .fallback = "",
     .doc = "What to do with ties."},
    {.key = "weight",
     .type = EMP_PARAM_REAL,
     .offset = offsetof(struct test_rfm, weight),
     .min = -INFINITY,
     .max = INFINITY,
     .fallback = "1.5",
     .doc = "A weight."},
    {.key = "cuts",
     .type = EMP_PARAM_OWN,
     .offset = offsetof(struct test_rfm, cuts),
     .fallback = "{recency: 3, monetary: 4}",
     .shape = "a whole number or {recency: N, monetary: N}",
     .doc = "Where to cut.",
     .load = test_load_cuts,
     .release = test_release_cuts},
    {.key = "since",
     .type = EMP_PARAM_DATE,
     .offset = offsetof(struct test_rfm, since),
     .doc = "The first day."},
};

#define TEST_COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

static const struct emp_schema test_top_schema = {.section = "",
                                                  .doc = "Keys of the whole run.",
                                                  .params = test_top_rows,
                                                  .count = TEST_COUNT(test_top_rows),
                                                  .size = sizeof(struct test_top)};
static const struct emp_schema test_input_schema = {.section = "input",
                                                    .doc = "Where records come from.",
                                                    .params = test_input_rows,
                                                    .count = TEST_COUNT(test_input_rows),
                                                    .size = sizeof(struct test_input)};
static const struct emp_schema test_rfm_schema = {.section = "rfm",
                                                  .doc = "Recency, frequency, monetary value.",
                                                  .params = test_rfm_rows,
                                                  .count = TEST_COUNT(test_rfm_rows),
                                                  .size = sizeof(struct test_rfm),
                                                  .validate = test_validate_rfm};

static const struct emp_schema *const test_schemas[] = {&test_top_schema, &test_input_schema,
                                                        &test_rfm_schema};
enum { TEST_SCHEMA_COUNT = 3 };

/* The three sections of the test schema; all zero before test_load and after test_release. */
struct test_params {
    struct test_top top;
    struct test_input input;
    struct test_rfm rfm;
};

static inline void test_release(struct test_params *params)
{
    emp__schema_release(&test_top_schema, &params->top);
    emp__schema_release(&test_input_schema, &params->input);
    emp__schema_release(&test_rfm_schema, &params->rfm);
}

/* Checks the keys and loads the three sections; on failure `params` is all zero. */
static inline emp_status test_load(struct emp_node *root, struct test_params *params,
                                   emp_error *error)
{
    emp_status status = emp__schema_check_keys(test_schemas, TEST_SCHEMA_COUNT, root, error);
    if (status == EMP_OK)
        status = emp__schema_load(&test_top_schema, root, &params->top, error);
    if (status == EMP_OK)
        status = emp__schema_load(&test_input_schema, root, &params->input, error);
    if (status == EMP_OK)
        status = emp__schema_load(&test_rfm_schema, root, &params->rfm, error);
    if (status != EMP_OK)
        test_release(params);
    return status;
}

/* Does a scalar that is not in quotes mean more than its text? */
static inline bool test_means_more(const struct emp_node *node)
{
    int64_t integer = 0;
    double real = 0.0;
    bool truth = false;
    uint64_t size = 0;
    return emp__node_is_null(node) || emp__node_boolean(node, &truth, NULL) == EMP_OK ||
           emp__node_integer(node, INT64_MIN, INT64_MAX, &integer, NULL) == EMP_OK ||
           emp__node_real(node, -INFINITY, INFINITY, &real, NULL) == EMP_OK ||
           emp__node_size(node, &size, NULL) == EMP_OK;
}

/* The same texts, kinds, keys and order; quotes compared where they change the meaning. */
static inline bool test_equal_trees(const struct emp_node *a, const struct emp_node *b)
{
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind == EMP_NODE_SCALAR)
        return strcmp(a->text, b->text) == 0 &&
               (a->quoted == b->quoted || !test_means_more(a->quoted ? b : a));
    for (size_t i = 0; i < a->count; i++) {
        if (a->keys && strcmp(a->keys[i]->text, b->keys[i]->text) != 0)
            return false;
        if (!test_equal_trees(a->items[i], b->items[i]))
            return false;
    }
    return true;
}

#endif
