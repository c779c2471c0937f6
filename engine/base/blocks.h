// SPDX-License-Identifier: Apache-2.0
/*
 * A loop over many small items on several threads, block by block, that cannot fail: what it needs
 * is made beforehand, for each worker.
 */
#ifndef EMP_BASE_BLOCKS_H
#define EMP_BASE_BLOCKS_H

#include <stddef.h>

/*
 * Calls body(user, worker, first, count) once for each block of `block` items (the last may have
 * fewer) of [0, total), in no particular order. 0 <= worker < threads; no two calls at a time have
 * the same worker, which so tells whose workspace to use.
 */
void emp__blocks(int threads, size_t total, size_t block,
                 void (*body)(void *user, int worker, size_t first, size_t count), void *user);

#endif
