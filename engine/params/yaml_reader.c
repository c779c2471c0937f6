// SPDX-License-Identifier: Apache-2.0
/*
 * A YAML text to a tree of nodes, event by event, so that nothing is built beyond the limits.
 * An alias is a copy of what its anchor names, and counts as many nodes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "params/node.h"
#include "params/yaml_problem.h"

enum { LARGEST_TEXT = 1 << 20, MOST_ANCHORS = 1000, MOST_TAG_LINES = 100 };

struct anchor {
    char *name;
    const struct emp_node *node; /* owned by the tree */
};

struct reader {
    yaml_parser_t parser;
    struct emp_yaml_source source;
    size_t node_count;
    struct anchor *anchors;
    size_t anchor_count, anchor_capacity;
    emp_error *error;
};

static struct emp_place event_place(const struct reader *reader, const yaml_event_t *event)
{
    return (struct emp_place){.file = reader->source.name,
                              .line = event->start_mark.line + 1,
                              .column = (uint32_t)event->start_mark.column + 1};
}

static emp_status next_event(struct reader *reader, yaml_event_t *event)
{
    if (yaml_parser_parse(&reader->parser, event))
        return EMP_OK;
    return emp__yaml_fail(&reader->parser, &reader->source, reader->error);
}

static emp_status count_nodes(struct reader *reader, size_t count, const yaml_event_t *event)
{
    if (count > EMP_NODE_COUNT - reader->node_count)
        return emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, event),
                            "more than %d keys and values (an alias counts each time it is used)",
                            EMP_NODE_COUNT);
    reader->node_count += count;
    return EMP_OK;
}

static emp_status check_depth(struct reader *reader, size_t depth, const yaml_event_t *event)
{
    if (depth > EMP_NODE_DEPTH)
        return emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, event),
                            "nested deeper than %d levels", EMP_NODE_DEPTH);
    return EMP_OK;
}

static emp_status read_scalar(struct reader *reader, const yaml_event_t *event,
                              struct emp_node *node)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (strlen(text) != length)
        return emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, event),
                            "a text must not hold a zero character");
    node->quoted =
        event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE || strchr(text, '\n') != NULL;
    return emp__copy_text(&node->text, text, length, reader->error);
}

/*
 * A value begins with `event`; `depth` counts the containers around it. Recursion (read_value to
 * read_list or read_map and back) ends at EMP_NODE_DEPTH.
 */
static emp_status read_value(struct reader *reader, const yaml_event_t *event, size_t depth,
                             struct emp_node **out);

static emp_status read_list(struct reader *reader, size_t depth, struct emp_node *list)
{
    for (;;) {
        yaml_event_t event;
        struct emp_node *item = NULL;
        emp_status status = next_event(reader, &event);
        if (status != EMP_OK)
            return status;
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        if (!end)
            status = read_value(reader, &event, depth, &item);
        yaml_event_delete(&event);
        if (end || status != EMP_OK)
            return status;
        status = emp__node_add(list, NULL, item, reader->error);
        if (status != EMP_OK)
            return status;
    }
}

struct key_row {
    const char *text;
    size_t index;
};

static int compare_keys(const void *a, const void *b)
{
    const struct key_row *x = a;
    const struct key_row *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* Sorted, so that a map of a hundred thousand keys takes no quadratic time. */
static emp_status check_duplicates(const struct emp_node *map, emp_error *error)
{
    struct key_row *rows = NULL;
    emp_status status = emp__new_array(&rows, map->count, sizeof *rows, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < map->count; i++)
        rows[i] = (struct key_row){map->keys[i]->text, i};
    qsort(rows, map->count, sizeof *rows, compare_keys);
    size_t first = 0;
    size_t second = map->count;
    for (size_t i = 1; i < map->count; i++) {
        if (strcmp(rows[i].text, rows[i - 1].text) != 0 || rows[i].index >= second)
            continue;
        first = rows[i - 1].index;
        second = rows[i].index;
    }
    free(rows);
    if (second == map->count)
        return EMP_OK;
    char excerpt[EMP_EXCERPT];
    const struct emp_node *key = map->keys[second];
    return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(key),
                        "key '%s' is given twice (first on line %" PRIu64 ")",
                        emp__text_excerpt(key->text, excerpt), map->keys[first]->line);
}

static emp_status read_key(struct reader *reader, const yaml_event_t *event, size_t depth,
                           struct emp_node **out)
{
    struct emp_node *key = NULL;
    emp_status status = read_value(reader, event, depth, &key);
    if (status != EMP_OK)
        return status;
    if (key->kind != EMP_NODE_SCALAR)
        status = emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, event),
                              "a key must be a text, found a %s",
                              key->kind == EMP_NODE_MAP ? "map" : "list");
    else if (key->text[0] == '\0')
        status = emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, event),
                              "a key is expected before ':'");
    if (status == EMP_OK)
        *out = key;
    else
        emp__node_free(key);
    return status;
}

/* One key and its value; *end tells that there was none. */
static emp_status read_pair(struct reader *reader, size_t depth, struct emp_node *map, bool *end)
{
    yaml_event_t event;
    struct emp_node *key = NULL;
    struct emp_node *value = NULL;
    emp_status status = next_event(reader, &event);
    if (status != EMP_OK)
        return status;
    *end = event.type == YAML_MAPPING_END_EVENT;
    if (!*end)
        status = read_key(reader, &event, depth, &key);
    yaml_event_delete(&event);
    if (*end || status != EMP_OK)
        return status;
    status = next_event(reader, &event);
    if (status == EMP_OK) {
        status = read_value(reader, &event, depth, &value);
        yaml_event_delete(&event);
    }
    if (status == EMP_OK)
        return emp__node_add(map, key, value, reader->error);
    emp__node_free(key);
    return status;
}

static emp_status read_map(struct reader *reader, size_t depth, struct emp_node *map)
{
    bool end = false;
    emp_status status = EMP_OK;
    while (status == EMP_OK && !end)
        status = read_pair(reader, depth, map, &end);
    return status == EMP_OK ? check_duplicates(map, reader->error) : status;
}

static emp_status expand_alias(struct reader *reader, const yaml_event_t *event, size_t depth,
                               struct emp_node **out)
{
    const char *name = (const char *)event->data.alias.anchor;
    const struct emp_node *node = NULL;
    for (size_t i = reader->anchor_count; i > 0 && !node; i--)
        if (strcmp(reader->anchors[i - 1].name, name) == 0)
            node = reader->anchors[i - 1].node;
    char excerpt[EMP_EXCERPT];
    if (!node)
        return emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, event),
                            "no anchor '&%s' stands before this; text that begins with '*' must"
                            " stand in quotes",
                            emp__text_excerpt(name, excerpt));
    size_t count = 0;
    size_t height = emp__node_measure(node, &count);
    emp_status status = check_depth(reader, depth + height, event);
    if (status == EMP_OK)
        status = count_nodes(reader, count, event);
    return status == EMP_OK ? emp__node_copy(node, out, reader->error) : status;
}

/* Remembers what an anchor names; a later anchor of the same name takes its place. */
static emp_status add_anchor(struct reader *reader, const char *name, const yaml_event_t *event,
                             const struct emp_node *node)
{
    if (reader->anchor_count == MOST_ANCHORS)
        return emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, event),
                            "more than %d anchors", MOST_ANCHORS);
    emp_status status =
        emp__grow_array(&reader->anchors, &reader->anchor_capacity, reader->anchor_count + 1,
                        sizeof *reader->anchors, reader->error);
    if (status != EMP_OK)
        return status;
    struct anchor *anchor = &reader->anchors[reader->anchor_count];
    *anchor = (struct anchor){.node = node};
    status = emp__copy_text(&anchor->name, name, strlen(name), reader->error);
    reader->anchor_count += status == EMP_OK;
    return status;
}

struct properties {
    enum emp_node_kind kind;
    const yaml_char_t *anchor, *tag;
};

static struct properties properties_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SEQUENCE_START_EVENT:
        return (struct properties){EMP_NODE_LIST, event->data.sequence_start.anchor,
                                   event->data.sequence_start.tag};
    case YAML_MAPPING_START_EVENT:
        return (struct properties){EMP_NODE_MAP, event->data.mapping_start.anchor,
                                   event->data.mapping_start.tag};
    default:
        return (struct properties){EMP_NODE_SCALAR, event->data.scalar.anchor,
                                   event->data.scalar.tag};
    }
}

static emp_status read_contents(struct reader *reader, const yaml_event_t *event, size_t depth,
                                struct emp_node *node)
{
    if (node->kind == EMP_NODE_SCALAR)
        return read_scalar(reader, event, node);
    emp_status status = check_depth(reader, depth + 1, event);
    if (status != EMP_OK)
        return status;
    return node->kind == EMP_NODE_LIST ? read_list(reader, depth + 1, node)
                                       : read_map(reader, depth + 1, node);
}

static emp_status read_value(struct reader *reader, const yaml_event_t *event, size_t depth,
                             struct emp_node **out)
{
    if (event->type == YAML_ALIAS_EVENT)
        return expand_alias(reader, event, depth, out);
    struct properties properties = properties_of(event);
    struct emp_place place = event_place(reader, event);
    if (properties.tag)
        return emp__fail_at(reader->error, EMP_ERR_PARAMS, place,
                            "tags are not understood here: text that begins with '!' must stand"
                            " in quotes");
    struct emp_node *node = NULL;
    emp_status status = count_nodes(reader, 1, event);
    if (status == EMP_OK)
        status = emp__node_new(properties.kind, place, &node, reader->error);
    if (status == EMP_OK)
        status = read_contents(reader, event, depth, node);
    if (status == EMP_OK && properties.anchor)
        status = add_anchor(reader, (const char *)properties.anchor, event, node);
    if (status == EMP_OK)
        *out = node;
    else
        emp__node_free(node);
    return status;
}

/* What stands between two values of the stream: *type is the event's; a second document fails. */
static emp_status skip_event(struct reader *reader, bool only_document, yaml_event_type_t *type)
{
    yaml_event_t event;
    emp_status status = next_event(reader, &event);
    if (status != EMP_OK)
        return status;
    *type = event.type;
    if (only_document && event.type == YAML_DOCUMENT_START_EVENT)
        status = emp__fail_at(reader->error, EMP_ERR_PARAMS, event_place(reader, &event),
                              "a second document begins here: a parameter file is one document");
    yaml_event_delete(&event);
    return status;
}

static emp_status read_document(struct reader *reader, struct emp_node **out)
{
    yaml_event_type_t type = YAML_NO_EVENT;
    yaml_event_t event;
    emp_status status = skip_event(reader, false, &type);
    if (status == EMP_OK)
        status = skip_event(reader, false, &type);
    if (status != EMP_OK)
        return status;
    if (type == YAML_STREAM_END_EVENT)
        return emp__node_new(EMP_NODE_MAP, (struct emp_place){.file = reader->source.name}, out,
                             reader->error);
    status = next_event(reader, &event);
    if (status != EMP_OK)
        return status;
    status = read_value(reader, &event, 0, out);
    yaml_event_delete(&event);
    while (status == EMP_OK && type != YAML_STREAM_END_EVENT)
        status = skip_event(reader, true, &type);
    return status;
}

static void close_reader(struct reader *reader)
{
    for (size_t i = 0; i < reader->anchor_count; i++)
        free(reader->anchors[i].name);
    free(reader->anchors);
    yaml_parser_delete(&reader->parser);
}

static emp_status fail_too_large(const char *name, emp_error *error)
{
    return emp__fail_at(error, EMP_ERR_PARAMS, (struct emp_place){.file = name},
                        "a parameter file larger than 1 MiB: is this the right file?");
}

/* libyaml compares each %TAG directive with all before it: a megabyte of them takes seconds. */
static emp_status check_tag_lines(const struct emp_yaml_source *source, emp_error *error)
{
    static const char directive[] = "\n%TAG";
    const char *text = source->text;
    const char *end = text + source->length;
    for (int i = 0; i <= MOST_TAG_LINES; i++) {
        text = memmem(text, (size_t)(end - text), directive, sizeof directive - 1);
        if (!text)
            return EMP_OK;
        text++;
    }
    return emp__fail_at(error, EMP_ERR_PARAMS, (struct emp_place){.file = source->name},
                        "more than %d %%TAG lines: tags are not understood here", MOST_TAG_LINES);
}

emp_status emp__node_read_text(const char *name, const char *text, size_t length,
                               struct emp_node **out, emp_error *error)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (length > LARGEST_TEXT)
        return fail_too_large(name, error);
    size_t skip = length >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    struct reader reader = {.source = {name, text + skip, length - skip}, .error = error};
    emp_status status = check_tag_lines(&reader.source, error);
    if (status != EMP_OK)
        return status;
    if (!yaml_parser_initialize(&reader.parser))
        return emp__fail(error, EMP_ERR_MEMORY, "out of memory while reading %s", name);
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)reader.source.text,
                                 reader.source.length);
    struct emp_node *root = NULL;
    status = read_document(&reader, &root);
    if (status == EMP_OK)
        status = emp__node_label(root, "", error);
    if (status == EMP_OK)
        *out = root;
    else
        emp__node_free(root);
    close_reader(&reader);
    return status;
}

static emp_status read_bytes(FILE *file, const char *path, char *text, size_t *length,
                             emp_error *error)
{
    size_t count = 0;
    errno = 0;
    while (count <= LARGEST_TEXT && !feof(file) && !ferror(file))
        count += fread(text + count, 1, LARGEST_TEXT + 1 - count, file);
    if (ferror(file))
        return emp__fail_errno(error, EMP_ERR_NO_INPUT, path, "read");
    if (count > LARGEST_TEXT)
        return fail_too_large(path, error);
    *length = count;
    return EMP_OK;
}

emp_status emp__node_read_file(const char *path, struct emp_node **out, emp_error *error)
{
    char *text = NULL;
    size_t length = 0;
    struct emp_node *root = NULL;
    FILE *file = fopen(path, "rb");
    if (!file)
        return emp__fail_errno(error, EMP_ERR_NO_INPUT, path, "open");
    emp_status status = emp__new_array(&text, LARGEST_TEXT + 1, 1, error);
    if (status == EMP_OK)
        status = read_bytes(file, path, text, &length, error);
    if (status == EMP_OK)
        status = emp__node_read_text(path, text, length, &root, error);
    if (status == EMP_OK) {
        emp__node_null_to_map(root);
        *out = root;
    }
    free(text);
    fclose(file);
    return status;
}
