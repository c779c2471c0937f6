// SPDX-License-Identifier: Apache-2.0
/*
 * A list of pieces of an arena: an array that grows without being copied. Its pieces can be put out
 * to a spill file and fetched again, which frees the memory in between.
 */
#ifndef EMP_BASE_PIECES_H
#define EMP_BASE_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/spill.h"

/* All zero is an empty list. */
struct emp_pieces {
    union emp_piece {
        char *memory;
        uint64_t place; /* in the spill file, while the list is out */
    } * piece;
    size_t count, capacity;
};

/* Adds a zeroed piece. The list is untouched on failure. */
emp_status emp__pieces_add(struct emp_pieces *pieces, struct emp_arena *arena, emp_error *error);

/* Gives all pieces back; the list is empty afterwards. Not while it is out. */
void emp__pieces_free(struct emp_pieces *pieces, struct emp_arena *arena);

/*
 * Writes all pieces to the spill file and gives them back, or the other way round. On failure the
 * list is emptied: what it held is lost.
 */
emp_status emp__pieces_put_out(struct emp_pieces *pieces, struct emp_arena *arena,
                               struct emp_spill *spill, emp_error *error);
emp_status emp__pieces_fetch(struct emp_pieces *pieces, struct emp_arena *arena,
                             struct emp_spill *spill, emp_error *error);

/* Item `i` of a list of items of `size` bytes, a power of two. */
static inline void *emp__pieces_item(const struct emp_pieces *pieces, size_t i, size_t size)
{
    size_t each = EMP_PIECE_BYTES / size;
    return pieces->piece[i / each].memory + i % each * size;
}

/* Makes room for item `i`, which may be the next one behind those there is room for. */
static inline emp_status emp__pieces_reserve(struct emp_pieces *pieces, size_t i, size_t size,
                                             struct emp_arena *arena, emp_error *error)
{
    bool there = i / (EMP_PIECE_BYTES / size) < pieces->count;
    return there ? EMP_OK : emp__pieces_add(pieces, arena, error);
}

#endif
