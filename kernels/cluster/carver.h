// SPDX-License-Identifier: Apache-2.0
/* Hands out parts of a workspace, each aligned to 64 bytes; or counts them if there is none. */
#ifndef EMP_CLUSTER_CARVER_H
#define EMP_CLUSTER_CARVER_H

#include <stddef.h>
#include <stdint.h>

struct emp_carver {
    char *base; /* NULL: nothing is handed out but NULL */
    size_t used;
};

/* No workspace is larger; what would be is counted as more than this. */
#define EMP_CARVER_MOST (SIZE_MAX / 4)

static inline void *emp__carve(struct emp_carver *carver, size_t count, size_t size)
{
    const size_t line = 64;
    void *part = carver->base ? carver->base + carver->used : NULL;
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > EMP_CARVER_MOST)
        bytes = EMP_CARVER_MOST;
    if (carver->used <= EMP_CARVER_MOST)
        carver->used += (bytes + line - 1) / line * line;
    return part;
}

/* The bytes counted; 0 if they are too many. */
static inline size_t emp__carved(const struct emp_carver *carver)
{
    return carver->used > EMP_CARVER_MOST ? 0 : carver->used;
}

#endif
