// SPDX-License-Identifier: Apache-2.0
/* The tree of nodes: making, finding, putting, copying, and what messages call a node. */
#include "params/node.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "text/utf8.h"

enum { LONGEST_PATH = 200 };

emp_status emp__node_new(enum emp_node_kind kind, struct emp_place place, struct emp_node **out,
                         emp_error *error)
{
    struct emp_node *node = NULL;
    emp_status status = emp__new_array(&node, 1, sizeof *node, error);
    if (status != EMP_OK)
        return status;
    status = emp__copy_text(&node->path, "", 0, error);
    if (status != EMP_OK) {
        free(node);
        return status;
    }
    node->kind = kind;
    node->file = place.file;
    node->line = place.line;
    node->column = place.column;
    *out = node;
    return EMP_OK;
}

static emp_status new_scalar(struct emp_place place, const char *text, size_t length,
                             struct emp_node **out, emp_error *error)
{
    struct emp_node *node = NULL;
    emp_status status = emp__node_new(EMP_NODE_SCALAR, place, &node, error);
    if (status == EMP_OK)
        status = emp__copy_text(&node->text, text, length, error);
    if (status == EMP_OK)
        *out = node;
    else
        emp__node_free(node);
    return status;
}

emp_status emp__node_new_scalar(const char *file, const char *text, bool quoted,
                                struct emp_node **out, emp_error *error)
{
    emp_status status =
        new_scalar((struct emp_place){.file = file}, text, strlen(text), out, error);
    if (status == EMP_OK)
        (*out)->quoted = quoted;
    return status;
}

static void free_contents(struct emp_node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        emp__node_free(node->items[i]);
        if (node->keys)
            emp__node_free(node->keys[i]);
    }
    free(node->items);
    free(node->keys);
    free(node->text);
}

void emp__node_free(struct emp_node *node)
{
    if (!node)
        return;
    free_contents(node);
    free(node->path);
    free(node);
}

static emp_status make_room(struct emp_node *parent, emp_error *error)
{
    size_t items = parent->capacity;
    size_t keys = parent->capacity;
    emp_status status = emp__grow_array(&parent->items, &items, parent->count + 1,
                                        sizeof(struct emp_node *), error);
    if (status == EMP_OK && parent->kind == EMP_NODE_MAP)
        status = emp__grow_array(&parent->keys, &keys, parent->count + 1, sizeof(struct emp_node *),
                                 error);
    if (status == EMP_OK)
        parent->capacity = items;
    return status;
}

emp_status emp__node_add(struct emp_node *parent, struct emp_node *key, struct emp_node *value,
                         emp_error *error)
{
    emp_status status = make_room(parent, error);
    if (status != EMP_OK) {
        emp__node_free(key);
        emp__node_free(value);
        return status;
    }
    if (key)
        parent->keys[parent->count] = key;
    parent->items[parent->count++] = value;
    return EMP_OK;
}

size_t emp__node_find(const struct emp_node *map, const char *key, size_t length)
{
    size_t i = 0;
    while (i < map->count &&
           (strncmp(map->keys[i]->text, key, length) != 0 || map->keys[i]->text[length] != '\0'))
        i++;
    return i;
}

struct emp_node *emp__node_get(const struct emp_node *map, const char *key)
{
    if (map->kind != EMP_NODE_MAP)
        return NULL;
    size_t i = emp__node_find(map, key, strlen(key));
    return i < map->count ? map->items[i] : NULL;
}

bool emp__node_is_null(const struct emp_node *node)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    if (node->kind != EMP_NODE_SCALAR || node->quoted)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(node->text, words[i]) == 0)
            return true;
    return false;
}

struct emp_place emp__node_place(const struct emp_node *node)
{
    return (struct emp_place){.file = node->file, .line = node->line, .column = node->column};
}

void emp__node_null_to_map(struct emp_node *node)
{
    if (!emp__node_is_null(node))
        return;
    free(node->text);
    node->text = NULL;
    node->kind = EMP_NODE_MAP;
}

void emp__node_forget_lines(struct emp_node *node)
{
    node->line = 0;
    node->column = 0;
    for (size_t i = 0; i < node->count; i++) {
        emp__node_forget_lines(node->items[i]);
        if (node->keys)
            emp__node_forget_lines(node->keys[i]);
    }
}

size_t emp__node_measure(const struct emp_node *node, size_t *count)
{
    *count += 1 + (node->keys ? node->count : 0);
    if (node->kind == EMP_NODE_SCALAR)
        return 0;
    size_t highest = 0;
    for (size_t i = 0; i < node->count; i++) {
        size_t height = emp__node_measure(node->items[i], count);
        highest = height > highest ? height : highest;
    }
    return highest + 1;
}

/* C0 controls, DEL and the C1 controls (U+0080..U+009F). */
static size_t control_length(const unsigned char *byte)
{
    if (byte[0] < ' ' || byte[0] == 127)
        return 1;
    return byte[0] == 0xC2 && byte[1] >= 0x80 && byte[1] <= 0x9F ? 2 : 0;
}

static bool continues_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

char *emp__text_excerpt(const char *text, char out[EMP_EXCERPT])
{
    enum { ROOM = EMP_EXCERPT - sizeof "..." };
    size_t n = 0;
    bool valid = emp__utf8_valid(text, strlen(text));
    for (; *text && n < ROOM; n++) {
        size_t control = control_length((const unsigned char *)text);
        if (!valid && (unsigned char)*text >= 0x80)
            control = 1;
        out[n] = control ? '?' : *text;
        text += control ? control : 1;
    }
    out[n] = '\0';
    if (*text == '\0')
        return out;
    if (continues_character(*text)) {
        while (n > 0 && continues_character(out[n - 1]))
            n--;
        n -= n > 0;
    }
    memcpy(out + n, "...", sizeof "...");
    return out;
}

/* Below a path of nothing stands the key alone; of a path that is too long the end is kept. */
static emp_status child_path(const char *path, const struct emp_node *key, size_t index, char **out,
                             emp_error *error)
{
    char name[EMP_EXCERPT];
    char *full = NULL;
    emp_status status = key ? emp__format_text(&full, error, "%s%s%s", path, path[0] ? "." : "",
                                               emp__text_excerpt(key->text, name))
                            : emp__format_text(&full, error, "%s[%zu]", path, index);
    if (status != EMP_OK)
        return status;
    size_t length = strlen(full);
    if (length > LONGEST_PATH) {
        char *tail = full + length - LONGEST_PATH;
        while (continues_character(tail[3]))
            tail++;
        memcpy(tail, "...", 3);
        memmove(full, tail, strlen(tail) + 1);
    }
    *out = full;
    return EMP_OK;
}

emp_status emp__node_label(struct emp_node *node, const char *path, emp_error *error)
{
    char *own = NULL;
    emp_status status = emp__copy_text(&own, path, strlen(path), error);
    if (status != EMP_OK)
        return status;
    free(node->path);
    node->path = own;
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        char *below = NULL;
        status = child_path(own, node->keys ? node->keys[i] : NULL, i, &below, error);
        if (status == EMP_OK)
            status = emp__node_label(node->items[i], below, error);
        free(below);
    }
    return status;
}

/* A map with one key; `value` is freed on failure. */
static emp_status new_map_of_one(const char *key, size_t length, struct emp_node *value,
                                 struct emp_node **out, emp_error *error)
{
    struct emp_place place = emp__node_place(value);
    struct emp_node *map = NULL;
    struct emp_node *name = NULL;
    emp_status status = emp__node_new(EMP_NODE_MAP, place, &map, error);
    if (status == EMP_OK)
        status = new_scalar(place, key, length, &name, error);
    if (status != EMP_OK)
        emp__node_free(value);
    else
        status = emp__node_add(map, name, value, error);
    if (status == EMP_OK)
        *out = map;
    else
        emp__node_free(map);
    return status;
}

/* Wraps *value in maps for all components of `path` but the first; NULL on failure. */
static emp_status wrap(const char *path, struct emp_node **value, emp_error *error)
{
    size_t first = strcspn(path, ".");
    size_t end = strlen(path);
    while (end > first) {
        size_t begin = end;
        while (path[begin - 1] != '.')
            begin--;
        struct emp_node *inner = *value;
        *value = NULL;
        emp_status status = new_map_of_one(path + begin, end - begin, inner, value, error);
        if (status != EMP_OK)
            return status;
        end = begin - 1;
    }
    return EMP_OK;
}

/* Puts `value` at a key of a map; freed on failure. */
static emp_status put_here(struct emp_node *map, const char *key, size_t length,
                           struct emp_node *value, emp_error *error)
{
    struct emp_node *name = NULL;
    char *path = NULL;
    emp_status status = new_scalar(emp__node_place(value), key, length, &name, error);
    if (status == EMP_OK)
        status = child_path(map->path, name, 0, &path, error);
    if (status == EMP_OK)
        status = emp__node_label(value, path, error);
    free(path);
    if (status != EMP_OK) {
        emp__node_free(name);
        emp__node_free(value);
        return status;
    }
    size_t i = emp__node_find(map, key, length);
    if (i == map->count)
        return emp__node_add(map, name, value, error);
    emp__node_free(map->items[i]);
    map->items[i] = value;
    emp__node_free(name);
    return EMP_OK;
}

static emp_status check_path(const char *path, const struct emp_node *value, emp_error *error)
{
    char excerpt[EMP_EXCERPT];
    size_t count = 0;
    size_t depth = emp__node_measure(value, &count) + 1;
    bool empty = path[0] == '\0' || path[0] == '.';
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.')) {
        depth++;
        empty = empty || dot[1] == '.' || dot[1] == '\0';
    }
    if (empty)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(value),
                            "there is an empty key in '%s'", emp__text_excerpt(path, excerpt));
    if (depth > EMP_NODE_DEPTH)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(value),
                            "'%s' is nested deeper than %d levels",
                            emp__text_excerpt(path, excerpt), EMP_NODE_DEPTH);
    return EMP_OK;
}

emp_status emp__node_put(struct emp_node *root, const char *path, struct emp_node *value,
                         emp_error *error)
{
    struct emp_node *map = root;
    emp_status status = check_path(path, value, error);
    while (status == EMP_OK) {
        emp__node_null_to_map(map);
        if (map->kind != EMP_NODE_MAP) {
            status = emp__node_expected(map, "a map", error);
            break;
        }
        size_t length = strcspn(path, ".");
        size_t i = emp__node_find(map, path, length);
        if (i == map->count || path[length] == '\0')
            break;
        map = map->items[i];
        path += length + 1;
    }
    if (status != EMP_OK) {
        emp__node_free(value);
        return status;
    }
    status = wrap(path, &value, error);
    if (status != EMP_OK)
        return status;
    return put_here(map, path, strcspn(path, "."), value, error);
}

void emp__node_remove(struct emp_node *map, const char *key)
{
    size_t i = map->kind == EMP_NODE_MAP ? emp__node_find(map, key, strlen(key)) : map->count;
    if (i == map->count)
        return;
    emp__node_free(map->keys[i]);
    emp__node_free(map->items[i]);
    map->count--;
    memmove(map->keys + i, map->keys + i + 1, (map->count - i) * sizeof *map->keys);
    memmove(map->items + i, map->items + i + 1, (map->count - i) * sizeof *map->items);
}

static emp_status copy_items(const struct emp_node *node, struct emp_node *copy, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < node->count && status == EMP_OK; i++) {
        struct emp_node *key = NULL;
        struct emp_node *value = NULL;
        if (node->keys)
            status = emp__node_copy(node->keys[i], &key, error);
        if (status == EMP_OK)
            status = emp__node_copy(node->items[i], &value, error);
        if (status == EMP_OK)
            status = emp__node_add(copy, key, value, error);
        else
            emp__node_free(key);
    }
    return status;
}

emp_status emp__node_copy(const struct emp_node *node, struct emp_node **out, emp_error *error)
{
    struct emp_node *copy = NULL;
    char *path = NULL;
    emp_status status = emp__node_new(node->kind, emp__node_place(node), &copy, error);
    if (status == EMP_OK)
        status = emp__copy_text(&path, node->path, strlen(node->path), error);
    if (status == EMP_OK) {
        free(copy->path);
        copy->path = path;
        copy->quoted = node->quoted;
        status = copy_items(node, copy, error);
    }
    if (status == EMP_OK && node->text)
        status = emp__copy_text(&copy->text, node->text, strlen(node->text), error);
    if (status == EMP_OK)
        *out = copy;
    else
        emp__node_free(copy);
    return status;
}
