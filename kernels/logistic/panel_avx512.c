// SPDX-License-Identifier: Apache-2.0
/* The panel kernels with AVX-512. */
#if defined(__x86_64__)
#include "lanes/lanes_avx512.h"

#include "logistic/panel_body.h"

const struct emp_panel_kernels emp__panel_avx512 = {
    .name = "avx512",
    .centre = centre,
    .linear = linear,
    .link = link,
    .probability = probability,
    .gradient = gradient,
    .gram = gram,
    .moments = moments,
    .beyond = beyond,
};
#else
typedef int panel_avx512_is_for_x86_64;
#endif
