// SPDX-License-Identifier: Apache-2.0
/*
 * The large arrays of a run: one value or more for each customer. They lie in memory while they
 * fit into what the run may take; those that do not are mapped from files without a name, so that
 * they need memory only while they are worked on.
 */
#ifndef EMP_BASE_STORE_H
#define EMP_BASE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

struct emp_store; /* any number of threads may use it at once */

/* `limit`: bytes in memory. `folder`, for the files, must outlive the store. */
emp_status emp__store_new(const char *folder, uint64_t limit, struct emp_store **out,
                          emp_error *error);

/* Frees every array that is left. Takes NULL. */
void emp__store_free(struct emp_store *store);

/* Counts for what is taken from now on. */
void emp__store_set_limit(struct emp_store *store, uint64_t limit);

/*
 * `count` zeroed items of `size` bytes in *out; untouched on failure. Errors: EMP_ERR_MEMORY;
 * EMP_ERR_CREATE, EMP_ERR_IO: the file cannot be made, the disk is full.
 */
emp_status emp__store_take(struct emp_store *store, size_t count, size_t size, void *out,
                           emp_error *error);

/* Frees an array. NULL does nothing. */
void emp__store_give(struct emp_store *store, void *array);

/*
 * Lets go of the memory of all arrays that have files; whoever uses them gets it back. To be called
 * now and then while they are worked through.
 */
void emp__store_relax(struct emp_store *store);

/*
 * Says that about so many bytes of the arrays were gone through. After an eighth of the limit of
 * them the arrays with files are relaxed, so that a walk through all of them takes no more memory
 * than that. Cheap where no array has a file. Takes NULL.
 */
void emp__store_touched(struct emp_store *store, size_t bytes);

/*
 * Says that these bytes of an array will be read now. Where arrays have files, they are brought in
 * at once, instead of page after page as each is missed. Cheap where none has one. Takes NULL.
 */
void emp__store_ahead(struct emp_store *store, void *begin, size_t bytes);

/* The bytes of all files that were made so far. */
uint64_t emp__store_file_bytes(const struct emp_store *store);

#endif
