// SPDX-License-Identifier: Apache-2.0
/* The order of ids: numbers by value, then by width, before texts, which stand in order of bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "history/id_order.h"

/* Ids made of texts, as a partition would make them. */
static struct emp_ids make_ids(const char *const *texts, size_t count)
{
    struct emp_ids ids = {.count = count};
    size_t bytes = 0;
    ids.word = malloc((count + 1) * sizeof *ids.word);
    ids.text = malloc(count * (EMP_ID_MAX + 1) + 1);
    assert_true(ids.word && ids.text);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        if (emp__id_number(texts[i], length, &ids.word[i]))
            continue;
        ids.word[i] = EMP_ID_TEXT | bytes;
        ids.text[bytes++] = (char)length;
        memcpy(ids.text + bytes, texts[i], length);
        bytes += length;
    }
    return ids;
}

static void expect_order(const char *const *texts, size_t count)
{
    struct emp_ids ids = make_ids(texts, count);
    uint32_t *order = malloc((count + 1) * sizeof *order);
    bool *seen = calloc(count + 1, sizeof *seen);
    assert_true(order && seen);
    assert_int_equal(emp__id_order(&ids, order, NULL), EMP_OK);
    for (size_t i = 0; i < count; i++) {
        assert_true(order[i] < count && !seen[order[i]]);
        seen[order[i]] = true;
        if (i > 0)
            assert_true(emp__id_compare(&ids, order[i - 1], &ids, order[i]) <= 0);
    }
    free(seen);
    free(order);
    emp__ids_free(&ids);
}

static void the_order(void **state)
{
    (void)state;
    /* In order; asked for backwards. */
    static const char *const sorted[] = {
        "0",         "00",
        "7",         "07",
        "007",       "8",
        "10",        "99999999999999999",
        "",          "100000000000000000", /* 18 digits are a text */
        "7a",        "A",
        "Ivan",      "Ivan1",
        "abcdefg",   "abcdefg1",
        "abcdefg12", "abcdefgh",
        "abcdefh",   "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd"};
    enum { COUNT = sizeof sorted / sizeof *sorted };
    const char *backwards[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        backwards[i] = sorted[COUNT - 1 - i];
    struct emp_ids ids = make_ids(backwards, COUNT);
    uint32_t order[COUNT];
    assert_int_equal(emp__id_order(&ids, order, NULL), EMP_OK);
    for (size_t i = 0; i < COUNT; i++) {
        char scratch[24];
        size_t length;
        const char *bytes = emp__id_bytes(&ids, order[i], scratch, &length);
        const char *expected = sorted[i];
        if (length != strlen(expected) || memcmp(bytes, expected, length) != 0)
            fail_msg("place %zu: '%.*s' instead of '%s'", i, (int)length, bytes, expected);
    }
    emp__ids_free(&ids);
    expect_order(NULL, 0);
}

/* Ids that share long beginnings, which the radix sort alone cannot tell apart. */
static void random_ids(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    uint64_t seed = 91;
    static char texts[COUNT][24];
    const char *pointers[COUNT];
    for (int round = 0; round < 8; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            static const char pool[] = "ab\x7f\x80\xff"
                                       "10";
            size_t length = test_random(&seed) % 12;
            const char *begin = round % 2 ? "customer-" : "";
            strcpy(texts[i], begin);
            for (size_t b = 0; b < length; b++)
                texts[i][strlen(begin) + b] =
                    pool[test_random(&seed) % (round < 4 ? sizeof pool - 1 : 2)];
            texts[i][strlen(begin) + length] = 0;
            pointers[i] = texts[i];
        }
        expect_order(pointers, COUNT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order),
        cmocka_unit_test(random_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
