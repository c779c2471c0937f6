// SPDX-License-Identifier: Apache-2.0
/* Real data and the golden results for them. Include cmocka and lib/test_analysis.h first. */
#ifndef EMP_TESTS_TEST_GOLDEN_H
#define EMP_TESTS_TEST_GOLDEN_H

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "test_analysis.h"

/* Without the folder the whole program is skipped: exit status 77. */
static inline bool test_has_shared(void)
{
    bool there = access(EMPTOR_SHARED_DATA "/golden", R_OK) == 0;
    if (!there)
        print_message("%s/golden is not there: skipped\n", EMPTOR_SHARED_DATA);
    return there;
}

/* Where a file of the shared folder lies; the test is skipped if it is not there. */
static inline struct test_path test_shared(const char *name)
{
    struct test_path path;
    snprintf(path.text, sizeof path.text, "%s/%s", EMPTOR_SHARED_DATA, name);
    if (access(path.text, R_OK) != 0) {
        print_message("%s is not there\n", path.text);
        skip();
    }
    return path;
}

static inline json_t *test_golden(const char *name)
{
    char path[100];
    json_error_t error;
    snprintf(path, sizeof path, "golden/%s.json", name);
    json_t *root = json_load_file(test_shared(path).text, 0, &error);
    if (!root)
        fail_msg("%s:%d: %s", name, error.line, error.text);
    return root;
}

/* The value under a path of keys like "scores.a.cells". */
static inline json_t *test_at(json_t *root, const char *path)
{
    json_t *at = root;
    for (const char *key = path; *key;) {
        char name[100];
        size_t length = strcspn(key, ".");
        snprintf(name, sizeof name, "%.*s", (int)length, key);
        at = json_object_get(at, name);
        if (!at)
            fail_msg("the golden file has no %s", path);
        key += length + (key[length] == '.');
    }
    return at;
}

/* Money as minor units: "-12.5" with 3 decimals is -12500. Exact, by its digits. */
static inline int64_t test_minor(const char *text, int decimals)
{
    bool negative = text[0] == '-';
    int64_t minor = 0;
    int behind = -1;
    for (const char *c = text + negative; *c; c++) {
        if (*c == '.') {
            behind = 0;
            continue;
        }
        assert_in_range(*c, '0', '9');
        minor = 10 * minor + (*c - '0');
        behind += behind >= 0;
    }
    behind = behind < 0 ? 0 : behind;
    assert_true(behind <= decimals);
    for (; behind < decimals; behind++)
        minor *= 10;
    return negative ? -minor : minor;
}

/* The same of a golden value, a number or a text; a number is the decimal it was printed from. */
static inline int64_t test_golden_minor(const json_t *value, int decimals)
{
    if (json_is_string(value))
        return test_minor(json_string_value(value), decimals);
    char text[64];
    snprintf(text, sizeof text, "%.*f", decimals, json_number_value(value));
    return test_minor(text, decimals);
}

static inline int64_t test_sum(const emp_table *table, const char *column, int decimals)
{
    int64_t sum = 0;
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        struct test_cell cell = test_cell(table, row, column);
        if (cell.text[0])
            sum += test_minor(cell.text, decimals);
    }
    return sum;
}

/* How many rows have each text of a column: the same as the golden object {text: count}. */
static inline void test_expect_counts(const emp_table *table, const char *column, json_t *golden)
{
    size_t total = 0;
    const char *key;
    json_t *value;
    json_object_foreach(golden, key, value)
    {
        size_t count = 0;
        for (size_t row = 0; row < emp_table_rows(table); row++)
            count += strcmp(test_cell(table, row, column).text, key) == 0;
        if (count != (size_t)json_integer_value(value))
            fail_msg("%s %s: %zu customers instead of %d", column, key, count,
                     (int)json_integer_value(value));
        total += count;
    }
    size_t present = 0;
    for (size_t row = 0; row < emp_table_rows(table); row++)
        present += test_cell(table, row, column).text[0] != 0;
    assert_int_equal(total, present);
}

/* The first customers' cells, in order of id. */
static inline void test_expect_first_cells(const emp_table *table, json_t *golden)
{
    for (size_t row = 0, found = 0; found < json_array_size(golden); row++) {
        struct test_cell cell = test_cell(table, row, "rfm_cell");
        if (cell.text[0])
            assert_string_equal(cell.text, json_string_value(json_array_get(golden, found++)));
    }
}

/* The quantiles that bound the bins of a measure; the highest recency has the lowest score. */
static inline void test_expect_cuts(const struct test_analysis *analysis, const char *measure,
                                    json_t *golden)
{
    const emp_table *cuts = test_table(analysis, "rfm_cuts");
    size_t count = json_array_size(golden), found = 0;
    for (size_t row = 0; row < emp_table_rows(cuts); row++) {
        double up_to = test_number(cuts, row, "up_to", NAN);
        if (strcmp(test_cell(cuts, row, "measure").text, measure) != 0 || isnan(up_to))
            continue;
        size_t score = (size_t)test_number(cuts, row, "score", NAN);
        size_t cut = strcmp(measure, "recency") == 0 ? count + 1 - score : score - 1;
        double expected = json_number_value(json_array_get(golden, cut));
        if (fabs(up_to - expected) > 1e-12 * fabs(expected))
            fail_msg("%s cut %zu: %.17g instead of %.17g", measure, cut, up_to, expected);
        found++;
    }
    assert_int_equal(found, count);
}

#endif
