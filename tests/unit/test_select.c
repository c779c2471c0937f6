// SPDX-License-Identifier: Apache-2.0
/* Radix selection against counting: every place, keys with ties and keys that share bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "order/select.h"

enum { MOST = 300 };

static void check(const uint64_t *keys, size_t n)
{
    uint64_t before[MOST];
    memcpy(before, keys, n * sizeof *keys);
    for (size_t place = 0; place < n; place++) {
        size_t equals = 4711, expected = 4712;
        uint64_t key = emp__select_plain(keys, n, place, &expected);
        assert_true(emp__select(keys, n, place, &equals) == key);
        assert_int_equal(equals, expected);
    }
    assert_memory_equal(keys, before, n * sizeof *keys);
}

static void known_places(void **state)
{
    (void)state;
    const uint64_t keys[] = {7, UINT64_MAX, 0, 7, 3, 7, 0};
    const uint64_t sorted[] = {0, 0, 3, 7, 7, 7, UINT64_MAX};
    const size_t before[] = {0, 1, 0, 0, 1, 2, 0};
    for (size_t place = 0; place < 7; place++) {
        size_t equals;
        assert_true(emp__select(keys, 7, place, &equals) == sorted[place]);
        assert_int_equal(equals, before[place]);
    }
    check(keys, 7);
}

static void random_keys(void **state)
{
    (void)state;
    static const uint64_t masks[] = {0,
                                     1,
                                     0xFF,
                                     0x100,
                                     UINT64_C(0xFF00000000000000),
                                     UINT64_C(0x8000000000000001),
                                     UINT64_C(0x0101010101010101),
                                     UINT64_MAX};
    uint64_t seed = 31, keys[MOST];
    for (size_t m = 0; m < sizeof masks / sizeof *masks; m++)
        for (size_t n = 1; n <= MOST; n = n * 3 / 2 + 1) {
            for (size_t i = 0; i < n; i++)
                keys[i] =
                    (test_random(&seed) & masks[m]) | (UINT64_C(0xfedcba9876543210) & ~masks[m]);
            check(keys, n);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_places),
        cmocka_unit_test(random_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
