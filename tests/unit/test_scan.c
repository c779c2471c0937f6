// SPDX-License-Identifier: Apache-2.0
/* Every scanning variant that runs here against the plain one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/scan.h"

static const char *const names[] = {"plain", "portable", "avx2", "avx512", "avx512_vbmi2"};
enum { VARIANTS = sizeof names / sizeof *names };

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Room for exactly what a scan may write, and a plain scan's results to compare with. */
struct scans {
    uint32_t *expected, *found;
};

static void expect_same(const char *text, size_t length, const char set[4], struct scans scans)
{
    size_t count = emp__text_plain.scan(text, length, set, scans.expected);
    size_t occurs = emp__text_plain.count(text, length, set[0]);
    for (int v = 1; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        if (!kernels)
            continue;
        if (kernels->scan(text, length, set, scans.found) != count ||
            memcmp(scans.found, scans.expected, count * sizeof *scans.found) != 0)
            fail_msg("%s scans %zu bytes wrongly", names[v], length);
        if (kernels->count(text, length, set[0]) != occurs)
            fail_msg("%s counts %zu bytes wrongly", names[v], length);
    }
}

/* Compares on a text with exactly the slack behind it, whose bytes are all in the set. */
static void compare(const char *bytes, size_t length, const char set[4])
{
    char *text = malloc(length + EMP_TEXT_SLACK);
    struct scans scans = {malloc((length + EMP_SCAN_SPARE) * sizeof(uint32_t)),
                          malloc((length + EMP_SCAN_SPARE) * sizeof(uint32_t))};
    assert_true(text && scans.expected && scans.found);
    memcpy(text, bytes, length);
    memset(text + length, set[0], EMP_TEXT_SLACK);
    expect_same(text, length, set, scans);
    free(text);
    free(scans.expected);
    free(scans.found);
}

static void plain_finds_each_byte_of_the_set(void **state)
{
    (void)state;
    uint32_t out[16 + EMP_SCAN_SPARE];
    assert_int_equal(emp__text_plain.scan("a,b\"c\r\n,", 8, ",\"\r\n", out), 5);
    static const uint32_t expected[] = {1, 3, 5, 6, 7};
    assert_memory_equal(out, expected, sizeof expected);
    assert_int_equal(emp__text_plain.scan("a,b\"c\r\n,", 8, ",,,,", out), 2);
    assert_int_equal(emp__text_plain.scan("", 0, ",,,,", out), 0);
    assert_int_equal(emp__text_plain.count("a,b,,", 5, ','), 3);
}

static void all_lengths(void **state)
{
    (void)state;
    char text[600];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 3 ? 'x' : ',';
    for (size_t length = 0; length <= sizeof text; length++)
        compare(text, length, ",,,,");
    memset(text, ',', sizeof text);
    for (size_t length = 0; length <= sizeof text; length++)
        compare(text, length, ",\n;|");
}

/* One byte at each place of two blocks, of every value. */
static void all_places_and_values(void **state)
{
    (void)state;
    char text[128];
    for (int value = 0; value < 256; value++) {
        char byte = (char)value, other = (char)(value ^ 0x80);
        const char set[4] = {byte, byte, byte, byte};
        for (size_t place = 0; place < sizeof text; place += (size_t)(value % 5 + 1)) {
            memset(text, other, sizeof text);
            text[place] = byte;
            compare(text, sizeof text, set);
        }
    }
}

static void random_texts(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 4000; round++) {
        char text[1500];
        size_t length = next_random(&seed) % (sizeof text + 1);
        uint64_t kinds = next_random(&seed) % 255 + 1; /* from dense to sparse */
        for (size_t i = 0; i < length; i++)
            text[i] = (char)(next_random(&seed) % kinds);
        char set[4];
        for (int i = 0; i < 4; i++)
            set[i] = (char)(next_random(&seed) % (kinds + 1));
        compare(text, length, set);
    }
}

static void kernels_are_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(emp__text_kernels("plain"), &emp__text_plain);
    assert_ptr_equal(emp__text_kernels("portable"), &emp__text_portable);
    assert_null(emp__text_kernels("avx"));
    assert_null(emp__text_kernels(""));
    const struct emp_text_kernels *best = emp__text_kernels(NULL);
    assert_non_null(best);
    assert_ptr_equal(best, emp__text_kernels(best->name));
    assert_ptr_not_equal(best, &emp__text_plain);
    for (int v = 0; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        if (kernels)
            assert_string_equal(kernels->name, names[v]);
        else
            print_message("%s does not run here\n", names[v]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_finds_each_byte_of_the_set),
        cmocka_unit_test(all_lengths),
        cmocka_unit_test(all_places_and_values),
        cmocka_unit_test(random_texts),
        cmocka_unit_test(kernels_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
