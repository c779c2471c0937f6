// SPDX-License-Identifier: Apache-2.0
/*
 * The file for what does not fit into memory. It has no name: it is gone with the process, however
 * that ends, and two runs never meet. Nothing is created before the first byte is written.
 */
#ifndef EMP_BASE_SPILL_H
#define EMP_BASE_SPILL_H

#include <stddef.h>
#include <stdint.h>

#include <emptor/status.h>

struct emp_spill; /* any number of threads may use it at once */

/* `folder` must outlive the spill. */
emp_status emp__spill_new(const char *folder, struct emp_spill **out, emp_error *error);
void emp__spill_free(struct emp_spill *spill);

/*
 * Keeps `size` bytes and says in *place where. Errors: EMP_ERR_CREATE (no file can be made in the
 * folder), EMP_ERR_IO (the disk is full, or writing fails).
 */
emp_status emp__spill_write(struct emp_spill *spill, const void *bytes, size_t size,
                            uint64_t *place, emp_error *error);

/* Brings back `size` bytes from where they were put. */
emp_status emp__spill_read(struct emp_spill *spill, uint64_t place, void *out, size_t size,
                           emp_error *error);

/* How many bytes were written so far. */
uint64_t emp__spill_bytes(const struct emp_spill *spill);

#endif
