// SPDX-License-Identifier: Apache-2.0
/* From the tree to the struct of a section: given keys, defaults, --set, and the order of keys. */
#include <assert.h>
#include <string.h>

#include "base/memory.h"
#include "params/expected.h"

static void *field_of(const struct emp_param *param, void *section)
{
    return (char *)section + param->offset;
}

static emp_status load_text(const struct emp_node *node, char **out, emp_error *error)
{
    const char *text = NULL;
    emp_status status = emp__node_text(node, &text, error);
    return status == EMP_OK ? emp__copy_text(out, text, strlen(text), error) : status;
}

static emp_status load_value(const struct emp_param *param, const struct emp_node *node,
                             void *field, emp_error *error)
{
    switch (param->type) {
    case EMP_PARAM_TEXT:
        return load_text(node, field, error);
    case EMP_PARAM_TEXT_LIST:
        return emp__node_texts(node, field, error);
    case EMP_PARAM_INTEGER:
        return emp__node_integer(node, emp__integer_limit(param->min),
                                 emp__integer_limit(param->max), field, error);
    case EMP_PARAM_REAL:
        return emp__node_real(node, param->min, param->max, field, error);
    case EMP_PARAM_BOOLEAN:
        return emp__node_boolean(node, field, error);
    case EMP_PARAM_CHOICE:
        return emp__node_choice(node, param->choices, field, error);
    case EMP_PARAM_DATE:
        return emp__node_date(node, field, error);
    case EMP_PARAM_SIZE:
        return emp__node_size(node, field, error);
    case EMP_PARAM_OWN:
        break;
    }
    return param->load(node, field, error);
}

static void mark_not_given(const struct emp_param *param, void *field)
{
    if (param->type == EMP_PARAM_DATE)
        *(int64_t *)field = EMP_NO_DATE;
    if (param->type == EMP_PARAM_CHOICE)
        *(int *)field = -1;
}

/* The value of a dotted key, or NULL; what is on the way must be maps. */
static emp_status find_value(struct emp_node *map, const char *key, struct emp_node **out,
                             emp_error *error)
{
    for (;;) {
        size_t length = strcspn(key, ".");
        if (emp__node_is_null(map))
            return EMP_OK;
        if (map->kind != EMP_NODE_MAP)
            return emp__node_expected(map, "a map", error);
        size_t i = emp__node_find(map, key, length);
        if (i == map->count)
            return EMP_OK;
        map = map->items[i];
        if (key[length] == '\0')
            break;
        key += length + 1;
    }
    *out = map;
    return EMP_OK;
}

static emp_status fail_missing(const struct emp_param *param, const struct emp_node *section,
                               emp_error *error)
{
    struct emp_buffer expected = {0};
    const char *dot = section->path[0] ? "." : "";
    struct emp_place place = emp__node_place(section);
    if (section->path[0] == '\0')
        place = (struct emp_place){.file = section->file};
    emp_status status = emp__expected_param(param, &expected, error);
    if (status == EMP_OK)
        status = emp__fail_at(error, EMP_ERR_PARAMS, place,
                              "required key '%s%s%s' is missing; it must be %s", section->path, dot,
                              param->key, expected.data);
    emp__buffer_free(&expected);
    return status;
}

/* Puts the default of a parameter into the tree. */
static emp_status put_default(const struct emp_param *param, struct emp_node *section,
                              struct emp_node **out, emp_error *error)
{
    struct emp_node *node = NULL;
    emp_status status =
        emp__node_read_text("(default)", param->fallback, strlen(param->fallback), &node, error);
    if (status != EMP_OK)
        return status;
    emp__node_forget_lines(node);
    status = emp__node_put(section, param->key, node, error);
    if (status == EMP_OK)
        *out = node;
    return status;
}

static emp_status load_param(const struct emp_param *param, struct emp_node *section, void *field,
                             emp_error *error)
{
    struct emp_node *node = NULL;
    emp_status status = find_value(section, param->key, &node, error);
    if (status != EMP_OK)
        return status;
    bool given = node && !emp__node_is_null(node);
    if (!given && !param->fallback)
        return node ? emp__node_expected_param(node, param, error)
                    : fail_missing(param, section, error);
    if (!given && param->fallback[0] == '\0') {
        mark_not_given(param, field);
        return EMP_OK;
    }
    if (!given)
        status = put_default(param, section, &node, error);
    return status == EMP_OK ? load_value(param, node, field, error) : status;
}

/* Does the parameter stand in a map that may be left out, and is? */
static bool is_left_out(const struct emp_schema *schema, const struct emp_param *param,
                        const struct emp_node *section)
{
    const char *map = emp__schema_optional_map(schema, param);
    return map && !emp__node_get(section, map);
}

/* The default of a parameter, if it has one, without a place in the tree. */
static emp_status load_default(const struct emp_param *param, void *field, emp_error *error)
{
    struct emp_node *node = NULL;
    mark_not_given(param, field);
    if (!param->fallback || param->fallback[0] == '\0')
        return EMP_OK;
    emp_status status =
        emp__node_read_text("(default)", param->fallback, strlen(param->fallback), &node, error);
    if (status == EMP_OK)
        status = load_value(param, node, field, error);
    emp__node_free(node);
    return status;
}

/* Moves an entry of a map; the others keep their order. */
static void move_entry(struct emp_node *map, size_t from, size_t to)
{
    struct emp_node *key = map->keys[from];
    struct emp_node *item = map->items[from];
    for (; from > to; from--) {
        map->keys[from] = map->keys[from - 1];
        map->items[from] = map->items[from - 1];
    }
    for (; from < to; from++) {
        map->keys[from] = map->keys[from + 1];
        map->items[from] = map->items[from + 1];
    }
    map->keys[to] = key;
    map->items[to] = item;
}

/* Moves every key of a dotted path to the front of its map. */
static void move_to_front(struct emp_node *map, const char *key)
{
    while (map && map->kind == EMP_NODE_MAP) {
        size_t length = strcspn(key, ".");
        size_t i = emp__node_find(map, key, length);
        if (i == map->count)
            return;
        move_entry(map, i, 0);
        if (key[length] == '\0')
            return;
        map = map->items[0];
        key += length + 1;
    }
}

/* From the last row to the first, so that keys and the maps between stand as they first appear. */
static void order_keys(const struct emp_schema *schema, struct emp_node *section)
{
    for (size_t i = schema->count; i > 0; i--)
        move_to_front(section, schema->params[i - 1].key);
}

/* The section's map, made where the file has none, at the end of the root. */
static emp_status section_node(const struct emp_schema *schema, struct emp_node *root,
                               struct emp_node **out, emp_error *error)
{
    emp__node_null_to_map(root);
    if (root->kind != EMP_NODE_MAP)
        return emp__node_expected(root, "a map", error);
    if (schema->section[0] == '\0') {
        *out = root;
        return EMP_OK;
    }
    if (!emp__node_get(root, schema->section)) {
        struct emp_node *made = NULL;
        emp_status status =
            emp__node_new(EMP_NODE_MAP, (struct emp_place){.file = root->file}, &made, error);
        if (status == EMP_OK)
            status = emp__node_put(root, schema->section, made, error);
        if (status != EMP_OK)
            return status;
    }
    size_t last = root->count - 1;
    move_entry(root, emp__node_find(root, schema->section, strlen(schema->section)), last);
    struct emp_node *node = root->items[last];
    emp__node_null_to_map(node);
    if (node->kind != EMP_NODE_MAP)
        return emp__node_expected(node, "a map", error);
    *out = node;
    return EMP_OK;
}

emp_status emp__schema_load(const struct emp_schema *schema, struct emp_node *root, void *section,
                            emp_error *error)
{
    struct emp_node *node = NULL;
    emp_status status = section_node(schema, root, &node, error);
    assert(status != EMP_OK || node);
    for (size_t i = 0; i < schema->count && status == EMP_OK; i++) {
        const struct emp_param *param = &schema->params[i];
        void *field = field_of(param, section);
        status = is_left_out(schema, param, node) ? load_default(param, field, error)
                                                  : load_param(param, node, field, error);
    }
    if (status == EMP_OK) {
        order_keys(schema, node);
        if (schema->validate)
            status = schema->validate(section, node, error);
    }
    if (status != EMP_OK)
        emp__schema_release(schema, section);
    return status;
}

void emp__schema_release(const struct emp_schema *schema, void *section)
{
    for (size_t i = 0; i < schema->count; i++) {
        const struct emp_param *param = &schema->params[i];
        void *field = field_of(param, section);
        if (param->type == EMP_PARAM_TEXT)
            free(*(char **)field);
        else if (param->type == EMP_PARAM_TEXT_LIST)
            emp__texts_free(field);
        else if (param->type == EMP_PARAM_OWN && param->release)
            param->release(field);
    }
    memset(section, 0, schema->size);
}
