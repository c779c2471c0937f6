// SPDX-License-Identifier: Apache-2.0
/*
 * Zeroed memory for large tables that are accessed at random, in huge pages where the machine has
 * them: a table in small pages costs a page-table walk for nearly every access. Pieces are powers
 * of two, aligned to their size up to EMP_ARENA_ALIGNMENT, and what is given back is used again.
 */
#ifndef EMP_BASE_ARENA_H
#define EMP_BASE_ARENA_H

#include <stddef.h>

#include <emptor/status.h>

#define EMP_ARENA_ALIGNMENT ((size_t)4096)

struct emp_arena; /* any number of threads may use it at once */

emp_status emp__arena_new(struct emp_arena **out, emp_error *error);

/* Releases all memory that was taken. Takes NULL. */
void emp__arena_free(struct emp_arena *arena);

/* `size` zeroed bytes in *out; a power of two. EMP_ERR_MEMORY, and *out untouched, if there are
 * none. */
emp_status emp__arena_take(struct emp_arena *arena, size_t size, void *out, emp_error *error);

/* Gives back what was taken with this size. NULL does nothing. */
void emp__arena_give(struct emp_arena *arena, void *piece, size_t size);

#endif
