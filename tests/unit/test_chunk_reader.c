// SPDX-License-Identifier: Apache-2.0
/* How files are cut into chunks: whole records, nothing lost, lines counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_source.h"
#include "text/slack.h"

enum { CHUNK = 1 << 17, LIMIT = 1 << 20 };

/* A reader of a.csv (or of what `yaml` names), and what it needs to live. */
struct fixture {
    emp_params *params;
    struct emp_texts paths;
    struct emp_wanted_columns wanted;
    emp_options options;
    struct emp_chunk_reader *reader;
    struct emp_chunk chunk;
};

static void set_up(struct fixture *f, const struct test_folder *folder, const char *yaml)
{
    *f = (struct fixture){0};
    emp_error error;
    test_write_text(folder, "params.yaml", yaml);
    if (emp_params_load(test_path(folder, "params.yaml").text, NULL, 0, &f->params, &error) !=
        EMP_OK)
        fail_msg("parameters: %s", error.message);
    f->paths = f->params->input.files;
    f->paths.items = malloc(f->paths.count * sizeof(char *));
    assert_non_null(f->paths.items);
    for (size_t i = 0; i < f->paths.count; i++)
        f->paths.items[i] = strdup(test_path(folder, f->params->input.files.items[i]).text);
    emp__wanted_columns(&f->params->input, false, &f->wanted);
    assert_int_equal(emp__chunk_reader_new(&f->params->input.format, &f->paths, &f->wanted,
                                           &f->options, &f->reader, NULL),
                     EMP_OK);
}

static void tear_down(struct fixture *f)
{
    emp__chunk_free(&f->chunk);
    emp__chunk_reader_free(f->reader);
    emp__texts_free(&f->paths);
    emp_params_free(f->params);
}

static bool take(struct fixture *f)
{
    bool more = false;
    emp_error error;
    if (emp__chunk_reader_take(f->reader, &f->chunk, &more, &error) != EMP_OK)
        fail_msg("%s", error.message);
    return more;
}

static emp_status take_status(struct fixture *f, emp_error *error)
{
    bool more = false;
    emp_status status = EMP_OK;
    do
        status = emp__chunk_reader_take(f->reader, &f->chunk, &more, error);
    while (status == EMP_OK && more);
    return status;
}

static uint64_t count_lines(const char *text, size_t length)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

/* Takes all chunks: put together they are the file without its header. */
static size_t check_all(struct fixture *f, const char *text, size_t length)
{
    size_t at = 0, chunks = 0;
    for (; take(f); chunks++) {
        const struct emp_chunk *chunk = &f->chunk;
        assert_int_equal(chunk->index, chunks);
        assert_false(chunk->too_long);
        assert_true(at + chunk->length <= length);
        assert_memory_equal(chunk->text, text + at, chunk->length);
        assert_true(chunk->text[chunk->length - 1] == '\n' || at + chunk->length == length);
        assert_true(chunk->has_quote || !memchr(chunk->text, '"', chunk->length));
        assert_true(chunk->capacity >= chunk->length + EMP_TEXT_SLACK);
        at += chunk->length;
        emp__chunk_reader_done(f->reader, chunk, 1, count_lines(chunk->text, chunk->length));
    }
    assert_int_equal(at, length);
    return chunks;
}

static void put_rows(struct emp_buffer *text, const char *row, size_t bytes)
{
    while (text->length < bytes)
        assert_int_equal(emp__buffer_text(text, row, NULL), EMP_OK);
}

static void write_buffer(const struct test_folder *folder, const char *name,
                         const struct emp_buffer *text)
{
    test_write(folder, name, text->data, text->length);
}

static void chunks_are_the_file(void **state)
{
    (void)state;
    static const char *const rows[] = {"1,2025-01-02,3\n", "1,2025-01-02,3\r\n",
                                       "\"1\n\"\"2\",2025-01-02,\"3\"\r\n"};
    struct test_folder folder = test_folder_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct emp_buffer text = {0};
        struct fixture f;
        const char header[] = "id,day,sum\n";
        put_rows(&text, header, 1);
        put_rows(&text, rows[i], 5 * CHUNK / 2);
        text.length--; /* no line feed at the end */
        write_buffer(&folder, "a.csv", &text);
        set_up(&f, &folder, TEST_YAML(""));
        size_t chunks = check_all(&f, text.data + strlen(header), text.length - strlen(header));
        assert_in_range(chunks, 2, 4);
        size_t files;
        const struct emp_input_file *file = emp__chunk_reader_files(f.reader, &files);
        assert_int_equal(files, 1);
        assert_int_equal(file->bytes, text.length);
        assert_int_equal(file->rows, chunks);
        emp__chunk_reader_number(f.reader);
        assert_int_equal(emp__chunk_reader_line(f.reader, 0), 2);
        tear_down(&f);
        emp__buffer_free(&text);
    }
    test_folder_free(&folder);
}

/* The line at which each chunk begins, with a header of two lines and several files. */
static void lines_of_chunks(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct emp_buffer text = {0};
    struct fixture f;
    put_rows(&text, "\"id\",day,\"sum\",\"x\ny\"\n", 1);
    put_rows(&text, "1,2025-01-02,3,\n", 3 * CHUNK);
    write_buffer(&folder, "b.csv", &text);
    test_write_text(&folder, "a.csv", "id,day,sum\n1,2025-01-02,3\n");
    set_up(&f, &folder,
           "input:\n  transactions:\n    files: [a.csv, b.csv]\n"
           "    columns: {customer: id, time: day, amount: sum}\nrfm: {}\n");
    uint64_t line = 3, index = 0;
    for (; take(&f); index++) {
        uint64_t lines = count_lines(f.chunk.text, f.chunk.length);
        emp__chunk_reader_done(f.reader, &f.chunk, lines, lines);
        assert_int_equal(f.chunk.file, index > 0);
        assert_int_equal(emp__chunk_reader_file(f.reader, index), index > 0);
        emp__chunk_reader_number(f.reader);
        assert_int_equal(emp__chunk_reader_line(f.reader, index), index == 0 ? 2 : line);
        if (index > 0)
            line += lines;
    }
    assert_true(index >= 3);
    size_t files;
    const struct emp_input_file *file = emp__chunk_reader_files(f.reader, &files);
    assert_int_equal(file[0].rows, 1);
    assert_int_equal(file[1].rows, line - 3);
    tear_down(&f);
    emp__buffer_free(&text);
    test_folder_free(&folder);
}

/* A line that no chunk can hold comes as a chunk of its own, cut, and the next one goes on. */
static void a_line_that_is_too_long(void **state)
{
    (void)state;
    enum { HUGE_LINE = 3 * LIMIT };
    struct test_folder folder = test_folder_new();
    struct emp_buffer text = {0};
    struct fixture f;
    put_rows(&text, "id,day,sum\n", 1);
    put_rows(&text, "x", HUGE_LINE);
    put_rows(&text, "\n1,2025-01-02,3\n", HUGE_LINE + 1);
    write_buffer(&folder, "a.csv", &text);
    set_up(&f, &folder, TEST_YAML(""));
    assert_true(take(&f));
    assert_true(f.chunk.too_long);
    assert_in_range(f.chunk.length, 1, LIMIT);
    emp__chunk_reader_done(f.reader, &f.chunk, 1, 1);
    assert_true(take(&f));
    assert_false(f.chunk.too_long);
    assert_int_equal(f.chunk.length, 15);
    assert_memory_equal(f.chunk.text, "1,2025-01-02,3\n", 15);
    emp__chunk_reader_number(f.reader);
    assert_int_equal(emp__chunk_reader_line(f.reader, 1), 3);
    assert_false(take(&f));
    assert_false(take(&f));
    tear_down(&f);
    emp__buffer_free(&text);
    test_folder_free(&folder);
}

/* The message begins as it must; the words behind that are for tests/cli to pin down. */
static void expect_message(const emp_error *error, const char *beginning)
{
    if (strncmp(error->message, beginning, strlen(beginning)) != 0)
        fail_msg("'%s' does not begin with '%s'", error->message, beginning);
}

static void expect_header_error(const char *yaml, const char *text, size_t length,
                                emp_status status, uint64_t line, const char *message)
{
    struct test_folder folder = test_folder_new();
    struct fixture f;
    emp_error error = {.status = EMP_OK};
    test_write(&folder, "a.csv", text, length);
    set_up(&f, &folder, yaml);
    assert_int_equal(take_status(&f, &error), status);
    expect_message(&error, message);
    assert_int_equal(error.line, line);
    assert_string_equal(error.file, test_path(&folder, "a.csv").text);
    /* The reader has stopped: what follows are echoes. */
    assert_int_equal(take_status(&f, &error), EMP_ERR_CANCELLED);
    tear_down(&f);
    /* A check says the same. */
    set_up(&f, &folder, yaml);
    assert_int_equal(emp__chunk_reader_check(f.reader, &error), status);
    expect_message(&error, message);
    tear_down(&f);
    test_folder_free(&folder);
}

#define BY_NUMBER                                                                                  \
    "input:\n  transactions:\n    files: [a.csv]\n    header: false\n"                             \
    "    columns: {customer: 1, time: 2, amount: 4}\nrfm: {}\n"

static void headers_that_will_not_do(void **state)
{
    (void)state;
    const char *yaml = TEST_YAML("");
    struct emp_buffer text = {0};
    expect_header_error(yaml, "", 0, EMP_ERR_DATA, 1, "the file is empty, expected a header");
    expect_header_error(yaml, "\xEF\xBB\xBF", 3, EMP_ERR_DATA, 1,
                        "the file is empty, expected a header");
    expect_header_error(yaml, "id,day,summ\n", 12, EMP_ERR_DATA, 1,
                        "the header has no column 'sum'; did you mean 'summ'?");
    expect_header_error(yaml, "id;day;sum\n", 11, EMP_ERR_DATA, 1, "the header has no column 'id'");
    expect_header_error(yaml, "id,day,sum,id\n", 14, EMP_ERR_DATA, 1,
                        "the header has the column 'id' twice, as column 1 and 4");
    expect_header_error(yaml, "id,day,\"sum\n1,2\n", 16, EMP_ERR_DATA, 1,
                        "the first record has a quote in the wrong place");
    expect_header_error(yaml, "id,d\"ay,sum\n", 12, EMP_ERR_DATA, 1,
                        "the first record has a quote in the wrong place");
    expect_header_error(BY_NUMBER, "1,2,3\n", 6, EMP_ERR_DATA, 1,
                        "there is no column 4: the first record has 3 fields");
    put_rows(&text, "id,day,sum,", LIMIT + 1);
    expect_header_error(yaml, text.data, text.length, EMP_ERR_DATA, 1,
                        "the first line is longer than 1 MiB");
    emp__buffer_clear(&text);
    put_rows(&text, ",", 65537);
    expect_header_error(yaml, text.data, text.length, EMP_ERR_DATA, 1,
                        "the first record has more than 65536 fields");
    emp__buffer_free(&text);
}

static void only_a_header_has_no_chunks(void **state)
{
    (void)state;
    static const char *const texts[] = {"id,day,sum\n", "id,day,sum", "id,day,sum\r\n",
                                        "\xEF\xBB\xBF\"id\",day,\"sum\"\n"};
    struct test_folder folder = test_folder_new();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct fixture f;
        test_write_text(&folder, "a.csv", texts[i]);
        set_up(&f, &folder, TEST_YAML(""));
        assert_false(take(&f));
        size_t files;
        const struct emp_input_file *file = emp__chunk_reader_files(f.reader, &files);
        assert_int_equal(file->bytes, strlen(texts[i]));
        assert_int_equal(file->columns.total, 3);
        tear_down(&f);
    }
    test_folder_free(&folder);
}

/* Without a header an empty file is a file without rows. */
static void an_empty_file_without_header(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct fixture f;
    test_write_text(&folder, "a.csv", "");
    set_up(&f, &folder, BY_NUMBER);
    assert_false(take(&f));
    tear_down(&f);
    test_folder_free(&folder);
}

static void a_missing_file_and_a_folder(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct fixture f;
    emp_error error;
    set_up(&f, &folder, TEST_YAML(""));
    assert_int_equal(take_status(&f, &error), EMP_ERR_NO_INPUT);
    tear_down(&f);
    set_up(&f, &folder,
           "input:\n  transactions:\n    files: [.]\n"
           "    columns: {customer: id, time: day, amount: sum}\nrfm: {}\n");
    assert_int_equal(take_status(&f, &error), EMP_ERR_NO_INPUT);
    assert_string_equal(error.message, "is a folder, expected a file");
    tear_down(&f);
    test_folder_free(&folder);
}

struct watched {
    uint64_t rows, bytes, total, calls, cancel_at;
};

static void on_progress(void *user, const emp_progress *progress)
{
    struct watched *watched = user;
    assert_true(progress->bytes >= watched->bytes && progress->rows >= watched->rows);
    watched->bytes = progress->bytes;
    watched->rows = progress->rows;
    watched->total = progress->bytes_total;
    watched->calls++;
}

static bool on_cancelled(void *user)
{
    const struct watched *watched = user;
    return watched->cancel_at && watched->calls >= watched->cancel_at;
}

static void progress_and_cancelling(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct emp_buffer text = {0};
    struct fixture f;
    struct watched watched = {0};
    put_rows(&text, "id,day,sum\n", 1);
    put_rows(&text, "1,2025-01-02,3\n", 4 * CHUNK);
    write_buffer(&folder, "a.csv", &text);
    set_up(&f, &folder, TEST_YAML(""));
    f.options.progress = on_progress;
    f.options.cancelled = on_cancelled;
    f.options.user = &watched;
    while (take(&f))
        emp__chunk_reader_done(f.reader, &f.chunk, 10, 10);
    assert_int_equal(watched.bytes, text.length);
    assert_int_equal(watched.total, text.length);
    assert_true(watched.rows >= 40 && watched.rows % 10 == 0);
    tear_down(&f);

    watched = (struct watched){.cancel_at = 2};
    set_up(&f, &folder, TEST_YAML(""));
    f.options.progress = on_progress;
    f.options.cancelled = on_cancelled;
    f.options.user = &watched;
    assert_int_equal(take_status(&f, NULL), EMP_ERR_CANCELLED);
    assert_int_equal(watched.calls, 2);
    tear_down(&f);
    emp__buffer_free(&text);
    test_folder_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_are_the_file),
        cmocka_unit_test(lines_of_chunks),
        cmocka_unit_test(a_line_that_is_too_long),
        cmocka_unit_test(headers_that_will_not_do),
        cmocka_unit_test(only_a_header_has_no_chunks),
        cmocka_unit_test(an_empty_file_without_header),
        cmocka_unit_test(a_missing_file_and_a_folder),
        cmocka_unit_test(progress_and_cancelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
