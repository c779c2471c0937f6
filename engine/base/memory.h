// SPDX-License-Identifier: Apache-2.0
/* Arrays on the heap with their sizes checked for overflow. All memory is released with free(). */
#ifndef EMP_BASE_MEMORY_H
#define EMP_BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <emptor/status.h>

/* `count` zeroed items of `size` bytes in *out; *out is untouched on failure. Zero items succeed.
 */
emp_status emp__new_array(void *out, size_t count, size_t size, emp_error *error);

/*
 * Makes room for at least `need` items of `size` bytes in the array *items of *capacity items, by
 * doubling; new items are not initialised. The array is untouched on failure.
 */
emp_status emp__grow_array(void *items, size_t *capacity, size_t need, size_t size,
                           emp_error *error);

/* `bytes` aligned to 64, not initialised, for what kernels work in. Zero bytes, which kernels ask
   for where a size does not fit, are EMP_ERR_MEMORY. */
emp_status emp__new_workspace(void *out, size_t bytes, emp_error *error);

/* A copy of `length` bytes with a zero byte behind it. */
emp_status emp__copy_text(char **out, const char *text, size_t length, emp_error *error);

/* A text from a printf format, of any length. */
emp_status emp__format_text_list(char **out, emp_error *error, const char *format,
                                 va_list arguments) __attribute__((format(printf, 3, 0)));
emp_status emp__format_text(char **out, emp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
