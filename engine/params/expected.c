// SPDX-License-Identifier: Apache-2.0
#include "params/expected.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

char *emp__expected_integer(int64_t min, int64_t max, char out[EMP_EXPECTED_NUMBER])
{
    if (min != INT64_MIN && max != INT64_MAX)
        snprintf(out, EMP_EXPECTED_NUMBER, "a whole number from %" PRId64 " to %" PRId64, min, max);
    else if (min != INT64_MIN)
        snprintf(out, EMP_EXPECTED_NUMBER, "a whole number of at least %" PRId64, min);
    else if (max != INT64_MAX)
        snprintf(out, EMP_EXPECTED_NUMBER, "a whole number of at most %" PRId64, max);
    else
        snprintf(out, EMP_EXPECTED_NUMBER, "a whole number");
    return out;
}

char *emp__expected_real(double min, double max, char out[EMP_EXPECTED_NUMBER])
{
    if (isfinite(min) && isfinite(max))
        snprintf(out, EMP_EXPECTED_NUMBER, "a number from %.15g to %.15g", min, max);
    else if (isfinite(min))
        snprintf(out, EMP_EXPECTED_NUMBER, "a number of at least %.15g", min);
    else if (isfinite(max))
        snprintf(out, EMP_EXPECTED_NUMBER, "a number of at most %.15g", max);
    else
        snprintf(out, EMP_EXPECTED_NUMBER, "a number");
    return out;
}

emp_status emp__add_words(const char *const *words, struct emp_buffer *out, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; words[i] && status == EMP_OK; i++)
        status = emp__buffer_printf(out, error, "%s%s", i ? ", " : "", words[i]);
    return status;
}

emp_status emp__expected_choice(const char *const *choices, struct emp_buffer *out,
                                emp_error *error)
{
    emp_status status = emp__buffer_text(out, "one of ", error);
    return status == EMP_OK ? emp__add_words(choices, out, error) : status;
}

int64_t emp__integer_limit(double limit)
{
    if (limit <= -0x1p63)
        return INT64_MIN;
    return limit >= 0x1p63 ? INT64_MAX : (int64_t)limit;
}

emp_status emp__expected_param(const struct emp_param *param, struct emp_buffer *out,
                               emp_error *error)
{
    char number[EMP_EXPECTED_NUMBER];
    switch (param->type) {
    case EMP_PARAM_TEXT:
        return emp__buffer_text(out, EMP_EXPECTED_TEXT, error);
    case EMP_PARAM_TEXT_LIST:
        return emp__buffer_text(out, EMP_EXPECTED_TEXT_LIST, error);
    case EMP_PARAM_INTEGER:
        return emp__buffer_text(out,
                                emp__expected_integer(emp__integer_limit(param->min),
                                                      emp__integer_limit(param->max), number),
                                error);
    case EMP_PARAM_REAL:
        return emp__buffer_text(out, emp__expected_real(param->min, param->max, number), error);
    case EMP_PARAM_BOOLEAN:
        return emp__buffer_text(out, EMP_EXPECTED_BOOLEAN, error);
    case EMP_PARAM_CHOICE:
        return emp__expected_choice(param->choices, out, error);
    case EMP_PARAM_DATE:
        return emp__buffer_text(out, EMP_EXPECTED_DATE, error);
    case EMP_PARAM_SIZE:
        return emp__buffer_text(out, EMP_EXPECTED_SIZE, error);
    case EMP_PARAM_OWN:
        break;
    }
    return emp__buffer_text(out, param->shape, error);
}

emp_status emp__node_expected_param(const struct emp_node *node, const struct emp_param *param,
                                    emp_error *error)
{
    struct emp_buffer expected = {0};
    emp_status status = emp__expected_param(param, &expected, error);
    if (status == EMP_OK)
        status = emp__node_expected(node, expected.data, error);
    emp__buffer_free(&expected);
    return status;
}
