// SPDX-License-Identifier: Apache-2.0
/* A whole analysis through the public API, and its tables as text. Include cmocka first. */
#ifndef EMP_TESTS_TEST_ANALYSIS_H
#define EMP_TESTS_TEST_ANALYSIS_H

#include <emptor/emptor.h>

#include "base/buffer.h"
#include "test_folder.h"

struct test_analysis {
    emp_params *params;
    emp_history *history;
    emp_result *result;
};

static inline struct test_analysis test_analyse(const struct test_folder *folder, const char *yaml,
                                                int threads)
{
    struct test_analysis out = {0};
    emp_error error;
    const emp_options options = {.threads = threads};
    test_write_text(folder, "params.yaml", yaml);
    if (emp_params_load(test_path(folder, "params.yaml").text, NULL, 0, &out.params, &error) !=
            EMP_OK ||
        emp_history_read(out.params, &options, &out.history, &error) != EMP_OK ||
        emp_analyse(out.params, out.history, &options, &out.result, &error) != EMP_OK)
        fail_msg("%s:%d: %s", error.file, (int)error.line, error.message);
    return out;
}

static inline void test_analysis_free(struct test_analysis *analysis)
{
    emp_result_free(analysis->result);
    emp_history_free(analysis->history);
    emp_params_free(analysis->params);
}

static inline const emp_table *test_table(const struct test_analysis *analysis, const char *name)
{
    const emp_table *table = emp_result_find(analysis->result, name);
    assert_non_null(table);
    return table;
}

static inline size_t test_column(const emp_table *table, const char *name)
{
    int64_t column = emp_table_find(table, name);
    if (column < 0)
        fail_msg("no column %s", name);
    return (size_t)column;
}

struct test_cell {
    char text[300];
};

static inline struct test_cell test_cell(const emp_table *table, size_t row, const char *column)
{
    struct test_cell cell;
    size_t length =
        emp_table_text(table, row, test_column(table, column), cell.text, sizeof cell.text);
    assert_true(length < sizeof cell.text);
    return cell;
}

/* The cell as a number, `missing` where it is missing. */
static inline double test_number(const emp_table *table, size_t row, const char *column,
                                 double missing)
{
    double value = missing;
    (void)emp_table_number(table, row, test_column(table, column), &value);
    return value;
}

/* Columns of a table, their names separated by blanks, as lines of fields with blanks between. */
static inline void test_expect_table(const emp_table *table, const char *columns,
                                     const char *expected)
{
    struct emp_buffer text = {0};
    assert_int_equal(emp__buffer_text(&text, "", NULL), EMP_OK);
    for (size_t row = 0; row < emp_table_rows(table); row++)
        for (const char *name = columns; *name;) {
            size_t length = strcspn(name, " ");
            char column[60];
            snprintf(column, sizeof column, "%.*s", (int)length, name);
            name += length + (name[length] == ' ');
            assert_int_equal(emp__buffer_printf(&text, NULL, "%s%s",
                                                test_cell(table, row, column).text,
                                                *name ? " " : "\n"),
                             EMP_OK);
        }
    assert_string_equal(text.data, expected);
    emp__buffer_free(&text);
}

#endif
