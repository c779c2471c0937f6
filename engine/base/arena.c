// SPDX-License-Identifier: Apache-2.0
/* Blocks of address space that grow; pieces are cut off one after the other, or used again. */
#include "base/arena.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/pages.h"

/* The first block is so small that it is not worth huge pages: little may be needed. */
static const size_t first_block = (size_t)1 << 19, largest_block = (size_t)64 << 20;

struct block {
    char *memory;
    size_t size;
};

/* A piece that was given back holds the next one. */
struct free_piece {
    struct free_piece *next;
};

struct emp_arena {
    pthread_mutex_t lock;
    struct block *blocks;
    size_t count, capacity;
    char *next; /* of the newest block, what is left of it */
    size_t left;
    struct free_piece *free;
    _Atomic uint64_t used;
};

emp_status emp__arena_new(struct emp_arena **out, emp_error *error)
{
    struct emp_arena *arena = NULL;
    emp_status status = emp__new_array(&arena, 1, sizeof *arena, error);
    if (status != EMP_OK)
        return status;
    pthread_mutex_init(&arena->lock, NULL);
    *out = arena;
    return EMP_OK;
}

void emp__arena_clear(struct emp_arena *arena)
{
    for (size_t i = 0; i < arena->count; i++)
        emp__pages_unmap(arena->blocks[i].memory, arena->blocks[i].size);
    arena->count = arena->left = 0;
    arena->free = NULL;
    arena->used = 0;
}

void emp__arena_free(struct emp_arena *arena)
{
    if (!arena)
        return;
    emp__arena_clear(arena);
    free(arena->blocks);
    pthread_mutex_destroy(&arena->lock);
    free(arena);
}

static size_t next_block(const struct emp_arena *arena)
{
    size_t last = arena->count == 0 ? 0 : arena->blocks[arena->count - 1].size;
    if (last < EMP_HUGE_PAGE)
        return last == 0 ? first_block : EMP_HUGE_PAGE;
    return last < largest_block ? 2 * last : largest_block;
}

static emp_status add_block(struct emp_arena *arena, emp_error *error)
{
    size_t size = next_block(arena);
    emp_status status = emp__grow_array(&arena->blocks, &arena->capacity, arena->count + 1,
                                        sizeof *arena->blocks, error);
    if (status != EMP_OK)
        return status;
    char *memory = emp__pages_map(size, size >= EMP_HUGE_PAGE);
    if (!memory)
        return emp__fail_memory(error, size);
    arena->blocks[arena->count++] = (struct block){memory, size};
    arena->next = memory;
    arena->left = size;
    return EMP_OK;
}

/* Cuts a new piece off the newest block; with the lock held. */
static emp_status cut_piece(struct emp_arena *arena, char **out, emp_error *error)
{
    emp_status status = arena->left == 0 ? add_block(arena, error) : EMP_OK;
    if (status != EMP_OK)
        return status;
    *out = arena->next;
    arena->next += EMP_PIECE_BYTES;
    arena->left -= EMP_PIECE_BYTES;
    return EMP_OK;
}

/* *again says that it was used before. */
static emp_status take(struct emp_arena *arena, char **piece, bool *again, emp_error *error)
{
    emp_status status = EMP_OK;
    pthread_mutex_lock(&arena->lock);
    *again = arena->free != NULL;
    if (*again) {
        *piece = (char *)arena->free;
        arena->free = arena->free->next;
    } else {
        status = cut_piece(arena, piece, error);
    }
    pthread_mutex_unlock(&arena->lock);
    if (status == EMP_OK)
        arena->used += EMP_PIECE_BYTES;
    return status;
}

emp_status emp__arena_take(struct emp_arena *arena, void *out, emp_error *error)
{
    bool again;
    char *piece = NULL;
    emp_status status = take(arena, &piece, &again, error);
    if (status != EMP_OK)
        return status;
    if (again)
        memset(piece, 0, EMP_PIECE_BYTES);
    memcpy(out, &piece, sizeof piece);
    return EMP_OK;
}

emp_status emp__arena_take_any(struct emp_arena *arena, void *out, emp_error *error)
{
    bool again;
    char *piece = NULL;
    emp_status status = take(arena, &piece, &again, error);
    if (status == EMP_OK)
        memcpy(out, &piece, sizeof piece);
    return status;
}

void emp__arena_give(struct emp_arena *arena, void *piece)
{
    if (!piece)
        return;
    struct free_piece *given = piece;
    arena->used -= EMP_PIECE_BYTES;
    pthread_mutex_lock(&arena->lock);
    given->next = arena->free;
    arena->free = given;
    pthread_mutex_unlock(&arena->lock);
}

uint64_t emp__arena_used(const struct emp_arena *arena)
{
    return arena->used;
}
