// SPDX-License-Identifier: Apache-2.0
#include "source/field.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "source/ids.h"
#include "text/utf8.h"

bool emp__field_is_blank(struct emp_field field)
{
    for (size_t i = 0; i < field.length; i++)
        if (field.text[i] != ' ' && field.text[i] != '\t')
            return false;
    return true;
}

char *emp__field_show(struct emp_field field, char out[EMP_FIELD_SHOWN])
{
    enum { SHOWN_BYTES = EMP_FIELD_SHOWN - 4 };
    size_t n = field.length < SHOWN_BYTES ? field.length : SHOWN_BYTES;
    while (n > 0 && n < field.length && ((unsigned char)field.text[n] & 0xC0) == 0x80)
        n--;
    bool valid = emp__utf8_valid(field.text, n);
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)field.text[i];
        bool masked = c < 0x20 || c == 0x7F || (c >= 0x80 && !valid);
        out[i] = masked ? '?' : (char)c;
    }
    snprintf(out + n, 4, "%s", n < field.length ? "..." : "");
    return out;
}

void emp__field_reason(const char *column, struct emp_field field, const char *what,
                       char out[EMP_REASON_MAX])
{
    char shown[EMP_FIELD_SHOWN];
    snprintf(out, EMP_REASON_MAX, "column '%.60s': '%s' %.150s", column,
             emp__field_show(field, shown), what);
}

enum emp_id_result emp__field_text(struct emp_field field, bool converted)
{
    if (emp__field_is_blank(field))
        return EMP_ID_MISSING;
    if (field.length > EMP_ID_MAX)
        return EMP_ID_LONG;
    if (memchr(field.text, 0, field.length))
        return EMP_ID_NUL;
    if (!emp__utf8_valid(field.text, field.length))
        return EMP_ID_NOT_UTF8;
    if (converted && memmem(field.text, field.length, "\xEF\xBF\xBD", 3))
        return EMP_ID_REPLACED;
    return EMP_ID_OK;
}

enum emp_id_result emp__field_customer(struct emp_field field, bool converted, struct emp_row *row)
{
    row->customer_text = NULL;
    row->customer_length = 0;
    if (emp__id_number(field.text, field.length, &row->customer))
        return EMP_ID_OK;
    enum emp_id_result result = emp__field_text(field, converted);
    if (result != EMP_ID_OK)
        return result;
    row->customer = XXH3_64bits(field.text, field.length) | EMP_ID_TEXT;
    row->customer_text = field.text;
    row->customer_length = (uint32_t)field.length;
    return EMP_ID_OK;
}

char *emp__id_fault(enum emp_id_result result, const char *noun, const char *input,
                    char out[EMP_ID_FAULT_MAX])
{
    switch (result) {
    case EMP_ID_MISSING:
        snprintf(out, EMP_ID_FAULT_MAX, "is empty, expected a %s", noun);
        break;
    case EMP_ID_LONG:
        snprintf(out, EMP_ID_FAULT_MAX, "is longer than %d bytes, the longest %s", EMP_ID_MAX,
                 noun);
        break;
    case EMP_ID_NUL:
        snprintf(out, EMP_ID_FAULT_MAX, "holds a NUL byte");
        break;
    case EMP_ID_NOT_UTF8:
        snprintf(out, EMP_ID_FAULT_MAX, "is not UTF-8; set %s.encoding", input);
        break;
    default:
        snprintf(out, EMP_ID_FAULT_MAX, "holds bytes that are not of %s.encoding", input);
    }
    return out;
}
