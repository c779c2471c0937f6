// SPDX-License-Identifier: Apache-2.0
/*
 * The schema of the parameters: one row for each, with key, type, range, default, unit and meaning.
 *
 * Everything about a parameter is in its row: loading, validation, --set, the effective parameters
 * that are printed and kept in run.json, and the reference page are all derived from the table.
 * A section is one struct filled from one table; the engine has a few, every analysis has one.
 */
#ifndef EMP_PARAMS_SCHEMA_H
#define EMP_PARAMS_SCHEMA_H

#include "params/node.h"

enum emp_param_type {                      /* the field at `offset` is ... */
                      EMP_PARAM_TEXT,      /* char *, owned; NULL if not given */
                      EMP_PARAM_TEXT_LIST, /* struct emp_texts; one scalar is a list of one */
                      EMP_PARAM_INTEGER,   /* int64_t in [min, max] */
                      EMP_PARAM_REAL,      /* double in [min, max], finite */
                      EMP_PARAM_BOOLEAN,   /* bool: true or false */
                      EMP_PARAM_CHOICE,    /* int: the index of the word in `choices` */
                      EMP_PARAM_DATE,      /* int64_t: days since 1970-01-01, from YYYY-MM-DD;
                                              EMP_NO_DATE if not given */
                      EMP_PARAM_SIZE, /* uint64_t: bytes; 512M, 2G, 64K (powers of 1024) or a plain
                                         number */
                      EMP_PARAM_OWN,  /* what `load` makes of the node */
};

#define EMP_NO_DATE INT64_MIN

struct emp_texts {
    char **items;
    size_t count;
};

struct emp_param {
    const char *key; /* dotted, below the section's own key: "transactions.delimiter" */
    enum emp_param_type type;
    size_t offset;              /* of the field in the section's struct */
    double min, max;            /* EMP_PARAM_INTEGER and _REAL: both ends allowed */
    const char *const *choices; /* EMP_PARAM_CHOICE: the words, then NULL */
    const char *fallback;       /* the default as YAML text; NULL: the key must be given; "": may be
                                   absent, and the field then says "not given": EMP_NO_DATE, -1 for
                                   a CHOICE, all zero for the others */
    const char *unit;           /* "days", "bytes"; NULL: none */
    const char *doc;            /* what it means: one to three sentences */
    const char *shape;          /* EMP_PARAM_OWN: what is expected, for messages and the reference:
                                   "a whole number or {recency: N, frequency: N, monetary: N}" */
    /*
     * EMP_PARAM_OWN: fills the field from the node (given, or the parsed fallback) and releases
     * what it holds. `load` reports with emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
     * ...) or emp__node_expected and leaves the field so that `release` may be called, which must
     * be right for a field that is all zero, too. A node that is null is never given to `load`.
     * `release` may be NULL where the field owns nothing.
     */
    emp_status (*load)(const struct emp_node *node, void *field, emp_error *error);
    void (*release)(void *field);
};

struct emp_schema {
    const char *section; /* "rfm", "input", without a dot; "" for the keys at the top of the file */
    const char *doc;     /* one or two sentences for the reference */
    const struct emp_param *params;
    size_t count;
    size_t size; /* of the struct */
    /* Maps of the section that may be left out, ends with NULL; may be NULL. The keys of one that
       is left out have their defaults, which the tree does not show, or are all zero. */
    const char *const *optional;
    /* Rules over several keys, after all of them are loaded; may be NULL. `node` is the section's
       node (never NULL; an empty map where the file has none), for places in messages. */
    emp_status (*validate)(void *section, const struct emp_node *node, emp_error *error);
};

/* The optional map in which a parameter stands, or NULL. */
const char *emp__schema_optional_map(const struct emp_schema *schema,
                                     const struct emp_param *param);

/*
 * Checks `root` against the schemas: every key must be in one of them, at its place; an unknown key
 * is an error with its line and the nearest known key, a map where a scalar belongs (and the other
 * way round) is an error that says what was expected. Errors are EMP_ERR_PARAMS with file, line and
 * column. What is below an EMP_PARAM_OWN key is left to its `load`.
 */
emp_status emp__schema_check_keys(const struct emp_schema *const *schemas, size_t count,
                                  const struct emp_node *root, emp_error *error);

/*
 * Fills `section` (schema->size zeroed bytes) from the tree `root` of the whole file, with defaults
 * where a key is absent, and completes `root` with those defaults (nodes whose file is
 * "(default)"), in the order of the schema, so that printing the tree prints the effective
 * parameters. A loaded section moves to the end of `root`, the keys at the top of the file to its
 * beginning: the order of the sections is that of the calls, not that of the file. On failure
 * `section` is all zero again; `root` may hold some of the defaults.
 */
emp_status emp__schema_load(const struct emp_schema *schema, struct emp_node *root, void *section,
                            emp_error *error);

/* Releases what the fields own, not the struct itself, which is all zero then. */
void emp__schema_release(const struct emp_schema *schema, void *section);

/*
 * Applies "KEY=VALUE" (VALUE is YAML, nothing being null; KEY is dotted) to the tree; the nodes'
 * file is "--set". Errors are EMP_ERR_USAGE: no "=", an empty key, bad YAML, a text or list in the
 * way.
 */
emp_status emp__schema_set(struct emp_node *root, const char *assignment, emp_error *error);

/* The reference of all parameters as Markdown, generated from the tables. */
emp_status emp__schema_reference(const struct emp_schema *const *schemas, size_t count, char **out,
                                 emp_error *error);

/*
 * For `load` functions. Each reports the node's place and path, what was found and what was
 * expected. Numbers are plain decimal: no quotes, underscores, hexadecimal, leading zeros or nan.
 */
emp_status emp__node_integer(const struct emp_node *node, int64_t min, int64_t max, int64_t *out,
                             emp_error *error);
emp_status emp__node_real(const struct emp_node *node, double min, double max, double *out,
                          emp_error *error);
/* Days since 1970-01-01 from YYYY-MM-DD. */
emp_status emp__node_date(const struct emp_node *node, int64_t *out, emp_error *error);
/* true, yes, on or false, no, off; small, Capitalised or CAPITAL. */
emp_status emp__node_boolean(const struct emp_node *node, bool *out, emp_error *error);
/* The index of the word in `choices` (NULL-terminated). */
emp_status emp__node_choice(const struct emp_node *node, const char *const *choices, int *out,
                            emp_error *error);
/* Bytes: a whole number, with K, M, G or T for powers of 1024. */
emp_status emp__node_size(const struct emp_node *node, uint64_t *out, emp_error *error);
/* *out belongs to the node. */
emp_status emp__node_text(const struct emp_node *node, const char **out, emp_error *error);
emp_status emp__node_texts(const struct emp_node *node, struct emp_texts *out, emp_error *error);
void emp__texts_free(struct emp_texts *texts);

/*
 * A map whose keys must all be among `keys` (NULL-terminated); EMP_ERR_PARAMS with the nearest key
 * otherwise, or if it is no map.
 */
emp_status emp__node_expect_map(const struct emp_node *node, const char *const *keys,
                                emp_error *error);

/* The word of `words` (NULL-terminated) nearest to `word` by edit distance, or NULL if none is
 * near. */
const char *emp__nearest_word(const char *word, const char *const *words);

#endif
