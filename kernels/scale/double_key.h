// SPDX-License-Identifier: Apache-2.0
/* Doubles as unsigned integers of the same order, for what sorts and selects by bits. */
#ifndef EMP_SCALE_DOUBLE_KEY_H
#define EMP_SCALE_DOUBLE_KEY_H

#include <stdint.h>
#include <string.h>

/* The key of a value that is not NaN; both zeros have the same. */
static inline uint64_t emp__double_key(double value)
{
    uint64_t bits;
    value += 0.0;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static inline double emp__key_double(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

#endif
