// SPDX-License-Identifier: Apache-2.0
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"

emp_status emp__buffer_reserve(struct emp_buffer *buffer, size_t extra, emp_error *error)
{
    return emp__grow_array(&buffer->data, &buffer->capacity, buffer->length + extra + 1, 1, error);
}

emp_status emp__buffer_add(struct emp_buffer *buffer, const void *bytes, size_t length,
                           emp_error *error)
{
    emp_status status = emp__buffer_reserve(buffer, length, error);
    if (status != EMP_OK)
        return status;
    if (length)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return EMP_OK;
}

emp_status emp__buffer_text(struct emp_buffer *buffer, const char *text, emp_error *error)
{
    return emp__buffer_add(buffer, text, strlen(text), error);
}

emp_status emp__buffer_printf(struct emp_buffer *buffer, emp_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    emp_status status = emp__format_text_list(&text, error, format, arguments);
    va_end(arguments);
    if (status == EMP_OK)
        status = emp__buffer_text(buffer, text, error);
    free(text);
    return status;
}

void emp__buffer_clear(struct emp_buffer *buffer)
{
    buffer->length = 0;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void emp__buffer_free(struct emp_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct emp_buffer){0};
}
