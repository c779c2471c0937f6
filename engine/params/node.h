// SPDX-License-Identifier: Apache-2.0
/*
 * A parameter file as a tree of nodes that remember where they stood and what they are called, so
 * that every later message can name the file, line, column and key. Read from YAML 1.1 by libyaml.
 */
#ifndef EMP_PARAMS_NODE_H
#define EMP_PARAMS_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

#include "base/error.h"

enum emp_node_kind { EMP_NODE_SCALAR, EMP_NODE_LIST, EMP_NODE_MAP };

/* Containers inside containers, and nodes in all (keys count, and an alias each time it is used).
 */
#define EMP_NODE_DEPTH 32
#define EMP_NODE_COUNT 100000

struct emp_node {
    enum emp_node_kind kind;
    bool quoted;      /* a scalar in quotes: always text, never null, a number or a truth value */
    char *text;       /* scalar: its value, without quotes */
    char *path;       /* of a value, from the top of the file: "rfm.bins", "rfm.rules[0].name" (only
                         the end of a very long one); "" for the root and for keys */
    const char *file; /* where it stood, for messages: a file, "--set" or "(default)" */
    uint64_t line;
    uint32_t column;
    struct emp_node **items; /* list: the items; map: the values */
    struct emp_node **keys;  /* map: the keys, scalars */
    size_t count;
    size_t capacity;
};

/*
 * Reads one YAML document. Errors (EMP_ERR_PARAMS; EMP_ERR_NO_INPUT if the file cannot be read)
 * name file, line and column: bad YAML, a key given twice in one map, a key that is not a scalar,
 * more than one document, EMP_NODE_DEPTH or EMP_NODE_COUNT exceeded, a text larger than 1 MiB,
 * bytes that are not UTF-8, tags, and zero characters in a text. An empty file is an empty map.
 * `name` (or `path`) is what messages call the text; it must outlive the tree. Block scalars (| and
 * >) and plain scalars over several lines with an empty line in them are text, as if they were
 * quoted.
 */
emp_status emp__node_read_file(const char *path, struct emp_node **out, emp_error *error);
emp_status emp__node_read_text(const char *name, const char *text, size_t length,
                               struct emp_node **out, emp_error *error);

void emp__node_free(struct emp_node *node);

/* The value of `key` in a map, or NULL. */
struct emp_node *emp__node_get(const struct emp_node *map, const char *key);

/* Is this scalar YAML's null: empty, ~ or null, and not in quotes? */
bool emp__node_is_null(const struct emp_node *node);

/* The node's place, for messages. */
struct emp_place emp__node_place(const struct emp_node *node);

/*
 * Fails with "'PATH' must be EXPECTED, found WHAT STANDS THERE" at the node's place
 * (EMP_ERR_PARAMS). `expected` is in words, with an article: "a date like 2025-12-31".
 */
emp_status emp__node_expected(const struct emp_node *node, const char *expected, emp_error *error);

/* A scalar that stands in no file: `file` is a word for messages, such as "(data)". */
emp_status emp__node_new_scalar(const char *file, const char *text, bool quoted,
                                struct emp_node **out, emp_error *error);

/*
 * Puts `value` (owned by the tree from now on, freed on failure) at a dotted path such as
 * "input.transactions.decimal", making the maps on the way; what stood there is replaced. Fails
 * with EMP_ERR_PARAMS where a text or a list is in the way; the tree is untouched on failure.
 */
emp_status emp__node_put(struct emp_node *root, const char *path, struct emp_node *value,
                         emp_error *error);

/* Takes a key out of a map, with all that is below it; does nothing where it is absent. */
void emp__node_remove(struct emp_node *map, const char *key);

/* A deep copy. */
emp_status emp__node_copy(const struct emp_node *node, struct emp_node **out, emp_error *error);

/*
 * The tree as YAML text in block style (short lists of scalars in flow style), keys in tree order.
 * It reads back to an equal tree: the same texts, and what is not in quotes and reads as null, a
 * truth value or a number still does, and only that.
 */
emp_status emp__node_print(const struct emp_node *node, char **out, emp_error *error);

/* The rest of this header is for the reader and the schema, which build trees. */

/* An empty node. */
emp_status emp__node_new(enum emp_node_kind kind, struct emp_place place, struct emp_node **out,
                         emp_error *error);

/*
 * Adds `value` to the end of a list (`key` is NULL) or map; both are owned by the tree from now on,
 * freed on failure. Neither looks for the key nor sets paths.
 */
emp_status emp__node_add(struct emp_node *parent, struct emp_node *key, struct emp_node *value,
                         emp_error *error);

/* The index of a key of `length` bytes in a map, or the count where it is absent. */
size_t emp__node_find(const struct emp_node *map, const char *key, size_t length);

/* Sets the paths of `node` and of everything below it. */
emp_status emp__node_label(struct emp_node *node, const char *path, emp_error *error);

/* A node that is null becomes an empty map. */
void emp__node_null_to_map(struct emp_node *node);

/* Takes the lines from a tree that stands in no file. */
void emp__node_forget_lines(struct emp_node *node);

/* Adds the nodes of the tree to *count; returns its height in containers (a scalar's is 0). */
size_t emp__node_measure(const struct emp_node *node, size_t *count);

/*
 * `text` on one line for a message: cut to fit, with '?' for control characters and for bytes that
 * are not UTF-8. Returns `out`.
 */
#define EMP_EXCERPT 64
char *emp__text_excerpt(const char *text, char out[EMP_EXCERPT]);

#endif
