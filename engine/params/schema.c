// SPDX-License-Identifier: Apache-2.0
/* The check that every key of a parameter file is a known one, and what is said where it is not. */
#include "params/schema.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "params/expected.h"

const char *emp__schema_optional_map(const struct emp_schema *schema, const struct emp_param *param)
{
    size_t length = strcspn(param->key, ".");
    for (size_t i = 0; schema->optional && schema->optional[i]; i++)
        if (strlen(schema->optional[i]) == length &&
            strncmp(param->key, schema->optional[i], length) == 0)
            return schema->optional[i];
    return NULL;
}

/* A dotted key from the top of the file. */
struct known_key {
    char *path;
    const struct emp_param *param; /* NULL: a section */
};

/* The keys on the way to the map that is being checked, and all the keys there are. */
struct checker {
    struct known_key *known;
    size_t count;
    const char *trail[EMP_NODE_DEPTH + 1];
    size_t depth;
    emp_error *error;
};

static emp_status add_known(struct checker *checker, const char *section,
                            const struct emp_param *param)
{
    const char *dot = section[0] && param ? "." : "";
    struct known_key *row = &checker->known[checker->count];
    emp_status status = emp__format_text(&row->path, checker->error, "%s%s%s", section, dot,
                                         param ? param->key : "");
    if (status != EMP_OK)
        return status;
    row->param = param;
    checker->count++;
    return EMP_OK;
}

static emp_status collect_known(struct checker *checker, const struct emp_schema *const *schemas,
                                size_t count)
{
    size_t total = count;
    for (size_t i = 0; i < count; i++)
        total += schemas[i]->count;
    emp_status status =
        emp__new_array(&checker->known, total, sizeof *checker->known, checker->error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        if (schemas[i]->section[0])
            status = add_known(checker, schemas[i]->section, NULL);
        for (size_t j = 0; j < schemas[i]->count && status == EMP_OK; j++)
            status = add_known(checker, schemas[i]->section, &schemas[i]->params[j]);
    }
    return status;
}

/* What of a known path is left behind the first `depth` keys of the trail; NULL: it leads
 * elsewhere. */
static const char *path_behind(const struct checker *checker, const char *path, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        size_t length = strlen(checker->trail[i]);
        if (strncmp(path, checker->trail[i], length) != 0)
            return NULL;
        path += length;
        if (*path != '.' && *path != '\0')
            return NULL;
        path += *path == '.';
    }
    return path;
}

/* Adds the first key of `path` to a list of distinct keys that has room for it. */
static emp_status add_distinct(struct emp_texts *keys, const char *path, emp_error *error)
{
    size_t length = strcspn(path, ".");
    for (size_t i = 0; i < keys->count; i++)
        if (strlen(keys->items[i]) == length && strncmp(keys->items[i], path, length) == 0)
            return EMP_OK;
    emp_status status = emp__copy_text(&keys->items[keys->count], path, length, error);
    keys->count += status == EMP_OK;
    return status;
}

/* The keys that are known in the map that is being checked; NULL stands behind the last. */
static emp_status keys_here(const struct checker *checker, struct emp_texts *out)
{
    struct emp_texts keys = {0};
    emp_status status =
        emp__new_array(&keys.items, checker->count + 1, sizeof *keys.items, checker->error);
    for (size_t i = 0; i < checker->count && status == EMP_OK; i++) {
        const char *rest = path_behind(checker, checker->known[i].path, checker->depth);
        if (rest && *rest)
            status = add_distinct(&keys, rest, checker->error);
    }
    if (status == EMP_OK)
        *out = keys;
    else
        emp__texts_free(&keys);
    return status;
}

/* Where a key that is unknown here belongs: the path of the first that ends in it, or NULL. */
static const char *find_elsewhere(const struct checker *checker, const char *key)
{
    for (size_t i = 0; i < checker->count; i++) {
        const char *path = checker->known[i].path;
        assert(path);
        const char *dot = strrchr(path, '.');
        if (checker->known[i].param && strcmp(dot ? dot + 1 : path, key) == 0)
            return path;
    }
    return NULL;
}

/* " in 'rfm'", or nothing at the top of the file. */
static char *where_words(const struct emp_node *map, char *out, size_t size)
{
    out[0] = '\0';
    if (map->path[0])
        snprintf(out, size, " in '%s'", map->path);
    return out;
}

static emp_status fail_unknown(const struct emp_node *map, const struct emp_node *key,
                               const char *advice, emp_error *error)
{
    char excerpt[EMP_EXCERPT];
    char where[256];
    return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(key), "unknown key '%s'%s; %s",
                        emp__text_excerpt(key->text, excerpt),
                        where_words(map, where, sizeof where), advice);
}

/* `elsewhere`: the path of a known key of this name in another map, or NULL. */
static emp_status advise(const struct emp_node *map, const struct emp_node *key,
                         const char *const *words, const char *elsewhere, emp_error *error)
{
    struct emp_buffer advice = {0};
    const char *nearest = emp__nearest_word(key->text, words);
    const char *dot = elsewhere ? strrchr(elsewhere, '.') : NULL;
    emp_status status;
    assert(key->text);
    if (strchr(key->text, '.'))
        status = emp__buffer_text(&advice, "keys are nested by indentation and not joined by dots",
                                  error);
    else if (nearest)
        status = emp__buffer_printf(&advice, error, "did you mean '%s'?", nearest);
    else if (dot)
        status = emp__buffer_printf(&advice, error, "it belongs in '%.*s'", (int)(dot - elsewhere),
                                    elsewhere);
    else if (elsewhere)
        status = emp__buffer_text(&advice, "it belongs at the top of the file", error);
    else
        status = emp__buffer_text(&advice, "the keys there are ", error);
    if (status == EMP_OK && !strchr(key->text, '.') && !nearest && !elsewhere)
        status = emp__add_words(words, &advice, error);
    if (status == EMP_OK)
        status = fail_unknown(map, key, advice.data, error);
    emp__buffer_free(&advice);
    return status;
}

static emp_status refuse_key(const struct checker *checker, const struct emp_node *map,
                             const struct emp_node *key)
{
    struct emp_texts keys = {0};
    emp_status status = keys_here(checker, &keys);
    if (status == EMP_OK)
        status = advise(map, key, (const char *const *)keys.items,
                        find_elsewhere(checker, key->text), checker->error);
    emp__texts_free(&keys);
    return status;
}

static emp_status fail_no_map(const struct emp_node *node, const char *const *keys,
                              emp_error *error)
{
    struct emp_buffer expected = {0};
    emp_status status = emp__buffer_text(&expected, "a map with the keys ", error);
    if (status == EMP_OK)
        status = emp__add_words(keys, &expected, error);
    if (status == EMP_OK)
        status = emp__node_expected(node, expected.data, error);
    emp__buffer_free(&expected);
    return status;
}

static emp_status refuse_section(const struct checker *checker, const struct emp_node *node)
{
    struct emp_texts keys = {0};
    emp_status status = keys_here(checker, &keys);
    if (status == EMP_OK)
        status = fail_no_map(node, (const char *const *)keys.items, checker->error);
    emp__texts_free(&keys);
    return status;
}

static emp_status check_kind(const struct emp_param *param, const struct emp_node *node,
                             emp_error *error)
{
    bool list = param->type == EMP_PARAM_TEXT_LIST && node->kind == EMP_NODE_LIST;
    if (param->type == EMP_PARAM_OWN || node->kind == EMP_NODE_SCALAR || list)
        return EMP_OK;
    return emp__node_expected_param(node, param, error);
}

/* The keys of a map below the trail. Recursion ends with the components of the known paths. */
static emp_status check_map(struct checker *checker, const struct emp_node *map);

static emp_status check_key(struct checker *checker, const struct emp_node *map, size_t index)
{
    const struct emp_node *key = map->keys[index];
    const struct emp_node *value = map->items[index];
    const struct emp_param *param = NULL;
    bool section = false;
    checker->trail[checker->depth] = key->text;
    for (size_t i = 0; i < checker->count && !strchr(key->text, '.'); i++) {
        const char *rest = path_behind(checker, checker->known[i].path, checker->depth + 1);
        if (rest && *rest == '\0' && checker->known[i].param)
            param = checker->known[i].param;
        section = section || rest;
    }
    if (param)
        return check_kind(param, value, checker->error);
    if (!section)
        return refuse_key(checker, map, key);
    if (emp__node_is_null(value))
        return EMP_OK;
    checker->depth++;
    emp_status status =
        value->kind == EMP_NODE_MAP ? check_map(checker, value) : refuse_section(checker, value);
    checker->depth--;
    return status;
}

static emp_status check_map(struct checker *checker, const struct emp_node *map)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < map->count && status == EMP_OK; i++)
        status = check_key(checker, map, i);
    return status;
}

emp_status emp__schema_check_keys(const struct emp_schema *const *schemas, size_t count,
                                  const struct emp_node *root, emp_error *error)
{
    struct checker checker = {.error = error};
    emp_status status = collect_known(&checker, schemas, count);
    if (status == EMP_OK && root->kind == EMP_NODE_MAP)
        status = check_map(&checker, root);
    else if (status == EMP_OK && !emp__node_is_null(root))
        status = refuse_section(&checker, root);
    for (size_t i = 0; i < checker.count; i++)
        free(checker.known[i].path);
    free(checker.known);
    return status;
}

emp_status emp__node_expect_map(const struct emp_node *node, const char *const *keys,
                                emp_error *error)
{
    if (node->kind != EMP_NODE_MAP)
        return fail_no_map(node, keys, error);
    for (size_t i = 0; i < node->count; i++) {
        size_t j = 0;
        while (keys[j] && strcmp(keys[j], node->keys[i]->text) != 0)
            j++;
        if (!keys[j])
            return advise(node, node->keys[i], keys, NULL, error);
    }
    return EMP_OK;
}
