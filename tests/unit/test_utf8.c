// SPDX-License-Identifier: Apache-2.0
/* UTF-8: every code point, every malformed class, and the fast check against its plain twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "text/utf8.h"

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Both twins, which must agree, on a copy without a byte behind it, and then on one where bytes
 * follow that would complete a character that is cut off. */
static bool is_valid(const char *text, size_t length)
{
    char *exact = malloc(length ? length : 1), *followed = malloc(length + 4);
    assert_true(exact && followed);
    memcpy(exact, text, length);
    memcpy(followed, text, length);
    memset(followed + length, 0x90, 4);
    bool fast = emp__utf8_valid(exact, length), plain = emp__utf8_valid_plain(exact, length);
    if (fast != plain || emp__utf8_valid(followed, length) != fast ||
        emp__utf8_valid_plain(followed, length) != fast)
        fail_msg("%zu bytes: fast %d, plain %d", length, fast, plain);
    free(exact);
    free(followed);
    return fast;
}

/* Any number below 2^21 in the given count of bytes, well-formed or not. */
static size_t encode(uint32_t code, size_t bytes, char *out)
{
    static const unsigned lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    if (bytes == 1) {
        out[0] = (char)code;
        return 1;
    }
    for (size_t i = bytes - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(lead[bytes] | code);
    return bytes;
}

static size_t shortest(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

static void every_code_point(void **state)
{
    (void)state;
    char text[4];
    for (uint32_t code = 0; code < 0x200000; code++) {
        bool real = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
        if (is_valid(text, encode(code, shortest(code), text)) != real)
            fail_msg("U+%04X", (unsigned)code);
    }
}

static void overlong_and_cut_forms_are_refused(void **state)
{
    (void)state;
    char text[4];
    for (uint32_t code = 0; code < 0x10000; code += 7) {
        for (size_t bytes = shortest(code) + 1; bytes <= 4; bytes++)
            assert_false(is_valid(text, encode(code, bytes, text)));
    }
    for (uint32_t code = 0x80; code < 0x110000; code += 97) {
        size_t bytes = encode(code, shortest(code), text);
        for (size_t length = 1; length < bytes; length++)
            assert_false(is_valid(text, length));
    }
    for (int byte = 0x80; byte < 0x100; byte++) {
        text[0] = (char)byte;
        assert_false(is_valid(text, 1));
    }
}

static void a_bad_byte_is_seen_anywhere(void **state)
{
    (void)state;
    char text[64];
    for (size_t length = 0; length <= sizeof text; length++) {
        memset(text, 'a', sizeof text);
        assert_true(is_valid(text, length));
        for (size_t place = 0; place < length; place++) {
            text[place] = (char)0xff;
            assert_false(is_valid(text, length));
            text[place] = 'a';
        }
    }
}

static void fast_equals_plain_on_any_bytes(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {'a',  0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1,
                                          0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf4, 0xf5};
    uint64_t seed = 1;
    int valid = 0;
    for (int i = 0; i < 300000; i++) {
        char text[40];
        size_t length = next_random(&seed) % 6, total = 0;
        for (size_t k = 0; k < length; k++)
            text[total++] = (char)bytes[next_random(&seed) % sizeof bytes];
        for (uint64_t k = next_random(&seed) % 12; k > 0; k--)
            text[total++] = 'x';
        for (uint64_t k = next_random(&seed) % 4; k > 0; k--)
            total += encode(0x20ac, 3, text + total);
        valid += is_valid(text, total);
    }
    assert_in_range(valid, 10000, 290000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(overlong_and_cut_forms_are_refused),
        cmocka_unit_test(a_bad_byte_is_seen_anywhere),
        cmocka_unit_test(fast_equals_plain_on_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
