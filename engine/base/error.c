// SPDX-License-Identifier: Apache-2.0
/* Statuses, their texts and exit statuses, and the filling in of an emp_error. */
#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text/utf8.h"

static const struct {
    const char *text;
    int exit_status;
} statuses[] = {
#define STATUS_ROW(name, exit_status, text) [name] = {text, exit_status},
    EMP_STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

enum { STATUS_COUNT = sizeof statuses / sizeof statuses[0] };

const char *emp_status_text(emp_status status)
{
    return (unsigned)status < STATUS_COUNT ? statuses[status].text : "unknown status";
}

int emp_status_exit(emp_status status)
{
    return (unsigned)status < STATUS_COUNT ? statuses[status].exit_status : 70;
}

char *emp_error_text(const emp_error *error, char *text, uint64_t size)
{
    size_t n = (size_t)size;
    if (error->file[0] == '\0')
        snprintf(text, n, "%s", error->message);
    else if (error->line == 0)
        snprintf(text, n, "%s: %s", error->file, error->message);
    else if (error->column == 0)
        snprintf(text, n, "%s:%" PRIu64 ": %s", error->file, error->line, error->message);
    else
        snprintf(text, n, "%s:%" PRIu64 ":%" PRIu32 ": %s", error->file, error->line, error->column,
                 error->message);
    return text;
}

/* Keeps the end of a path that is too long: it is the end that tells files apart. */
static void set_file(emp_error *error, const char *file)
{
    size_t length = file ? strlen(file) : 0;
    if (length < sizeof error->file)
        snprintf(error->file, sizeof error->file, "%s", file ? file : "");
    else
        snprintf(error->file, sizeof error->file, "...%s", file + length - sizeof error->file + 4);
}

/* Messages end up on terminals: what a file has in its names must not steer them. */
static void mask(char *text)
{
    bool valid = emp__utf8_valid(text, strlen(text));
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7F || (c >= 0x80 && !valid))
            *text = '?';
    }
}

/* Leaves off the last character if it was cut in two. */
static void end_at_character(char *text)
{
    size_t length = strlen(text), begin = length;
    while (begin > 0 && ((unsigned char)text[begin - 1] & 0xC0) == 0x80)
        begin--;
    if (begin > 0 && begin + 2 >= length && !emp__utf8_valid(text + begin - 1, length - begin + 1))
        text[begin - 1] = '\0';
}

static void fill(emp_error *error, emp_status status, struct emp_place place, const char *format,
                 va_list arguments)
{
    if (!error)
        return;
    error->status = status;
    error->line = place.line;
    error->column = place.column;
    set_file(error, place.file);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    end_at_character(error->message);
    mask(error->message);
    mask(error->file);
}

void emp__set_error(emp_error *error, emp_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, (struct emp_place){0}, format, arguments);
    va_end(arguments);
}

void emp__set_error_at(emp_error *error, emp_status status, struct emp_place place,
                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fill(error, status, place, format, arguments);
    va_end(arguments);
}
