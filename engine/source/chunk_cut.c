// SPDX-License-Identifier: Apache-2.0
#include "source/chunk_cut.h"

#include <string.h>

#include "base/memory.h"
#include "source/reject_log.h"
#include "text/record.h"
#include "text/slack.h"

enum { SAMPLE_BYTES = EMP_REJECT_RAW_MAX /* of a line that is too long */ };

emp_status emp__chunk_reserve(struct emp_chunk *chunk, size_t length, emp_error *error)
{
    return emp__grow_array(&chunk->memory, &chunk->capacity,
                           EMP_CHUNK_FRONT + length + EMP_TEXT_SLACK, 1, error);
}

bool emp__text_piece_has_quote(const struct emp_chunk_cutter *cutter, const struct emp_chunk *chunk,
                               size_t length)
{
    return cutter->quote && memchr(chunk->memory + EMP_CHUNK_FRONT, cutter->quote, length) != NULL;
}

/*
 * How many bytes at the front of `text` are whole records; 0 if that cannot be told, or if the
 * first line is too long and its end not in sight.
 */
static size_t whole_records(const struct emp_chunk_cutter *cutter, const char *text, size_t length,
                            struct emp_text_piece piece)
{
    if (!piece.has_quote) {
        const char *last = memrchr(text, '\n', length);
        if (piece.at_end)
            return length;
        return last ? (size_t)(last - text) + 1 : 0;
    }
    size_t whole = 0;
    while (whole < length) {
        struct emp_record record = emp__record_next(text + whole, length - whole, cutter->delimiter,
                                                    cutter->quote, piece.at_end);
        bool endless =
            record.kind == EMP_RECORD_TOO_LONG && whole + record.next == length && !piece.at_end;
        if (record.kind == EMP_RECORD_NEED_MORE || endless)
            break;
        whole += record.next;
    }
    return whole;
}

/* Puts the rest of the pieces before in front of this one: *text, and its length. */
static emp_status join(struct emp_chunk_cutter *cutter, struct emp_chunk *chunk, size_t piece,
                       char **text, size_t *length, emp_error *error)
{
    size_t rest = cutter->rest.length, front = EMP_CHUNK_FRONT;
    if (rest > front) {
        emp_status status = emp__chunk_reserve(chunk, rest + piece, error);
        if (status != EMP_OK)
            return status;
        memmove(chunk->memory + front + rest, chunk->memory + front, piece);
        front += rest;
    }
    if (rest > 0)
        memcpy(chunk->memory + front - rest, cutter->rest.data, rest);
    *text = chunk->memory + front - rest;
    *length = rest + piece;
    return EMP_OK;
}

static emp_status keep(struct emp_chunk_cutter *cutter, const char *text, size_t length,
                       emp_error *error)
{
    emp__buffer_clear(&cutter->rest);
    return emp__buffer_add(&cutter->rest, text, length, error);
}

/* Looks for the end of a line that is too long; its beginning is then the chunk. */
static emp_status skip_line(struct emp_chunk_cutter *cutter, struct emp_chunk *chunk,
                            struct emp_text_piece piece, emp_error *error)
{
    const char *bytes = chunk->memory + EMP_CHUNK_FRONT;
    const char *end = memchr(bytes, '\n', piece.length);
    if (!end && !piece.at_end)
        return EMP_OK;
    size_t next = end ? (size_t)(end - bytes) + 1 : piece.length;
    _Static_assert((int)SAMPLE_BYTES <= (int)EMP_CHUNK_FRONT, "the sample has room in front");
    memcpy(chunk->memory, cutter->rest.data, SAMPLE_BYTES);
    cutter->skipping = false;
    chunk->too_long = true;
    chunk->text = chunk->memory;
    chunk->length = SAMPLE_BYTES;
    return keep(cutter, bytes + next, piece.length - next, error);
}

emp_status emp__chunk_cut(struct emp_chunk_cutter *cutter, struct emp_chunk *chunk,
                          struct emp_text_piece piece, emp_error *error)
{
    char *text = NULL;
    size_t length = 0;
    chunk->length = 0;
    chunk->too_long = false;
    emp_status status = emp__chunk_reserve(chunk, piece.length, error);
    if (status == EMP_OK && cutter->skipping)
        return skip_line(cutter, chunk, piece, error);
    if (status == EMP_OK)
        status = join(cutter, chunk, piece.length, &text, &length, error);
    if (status != EMP_OK || length == 0)
        return status;
    piece.has_quote = piece.has_quote ||
                      (cutter->quote && memchr(text, cutter->quote, cutter->rest.length) != NULL);
    size_t whole = whole_records(cutter, text, length, piece);
    cutter->skipping = whole == 0 && length > EMP_RECORD_MAX;
    chunk->text = text;
    chunk->length = whole;
    chunk->has_quote = piece.has_quote;
    size_t left = cutter->skipping ? SAMPLE_BYTES : length - whole;
    return keep(cutter, text + whole, left, error);
}
