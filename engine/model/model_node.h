// SPDX-License-Identifier: Apache-2.0
/*
 * A model file taken apart. Each function that fails does so with EMP_ERR_DATA and a message that
 * names the file, the path in it, what is expected and what was found:
 *     models/segment.json: 'centres[2]' must be a list of 3 numbers, found 2
 */
#ifndef EMP_MODEL_MODEL_NODE_H
#define EMP_MODEL_MODEL_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include <emptor/status.h>

/* A value and its path, such as "features[0].shift"; "" is the outermost object. */
struct emp_model_node {
    const char *file;
    json_t *value; /* borrowed from the model */
    char path[160];
};

/* Fails with "'PATH' must be EXPECTED, found WHAT STANDS THERE"; EXPECTED has an article. */
emp_status emp__model_expected(const struct emp_model_node *node, const char *expected,
                               emp_error *error);

/* Fails with "'PATH' REASON". */
emp_status emp__model_refuse(const struct emp_model_node *node, emp_error *error,
                             const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The value at a key, if there is one and `parent` is an object. */
bool emp__model_find(const struct emp_model_node *parent, const char *key,
                     struct emp_model_node *out);

/* The value at a key, which must be there. */
emp_status emp__model_get(const struct emp_model_node *parent, const char *key,
                          struct emp_model_node *out, emp_error *error);

/* The keys of an object must all be among `keys` (NULL-terminated). */
emp_status emp__model_expect_keys(const struct emp_model_node *node, const char *const *keys,
                                  emp_error *error);

/* A list of bounds[0] to bounds[1] items at a key; how many in *count. */
emp_status emp__model_list(const struct emp_model_node *parent, const char *key,
                           const size_t bounds[2], struct emp_model_node *out, size_t *count,
                           emp_error *error);

/* Item i of a list, which has that many. */
struct emp_model_node emp__model_item(const struct emp_model_node *list, size_t i);

/* The value at a key as a number in [bounds[0], bounds[1]], a whole one, a truth value, a text
 * (borrowed). */
emp_status emp__model_real(const struct emp_model_node *parent, const char *key,
                           const double bounds[2], double *out, emp_error *error);
emp_status emp__model_integer(const struct emp_model_node *parent, const char *key, int64_t min,
                              int64_t max, int64_t *out, emp_error *error);
emp_status emp__model_boolean(const struct emp_model_node *parent, const char *key, bool *out,
                              emp_error *error);
emp_status emp__model_text(const struct emp_model_node *parent, const char *key, const char **out,
                           emp_error *error);

/* The index of the text at a key among `words` (NULL-terminated). */
emp_status emp__model_choice(const struct emp_model_node *parent, const char *key,
                             const char *const *words, int *out, emp_error *error);

/* `node` as a list of exactly n numbers. */
emp_status emp__model_reals(const struct emp_model_node *node, size_t n, double *out,
                            emp_error *error);

/* `node` as a number. */
emp_status emp__model_number(const struct emp_model_node *node, double *out, emp_error *error);

#endif
