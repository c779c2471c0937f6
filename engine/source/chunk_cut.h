// SPDX-License-Identifier: Apache-2.0
/*
 * Where chunks end: the bytes of a file come piece by piece, in order, and each piece becomes a
 * chunk of the whole records that end in it, with what was left over from the pieces before in
 * front. This is the part of reading that has to be done in order.
 */
#ifndef EMP_SOURCE_CHUNK_CUT_H
#define EMP_SOURCE_CHUNK_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "text/scan.h"

struct emp_chunk {
    size_t file;    /* index into the reader's files */
    uint64_t index; /* chunks count from 0 over all files, in order */
    const char *text;
    size_t length;  /* whole records; EMP_TEXT_SLACK readable bytes follow */
    bool has_quote; /* some record may have a quote in it */
    bool too_long;  /* the chunk is one line longer than EMP_RECORD_MAX, and `text` its beginning */
    char *memory;   /* owned by the taker; released by emp__chunk_free() */
    size_t capacity;
};

/* Room in front of a piece for what is left over from the one before; more is made if needed. */
enum { EMP_CHUNK_FRONT = 1 << 16 }; /* whole pages */

/* A piece of a file, at chunk->memory + EMP_CHUNK_FRONT. */
struct emp_text_piece {
    size_t length;
    bool at_end; /* no other piece of this file follows */
    bool has_quote;
    /* Its quotes are in order if it begins inside quotes, or outside: then `end` is behind its last
       line feed outside quotes, or 0. */
    bool in_order, inside;
    size_t end;
};

/* Between the pieces of a file. Only the first three are not zero at its beginning. */
struct emp_chunk_cutter {
    const struct emp_text_kernels *kernels;
    char delimiter, quote;
    bool skipping; /* in a line that is too long, whose beginning is in `rest` */
    struct emp_buffer rest;
};

/* Makes room for a piece of `length` bytes; what is in the memory stays, chunk->text is undefined
   afterwards. */
emp_status emp__chunk_reserve(struct emp_chunk *chunk, size_t length, emp_error *error);

/* Looks at the quotes of a piece of that length, which can be done out of order. */
struct emp_text_piece emp__text_piece_look(const struct emp_chunk_cutter *cutter,
                                           const struct emp_chunk *chunk, size_t length);

/*
 * Makes a piece a chunk: text, length, has_quote and too_long. The length is 0 if no record ends in
 * it; all of it is then in cutter->rest.
 */
emp_status emp__chunk_cut(struct emp_chunk_cutter *cutter, struct emp_chunk *chunk,
                          struct emp_text_piece piece, emp_error *error);

#endif
