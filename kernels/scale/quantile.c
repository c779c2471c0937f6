// SPDX-License-Identifier: Apache-2.0
#include "scale/quantile.h"

#include "order/select.h"
#include "scale/double_key.h"

/* The key at `place` + 1, where `key` stands at `place`, which is not the last. */
static uint64_t next_key(const uint64_t *keys, size_t n, size_t place, uint64_t key)
{
    size_t reached = 0;
    uint64_t next = UINT64_MAX;
    for (size_t i = 0; i < n; i++) {
        reached += keys[i] <= key;
        next = keys[i] > key && keys[i] < next ? keys[i] : next;
    }
    return reached > place + 1 ? key : next;
}

double emp__quantile(const uint64_t *keys, size_t n, double p)
{
    double h = (double)(n - 1) * p;
    size_t place = (size_t)h, equals;
    uint64_t key = emp__select(keys, n, place, &equals);
    double value = emp__key_double(key), rest = h - (double)place;
    if (rest == 0.0)
        return value;
    return value + rest * (emp__key_double(next_key(keys, n, place, key)) - value);
}
