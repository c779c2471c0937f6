// SPDX-License-Identifier: Apache-2.0
/* The reference of all parameters as Markdown. */
#include "base/buffer.h"
#include "params/expected.h"

/* Words that are code: choices in back quotes, everything else as messages have it. */
static emp_status add_type(const struct emp_param *param, struct emp_buffer *out, emp_error *error)
{
    if (param->type != EMP_PARAM_CHOICE)
        return emp__expected_param(param, out, error);
    emp_status status = emp__buffer_text(out, "one of ", error);
    for (size_t i = 0; param->choices[i] && status == EMP_OK; i++)
        status = emp__buffer_printf(out, error, "%s`%s`", i ? ", " : "", param->choices[i]);
    return status;
}

static emp_status add_default(const struct emp_schema *schema, const struct emp_param *param,
                              struct emp_buffer *out, emp_error *error)
{
    const char *map = emp__schema_optional_map(schema, param);
    if (!param->fallback && map)
        return emp__buffer_printf(out, error, "; **required** where there is `%s.%s`",
                                  schema->section, map);
    if (!param->fallback)
        return emp__buffer_text(out, "; **required**", error);
    if (param->fallback[0] == '\0')
        return emp__buffer_text(out, "; may be absent", error);
    return emp__buffer_printf(out, error, "; default: `%s`", param->fallback);
}

static emp_status add_param(const struct emp_schema *schema, const struct emp_param *param,
                            struct emp_buffer *out, emp_error *error)
{
    const char *dot = schema->section[0] ? "." : "";
    emp_status status =
        emp__buffer_printf(out, error, "- `%s%s%s`: ", schema->section, dot, param->key);
    if (status == EMP_OK)
        status = add_type(param, out, error);
    if (status == EMP_OK && param->unit)
        status = emp__buffer_printf(out, error, " (%s)", param->unit);
    if (status == EMP_OK)
        status = add_default(schema, param, out, error);
    if (status == EMP_OK)
        status = emp__buffer_printf(out, error, ".\n  %s\n", param->doc ? param->doc : "");
    return status;
}

static emp_status add_section(const struct emp_schema *schema, struct emp_buffer *out,
                              emp_error *error)
{
    const char *gap = out->length ? "\n" : "";
    emp_status status = schema->section[0]
                            ? emp__buffer_printf(out, error, "%s## `%s`\n\n", gap, schema->section)
                            : emp__buffer_printf(out, error, "%s## The top of the file\n\n", gap);
    if (status == EMP_OK)
        status = emp__buffer_printf(out, error, "%s\n\n", schema->doc ? schema->doc : "");
    for (size_t i = 0; i < schema->count && status == EMP_OK; i++)
        status = add_param(schema, &schema->params[i], out, error);
    return status;
}

emp_status emp__schema_reference(const struct emp_schema *const *schemas, size_t count, char **out,
                                 emp_error *error)
{
    struct emp_buffer text = {0};
    emp_status status = emp__buffer_text(&text, "", error);
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = add_section(schemas[i], &text, error);
    if (status == EMP_OK)
        *out = text.data;
    else
        emp__buffer_free(&text);
    return status;
}
