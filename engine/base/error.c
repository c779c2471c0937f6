// SPDX-License-Identifier: Apache-2.0
/* Statuses, their texts and exit statuses, and the filling in of an emp_error. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
