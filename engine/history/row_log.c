// SPDX-License-Identifier: Apache-2.0
/*
 * A batch in the log: its header, the rows, the tokens that are kept, kind by kind, the texts, and
 * zeros up to the next multiple of 8.
 */
#include "history/row_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct batch_header {
    uint16_t rows;
    uint8_t tokens; /* which it has */
    uint8_t is_short;
    uint32_t text_bytes;
    uint64_t unused; /* so that short rows are where they would be without a header */
};

_Static_assert(sizeof(struct batch_header) == sizeof(struct emp_short_row), "a header is a row");

enum { ALIGNMENT = 8 };

static size_t padded(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static unsigned tokens_of(const struct emp_packed_batch *batch)
{
    unsigned tokens = 0;
    for (int t = 0; t < EMP_TOKENS; t++)
        tokens |= batch->token[t] ? emp__token_bit((enum emp_token)t) : 0;
    return tokens;
}

static size_t row_bytes(const struct emp_packed_batch *batch)
{
    return batch->rows ? sizeof *batch->rows : sizeof *batch->short_rows;
}

static size_t batch_bytes(const struct emp_packed_batch *batch)
{
    size_t row = row_bytes(batch) + emp__token_count(tokens_of(batch)) * sizeof(uint64_t);
    return sizeof(struct batch_header) + batch->count * row + padded(batch->text_bytes);
}

static char *append(char *at, const void *bytes, size_t length)
{
    if (length > 0)
        memcpy(at, bytes, length);
    return at + length;
}

static emp_status new_piece(struct emp_row_log *log, struct emp_arena *arena, emp_error *error)
{
    struct emp_log_piece piece = {.bytes = 0};
    emp_status status =
        emp__grow_array(&log->pieces, &log->capacity, log->count + 1, sizeof *log->pieces, error);
    if (status == EMP_OK)
        status = emp__arena_take_any(arena, &piece.memory, error);
    if (status != EMP_OK)
        return status;
    log->pieces[log->count++] = piece;
    log->in_memory++;
    return EMP_OK;
}

emp_status emp__row_log_add(struct emp_row_log *log, const struct emp_packed_batch *batch,
                            struct emp_arena *arena, emp_error *error)
{
    size_t bytes = batch_bytes(batch);
    if (log->in_memory == 0 || bytes > EMP_PIECE_BYTES - log->pieces[log->count - 1].bytes) {
        emp_status status = new_piece(log, arena, error);
        if (status != EMP_OK)
            return status;
    }
    struct emp_log_piece *piece = &log->pieces[log->count - 1];
    struct batch_header header = {(uint16_t)batch->count, (uint8_t)tokens_of(batch), !batch->rows,
                                  (uint32_t)batch->text_bytes, 0};
    const void *rows = batch->rows ? (const void *)batch->rows : batch->short_rows;
    char *at = append(piece->memory + piece->bytes, &header, sizeof header);
    at = append(at, rows, batch->count * row_bytes(batch));
    for (int t = 0; t < EMP_TOKENS; t++)
        if (batch->token[t])
            at = append(at, batch->token[t], batch->count * sizeof(uint64_t));
    append(at, batch->texts, batch->text_bytes);
    piece->bytes += bytes;
    log->rows += batch->count;
    return EMP_OK;
}

emp_status emp__row_log_attach(struct emp_row_log *log, char *piece, size_t rows,
                               struct emp_arena *arena, emp_error *error)
{
    struct batch_header header = {.rows = (uint16_t)rows, .is_short = 1};
    emp_status status =
        emp__grow_array(&log->pieces, &log->capacity, log->count + 1, sizeof *log->pieces, error);
    if (status != EMP_OK) {
        emp__arena_give(arena, piece);
        return status;
    }
    memcpy(piece, &header, sizeof header);
    log->pieces[log->count++] = (struct emp_log_piece){
        .bytes = sizeof header + rows * sizeof(struct emp_short_row), .memory = piece};
    log->in_memory++;
    log->rows += rows;
    return EMP_OK;
}

emp_status emp__row_log_put_out(struct emp_row_log *log, struct emp_arena *arena,
                                struct emp_spill *spill, emp_error *error)
{
    for (; log->in_memory > 0; log->in_memory--) {
        struct emp_log_piece *piece = &log->pieces[log->count - log->in_memory];
        emp_status status =
            emp__spill_write(spill, piece->memory, piece->bytes, &piece->place, error);
        if (status != EMP_OK)
            return status;
        emp__arena_give(arena, piece->memory);
        piece->memory = NULL;
    }
    return EMP_OK;
}

emp_status emp__row_log_append(struct emp_row_log *log, struct emp_row_log *from, emp_error *error)
{
    emp_status status = emp__grow_array(&log->pieces, &log->capacity, log->count + from->count,
                                        sizeof *log->pieces, error);
    if (status != EMP_OK)
        return status;
    if (from->count > 0)
        memcpy(log->pieces + log->count, from->pieces, from->count * sizeof *from->pieces);
    log->count += from->count;
    log->in_memory += from->in_memory;
    log->rows += from->rows;
    free(from->pieces);
    *from = (struct emp_row_log){0};
    return EMP_OK;
}

static emp_status replay_bytes(const char *bytes, size_t length, struct emp_batch_taker taker,
                               emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t at = 0; at < length && status == EMP_OK;) {
        struct batch_header header;
        memcpy(&header, bytes + at, sizeof header);
        const void *rows = bytes + at + sizeof header;
        struct emp_packed_batch batch = {.count = header.rows,
                                         .rows = header.is_short ? NULL : rows,
                                         .short_rows = header.is_short ? rows : NULL,
                                         .text_bytes = header.text_bytes};
        const char *behind = (const char *)rows + header.rows * row_bytes(&batch);
        for (int t = 0; t < EMP_TOKENS; t++) {
            if (!(header.tokens & emp__token_bit((enum emp_token)t)))
                continue;
            batch.token[t] = (const uint64_t *)behind;
            behind += header.rows * sizeof(uint64_t);
        }
        batch.texts = behind;
        status = batch.count > 0 ? taker.take(taker.user, &batch, error) : EMP_OK;
        at += batch_bytes(&batch);
    }
    return status;
}

emp_status emp__row_log_visit(const struct emp_row_log *log, struct emp_batch_taker taker,
                              emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = log->count - log->in_memory; i < log->count && status == EMP_OK; i++)
        status = replay_bytes(log->pieces[i].memory, log->pieces[i].bytes, taker, error);
    return status;
}

emp_status emp__row_log_replay(struct emp_row_log *log, struct emp_arena *arena,
                               struct emp_spill *spill, struct emp_batch_taker taker,
                               emp_error *error)
{
    char *fetched = NULL;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < log->count && status == EMP_OK; i++) {
        struct emp_log_piece *piece = &log->pieces[i];
        if (!piece->memory && !fetched)
            status = emp__new_array(&fetched, EMP_PIECE_BYTES, 1, error);
        if (status == EMP_OK && !piece->memory)
            status = emp__spill_read(spill, piece->place, fetched, piece->bytes, error);
        if (status == EMP_OK)
            status =
                replay_bytes(piece->memory ? piece->memory : fetched, piece->bytes, taker, error);
        emp__arena_give(arena, piece->memory);
        piece->memory = NULL;
    }
    free(fetched);
    emp__row_log_free(log, arena);
    return status;
}

void emp__row_log_free(struct emp_row_log *log, struct emp_arena *arena)
{
    for (size_t i = 0; i < log->count; i++)
        emp__arena_give(arena, log->pieces[i].memory);
    free(log->pieces);
    *log = (struct emp_row_log){0};
}
