// SPDX-License-Identifier: Apache-2.0
/* A growing run of bytes, for texts that are put together piece by piece. */
#ifndef EMP_BASE_BUFFER_H
#define EMP_BASE_BUFFER_H

#include <stddef.h>

#include <emptor/status.h>

/* All zero is an empty buffer. `data` is always followed by a zero byte once anything was added. */
struct emp_buffer {
    char *data;
    size_t length;
    size_t capacity;
};

/* Makes room for `extra` more bytes (and the zero byte) behind `length`. */
emp_status emp__buffer_reserve(struct emp_buffer *buffer, size_t extra, emp_error *error);

emp_status emp__buffer_add(struct emp_buffer *buffer, const void *bytes, size_t length,
                           emp_error *error);

emp_status emp__buffer_text(struct emp_buffer *buffer, const char *text, emp_error *error);

emp_status emp__buffer_printf(struct emp_buffer *buffer, emp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Empties the buffer and keeps its memory. */
void emp__buffer_clear(struct emp_buffer *buffer);

void emp__buffer_free(struct emp_buffer *buffer);

#endif
