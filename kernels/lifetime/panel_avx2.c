// SPDX-License-Identifier: Apache-2.0
/* The loops of likelihoods with AVX2. */
#if defined(__x86_64__)
#include "lanes/lanes_avx2.h"

#include "lifetime/bgnbd_body.h"
#include "lifetime/paretonbd_body.h"

const struct emp_lifetime_kernels emp__lifetime_avx2 = {
    .name = "avx2",
    .bgnbd = bgnbd_panel,
    .paretonbd = paretonbd_panel,
};
#else
typedef int lifetime_avx2_is_for_x86_64;
#endif
