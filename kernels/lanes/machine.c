// SPDX-License-Identifier: Apache-2.0
#include "lanes/machine.h"

bool emp__lanes_run_here(enum emp_lanes_kind kind)
{
#if defined(__x86_64__)
    bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (kind == EMP_LANES_AVX2)
        return avx2;
    if (kind == EMP_LANES_AVX512)
        return avx2 && __builtin_cpu_supports("avx512f");
#endif
    return kind == EMP_LANES_PLAIN;
}
