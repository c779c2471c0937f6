// SPDX-License-Identifier: Apache-2.0
/* Online Retail: a messy export cleaned by conditions; every customer against the golden table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_golden.h"
#include "run/run_history.h"

enum { DECIMALS = 3 };

static struct test_analysis analyse(const char *input, const char *rfm)
{
    struct test_folder folder = test_folder_new();
    char yaml[2000];
    snprintf(yaml, sizeof yaml,
             "analysis_date: 2011-12-10\ninput:\n  transactions:\n    files: [\"%s\"]\n"
             "    time_format: \"%%Y-%%m-%%d %%H:%%M:%%S\"\n    amount_decimals: 3\n"
             "    columns: {customer: CustomerID, time: InvoiceDate, order: InvoiceNo,\n"
             "              amount: {price: UnitPrice, quantity: Quantity}}\n%srfm: %s\n",
             test_shared("data/online_retail/online_retail.csv.gz").text, input, rfm);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

/* Purchases only, as the golden file defines them. */
#define PURCHASES                                                                                  \
    "    missing_customer: drop\n    where:\n      - {column: Quantity, gt: 0}\n"                  \
    "      - {column: UnitPrice, gt: 0}\n      - {column: InvoiceNo, not_starts_with: C}\n"

/* Purchases and returns: what was paid, and what was given back. */
#define WITH_RETURNS                                                                               \
    "    missing_customer: drop\n    returns: separate\n    where: [{column: UnitPrice, gt: 0}]\n"

static int64_t cleaning(json_t *golden, const char *key)
{
    char path[100];
    snprintf(path, sizeof path, "cleaning.%s", key);
    return json_integer_value(test_at(golden, path));
}

static void cleaning_counts(void **state)
{
    (void)state;
    json_t *golden = test_golden("online_retail");
    struct test_analysis analysis = analyse(PURCHASES, "{}");
    emp_row_counts rows = emp_history_rows(analysis.history);
    assert_int_equal(rows.read, cleaning(golden, "rows"));
    assert_int_equal(rows.rejected, 0);
    assert_int_equal(rows.used, cleaning(golden, "purchase_rows"));
    assert_int_equal(emp_history_customers(analysis.history),
                     cleaning(golden, "purchase_customers"));
    const emp_table *customers = test_table(&analysis, "customers");
    assert_int_equal(test_sum(customers, "frequency", 0), cleaning(golden, "purchase_invoices"));
    assert_int_equal(test_sum(customers, "monetary", DECIMALS),
                     test_golden_minor(test_at(golden, "cleaning.purchase_amount"), DECIMALS));
    test_analysis_free(&analysis);

    analysis = analyse("    missing_customer: drop\n", "{}");
    const struct emp_balance *balance = &analysis.history->transactions.balance;
    assert_int_equal(balance->rows[EMP_ROW_FILTERED_MISSING], cleaning(golden, "missing_customer"));
    assert_int_equal(balance->rows[EMP_ROW_USED], cleaning(golden, "rows_with_customer"));
    assert_int_equal(emp_history_customers(analysis.history), cleaning(golden, "customers_any"));
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* All rows of the file as customers of their country: nothing of its money is lost. */
static void all_of_the_money(void **state)
{
    (void)state;
    json_t *golden = test_golden("online_retail");
    struct test_folder folder = test_folder_new();
    char yaml[1000];
    snprintf(yaml, sizeof yaml,
             "input:\n  transactions:\n    files: [\"%s\"]\n"
             "    time_format: \"%%Y-%%m-%%d %%H:%%M:%%S\"\n    amount_decimals: 3\n"
             "    columns: {customer: Country, time: InvoiceDate,\n"
             "              amount: {price: UnitPrice, quantity: Quantity}}\nrfm: {}\n",
             test_shared("data/online_retail/online_retail.csv.gz").text);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    assert_int_equal(emp_history_rows(analysis.history).used, cleaning(golden, "rows"));
    assert_int_equal(emp_history_customers(analysis.history), cleaning(golden, "countries_all"));
    assert_int_equal(
        test_sum(test_table(&analysis, "customers"), "monetary", DECIMALS),
        test_golden_minor(test_at(golden, "cleaning.total_amount_all_rows"), DECIMALS));
    test_analysis_free(&analysis);
    test_folder_free(&folder);
    json_decref(golden);
}

/* The fields of a line of the golden table, which has no quotes. */
static void split(char *line, char *fields[], size_t count)
{
    char *rest = line;
    for (size_t i = 0; i < count; i++) {
        fields[i] = strsep(&rest, ",\n");
        assert_non_null(fields[i]);
    }
}

enum { ID, RECENCY, FREQUENCY, MONETARY, FIRST = 7, LAST, RETURN_ROWS, RETURN_AMOUNT, FIELDS };

static void expect_customer(const emp_table *customers, size_t row, char *const fields[])
{
    assert_string_equal(test_cell(customers, row, "recency_days").text, fields[RECENCY]);
    assert_string_equal(test_cell(customers, row, "frequency").text, fields[FREQUENCY]);
    assert_string_equal(test_cell(customers, row, "monetary").text, fields[MONETARY]);
    assert_string_equal(test_cell(customers, row, "first_purchase").text, fields[FIRST]);
    assert_string_equal(test_cell(customers, row, "last_purchase").text, fields[LAST]);
    assert_string_equal(test_cell(customers, row, "return_rows").text, fields[RETURN_ROWS]);
    assert_string_equal(test_cell(customers, row, "return_amount").text, fields[RETURN_AMOUNT]);
}

static void every_customer(void **state)
{
    (void)state;
    json_t *golden = test_golden("online_retail");
    FILE *file = fopen(test_shared("golden/online_retail_rfm.csv").text, "r");
    assert_non_null(file);
    struct test_analysis analysis = analyse(WITH_RETURNS, "{}");
    const emp_table *customers = test_table(&analysis, "customers");
    char line[1000];
    size_t row = 0, compared = 0, rows = emp_table_rows(customers), only_returns = 0;
    assert_non_null(fgets(line, sizeof line, file));
    assert_memory_equal(line,
                        "customer,recency,frequency,monetary,variety,lines,days,first,last,"
                        "return_rows,return_amount,",
                        80);
    while (fgets(line, sizeof line, file)) {
        char *fields[FIELDS], id[40];
        split(line, fields, FIELDS);
        snprintf(id, sizeof id, "%s.0", fields[ID]);
        /* Customers with returns only are not in the golden table. */
        while (row < rows && strcmp(test_cell(customers, row, "customer_id").text, id) != 0) {
            assert_string_equal(test_cell(customers, row, "frequency").text, "0");
            assert_string_equal(test_cell(customers, row, "rfm_segment").text, "No purchase");
            only_returns++;
            row++;
        }
        assert_true(row < rows);
        expect_customer(customers, row++, fields);
        compared++;
    }
    fclose(file);
    only_returns += rows - row;
    assert_int_equal(compared, cleaning(golden, "purchase_customers"));
    assert_int_equal(only_returns, cleaning(golden, "customers_with_returns_only"));
    assert_int_equal(test_sum(customers, "return_rows", 0), cleaning(golden, "return_rows"));
    assert_int_equal(test_sum(customers, "return_amount", DECIMALS),
                     test_golden_minor(test_at(golden, "cleaning.return_amount"), DECIMALS));
    assert_int_equal(test_sum(customers, "recency_days", 0),
                     (int64_t)json_number_value(test_at(golden, "describe.recency.sum")));
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* Returns netted: monetary is what was paid less what was given back. */
static void returns_netted(void **state)
{
    (void)state;
    json_t *golden = test_golden("online_retail");
    struct test_analysis analysis = analyse(
        "    missing_customer: drop\n    returns: net\n    where: [{column: UnitPrice, gt: 0}]\n",
        "{}");
    const emp_table *customers = test_table(&analysis, "customers");
    int64_t net = 0;
    for (size_t row = 0; row < emp_table_rows(customers); row++)
        if (test_cell(customers, row, "r_score").text[0])
            net += test_minor(test_cell(customers, row, "monetary").text, DECIMALS);
    assert_int_equal(net, test_golden_minor(test_at(golden, "describe.net.sum"), DECIMALS));
    test_analysis_free(&analysis);
    json_decref(golden);
}

static void expect_scores(const char *input, const char *rfm, const char *name, bool with_cuts)
{
    json_t *golden = test_golden("online_retail");
    char path[100];
    snprintf(path, sizeof path, "scores.%s", name);
    json_t *scores = test_at(golden, path);
    struct test_analysis analysis = analyse(input, rfm);
    const emp_table *customers = test_table(&analysis, "customers");
    test_expect_counts(customers, "r_score", test_at(scores, "R"));
    test_expect_counts(customers, "f_score", test_at(scores, "F"));
    test_expect_counts(customers, "m_score", test_at(scores, "M"));
    test_expect_first_cells(customers, test_at(scores, "first_20"));
    static const char *const measures[] = {"recency", "frequency", "monetary"};
    for (int m = 0; m < 3 && with_cuts; m++)
        test_expect_cuts(&analysis, measures[m],
                         test_at(test_at(scores, "breakpoints"), measures[m]));
    test_analysis_free(&analysis);
    json_decref(golden);
}

/* Customers who only give back have no scores and move nobody else's. */
static void scores_a_ties_by_rank(void **state)
{
    (void)state;
    expect_scores(PURCHASES, "{ties: rank}", "a_qcut_rank_first", false);
    expect_scores(WITH_RETURNS, "{ties: rank}", "a_qcut_rank_first", false);
}

static void scores_b_ties_by_value(void **state)
{
    (void)state;
    expect_scores(PURCHASES, "{}", "b_type7_right_closed", true);
    expect_scores(WITH_RETURNS, "{}", "b_type7_right_closed", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleaning_counts),       cmocka_unit_test(all_of_the_money),
        cmocka_unit_test(every_customer),        cmocka_unit_test(returns_netted),
        cmocka_unit_test(scores_a_ties_by_rank), cmocka_unit_test(scores_b_ties_by_value),
    };
    return test_has_shared() ? cmocka_run_group_tests(tests, NULL, NULL) : 77;
}
