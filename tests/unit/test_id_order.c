// SPDX-License-Identifier: Apache-2.0
/* The order of ids: numbers by value, then by width, before texts, which stand in order of bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

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

/*
 * Ids dealt to runs, each in order, against the order of all at once: few and many, dense and far
 * apart, numbers and texts, runs without any.
 */
static void expect_runs(const struct emp_ids *all, size_t runs, int threads, uint64_t *seed)
{
    size_t n = all->count, *first = calloc(runs + 1, sizeof *first);
    uint32_t *order = malloc((n + 1) * sizeof *order), *found = malloc((n + 1) * sizeof *found);
    size_t *run_of = malloc((n + 1) * sizeof *run_of);
    struct emp_ids dealt = {n, malloc((n + 1) * sizeof *dealt.word), all->text};
    assert_true(first && order && found && run_of && dealt.word);
    assert_int_equal(emp__id_order(all, order, NULL), EMP_OK);
    for (size_t i = 0; i < n; i++)
        first[(run_of[i] = test_random(seed) % runs / (1 + test_random(seed) % 3)) + 1]++;
    for (size_t r = 0; r < runs; r++)
        first[r + 1] += first[r];
    /* The i-th id of all goes to the next place in its run; first[] moves along, and back. */
    for (size_t i = 0; i < n; i++)
        dealt.word[first[run_of[i]]++] = all->word[order[i]];
    for (size_t r = runs; r > 0; r--)
        first[r] = first[r - 1];
    first[0] = 0;
    struct emp_id_runs as_runs = {first, runs, NULL};
    assert_int_equal(emp__id_order_runs(&dealt, as_runs, threads, found, NULL), EMP_OK);
    for (size_t i = 0; i < n; i++)
        assert_true(dealt.word[found[i]] == all->word[order[i]]);
    free(dealt.word);
    free(run_of);
    free(found);
    free(order);
    free(first);
}

/* Different ids, as those of a history are. */
static struct emp_ids distinct_ids(size_t n, int shape)
{
    char(*texts)[40] = malloc((n + 1) * sizeof *texts);
    const char **pointers = malloc((n + 1) * sizeof *pointers);
    assert_true(texts && pointers);
    for (size_t i = 0; i < n; i++) {
        static const char *const formats[] = {"%zu", "%08zu", "%zu0000007", "customer-%zu", "%zux"};
        size_t number = i * 7919 % 1000003;
        snprintf(texts[i], sizeof texts[i], formats[shape < 5 ? (size_t)shape : i % 5], number);
        pointers[i] = texts[i];
    }
    struct emp_ids ids = make_ids(pointers, n);
    free(pointers);
    free(texts);
    return ids;
}

static void runs_of_ids(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 511, 513, 8193, 60000};
    uint64_t seed = 92;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int shape = 0; shape < 6; shape++) {
            struct emp_ids ids = distinct_ids(sizes[i], shape);
            expect_runs(&ids, 1, 2, &seed);
            expect_runs(&ids, 7, 1, &seed);
            expect_runs(&ids, 256, 3, &seed);
            emp__ids_free(&ids);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order),
        cmocka_unit_test(random_ids),
        cmocka_unit_test(runs_of_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
