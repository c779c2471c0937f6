// SPDX-License-Identifier: Apache-2.0
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>

void *emp__pages_map(size_t size, bool huge)
{
    if (size > SIZE_MAX - EMP_HUGE_PAGE)
        return NULL;
    char *mapped = mmap(NULL, size + EMP_HUGE_PAGE, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED)
        return NULL;
    /* What is mapped too much so that the beginning is aligned is given back. */
    size_t before = -(uintptr_t)mapped & (EMP_HUGE_PAGE - 1);
    char *aligned = mapped + before;
    size_t page = 4096, end = (size + page - 1) & ~(page - 1);
    if (before > 0)
        munmap(mapped, before);
    munmap(aligned + end, size + EMP_HUGE_PAGE - before - end);
    /* Without huge pages it is only slower. */
    if (huge)
        (void)madvise(aligned, size, MADV_HUGEPAGE);
    return aligned;
}

void emp__pages_unmap(void *pages, size_t size)
{
    if (pages)
        munmap(pages, size);
}
