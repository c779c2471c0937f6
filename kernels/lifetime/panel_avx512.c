// SPDX-License-Identifier: Apache-2.0
/* The loops of likelihoods with AVX-512. */
#if defined(__x86_64__)
#include "lanes/lanes_avx512.h"

#include "lifetime/bgnbd_body.h"
#include "lifetime/paretonbd_body.h"

const struct emp_lifetime_kernels emp__lifetime_avx512 = {
    .name = "avx512",
    .bgnbd = bgnbd_panel,
    .paretonbd = paretonbd_panel,
};
#else
typedef int lifetime_avx512_is_for_x86_64;
#endif
