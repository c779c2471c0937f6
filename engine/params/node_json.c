// SPDX-License-Identifier: Apache-2.0
#include "params/node_json.h"

#include <math.h>
#include <string.h>

#include "params/schema.h"

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
