// SPDX-License-Identifier: Apache-2.0
#include "model/model_node.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "params/expected.h"
#include "text/number_format.h"

enum { FOUND = EMP_EXCERPT + 16 };

static char *describe(const json_t *value, char out[FOUND])
{
    char excerpt[EMP_EXCERPT];
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        snprintf(out, FOUND, "an object");
        break;
    case JSON_ARRAY:
        snprintf(out, FOUND, "a list of %zu", json_array_size(value));
        break;
    case JSON_STRING:
        snprintf(out, FOUND, "\"%s\"", emp__text_excerpt(json_string_value(value), excerpt));
        break;
    case JSON_INTEGER:
        emp__format_int64(json_integer_value(value), out);
        break;
    case JSON_REAL:
        emp__format_double(json_real_value(value), out);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        snprintf(out, FOUND, "%s", json_is_true(value) ? "true" : "false");
        break;
    case JSON_NULL:
        snprintf(out, FOUND, "null");
        break;
    }
    return out;
}

emp_status emp__model_expected(const struct emp_model_node *node, const char *expected,
                               emp_error *error)
{
    char found[FOUND];
    const char *mark = strchr(expected, ',') ? ";" : ",";
    struct emp_place place = {.file = node->file};
    if (node->path[0] == '\0')
        return emp__fail_at(error, EMP_ERR_DATA, place, "the model must be %s%s found %s", expected,
                            mark, describe(node->value, found));
    return emp__fail_at(error, EMP_ERR_DATA, place, "'%s' must be %s%s found %s", node->path,
                        expected, mark, describe(node->value, found));
}

emp_status emp__model_refuse(const struct emp_model_node *node, emp_error *error,
                             const char *format, ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return emp__fail_at(error, EMP_ERR_DATA, (struct emp_place){.file = node->file}, "'%s' %s",
                        node->path, reason);
}

/* The node at a key, whose value may be NULL. A path that is too long loses its end. */
static struct emp_model_node child(const struct emp_model_node *parent, const char *key)
{
    char excerpt[EMP_EXCERPT];
    struct emp_model_node node = {.file = parent->file,
                                  .value = json_object_get(parent->value, key)};
    size_t length = strlen(parent->path);
    memcpy(node.path, parent->path, length);
    snprintf(node.path + length, sizeof node.path - length, "%s%s", length ? "." : "",
             emp__text_excerpt(key, excerpt));
    return node;
}

struct emp_model_node emp__model_item(const struct emp_model_node *list, size_t i)
{
    struct emp_model_node node = {.file = list->file, .value = json_array_get(list->value, i)};
    size_t length = strlen(list->path);
    memcpy(node.path, list->path, length);
    snprintf(node.path + length, sizeof node.path - length, "[%zu]", i);
    return node;
}

bool emp__model_find(const struct emp_model_node *parent, const char *key,
                     struct emp_model_node *out)
{
    *out = child(parent, key);
    return out->value != NULL;
}

emp_status emp__model_get(const struct emp_model_node *parent, const char *key,
                          struct emp_model_node *out, emp_error *error)
{
    if (!json_is_object(parent->value))
        return emp__model_expected(parent, "an object", error);
    return emp__model_find(parent, key, out) ? EMP_OK : emp__model_refuse(out, error, "is missing");
}

emp_status emp__model_expect_keys(const struct emp_model_node *node, const char *const *keys,
                                  emp_error *error)
{
    const char *key;
    json_t *value;
    if (!json_is_object(node->value))
        return emp__model_expected(node, "an object", error);
    json_object_foreach(node->value, key, value)
    {
        size_t i = 0;
        while (keys[i] && strcmp(keys[i], key) != 0)
            i++;
        if (keys[i])
            continue;
        struct emp_model_node unknown = child(node, key);
        const char *nearest = emp__nearest_word(key, keys);
        return emp__model_refuse(&unknown, error, "is not a key that belongs here%s%s%s",
                                 nearest ? "; did you mean '" : "", nearest ? nearest : "",
                                 nearest ? "'?" : "");
    }
    return EMP_OK;
}

emp_status emp__model_list(const struct emp_model_node *parent, const char *key,
                           const size_t bounds[2], struct emp_model_node *out, size_t *count,
                           emp_error *error)
{
    emp_status status = emp__model_get(parent, key, out, error);
    if (status != EMP_OK)
        return status;
    size_t n = json_array_size(out->value);
    if (!json_is_array(out->value) || n < bounds[0] || n > bounds[1])
        return emp__model_refuse(out, error, "must be a list of %zu to %zu, found %zu", bounds[0],
                                 bounds[1], n);
    *count = n;
    return EMP_OK;
}

/* The value as a number; JSON's numbers are finite. */
static bool as_number(const json_t *value, double *out)
{
    const json_int_t exact = INT64_C(1) << 53;
    if (json_is_integer(value)) {
        json_int_t whole = json_integer_value(value);
        *out = (double)whole;
        return whole >= -exact && whole <= exact;
    }
    *out = json_real_value(value);
    return json_is_real(value);
}

emp_status emp__model_number(const struct emp_model_node *node, double *out, emp_error *error)
{
    return as_number(node->value, out) ? EMP_OK : emp__model_expected(node, "a number", error);
}

emp_status emp__model_real(const struct emp_model_node *parent, const char *key,
                           const double bounds[2], double *out, emp_error *error)
{
    struct emp_model_node node;
    char expected[EMP_EXPECTED_NUMBER];
    double number;
    emp_status status = emp__model_get(parent, key, &node, error);
    if (status != EMP_OK)
        return status;
    if (!as_number(node.value, &number) || number < bounds[0] || number > bounds[1])
        return emp__model_expected(&node, emp__expected_real(bounds[0], bounds[1], expected),
                                   error);
    *out = number;
    return EMP_OK;
}

emp_status emp__model_integer(const struct emp_model_node *parent, const char *key, int64_t min,
                              int64_t max, int64_t *out, emp_error *error)
{
    struct emp_model_node node;
    char expected[EMP_EXPECTED_NUMBER];
    emp_status status = emp__model_get(parent, key, &node, error);
    if (status != EMP_OK)
        return status;
    int64_t number = json_integer_value(node.value);
    if (!json_is_integer(node.value) || number < min || number > max)
        return emp__model_expected(&node, emp__expected_integer(min, max, expected), error);
    *out = number;
    return EMP_OK;
}

emp_status emp__model_boolean(const struct emp_model_node *parent, const char *key, bool *out,
                              emp_error *error)
{
    struct emp_model_node node;
    emp_status status = emp__model_get(parent, key, &node, error);
    if (status != EMP_OK)
        return status;
    if (!json_is_boolean(node.value))
        return emp__model_expected(&node, EMP_EXPECTED_BOOLEAN, error);
    *out = json_is_true(node.value);
    return EMP_OK;
}

emp_status emp__model_text(const struct emp_model_node *parent, const char *key, const char **out,
                           emp_error *error)
{
    struct emp_model_node node;
    emp_status status = emp__model_get(parent, key, &node, error);
    if (status != EMP_OK)
        return status;
    if (!json_is_string(node.value))
        return emp__model_expected(&node, EMP_EXPECTED_TEXT, error);
    *out = json_string_value(node.value);
    return EMP_OK;
}

static emp_status fail_choice(const struct emp_model_node *node, const char *const *words,
                              emp_error *error)
{
    struct emp_buffer expected = {0};
    emp_status status = emp__expected_choice(words, &expected, error);
    if (status == EMP_OK)
        status = emp__model_expected(node, expected.data, error);
    emp__buffer_free(&expected);
    return status;
}

emp_status emp__model_choice(const struct emp_model_node *parent, const char *key,
                             const char *const *words, int *out, emp_error *error)
{
    struct emp_model_node node;
    emp_status status = emp__model_get(parent, key, &node, error);
    if (status != EMP_OK)
        return status;
    const char *text = json_string_value(node.value);
    for (int i = 0; text && words[i]; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return EMP_OK;
        }
    }
    return fail_choice(&node, words, error);
}

emp_status emp__model_reals(const struct emp_model_node *node, size_t n, double *out,
                            emp_error *error)
{
    if (!json_is_array(node->value))
        return emp__model_expected(node, "a list of numbers", error);
    if (json_array_size(node->value) != n)
        return emp__model_refuse(node, error, "must be a list of %zu numbers, found %zu", n,
                                 json_array_size(node->value));
    emp_status status = EMP_OK;
    for (size_t i = 0; i < n && status == EMP_OK; i++) {
        struct emp_model_node item = {.value = json_array_get(node->value, i)};
        if (as_number(item.value, &out[i]))
            continue;
        item = emp__model_item(node, i);
        status = emp__model_expected(&item, "a number", error);
    }
    return status;
}
