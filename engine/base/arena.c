// SPDX-License-Identifier: Apache-2.0
/* Blocks of address space that grow; pieces are cut off one after the other, or used again. */
#include "base/arena.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"
#include "base/memory.h"

enum { SIZE_CLASSES = 64 };

static const size_t huge_page = (size_t)2 << 20;
static const size_t first_block = (size_t)4 << 20, largest_block = (size_t)64 << 20;

struct block {
    char *memory;
    size_t size;
};

/* A piece that was given back holds the next one of its size. */
struct free_piece {
    struct free_piece *next;
};

struct emp_arena {
    pthread_mutex_t lock;
    struct block *blocks;
    size_t count, capacity;
    char *next; /* of the newest block, what is left of it */
    size_t left;
    struct free_piece *free[SIZE_CLASSES]; /* by the logarithm of the size */
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

void emp__arena_free(struct emp_arena *arena)
{
    if (!arena)
        return;
    for (size_t i = 0; i < arena->count; i++)
        munmap(arena->blocks[i].memory, arena->blocks[i].size);
    free(arena->blocks);
    pthread_mutex_destroy(&arena->lock);
    free(arena);
}

/* Address space that begins at a huge page; what is mapped too much for that is given back. */
static char *map_aligned(size_t size)
{
    char *mapped = mmap(NULL, size + huge_page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED)
        return NULL;
    size_t before = (huge_page - ((uintptr_t)mapped & (huge_page - 1))) & (huge_page - 1);
    char *aligned = mapped + before;
    if (before > 0)
        munmap(mapped, before);
    if (before < huge_page)
        munmap(aligned + size, huge_page - before);
    /* Without huge pages it is only slower. */
    (void)madvise(aligned, size, MADV_HUGEPAGE);
    return aligned;
}

static emp_status add_block(struct emp_arena *arena, size_t need, emp_error *error)
{
    size_t size = arena->count == 0 ? first_block : 2 * arena->blocks[arena->count - 1].size;
    if (size > largest_block)
        size = largest_block;
    while (size < need && size <= SIZE_MAX / 4)
        size *= 2;
    emp_status status = emp__grow_array(&arena->blocks, &arena->capacity, arena->count + 1,
                                        sizeof *arena->blocks, error);
    if (status != EMP_OK)
        return status;
    char *memory = map_aligned(size);
    if (!memory)
        return emp__fail_memory(error, size);
    arena->blocks[arena->count++] = (struct block){memory, size};
    arena->next = memory;
    arena->left = size;
    return EMP_OK;
}

static int size_class(size_t size)
{
    return SIZE_CLASSES - 1 - __builtin_clzll(size);
}

/* Cuts a new piece off the newest block; with the lock held. */
static emp_status cut_piece(struct emp_arena *arena, size_t size, void *out, emp_error *error)
{
    emp_status status = size > arena->left ? add_block(arena, size, error) : EMP_OK;
    if (status != EMP_OK)
        return status;
    memcpy(out, &arena->next, sizeof arena->next);
    arena->next += size;
    arena->left -= size;
    return EMP_OK;
}

emp_status emp__arena_take(struct emp_arena *arena, size_t size, void *out, emp_error *error)
{
    emp_status status = EMP_OK;
    size_t whole = size < EMP_ARENA_ALIGNMENT ? EMP_ARENA_ALIGNMENT : size;
    pthread_mutex_lock(&arena->lock);
    struct free_piece **list = &arena->free[size_class(whole)];
    struct free_piece *used = *list;
    if (used)
        *list = used->next;
    else
        status = cut_piece(arena, whole, out, error);
    pthread_mutex_unlock(&arena->lock);
    if (used) {
        memset(used, 0, size);
        memcpy(out, &used, sizeof used);
    }
    return status;
}

void emp__arena_give(struct emp_arena *arena, void *piece, size_t size)
{
    if (!piece)
        return;
    size_t whole = size < EMP_ARENA_ALIGNMENT ? EMP_ARENA_ALIGNMENT : size;
    struct free_piece *given = piece;
    pthread_mutex_lock(&arena->lock);
    given->next = arena->free[size_class(whole)];
    arena->free[size_class(whole)] = given;
    pthread_mutex_unlock(&arena->lock);
}
