// SPDX-License-Identifier: Apache-2.0
#include "base/blocks.h"

#include <omp.h>

void emp__blocks(int threads, size_t total, size_t block,
                 void (*body)(void *user, int worker, size_t first, size_t count), void *user)
{
    size_t blocks = total / block + (total % block != 0);
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads)
    for (size_t b = 0; b < blocks; b++) {
        size_t first = b * block, left = total - first;
        body(user, omp_get_thread_num(), first, left < block ? left : block);
    }
}
