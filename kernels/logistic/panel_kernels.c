// SPDX-License-Identifier: Apache-2.0
/* The table of panel kernels, from the slowest to the fastest, and the choice from it. */
#include "logistic/panel_kernels.h"

#include <string.h>

static bool runs_everywhere(void)
{
    return true;
}

#if defined(__x86_64__)
static bool runs_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool runs_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && runs_avx2();
}
#endif

static const struct {
    const struct emp_panel_kernels *kernels;
    bool (*runs_here)(void);
} variants[] = {
    {&emp__panel_plain, runs_everywhere},
#if defined(__x86_64__)
    {&emp__panel_avx2, runs_avx2},
    {&emp__panel_avx512, runs_avx512},
#endif
};

const struct emp_panel_kernels *emp__panel_kernels(const char *name)
{
    for (size_t i = sizeof variants / sizeof *variants; i-- > 0;) {
        const struct emp_panel_kernels *kernels = variants[i].kernels;
        if ((!name || strcmp(name, kernels->name) == 0) && variants[i].runs_here())
            return kernels;
    }
    return NULL;
}
