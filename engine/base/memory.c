// SPDX-License-Identifier: Apache-2.0
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

emp_status emp__new_array(void *out, size_t count, size_t size, emp_error *error)
{
    void *items = calloc(count ? count : 1, size);
    if (!items)
        return emp__fail_memory(error, (uint64_t)count * size);
    memcpy(out, &items, sizeof items);
    return EMP_OK;
}

emp_status emp__grow_array(void *items, size_t *capacity, size_t need, size_t size,
                           emp_error *error)
{
    if (need <= *capacity)
        return EMP_OK;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need && wanted <= SIZE_MAX / 2)
        wanted *= 2;
    if (wanted < need || wanted > SIZE_MAX / size)
        return emp__fail_memory(error, UINT64_MAX);
    void *old;
    memcpy(&old, items, sizeof old);
    void *grown = realloc(old, wanted * size);
    if (!grown)
        return emp__fail_memory(error, (uint64_t)wanted * size);
    memcpy(items, &grown, sizeof grown);
    *capacity = wanted;
    return EMP_OK;
}

emp_status emp__new_workspace(void *out, size_t bytes, emp_error *error)
{
    enum { ALIGNMENT = 64 };
    size_t whole = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *memory = whole >= bytes && bytes > 0 ? aligned_alloc(ALIGNMENT, whole) : NULL;
    if (!memory)
        return emp__fail_memory(error, bytes > 0 ? bytes : SIZE_MAX);
    memcpy(out, &memory, sizeof memory);
    return EMP_OK;
}

emp_status emp__copy_text(char **out, const char *text, size_t length, emp_error *error)
{
    char *copy = malloc(length + 1);
    if (!copy)
        return emp__fail_memory(error, length + 1);
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    *out = copy;
    return EMP_OK;
}

emp_status emp__format_text_list(char **out, emp_error *error, const char *format,
                                 va_list arguments)
{
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        return emp__fail_memory(error, strlen(format));
    *out = text;
    return EMP_OK;
}

emp_status emp__format_text(char **out, emp_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    emp_status status = emp__format_text_list(out, error, format, arguments);
    va_end(arguments);
    return status;
}
