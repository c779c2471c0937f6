// SPDX-License-Identifier: Apache-2.0
/* The customers file: its columns by customer, its bad rows, and the customers that it adds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <zlib.h>

#include "../lib/test_folder.h"
#include "base/buffer.h"
#include "history/id_order.h"
#include "run/run_history.h"
#include "text/number_format.h"

enum { COLUMNS_MAX = 6 };

/* A history, read as an analysis would have it that names these columns. */
struct reading {
    emp_params *params;
    emp_options options;
    struct emp_column_ref columns[COLUMNS_MAX];
    emp_history *history;
    emp_status status;
    emp_error error;
};

/* `names`: words with blanks between, numbers if they look like it; one behind an @ is wanted as a
   category. */
static void want(struct reading *reading, const char *names)
{
    for (size_t i = 0; *names; i++) {
        enum emp_attribute_kind kind =
            *names == '@' ? EMP_ATTRIBUTE_CATEGORY : EMP_ATTRIBUTE_NUMBER;
        names += kind == EMP_ATTRIBUTE_CATEGORY;
        size_t length = strcspn(names, " ");
        struct emp_column_ref *column = &reading->columns[i];
        assert_true(i < COLUMNS_MAX);
        column->name = strndup(names, length);
        column->number = strtol(column->name, NULL, 10);
        assert_int_equal(emp__attribute_wish(&reading->params->attributes, kind, column, NULL),
                         EMP_OK);
        names += length + (names[length] == ' ');
    }
}

/* `alone`: as if the parameters had no transactions. */
static struct reading *read_with(const struct test_folder *folder, const char *yaml,
                                 const char *names, bool alone, const emp_options *options)
{
    struct reading *reading = calloc(1, sizeof *reading);
    assert_non_null(reading);
    test_write_text(folder, "params.yaml", yaml);
    reading->options = *options;
    if (emp_params_load(test_path(folder, "params.yaml").text, NULL, 0, &reading->params,
                        &reading->error) != EMP_OK)
        fail_msg("parameters: line %d: %s", (int)reading->error.line, reading->error.message);
    if (alone)
        emp__texts_free(&reading->params->input.files);
    want(reading, names);
    reading->status =
        emp__history_read_all(reading->params, &reading->options, test_path(folder, "out").text,
                              &reading->history, &reading->error);
    return reading;
}

static void free_reading(struct reading *reading)
{
    emp_history_free(reading->history);
    emp_params_free(reading->params);
    for (size_t i = 0; i < COLUMNS_MAX; i++)
        free(reading->columns[i].name);
    free(reading);
}

static void add_number(double value, struct emp_buffer *text)
{
    if (isnan(value))
        emp__buffer_text(text, " -", NULL);
    else
        emp__buffer_printf(text, NULL, " %.17g", value);
}

static void add_level(const struct emp_category *category, size_t customer, struct emp_buffer *text)
{
    uint32_t code = category->codes[customer];
    if (code == EMP_NO_LEVEL) {
        emp__buffer_text(text, " -", NULL);
        return;
    }
    assert_true(code < category->levels.count);
    emp__buffer_printf(text, NULL, " %s", category->levels.texts[code]);
}

/* "ID PURCHASES: VALUE ..." for each customer in order of id, "-" for a missing value; numbers
   first, then categories. */
static char *customers_text(const emp_history *history)
{
    const struct emp_attributes *attributes = &history->attributes;
    const struct emp_customers *customers = &history->customers;
    struct emp_id_runs runs = {customers->first, customers->partitions, customers->store};
    uint32_t *by_id = malloc((customers->ids.count + 1) * sizeof *by_id);
    struct emp_buffer text = {0};
    assert_non_null(by_id);
    assert_int_equal(emp__id_order_runs(&customers->ids, runs, 1, by_id, NULL), EMP_OK);
    assert_int_equal(emp__buffer_text(&text, "", NULL), EMP_OK);
    for (size_t i = 0; i < customers->ids.count; i++) {
        char digits[24];
        size_t length;
        const char *id = emp__id_bytes(&customers->ids, by_id[i], digits, &length);
        emp__buffer_printf(&text, NULL, "%.*s %d:", (int)length, id,
                           (int)customers->summary[by_id[i]].purchases);
        for (size_t c = 0; c < attributes->count; c++)
            add_number(attributes->values[c][by_id[i]], &text);
        for (size_t c = 0; c < attributes->category_count; c++)
            add_level(&attributes->categories[c], by_id[i], &text);
        emp__buffer_text(&text, "\n", NULL);
    }
    free(by_id);
    return text.data;
}

static emp_status note(void *user, const struct emp_bad_row *row, emp_error *error)
{
    return emp__buffer_printf(user, error, "%s:%d %.*s|%.*s\n", strrchr(row->path, '/') + 1,
                              (int)row->line, (int)row->reject->reason_length, row->reject->reason,
                              (int)row->reject->raw_length, row->reject->raw);
}

/* "FILE:LINE REASON|RECORD" for each bad row of the customers file. */
static char *bad_rows_text(const emp_history *history)
{
    struct emp_buffer text = {0};
    const struct emp_bad_rows rows = {history->customer_file.reader,
                                      history->customer_file.rejects};
    const struct emp_bad_row_visitor visitor = {&text, note};
    assert_int_equal(emp__buffer_text(&text, "", NULL), EMP_OK);
    assert_int_equal(emp__bad_rows_each(rows, visitor, NULL), EMP_OK);
    return text.data;
}

/* Reads with several numbers of threads, and expects the same of all. */
static void expect(const struct test_folder *folder, const char *yaml, const char *names,
                   bool alone, const char *customers, const char *bad_rows)
{
    static const int threads[] = {1, 2, 3, 7};
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        const emp_options options = {.threads = threads[i]};
        struct reading *reading = read_with(folder, yaml, names, alone, &options);
        if (reading->status != EMP_OK)
            fail_msg("%s:%d: %s", reading->error.file, (int)reading->error.line,
                     reading->error.message);
        char *found = customers_text(reading->history), *bad = bad_rows_text(reading->history);
        assert_string_equal(found, customers);
        assert_string_equal(bad, bad_rows);
        free(found);
        free(bad);
        free_reading(reading);
    }
}

static void expect_error(const struct test_folder *folder, const char *yaml, const char *names,
                         emp_status status, const char *message)
{
    const emp_options options = {.threads = 2};
    struct reading *reading = read_with(folder, yaml, names, false, &options);
    char text[1024];
    assert_int_equal(reading->status, status);
    emp_error_text(&reading->error, text, sizeof text);
    assert_non_null(strstr(text, message));
    free_reading(reading);
}

#define YAML(more)                                                                                 \
    "input:\n"                                                                                     \
    "  transactions: {files: a.csv, columns: {customer: id, time: day, amount: sum}}\n"            \
    "  customers:\n"                                                                               \
    "    files: [c.csv]\n"                                                                         \
    "    columns: {customer: id}\n" more "  bad_rows: {max_share: 1}\n"                            \
    "rfm: {}\n"

#define TRANSACTIONS "id,day,sum\n1,2025-01-02,3\nann,2025-01-03,5\n1,2025-01-04,1\n"

static struct test_folder folder_with(const char *customers)
{
    struct test_folder folder = test_folder_new();
    test_write_text(&folder, "a.csv", TRANSACTIONS);
    test_write_text(&folder, "c.csv", customers);
    return folder;
}

static void customers_of_both_inputs(void **state)
{
    (void)state;
    struct test_folder folder =
        folder_with("name,id,age,income\nX,7,40,1e3\n\"Y, \"\"Z\"\"\",ann,30.5,\n,1, 20 ,-0.25\n"
                    "v,\"bob \"\"B\"\"\",,NaNa\n");
    expect(&folder, YAML(""), "age", false, "1 2: 20\n7 0: 40\nann 1: 30.5\nbob \"B\" 0: -\n", "");
    expect(&folder, YAML(""), "income age", false, "1 2: -0.25 20\n7 0: 1000 40\nann 1: - 30.5\n",
           "c.csv:5 column 'income': 'NaNa' is not a number with the decimal mark '.'|"
           "v,\"bob \"\"B\"\"\",,NaNa\n");
    expect(&folder, YAML(""), "", false, "1 2:\n7 0:\nann 1:\nbob \"B\" 0:\n", "");
    expect(&folder, YAML(""), "age age id", true, "1 0: 20 1\n7 0: 40 7\n",
           "c.csv:3 column 'id': 'ann' is not a number with the decimal mark '.'|"
           "\"Y, \"\"Z\"\"\",ann,30.5,\n"
           "c.csv:5 column 'id': 'bob \"B\"' is not a number with the decimal mark '.'|"
           "v,\"bob \"\"B\"\"\",,NaNa\n");
    test_folder_free(&folder);
}

static void a_file_without_rows(void **state)
{
    (void)state;
    struct test_folder folder = folder_with("id,age\n");
    expect(&folder, YAML(""), "age", false, "1 2: -\nann 1: -\n", "");
    expect(&folder, YAML(""), "age", true, "", "");
    test_folder_free(&folder);
}

static void missing_values(void **state)
{
    (void)state;
    struct test_folder folder =
        folder_with("id,x\n1,NA\n2,\n3, \t\n4,NULL\n5,\"\"\n6,na\n7,inf\n8,1e999\n9,0x10\n");
    expect(&folder, YAML("    missing: [NA, \"NULL\"]\n"), "x", true,
           "1 0: -\n2 0: -\n3 0: -\n4 0: -\n5 0: -\n",
           "c.csv:7 column 'x': 'na' is not a number with the decimal mark '.'|6,na\n"
           "c.csv:8 column 'x': 'inf' is not a number with the decimal mark '.'|7,inf\n"
           "c.csv:9 column 'x': '1e999' is too large|8,1e999\n"
           "c.csv:10 column 'x': '0x10' is not a number with the decimal mark '.'|9,0x10\n");
    test_folder_free(&folder);
}

static void bad_ids_and_records(void **state)
{
    (void)state;
    struct test_folder folder =
        folder_with("id,x\n,1\n \t,2\n\xFF,3\n\n4\n5,5,5\n6,\"6\"s\n7,\"7\n8,8\n");
    expect(&folder, YAML(""), "x", true, "8 0: 8\n",
           "c.csv:2 column 'id': '' is empty, expected a customer id|,1\n"
           "c.csv:3 column 'id': ' ?' is empty, expected a customer id| \t,2\n"
           "c.csv:4 column 'id': '?' is not UTF-8; set input.customers.encoding|\xFF,3\n"
           "c.csv:6 expected 2 fields, found 1|4\n"
           "c.csv:7 expected 2 fields, found 3|5,5,5\n"
           "c.csv:8 a quote inside a field that does not begin with one, or text behind a closing "
           "quote|6,\"6\"s\n"
           "c.csv:9 a quote that is not closed|7,\"7\n");
    test_folder_free(&folder);
}

static void a_customer_twice(void **state)
{
    (void)state;
    struct test_folder folder = folder_with("id,x\n7,1\nann,2\n7,3\n8,no\n8,4\nann,5\n7,6\n9,-\n");
    test_write_text(&folder, "c2.csv", "x,id\n\n8,ann\n9,bob\n");
    expect(&folder, YAML("") "", "x", true, "7 0: 1\n8 0: 4\nann 0: 2\n",
           "c.csv:4 column 'id': '7' is on line 2 already|7\n"
           "c.csv:5 column 'x': 'no' is not a number with the decimal mark '.'|8,no\n"
           "c.csv:7 column 'id': 'ann' is on line 3 already|ann\n"
           "c.csv:8 column 'id': '7' is on line 2 already|7\n"
           "c.csv:9 column 'x': '-' is not a number with the decimal mark '.'|9,-\n");
    test_write_text(&folder, "c.csv", "id,x\n7,1\nann,2\n");
    const char *two = "input:\n"
                      "  transactions: {files: a.csv, columns: {customer: id, time: day, amount: "
                      "sum}}\n"
                      "  customers: {files: [c.csv, c2.csv, c.csv], columns: {customer: id}}\n"
                      "rfm: {}\n";
    const emp_options options = {.threads = 1};
    struct reading *reading = read_with(&folder, two, "x", true, &options);
    char *bad = bad_rows_text(reading->history);
    assert_non_null(strstr(bad, "c2.csv:3 column 'id': 'ann' is on line 3 of "));
    assert_non_null(strstr(bad, "/c.csv already|ann\n"));
    assert_int_equal(reading->history->customer_file.used, 3);
    assert_int_equal(reading->history->customer_file.rejected, 1);
    free(bad);
    free_reading(reading);
    test_folder_free(&folder);
}

/* All rows are of one customer. */
static void one_customer_many_times(void **state)
{
    enum { ROWS = 20000 };
    struct emp_buffer text = {0};
    (void)state;
    assert_int_equal(emp__buffer_text(&text, "id,x\n", NULL), EMP_OK);
    for (int i = 0; i < ROWS; i++)
        emp__buffer_printf(&text, NULL, "ann,%d\n", i);
    struct test_folder folder = folder_with(text.data);
    const emp_options options = {.threads = 3};
    struct reading *reading = read_with(&folder, YAML(""), "x", false, &options);
    assert_int_equal(reading->status, EMP_OK);
    char *found = customers_text(reading->history);
    assert_string_equal(found, "1 2: -\nann 1: 0\n");
    assert_int_equal(reading->history->customer_file.used, 1);
    assert_int_equal(reading->history->customer_file.rejected, ROWS - 1);
    free(found);
    free_reading(reading);
    emp__buffer_free(&text);
    test_folder_free(&folder);
}

static void formats(void **state)
{
    (void)state;
    struct test_folder folder = folder_with("\xC0\xED\xED\xE0;x;1.234,5\n2;y;-,25e1\n");
    const char *yaml = "input:\n"
                       "  transactions: {files: a.csv, columns: {customer: id, time: day, amount: "
                       "sum}}\n"
                       "  customers:\n"
                       "    files: [c.csv]\n"
                       "    columns: {customer: 1}\n"
                       "    delimiter: \";\"\n"
                       "    decimal: \",\"\n"
                       "    thousands: \".\"\n"
                       "    encoding: windows-1251\n"
                       "    header: false\n"
                       "rfm: {}\n";
    expect(&folder, yaml, "3", true, "2 0: -2.5\nАнна 0: 1234.5\n", "");
    expect_error(&folder, yaml, "4", EMP_ERR_DATA,
                 "c.csv:1: there is no column 4: the first record has 3 fields");
    test_folder_free(&folder);
}

static void columns_that_are_not_there(void **state)
{
    (void)state;
    struct test_folder folder = folder_with("id,Age,Age2\n1,2,3\n");
    expect_error(&folder, YAML(""), "age", EMP_ERR_DATA,
                 "c.csv:1: the header has no column 'age'; did you mean 'Age'?");
    test_write_text(&folder, "c.csv", "ID,x\n1,2\n");
    expect_error(&folder, YAML(""), "x", EMP_ERR_DATA,
                 "c.csv:1: the header has no column 'id'; did you mean 'ID'?");
    test_write_text(&folder, "c.csv", "");
    expect_error(&folder, YAML(""), "x", EMP_ERR_DATA, "c.csv:1: the file is empty");
    test_folder_free(&folder);
}

/* "COLUMN: LEVEL|LEVEL|...\n" for each category. */
static char *levels_text(const emp_history *history)
{
    struct emp_buffer text = {0};
    assert_int_equal(emp__buffer_text(&text, "", NULL), EMP_OK);
    for (size_t c = 0; c < history->attributes.category_count; c++) {
        const struct emp_category *category = &history->attributes.categories[c];
        assert_ptr_equal(emp__attributes_category(&history->attributes, category->name), category);
        emp__buffer_printf(&text, NULL, "%s:", category->name);
        for (size_t i = 0; i < category->levels.count; i++)
            emp__buffer_printf(&text, NULL, "%c%s", i ? '|' : ' ', category->levels.texts[i]);
        emp__buffer_text(&text, "\n", NULL);
    }
    return text.data;
}

static void expect_levels(const struct test_folder *folder, const char *names, const char *levels)
{
    for (int threads = 1; threads <= 3; threads++) {
        const emp_options options = {.threads = threads};
        struct reading *reading =
            read_with(folder, YAML("    missing: [NA]\n"), names, false, &options);
        assert_int_equal(reading->status, EMP_OK);
        char *found = levels_text(reading->history);
        assert_string_equal(found, levels);
        assert_null(emp__attributes_category(&reading->history->attributes, "no such column"));
        free(found);
        free_reading(reading);
    }
}

/* Levels are what the fields say, byte by byte; a column may be a category and numbers. */
static void categories(void **state)
{
    (void)state;
    struct test_folder folder =
        folder_with("id,region,size\n7,south,10\nann,\"north, \"\"a\"\"\",2\n8, \t,\n9,NA,10\n"
                    "10, south,2\n11,Süd,1e1\n12,South,02\n7,west,3\n");
    const char *bad = "c.csv:9 column 'id': '7' is on line 2 already|7\n";
    expect(&folder, YAML("    missing: [NA]\n"), "@region", false,
           "1 2: -\n7 0: south\n8 0: -\n9 0: -\n10 0:  south\n11 0: Süd\n12 0: South\n"
           "ann 1: north, \"a\"\n",
           bad);
    expect(&folder, YAML("    missing: [NA]\n"), "@size size @size @region", false,
           "1 2: - - -\n7 0: 10 10 south\n8 0: - - -\n9 0: 10 10 -\n10 0: 2 2  south\n"
           "11 0: 10 1e1 Süd\n12 0: 2 02 South\nann 1: 2 2 north, \"a\"\n",
           bad);
    expect_levels(&folder, "@region size @size",
                  "region:  south|South|Süd|north, \"a\"|south|west\nsize: 02|10|1e1|2|3\n");
    test_write_text(&folder, "c.csv", "id,region\n7,\n");
    expect_levels(&folder, "@region", "region:\n");
    test_folder_free(&folder);
}

static void bad_categories(void **state)
{
    char longest[EMP_ID_MAX + 1], bad[700];
    (void)state;
    memset(longest, 'x', EMP_ID_MAX);
    longest[EMP_ID_MAX] = '\0';
    struct emp_buffer text = {0};
    emp__buffer_printf(&text, NULL, "id,c,n\n1,%s,1\n2,x%s,1\n3,\xFF,1\n4,ab,no\n", longest,
                       longest);
    emp__buffer_add(&text, "5,a\0b,1\n", 8, NULL);
    struct test_folder folder = test_folder_new();
    test_write_text(&folder, "a.csv", TRANSACTIONS);
    test_write(&folder, "c.csv", text.data, text.length);
    const emp_options options = {.threads = 2};
    struct reading *reading = read_with(&folder, YAML(""), "@c n", true, &options);
    assert_int_equal(reading->status, EMP_OK);
    char *found = bad_rows_text(reading->history), *levels = levels_text(reading->history);
    snprintf(bad, sizeof bad,
             "c.csv:3 column 'c': '%.60s...' is longer than 255 bytes, the longest category|"
             "2,x%s,1\n"
             "c.csv:4 column 'c': '?' is not UTF-8; set input.customers.encoding|3,\xFF,1\n"
             "c.csv:5 column 'n': 'no' is not a number with the decimal mark '.'|4,ab,no\n"
             "c.csv:6 column 'c': 'a?b' holds a NUL byte|5,a",
             longest, longest);
    assert_memory_equal(found, bad, strlen(bad));
    assert_memory_equal(levels, "c: xxx", 6); /* and not that of the row with a bad number */
    assert_int_equal(strlen(levels), strlen("c: \n") + EMP_ID_MAX);
    free(levels);
    free(found);
    free_reading(reading);
    emp__buffer_free(&text);
    test_folder_free(&folder);
}

/* A text that is of another encoding is converted; bytes that are not of it make a bad row. */
static void categories_of_another_encoding(void **state)
{
    (void)state;
    struct test_folder folder = folder_with("id,c\n1,\xDE\xE3\n2,\x98\n3,A\n");
    expect(&folder, YAML("    encoding: windows-1251\n"), "@c", true, "1 0: Юг\n3 0: A\n",
           "c.csv:3 column 'c': '\xEF\xBF\xBD' holds bytes that are not of "
           "input.customers.encoding|2,\xEF\xBF\xBD\n");
    test_folder_free(&folder);
}

/* Each row has another text; whichever thread has them, all together are too many or not. */
static void too_many_levels(void **state)
{
    (void)state;
    struct test_folder folder = folder_with("");
    for (int more = 0; more <= 1; more++) {
        struct emp_buffer text = {0};
        emp__buffer_text(&text, "id,c,d\n", NULL);
        for (int i = 0; i < EMP_LEVELS_MAX + more; i++)
            emp__buffer_printf(&text, NULL, "%d,some text %d,x\n", i, i);
        test_write_text(&folder, "c.csv", text.data);
        emp__buffer_free(&text);
        for (int threads = 1; threads <= 3; threads++) {
            const emp_options options = {.threads = threads};
            struct reading *reading = read_with(&folder, YAML(""), "@d @c", true, &options);
            const char *message = "column 'c' of the customers file has more than 65535 different "
                                  "texts, too many for a category";
            assert_int_equal(reading->status, more ? EMP_ERR_DATA : EMP_OK);
            if (more)
                assert_string_equal(reading->error.message, message);
            else
                assert_int_equal(reading->history->attributes.categories[1].levels.count,
                                 EMP_LEVELS_MAX);
            free_reading(reading);
        }
    }
    test_folder_free(&folder);
}

/* The customers file of `count` customers in an order that the seed makes; ids that are numbers and
   ids that are text. */
static char *many_customers(int count, uint64_t seed)
{
    int *order = malloc((size_t)count * sizeof *order);
    struct emp_buffer text = {0};
    assert_non_null(order);
    for (int i = 0; i < count; i++) {
        int j = seed ? (int)(test_random(&seed) % (uint64_t)(i + 1)) : i;
        order[i] = order[j];
        order[j] = i;
    }
    assert_int_equal(emp__buffer_text(&text, "id,a,b,c,d\n", NULL), EMP_OK);
    for (int i = 0; i < count; i++) {
        int n = order[i];
        emp__buffer_printf(&text, NULL,
                           n % 3 ? "%d,%d.5,%s,%de-3,level %d\n"
                                 : "\"k\"\"%d\",%d.5,%s,%de-3,\"level %d\"\n",
                           n, n, n % 5 ? "1" : "", 7 * n, n % 1000);
    }
    free(order);
    return text.data;
}

/* The same bytes for any order of the rows, number of threads and memory. */
static void many_rows_in_any_order(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed, memory;
        int threads;
    } cases[] = {{0, 0, 1}, {5, 0, 7}, {6, 44 << 20, 2}, {7, 44 << 20, 3}, {8, 72 << 20, 7}};
    enum { CUSTOMERS = 400000 };
    struct test_folder folder = folder_with("");
    const char *yaml = YAML("") "partitions: 16\n";
    char *first = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text = many_customers(CUSTOMERS, cases[i].seed);
        const emp_options options = {.threads = cases[i].threads, .memory = cases[i].memory};
        test_write_text(&folder, "c.csv", text);
        free(text);
        struct reading *reading = read_with(&folder, yaml, "a b c @b @d", false, &options);
        if (reading->status != EMP_OK)
            fail_msg("%s", reading->error.message);
        assert_int_equal(emp__history_spilled(reading->history) > 0, cases[i].memory > 0);
        assert_int_equal(reading->history->customer_file.used, CUSTOMERS);
        assert_int_equal(reading->history->customers.ids.count, CUSTOMERS + 1);
        assert_int_equal(reading->history->attributes.categories[1].levels.count, 1000);
        char *found = customers_text(reading->history);
        if (first)
            assert_int_equal(strcmp(found, first), 0);
        if (first)
            free(found);
        else
            first = found;
        free_reading(reading);
    }
    assert_non_null(strstr(first, "\n10 0: 10.5 - 0.070000000000000007 - level 10\n"));
    assert_non_null(strstr(first, "\nk\"9 0: 9.5 1 0.063 1 level 9\n"));
    free(first);
    test_folder_free(&folder);
}

static void a_compressed_file(void **state)
{
    (void)state;
    struct test_folder folder = folder_with("");
    gzFile file = gzopen(test_path(&folder, "c.csv").text, "wb");
    assert_int_equal(gzputs(file, "id,x\n1,2\n3,4\n"), 13);
    assert_int_equal(gzclose(file), Z_OK);
    expect(&folder, YAML(""), "x", false, "1 2: 2\n3 0: 4\nann 1: -\n", "");
    test_folder_free(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_of_both_inputs),
        cmocka_unit_test(a_file_without_rows),
        cmocka_unit_test(missing_values),
        cmocka_unit_test(bad_ids_and_records),
        cmocka_unit_test(a_customer_twice),
        cmocka_unit_test(one_customer_many_times),
        cmocka_unit_test(formats),
        cmocka_unit_test(columns_that_are_not_there),
        cmocka_unit_test(categories),
        cmocka_unit_test(bad_categories),
        cmocka_unit_test(categories_of_another_encoding),
        cmocka_unit_test(too_many_levels),
        cmocka_unit_test(many_rows_in_any_order),
        cmocka_unit_test(a_compressed_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
