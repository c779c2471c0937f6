// SPDX-License-Identifier: Apache-2.0
#include "sink/reject_writer.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "sink/csv_cell.h"
#include "sink/file_writer.h"

enum { FLUSH_BYTES = 1 << 16 };

struct writer {
    const char *path;
    int descriptor;
    struct emp_buffer text;
};

static emp_status flush(struct writer *writer, emp_error *error)
{
    if (!emp__write_all(writer->descriptor, writer->text.data, writer->text.length))
        return emp__fail_errno(error, EMP_ERR_IO, writer->path, "write");
    emp__buffer_clear(&writer->text);
    return EMP_OK;
}

static emp_status add_text(struct emp_buffer *out, const char *text, size_t length,
                           emp_error *error)
{
    emp_status status = emp__buffer_reserve(out, 2 * length + 2 + EMP_CSV_SLACK, error);
    if (status == EMP_OK)
        out->length =
            (size_t)(emp__csv_put_text(out->data + out->length, text, length) - out->data);
    return status;
}

static emp_status write_row(void *user, const struct emp_bad_row *row, emp_error *error)
{
    struct writer *writer = user;
    struct emp_buffer *out = &writer->text;
    emp_status status = add_text(out, row->path, strlen(row->path), error);
    if (status == EMP_OK)
        status = emp__buffer_printf(out, error, ",%" PRIu64 ",", row->line);
    if (status == EMP_OK)
        status = add_text(out, row->reject->reason, row->reject->reason_length, error);
    if (status == EMP_OK)
        status = emp__buffer_text(out, ",", error);
    if (status == EMP_OK)
        status = add_text(out, row->reject->raw, row->reject->raw_length, error);
    if (status == EMP_OK)
        status = emp__buffer_text(out, "\n", error);
    if (status == EMP_OK && out->length >= FLUSH_BYTES)
        status = flush(writer, error);
    return status;
}

emp_status emp__rejects_write(const char *path, const struct emp_bad_rows *inputs, size_t count,
                              emp_error *error)
{
    struct writer writer = {.path = path};
    const struct emp_bad_row_visitor visitor = {&writer, write_row};
    emp_status status = emp__file_create(path, &writer.descriptor, error);
    if (status != EMP_OK)
        return status;
    status = emp__buffer_text(&writer.text, "file,line,reason,record\n", error);
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = emp__bad_rows_each(inputs[i], visitor, error);
    if (status == EMP_OK)
        status = flush(&writer, error);
    emp__buffer_free(&writer.text);
    return emp__file_finish(writer.descriptor, path, status, error);
}
