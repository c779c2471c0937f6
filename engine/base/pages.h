// SPDX-License-Identifier: Apache-2.0
/* Address space from the machine: zeroed memory that takes up room only once it is touched. */
#ifndef EMP_BASE_PAGES_H
#define EMP_BASE_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#define EMP_HUGE_PAGE ((size_t)2 << 20)

/*
 * `size` bytes (> 0) that begin where a huge page could, and are in such pages if `huge` asks for
 * them and the machine has them; NULL if there are none. The first access to a page had better be a
 * write: a read would map it twice.
 */
void *emp__pages_map(size_t size, bool huge);

/* Takes NULL. */
void emp__pages_unmap(void *pages, size_t size);

#endif
