// SPDX-License-Identifier: Apache-2.0
#include "params/node_json.h"

#include <math.h>
#include <string.h>

#include "params/schema.h"
#include "text/number_format.h"

static json_t *plain_to_json(const struct emp_node *node)
{
    int64_t integer = 0;
    double real = 0.0;
    if (emp__node_is_null(node))
        return json_null();
    if (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0)
        return json_boolean(node->text[0] == 't');
    if (emp__node_integer(node, INT64_MIN, INT64_MAX, &integer, NULL) == EMP_OK)
        return json_integer(integer);
    emp_status status = emp__node_real(node, -INFINITY, INFINITY, &real, NULL);
    if (status == EMP_ERR_MEMORY)
        return NULL;
    return status == EMP_OK ? json_real(real) : json_string(node->text);
}

static json_t *to_json(const struct emp_node *node);

static json_t *list_to_json(const struct emp_node *node)
{
    json_t *list = json_array();
    for (size_t i = 0; i < node->count && list; i++) {
        if (json_array_append_new(list, to_json(node->items[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static json_t *map_to_json(const struct emp_node *node)
{
    json_t *map = json_object();
    for (size_t i = 0; i < node->count && map; i++) {
        if (json_object_set_new(map, node->keys[i]->text, to_json(node->items[i])) != 0) {
            json_decref(map);
            map = NULL;
        }
    }
    return map;
}

/* NULL where memory ran out: nothing else fails, the texts being UTF-8. */
static json_t *to_json(const struct emp_node *node)
{
    switch (node->kind) {
    case EMP_NODE_LIST:
        return list_to_json(node);
    case EMP_NODE_MAP:
        return map_to_json(node);
    default:
        return node->quoted ? json_string(node->text) : plain_to_json(node);
    }
}

emp_status emp__node_to_json(const struct emp_node *node, json_t **out, emp_error *error)
{
    json_t *value = to_json(node);
    if (!value)
        return emp__fail(error, EMP_ERR_MEMORY, "out of memory while writing parameters as JSON");
    *out = value;
    return EMP_OK;
}

static emp_status from_json(const json_t *json, const char *file, int depth, struct emp_node **out,
                            emp_error *error);

/* A text that would be read as something else needs its quotes. */
static emp_status from_string(const json_t *json, const char *file, struct emp_node **out,
                              emp_error *error)
{
    struct emp_node *node = NULL;
    emp_status status = emp__node_new_scalar(file, json_string_value(json), false, &node, error);
    if (status != EMP_OK)
        return status;
    json_t *again = plain_to_json(node);
    node->quoted = !json_is_string(again);
    json_decref(again);
    *out = node;
    return EMP_OK;
}

static emp_status from_scalar(const json_t *json, const char *file, struct emp_node **out,
                              emp_error *error)
{
    char number[32];
    if (json_is_string(json))
        return from_string(json, file, out, error);
    if (json_is_real(json))
        emp__format_double(json_real_value(json), number);
    else if (json_is_integer(json))
        emp__format_int64(json_integer_value(json), number);
    const char *word = json_is_true(json) ? "true" : json_is_false(json) ? "false" : "null";
    return emp__node_new_scalar(file, json_is_number(json) ? number : word, false, out, error);
}

/* Adds what stands at a key of a map, or in a list (`key` is NULL). */
static emp_status add_json(struct emp_node *parent, const char *key, const json_t *json, int depth,
                           emp_error *error)
{
    struct emp_node *name = NULL, *value = NULL;
    emp_status status = key ? emp__node_new_scalar(parent->file, key, false, &name, error) : EMP_OK;
    if (status == EMP_OK)
        status = from_json(json, parent->file, depth, &value, error);
    if (status == EMP_OK)
        return emp__node_add(parent, name, value, error);
    emp__node_free(name);
    return status;
}

static emp_status from_json(const json_t *json, const char *file, int depth, struct emp_node **out,
                            emp_error *error)
{
    if (!json_is_object(json) && !json_is_array(json))
        return from_scalar(json, file, out, error);
    struct emp_place place = {.file = file};
    if (depth >= EMP_NODE_DEPTH)
        return emp__fail_at(error, EMP_ERR_DATA, place, "parameters deeper than %d levels",
                            EMP_NODE_DEPTH);
    struct emp_node *node = NULL;
    emp_status status =
        emp__node_new(json_is_object(json) ? EMP_NODE_MAP : EMP_NODE_LIST, place, &node, error);
    for (size_t i = 0; json_is_array(json) && i < json_array_size(json) && status == EMP_OK; i++)
        status = add_json(node, NULL, json_array_get(json, i), depth + 1, error);
    void *at = json_is_object(json) ? json_object_iter((json_t *)json) : NULL;
    for (; at && status == EMP_OK; at = json_object_iter_next((json_t *)json, at))
        status =
            add_json(node, json_object_iter_key(at), json_object_iter_value(at), depth + 1, error);
    if (status == EMP_OK)
        *out = node;
    else
        emp__node_free(node);
    return status;
}

emp_status emp__node_from_json(const json_t *json, const char *file, struct emp_node **out,
                               emp_error *error)
{
    return from_json(json, file, 0, out, error);
}
