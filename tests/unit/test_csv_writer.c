// SPDX-License-Identifier: Apache-2.0
/* CSV files: quoting, missing values, order, threads, failures, and the text of every cell. */
#include "sink/csv_writer.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sink/table.h"

static char folder[] = "emptor-csv-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/table.csv", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static char *read_file(const char *name, size_t *length)
{
    FILE *file = fopen(name, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*length + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *length, file), *length);
    text[*length] = '\0';
    fclose(file);
    return text;
}

static struct emp_table *new_table(size_t rows)
{
    struct emp_table *table = NULL;
    assert_int_equal(emp__table_new("things", rows, &table, NULL), EMP_OK);
    return table;
}

static void add(struct emp_table *table, const char *name, emp_column_type type,
                enum emp_storage storage, void *data)
{
    struct emp_column column = {.name = name, .type = type, .storage = storage};
    if (type == EMP_COLUMN_DECIMAL)
        column.decimals = 2;
    assert_int_equal(emp__table_add(table, column, data, NULL), EMP_OK);
}

static void assert_written(const struct emp_table *table, const char *expected)
{
    size_t length = 0;
    assert_int_equal(emp__csv_write(path, table, 2, NULL), EMP_OK);
    char *text = read_file(path, &length);
    assert_string_equal(text, expected);
    free(text);
}

static void quotes_only_where_needed(void **state)
{
    (void)state;
    static const char *const texts[] = {"plain", "a b", "a,b", "say \"hi\"", "two\nlines",
                                        "cr\r",  " x",  "x\t", "\"",         "'it''s'; \xc3\xa4",
                                        "",      NULL};
    size_t rows = sizeof texts / sizeof texts[0];
    struct emp_table *table = new_table(rows);
    add(table, "the, \"text\"", EMP_COLUMN_TEXT, EMP_STORE_TEXT, NULL);
    add(table, "n", EMP_COLUMN_INTEGER, EMP_STORE_I32, NULL);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(emp__table_set_text(table, i, 0, texts[i], NULL), EMP_OK);
    assert_written(table, "\"the, \"\"text\"\"\",n\n"
                          "plain,0\na b,0\n\"a,b\",0\n\"say \"\"hi\"\"\",0\n\"two\nlines\",0\n"
                          "\"cr\r\",0\n\" x\",0\n\"x\t\",0\n\"\"\"\",0\n'it''s'; \xc3\xa4,0\n"
                          ",0\n,0\n");
    emp__table_free(table);
}

static void an_empty_line_is_never_written(void **state)
{
    (void)state;
    struct emp_table *table = new_table(2);
    double *value = NULL;
    add(table, "value", EMP_COLUMN_REAL, EMP_STORE_F64, &value);
    value[0] = NAN;
    value[1] = 0.25;
    assert_written(table, "value\n\"\"\n0.25\n");
    emp__table_free(table);
}

static void a_table_without_rows_is_its_header(void **state)
{
    (void)state;
    struct emp_table *table = new_table(0);
    assert_int_equal(emp__csv_write(path, table, 1, NULL), EMP_ERR_INTERNAL);
    add(table, "a", EMP_COLUMN_INTEGER, EMP_STORE_I64, NULL);
    add(table, "b", EMP_COLUMN_TEXT, EMP_STORE_LABEL, NULL);
    assert_written(table, "a,b\n");
    emp__table_free(table);
}

/* A table with every storage and type, missing values and an order, of many blocks. */
struct sample {
    struct emp_table *table;
    struct emp_ids ids;
    uint32_t *order;
};

enum { SAMPLE_ROWS = 30000 };

static void fill_ids(struct sample *sample)
{
    struct emp_ids *ids = &sample->ids;
    ids->count = SAMPLE_ROWS;
    ids->word = calloc(SAMPLE_ROWS, sizeof *ids->word);
    ids->text = calloc(SAMPLE_ROWS, 16);
    assert_non_null(ids->word);
    assert_non_null(ids->text);
    size_t end = 0;
    for (size_t i = 0; i < SAMPLE_ROWS; i++) {
        char digits[24];
        int count = snprintf(digits, sizeof digits, i % 2 ? "%zu" : "%09zu", i * 7919);
        assert_true(emp__id_number(digits, (size_t)count, &ids->word[i]));
        if (i < SAMPLE_ROWS / 2)
            continue;
        int length = snprintf(ids->text + end + 1, 15, i % 3 ? "C-%05zu" : "C,\"%05zu", i);
        ids->text[end] = (char)length;
        ids->word[i] = EMP_ID_TEXT | end;
        end += (size_t)length + 1;
    }
}

static void fill_numbers(struct sample *sample)
{
    struct emp_table *table = sample->table;
    int64_t *large = NULL;
    int64_t *money = NULL;
    int32_t *day = NULL;
    double *real = NULL;
    add(table, "large", EMP_COLUMN_INTEGER, EMP_STORE_I64, &large);
    add(table, "money", EMP_COLUMN_DECIMAL, EMP_STORE_I64, &money);
    add(table, "day", EMP_COLUMN_DATE, EMP_STORE_I32, &day);
    add(table, "real", EMP_COLUMN_REAL, EMP_STORE_F64, &real);
    for (int64_t i = 0; i < SAMPLE_ROWS; i++) {
        large[i] = i % 11 ? i * i * (i % 2 ? -1 : 1) : EMP_MISSING;
        money[i] = i % 13 ? i - SAMPLE_ROWS / 2 : EMP_MISSING;
        day[i] = i % 17 ? (int32_t)i : INT32_MIN;
        real[i] = i % 19 ? (double)i / 7 : NAN;
    }
}

static void fill_texts(struct sample *sample)
{
    static const char *const labels[] = {"champions", "new, promising", "a label of over 16 bytes",
                                         ""};
    struct emp_table *table = sample->table;
    uint16_t *label = NULL;
    add(table, "note", EMP_COLUMN_TEXT, EMP_STORE_TEXT, NULL);
    size_t note = emp_table_columns(table) - 1;
    add(table, "label", EMP_COLUMN_TEXT, EMP_STORE_LABEL, &label);
    assert_int_equal(emp__table_labels(table, labels, 4, NULL), EMP_OK);
    for (size_t i = 0; i < SAMPLE_ROWS; i++) {
        label[i] = i % 5 == 4 ? EMP_NO_LABEL : (uint16_t)(i % 5);
        if (i % 3 == 0)
            assert_int_equal(emp__table_set_text(table, i, note, i % 2 ? "say \"x\"" : "x", NULL),
                             EMP_OK);
    }
}

static struct sample new_sample(void)
{
    struct sample sample = {.table = new_table(SAMPLE_ROWS)};
    fill_ids(&sample);
    add(sample.table, "id", EMP_COLUMN_TEXT, EMP_STORE_ID, NULL);
    fill_numbers(&sample);
    fill_texts(&sample);
    sample.order = calloc(SAMPLE_ROWS, sizeof *sample.order);
    assert_non_null(sample.order);
    for (uint32_t i = 0; i < SAMPLE_ROWS; i++)
        sample.order[i] = (i * 7 + 3) % SAMPLE_ROWS;
    return sample;
}

static void free_sample(struct sample *sample)
{
    emp__table_free(sample->table);
    emp__ids_free(&sample->ids);
    free(sample->order);
}

/* Reads the field at `at` without its quotes into `field`; returns what follows its separator. */
static const char *next_field(const char *at, char *field, size_t size)
{
    size_t length = 0;
    bool quoted = *at == '"';
    at += quoted;
    while (quoted ? *at != '"' || at[1] == '"' : *at != ',' && *at != '\n') {
        at += quoted && *at == '"';
        assert_true(length + 1 < size);
        field[length++] = *at++;
    }
    field[length] = '\0';
    at += quoted;
    assert_true(*at == ',' || *at == '\n');
    return at + 1;
}

static void assert_cells(const struct emp_table *table, const char *text)
{
    const char *at = strchr(text, '\n') + 1;
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        for (size_t column = 0; column < emp_table_columns(table); column++) {
            char field[64];
            char expected[64];
            at = next_field(at, field, sizeof field);
            emp_table_text(table, row, column, expected, sizeof expected);
            if (strcmp(field, expected) != 0)
                assert_string_equal(field, expected);
        }
    }
    assert_int_equal(*at, '\0');
}

static void cells_and_threads(void **state)
{
    (void)state;
    struct sample sample = new_sample();
    sample.table->ids = &sample.ids;
    for (int ordered = 0; ordered < 2; ordered++) {
        sample.table->order = ordered ? sample.order : NULL;
        size_t length = 0;
        assert_int_equal(emp__csv_write(path, sample.table, 1, NULL), EMP_OK);
        char *text = read_file(path, &length);
        assert_cells(sample.table, text);
        static const int threads[] = {2, 3, 7};
        for (size_t t = 0; t < 3; t++) {
            size_t length_again = 0;
            assert_int_equal(emp__csv_write(path, sample.table, threads[t], NULL), EMP_OK);
            char *again = read_file(path, &length_again);
            assert_int_equal(length_again, length);
            assert_memory_equal(again, text, length);
            free(again);
        }
        free(text);
    }
    free_sample(&sample);
}

/* Copies a file by system calls alone, as the child of a process with threads must. */
static void copy_file(const char *from, const char *to)
{
    char bytes[4096];
    ssize_t length = 0;
    int in = open(from, O_RDONLY);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    while ((length = read(in, bytes, sizeof bytes)) > 0) {
        if (write(out, bytes, (size_t)length) != length)
            _exit(1);
    }
    _exit(length < 0 || close(out) != 0);
}

/* A pipe cannot be written at an offset: the blocks must arrive in order all the same. */
static void a_pipe_gets_the_same_bytes(void **state)
{
    (void)state;
    struct sample sample = new_sample();
    sample.table->ids = &sample.ids;
    char fifo[64];
    snprintf(fifo, sizeof fifo, "%s/pipe", folder);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        copy_file(fifo, path);
    assert_int_equal(emp__csv_write(fifo, sample.table, 3, NULL), EMP_OK);
    int exited = 0;
    assert_int_equal(waitpid(child, &exited, 0), child);
    assert_int_equal(exited, 0);
    unlink(fifo);
    size_t length = 0;
    char *text = read_file(path, &length);
    assert_cells(sample.table, text);
    free(text);
    free_sample(&sample);
}

/* The first value that must not be printed is the one named, whatever the number of threads. */
static void values_that_must_not_be_printed(void **state)
{
    (void)state;
    struct sample sample = new_sample();
    struct emp_table *table = sample.table;
    table->ids = &sample.ids;
    double *real = table->columns[emp_table_find(table, "real")].data;
    int32_t *day = table->columns[emp_table_find(table, "day")].data;
    uint16_t *label = table->columns[emp_table_find(table, "label")].data;
    label[29000] = 4;
    day[28000] = INT32_MAX;
    for (int threads = 1; threads < 5; threads++) {
        emp_error error = {0};
        real[20001] = real[25000] = INFINITY;
        assert_int_equal(emp__csv_write(path, table, threads, &error), EMP_ERR_INTERNAL);
        assert_non_null(strstr(error.message, "table things, column real, row 20001 "));
        real[20001] = real[25000] = 0;
        assert_int_equal(emp__csv_write(path, table, threads, &error), EMP_ERR_INTERNAL);
        assert_non_null(strstr(error.message, "column day, row 28000 "));
    }
    day[28000] = 0;
    emp_error error = {0};
    assert_int_equal(emp__csv_write(path, table, 2, &error), EMP_ERR_INTERNAL);
    assert_non_null(strstr(error.message, "column label, row 29000 "));
    assert_int_equal(access(path, F_OK), -1);
    free_sample(&sample);
}

static void a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct sample sample = new_sample();
    sample.table->ids = &sample.ids;
    for (int threads = 1; threads < 4; threads++) {
        emp_error error = {0};
        assert_int_equal(emp__csv_write("/dev/full", sample.table, threads, &error), EMP_ERR_IO);
        assert_string_equal(error.file, "/dev/full");
        assert_non_null(strstr(error.message, "No space left on device"));
    }
    assert_int_equal(access("/dev/full", F_OK), 0);
    emp_error error = {0};
    char nowhere[80];
    snprintf(nowhere, sizeof nowhere, "%s/no/table.csv", folder);
    assert_int_equal(emp__csv_write(nowhere, sample.table, 1, &error), EMP_ERR_CREATE);
    free_sample(&sample);
}

/* A limit of the file's size in the middle of the blocks: an error, and no part of it is left. */
static void a_failure_leaves_no_file(void **state)
{
    (void)state;
    struct sample sample = new_sample();
    sample.table->ids = &sample.ids;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    struct rlimit small = {.rlim_cur = 1000000, .rlim_max = limit.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    emp_error error = {0};
    emp_status status = emp__csv_write(path, sample.table, 2, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(status, EMP_ERR_IO);
    assert_non_null(strstr(error.message, "File too large"));
    assert_int_equal(access(path, F_OK), -1);
    free_sample(&sample);
}

static void share(struct emp_table *table, const char *name, uint16_t *codes,
                  const char *const *labels, size_t count)
{
    struct emp_column column = {.name = name, .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    assert_int_equal(emp__table_share(table, column, codes, NULL), EMP_OK);
    assert_int_equal(emp__table_labels(table, labels, count, NULL), EMP_OK);
}

/* Neighbours that are labels of the same codes are written as one; nobody must see it. */
static void labels_of_shared_codes(void **state)
{
    (void)state;
    static uint16_t codes[] = {0, 1, 2, EMP_NO_LABEL, 2}, other[] = {2, 2, 1, 0, EMP_NO_LABEL};
    static const char *const first[] = {"a", "b,c", NULL};
    static const char *const second[] = {"", "a label of more than thirty-two bytes, in fact 54 of",
                                         "say \"x\""};
    struct emp_table *table = new_table(5);
    share(table, "first", codes, first, 3);
    share(table, "second", codes, second, 3);
    share(table, "other", other, first, 3);
    share(table, "two", other, first, 2);
    other[0] = other[1] = 1;
    assert_written(table, "first,second,other,two\n"
                          "a,,\"b,c\",\"b,c\"\n"
                          "\"b,c\",\"a label of more than thirty-two bytes, in fact 54 of\","
                          "\"b,c\",\"b,c\"\n"
                          ",\"say \"\"x\"\"\",\"b,c\",\"b,c\"\n"
                          ",,a,a\n"
                          ",\"say \"\"x\"\"\",,\n");
    other[3] = 2;
    emp_error error = {0};
    assert_int_equal(emp__csv_write(path, table, 2, &error), EMP_ERR_INTERNAL);
    assert_non_null(strstr(error.message, "column two, row 3 "));
    emp__table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_only_where_needed),
        cmocka_unit_test(an_empty_line_is_never_written),
        cmocka_unit_test(a_table_without_rows_is_its_header),
        cmocka_unit_test(cells_and_threads),
        cmocka_unit_test(a_pipe_gets_the_same_bytes),
        cmocka_unit_test(labels_of_shared_codes),
        cmocka_unit_test(values_that_must_not_be_printed),
        cmocka_unit_test(a_full_disk_is_an_error),
        cmocka_unit_test(a_failure_leaves_no_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
