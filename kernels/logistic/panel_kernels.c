// SPDX-License-Identifier: Apache-2.0
/* The table of panel kernels, from the slowest to the fastest, and the choice from it. */
#include "logistic/panel_kernels.h"

#include <string.h>

static const struct emp_panel_kernels *const variants[EMP_LANES_KINDS] = {
    [EMP_LANES_PLAIN] = &emp__panel_plain,
#if defined(__x86_64__)
    [EMP_LANES_AVX2] = &emp__panel_avx2,
    [EMP_LANES_AVX512] = &emp__panel_avx512,
#endif
};

const struct emp_panel_kernels *emp__panel_kernels(const char *name)
{
    for (size_t kind = EMP_LANES_KINDS; kind-- > 0;) {
        const struct emp_panel_kernels *kernels = variants[kind];
        if (kernels && (!name || strcmp(name, kernels->name) == 0) &&
            emp__lanes_run_here((enum emp_lanes_kind)kind))
            return kernels;
    }
    return NULL;
}
