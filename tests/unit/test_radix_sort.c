// SPDX-License-Identifier: Apache-2.0
/* The radix sort against insertion sort: same keys, same order among equal ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "order/radix_sort.h"

enum { MOST = 3000 };

/* Keys whose bits outside `mask` are those of `base`; values are the places they came from. */
static void compare(size_t count, uint64_t mask, uint64_t base, uint64_t *seed)
{
    uint64_t *keys = malloc(4 * (MOST + 1) * sizeof *keys);
    uint32_t *values = malloc(4 * (MOST + 1) * sizeof *values);
    assert_true(keys && values);
    uint64_t *plain = keys + MOST + 1, *spare = plain + MOST + 1, *before = spare + MOST + 1;
    uint32_t *plain_values = values + MOST + 1, *spare_values = plain_values + MOST + 1;
    for (size_t i = 0; i < count; i++) {
        keys[i] = plain[i] = before[i] = (test_random(seed) & mask) | (base & ~mask);
        values[i] = plain_values[i] = (uint32_t)i;
    }
    keys[count] = 4711;
    values[count] = 4711;
    emp__radix_sort(keys, values, spare, spare_values, count);
    emp__radix_sort_plain(plain, plain_values, count);
    assert_memory_equal(keys, plain, count * sizeof *keys);
    assert_memory_equal(values, plain_values, count * sizeof *values);
    /* The plain one itself: ascending, stable, and the same pairs. */
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(before[values[i]], keys[i]);
        if (i > 0)
            assert_true(keys[i - 1] < keys[i] ||
                        (keys[i - 1] == keys[i] && values[i - 1] < values[i]));
    }
    assert_int_equal(keys[count], 4711);
    assert_int_equal(values[count], 4711);
    free(keys);
    free(values);
}

static void sizes(void **state)
{
    (void)state;
    uint64_t seed = 61;
    for (size_t count = 0; count < 80; count++)
        compare(count, UINT64_MAX, 0, &seed);
    compare(MOST, UINT64_MAX, 0, &seed);
    compare(257, 0, UINT64_C(0x0123456789abcdef), &seed); /* all equal */
}

/* Keys that differ in any set of bytes: odd and even numbers of passes, gaps between them. */
static void bytes_that_differ(void **state)
{
    (void)state;
    uint64_t seed = 62;
    for (unsigned set = 0; set < 256; set++) {
        uint64_t mask = 0;
        for (int byte = 0; byte < 8; byte++)
            if (set >> byte & 1)
                mask |= UINT64_C(0xff) << (8 * byte);
        compare(100, mask, UINT64_C(0xfedcba9876543210), &seed);
        compare(40, mask & UINT64_C(0x0101010101010101), 0, &seed); /* with many ties */
    }
}

static void signed_values(void **state)
{
    (void)state;
    static const int64_t values[] = {INT64_MIN, INT64_MIN + 1, -256, -1, 0, 1, 255, INT64_MAX};
    for (size_t i = 1; i < sizeof values / sizeof *values; i++)
        assert_true(emp__radix_key(values[i - 1]) < emp__radix_key(values[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(bytes_that_differ),
        cmocka_unit_test(signed_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
