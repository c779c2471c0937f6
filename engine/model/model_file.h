// SPDX-License-Identifier: Apache-2.0
/*
 * A model file: a JSON object that begins with
 *
 *     "emptor_model": 1,  "kind": "segment",  "emptor_version": "0.1.0",
 *
 * and holds what an analysis of that kind needs to score. The first number is the version of the
 * format: it changes when a reader of the former one would misunderstand.
 */
#ifndef EMP_MODEL_MODEL_FILE_H
#define EMP_MODEL_MODEL_FILE_H

#include <jansson.h>

#include "model/model_node.h"

#define EMP_MODEL_MARK "emptor_model"
enum { EMP_MODEL_FORMAT = 1, EMP_MODEL_BYTES = 64 << 20 };

struct emp_model {
    char *file;
    json_t *root;
    const char *kind;    /* in the root */
    const char *version; /* of emptor, which wrote it; in the root */
};

/*
 * Reads a model file, or bytes that messages call `name`. EMP_ERR_NO_INPUT if there is no such file
 * or it cannot be read; EMP_ERR_DATA if it is larger than EMP_MODEL_BYTES, no JSON, gives a key
 * twice, or is no model or one of another format. *out is untouched on failure.
 */
emp_status emp__model_read(const char *path, struct emp_model *out, emp_error *error);
emp_status emp__model_parse(const char *name, const char *bytes, size_t length,
                            struct emp_model *out, emp_error *error);

void emp__model_free(struct emp_model *model);

/* EMP_ERR_DATA if the model is of another kind. */
emp_status emp__model_expect_kind(const struct emp_model *model, const char *kind,
                                  emp_error *error);

/* The outermost object, for the functions of model_node.h. */
struct emp_model_node emp__model_root(const struct emp_model *model);

/* An object with the first three keys, to be filled; NULL if memory has run out. */
json_t *emp__model_new(const char *kind);

/*
 * Writes the file at `path`, or leaves none. Takes `root` over, also on failure; NULL stands for
 * memory that ran out while it was put together.
 */
emp_status emp__model_write(const char *path, json_t *root, emp_error *error);

#endif
