// SPDX-License-Identifier: Apache-2.0
/*
 * How the text of input files is written: delimiter, marks of numbers, encoding, header. Every kind
 * of input has the same keys for it, loaded and checked by the same code.
 */
#ifndef EMP_PARAMS_TEXT_FORMAT_H
#define EMP_PARAMS_TEXT_FORMAT_H

#include "params/schema.h"

struct emp_text_format {
    char delimiter; /* one byte; EMP_DELIMITER_BLANKS: runs of blanks */
    char decimal;
    char thousands; /* 0: none */
    char *encoding;
    bool header;
};

#define EMP_DELIMITER_SHAPE "\",\", \";\", \"|\", tab or whitespace"
#define EMP_DECIMAL_SHAPE   "\".\" or \",\""
#define EMP_THOUSANDS_SHAPE "\" \", \",\", \".\" or \"'\""

/* The rows of a schema for the struct emp_text_format at `where`, below the key `map`. */
#define EMP_TEXT_FORMAT_ROWS(map, where)                                                           \
    {.key = map ".delimiter",                                                                      \
     .type = EMP_PARAM_OWN,                                                                        \
     .offset = (where) + offsetof(struct emp_text_format, delimiter),                              \
     .fallback = "\",\"",                                                                          \
     .shape = EMP_DELIMITER_SHAPE,                                                                 \
     .doc = "What stands between fields; whitespace is a run of blanks, and then quotes mean "     \
            "nothing.",                                                                            \
     .load = emp__delimiter_load},                                                                 \
        {.key = map ".decimal",                                                                    \
         .type = EMP_PARAM_OWN,                                                                    \
         .offset = (where) + offsetof(struct emp_text_format, decimal),                            \
         .fallback = "\".\"",                                                                      \
         .shape = EMP_DECIMAL_SHAPE,                                                               \
         .doc = "The decimal mark of numbers.",                                                    \
         .load = emp__decimal_mark_load},                                                          \
        {.key = map ".thousands",                                                                  \
         .type = EMP_PARAM_OWN,                                                                    \
         .offset = (where) + offsetof(struct emp_text_format, thousands),                          \
         .fallback = "",                                                                           \
         .shape = EMP_THOUSANDS_SHAPE,                                                             \
         .doc = "What may stand between groups of three digits.",                                  \
         .load = emp__thousands_load},                                                             \
        {.key = map ".encoding",                                                                   \
         .type = EMP_PARAM_TEXT,                                                                   \
         .offset = (where) + offsetof(struct emp_text_format, encoding),                           \
         .fallback = "utf-8",                                                                      \
         .doc = "The encoding of the files, by its iconv name: utf-8, windows-1251, latin1, "      \
                "utf-16."},                                                                        \
    {                                                                                              \
        .key = map ".header", .type = EMP_PARAM_BOOLEAN,                                           \
        .offset = (where) + offsetof(struct emp_text_format, header), .fallback = "true",          \
        .doc = "Whether the first record of each file names the columns."                          \
    }

/* What the rows are loaded by. */
emp_status emp__delimiter_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__decimal_mark_load(const struct emp_node *node, void *field, emp_error *error);
emp_status emp__thousands_load(const struct emp_node *node, void *field, emp_error *error);

/* Rules between the keys: an encoding that iconv knows, and no mark that means two things. `map` is
   the node below which they stand. */
emp_status emp__text_format_validate(const struct emp_text_format *format,
                                     const struct emp_node *map, emp_error *error);

#endif
