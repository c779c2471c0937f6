// SPDX-License-Identifier: Apache-2.0
/* The powers of ten that fit 64 bits. */
#ifndef EMP_TEXT_POWERS_H
#define EMP_TEXT_POWERS_H

#include <stdint.h>

static const uint64_t emp__power_of_ten[20] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

#endif
