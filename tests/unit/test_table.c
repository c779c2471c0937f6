// SPDX-License-Identifier: Apache-2.0
/* Tables: every storage read as text and as a number, missing values, order, and misuse. */
#include "sink/table.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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

static void assert_cell(const emp_table *table, size_t row, size_t column, const char *expected)
{
    char text[64];
    assert_int_equal(emp_table_text(table, row, column, text, sizeof text), strlen(expected));
    assert_string_equal(text, expected);
}

static double number(const emp_table *table, size_t row, size_t column)
{
    double value = NAN;
    assert_true(emp_table_number(table, row, column, &value));
    return value;
}

static void assert_no_number(const emp_table *table, size_t row, size_t column)
{
    double value = 42;
    assert_false(emp_table_number(table, row, column, &value));
    assert_true(value == 42);
}

static void integers(void **state)
{
    (void)state;
    struct emp_table *table = new_table(2);
    int64_t *large = NULL;
    int32_t *small = NULL;
    add(table, "large", EMP_COLUMN_INTEGER, EMP_STORE_I64, &large);
    add(table, "small", EMP_COLUMN_INTEGER, EMP_STORE_I32, &small);
    assert_cell(table, 0, 0, "0");
    large[0] = INT64_MAX;
    large[1] = EMP_MISSING;
    small[0] = -7;
    small[1] = INT32_MIN;
    assert_cell(table, 0, 0, "9223372036854775807");
    assert_cell(table, 1, 0, "");
    assert_cell(table, 0, 1, "-7");
    assert_cell(table, 1, 1, "");
    assert_true(number(table, 0, 1) == -7);
    assert_no_number(table, 1, 0);
    assert_no_number(table, 1, 1);
    emp__table_free(table);
}

static void money_and_dates(void **state)
{
    (void)state;
    struct emp_table *table = new_table(3);
    int64_t *money = NULL;
    int32_t *day = NULL;
    add(table, "money", EMP_COLUMN_DECIMAL, EMP_STORE_I64, &money);
    add(table, "day", EMP_COLUMN_DATE, EMP_STORE_I32, &day);
    money[0] = -5;
    money[1] = INT64_C(900719925474099312);
    money[2] = EMP_MISSING;
    day[0] = 14975;
    day[1] = EMP_DAY_MAX;
    day[2] = EMP_DAY_MIN;
    assert_cell(table, 0, 0, "-0.05");
    assert_true(number(table, 0, 0) == -0.05);
    assert_cell(table, 1, 0, "9007199254740993.12");
    assert_cell(table, 2, 0, "");
    assert_cell(table, 0, 1, "2011-01-01");
    assert_cell(table, 1, 1, "9999-12-31");
    assert_cell(table, 2, 1, "0001-01-01");
    assert_true(number(table, 0, 1) == 14975);
    day[0] = (int32_t)EMP_DAY_MAX + 1;
    assert_cell(table, 0, 1, "");
    emp__table_free(table);
}

static void reals(void **state)
{
    (void)state;
    struct emp_table *table = new_table(3);
    double *value = NULL;
    add(table, "value", EMP_COLUMN_REAL, EMP_STORE_F64, &value);
    value[0] = 0.1;
    value[1] = NAN;
    value[2] = INFINITY;
    assert_cell(table, 0, 0, "0.1");
    assert_true(number(table, 0, 0) == 0.1);
    for (size_t row = 1; row < 3; row++) {
        assert_cell(table, row, 0, "");
        assert_no_number(table, row, 0);
    }
    emp__table_free(table);
}

static void labels_of_text_and_numbers(void **state)
{
    (void)state;
    struct emp_table *table = new_table(3);
    uint16_t *segment = NULL;
    uint16_t *score = NULL;
    add(table, "segment", EMP_COLUMN_TEXT, EMP_STORE_LABEL, &segment);
    assert_int_equal(emp__table_labels(table, (const char *[]){"old"}, 1, NULL), EMP_OK);
    assert_int_equal(emp__table_labels(table, (const char *[]){"at risk", "5"}, 2, NULL), EMP_OK);
    add(table, "score", EMP_COLUMN_REAL, EMP_STORE_LABEL, &score);
    assert_int_equal(emp__table_labels(table, (const char *[]){"1.5", "2"}, 2, NULL), EMP_OK);
    segment[1] = 1;
    score[1] = 1;
    segment[2] = score[2] = EMP_NO_LABEL;
    assert_cell(table, 0, 0, "at risk");
    assert_cell(table, 1, 0, "5");
    assert_cell(table, 2, 0, "");
    assert_no_number(table, 1, 0);
    assert_cell(table, 0, 1, "1.5");
    assert_true(number(table, 0, 1) == 1.5);
    assert_true(number(table, 1, 1) == 2);
    assert_no_number(table, 2, 1);
    score[2] = 2; /* out of range */
    assert_cell(table, 2, 1, "");
    assert_no_number(table, 2, 1);
    emp__table_free(table);
}

/* A decimal comma in the caller's locale must not change what a label means. */
static void labels_ignore_the_locale(void **state)
{
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8"))
        setlocale(LC_ALL, "");
    struct emp_table *table = new_table(1);
    add(table, "score", EMP_COLUMN_REAL, EMP_STORE_LABEL, NULL);
    assert_int_equal(emp__table_labels(table, (const char *[]){"1.5"}, 1, NULL), EMP_OK);
    assert_true(number(table, 0, 0) == 1.5);
    emp__table_free(table);
    setlocale(LC_ALL, "C");
}

static void wrong_labels_change_nothing(void **state)
{
    (void)state;
    struct emp_table *table = new_table(1);
    emp_error error = {0};
    assert_int_equal(emp__table_labels(table, NULL, 0, &error), EMP_ERR_INTERNAL);
    add(table, "score", EMP_COLUMN_INTEGER, EMP_STORE_LABEL, NULL);
    assert_int_equal(emp__table_labels(table, (const char *[]){"7"}, 1, NULL), EMP_OK);
    static const char *const wrong[] = {"five", "", "1x", "inf", "nan"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(emp__table_labels(table, &wrong[i], 1, &error), EMP_ERR_INTERNAL);
    assert_string_equal(error.message,
                        "table things, column score: the label \"nan\" is not a number");
    assert_cell(table, 0, 0, "7");
    assert_true(number(table, 0, 0) == 7);
    emp__table_free(table);
}

static void texts_are_copied_and_replaced(void **state)
{
    (void)state;
    struct emp_table *table = new_table(2);
    add(table, "note", EMP_COLUMN_TEXT, EMP_STORE_TEXT, NULL);
    char text[] = "first";
    assert_int_equal(emp__table_set_text(table, 0, 0, text, NULL), EMP_OK);
    text[0] = 'F';
    assert_cell(table, 0, 0, "first");
    assert_cell(table, 1, 0, "");
    assert_int_equal(emp__table_set_text(table, 0, 0, "second", NULL), EMP_OK);
    assert_cell(table, 0, 0, "second");
    assert_no_number(table, 0, 0);
    assert_int_equal(emp__table_set_text(table, 0, 0, NULL, NULL), EMP_OK);
    assert_cell(table, 0, 0, "");
    emp__table_free(table);
}

static void ids_and_order(void **state)
{
    (void)state;
    uint64_t words[] = {0, 0, EMP_ID_TEXT | 0};
    assert_true(emp__id_number("12", 2, &words[0]));
    assert_true(emp__id_number("017850", 6, &words[1]));
    char bytes[] = "\003A-1";
    struct emp_ids ids = {.count = 3, .word = words, .text = bytes};
    static const uint32_t order[] = {2, 0, 1};
    struct emp_table *table = new_table(3);
    table->ids = &ids;
    int32_t *rank = NULL;
    add(table, "id", EMP_COLUMN_TEXT, EMP_STORE_ID, NULL);
    add(table, "rank", EMP_COLUMN_INTEGER, EMP_STORE_I32, &rank);
    for (int i = 0; i < 3; i++)
        rank[i] = i;
    assert_cell(table, 2, 0, "A-1");
    table->order = order;
    assert_cell(table, 0, 0, "A-1");
    assert_cell(table, 1, 0, "12");
    assert_cell(table, 2, 0, "017850");
    assert_true(number(table, 0, 1) == 2);
    assert_no_number(table, 1, 0);
    emp__table_free(table);
}

static void text_is_cut_to_size(void **state)
{
    (void)state;
    struct emp_table *table = new_table(1);
    int32_t *value = NULL;
    add(table, "value", EMP_COLUMN_INTEGER, EMP_STORE_I32, &value);
    value[0] = 123456;
    char text[8] = "#######";
    assert_int_equal(emp_table_text(table, 0, 0, text, 4), 6);
    assert_string_equal(text, "123");
    assert_int_equal(text[4], '#');
    assert_int_equal(emp_table_text(table, 0, 0, text, 1), 6);
    assert_string_equal(text, "");
    assert_int_equal(emp_table_text(table, 0, 0, NULL, 0), 6);
    emp__table_free(table);
}

static void columns_are_found_and_misuse_is_refused(void **state)
{
    (void)state;
    struct emp_table *table = new_table(0);
    int32_t *values = NULL;
    add(table, "a", EMP_COLUMN_INTEGER, EMP_STORE_I32, &values);
    assert_non_null(values);
    static const char *const names[] = {"b", "c", "d", "e", "f", "g", "h", "i", "j", "k"};
    for (int i = 0; i < 10; i++)
        add(table, names[i], EMP_COLUMN_REAL, EMP_STORE_F64, NULL);
    assert_string_equal(emp_table_name(table), "things");
    assert_int_equal(emp_table_rows(table), 0);
    assert_int_equal(emp_table_columns(table), 11);
    assert_string_equal(emp_table_column_name(table, 10), "k");
    assert_int_equal(emp_table_column_type(table, 10), EMP_COLUMN_REAL);
    assert_int_equal(emp_table_find(table, "c"), 2);
    assert_int_equal(emp_table_find(table, "C"), -1);

    static const struct emp_column wrong[] = {
        {.name = "a", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I32},
        {.name = "x", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_F64},
        {.name = "x", .type = EMP_COLUMN_DECIMAL, .storage = EMP_STORE_I64, .decimals = 10},
        {.name = "x", .type = EMP_COLUMN_DATE, .storage = EMP_STORE_TEXT},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(emp__table_add(table, wrong[i], NULL, NULL), EMP_ERR_INTERNAL);
        assert_int_equal(emp_table_columns(table), 11);
    }
    emp__table_free(table);
    emp__table_free(NULL);
}

static void squares(const void *source, const uint32_t *rows, size_t count, void *out)
{
    int64_t *values = out;
    const int64_t *add = source;
    for (size_t i = 0; i < count; i++)
        values[i] = rows[i] == 2 ? EMP_MISSING : *add + (int64_t)rows[i] * rows[i];
}

static void columns_may_be_computed(void **state)
{
    (void)state;
    static const uint32_t order[] = {3, 2, 1, 0};
    struct emp_table *table = NULL;
    int64_t *source = malloc(sizeof *source), *untouched = source;
    assert_non_null(source);
    *source = 100;
    assert_int_equal(emp__table_new("t", 4, &table, NULL), EMP_OK);
    table->order = order;
    assert_int_equal(emp__table_keep(table, source, NULL), EMP_OK);
    struct emp_column column = {.name = "squares",
                                .type = EMP_COLUMN_DECIMAL,
                                .storage = EMP_STORE_I64,
                                .decimals = 1,
                                .compute = squares,
                                .source = source};
    assert_int_equal(emp__table_add(table, column, &untouched, NULL), EMP_OK);
    assert_ptr_equal(untouched, source);
    assert_cell(table, 0, 0, "10.9");
    assert_cell(table, 1, 0, "");
    assert_cell(table, 2, 0, "10.1");
    int64_t values[3];
    const uint32_t rows[] = {0, 3, 2};
    emp__table_values(table, 0, rows, 3, values);
    assert_true(values[0] == 100 && values[1] == 109 && values[2] == EMP_MISSING);
    emp__table_free(table);
}

static void columns_may_share_values(void **state)
{
    (void)state;
    static uint16_t codes[] = {0, 1, 2, EMP_NO_LABEL};
    static const char *const names[] = {"low", "high", NULL}, *const numbers[] = {"1", NULL, "3"};
    struct emp_table *table = NULL;
    assert_int_equal(emp__table_new("t", 4, &table, NULL), EMP_OK);
    struct emp_column column = {
        .name = "name", .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    assert_int_equal(emp__table_share(table, column, codes, NULL), EMP_OK);
    assert_int_equal(emp__table_labels(table, names, 3, NULL), EMP_OK);
    column.name = "number";
    column.type = EMP_COLUMN_INTEGER;
    assert_int_equal(emp__table_share(table, column, codes, NULL), EMP_OK);
    assert_int_equal(emp__table_labels(table, numbers, 3, NULL), EMP_OK);
    static const char *const expected[] = {"low", "high", "", ""};
    static const char *const expected_numbers[] = {"1", "", "3", ""};
    for (size_t row = 0; row < 4; row++) {
        assert_cell(table, row, 0, expected[row]);
        assert_cell(table, row, 1, expected_numbers[row]);
    }
    assert_no_number(table, 1, 1);
    assert_no_number(table, 3, 1);
    emp__table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers),
        cmocka_unit_test(money_and_dates),
        cmocka_unit_test(reals),
        cmocka_unit_test(labels_of_text_and_numbers),
        cmocka_unit_test(labels_ignore_the_locale),
        cmocka_unit_test(wrong_labels_change_nothing),
        cmocka_unit_test(texts_are_copied_and_replaced),
        cmocka_unit_test(ids_and_order),
        cmocka_unit_test(text_is_cut_to_size),
        cmocka_unit_test(columns_are_found_and_misuse_is_refused),
        cmocka_unit_test(columns_may_be_computed),
        cmocka_unit_test(columns_may_share_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
