// SPDX-License-Identifier: Apache-2.0
#include "lifetime/panel_kernels.h"

#include <string.h>

static const struct emp_lifetime_kernels *const variants[EMP_LANES_KINDS] = {
    [EMP_LANES_PLAIN] = &emp__lifetime_plain,
#if defined(__x86_64__)
    [EMP_LANES_AVX2] = &emp__lifetime_avx2,
    [EMP_LANES_AVX512] = &emp__lifetime_avx512,
#endif
};

const struct emp_lifetime_kernels *emp__lifetime_kernels(const char *name)
{
    for (size_t kind = EMP_LANES_KINDS; kind-- > 0;) {
        const struct emp_lifetime_kernels *kernels = variants[kind];
        if (kernels && (!name || strcmp(name, kernels->name) == 0) &&
            emp__lanes_run_here((enum emp_lanes_kind)kind))
            return kernels;
    }
    return NULL;
}
