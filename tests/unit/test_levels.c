// SPDX-License-Identifier: Apache-2.0
/* The levels of a category against a plain list of texts, in any number of sets. */
#include "source/levels.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../lib/test_folder.h"

enum { SETS_MAX = 7, TEXTS = 20000, TEXT_BYTES = 32 };

struct text {
    char bytes[TEXT_BYTES];
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Short texts of few letters, so that many are there twice, and one is another's beginning. */
static struct text *random_texts(uint64_t seed)
{
    struct text *texts = calloc(TEXTS, sizeof *texts);
    assert_non_null(texts);
    for (size_t i = 0; i < TEXTS; i++) {
        size_t length = 1 + test_random(&seed) % 9;
        for (size_t j = 0; j < length; j++)
            texts[i].bytes[j] = "aB\xFF\x01"[test_random(&seed) % 4];
    }
    return texts;
}

/* The different texts in order: the plain way. */
static size_t sort_texts(const struct text *texts, struct text *out)
{
    size_t count = 0;
    memcpy(out, texts, TEXTS * sizeof *out);
    qsort(out, TEXTS, sizeof *out, compare);
    for (size_t i = 0; i < TEXTS; i++)
        if (i == 0 || strcmp(out[i].bytes, out[count - 1].bytes) != 0)
            out[count++] = out[i];
    return count;
}

static void add(struct emp_level_set *set, const char *text, uint32_t *number)
{
    /* What follows the text must not matter. */
    char longer[2 * TEXT_BYTES];
    snprintf(longer, sizeof longer, "%s...", text);
    struct emp_field field = {longer, strlen(text)};
    assert_int_equal(emp__level_set_add(set, field, number, NULL), EMP_OK);
}

/* Text i goes to one of `count` sets; every text is found at its place among the levels. */
static void check(const struct text *texts, size_t count, uint64_t seed)
{
    struct emp_level_set set[SETS_MAX] = {{.count = 0}}, *sets[SETS_MAX];
    uint32_t *number = calloc(TEXTS, sizeof *number);
    unsigned char *owner = calloc(TEXTS, 1);
    struct text *sorted = calloc(TEXTS, sizeof *sorted);
    struct emp_levels levels;
    assert_true(number && owner && sorted);
    for (size_t s = 0; s < count; s++)
        sets[s] = &set[s];
    for (size_t i = 0; i < TEXTS; i++) {
        owner[i] = (unsigned char)(test_random(&seed) % count);
        add(sets[owner[i]], texts[i].bytes, &number[i]);
        assert_true(number[i] < sets[owner[i]]->count);
    }
    assert_int_equal(emp__levels_merge(sets, count, &levels, NULL), EMP_OK);
    assert_int_equal(levels.count, sort_texts(texts, sorted));
    for (size_t i = 0; i < levels.count; i++)
        assert_string_equal(levels.texts[i], sorted[i].bytes);
    for (size_t i = 0; i < TEXTS; i++)
        assert_string_equal(levels.texts[sets[owner[i]]->place[number[i]]], texts[i].bytes);
    for (size_t s = 0; s < count; s++)
        emp__level_set_free(sets[s]);
    emp__levels_free(&levels);
    free(sorted);
    free(owner);
    free(number);
}

static void any_number_of_sets(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct text *texts = random_texts(seed);
        for (size_t count = 1; count <= SETS_MAX; count++)
            check(texts, count, seed * 100 + count);
        free(texts);
    }
}

static void numbers_are_in_order_of_arrival(void **state)
{
    static const char *const texts[] = {"b", "a", "b", "ab", "", "a", ""};
    static const uint32_t numbers[] = {0, 1, 0, 2, 3, 1, 3};
    struct emp_level_set set = {.count = 0};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint32_t number;
        add(&set, texts[i], &number);
        assert_int_equal(number, numbers[i]);
    }
    assert_int_equal(set.count, 4);
    assert_true(emp__level_set_bytes(&set) > 0);
    emp__level_set_free(&set);
    assert_int_equal(emp__level_set_bytes(&set), 0);
}

static void sets_without_texts(void **state)
{
    struct emp_level_set empty[2] = {{.count = 0}, {.count = 0}}, *sets[] = {&empty[0], &empty[1]};
    struct emp_levels levels;
    (void)state;
    assert_int_equal(emp__levels_merge(sets, 2, &levels, NULL), EMP_OK);
    assert_int_equal(levels.count, 0);
    emp__levels_free(&levels);
    emp__level_set_free(&empty[0]);
    emp__level_set_free(&empty[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_sets),
        cmocka_unit_test(numbers_are_in_order_of_arrival),
        cmocka_unit_test(sets_without_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
