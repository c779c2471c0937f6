// SPDX-License-Identifier: Apache-2.0
#include "source/chunk_cut.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "source/reject_log.h"
#include "text/record.h"
#include "text/slack.h"

enum { SAMPLE_BYTES = EMP_REJECT_RAW_MAX /* of a line that is too long */ };

/*
 * The memory begins at a page, as do the pieces that are read from a file: some processors (AMD Zen
 * 3) copy at a quarter of their speed where the target is 16 bytes further on in its page than the
 * source, which is where malloc() puts large arrays.
 */
enum { PAGE_BYTES = 4096 };

emp_status emp__chunk_reserve(struct emp_chunk *chunk, size_t length, emp_error *error)
{
    size_t need = EMP_CHUNK_FRONT + length + EMP_TEXT_SLACK;
    if (need <= chunk->capacity)
        return EMP_OK;
    size_t capacity = (need + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1);
    char *memory = aligned_alloc(PAGE_BYTES, capacity);
    if (!memory)
        return emp__fail_memory(error, capacity);
    if (chunk->memory)
        memcpy(memory, chunk->memory, chunk->capacity);
    free(chunk->memory);
    chunk->memory = memory;
    chunk->capacity = capacity;
    return EMP_OK;
}

struct emp_text_piece emp__text_piece_look(const struct emp_chunk_cutter *cutter,
                                           const struct emp_chunk *chunk, size_t length)
{
    struct emp_text_piece piece = {.length = length};
    struct emp_quoted_text text = {chunk->memory + EMP_CHUNK_FRONT, length, cutter->delimiter,
                                   false};
    piece.has_quote = cutter->quote && memchr(text.text, cutter->quote, length) != NULL;
    for (int inside = 0; inside <= 1 && piece.has_quote && !piece.in_order; inside++) {
        text.inside = inside == 1;
        struct emp_quoted_extent extent = cutter->kernels->measure_quoted(&text);
        piece.in_order = extent.valid == length;
        piece.inside = text.inside;
        piece.end = extent.end;
    }
    return piece;
}

/* A text, the `rest` bytes in front of a piece and the piece. */
struct joined {
    char *text;
    size_t length, rest;
};

/*
 * Does what was seen of the piece alone hold behind the rest? It does if the rest ends inside
 * quotes, or outside, as the piece takes it to do, and if the quotes where the two meet are in
 * order. No record can then be too long if all together is not.
 */
static bool fits_the_rest(const struct emp_chunk_cutter *cutter, const struct joined *joined,
                          struct emp_text_piece piece)
{
    enum { SEAM_BYTES = 64 };
    if (!piece.in_order || piece.at_end || joined->length > EMP_RECORD_MAX)
        return false;
    struct emp_quoted_text text = {joined->text, joined->rest, cutter->delimiter, false};
    struct emp_quoted_extent rest = cutter->kernels->measure_quoted(&text);
    text.length += piece.length < SEAM_BYTES ? piece.length : SEAM_BYTES;
    struct emp_quoted_extent seam = cutter->kernels->measure_quoted(&text);
    return seam.valid == text.length && rest.inside == piece.inside;
}

/*
 * How many bytes at the front of a text with quotes are whole records: the well-formed ones many at
 * once, every other one by the rules of text/record.h.
 */
static size_t whole_quoted_records(const struct emp_chunk_cutter *cutter,
                                   const struct joined *joined, bool at_end)
{
    size_t whole = 0, length = joined->length;
    while (whole < length) {
        size_t left = length - whole;
        /* No longer than the longest record, so that none of them can be too long. */
        const struct emp_quoted_text text = {joined->text + whole,
                                             left < EMP_RECORD_MAX ? left : EMP_RECORD_MAX,
                                             cutter->delimiter, false};
        size_t end = cutter->kernels->measure_quoted(&text).end;
        whole += end;
        if (end > 0)
            continue;
        struct emp_record record = emp__record_next(joined->text + whole, length - whole,
                                                    cutter->delimiter, cutter->quote, at_end);
        bool endless =
            record.kind == EMP_RECORD_TOO_LONG && whole + record.next == length && !at_end;
        if (record.kind == EMP_RECORD_NEED_MORE || endless)
            break;
        whole += record.next;
    }
    return whole;
}

/*
 * How many bytes at the front of the text are whole records; 0 if that cannot be told, or if the
 * first line is too long and its end not in sight.
 */
static size_t whole_records(const struct emp_chunk_cutter *cutter, const struct joined *joined,
                            struct emp_text_piece piece)
{
    if (piece.has_quote && fits_the_rest(cutter, joined, piece))
        return piece.end ? joined->rest + piece.end : 0;
    if (piece.has_quote)
        return whole_quoted_records(cutter, joined, piece.at_end);
    const char *last = memrchr(joined->text, '\n', joined->length);
    if (piece.at_end)
        return joined->length;
    return last ? (size_t)(last - joined->text) + 1 : 0;
}

/* Puts the rest of the pieces before in front of this one. */
static emp_status join(struct emp_chunk_cutter *cutter, struct emp_chunk *chunk, size_t piece,
                       struct joined *out, emp_error *error)
{
    size_t rest = cutter->rest.length, front = EMP_CHUNK_FRONT;
    if (rest > front) {
        emp_status status = emp__chunk_reserve(chunk, rest + piece, error);
        if (status != EMP_OK)
            return status;
        memmove(chunk->memory + front + rest, chunk->memory + front, piece);
        front += rest;
    }
    *out = (struct joined){chunk->memory + front - rest, rest + piece, rest};
    if (rest > 0)
        memcpy(out->text, cutter->rest.data, rest);
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
    struct joined joined = {.length = 0};
    chunk->length = 0;
    chunk->too_long = false;
    emp_status status = emp__chunk_reserve(chunk, piece.length, error);
    if (status == EMP_OK && cutter->skipping)
        return skip_line(cutter, chunk, piece, error);
    if (status == EMP_OK)
        status = join(cutter, chunk, piece.length, &joined, error);
    if (status != EMP_OK || joined.length == 0)
        return status;
    if (cutter->quote && memchr(joined.text, cutter->quote, joined.rest))
        piece.has_quote = true;
    size_t whole = whole_records(cutter, &joined, piece);
    cutter->skipping = whole == 0 && joined.length > EMP_RECORD_MAX;
    chunk->text = joined.text;
    chunk->length = whole;
    chunk->has_quote = piece.has_quote;
    size_t left = cutter->skipping ? SAMPLE_BYTES : joined.length - whole;
    return keep(cutter, joined.text + whole, left, error);
}
