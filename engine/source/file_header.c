// SPDX-License-Identifier: Apache-2.0
#include "source/file_header.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/quoted_record.h"

enum { STEP_BYTES = 1 << 16, HEADER_FIELDS_MAX = 65536 };

struct reading {
    const struct emp_header_request *request;
    struct emp_byte_stream *stream;
    struct emp_file_header *header;
    char quote;
};

static emp_status read_more(struct reading *reading, emp_error *error)
{
    struct emp_file_header *header = reading->header;
    return emp__byte_stream_fill(reading->stream, &header->text, STEP_BYTES, &header->at_end,
                                 error);
}

static void drop_front(struct emp_buffer *buffer, size_t bytes)
{
    if (bytes == 0)
        return;
    memmove(buffer->data, buffer->data + bytes, buffer->length - bytes);
    buffer->length -= bytes;
}

static emp_status header_error(const struct reading *reading, const char *what, emp_error *error)
{
    struct emp_place place = {.file = reading->request->path, .line = 1};
    return emp__fail_at(error, EMP_ERR_DATA, place, "%s", what);
}

static emp_status locate_columns(struct reading *reading, const struct emp_fields *fields,
                                 emp_error *error)
{
    const struct emp_header_request *request = reading->request;
    struct emp_file_columns *columns = &reading->header->columns;
    if (fields->count > HEADER_FIELDS_MAX)
        return header_error(reading, "the first record has more than 65536 fields", error);
    if (request->wanted->by_number)
        return emp__columns_by_number(request->wanted, request->path, fields->count, columns,
                                      error);
    return emp__columns_by_name(request->wanted, request->path, fields, columns, error);
}

/* Takes the fields of a record without quotes apart. */
static emp_status plain_fields(const struct reading *reading, struct emp_record record,
                               struct emp_span **spans, size_t *count, emp_error *error)
{
    const char *text = reading->header->text.data;
    char delimiter = reading->request->format->delimiter;
    size_t room = 0;
    for (;;) {
        *count = emp__split(text, record.length, delimiter, *spans, room);
        if (*count <= room)
            return EMP_OK;
        emp_status status = emp__grow_array(spans, &room, *count, sizeof **spans, error);
        if (status != EMP_OK)
            return status;
    }
}

static emp_status first_record(struct reading *reading, struct emp_record record, emp_error *error)
{
    struct emp_fields fields = {.text = reading->header->text.data};
    struct emp_quoted_parser *parser = NULL;
    struct emp_span *spans = NULL;
    bool well_formed = true;
    emp_status status = EMP_OK;
    if (record.kind == EMP_RECORD_PLAIN) {
        status = plain_fields(reading, record, &spans, &fields.count, error);
        fields.spans = spans;
    } else if (record.kind == EMP_RECORD_QUOTED) {
        status = emp__quoted_parser_new(reading->request->format->delimiter, &parser, error);
        if (status == EMP_OK)
            status = emp__quoted_record(parser, reading->header->text.data, record.length, &fields,
                                        &well_formed, error);
    } else {
        well_formed = false;
    }
    if (status == EMP_OK && !well_formed)
        status = header_error(reading, "the first record has a quote in the wrong place", error);
    if (status == EMP_OK)
        status = locate_columns(reading, &fields, error);
    emp__quoted_parser_free(parser);
    free(spans);
    return status;
}

static uint64_t count_lines(const char *text, size_t length)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

/*
 * The first record that is not blank, at the front of the text; the lines before it are dropped and
 * counted. *record is all zero where there is none.
 */
static emp_status find_record(struct reading *reading, struct emp_record *record, emp_error *error)
{
    struct emp_file_header *header = reading->header;
    struct emp_buffer *text = &header->text;
    char delimiter = reading->request->format->delimiter;
    size_t at = 0;
    emp_status status = EMP_OK;
    *record = (struct emp_record){0};
    while (status == EMP_OK && (at < text->length || !header->at_end)) {
        struct emp_record found = {.kind = EMP_RECORD_NEED_MORE};
        if (at < text->length)
            found = emp__record_next(text->data + at, text->length - at, delimiter, reading->quote,
                                     header->at_end);
        if (found.kind == EMP_RECORD_NEED_MORE) {
            drop_front(text, at);
            at = 0;
            status = read_more(reading, error);
            continue;
        }
        if (!emp__is_blank_record(text->data + at, found.length, delimiter)) {
            *record = found;
            break;
        }
        header->lines++;
        at += found.next;
    }
    if (status == EMP_OK)
        drop_front(text, at);
    return status;
}

/* Looks at the first record and, if it is the header, takes it off. */
static emp_status take_header(struct reading *reading, emp_error *error)
{
    struct emp_buffer *text = &reading->header->text;
    bool has_header = reading->request->format->header;
    struct emp_record record;
    emp_status status = find_record(reading, &record, error);
    if (status == EMP_OK && record.next == 0 && has_header)
        return header_error(reading, "the file is empty, expected a header", error);
    if (status != EMP_OK || record.next == 0)
        return status;
    if (record.kind == EMP_RECORD_TOO_LONG)
        return header_error(reading, "the first line is longer than 1 MiB", error);
    status = first_record(reading, record, error);
    if (status == EMP_OK && has_header) {
        reading->header->lines += count_lines(text->data, record.next);
        drop_front(text, record.next);
    }
    return status;
}

emp_status emp__file_header_read(const struct emp_header_request *request,
                                 struct emp_byte_stream *stream, struct emp_file_header *header,
                                 emp_error *error)
{
    char quote = request->format->delimiter == EMP_DELIMITER_BLANKS ? 0 : '"';
    struct reading reading = {request, stream, header, quote};
    struct emp_buffer *text = &header->text;
    emp__buffer_clear(text);
    emp_status status = read_more(&reading, error);
    if (status == EMP_OK && text->length >= 3 && memcmp(text->data, "\xEF\xBB\xBF", 3) == 0)
        drop_front(text, 3);
    return status == EMP_OK ? take_header(&reading, error) : status;
}
