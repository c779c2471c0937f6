// SPDX-License-Identifier: Apache-2.0
#include "params/text_format.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "text/record.h" /* EMP_DELIMITER_BLANKS */

emp_status emp__delimiter_load(const struct emp_node *node, void *field, emp_error *error)
{
    static const struct {
        const char *word;
        char delimiter;
    } words[] = {{",", ','},
                 {";", ';'},
                 {"|", '|'},
                 {"\t", '\t'},
                 {"\\t", '\t'},
                 {"tab", '\t'},
                 {"whitespace", EMP_DELIMITER_BLANKS}};
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(text, words[i].word) == 0) {
            *(char *)field = words[i].delimiter;
            return EMP_OK;
        }
    }
    return emp__node_expected(node, EMP_DELIMITER_SHAPE, error);
}

/* One of the bytes of `allowed`. */
static emp_status load_mark(const struct emp_node *node, const char *allowed, const char *shape,
                            char *out, emp_error *error)
{
    const char *text;
    emp_status status = emp__node_text(node, &text, error);
    if (status != EMP_OK)
        return status;
    if (strlen(text) != 1 || !strchr(allowed, text[0]))
        return emp__node_expected(node, shape, error);
    *out = text[0];
    return EMP_OK;
}

emp_status emp__decimal_mark_load(const struct emp_node *node, void *field, emp_error *error)
{
    return load_mark(node, ".,", EMP_DECIMAL_SHAPE, field, error);
}

emp_status emp__thousands_load(const struct emp_node *node, void *field, emp_error *error)
{
    return load_mark(node, " ,.'", EMP_THOUSANDS_SHAPE, field, error);
}

/* Is it an encoding that the source will be able to convert from? */
static emp_status check_encoding(const char *encoding, const struct emp_node *node,
                                 emp_error *error)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter != (iconv_t)-1) { // NOLINT(performance-no-int-to-ptr): iconv's own way
        iconv_close(converter);
        return EMP_OK;
    }
    if (errno != EINVAL)
        return emp__fail_memory(error, strlen(encoding));
    return emp__node_expected(node, "an encoding that iconv knows ('iconv -l' lists them)", error);
}

/* Marks that mean two things at once. */
static emp_status check_marks(const struct emp_text_format *format, const struct emp_node *map,
                              emp_error *error)
{
    if (format->thousands == 0)
        return EMP_OK;
    struct emp_place place = emp__node_place(emp__node_get(map, "thousands"));
    if (format->thousands == format->decimal)
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "'%s.thousands' and 'decimal' are both '%c'", map->path,
                            format->decimal);
    if (format->delimiter == EMP_DELIMITER_BLANKS && format->thousands == ' ')
        return emp__fail_at(error, EMP_ERR_PARAMS, place,
                            "'%s.thousands' cannot be a blank where 'delimiter' is whitespace",
                            map->path);
    return EMP_OK;
}

emp_status emp__text_format_validate(const struct emp_text_format *format,
                                     const struct emp_node *map, emp_error *error)
{
    emp_status status = check_encoding(format->encoding, emp__node_get(map, "encoding"), error);
    return status == EMP_OK ? check_marks(format, map, error) : status;
}
