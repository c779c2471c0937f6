// SPDX-License-Identifier: Apache-2.0
/* From files to rows: every shape of file that users have, and every way in which one is broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <iconv.h>
#include <zlib.h>
#include <zstd.h>

#include "../lib/test_source.h"
#include "source/byte_stream.h"

enum { CHUNK = 1 << 19, LIMIT = 1 << 20 };

#define HEADER   "id,day,sum\n"
#define TOO_LONG "the line is longer than 1 MiB (1048576 bytes)"

/* Reads `text` as a.csv with one thread and with three, and expects the same of both. */
static void expect(const char *yaml, const char *text, size_t length, const char *rows,
                   const char *rejects)
{
    struct test_folder folder = test_folder_new();
    test_write(&folder, "a.csv", text, length);
    for (int threads = 1; threads <= 3; threads += 2) {
        struct test_reading *reading = test_read(&folder, yaml, threads);
        test_expect_rows(reading, rows);
        test_expect_rejects(reading, rejects);
        test_reading_free(reading);
    }
    test_folder_free(&folder);
}

static void expect_text(const char *text, const char *rows, const char *rejects)
{
    expect(TEST_YAML(""), text, strlen(text), rows, rejects);
}

static void expect_error(const char *yaml, const void *bytes, size_t length, emp_status status,
                         const char *message)
{
    struct test_folder folder = test_folder_new();
    test_write(&folder, "a.csv", bytes, length);
    for (int threads = 1; threads <= 3; threads += 2) {
        struct test_reading *reading = test_read(&folder, yaml, threads);
        assert_int_equal(reading->status, status);
        if (strncmp(reading->error.message, message, strlen(message)) != 0)
            fail_msg("'%s' does not begin with '%s'", reading->error.message, message);
        assert_null(strstr(reading->error.message, "(null)"));
        assert_string_equal(reading->error.file, test_path(&folder, "a.csv").text);
        test_reading_free(reading);
    }
    test_folder_free(&folder);
}

static void ends_of_lines_and_of_the_file(void **state)
{
    (void)state;
    const char *rows = "1 2025-01-02 300\n2 2025-01-03 450\n";
    expect_text(HEADER "1,2025-01-02,3\n2,2025-01-03,4.5\n", rows, "");
    expect_text(HEADER "1,2025-01-02,3\n2,2025-01-03,4.5", rows, "");
    expect_text(HEADER "1,2025-01-02,3\n2,2025-01-03,4.5\n\n", rows, "");
    expect_text(HEADER "1,2025-01-02,3\n2,2025-01-03,4.5\n\n\n\n", rows, "");
    expect_text("id,day,sum\r\n1,2025-01-02,3\r\n2,2025-01-03,4.5\r\n", rows, "");
    expect_text("id,day,sum\r\n1,2025-01-02,3\r\n2,2025-01-03,4.5\r", rows, "");
    expect_text("id,day,sum\r\n1,2025-01-02,3\r\n\r\n2,2025-01-03,4.5\r\n\r\n", rows, "");
    expect_text("id,day,sum\r\n1,2025-01-02,3\n2,2025-01-03,4.5\r\n", rows, "");
    expect_text("\xEF\xBB\xBFid,day,sum\n1,2025-01-02,3\n2,2025-01-03,4.5\n", rows, "");
    expect_text("\xEF\xBB\xBF\"id\",day,sum\n1,2025-01-02,3\n2,2025-01-03,4.5\n", rows, "");
    expect_text("x,sum,day,id,y\n,3,2025-01-02,1,\n,4.5,2025-01-03,2,\n", rows, "");
    expect_text(HEADER, "", "");
}

static void quoted_fields(void **state)
{
    (void)state;
    expect_text(HEADER "\"1\",\"2025-01-02\",\"3\"\n", "1 2025-01-02 300\n", "");
    expect_text(HEADER "\"a,b\",2025-01-02,3\n", "a,b 2025-01-02 300\n", "");
    expect_text(HEADER "\"say \"\"x\"\"\",2025-01-02,3\r\n", "say \"x\" 2025-01-02 300\n", "");
    expect_text(HEADER "\"a\nb\r\nc\",2025-01-02,3\n9,2025-01-02,x\n", "a\nb\r\nc 2025-01-02 300\n",
                "5 column 'sum': 'x' is not a decimal number with the mark '.'\n");
    expect_text("\"id\",\"da\"\"y\",day,sum\n1,\"\",2025-01-02,3", "1 2025-01-02 300\n", "");
}

/* One stray quote costs one line; the lines behind it are read. */
static void quotes_in_the_wrong_place(void **state)
{
    (void)state;
    const char *stray = "a quote inside a field that does not begin with one, or text behind a "
                        "closing quote";
    char rejects[400];
    snprintf(rejects, sizeof rejects, "2 %s\n4 %s\n6 a quote that is not closed\n", stray, stray);
    expect_text(HEADER "a\"b,2025-01-02,3\n1,2025-01-02,3\n\"a\"b,2025-01-02,3\n"
                       "2,2025-01-02,3\n\"a,2025-01-02,3\n3,2025-01-02,3\n",
                "1 2025-01-02 300\n2 2025-01-02 300\n3 2025-01-02 300\n", rejects);
}

static void widths(void **state)
{
    (void)state;
    expect_text(HEADER "1,2025-01-02\n1,2025-01-02,3,\n1,2025-01-02,3\n1\n,\n\"1\",\"2\"\n",
                "1 2025-01-02 300\n",
                "2 expected 3 fields, found 2\n3 expected 3 fields, found 4\n"
                "5 expected 3 fields, found 1\n6 expected 3 fields, found 2\n"
                "7 expected 3 fields, found 2\n");
    /* A line of blanks is no blank line where blanks do not separate. */
    expect_text(HEADER " \n1,2025-01-02,3\n", "1 2025-01-02 300\n",
                "2 expected 3 fields, found 1\n");
}

#define BLANKS "    delimiter: whitespace\n"

static void whitespace_delimited(void **state)
{
    (void)state;
    const char *text = "id   day sum  \r\n 007 20250102   3.50\r\n \t \r\n\r\n7\t20250103 1  \n"
                       "8 20250103\n\"8\" 20250103 2\n";
    expect(TEST_YAML(BLANKS "    time_format: \"%Y%m%d\"\n"), text, strlen(text),
           "\"8\" 2025-01-03 200\n007 2025-01-02 350\n7 2025-01-03 100\n",
           "6 expected 3 fields, found 2\n");
    text = "day\n1\n";
    expect_error(TEST_YAML(BLANKS), text, strlen(text), EMP_ERR_DATA,
                 "the header has no column 'id'");
    text = " \n1 2 3\n";
    expect_error(TEST_YAML(BLANKS), text, strlen(text), EMP_ERR_DATA,
                 "the header has no column 'id'");
}

static void without_a_header(void **state)
{
    (void)state;
    const char *yaml = "input:\n  transactions:\n    files: [a.csv]\n    header: false\n"
                       "    columns: {customer: 3, time: 1, amount: 4}\n"
                       "    where: [{column: 2, ne: x}]\n"
                       "  bad_rows: {max_share: 1}\nrfm: {}\n";
    const char *text = "2025-01-02,,a,3\n2025-01-03,x,b,4\n2025-01-04,y,c,x\n2025-01-04,y,c\n";
    expect(yaml, text, strlen(text), "a 2025-01-02 300\n",
           "3 column '4': 'x' is not a decimal number with the mark '.'\n"
           "4 expected 4 fields, found 3\n");
    text = "\xEF\xBB\xBF\"2025-01-02\",,a,3";
    expect(yaml, text, strlen(text), "a 2025-01-02 300\n", "");
}

static void other_marks(void **state)
{
    (void)state;
    const char *text = "id;day;sum\na,b;02.01.2025;1 234,5\n\"x;y\";03.01.2025;0,01\n";
    expect(TEST_YAML("    delimiter: \";\"\n    decimal: \",\"\n    thousands: \" \"\n"
                     "    time_format: \"%d.%m.%Y\"\n"),
           text, strlen(text), "a,b 2025-01-02 123450\nx;y 2025-01-03 1\n", "");
    text = "id\tday\tsum\n a \t2025-01-02T10:00:00+03:00\t5\n";
    expect(TEST_YAML("    delimiter: tab\n"), text, strlen(text), " a  2025-01-02 25200 500\n", "");
}

static void nul_bytes(void **state)
{
    (void)state;
    const char text[] = HEADER "a\0b,2025-01-02,3\n1,2025-01\0-02,3\n1,2025-01-02,3\0\n"
                               "\"\0\",2025-01-02,3\n1,2025-01-02,4\n";
    expect(TEST_YAML(""), text, sizeof text - 1, "1 2025-01-02 400\n",
           "2 column 'id': 'a?b' holds a NUL byte\n"
           "3 column 'day': '2025-01?-02' is not an ISO 8601 date or date-time like 2025-12-31 or "
           "2025-12-31T23:59:59\n"
           "4 column 'sum': '3?' is not a decimal number with the mark '.'\n"
           "5 column 'id': '?' holds a NUL byte\n");
}

static void invalid_utf8(void **state)
{
    (void)state;
    const char *reason = "is not UTF-8; set input.transactions.encoding";
    char rejects[300];
    snprintf(rejects, sizeof rejects,
             "2 column 'id': '?"
             "?' %s\n3 column 'id': 'a?' %s\n",
             reason, reason);
    expect_text(HEADER "\xc8\xe2,2025-01-02,3\n\"a\xff\",2025-01-02,3\n"
                       "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd,2025-01-02,3\n",
                "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd 2025-01-02 300\n", rejects);
}

/* The name of column `id` is looked for as bytes; elsewhere bad bytes do not matter. */
static void bytes_of_columns_that_nobody_reads(void **state)
{
    (void)state;
    expect_text("id,\xff,day,sum\n1,\xfe\0,2025-01-02,3\n", "", "2 expected 4 fields, found 2\n");
    expect_text("id,\xff,day,sum\n1,\xfe,2025-01-02,3\n", "1 2025-01-02 300\n", "");
}

/* Blank lines up to `end`, so that what follows stands where a chunk ends. */
static size_t fill_with_blank_lines(struct emp_buffer *text, size_t end)
{
    size_t lines = 0;
    for (; text->length < end; lines++)
        assert_int_equal(emp__buffer_add(text, "\n", 1, NULL), EMP_OK);
    assert_int_equal(text->length, end);
    return lines;
}

/* A quoted record of three lines at every place around the ends of the first chunks. */
static void records_across_the_end_of_a_chunk(void **state)
{
    (void)state;
    const char *record = "\"1 \"\"x\"\"\r\n\ny\",2025-01-02,\"3.50\"\r\n";
    struct test_folder folder = test_folder_new();
    struct emp_buffer text = {0};
    char rejects[100];
    for (size_t before = 0; before <= strlen(record) + 1; before++) {
        size_t line = 2;
        emp__buffer_clear(&text);
        assert_int_equal(emp__buffer_text(&text, HEADER, NULL), EMP_OK);
        for (size_t chunk = 1; chunk <= 4; chunk++) {
            line += fill_with_blank_lines(&text, chunk * CHUNK - before);
            assert_int_equal(emp__buffer_text(&text, record, NULL), EMP_OK);
            line += 3;
        }
        assert_int_equal(emp__buffer_text(&text, "3,2025-01-04,x\n", NULL), EMP_OK);
        test_write(&folder, "a.csv", text.data, text.length);
        struct test_reading *reading = test_read(&folder, TEST_YAML(""), 1 + (int)before % 2);
        test_expect_rows(reading, "1 \"x\"\r\n\ny 2025-01-02 350\n1 \"x\"\r\n\ny 2025-01-02 350\n"
                                  "1 \"x\"\r\n\ny 2025-01-02 350\n1 \"x\"\r\n\ny 2025-01-02 350\n");
        snprintf(rejects, sizeof rejects,
                 "%zu column 'sum': 'x' is not a decimal number with the mark '.'\n", line);
        test_expect_rejects(reading, rejects);
        test_reading_free(reading);
    }
    emp__buffer_free(&text);
    test_folder_free(&folder);
}

static void add_bytes(FILE *file, int byte, size_t count)
{
    char block[1 << 16];
    memset(block, byte, sizeof block);
    for (; count > sizeof block; count -= sizeof block)
        assert_int_equal(fwrite(block, 1, sizeof block, file), sizeof block);
    assert_int_equal(fwrite(block, 1, count, file), count);
}

struct raw_lengths {
    size_t count, lengths[8];
};

static emp_status note_raw(void *user, const struct emp_bad_row *row, emp_error *error)
{
    struct raw_lengths *raw = user;
    (void)error;
    if (raw->count < 8)
        raw->lengths[raw->count++] = row->reject->raw_length;
    return EMP_OK;
}

/*
 * A line of `size` bytes behind `filler` bytes of good rows: it is rejected at its line, as much of
 * it is kept wherever it lies, and the row behind it is read.
 */
static void expect_too_long(size_t filler, size_t size, bool quoted, size_t *raw_length)
{
    struct test_folder folder = test_folder_new();
    FILE *file = fopen(test_path(&folder, "a.csv").text, "wb");
    assert_non_null(file);
    fputs(HEADER, file);
    size_t rows = filler / 15;
    for (size_t i = 0; i < rows; i++)
        fputs("1,2025-01-02,0\n", file);
    fputs(quoted ? "\"" : "x", file);
    add_bytes(file, 'x', size - 2);
    fputs(quoted ? "\"" : "x", file);
    fputs("\n2,2025-01-02,7\n3,2025-01-02,x\n", file);
    assert_int_equal(fclose(file), 0);
    struct test_reading *reading = test_read(&folder, TEST_YAML(""), 2);
    assert_int_equal(reading->status, EMP_OK);
    char rejects[300];
    snprintf(rejects, sizeof rejects,
             "%zu " TOO_LONG "\n%zu column 'sum': 'x' is not a decimal number with the mark '.'\n",
             2 + rows, 4 + rows);
    test_expect_rejects(reading, rejects);
    assert_int_equal(reading->count, rows + 1);
    assert_string_equal(reading->rows[rows], "2 2025-01-02 700");
    struct raw_lengths raw = {0};
    assert_int_equal(
        emp__transactions_bad_rows(&reading->transactions, note_raw, &raw, &reading->error),
        EMP_OK);
    assert_int_equal(raw.count, 2);
    *raw_length = raw.lengths[0];
    test_reading_free(reading);
    test_folder_free(&folder);
}

static void lines_that_are_too_long(void **state)
{
    (void)state;
    static const size_t fillers[] = {0, 30, CHUNK - 30, CHUNK, 3 * CHUNK / 2};
    size_t first = 0, raw;
    for (int quoted = 0; quoted < 2; quoted++)
        for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++) {
            expect_too_long(fillers[i], LIMIT + 1, quoted, &raw);
            assert_true(raw > 0);
            first = first ? first : raw;
            assert_int_equal(raw, first);
            expect_too_long(fillers[i], 3 * LIMIT, quoted, &raw);
            assert_int_equal(raw, first);
        }
}

static void a_line_of_100_megabytes(void **state)
{
    (void)state;
    size_t raw;
    expect_too_long(30, 100000000, true, &raw);
}

static void too_long_at_the_end_of_the_file(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    for (size_t size = LIMIT; size <= 3 * LIMIT; size += LIMIT) {
        FILE *file = fopen(test_path(&folder, "a.csv").text, "wb");
        assert_non_null(file);
        fputs(HEADER "1,2025-01-02,3\n", file);
        add_bytes(file, 'x', size + 1);
        assert_int_equal(fclose(file), 0);
        struct test_reading *reading = test_read(&folder, TEST_YAML(""), 2);
        test_expect_rows(reading, "1 2025-01-02 300\n");
        test_expect_rejects(reading, "3 " TOO_LONG "\n");
        test_reading_free(reading);
    }
    test_folder_free(&folder);
}

/* The longest line that is none too long: its field is what is wrong with it, not its length. */
static void the_longest_line(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    FILE *file = fopen(test_path(&folder, "a.csv").text, "wb");
    assert_non_null(file);
    fputs("id,day,sum,note\n1,2025-01-02,3,", file);
    add_bytes(file, 'x', LIMIT - 15);
    fputs("\n2,2025-01-02,3,\"", file);
    add_bytes(file, '\n', LIMIT - 17);
    fputs("\"\n3,2025-01-02,3\n", file);
    assert_int_equal(fclose(file), 0);
    struct test_reading *reading = test_read(&folder, TEST_YAML(""), 1);
    test_expect_rows(reading, "1 2025-01-02 300\n2 2025-01-02 300\n");
    char rejects[100];
    snprintf(rejects, sizeof rejects, "%d expected 4 fields, found 3\n", 4 + LIMIT - 17);
    test_expect_rejects(reading, rejects);
    test_reading_free(reading);
    test_folder_free(&folder);
}

/* Several MiB of rows of every kind, and what must come of them. */
struct mixture {
    struct emp_buffer text, rejects;
    char **rows;
    size_t count, capacity, total;
};

static void mix(struct mixture *mixture, bool quotes)
{
    enum { ROWS = 150000 };
    uint64_t seed = 31;
    size_t line = 2;
    *mixture = (struct mixture){.total = 0};
    assert_int_equal(emp__buffer_text(&mixture->text, HEADER, NULL), EMP_OK);
    for (int i = 0; i < ROWS; i++) {
        int kind = (int)(test_random(&seed) % 200), id = (int)(test_random(&seed) % 5000);
        const char *format = "%d,2025-01-02,%d\n", *reason = NULL;
        size_t lines = 1;
        if (kind == 0)
            format = "\n", lines = 1;
        else if (kind == 1)
            format = "%d,2025-01-02\n", reason = "expected 3 fields, found 2";
        else if (kind == 2)
            format = "%d,2025-01-02,%d,\r\n", reason = "expected 3 fields, found 4";
        else if (kind == 3)
            format = "%d,2025-01-02,\n",
            reason = "column 'sum': '' is empty, expected a decimal number";
        else if (kind == 4 && quotes)
            format = "\"%d\n\",2025-01-02,%d\n", lines = 2;
        else if (kind == 5 && quotes)
            format = "\"%d,2025-01-02,%d\n", reason = "a quote that is not closed";
        else if (kind == 6 && quotes)
            format = "\"x\n\n\n%d\",2025-01-02\r\n", lines = 4,
            reason = "expected 3 fields, found 2";
        else if (kind < 100)
            format = "%d,2025-01-02,%d\r\n";
        assert_int_equal(emp__buffer_printf(&mixture->text, NULL, format, id, i), EMP_OK);
        mixture->total += format[0] != '\n';
        if (reason) {
            assert_int_equal(emp__buffer_printf(&mixture->rejects, NULL, "%zu %s\n", line, reason),
                             EMP_OK);
        } else if (format[0] != '\n') {
            char row[100];
            snprintf(row, sizeof row, "%d%s 2025-01-02 %d", id, lines == 2 ? "\n" : "", 100 * i);
            assert_int_equal(emp__grow_array(&mixture->rows, &mixture->capacity, mixture->count + 1,
                                             sizeof(char *), NULL),
                             EMP_OK);
            mixture->rows[mixture->count++] = strdup(row);
        }
        line += lines;
    }
    qsort(mixture->rows, mixture->count, sizeof(char *), test_compare_texts);
}

static void many_chunks_and_threads(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 3, 7};
    for (int quotes = 0; quotes < 2; quotes++) {
        struct test_folder folder = test_folder_new();
        struct mixture mixture;
        mix(&mixture, quotes);
        assert_true(mixture.text.length > 5 * CHUNK);
        test_write(&folder, "a.csv", mixture.text.data, mixture.text.length);
        for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
            struct test_reading *reading = test_read(&folder, TEST_YAML(""), threads[i]);
            assert_int_equal(reading->status, EMP_OK);
            assert_int_equal(test_rows_read(reading), mixture.total);
            assert_int_equal(reading->count, mixture.count);
            for (size_t row = 0; row < mixture.count; row++)
                assert_string_equal(reading->rows[row], mixture.rows[row]);
            assert_string_equal(reading->rejects.data, mixture.rejects.data);
            test_reading_free(reading);
        }
        for (size_t row = 0; row < mixture.count; row++)
            free(mixture.rows[row]);
        free(mixture.rows);
        emp__buffer_free(&mixture.text);
        emp__buffer_free(&mixture.rejects);
        test_folder_free(&folder);
    }
}

/* The rejects of several files, and rows whose money is known although they are not used. */
static void balance_of_several_files(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    test_write_text(&folder, "a.csv", HEADER "1,2025-01-02,3\n1,2025-01-05,-1\n,2025-01-02,9\n");
    test_write_text(&folder, "b.csv",
                    "sum,id,day,k\n5,2,2025-01-03,y\n2,2,2025-02-01,y\n8,2,x,y\n");
    test_write_text(&folder, "c-1.csv", "day,sum,id,k\n2025-01-02,7,3,n\n");
    struct test_reading *reading = test_read(
        &folder,
        "analysis_date: 2025-01-31\ninput:\n  transactions:\n"
        "    files: [b.csv, c-*.csv]\n    columns: {customer: id, time: day, amount: sum}\n"
        "    where: [{column: k, eq: y}]\n  bad_rows: {max_share: 1}\nrfm: {}\n",
        2);
    test_expect_rows(reading, "2 2025-01-03 500\n");
    test_expect_rejects(reading, "b.csv:4 column 'day': 'x' is not an ISO 8601 date or date-time "
                                 "like 2025-12-31 or 2025-12-31T23:59:59\n");
    const struct emp_balance *balance = &reading->transactions.balance;
    assert_int_equal(balance->rows[EMP_ROW_FILTERED_WHERE], 1);
    assert_int_equal(balance->rows[EMP_ROW_FILTERED_LATER], 1);
    assert_int_equal(balance->money[EMP_ROW_FILTERED_LATER], 200);
    assert_int_equal(balance->money[EMP_ROW_USED], 500);
    test_reading_free(reading);

    reading = test_read(&folder, TEST_YAML("    returns: drop\n    missing_customer: drop\n"), 1);
    test_expect_rows(reading, "1 2025-01-02 300\n");
    balance = &reading->transactions.balance;
    assert_int_equal(balance->rows[EMP_ROW_FILTERED_RETURN], 1);
    assert_int_equal(balance->money[EMP_ROW_FILTERED_RETURN], -100);
    assert_int_equal(balance->rows[EMP_ROW_FILTERED_MISSING], 1);
    test_reading_free(reading);
    test_folder_free(&folder);
}

/* Compressed bytes on the heap. */
struct bytes {
    unsigned char data[1 << 16];
    size_t length;
};

static void add_gzip(struct bytes *out, const char *text)
{
    z_stream zlib = {0};
    assert_int_equal(deflateInit2(&zlib, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    zlib.next_in = (unsigned char *)text;
    zlib.avail_in = (uInt)strlen(text);
    zlib.next_out = out->data + out->length;
    zlib.avail_out = (uInt)(sizeof out->data - out->length);
    assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
    out->length += zlib.total_out;
    deflateEnd(&zlib);
}

static void add_zstd(struct bytes *out, const char *text)
{
    size_t n = ZSTD_compress(out->data + out->length, sizeof out->data - out->length, text,
                             strlen(text), 3);
    assert_false(ZSTD_isError(n));
    out->length += n;
}

static void compressed(void (*add)(struct bytes *out, const char *text))
{
    const char *const parts[] = {HEADER "1,2025-", "01-02,3\n2,2025-01-03,4.5\n", "",
                                 "3,2025-01-04,1"};
    const char *rows = "1 2025-01-02 300\n2 2025-01-03 450\n3 2025-01-04 100\n";
    struct bytes bytes = {.length = 0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        add(&bytes, parts[i]);
    expect(TEST_YAML(""), (char *)bytes.data, bytes.length, rows, "");
    /* Cut anywhere in the last member, it ends early. */
    struct bytes whole = {.length = 0};
    add(&whole, HEADER "1,2025-01-02,3\n");
    for (size_t length = 5; length < whole.length; length++)
        expect_error(TEST_YAML(""), whole.data, length, EMP_ERR_DATA,
                     "the compressed data end early: the file is cut off");
}

static void gzip_files(void **state)
{
    (void)state;
    compressed(add_gzip);
}

static void zstd_files(void **state)
{
    (void)state;
    compressed(add_zstd);
}

static void damaged_files(void **state)
{
    (void)state;
    struct bytes bytes = {.length = 0};
    add_gzip(&bytes, HEADER "1,2025-01-02,3\n");
    bytes.data[bytes.length - 8] ^= 1; /* the CRC */
    expect_error(TEST_YAML(""), bytes.data, bytes.length, EMP_ERR_DATA,
                 "the compressed data are damaged");
    bytes.length = 0;
    add_gzip(&bytes, HEADER "1,2025-01-02,3\n");
    memcpy(bytes.data + bytes.length, "garbage!", 8);
    expect_error(TEST_YAML(""), bytes.data, bytes.length + 8, EMP_ERR_DATA,
                 "the compressed data are damaged");
    bytes.length = 0;
    add_zstd(&bytes, HEADER "1,2025-01-02,3\n");
    bytes.data[4] ^= 0x08; /* a reserved bit of the frame header */
    expect_error(TEST_YAML(""), bytes.data, bytes.length, EMP_ERR_DATA,
                 "the compressed data are damaged");
}

/* A compressed file of several chunks: a row more or less would be told by the balance. */
static void a_long_gzip_file(void **state)
{
    (void)state;
    enum { ROWS = 200000 };
    struct test_folder folder = test_folder_new();
    gzFile file = gzopen(test_path(&folder, "a.csv").text, "wb1");
    assert_non_null(file);
    gzputs(file, HEADER);
    for (int i = 0; i < ROWS; i++)
        gzprintf(file, "%d,2025-01-02,%d\n", i, i);
    assert_int_equal(gzclose(file), Z_OK);
    struct test_reading *reading = test_read(&folder, TEST_YAML(""), 3);
    assert_int_equal(reading->status, EMP_OK);
    assert_int_equal(reading->count, ROWS);
    assert_int_equal(reading->transactions.balance.money[EMP_ROW_USED],
                     (int64_t)ROWS * (ROWS - 1) / 2 * 100);
    test_reading_free(reading);
    test_folder_free(&folder);
}

static void windows_1251(void **state)
{
    (void)state;
    /* "Иван" and "id" in the header as a Cyrillic word: "код". */
    const char *yaml = "input:\n  transactions:\n    files: [a.csv]\n    encoding: windows-1251\n"
                       "    columns: {customer: \"\xd0\xba\xd0\xbe\xd0\xb4\", time: day, amount: "
                       "sum}\n  bad_rows: {max_share: 1}\nrfm: {}\n";
    const char *text = "\xea\xee\xe4,day,sum\r\n\xc8\xe2\xe0\xed,2025-01-02,3\r\n"
                       "\"\xc8, \xed\",2025-01-02,4\r\n\x98,2025-01-02,5\r\n";
    expect(yaml, text, strlen(text),
           "\xd0\x98, \xd0\xbd 2025-01-02 400\n"
           "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd 2025-01-02 300\n",
           "4 column '\xd0\xba\xd0\xbe\xd0\xb4': '\xef\xbf\xbd' holds bytes that are not of "
           "input.transactions.encoding\n");
}

static void utf_16(void **state)
{
    (void)state;
    const char *text = HEADER "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd,2025-01-02,3\n1,2025-01-02,4\n";
    const char *rows = "1 2025-01-02 400\n\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd 2025-01-02 300\n";
    static const char *const targets[] = {"UTF-16LE", "UTF-16BE"};
    static const char *const marks[] = {"\xff\xfe", "\xfe\xff"};
    for (int i = 0; i < 2; i++) {
        char bytes[300];
        memcpy(bytes, marks[i], 2);
        char *from = (char *)text, *to = bytes + 2;
        size_t left = strlen(text), room = sizeof bytes - 2;
        iconv_t converter = iconv_open(targets[i], "UTF-8");
        assert_int_equal(iconv(converter, &from, &left, &to, &room), 0);
        iconv_close(converter);
        expect(TEST_YAML("    encoding: utf-16\n"), bytes, sizeof bytes - room, rows, "");
        /* Half a character at the end is replaced, not dropped. */
        bytes[sizeof bytes - room] = '5';
        expect(TEST_YAML("    encoding: utf-16\n"), bytes, sizeof bytes - room + 1, rows,
               "4 expected 3 fields, found 1\n");
    }
}

/*
 * Where a character of the text does not fit in what is left of a chunk: every alignment of two-
 * and three-byte characters, and of bytes that are none.
 */
static void converted_characters_at_the_end_of_a_chunk(void **state)
{
    (void)state;
    static const char *const rows[] = {"\xc8", "\x88", "\x98"};
    struct test_folder folder = test_folder_new();
    for (size_t kind = 0; kind < sizeof rows / sizeof *rows; kind++)
        for (size_t shift = 0; shift < 4; shift++) {
            struct emp_buffer text = {0};
            size_t count = 0;
            assert_int_equal(emp__buffer_text(&text, &"xxxid,day,sum,note\n"[3 - shift], NULL),
                             EMP_OK);
            for (; text.length < 3 * CHUNK; count++) {
                assert_int_equal(emp__buffer_text(&text, "1,2025-01-02,1,", NULL), EMP_OK);
                for (int i = 0; i < 1000; i++)
                    assert_int_equal(emp__buffer_text(&text, rows[kind], NULL), EMP_OK);
                assert_int_equal(emp__buffer_text(&text, "\n", NULL), EMP_OK);
            }
            test_write(&folder, "a.csv", text.data, text.length);
            char yaml[400];
            snprintf(yaml, sizeof yaml,
                     "input:\n  transactions:\n    files: [a.csv]\n    encoding: windows-1251\n"
                     "    columns: {customer: %s, time: day, amount: sum}\nrfm: {}\n",
                     &"xxxid"[3 - shift]);
            struct test_reading *reading = test_read(&folder, yaml, 1);
            assert_int_equal(reading->status, EMP_OK);
            assert_int_equal(reading->count, count);
            assert_null(reading->rejects.data);
            test_reading_free(reading);
            emp__buffer_free(&text);
        }
    test_folder_free(&folder);
}

static void an_unknown_encoding(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct emp_byte_stream *stream = NULL;
    const emp_options options = {.threads = 1};
    test_write_text(&folder, "a.csv", HEADER);
    assert_int_equal(
        emp__byte_stream_open(test_path(&folder, "a.csv").text, "klingon", &options, &stream, NULL),
        EMP_ERR_PARAMS);
    assert_null(stream);
    test_folder_free(&folder);
}

/* One column in all three roles: an empty record is one empty field, and still a blank line. */
static void a_file_of_one_column(void **state)
{
    (void)state;
    const char *yaml = "input:\n  transactions:\n    files: [a.csv]\n"
                       "    columns: {customer: n, time: n, amount: n}\n"
                       "    time_format: \"%Y%m%d\"\n  bad_rows: {max_share: 1}\nrfm: {}\n";
    const char *text = "n\r\n20250102\r\n\r\n\n20260102\n\r\n";
    expect(yaml, text, strlen(text),
           "20250102 2025-01-02 2025010200\n20260102 2026-01-02 2026010200\n", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_of_lines_and_of_the_file),
        cmocka_unit_test(quoted_fields),
        cmocka_unit_test(quotes_in_the_wrong_place),
        cmocka_unit_test(widths),
        cmocka_unit_test(whitespace_delimited),
        cmocka_unit_test(without_a_header),
        cmocka_unit_test(other_marks),
        cmocka_unit_test(nul_bytes),
        cmocka_unit_test(invalid_utf8),
        cmocka_unit_test(bytes_of_columns_that_nobody_reads),
        cmocka_unit_test(records_across_the_end_of_a_chunk),
        cmocka_unit_test(lines_that_are_too_long),
        cmocka_unit_test(a_line_of_100_megabytes),
        cmocka_unit_test(too_long_at_the_end_of_the_file),
        cmocka_unit_test(the_longest_line),
        cmocka_unit_test(many_chunks_and_threads),
        cmocka_unit_test(balance_of_several_files),
        cmocka_unit_test(gzip_files),
        cmocka_unit_test(zstd_files),
        cmocka_unit_test(damaged_files),
        cmocka_unit_test(a_long_gzip_file),
        cmocka_unit_test(windows_1251),
        cmocka_unit_test(utf_16),
        cmocka_unit_test(converted_characters_at_the_end_of_a_chunk),
        cmocka_unit_test(an_unknown_encoding),
        cmocka_unit_test(a_file_of_one_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
