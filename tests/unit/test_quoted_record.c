// SPDX-License-Identifier: Apache-2.0
/* libcsv on one record at a time: the fields, and that a refusal leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "source/quoted_record.h"

static struct emp_quoted_parser *new_parser(char delimiter)
{
    struct emp_quoted_parser *parser = NULL;
    assert_int_equal(emp__quoted_parser_new(delimiter, &parser, NULL), EMP_OK);
    return parser;
}

/* Parses a block of exactly `length` bytes; true if it is one well-formed record. */
static bool parse(struct emp_quoted_parser *parser, const char *text, size_t length,
                  struct emp_fields *out)
{
    bool well_formed = false;
    char *exact = malloc(length ? length : 1);
    assert_non_null(exact);
    memcpy(exact, text, length);
    assert_int_equal(emp__quoted_record(parser, exact, length, out, &well_formed, NULL), EMP_OK);
    free(exact);
    return well_formed;
}

static void expect_fields(struct emp_quoted_parser *parser, const char *text,
                          const char *const *fields, size_t count)
{
    struct emp_fields found;
    if (!parse(parser, text, strlen(text), &found))
        fail_msg("'%s' is refused", text);
    assert_int_equal(found.count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(found.spans[i].length, strlen(fields[i]));
        assert_memory_equal(found.text + found.spans[i].begin, fields[i], found.spans[i].length);
    }
}

static void fields(void **state)
{
    (void)state;
    struct emp_quoted_parser *parser = new_parser(',');
    expect_fields(parser, "\"a\"", (const char *[]){"a"}, 1);
    expect_fields(parser, "\"\"", (const char *[]){""}, 1);
    expect_fields(parser, "\"a,b\",c", (const char *[]){"a,b", "c"}, 2);
    expect_fields(parser, "x,\"say \"\"no\"\"\",", (const char *[]){"x", "say \"no\"", ""}, 3);
    expect_fields(parser, "\"\"\"\"", (const char *[]){"\""}, 1);
    expect_fields(parser, "\"a\nb\r\nc\",d", (const char *[]){"a\nb\r\nc", "d"}, 2);
    /* Blanks and carriage returns are data; libcsv's own defaults would trim or split there. */
    expect_fields(parser, " x ,\" y \",\tz", (const char *[]){" x ", " y ", "\tz"}, 3);
    expect_fields(parser, "\"q\",a\rb", (const char *[]){"q", "a\rb"}, 2);
    expect_fields(parser, ",,\"\"", (const char *[]){"", "", ""}, 3);
    expect_fields(parser, "\"q\",\xd0\x96\xff", (const char *[]){"q", "\xd0\x96\xff"}, 2);
    emp__quoted_parser_free(parser);
}

static void other_delimiters(void **state)
{
    (void)state;
    struct emp_quoted_parser *parser = new_parser(';');
    expect_fields(parser, "\"a;b\";c,d", (const char *[]){"a;b", "c,d"}, 2);
    emp__quoted_parser_free(parser);
    parser = new_parser('\t');
    expect_fields(parser, "\"a\tb\"\tc,d;e", (const char *[]){"a\tb", "c,d;e"}, 2);
    emp__quoted_parser_free(parser);
    parser = new_parser('|');
    expect_fields(parser, "\"a|\"|", (const char *[]){"a|", ""}, 2);
    emp__quoted_parser_free(parser);
}

static void nul_bytes_are_data(void **state)
{
    (void)state;
    struct emp_quoted_parser *parser = new_parser(',');
    struct emp_fields found;
    assert_true(parse(parser, "\"a\0b\",\0", 7, &found));
    assert_int_equal(found.count, 2);
    assert_int_equal(found.spans[0].length, 3);
    assert_memory_equal(found.text + found.spans[0].begin, "a\0b", 3);
    assert_int_equal(found.spans[1].length, 1);
    emp__quoted_parser_free(parser);
}

/* After each of these the parser must be as good as new. */
static void refusals_leave_nothing_behind(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "a\"b",   "\"a",           "\"a\"b",   "\"a\" ,b", "x,y\"",   "\"",
        "\"\"\"", "\"a\",\"b\"\"", "a,\"b\nc", " \"a\"",   "\"a\"\r", "\"a\"\n\"b\"",
    };
    struct emp_quoted_parser *parser = new_parser(',');
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
            struct emp_fields found;
            if (parse(parser, refused[i], strlen(refused[i]), &found))
                fail_msg("'%s' is accepted", refused[i]);
            for (int again = 0; again <= round; again++)
                expect_fields(parser, "\"p,\"\"\",q", (const char *[]){"p,\"", "q"}, 2);
        }
    emp__quoted_parser_free(parser);
    /* The delimiter survives a refusal, too. */
    parser = new_parser(';');
    struct emp_fields found;
    assert_false(parse(parser, "a\"b;c", 5, &found));
    expect_fields(parser, "\"a,b\";c", (const char *[]){"a,b", "c"}, 2);
    emp__quoted_parser_free(parser);
}

/* A random field, and the same as it is written: quoted where it must be, and sometimes elsewhere.
 */
static size_t random_field(uint64_t *seed, char *field, char *written, size_t *written_length)
{
    static const char pool[] = "\"\n\r,;a b\0";
    size_t length = test_random(seed) % 12, n = 0;
    bool quote = test_random(seed) % 2;
    for (size_t i = 0; i < length; i++) {
        field[i] = pool[test_random(seed) % (sizeof pool - 1)];
        quote = quote || field[i] == '"' || field[i] == ',';
    }
    if (quote)
        written[n++] = '"';
    for (size_t i = 0; i < length; i++) {
        written[n++] = field[i];
        if (field[i] == '"')
            written[n++] = '"';
    }
    if (quote)
        written[n++] = '"';
    *written_length = n;
    return length;
}

static void random_records_come_back(void **state)
{
    (void)state;
    enum { FIELDS = 6, LONGEST = 30 };
    uint64_t seed = 21;
    struct emp_quoted_parser *parser = new_parser(',');
    for (int round = 0; round < 20000; round++) {
        char expected[FIELDS][LONGEST], record[FIELDS * LONGEST];
        size_t lengths[FIELDS], length = 0, count = 1 + test_random(&seed) % FIELDS;
        for (size_t i = 0; i < count; i++) {
            size_t n;
            if (i > 0)
                record[length++] = ',';
            lengths[i] = random_field(&seed, expected[i], record + length, &n);
            length += n;
        }
        if (length == 0)
            continue;
        struct emp_fields found;
        assert_true(parse(parser, record, length, &found));
        assert_int_equal(found.count, count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(found.spans[i].length, lengths[i]);
            assert_memory_equal(found.text + found.spans[i].begin, expected[i], lengths[i]);
        }
    }
    emp__quoted_parser_free(parser);
}

static void long_fields_and_many_fields(void **state)
{
    (void)state;
    enum { LENGTH = 1000000, COUNT = 5000 };
    struct emp_quoted_parser *parser = new_parser(',');
    struct emp_fields found;
    char *text = malloc(LENGTH + 2);
    assert_non_null(text);
    memset(text, 'z', LENGTH + 2);
    text[0] = text[LENGTH + 1] = '"';
    assert_true(parse(parser, text, LENGTH + 2, &found));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.spans[0].length, LENGTH);
    assert_int_equal(found.text[found.spans[0].begin + LENGTH - 1], 'z');
    memset(text, ',', COUNT);
    memcpy(text + COUNT, "\"\"", 2);
    assert_true(parse(parser, text, COUNT + 2, &found));
    assert_int_equal(found.count, COUNT + 1);
    free(text);
    emp__quoted_parser_free(parser);
}

/* Every record that the splitter takes for well-formed is one to libcsv, and no malformed one is.
 */
static void as_the_splitter_says(void **state)
{
    (void)state;
    enum { LONGEST = 8 };
    static const char bytes[] = {'"', ',', '\n', '\r', 'a'};
    struct emp_quoted_parser *parser = new_parser(',');
    for (size_t length = 1; length <= LONGEST; length++) {
        size_t texts = 1;
        for (size_t i = 0; i < length; i++)
            texts *= sizeof bytes;
        for (size_t t = 0; t < texts; t++) {
            char text[LONGEST + 1] = "";
            size_t rest = t;
            for (size_t i = 0; i < length; i++, rest /= sizeof bytes)
                text[i] = bytes[rest % sizeof bytes];
            struct emp_record record = emp__record_next(text, length, ',', '"', true);
            struct emp_fields found;
            if (record.kind != EMP_RECORD_PLAIN &&
                parse(parser, text, record.length, &found) != (record.kind == EMP_RECORD_QUOTED))
                fail_msg("kind %d, length %zu: '%s'", (int)record.kind, record.length, text);
        }
    }
    emp__quoted_parser_free(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),
        cmocka_unit_test(other_delimiters),
        cmocka_unit_test(nul_bytes_are_data),
        cmocka_unit_test(refusals_leave_nothing_behind),
        cmocka_unit_test(random_records_come_back),
        cmocka_unit_test(long_fields_and_many_fields),
        cmocka_unit_test(as_the_splitter_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
