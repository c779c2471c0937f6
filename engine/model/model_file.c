// SPDX-License-Identifier: Apache-2.0
#include "model/model_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <emptor/version.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"
#include "model/model_json.h"
#include "params/node.h"
#include "sink/json_writer.h"

/* The bytes of the open file, which must not be more than a model may have. */
static emp_status read_all(int fd, const char *path, struct emp_buffer *out, emp_error *error)
{
    enum { PIECE = 1 << 16 };
    for (;;) {
        emp_status status = emp__buffer_reserve(out, PIECE, error);
        if (status != EMP_OK)
            return status;
        ssize_t got = read(fd, out->data + out->length, PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return emp__fail_errno(error, EMP_ERR_NO_INPUT, path, "read the model file");
        if (got == 0)
            return EMP_OK;
        out->length += (size_t)got;
        if (out->length > EMP_MODEL_BYTES)
            return emp__fail_at(error, EMP_ERR_DATA, (struct emp_place){.file = path},
                                "a model file has at most %d bytes; this one has more",
                                EMP_MODEL_BYTES);
    }
}

emp_status emp__model_read(const char *path, struct emp_model *out, emp_error *error)
{
    struct emp_buffer bytes = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return emp__fail_errno(error, EMP_ERR_NO_INPUT, path, "open the model file");
    emp_status status = read_all(fd, path, &bytes, error);
    close(fd);
    if (status == EMP_OK)
        status = emp__model_parse(path, bytes.data, bytes.length, out, error);
    emp__buffer_free(&bytes);
    return status;
}

/* What is wrong with the JSON, on one line. */
static emp_status fail_syntax(const char *name, const json_error_t *found, emp_error *error)
{
    char reason[EMP_EXCERPT];
    struct emp_place place = {.file = name};
    if (json_error_code(found) == json_error_out_of_memory)
        return emp__fail_memory(error, 0);
    if (found->line > 0)
        place.line = (uint64_t)found->line;
    if (found->column > 0)
        place.column = (uint32_t)found->column;
    return emp__fail_at(error, EMP_ERR_DATA, place, "this is not the JSON of a model: %s",
                        emp__text_excerpt(found->text, reason));
}

/* The first three keys. */
static emp_status read_head(struct emp_model *model, emp_error *error)
{
    struct emp_model_node root = emp__model_root(model), format;
    struct emp_place place = {.file = model->file};
    if (!emp__model_find(&root, EMP_MODEL_MARK, &format))
        return emp__fail_at(error, EMP_ERR_DATA, place,
                            "this is no model of emptor: it has no key '" EMP_MODEL_MARK "'");
    int64_t number;
    emp_status status = emp__model_integer(&root, EMP_MODEL_MARK, 1, INT64_MAX, &number, error);
    if (status == EMP_OK && number != EMP_MODEL_FORMAT)
        return emp__fail_at(error, EMP_ERR_DATA, place,
                            "the model has format %" PRId64 ", and this emptor (" EMP_VERSION
                            ") reads format %d: fit it anew, or use the emptor that wrote it",
                            number, EMP_MODEL_FORMAT);
    if (status == EMP_OK)
        status = emp__model_text(&root, "kind", &model->kind, error);
    return status == EMP_OK ? emp__model_text(&root, "emptor_version", &model->version, error)
                            : status;
}

emp_status emp__model_parse(const char *name, const char *bytes, size_t length,
                            struct emp_model *out, emp_error *error)
{
    struct emp_model model = {0};
    json_error_t found;
    emp_status status = emp__copy_text(&model.file, name, strlen(name), error);
    if (status != EMP_OK)
        return status;
    model.root = json_loadb(length ? bytes : "", length, JSON_REJECT_DUPLICATES, &found);
    if (!model.root)
        status = fail_syntax(name, &found, error);
    if (status == EMP_OK)
        status = read_head(&model, error);
    if (status == EMP_OK)
        *out = model;
    else
        emp__model_free(&model);
    return status;
}

void emp__model_free(struct emp_model *model)
{
    json_decref(model->root);
    free(model->file);
    *model = (struct emp_model){0};
}

emp_status emp__model_expect_kind(const struct emp_model *model, const char *kind, emp_error *error)
{
    char excerpt[EMP_EXCERPT];
    if (strcmp(model->kind, kind) == 0)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_DATA, (struct emp_place){.file = model->file},
                        "the model must be of kind '%s', found '%s'", kind,
                        emp__text_excerpt(model->kind, excerpt));
}

struct emp_model_node emp__model_root(const struct emp_model *model)
{
    return (struct emp_model_node){.file = model->file, .value = model->root};
}

json_t *emp__model_new(const char *kind)
{
    json_t *root = emp__json_put(json_object(), EMP_MODEL_MARK, json_integer(EMP_MODEL_FORMAT));
    root = emp__json_put(root, "kind", json_string(kind));
    return emp__json_put(root, "emptor_version", json_string(EMP_VERSION));
}

emp_status emp__model_write(const char *path, json_t *root, emp_error *error)
{
    emp_status status = root ? emp__json_write(path, root, error) : emp__fail_memory(error, 0);
    json_decref(root);
    return status;
}
