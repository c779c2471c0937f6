// SPDX-License-Identifier: Apache-2.0
/*
 * Zeroed pieces of memory of one size, cut from huge pages where the machine has them: a table in
 * small pages costs a page-table walk for nearly every access. Whatever grows, grows piece by piece
 * without being copied, and what is given back is used again, so that few pages are ever touched
 * for the first time, which is slow, above all in a virtual machine.
 */
#ifndef EMP_BASE_ARENA_H
#define EMP_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

/* A piece is aligned to its size. */
enum { EMP_PIECE_BYTES = 1 << 14 };

struct emp_arena; /* any number of threads may use it at once */

emp_status emp__arena_new(struct emp_arena **out, emp_error *error);

/* Releases all memory that was taken. Takes NULL. */
void emp__arena_free(struct emp_arena *arena);

/* A zeroed piece in *out. EMP_ERR_MEMORY, and *out untouched, if there is none. */
emp_status emp__arena_take(struct emp_arena *arena, void *out, emp_error *error);

/* The same, but what is in the piece is anything. */
emp_status emp__arena_take_any(struct emp_arena *arena, void *out, emp_error *error);

/* Gives a piece back. NULL does nothing. */
void emp__arena_give(struct emp_arena *arena, void *piece);

/* Gives all memory back to the system, which uses it for what is needed next. No piece may be in
   use; new ones can be taken. */
void emp__arena_clear(struct emp_arena *arena);

/* The bytes of all pieces that are taken now. */
uint64_t emp__arena_used(const struct emp_arena *arena);

#endif
