// SPDX-License-Identifier: Apache-2.0
#include "base/pieces.h"

#include <stdlib.h>

#include "base/memory.h"

emp_status emp__pieces_add(struct emp_pieces *pieces, struct emp_arena *arena, emp_error *error)
{
    emp_status status = emp__grow_array(&pieces->piece, &pieces->capacity, pieces->count + 1,
                                        sizeof *pieces->piece, error);
    char *memory = NULL;
    if (status == EMP_OK)
        status = emp__arena_take(arena, &memory, error);
    if (status == EMP_OK)
        pieces->piece[pieces->count++].memory = memory;
    return status;
}

static void forget(struct emp_pieces *pieces)
{
    free(pieces->piece);
    *pieces = (struct emp_pieces){0};
}

/* Gives back the pieces [begin, end). */
static void give(struct emp_pieces *pieces, size_t begin, size_t end, struct emp_arena *arena)
{
    for (size_t i = begin; i < end; i++)
        emp__arena_give(arena, pieces->piece[i].memory);
}

void emp__pieces_free(struct emp_pieces *pieces, struct emp_arena *arena)
{
    give(pieces, 0, pieces->count, arena);
    forget(pieces);
}

emp_status emp__pieces_put_out(struct emp_pieces *pieces, struct emp_arena *arena,
                               struct emp_spill *spill, emp_error *error)
{
    for (size_t i = 0; i < pieces->count; i++) {
        char *memory = pieces->piece[i].memory;
        emp_status status =
            emp__spill_write(spill, memory, EMP_PIECE_BYTES, &pieces->piece[i].place, error);
        if (status != EMP_OK) {
            pieces->piece[i].memory = memory;
            give(pieces, i, pieces->count, arena);
            forget(pieces);
            return status;
        }
        emp__arena_give(arena, memory);
    }
    return EMP_OK;
}

emp_status emp__pieces_fetch(struct emp_pieces *pieces, struct emp_arena *arena,
                             struct emp_spill *spill, emp_error *error)
{
    for (size_t i = 0; i < pieces->count; i++) {
        char *memory = NULL;
        uint64_t place = pieces->piece[i].place;
        emp_status status = emp__arena_take(arena, &memory, error);
        pieces->piece[i].memory = memory;
        if (status == EMP_OK)
            status = emp__spill_read(spill, place, memory, EMP_PIECE_BYTES, error);
        if (status != EMP_OK) {
            give(pieces, 0, i + 1, arena);
            forget(pieces);
            return status;
        }
    }
    return EMP_OK;
}
