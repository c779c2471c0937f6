// SPDX-License-Identifier: Apache-2.0
/* RFM: small histories computed by hand, what must not change the scores, every bin recounted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "../lib/test_analysis.h"
#include "analysis/rfm/rules.h"

#define HEADER "id,day,sum\n"

/* Parameters for a.csv with the analysis date 2025-01-31; `rfm` is the section in flow style. */
#define YAML(input, rfm)                                                                           \
    "analysis_date: 2025-01-31\ninput:\n  transactions:\n    files: [a.csv]\n"                     \
    "    columns: {customer: id, time: day, amount: sum}\n" input "rfm: " rfm "\n"

static struct test_analysis analyse(const char *yaml, const char *csv)
{
    struct test_folder folder = test_folder_new();
    test_write_text(&folder, "a.csv", csv);
    struct test_analysis analysis = test_analyse(&folder, yaml, 2);
    test_folder_free(&folder);
    return analysis;
}

static void expect_customers(const char *yaml, const char *csv, const char *columns,
                             const char *expected)
{
    struct test_analysis analysis = analyse(yaml, csv);
    test_expect_table(test_table(&analysis, "customers"), columns, expected);
    test_analysis_free(&analysis);
}

/*
 * recency a 1, b 10, c 10, d 20; frequency 2, 1, 2, 1; monetary 15, 100, 7, 7. All cuts below are
 * worked out from these.
 */
static const char four[] = HEADER "d,2025-01-11,7\nc,2025-01-21,3\na,2025-01-30,10\n"
                                  "b,2025-01-21,100\nc,2025-01-21,4\na,2025-01-01,5\n";

static void columns_of_customers(void **state)
{
    (void)state;
    expect_customers(
        YAML("", "{bins: 2}"), four,
        "customer_id first_purchase last_purchase recency_days frequency monetary r_score f_score "
        "m_score rfm_cell rfm_score rfm_segment",
        "a 2025-01-01 2025-01-30 1 2 15.00 2 2 2 222 2 Champions\n"
        "b 2025-01-21 2025-01-21 10 1 100.00 2 1 2 212 1.6666666666666667 New\n"
        "c 2025-01-21 2025-01-21 10 2 7.00 2 2 1 221 1.6666666666666667 Champions\n"
        "d 2025-01-11 2025-01-11 20 1 7.00 1 1 1 111 1 Lost\n");
}

static void cuts_of_four_customers(void **state)
{
    (void)state;
    struct test_analysis analysis = analyse(YAML("", "{bins: 2}"), four);
    test_expect_table(test_table(&analysis, "rfm_cuts"),
                      "measure score above up_to lowest highest customers",
                      "recency 1 10  20 20 1\n"
                      "recency 2  10 1 10 3\n"
                      "frequency 1  1.5 1 1 2\n"
                      "frequency 2 1.5  2 2 2\n"
                      "monetary 1  11 7 7 2\n"
                      "monetary 2 11  15 100 2\n");
    test_analysis_free(&analysis);
}

static void methods_and_ties(void **state)
{
    (void)state;
    expect_customers(YAML("", "{bins: 2, ties: rank}"), four, "customer_id rfm_cell",
                     "a 222\nb 212\nc 121\nd 111\n");
    expect_customers(YAML("", "{bins: 2, method: nested}"), four, "customer_id rfm_cell",
                     "a 211\nb 212\nc 211\nd 111\n");
    expect_customers(YAML("", "{bins: 2, method: nested, ties: rank}"), four,
                     "customer_id rfm_cell", "a 221\nb 211\nc 121\nd 111\n");
    const char *thresholds = "{method: thresholds, thresholds: {recency: [5, 15], frequency: [1], "
                             "monetary: [7, 50.00]}}";
    char yaml[500];
    snprintf(yaml, sizeof yaml, YAML("", "%s"), thresholds);
    expect_customers(yaml, four, "customer_id rfm_cell rfm_segment",
                     "a 322 Champions\nb 213 About to sleep\nc 221 Loyal\nd 111 Lost\n");
    struct test_analysis analysis = analyse(yaml, four);
    test_expect_table(test_table(&analysis, "rfm_cuts"),
                      "measure score above up_to lowest highest customers",
                      "recency 1 15  20 20 1\nrecency 2 5 15 10 10 2\nrecency 3  5 1 1 1\n"
                      "frequency 1  1 1 1 2\nfrequency 2 1  2 2 2\n"
                      "monetary 1  7 7 7 2\nmonetary 2 7 50 15 15 1\nmonetary 3 50  100 100 1\n");
    test_analysis_free(&analysis);
}

/* The monetary mean of a: 7.50, so that a threshold of 7.5 holds it and 7.49 does not. */
static void monetary_mean(void **state)
{
    (void)state;
    expect_customers(YAML("", "{bins: 2, monetary: mean}"), four, "customer_id monetary m_score",
                     "a 7.5 2\nb 100 2\nc 3.5 1\nd 7 1\n");
    expect_customers(YAML("", "{method: thresholds, monetary: mean, thresholds: {recency: [5], "
                              "frequency: [1], monetary: [7.49, 7.5]}}"),
                     four, "customer_id m_score", "a 2\nb 3\nc 1\nd 1\n");
    expect_customers(YAML("", "{bins: 2, monetary: mean}"),
                     HEADER "a,2025-01-01,1\na,2025-01-01,0\na,2025-01-01,0\nb,2025-01-01,0.34\n",
                     "customer_id monetary m_score", "a 0.3333333333333333 1\nb 0.34 2\n");
}

static void merge_by_day(void **state)
{
    (void)state;
    expect_customers(YAML("", "{bins: 2, merge: day}"), four, "customer_id frequency",
                     "a 2\nb 1\nc 1\nd 1\n");
    expect_customers(YAML("", "{bins: 2, merge: row}"), four, "customer_id frequency",
                     "a 2\nb 1\nc 2\nd 1\n");
}

/* a buys for 10 and 2 and gives back 4, b only gives back, c buys for 5. */
static const char with_returns[] = HEADER "a,2025-01-10,10\na,2025-01-30,-4\nb,2025-01-02,-3\n"
                                          "c,2025-01-20,5\na,2025-01-11,2\n";

static void returns_policies(void **state)
{
    (void)state;
    const char *columns = "customer_id recency_days frequency monetary rfm_cell rfm_segment";
    expect_customers(YAML("    returns: net\n", "{bins: 2}"), with_returns, columns,
                     "a 20 2 8.00 122 Cannot lose\nb  0 -3.00  No purchase\nc 11 1 5.00 211 New\n");
    expect_customers(YAML("    returns: separate\n", "{bins: 2}"), with_returns,
                     "customer_id recency_days frequency monetary rfm_cell return_rows "
                     "return_amount",
                     "a 20 2 12.00 122 1 -4.00\nb  0 0.00  1 -3.00\nc 11 1 5.00 211 0 0.00\n");
    expect_customers(YAML("    returns: drop\n", "{bins: 2}"), with_returns, columns,
                     "a 20 2 12.00 122 Cannot lose\nc 11 1 5.00 211 New\n");
    expect_customers(YAML("    returns: reject\n  bad_rows: {max_share: 1}\n", "{bins: 2}"),
                     with_returns, columns, "a 20 2 12.00 122 Cannot lose\nc 11 1 5.00 211 New\n");
    expect_customers(YAML("    returns: net\n", "{bins: 2, monetary: mean}"), with_returns,
                     "customer_id monetary m_score", "a 4 1\nb  \nc 5 2\n");
    expect_customers(YAML("    returns: separate\n", "{bins: 2, monetary: mean}"), with_returns,
                     "customer_id monetary m_score", "a 6 2\nb  \nc 5 1\n");
}

static void money_of_segments(void **state)
{
    (void)state;
    struct test_analysis analysis = analyse(YAML("    returns: net\n", "{bins: 2}"), with_returns);
    const emp_table *segments = test_table(&analysis, "rfm_segments");
    size_t rows = emp_table_rows(segments), found = 0;
    for (size_t i = 0; i < rows; i++) {
        if (strcmp(test_cell(segments, i, "segment").text, "No purchase") == 0) {
            assert_string_equal(test_cell(segments, i, "revenue").text, "-3.00");
            assert_string_equal(test_cell(segments, i, "customers").text, "1");
            assert_string_equal(test_cell(segments, i, "mean_recency_days").text, "");
            assert_string_equal(test_cell(segments, i, "median_monetary").text, "");
            found++;
        }
    }
    assert_int_equal(found, 1);
    test_analysis_free(&analysis);
}

/* Nobody has a score when everybody only gives back. */
static void customers_with_returns_only(void **state)
{
    (void)state;
    const char *csv = HEADER "1,2025-01-10,-1\n2,2025-01-11,-2\n";
    static const char *const methods[] = {"independent", "nested"};
    char yaml[400];
    for (int i = 0; i < 2; i++) {
        snprintf(yaml, sizeof yaml, YAML("    returns: separate\n", "{method: %s}"), methods[i]);
        struct test_analysis analysis = analyse(yaml, csv);
        test_expect_table(test_table(&analysis, "customers"),
                          "customer_id first_purchase recency_days frequency monetary r_score "
                          "rfm_cell rfm_score rfm_segment return_amount",
                          "1   0 0.00    No purchase -1.00\n2   0 0.00    No purchase -2.00\n");
        size_t warnings = emp_result_warnings(analysis.result), said = 0;
        for (size_t w = 0; w < warnings; w++)
            said += strcmp(emp_result_warning(analysis.result, w),
                           "2 of 2 customers have no purchase, and so no scores") == 0;
        assert_int_equal(said, 1);
        test_analysis_free(&analysis);
    }
}

static void one_customer_and_none(void **state)
{
    (void)state;
    static const char *const sections[] = {
        "{}",
        "{bins: 40}",
        "{bins: 2, ties: rank}",
        "{method: nested}",
        "{method: thresholds, thresholds: {recency: [1], frequency: [1], monetary: [1]}}",
        "{monetary: mean}"};
    static const char *const cells[] = {"511", "40-1-1", "211", "511", "112", "511"};
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        char yaml[500];
        snprintf(yaml, sizeof yaml, YAML("  allow_empty: true\n", "%s"), sections[i]);
        struct test_analysis analysis = analyse(yaml, HEADER);
        assert_int_equal(emp_table_rows(test_table(&analysis, "customers")), 0);
        assert_int_equal(emp_history_customers(analysis.history), 0);
        const emp_table *cuts = test_table(&analysis, "rfm_cuts");
        for (size_t row = 0; row < emp_table_rows(cuts); row++)
            assert_string_equal(test_cell(cuts, row, "customers").text, "0");
        test_analysis_free(&analysis);
        analysis = analyse(yaml, HEADER "7,2025-01-10,5\n");
        const emp_table *customers = test_table(&analysis, "customers");
        assert_int_equal(emp_table_rows(customers), 1);
        assert_string_equal(test_cell(customers, 0, "rfm_cell").text, cells[i]);
        test_analysis_free(&analysis);
    }
}

/* Equal customers have equal scores, and the result says which scores nobody has. */
static void equal_values_everywhere(void **state)
{
    (void)state;
    struct emp_buffer csv = {0};
    assert_int_equal(emp__buffer_text(&csv, HEADER, NULL), EMP_OK);
    for (int i = 0; i < 50; i++)
        assert_int_equal(emp__buffer_printf(&csv, NULL, "%d,2025-01-10,5\n", i), EMP_OK);
    struct test_analysis analysis = analyse(YAML("", "{}"), csv.data);
    const emp_table *customers = test_table(&analysis, "customers");
    for (size_t i = 0; i < 50; i++)
        assert_string_equal(test_cell(customers, i, "rfm_cell").text, "511");
    assert_int_equal(emp_result_warnings(analysis.result), 3);
    for (size_t i = 0; i < 3; i++)
        assert_non_null(strstr(emp_result_warning(analysis.result, i), "1 of 5 scores are used"));
    test_analysis_free(&analysis);
    /* By rank they are spread evenly, in order of id, and nothing is to be said. */
    analysis = analyse(YAML("", "{ties: rank}"), csv.data);
    customers = test_table(&analysis, "customers");
    for (size_t i = 0; i < 50; i++) {
        char cell[12];
        snprintf(cell, sizeof cell, "%d%d%d", 5 - (int)i / 10, 1 + (int)i / 10, 1 + (int)i / 10);
        assert_string_equal(test_cell(customers, i, "rfm_cell").text, cell);
    }
    assert_int_equal(emp_result_warnings(analysis.result), 0);
    test_analysis_free(&analysis);
    emp__buffer_free(&csv);
}

static void segments_of_ones_own(void **state)
{
    (void)state;
    expect_customers(YAML("", "{bins: 2, weights: {recency: 3, frequency: 0, monetary: 1}, "
                              "segments: [{name: \"Top, indeed\", recency: 2, monetary: 2}, "
                              "{name: B, recency: [1, 2], frequency: 2}]}"),
                     four, "customer_id rfm_score rfm_segment",
                     "a 2 Top, indeed\nb 2 Top, indeed\nc 1.75 B\nd 1 Unassigned\n");
}

/* The default table holds every cell exactly once, for any numbers of bins. */
static void default_segments_cover_every_cell_once(void **state)
{
    (void)state;
    for (int r = EMP_BINS_MIN; r <= EMP_BINS_MAX; r++)
        for (int f = EMP_BINS_MIN; f <= EMP_BINS_MAX; f++) {
            struct emp_rfm_params params = {.method = EMP_RFM_INDEPENDENT, .bins = {{r, f, 2}}};
            struct emp_buffer text = {0};
            char expected[300];
            assert_int_equal(emp__rfm_explain_segments(&params, &text, NULL), EMP_OK);
            snprintf(expected, sizeof expected,
                     "  segments: 11 (the default table) over %d cells (R-F-M)\n"
                     "  cells of more than one segment: 0\n  cells of no segment: 0\n",
                     2 * r * f);
            assert_memory_equal(text.data, expected, strlen(expected));
            emp__buffer_free(&text);
            for (int i = 1; i <= r; i++)
                assert_true(emp__rfm_segment(&params, (int[]){i, 1 + i % f, 1}) >= 0);
        }
    struct emp_rfm_params params = {.method = EMP_RFM_INDEPENDENT, .bins = {{5, 5, 5}}};
    assert_string_equal(emp__rfm_segment_name(&params, 0), "Champions");
    assert_int_equal(emp__rfm_segment(&params, (int[]){5, 5, 1}), 0);
    /* Whatever the number of bins, the lowest scores are at one end of the table, the highest at
       the other. */
    for (int bins = EMP_BINS_MIN; bins <= EMP_BINS_MAX; bins++) {
        params.bins = (struct emp_rfm_bins){{bins, bins, bins}};
        assert_int_equal(emp__rfm_segment(&params, (int[]){bins, bins, 1}), 0);
        int lowest = emp__rfm_segment(&params, (int[]){1, 1, bins});
        assert_string_equal(emp__rfm_segment_name(&params, (size_t)lowest), "Lost");
    }
}

enum { CUSTOMERS = 400 };

/* A random history with many ties; `copies` of each customer, amounts in units of 10^-decimals. */
static struct emp_buffer random_history(int copies, int decimals, uint64_t order)
{
    struct emp_buffer csv = {0};
    struct row {
        char text[60];
    } *lines = malloc((size_t)copies * CUSTOMERS * 12 * sizeof *lines);
    size_t count = 0;
    uint64_t seed = 121;
    assert_non_null(lines);
    for (int c = 0; c < CUSTOMERS; c++) {
        int n = 1 + (int)(test_random(&seed) % 8);
        for (int i = 0; i < n; i++) {
            int day = 1 + (int)(test_random(&seed) % 28), amount = (int)(test_random(&seed) % 60);
            if (test_random(&seed) % 12 == 0)
                amount = -amount;
            for (int copy = 0; copy < copies; copy++)
                snprintf(lines[count++].text, sizeof lines->text, "%d%s,2025-01-%02d,%s%d.%0*d\n",
                         c, copy ? "x" : "", day, amount < 0 ? "-" : "", 0, decimals, abs(amount));
        }
    }
    assert_int_equal(emp__buffer_text(&csv, HEADER, NULL), EMP_OK);
    for (size_t i = 0; i < count; i++) {
        size_t j = order ? i + test_random(&order) % (count - i) : i;
        struct row line = lines[j];
        lines[j] = lines[i];
        assert_int_equal(emp__buffer_text(&csv, line.text, NULL), EMP_OK);
    }
    free(lines);
    return csv;
}

static const char *const ways[] = {
    "{}",
    "{bins: 40}",
    "{bins: {recency: 3, frequency: 7, monetary: 10}, monetary: mean, merge: day}",
    "{ties: rank}",
    "{method: nested}",
    "{method: nested, ties: rank, bins: 4}",
    "{method: nested, monetary: mean, bins: 3, merge: day}",
    "{method: thresholds, thresholds: {recency: [2, 4, 9], frequency: [1, 3], monetary: [0, 0.3, "
    "1.1, 2]}}",
};
enum { WAYS = sizeof ways / sizeof *ways };

static void make_yaml(char *out, size_t room, const char *input, const char *rfm)
{
    snprintf(out, room, YAML("%s", "%s"), input, rfm);
}

/* Money in another unit, rows in another order: the same scores. */
static void what_must_not_change_the_scores(void **state)
{
    (void)state;
    struct emp_buffer base = random_history(1, 2, 0), other = random_history(1, 2, 5),
                      small_money = random_history(1, 4, 9);
    for (int w = 0; w < WAYS; w++) {
        char yaml[600], small_yaml[600];
        make_yaml(yaml, sizeof yaml, "", ways[w]);
        make_yaml(small_yaml, sizeof small_yaml, "    amount_decimals: 4\n", ways[w]);
        bool own_cuts = strstr(ways[w], "thresholds") != NULL;
        struct test_analysis a = analyse(yaml, base.data), b = analyse(yaml, other.data),
                             c = analyse(small_yaml, small_money.data);
        const emp_table *first = test_table(&a, "customers"), *second = test_table(&b, "customers"),
                        *third = test_table(&c, "customers");
        for (size_t i = 0; i < CUSTOMERS; i++) {
            struct test_cell cell = test_cell(first, i, "rfm_cell");
            assert_string_equal(test_cell(second, i, "rfm_cell").text, cell.text);
            if (!own_cuts)
                assert_string_equal(test_cell(third, i, "rfm_cell").text, cell.text);
        }
        test_analysis_free(&a);
        test_analysis_free(&b);
        test_analysis_free(&c);
    }
    emp__buffer_free(&base);
    emp__buffer_free(&other);
    emp__buffer_free(&small_money);
}

/* Two customers who did the same have the same scores, where ties go by value. */
static void copies_have_the_same_scores(void **state)
{
    (void)state;
    struct emp_buffer csv = random_history(2, 2, 3);
    for (int w = 0; w < WAYS; w++) {
        char yaml[600];
        make_yaml(yaml, sizeof yaml, "", ways[w]);
        if (strstr(ways[w], "rank"))
            continue;
        struct test_analysis analysis = analyse(yaml, csv.data);
        const emp_table *customers = test_table(&analysis, "customers");
        assert_int_equal(emp_table_rows(customers), 2 * CUSTOMERS);
        /* Numbers stand before texts; both stand in order, the texts in that of their bytes. */
        for (size_t i = 0; i < CUSTOMERS; i++) {
            struct test_cell id = test_cell(customers, CUSTOMERS + i, "customer_id");
            size_t original = (size_t)atoi(id.text);
            struct test_cell cell = test_cell(customers, CUSTOMERS + i, "rfm_cell");
            assert_string_equal(test_cell(customers, original, "rfm_cell").text, cell.text);
        }
        test_analysis_free(&analysis);
    }
    emp__buffer_free(&csv);
}

static bool in_group(const emp_table *customers, size_t row, double r_score, double f_score)
{
    return (isnan(r_score) || test_number(customers, row, "r_score", NAN) == r_score) &&
           (isnan(f_score) || test_number(customers, row, "f_score", NAN) == f_score);
}

/* Counts the customers of one bin anew, from their values and from their scores. */
static void recount(const emp_table *cuts, size_t row, const emp_table *customers, bool by_value)
{
    const char *const values[] = {"recency_days", "frequency", "monetary"};
    const char *const scores[] = {"r_score", "f_score", "m_score"};
    char first = test_cell(cuts, row, "measure").text[0];
    int m = first == 'r' ? 0 : first == 'f' ? 1 : 2;
    double r = test_number(cuts, row, "r_score", NAN), f = test_number(cuts, row, "f_score", NAN);
    double above = test_number(cuts, row, "above", -INFINITY);
    double up_to = test_number(cuts, row, "up_to", INFINITY);
    double score = test_number(cuts, row, "score", NAN), low = INFINITY, high = -INFINITY;
    size_t scored = 0, within = 0, group = 0;
    for (size_t i = 0; i < emp_table_rows(customers); i++) {
        double own = test_number(customers, i, scores[m], NAN);
        double value = test_number(customers, i, values[m], NAN);
        if (isnan(own) || !in_group(customers, i, r, f))
            continue;
        group++;
        within += value > above && value <= up_to;
        if (own != score)
            continue;
        scored++;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    assert_true((double)scored == test_number(cuts, row, "customers", NAN));
    if (by_value && group > 0)
        assert_int_equal(within, scored);
    if (scored > 0) {
        assert_true(test_number(cuts, row, "lowest", NAN) == low);
        assert_true(test_number(cuts, row, "highest", NAN) == high);
    } else {
        assert_string_equal(test_cell(cuts, row, "lowest").text, "");
    }
}

static void every_bin_recounted(void **state)
{
    (void)state;
    struct emp_buffer csv = random_history(1, 2, 0);
    for (int w = 0; w < WAYS; w++) {
        char yaml[600];
        make_yaml(yaml, sizeof yaml, "    returns: separate\n", ways[w]);
        struct test_analysis analysis = analyse(yaml, csv.data);
        const emp_table *cuts = test_table(&analysis, "rfm_cuts");
        const emp_table *customers = test_table(&analysis, "customers");
        double per_measure[3] = {0};
        for (size_t row = 0; row < emp_table_rows(cuts); row++) {
            recount(cuts, row, customers, !strstr(ways[w], "rank"));
            char first = test_cell(cuts, row, "measure").text[0];
            per_measure[first == 'r'   ? 0
                        : first == 'f' ? 1
                                       : 2] += test_number(cuts, row, "customers", NAN);
        }
        double buyers = 0;
        for (size_t i = 0; i < CUSTOMERS; i++)
            buyers += test_cell(customers, i, "r_score").text[0] != 0;
        assert_true(buyers > CUSTOMERS / 2);
        for (int m = 0; m < 3; m++)
            assert_true(per_measure[m] == buyers);
        test_analysis_free(&analysis);
    }
    emp__buffer_free(&csv);
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * (1 + fabs(expected))))
        fail_msg("%.17g instead of %.17g", found, expected);
}

/* Means and medians of a segment from the customers in it. */
static void check_segment(const emp_table *segments, size_t row, const emp_table *customers,
                          double *customers_seen, double *revenue_seen, bool mean)
{
    const char *const values[] = {"recency_days", "frequency", "monetary"};
    const char *const means[] = {"mean_recency_days", "mean_frequency", "mean_monetary"};
    const char *const medians[] = {"median_recency_days", "median_frequency", "median_monetary"};
    struct test_cell name = test_cell(segments, row, "segment");
    for (int m = 0; m < 3; m++) {
        double list[CUSTOMERS], sum = 0;
        size_t n = 0, members = 0;
        for (size_t i = 0; i < emp_table_rows(customers); i++) {
            if (strcmp(test_cell(customers, i, "rfm_segment").text, name.text) != 0)
                continue;
            members++;
            if (test_cell(customers, i, "r_score").text[0] == 0)
                continue;
            list[n] = test_number(customers, i, values[m], NAN);
            sum += list[n++];
        }
        assert_true((double)members == test_number(segments, row, "customers", NAN));
        if (m == 0)
            *customers_seen += (double)members;
        if (n == 0) {
            assert_string_equal(test_cell(segments, row, medians[m]).text, "");
            continue;
        }
        qsort(list, n, sizeof *list, compare_doubles);
        near(test_number(segments, row, means[m], NAN), sum / (double)n);
        near(test_number(segments, row, medians[m], NAN), (list[(n - 1) / 2] + list[n / 2]) / 2);
        if (m == 2 && !mean)
            near(test_number(segments, row, "revenue", NAN), sum);
    }
    *revenue_seen += test_number(segments, row, "revenue", NAN);
    near(test_number(segments, row, "customer_share", NAN),
         test_number(segments, row, "customers", NAN) / (double)emp_table_rows(customers));
}

static void every_segment_recomputed(void **state)
{
    (void)state;
    struct emp_buffer csv = random_history(1, 2, 0);
    for (int w = 0; w < WAYS; w++) {
        char yaml[600];
        make_yaml(yaml, sizeof yaml, "    returns: separate\n", ways[w]);
        struct test_analysis analysis = analyse(yaml, csv.data);
        const emp_table *segments = test_table(&analysis, "rfm_segments");
        const emp_table *customers = test_table(&analysis, "customers");
        bool mean = strstr(ways[w], "mean") != NULL;
        double seen = 0, revenue = 0, total = 0, shares = 0;
        for (size_t row = 0; row < emp_table_rows(segments); row++) {
            check_segment(segments, row, customers, &seen, &revenue, mean);
            shares += test_number(segments, row, "revenue_share", NAN);
        }
        for (size_t i = 0; i < CUSTOMERS && !mean; i++)
            total += test_number(customers, i, "monetary", 0);
        assert_true(seen == CUSTOMERS);
        near(shares, 1);
        if (!mean)
            near(revenue, total);
        test_analysis_free(&analysis);
    }
    emp__buffer_free(&csv);
}

/* analysis_date: last is the day after the last row, be it a return. */
static void the_day_after_the_last_row(void **state)
{
    (void)state;
    const char *yaml = "input:\n  transactions:\n    files: [a.csv]\n"
                       "    columns: {customer: id, time: day, amount: sum}\nrfm: {bins: 2}\n";
    expect_customers(yaml, with_returns, "customer_id recency_days", "a 20\nb \nc 11\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_of_customers),
        cmocka_unit_test(cuts_of_four_customers),
        cmocka_unit_test(methods_and_ties),
        cmocka_unit_test(monetary_mean),
        cmocka_unit_test(merge_by_day),
        cmocka_unit_test(returns_policies),
        cmocka_unit_test(money_of_segments),
        cmocka_unit_test(customers_with_returns_only),
        cmocka_unit_test(one_customer_and_none),
        cmocka_unit_test(equal_values_everywhere),
        cmocka_unit_test(segments_of_ones_own),
        cmocka_unit_test(default_segments_cover_every_cell_once),
        cmocka_unit_test(what_must_not_change_the_scores),
        cmocka_unit_test(copies_have_the_same_scores),
        cmocka_unit_test(every_bin_recounted),
        cmocka_unit_test(every_segment_recomputed),
        cmocka_unit_test(the_day_after_the_last_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
