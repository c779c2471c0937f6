// SPDX-License-Identifier: Apache-2.0
/* The table of scanning kernels, from the slowest to the fastest, and the choice from it. */
#include "text/scan.h"

#include <stdbool.h>
#include <string.h>

static bool runs_everywhere(void)
{
    return true;
}

#if defined(__x86_64__)
static bool runs_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
}

static bool runs_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && runs_avx2();
}

static bool runs_avx512_vbmi2(void)
{
    return __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vbmi") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vpopcntdq") && runs_avx512();
}
#endif

static const struct {
    const struct emp_text_kernels *kernels;
    bool (*runs_here)(void);
} variants[] = {
    {&emp__text_plain, runs_everywhere},
    {&emp__text_portable, runs_everywhere},
#if defined(__x86_64__)
    {&emp__text_avx2, runs_avx2},
    {&emp__text_avx512, runs_avx512},
    {&emp__text_avx512_vbmi2, runs_avx512_vbmi2},
#endif
};

const struct emp_text_kernels *emp__text_kernels(const char *name)
{
    for (size_t i = sizeof variants / sizeof *variants; i-- > 0;) {
        const struct emp_text_kernels *kernels = variants[i].kernels;
        if ((!name || strcmp(name, kernels->name) == 0) && variants[i].runs_here())
            return kernels;
    }
    return NULL;
}
