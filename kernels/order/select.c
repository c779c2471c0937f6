// SPDX-License-Identifier: Apache-2.0
#include "order/select.h"

#include <assert.h>
#include <string.h>

enum { VALUES = 256 };

/* Which value a byte has at `*place` of the keys that begin as `prefix` does; *place moves on to
 * the place among those with that byte. */
static uint64_t select_byte(const uint64_t *keys, size_t n, uint64_t prefix, int shift,
                            size_t *place)
{
    size_t counts[VALUES];
    uint64_t above = shift == 56 ? 0 : UINT64_MAX << (shift + 8);
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < n; i++)
        counts[(keys[i] >> shift) & 0xFF] += ((keys[i] ^ prefix) & above) == 0;
    uint64_t value = 0;
    for (; *place >= counts[value]; value++)
        *place -= counts[value];
    return value << shift;
}

uint64_t emp__select(const uint64_t *keys, size_t n, size_t place, size_t *equals)
{
    assert(place < n);
    uint64_t differing = 0, key = 0;
    for (size_t i = 1; i < n; i++)
        differing |= keys[i] ^ keys[0];
    for (int shift = 56; shift >= 0; shift -= 8) {
        uint64_t byte = UINT64_C(0xFF) << shift;
        key |= differing & byte ? select_byte(keys, n, key, shift, &place) : keys[0] & byte;
    }
    *equals = place;
    return key;
}

uint64_t emp__select_plain(const uint64_t *keys, size_t n, size_t place, size_t *equals)
{
    for (size_t i = 0; i < n; i++) {
        size_t below = 0, same = 0;
        for (size_t j = 0; j < n; j++) {
            below += keys[j] < keys[i];
            same += keys[j] == keys[i];
        }
        if (place >= below && place < below + same) {
            *equals = place - below;
            return keys[i];
        }
    }
    return 0;
}
