// SPDX-License-Identifier: Apache-2.0
/* Every scanning variant that runs here against the plain one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
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

static void expect_same_extent(const struct emp_quoted_extent *a, const struct emp_quoted_extent *b,
                               const char *name, bool marked)
{
    if (a->valid != b->valid || a->end != b->end || a->inside != b->inside ||
        (marked && a->marked != b->marked))
        fail_msg("%s: valid %zu, end %zu, inside %d, marked %zu instead of %zu, %zu, %d, %zu", name,
                 a->valid, a->end, a->inside, a->marked, b->valid, b->end, b->inside, b->marked);
}

/* All variants on a text with exactly the slack behind it, whose bytes are quotes. */
static void compare_quoted(const char *bytes, size_t length, char delimiter, bool inside)
{
    char *text = malloc(length + EMP_TEXT_SLACK);
    struct scans scans = {malloc((length + EMP_SCAN_SPARE) * sizeof(uint32_t)),
                          malloc((length + EMP_SCAN_SPARE) * sizeof(uint32_t))};
    assert_true(text && scans.expected && scans.found);
    if (length)
        memcpy(text, bytes, length);
    memset(text + length, '"', EMP_TEXT_SLACK);
    const struct emp_quoted_text quoted = {text, length, delimiter, inside};
    struct emp_quoted_extent expected = emp__text_plain.scan_quoted(&quoted, scans.expected);
    for (int v = 0; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        if (!kernels)
            continue;
        struct emp_quoted_extent found = kernels->scan_quoted(&quoted, scans.found);
        expect_same_extent(&found, &expected, names[v], true);
        assert_memory_equal(scans.found, scans.expected, found.marked * sizeof(uint32_t));
        found = kernels->measure_quoted(&quoted);
        expect_same_extent(&found, &expected, names[v], false);
    }
    free(text);
    free(scans.expected);
    free(scans.found);
}

static void every_short_quoted_text(void **state)
{
    (void)state;
    static const char pool[] = {'"', ',', '\n', '\r', 'a'};
    enum { LONGEST = 6, KINDS = sizeof pool };
    /* Behind enough of a field to lie across the end of a block of 64 as well. */
    static const size_t fronts[] = {0, 60, 63};
    for (size_t f = 0; f < sizeof fronts / sizeof *fronts; f++)
        for (size_t length = 0, texts = 1; length <= LONGEST; length++, texts *= KINDS)
            for (size_t t = 0; t < texts; t++) {
                char text[80];
                memset(text, 'x', sizeof text);
                text[fronts[f] ? fronts[f] - 1 : 0] = ',';
                for (size_t i = 0, rest = t; i < length; i++, rest /= KINDS)
                    text[fronts[f] + i] = pool[rest % KINDS];
                compare_quoted(text, fronts[f] + length, ',', false);
                compare_quoted(text, fronts[f] + length, ',', true);
            }
}

static void random_quoted_texts(void **state)
{
    (void)state;
    /* From texts that are soon malformed to such as hardly ever are. */
    static const char *const pools[] = {"\"\"\n\r,,;ab ", "a,\nbc", "\"\",\"a\"\n"};
    static const char *const parts[] = {"\"a\",", "\"a\nb\",", "\"\"\"\",", "abc,",       "\n",
                                        "\r\n",   "\"\"\r\n",  "\"x\"\n",   "\"a,b\"\r\n"};
    uint64_t seed = 5;
    for (int round = 0; round < 6000; round++) {
        char text[1600];
        size_t length = 0, most = next_random(&seed) % 1500;
        const char *pool = pools[round % 3];
        while (length < most) {
            const char *part = parts[next_random(&seed) % (sizeof parts / sizeof *parts)];
            if (next_random(&seed) % 100 == 0 || round % 4 == 0) {
                text[length++] = pool[next_random(&seed) % strlen(pool)];
                continue;
            }
            memcpy(text + length, part, strlen(part));
            length += strlen(part);
        }
        compare_quoted(text, length, ',', next_random(&seed) % 4 == 0);
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
        cmocka_unit_test(every_short_quoted_text),
        cmocka_unit_test(random_quoted_texts),
        cmocka_unit_test(kernels_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
