// SPDX-License-Identifier: Apache-2.0
/* Superstore: one set of sales in two exports, as different as exports are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_golden.h"

enum { DECIMALS = 4 };

/* Commas, a byte-order mark, dates like 1/3/2016, quoted names with doubled quotes. */
static struct test_analysis analyse_commas(void)
{
    struct test_folder folder = test_folder_new();
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "input:\n  transactions:\n    files: [\"%s\"]\n    time_format: \"%%m/%%d/%%Y\"\n"
             "    amount_decimals: 4\n    columns: {customer: Customer ID, time: Order Date,\n"
             "              amount: Sales, order: Order ID}\nrfm: {}\n",
             test_shared("data/superstore/superstore.csv").text);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

/* Semicolons, decimal commas, windows-1252, CRLF, no customer ids. */
static struct test_analysis analyse_semicolons(void)
{
    struct test_folder folder = test_folder_new();
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "input:\n  transactions:\n    files: [\"%s\"]\n    delimiter: \";\"\n"
             "    decimal: \",\"\n    encoding: windows-1252\n    amount_decimals: 4\n"
             "    columns: {customer: Customer Name, time: Ship Date, amount: Sales}\nrfm: {}\n",
             test_shared("data/superstore/superstore_semicolon_cp1252.csv").text);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

static void expect_totals(const struct test_analysis *analysis, json_t *golden,
                          const char *customers)
{
    const emp_table *table = test_table(analysis, "customers");
    emp_row_counts rows = emp_history_rows(analysis->history);
    assert_int_equal(rows.used, json_integer_value(test_at(golden, "rows")));
    assert_int_equal(rows.read, rows.used);
    assert_int_equal(emp_table_rows(table), json_integer_value(test_at(golden, customers)));
    assert_int_equal(test_sum(table, "monetary", DECIMALS),
                     test_golden_minor(test_at(golden, "sales"), DECIMALS));
}

/* The first and the last date of all customers. */
static void expect_dates(const emp_table *table, const char *first, const char *last)
{
    struct test_cell low = test_cell(table, 0, "first_purchase"),
                     high = test_cell(table, 0, "last_purchase");
    for (size_t row = 1; row < emp_table_rows(table); row++) {
        struct test_cell one = test_cell(table, row, "first_purchase"),
                         other = test_cell(table, row, "last_purchase");
        low = strcmp(one.text, low.text) < 0 ? one : low;
        high = strcmp(other.text, high.text) > 0 ? other : high;
    }
    assert_string_equal(low.text, first);
    assert_string_equal(high.text, last);
}

static void the_file_with_commas(void **state)
{
    (void)state;
    json_t *golden = test_golden("superstore"), *parse = test_at(golden, "parse");
    struct test_analysis analysis = analyse_commas();
    const emp_table *table = test_table(&analysis, "customers");
    expect_totals(&analysis, parse, "customers");
    assert_int_equal(test_sum(table, "frequency", 0), json_integer_value(test_at(parse, "orders")));
    assert_int_equal(test_sum(table, "recency_days", 0),
                     json_integer_value(test_at(golden, "rfm.sums.recency")));
    expect_dates(table, json_string_value(test_at(parse, "first_order")),
                 json_string_value(test_at(parse, "last_order")));
    json_t *list = test_at(golden, "rfm.first_10"), *entry;
    size_t row;
    json_array_foreach(list, row, entry)
    {
        assert_string_equal(test_cell(table, row, "customer_id").text,
                            json_string_value(test_at(entry, "id")));
        assert_int_equal(test_minor(test_cell(table, row, "recency_days").text, 0),
                         json_integer_value(test_at(entry, "recency")));
        assert_int_equal(test_minor(test_cell(table, row, "frequency").text, 0),
                         json_integer_value(test_at(entry, "frequency")));
        assert_int_equal(test_minor(test_cell(table, row, "monetary").text, DECIMALS),
                         test_golden_minor(test_at(entry, "monetary"), DECIMALS));
    }
    assert_int_equal(row, 10);
    test_analysis_free(&analysis);
    json_decref(golden);
}

static void the_file_with_semicolons(void **state)
{
    (void)state;
    json_t *golden = test_golden("superstore"), *file = test_at(golden, "file_2");
    struct test_analysis analysis = analyse_semicolons();
    const emp_table *table = test_table(&analysis, "customers");
    expect_totals(&analysis, file, "customer_names");
    expect_dates(table, json_string_value(test_at(file, "first_ship")),
                 json_string_value(test_at(file, "last_ship")));
    /* The best customers, best first: nobody else spent as much as the last of them. */
    json_t *list = test_at(file, "top_5_customers_by_sales"), *entry;
    size_t i, richer = 0;
    int64_t least = INT64_MAX;
    json_array_foreach(list, i, entry)
    {
        const char *name = json_string_value(json_array_get(entry, 0));
        int64_t sales = test_golden_minor(json_array_get(entry, 1), DECIMALS), found = -1;
        for (size_t row = 0; row < emp_table_rows(table); row++)
            if (strcmp(test_cell(table, row, "customer_id").text, name) == 0)
                found = test_minor(test_cell(table, row, "monetary").text, DECIMALS);
        assert_int_equal(found, sales);
        assert_true(sales < least);
        least = sales;
    }
    assert_int_equal(i, 5);
    for (size_t row = 0; row < emp_table_rows(table); row++)
        richer += test_minor(test_cell(table, row, "monetary").text, DECIMALS) >= least;
    assert_int_equal(richer, 5);
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* Both exports hold the same sales: each name in one has as much as its id in the other. */
static int compare_money(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void both_files_agree(void **state)
{
    (void)state;
    struct test_analysis files[2] = {analyse_commas(), analyse_semicolons()};
    int64_t money[2][800];
    size_t count[2];
    for (int f = 0; f < 2; f++) {
        const emp_table *table = test_table(&files[f], "customers");
        count[f] = emp_table_rows(table);
        assert_true(count[f] <= 800);
        for (size_t row = 0; row < count[f]; row++)
            money[f][row] = test_minor(test_cell(table, row, "monetary").text, DECIMALS);
        qsort(money[f], count[f], sizeof **money, compare_money);
        test_analysis_free(&files[f]);
    }
    assert_int_equal(count[0], count[1]);
    assert_memory_equal(money[0], money[1], count[0] * sizeof **money);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_with_commas),
        cmocka_unit_test(the_file_with_semicolons),
        cmocka_unit_test(both_files_agree),
    };
    return test_has_shared() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
