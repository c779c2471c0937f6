// SPDX-License-Identifier: Apache-2.0
/* JSON values as text, with numbers printed by our own kernels: the same bytes in every locale. */
#include "sink/json_writer.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "sink/file_writer.h"
#include "text/number_format.h"

static emp_status add_value(struct emp_buffer *out, json_t *value, int level, emp_error *error);

static emp_status add_newline(struct emp_buffer *out, int level, emp_error *error)
{
    return emp__buffer_printf(out, error, "\n%*s", 2 * level, "");
}

/* One byte of a string: as it is, or escaped. */
static emp_status add_character(struct emp_buffer *out, char c, emp_error *error)
{
    if (c == '"' || c == '\\')
        return emp__buffer_add(out, (const char[]){'\\', c}, 2, error);
    if ((unsigned char)c >= ' ')
        return emp__buffer_add(out, &c, 1, error);
    if (c == '\n')
        return emp__buffer_text(out, "\\n", error);
    return emp__buffer_printf(out, error, "\\u%04x", (unsigned)c);
}

static emp_status add_string(struct emp_buffer *out, const char *bytes, size_t length,
                             emp_error *error)
{
    emp_status status = emp__buffer_text(out, "\"", error);
    for (size_t i = 0; i < length && status == EMP_OK; i++)
        status = add_character(out, bytes[i], error);
    return status == EMP_OK ? emp__buffer_text(out, "\"", error) : status;
}

static emp_status add_real(struct emp_buffer *out, double value, emp_error *error)
{
    if (!isfinite(value))
        return emp__fail(error, EMP_ERR_INTERNAL, "a number for JSON is not finite");
    char text[40];
    size_t length = emp__format_double(value, text);
    if (strcspn(text, ".e") == length)
        memcpy(text + length, ".0", sizeof ".0");
    return emp__buffer_text(out, text, error);
}

static emp_status add_integer(struct emp_buffer *out, int64_t value, emp_error *error)
{
    char text[24];
    size_t length = emp__format_int64(value, text);
    return emp__buffer_add(out, text, length, error);
}

static bool is_scalar(json_t *value)
{
    return !json_is_array(value) && !json_is_object(value);
}

/* Does a container hold no other one, so that it stands on one line? */
static bool is_flat(json_t *container)
{
    bool flat = true;
    for (size_t i = 0; i < json_array_size(container); i++)
        flat = flat && is_scalar(json_array_get(container, i));
    const char *key;
    json_t *value;
    json_object_foreach(container, key, value) flat = flat && is_scalar(value);
    return flat;
}

static emp_status add_array(struct emp_buffer *out, json_t *array, int level, emp_error *error)
{
    bool flat = is_flat(array);
    emp_status status = emp__buffer_text(out, "[", error);
    for (size_t i = 0; i < json_array_size(array) && status == EMP_OK; i++) {
        if (i > 0)
            status = emp__buffer_text(out, flat ? ", " : ",", error);
        if (status == EMP_OK && !flat)
            status = add_newline(out, level + 1, error);
        if (status == EMP_OK)
            status = add_value(out, json_array_get(array, i), level + 1, error);
    }
    if (status == EMP_OK && !flat)
        status = add_newline(out, level, error);
    return status == EMP_OK ? emp__buffer_text(out, "]", error) : status;
}

static emp_status add_member(struct emp_buffer *out, const char *key, json_t *value, int level,
                             emp_error *error)
{
    emp_status status = add_string(out, key, strlen(key), error);
    if (status == EMP_OK)
        status = emp__buffer_text(out, ": ", error);
    return status == EMP_OK ? add_value(out, value, level, error) : status;
}

static emp_status add_object(struct emp_buffer *out, json_t *object, int level, emp_error *error)
{
    bool flat = level > 0 ? is_flat(object) : json_object_size(object) == 0;
    emp_status status = emp__buffer_text(out, "{", error);
    const char *separator = "";
    for (void *i = json_object_iter(object); i && status == EMP_OK;
         i = json_object_iter_next(object, i)) {
        status = emp__buffer_text(out, separator, error);
        if (status == EMP_OK && !flat)
            status = add_newline(out, level + 1, error);
        if (status == EMP_OK)
            status = add_member(out, json_object_iter_key(i), json_object_iter_value(i), level + 1,
                                error);
        separator = flat ? ", " : ",";
    }
    if (status == EMP_OK && !flat)
        status = add_newline(out, level, error);
    return status == EMP_OK ? emp__buffer_text(out, "}", error) : status;
}

static emp_status add_value(struct emp_buffer *out, json_t *value, int level, emp_error *error)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return add_object(out, value, level, error);
    case JSON_ARRAY:
        return add_array(out, value, level, error);
    case JSON_STRING:
        return add_string(out, json_string_value(value), json_string_length(value), error);
    case JSON_INTEGER:
        return add_integer(out, json_integer_value(value), error);
    case JSON_REAL:
        return add_real(out, json_real_value(value), error);
    case JSON_TRUE:
        return emp__buffer_text(out, "true", error);
    case JSON_FALSE:
        return emp__buffer_text(out, "false", error);
    case JSON_NULL:
        break;
    }
    return emp__buffer_text(out, "null", error);
}

emp_status emp__json_text(json_t *value, struct emp_buffer *out, emp_error *error)
{
    emp_status status = add_value(out, value, 0, error);
    return status == EMP_OK ? emp__buffer_text(out, "\n", error) : status;
}

emp_status emp__json_write(const char *path, json_t *value, emp_error *error)
{
    struct emp_buffer text = {0};
    emp_status status = emp__json_text(value, &text, error);
    if (status == EMP_OK)
        status = emp__write_file(path, text.data, text.length, error);
    emp__buffer_free(&text);
    return status;
}
