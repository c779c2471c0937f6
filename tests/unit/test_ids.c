// SPDX-License-Identifier: Apache-2.0
/* Customer ids: what is a number, how ids are printed, and that their order is total. */
#include "source/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void digits_are_digits_alone(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "-1",  "+1", " 1", "1 ", "17850.0",
                                        "1e3", "12x", "/",  ":",  "x",  "100000000000000000"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint64_t word = 42;
        assert_false(emp__id_number(texts[i], strlen(texts[i]), &word));
        assert_int_equal(word, 42);
    }
}

static void digits_are_printed_as_they_were(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "00",
                                        "7",
                                        "007",
                                        "17850",
                                        "99999999999999999",
                                        "00000000000000000",
                                        "00000000000000001"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        uint64_t word = EMP_ID_TEXT;
        char digits[24];
        assert_true(emp__id_number(texts[i], strlen(texts[i]), &word));
        assert_false(word & EMP_ID_TEXT);
        assert_int_equal(emp__id_print_digits(word, digits), strlen(texts[i]));
        assert_memory_equal(digits, texts[i], strlen(texts[i]));
    }
}

static void only_the_given_bytes_are_read(void **state)
{
    (void)state;
    uint64_t word = 0, same = 1;
    assert_true(emp__id_number("12,", 2, &word));
    assert_true(emp__id_number("12", 2, &same));
    assert_int_equal(word, same);
    assert_false(emp__id_number("1\0"
                                "2",
                                3, &word));
}

/* Ids from texts, in the order given. */
static struct emp_ids make_ids(const char *const *texts, size_t count)
{
    struct emp_ids ids = {.count = count};
    ids.word = calloc(count, sizeof *ids.word);
    ids.text = calloc(count, EMP_ID_MAX + 1);
    assert_non_null(ids.word);
    assert_non_null(ids.text);
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(texts[i]);
        if (emp__id_number(texts[i], length, &ids.word[i]))
            continue;
        ids.word[i] = EMP_ID_TEXT | end;
        ids.text[end] = (char)(unsigned char)length;
        memcpy(ids.text + end + 1, texts[i], length);
        end += length + 1;
    }
    return ids;
}

static void bytes_are_those_read(void **state)
{
    (void)state;
    char longest[EMP_ID_MAX + 1];
    memset(longest, 'z', EMP_ID_MAX);
    longest[EMP_ID_MAX] = '\0';
    const char *const texts[] = {"007", "0", "999999999999999999", "", "M\xc3\xbcller", longest};
    struct emp_ids ids = make_ids(texts, COUNT(texts));
    for (size_t i = 0; i < COUNT(texts); i++) {
        char scratch[24];
        size_t length = 0;
        const char *bytes = emp__id_bytes(&ids, i, scratch, &length);
        assert_int_equal(length, strlen(texts[i]));
        assert_memory_equal(bytes, texts[i], length);
    }
    emp__ids_free(&ids);
    assert_null(ids.word);
    emp__ids_free(&ids);
    emp__ids_free(NULL);
}

/* Digits by value and length, then texts byte by byte (bytes beyond ASCII last): each before the
 * next. */
static void order_is_total(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0", "00", "7", "007", "9",    "10",      "99999999999999999", "", "100000000000000000",
        "A", "AB", "B", "a",   "\x7f", "\xc3\xa4"};
    struct emp_ids x = make_ids(texts, COUNT(texts));
    struct emp_ids y = make_ids(texts, COUNT(texts));
    for (size_t a = 0; a < COUNT(texts); a++) {
        for (size_t b = 0; b < COUNT(texts); b++) {
            int order = emp__id_compare(&x, a, &y, b);
            assert_int_equal((order > 0) - (order < 0), (a > b) - (a < b));
        }
    }
    emp__ids_free(&x);
    emp__ids_free(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_are_digits_alone),
        cmocka_unit_test(digits_are_printed_as_they_were),
        cmocka_unit_test(only_the_given_bytes_are_read),
        cmocka_unit_test(bytes_are_those_read),
        cmocka_unit_test(order_is_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
