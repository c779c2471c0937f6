// SPDX-License-Identifier: Apache-2.0
/* Where records end: the fast reader against its plain twin, and both against what must hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "text/record.h"

enum { LIMIT = 1 << 20 };

static void expect_equal(struct emp_record found, struct emp_record expected, const char *what)
{
    if (found.kind != expected.kind || found.length != expected.length ||
        found.next != expected.next)
        fail_msg("%s: kind %d, length %zu, next %zu instead of kind %d, length %zu, next %zu", what,
                 (int)found.kind, found.length, found.next, (int)expected.kind, expected.length,
                 expected.next);
}

/* Both readers on a block of exactly `length` bytes, so that a sanitizer sees any read behind it.
 */
static struct emp_record next(const char *text, size_t length, char delimiter, char quote,
                              bool at_end)
{
    char *exact = malloc(length);
    assert_non_null(exact);
    memcpy(exact, text, length);
    struct emp_record fast = emp__record_next(exact, length, delimiter, quote, at_end);
    struct emp_record plain = emp__record_next_plain(exact, length, delimiter, quote, at_end);
    free(exact);
    char what[100];
    snprintf(what, sizeof what, "fast against plain: '%.60s' (%zu bytes)", length < 60 ? text : "",
             length);
    expect_equal(fast, plain, what);
    return fast;
}

/* Whatever part of a text is seen, the answer is that of the whole text or "need more". */
static void check_prefixes(const char *text, size_t length, char delimiter, char quote)
{
    struct emp_record whole = next(text, length, delimiter, quote, true);
    assert_int_not_equal(whole.kind, EMP_RECORD_NEED_MORE);
    assert_true(whole.next > 0 && whole.next <= length && whole.length <= whole.next);
    bool known = false;
    for (size_t n = 1; n <= length; n++) {
        struct emp_record part = next(text, n, delimiter, quote, false);
        if (part.kind == EMP_RECORD_NEED_MORE) {
            assert_false(known);
            continue;
        }
        known = true;
        expect_equal(part, whole, text);
    }
}

static const char bytes[] = {'"', ',', '\n', '\r', 'a'};

static void every_short_text(void **state)
{
    (void)state;
    enum { LONGEST = 7 };
    for (size_t length = 1; length <= LONGEST; length++) {
        size_t texts = 1;
        for (size_t i = 0; i < length; i++)
            texts *= sizeof bytes;
        for (size_t t = 0; t < texts; t++) {
            char text[LONGEST + 1] = "";
            size_t rest = t;
            for (size_t i = 0; i < length; i++, rest /= sizeof bytes)
                text[i] = bytes[rest % sizeof bytes];
            check_prefixes(text, length, ',', '"');
        }
    }
}

static size_t random_text(uint64_t *seed, char *text, size_t room)
{
    static const char pool[] = "\"\"\"\"\n\r,,;\tab \0";
    size_t length = 1 + test_random(seed) % (room - 1);
    for (size_t i = 0; i < length; i++)
        text[i] = pool[test_random(seed) % (sizeof pool - 1)];
    text[length] = 0;
    return length;
}

static void random_texts(void **state)
{
    (void)state;
    uint64_t seed = 11;
    static const char delimiters[] = {',', ';', '\t', ' '};
    for (int round = 0; round < 6000; round++) {
        char text[60];
        size_t length = random_text(&seed, text, sizeof text);
        char delimiter = delimiters[round % 4];
        check_prefixes(text, length, delimiter, delimiter == ' ' ? 0 : '"');
    }
}

struct split {
    struct emp_record records[64];
    size_t starts[64], count;
};

/* Splits a text of which more and more becomes known, `step` bytes at a time. */
static struct split split_in_steps(const char *text, size_t length, size_t step)
{
    struct split split = {.count = 0};
    size_t start = 0, known = 0;
    while (start < length) {
        known = known + step < length ? known + step : length;
        while (start < known) {
            struct emp_record record =
                emp__record_next(text + start, known - start, ',', '"', known == length);
            if (record.kind == EMP_RECORD_NEED_MORE)
                break;
            split.starts[split.count] = start;
            split.records[split.count++] = record;
            start += record.next;
        }
    }
    assert_int_equal(start, length);
    return split;
}

static void records_do_not_depend_on_the_cut(void **state)
{
    (void)state;
    uint64_t seed = 12;
    for (int round = 0; round < 3000; round++) {
        char text[50];
        size_t length = random_text(&seed, text, sizeof text);
        struct split whole = split_in_steps(text, length, length);
        for (size_t step = 1; step < length; step += 1 + step / 4) {
            struct split parts = split_in_steps(text, length, step);
            assert_int_equal(parts.count, whole.count);
            for (size_t i = 0; i < whole.count; i++) {
                assert_int_equal(parts.starts[i], whole.starts[i]);
                expect_equal(parts.records[i], whole.records[i], text);
            }
        }
    }
}

/* A text whose first record is known; the text is all there is. */
struct example {
    const char *text;
    enum emp_record_kind kind;
    size_t length, next;
};

static const struct example examples[] = {
    {"a,b\nc", EMP_RECORD_PLAIN, 3, 4},
    {"a,b\r\nc", EMP_RECORD_PLAIN, 3, 5},
    {"a,b", EMP_RECORD_PLAIN, 3, 3},
    {"a,b\r", EMP_RECORD_PLAIN, 3, 4},
    {"\n", EMP_RECORD_PLAIN, 0, 1},
    {"\r\n", EMP_RECORD_PLAIN, 0, 2},
    {"a\rb\n", EMP_RECORD_PLAIN, 3, 4}, /* a carriage return inside is data */
    {"a\r\r\n", EMP_RECORD_PLAIN, 2, 4},
    {"\"a\"\n", EMP_RECORD_QUOTED, 3, 4},
    {"\"a\"", EMP_RECORD_QUOTED, 3, 3},
    {"\"a\"\r\nb", EMP_RECORD_QUOTED, 3, 5},
    {"\"a\"\r", EMP_RECORD_QUOTED, 3, 4},
    {"\"\"", EMP_RECORD_QUOTED, 2, 2},
    {"\"a\nb\",c\nd", EMP_RECORD_QUOTED, 7, 8},
    {"\"a\r\nb\",c\r\nd", EMP_RECORD_QUOTED, 8, 10},
    {"x,\"a\"\"b\",\n", EMP_RECORD_QUOTED, 9, 10},
    {"\"\"\"\"\n", EMP_RECORD_QUOTED, 4, 5},
    {"\"a\",\r\n", EMP_RECORD_QUOTED, 4, 6},
    {"\"a\nb\nc\"", EMP_RECORD_QUOTED, 7, 7},
    {"a\"b\n", EMP_RECORD_STRAY_QUOTE, 3, 4},
    {"a\"\n", EMP_RECORD_STRAY_QUOTE, 2, 3},
    {" \"a\"\n", EMP_RECORD_STRAY_QUOTE, 4, 5},
    {"\"a\"b\n", EMP_RECORD_STRAY_QUOTE, 4, 5},
    {"\"a\" ,b\n", EMP_RECORD_STRAY_QUOTE, 6, 7},
    {"\"a\"\rb\n", EMP_RECORD_STRAY_QUOTE, 5, 6},
    {"\"a\"\r\r\n", EMP_RECORD_STRAY_QUOTE, 4,
     6}, /* one carriage return is the line's, two are not */
    {"\"a\"\r\r", EMP_RECORD_STRAY_QUOTE, 4, 5},
    {"\"a\nb\n", EMP_RECORD_OPEN_QUOTE, 2, 3}, /* costs one line, not the rest of the text */
    {"\"a\r\nb\n", EMP_RECORD_OPEN_QUOTE, 2, 4},
    {"\"", EMP_RECORD_OPEN_QUOTE, 1, 1},
    {"\"\"\"", EMP_RECORD_OPEN_QUOTE, 3, 3},
    {"\"a\nb\"c\n", EMP_RECORD_OPEN_QUOTE, 2, 3},
};

static void known_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *e = &examples[i];
        struct emp_record expected = {e->kind, e->length, e->next};
        expect_equal(next(e->text, strlen(e->text), ',', '"', true), expected, e->text);
    }
}

static void quotes_mean_nothing_without_a_quote(void **state)
{
    (void)state;
    struct emp_record line = {EMP_RECORD_PLAIN, 5, 6};
    expect_equal(next("\"a b\"\n", 6, ' ', 0, true), line, "no quote");
    expect_equal(next("\"a\nb\"\n", 6, ' ', 0, true), (struct emp_record){EMP_RECORD_PLAIN, 2, 3},
                 "no quote, two lines");
    expect_equal(next("\0\"a\n", 4, ',', '"', true),
                 (struct emp_record){EMP_RECORD_STRAY_QUOTE, 3, 4}, "NUL");
}

static void expect_at(const char *text, size_t length, bool at_end, struct emp_record expected)
{
    char what[60];
    snprintf(what, sizeof what, "%zu bytes, at_end %d", length, at_end);
    expect_equal(next(text, length, ',', '"', at_end), expected, what);
}

static void longest_line(void **state)
{
    (void)state;
    char *text = malloc(LIMIT + 10);
    assert_non_null(text);
    memset(text, 'x', LIMIT + 10);
    const struct emp_record more = {.kind = EMP_RECORD_NEED_MORE};
    /* Without a line feed in sight. */
    expect_at(text, LIMIT, false, more);
    expect_at(text, LIMIT, true, (struct emp_record){EMP_RECORD_PLAIN, LIMIT, LIMIT});
    for (int at_end = 0; at_end < 2; at_end++)
        expect_at(text, LIMIT + 1, at_end,
                  (struct emp_record){EMP_RECORD_TOO_LONG, LIMIT + 1, LIMIT + 1});
    /* With one, just before and just behind the limit. */
    for (size_t end = LIMIT - 2; end <= LIMIT + 2; end++) {
        enum emp_record_kind kind = end > LIMIT ? EMP_RECORD_TOO_LONG : EMP_RECORD_PLAIN;
        text[end] = '\n';
        for (int at_end = 0; at_end < 2; at_end++) {
            expect_at(text, LIMIT + 10, at_end, (struct emp_record){kind, end, end + 1});
            text[end - 1] = '\r';
            expect_at(text, LIMIT + 10, at_end, (struct emp_record){kind, end - 1, end + 1});
            text[end - 1] = 'x';
        }
        text[end] = 'x';
    }
    free(text);
}

/* A quoted record with a line feed in it that ends just before, at and behind the limit. */
static void longest_quoted_record(void **state)
{
    (void)state;
    char *text = malloc(LIMIT + 10);
    assert_non_null(text);
    for (size_t end = LIMIT - 2; end <= LIMIT + 2; end++) {
        memset(text, 'x', LIMIT + 10);
        memcpy(text, "\"a\n", 3);
        text[end - 1] = '"';
        text[end] = '\n';
        struct emp_record good = {EMP_RECORD_QUOTED, end, end + 1};
        struct emp_record bad = {EMP_RECORD_OPEN_QUOTE, 2, 3};
        for (int at_end = 0; at_end < 2; at_end++)
            expect_at(text, LIMIT + 10, at_end, end <= LIMIT ? good : bad);
        text[end] = 'x';
        for (int at_end = 0; at_end < 2; at_end++)
            expect_at(text, LIMIT + 10, at_end, bad);
        /* With a carriage return, which counts, and be the text over behind the line feed. */
        memcpy(text + end, "\r\n", 2);
        good.next++;
        for (int at_end = 0; at_end < 2; at_end++) {
            expect_at(text, LIMIT + 10, at_end, end < LIMIT ? good : bad);
            expect_at(text, end + 2, at_end, end < LIMIT ? good : bad);
        }
    }
    /* A quote that is not closed needs the whole window to be told, and no more. */
    memset(text, 'x', LIMIT + 10);
    memcpy(text, "\"a\n", 3);
    expect_at(text, LIMIT, false, (struct emp_record){.kind = EMP_RECORD_NEED_MORE});
    expect_at(text, LIMIT, true, (struct emp_record){EMP_RECORD_OPEN_QUOTE, 2, 3});
    expect_at(text, LIMIT + 1, false, (struct emp_record){EMP_RECORD_OPEN_QUOTE, 2, 3});
    free(text);
}

static void expect_fields(const char *text, char delimiter, const char *const *fields, size_t count)
{
    struct emp_span spans[8];
    size_t length = strlen(text);
    char *exact = malloc(length + 1);
    assert_non_null(exact);
    memcpy(exact, text, length);
    size_t found = emp__split(exact, length, delimiter, spans, 8);
    assert_int_equal(found, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(spans[i].length, strlen(fields[i]));
        assert_memory_equal(exact + spans[i].begin, fields[i], spans[i].length);
    }
    /* With too little room the count is the same, and nothing is written behind it. */
    struct emp_span guard[2] = {{7, 7}, {7, 7}};
    found = emp__split(exact, length, delimiter, guard, 1);
    assert_int_equal(found, count);
    assert_int_equal(guard[1].begin, 7);
    free(exact);
}

static void fields_of_plain_records(void **state)
{
    (void)state;
    expect_fields("a,bc,,d", ',', (const char *[]){"a", "bc", "", "d"}, 4);
    expect_fields("", ',', (const char *[]){""}, 1);
    expect_fields(",", ',', (const char *[]){"", ""}, 2);
    expect_fields(" a ; b ", ';', (const char *[]){" a ", " b "}, 2);
    expect_fields("a\tb", '\t', (const char *[]){"a", "b"}, 2);
    expect_fields("  a \t bc d\t", ' ', (const char *[]){"a", "bc", "d"}, 3);
    expect_fields(" \t ", ' ', NULL, 0);
    expect_fields("", ' ', NULL, 0);
    expect_fields("\"a b\"", ' ', (const char *[]){"\"a", "b\""}, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_text),
        cmocka_unit_test(random_texts),
        cmocka_unit_test(records_do_not_depend_on_the_cut),
        cmocka_unit_test(known_examples),
        cmocka_unit_test(quotes_mean_nothing_without_a_quote),
        cmocka_unit_test(longest_line),
        cmocka_unit_test(longest_quoted_record),
        cmocka_unit_test(fields_of_plain_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
