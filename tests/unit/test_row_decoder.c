// SPDX-License-Identifier: Apache-2.0
/* What becomes of a row: every fate, every reason, every condition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <xxhash.h>

#include "../lib/test_source.h"
#include "text/slack.h"

/* A decoder for the parameters of a YAML text, and the parameters. */
struct fixture {
    emp_params *params;
    struct emp_wanted_columns wanted;
    struct emp_row_decoder decoder;
};

static void set_up(struct fixture *f, const char *yaml)
{
    struct test_folder folder = test_folder_new();
    emp_error error;
    test_write_text(&folder, "params.yaml", yaml);
    if (emp_params_load(test_path(&folder, "params.yaml").text, NULL, 0, &f->params, &error) !=
        EMP_OK)
        fail_msg("parameters: %s", error.message);
    const struct emp_input_params *input = &f->params->input;
    unsigned tokens = 0;
    tokens |= input->columns.order.name ? emp__token_bit(EMP_TOKEN_ORDER) : 0;
    tokens |= input->columns.product.name ? emp__token_bit(EMP_TOKEN_PRODUCT) : 0;
    tokens |= input->columns.channel.name ? emp__token_bit(EMP_TOKEN_CHANNEL) : 0;
    emp__wanted_columns(input, tokens, &f->wanted);
    emp__row_decoder_init(&f->decoder, input, &f->wanted, f->params->general.analysis_date);
    test_folder_free(&folder);
}

struct decoded {
    enum emp_fate fate;
    struct emp_row row;
    char reason[EMP_REASON_MAX];
    char customer[300];
};

/* `fields` are the slots one behind the other, up to `count`; those that are not wanted are NULL.
 */
static struct decoded decode(const struct fixture *f, const char *const *fields, size_t count)
{
    struct decoded out = {.row = {.amount = -77}};
    struct emp_field slots[EMP_SLOTS_MAX] = {0};
    char *blocks[EMP_SLOTS_MAX] = {0};
    assert_int_equal(count, f->wanted.count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(fields[i] != NULL, f->wanted.slots[i] != NULL);
        if (!fields[i])
            continue;
        size_t length = strlen(fields[i]);
        blocks[i] = malloc(length + EMP_TEXT_SLACK);
        assert_non_null(blocks[i]);
        memcpy(blocks[i], fields[i], length);
        memset(blocks[i] + length, '0', EMP_TEXT_SLACK);
        slots[i] = (struct emp_field){blocks[i], length};
    }
    memset(out.reason, 'R', sizeof out.reason);
    out.fate = emp__row_decode(&f->decoder, slots, &out.row, out.reason);
    if (out.fate == EMP_ROW_REJECTED)
        assert_non_null(memchr(out.reason, 0, sizeof out.reason));
    if (out.fate == EMP_ROW_USED && out.row.customer_text)
        memcpy(out.customer, out.row.customer_text, out.row.customer_length);
    for (size_t i = 0; i < count; i++)
        free(blocks[i]);
    return out;
}

static void expect_reason(const struct fixture *f, const char *const *fields, size_t count,
                          const char *reason)
{
    struct decoded found = decode(f, fields, count);
    assert_int_equal(found.fate, EMP_ROW_REJECTED);
    assert_string_equal(found.reason, reason);
}

static void expect_fate(const struct fixture *f, const char *const *fields, size_t count,
                        enum emp_fate fate, int64_t amount)
{
    struct decoded found = decode(f, fields, count);
    if (found.fate != fate)
        fail_msg("fate %d instead of %d%s%s", (int)found.fate, (int)fate,
                 found.fate == EMP_ROW_REJECTED ? ": " : "",
                 found.fate == EMP_ROW_REJECTED ? found.reason : "");
    if (fate >= EMP_ROW_USED)
        assert_int_equal(found.row.amount, amount);
}

/* The slots customer, time, amount, quantity, order, product and channel. */
#define FIELDS(...)                                                                                \
    (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)
#define ROW(id, day, sum) FIELDS(id, day, sum, NULL, NULL, NULL, NULL)

static void rows_that_are_used(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, TEST_YAML(""));
    struct decoded found = decode(&f, ROW("0042", "2025-01-02", "-3.5"));
    uint64_t number;
    assert_true(emp__id_number("0042", 4, &number));
    assert_int_equal(found.fate, EMP_ROW_USED);
    assert_int_equal(found.row.customer, number);
    assert_null(found.row.customer_text);
    assert_int_equal(found.row.time, INT64_C(1735776000));
    assert_int_equal(found.row.amount, -350);
    for (int t = 0; t < EMP_TOKENS; t++)
        assert_int_equal(found.row.token[t], 0);
    found = decode(&f, ROW(" \xd0\x96 1", "2025-01-02T00:00:01Z", "0"));
    assert_int_equal(found.fate, EMP_ROW_USED);
    assert_int_equal(found.row.customer, XXH3_64bits(" \xd0\x96 1", 5) | EMP_ID_TEXT);
    assert_int_equal(found.row.customer_length, 5);
    assert_string_equal(found.customer, " \xd0\x96 1");
    assert_int_equal(found.row.time, INT64_C(1735776001));
    assert_int_equal(found.row.amount, 0);
    emp_params_free(f.params);
}

static void bad_customers(void **state)
{
    (void)state;
    struct fixture f;
    char id[300];
    set_up(&f, TEST_YAML(""));
    expect_reason(&f, ROW("", "2025-01-02", "1"),
                  "column 'id': '' is empty, expected a customer id");
    expect_reason(&f, ROW(" \t", "2025-01-02", "1"),
                  "column 'id': ' ?' is empty, expected a customer id");
    expect_reason(&f, ROW("\xd0", "2025-01-02", "1"),
                  "column 'id': '?' is not UTF-8; set input.transactions.encoding");
    memset(id, 'x', sizeof id);
    id[255] = 0;
    expect_fate(&f, ROW(id, "2025-01-02", "1"), EMP_ROW_USED, 100);
    id[255] = 'x', id[256] = 0;
    expect_reason(
        &f, ROW(id, "2025-01-02", "1"),
        "column 'id': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is "
        "longer than 255 bytes, the longest customer id");
    /* Digits are no different. */
    memset(id, '7', 256);
    expect_reason(
        &f, ROW(id, "2025-01-02", "1"),
        "column 'id': '777777777777777777777777777777777777777777777777777777777777...' is "
        "longer than 255 bytes, the longest customer id");
    emp_params_free(f.params);
    set_up(&f, TEST_YAML("    missing_customer: drop\n"));
    expect_fate(&f, ROW("", "x", "x"), EMP_ROW_FILTERED_MISSING, 0);
    expect_fate(&f, ROW("  ", "2025-01-02", "1"), EMP_ROW_FILTERED_MISSING, 0);
    emp_params_free(f.params);
}

static void bad_times_and_amounts(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, TEST_YAML(""));
    expect_reason(&f, ROW("1", "02.01.2025", "1"),
                  "column 'day': '02.01.2025' is not an ISO 8601 date or date-time like 2025-12-31 "
                  "or 2025-12-31T23:59:59");
    expect_reason(&f, ROW("1", "2025-02-29", "1"),
                  "column 'day': '2025-02-29' is not an ISO 8601 date or date-time like 2025-12-31 "
                  "or 2025-12-31T23:59:59");
    expect_reason(&f, ROW("1", "2025-01-02", ""),
                  "column 'sum': '' is empty, expected a decimal number");
    expect_reason(&f, ROW("1", "2025-01-02", "1,5"),
                  "column 'sum': '1,5' is not a decimal number with the mark '.'");
    expect_reason(&f, ROW("1", "2025-01-02", "nan"),
                  "column 'sum': 'nan' is not a decimal number with the mark '.'");
    expect_reason(&f, ROW("1", "2025-01-02", "1.005"),
                  "column 'sum': '1.005' has more than 2 decimals "
                  "(input.transactions.amount_decimals)");
    expect_fate(&f, ROW("1", "2025-01-02", "1.5000"), EMP_ROW_USED, 150);
    expect_fate(&f, ROW("1", "2025-01-02", "92233720368547758.07"), EMP_ROW_USED, INT64_MAX);
    expect_reason(&f, ROW("1", "2025-01-02", "92233720368547758.08"),
                  "column 'sum': '92233720368547758.08' is too large");
    expect_reason(&f, ROW("1", "2025-01-02", "-92233720368547758.08"),
                  "column 'sum': '-92233720368547758.08' is too large");
    emp_params_free(f.params);
    set_up(&f, TEST_YAML("    time_format: \"%d.%m.%Y\"\n    decimal: \",\"\n"));
    expect_reason(&f, ROW("1", "2025-01-02", "1"),
                  "column 'day': '2025-01-02' does not match the time format '%d.%m.%Y'");
    expect_reason(&f, ROW("1", "02.01.2025", "1.5"),
                  "column 'sum': '1.5' is not a decimal number with the mark ','");
    expect_fate(&f, ROW("1", "02.01.2025", "1,5"), EMP_ROW_USED, 150);
    emp_params_free(f.params);
}

/* A reason is one line of bounded length, whatever the field holds. */
static void fields_as_reasons_show_them(void **state)
{
    (void)state;
    struct fixture f;
    char day[80], expected[300];
    set_up(&f, TEST_YAML("    time_format: \"%Y%m%d\"\n"));
    expect_reason(&f, ROW("1", "a\r\n\x1b[31m\x7f", "1"),
                  "column 'day': 'a\?\?\?[31m?' does not match the time format '%Y%m%d'");
    /* Cut at a character, not in it: 59 letters and one of two bytes. */
    memset(day, 'x', 59);
    strcpy(day + 59, "\xd0\x96zz");
    memset(expected, 0, sizeof expected);
    snprintf(expected, sizeof expected,
             "column 'day': '%.59s...' does not match the time format '%%Y%%m%%d'", day);
    expect_reason(&f, ROW("1", day, "1"), expected);
    strcpy(day + 58, "\xd0\x96");
    snprintf(expected, sizeof expected,
             "column 'day': '%s' does not match the time format '%%Y%%m%%d'", day);
    expect_reason(&f, ROW("1", day, "1"), expected);
    emp_params_free(f.params);
}

static void orders(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t number;
    set_up(&f, "input:\n  transactions:\n    files: [a.csv]\n"
               "    columns: {customer: id, time: day, amount: sum, order: bill}\nrfm: {}\n");
    assert_true(emp__id_number("007", 3, &number));
    struct decoded found = decode(&f, FIELDS("1", "2025-01-02", "1", NULL, "007", NULL, NULL));
    assert_int_equal(found.fate, EMP_ROW_USED);
    assert_int_equal(found.row.token[EMP_TOKEN_ORDER], number);
    found = decode(&f, FIELDS("1", "2025-01-02", "1", NULL, "C7", NULL, NULL));
    assert_int_equal(found.row.token[EMP_TOKEN_ORDER], XXH3_64bits("C7", 2) | EMP_ID_TEXT);
    expect_reason(&f, FIELDS("1", "2025-01-02", "1", NULL, " ", NULL, NULL),
                  "column 'bill': ' ' is empty, expected an order id");
    emp_params_free(f.params);
}

/* Read as orders are; but an empty field is no product, and no error. */
static void products_and_channels(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t number;
    set_up(&f,
           "input:\n  transactions:\n    files: [a.csv]\n    columns: {customer: id, time: day, "
           "amount: sum, product: item, channel: way}\nrfm: {}\n");
    assert_true(emp__id_number("007", 3, &number));
    struct decoded found =
        decode(&f, FIELDS("1", "2025-01-02", "1", NULL, NULL, "007", "shop \xd0\x96"));
    assert_int_equal(found.fate, EMP_ROW_USED);
    assert_int_equal(found.row.token[EMP_TOKEN_ORDER], 0);
    assert_int_equal(found.row.token[EMP_TOKEN_PRODUCT], number);
    assert_int_equal(found.row.token[EMP_TOKEN_CHANNEL],
                     XXH3_64bits("shop \xd0\x96", 7) | EMP_ID_TEXT);
    found = decode(&f, FIELDS("1", "2025-01-02", "1", NULL, NULL, "", " \t"));
    assert_int_equal(found.fate, EMP_ROW_USED);
    assert_int_equal(found.row.token[EMP_TOKEN_PRODUCT], 0);
    assert_int_equal(found.row.token[EMP_TOKEN_CHANNEL], 0);
    emp_params_free(f.params);
}

static void returns(void **state)
{
    (void)state;
    struct fixture f;
    static const char *const words[] = {"net", "separate"};
    char yaml[400];
    for (int i = 0; i < 2; i++) {
        snprintf(yaml, sizeof yaml,
                 "input:\n  transactions:\n    files: [a.csv]\n    returns: %s\n"
                 "    columns: {customer: id, time: day, amount: sum}\nrfm: {}\n",
                 words[i]);
        set_up(&f, yaml);
        expect_fate(&f, ROW("1", "2025-01-02", "-1"), EMP_ROW_USED, -100);
        emp_params_free(f.params);
    }
    set_up(&f, TEST_YAML("    returns: drop\n"));
    expect_fate(&f, ROW("1", "2025-01-02", "-1"), EMP_ROW_FILTERED_RETURN, -100);
    expect_fate(&f, ROW("1", "2025-01-02", "-0.00"), EMP_ROW_USED, 0);
    emp_params_free(f.params);
    set_up(&f, TEST_YAML("    returns: reject\n"));
    expect_reason(&f, ROW("1", "2025-01-02", "-1"),
                  "column 'sum': '-1' makes a negative amount, and returns: reject is set");
    expect_fate(&f, ROW("1", "2025-01-02", "0"), EMP_ROW_USED, 0);
    emp_params_free(f.params);
}

static void after_the_analysis_date(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, "analysis_date: 2025-01-31\n" TEST_YAML("    returns: reject\n"));
    expect_fate(&f, ROW("1", "2025-01-31T23:59:59", "1"), EMP_ROW_USED, 100);
    expect_fate(&f, ROW("1", "2025-02-01", "1"), EMP_ROW_FILTERED_LATER, 100);
    /* Later goes before return: what is not looked at cannot be wrong. */
    expect_fate(&f, ROW("1", "2025-02-01", "-1"), EMP_ROW_FILTERED_LATER, -100);
    expect_reason(&f, ROW("1", "2025-02-01", "x"),
                  "column 'sum': 'x' is not a decimal number with the mark '.'");
    emp_params_free(f.params);
}

/* One condition on the column k: what happens to a row with this text in it. */
static void expect_condition(const char *condition, const char *text, enum emp_fate fate)
{
    struct fixture f;
    char yaml[400];
    snprintf(yaml, sizeof yaml, TEST_YAML("    where: [{column: k, %s}]\n"), condition);
    set_up(&f, yaml);
    struct decoded found = decode(&f, FIELDS("1", "2025-01-02", "1", NULL, NULL, NULL, NULL, text));
    if (found.fate != fate)
        fail_msg("{%s} and '%s': fate %d instead of %d", condition, text, (int)found.fate,
                 (int)fate);
    if (fate == EMP_ROW_REJECTED) {
        char reason[200];
        snprintf(reason, sizeof reason,
                 "column 'k': '%s' is not a decimal number, which a condition of 'where' needs",
                 text);
        assert_string_equal(found.reason, reason);
    }
    emp_params_free(f.params);
}

static void conditions_on_text(void **state)
{
    (void)state;
    const enum emp_fate yes = EMP_ROW_USED, no = EMP_ROW_FILTERED_WHERE;
    expect_condition("eq: x", "x", yes);
    expect_condition("eq: x", "x ", no);
    expect_condition("eq: x", "X", no);
    expect_condition("eq: 1", "1.0", no);
    expect_condition("eq: ''", "", yes);
    expect_condition("ne: x", "x", no);
    expect_condition("ne: x", "", yes);
    expect_condition("in: [x, yy]", "yy", yes);
    expect_condition("in: [x, yy]", "y", no);
    expect_condition("not_in: [x, yy]", "yy", no);
    expect_condition("not_in: [x, yy]", "y", yes);
    expect_condition("starts_with: C", "C536379", yes);
    expect_condition("starts_with: C", "536379C", no);
    expect_condition("starts_with: CC", "C", no);
    expect_condition("not_starts_with: C", "C536379", no);
    expect_condition("not_starts_with: C", "536379", yes);
    expect_condition("not_starts_with: C", "", yes);
    expect_condition("empty: true", "", yes);
    expect_condition("empty: true", " \t ", yes);
    expect_condition("empty: true", "0", no);
    expect_condition("empty: false", "", no);
    expect_condition("empty: false", "0", yes);
}

static void conditions_on_numbers(void **state)
{
    (void)state;
    const enum emp_fate yes = EMP_ROW_USED, no = EMP_ROW_FILTERED_WHERE, bad = EMP_ROW_REJECTED;
    expect_condition("lt: 2.5", "2.49", yes);
    expect_condition("lt: 2.5", "2.50", no);
    expect_condition("le: 2.5", "2.50", yes);
    expect_condition("le: 2.5", "2.51", no);
    expect_condition("gt: 0", "0.000000000000000001", yes);
    expect_condition("gt: 0", "-0", no);
    expect_condition("gt: 0", "-5", no);
    expect_condition("ge: 1", "x", bad);
    expect_condition("ge: -1", "-1.0", yes);
    expect_condition("ge: -1", "-1.1", no);
    expect_condition("gt: 9223372036854775806", "9223372036854775807", yes);
    /* What is no number does not meet the condition, and is not filtered silently. */
    expect_condition("gt: 0", "", bad);
    expect_condition("gt: 0", "many", bad);
    expect_condition("le: 5", "1,5", bad);
    expect_condition("lt: 5", "99999999999999999999", bad);
}

static void several_conditions(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, TEST_YAML("    where: [{column: q, gt: 0}, {column: p, ne: x}, "
                         "{column: q, lt: 10}]\n"));
    expect_fate(&f, FIELDS("1", "2025-01-02", "1", NULL, NULL, NULL, NULL, "5", "y", "5"),
                EMP_ROW_USED, 100);
    expect_fate(&f, FIELDS("1", "2025-01-02", "1", NULL, NULL, NULL, NULL, "5", "y", "10"),
                EMP_ROW_FILTERED_WHERE, 0);
    expect_fate(&f, FIELDS("1", "2025-01-02", "1", NULL, NULL, NULL, NULL, "5", "x", "?"),
                EMP_ROW_FILTERED_WHERE, 0);
    /* Conditions are looked at first: a row that is filtered may be bad otherwise. */
    expect_fate(&f, FIELDS("", "x", "x", NULL, NULL, NULL, NULL, "0", "y", "5"),
                EMP_ROW_FILTERED_WHERE, 0);
    emp_params_free(f.params);
}

#define PRODUCT(decimals)                                                                          \
    "input:\n  transactions:\n    files: [a.csv]\n    amount_decimals: " #decimals "\n"            \
    "    columns: {customer: id, time: day, amount: {price: p, quantity: q}}\nrfm: {}\n"

static void expect_product(const struct fixture *f, const char *price, const char *quantity,
                           int64_t amount)
{
    expect_fate(f, FIELDS("1", "2025-01-02", price, quantity, NULL, NULL, NULL), EMP_ROW_USED,
                amount);
}

static void price_times_quantity(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, PRODUCT(2));
    expect_product(&f, "2.55", "6", 1530);
    expect_product(&f, "0.001", "10", 1); /* the product decides, not its factors */
    expect_product(&f, "0.125", "0.08", 1);
    expect_product(&f, "2.55", "-6", -1530);
    expect_product(&f, "-2.55", "-6", 1530);
    expect_product(&f, "0", "99999999", 0);
    expect_product(&f, "4611686018427387904", "0.01", INT64_C(4611686018427387904));
    expect_product(&f, "92233720368547758.07", "1", INT64_MAX);
    expect_product(&f, "-92233720368547758.07", "1", -INT64_MAX);
    expect_product(&f, "3037000.25", "30370004.96", INT64_C(9223371265602124));
    emp_params_free(f.params);
}

static void products_that_do_not_fit(void **state)
{
    (void)state;
    struct fixture f;
    set_up(&f, PRODUCT(2));
    expect_reason(&f, FIELDS("1", "2025-01-02", "x", "6", NULL, NULL, NULL),
                  "column 'p': 'x' is not a decimal number with the mark '.'");
    expect_reason(&f, FIELDS("1", "2025-01-02", "2", "", NULL, NULL, NULL),
                  "column 'q': '' is empty, expected a decimal number");
    struct decoded found = decode(&f, FIELDS("1", "2025-01-02", "2.555", "3", NULL, NULL, NULL));
    assert_int_equal(found.fate, EMP_ROW_REJECTED);
    assert_non_null(strstr(found.reason, "more than 2 decimals"));
    static const char *const large[][2] = {{"92233720368547758.07", "1.01"},
                                           {"9223372036854775807", "9223372036854775807"},
                                           {"-9223372036854775807", "9223372036854775807"},
                                           {"92233720368547758.08", "1"},
                                           {"92233720368547758.08", "-1"},
                                           {"-46116860184273879.04", "2"}};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        found = decode(&f, FIELDS("1", "2025-01-02", large[i][0], large[i][1], NULL, NULL, NULL));
        assert_int_equal(found.fate, EMP_ROW_REJECTED);
        assert_non_null(strstr(found.reason, i ? "is too large" : "more than 2 decimals"));
    }
    emp_params_free(f.params);
    set_up(&f, PRODUCT(9));
    expect_product(&f, "0.000000001", "1", 1);
    found = decode(&f, FIELDS("1", "2025-01-02", "9223372037", "1", NULL, NULL, NULL));
    assert_non_null(strstr(found.reason, "is too large"));
    emp_params_free(f.params);
}

/* Every product of small decimals against 128-bit integers. */
static void random_products(void **state)
{
    (void)state;
    struct fixture f;
    uint64_t seed = 41;
    set_up(&f, PRODUCT(4));
    for (int round = 0; round < 3000; round++) {
        int64_t factor[2];
        int scale[2], total = 0;
        char text[2][40];
        for (int i = 0; i < 2; i++) {
            scale[i] = (int)(test_random(&seed) % 5);
            factor[i] = (int64_t)(test_random(&seed) >> (24 + test_random(&seed) % 39));
            factor[i] = test_random(&seed) % 2 ? -factor[i] : factor[i];
            text[i][emp__format_decimal(factor[i], scale[i], text[i])] = 0;
            total += scale[i];
        }
        emp_int128 product = (emp_int128)factor[0] * factor[1];
        for (int i = total; i < 4; i++)
            product *= 10;
        bool exact = true;
        for (int i = total; i > 4; i--) {
            exact = exact && product % 10 == 0;
            product /= 10;
        }
        bool fits = product <= INT64_MAX && product >= -INT64_MAX;
        struct decoded found =
            decode(&f, FIELDS("1", "2025-01-02", text[0], text[1], NULL, NULL, NULL));
        assert_int_equal(found.fate, exact && fits ? EMP_ROW_USED : EMP_ROW_REJECTED);
        if (exact && fits)
            assert_int_equal(found.row.amount, (int64_t)product);
        else
            assert_non_null(strstr(found.reason, exact ? "is too large" : "decimals"));
    }
    emp_params_free(f.params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_are_used),
        cmocka_unit_test(bad_customers),
        cmocka_unit_test(bad_times_and_amounts),
        cmocka_unit_test(fields_as_reasons_show_them),
        cmocka_unit_test(orders),
        cmocka_unit_test(products_and_channels),
        cmocka_unit_test(returns),
        cmocka_unit_test(after_the_analysis_date),
        cmocka_unit_test(conditions_on_text),
        cmocka_unit_test(conditions_on_numbers),
        cmocka_unit_test(several_conditions),
        cmocka_unit_test(price_times_quantity),
        cmocka_unit_test(products_that_do_not_fit),
        cmocka_unit_test(random_products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
