// SPDX-License-Identifier: Apache-2.0
/* The schema: loading every type, every message, defaults, --set, the reference, near words. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>

#include "../lib/params_schema.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FILES        "input: {transactions: {files: a.csv}}\n"
#define SINCE        "rfm: {since: 2024-02-29}\n"

static struct emp_node *read_text(const char *text)
{
    struct emp_node *root = NULL;
    emp_error error = {.status = EMP_OK};
    if (emp__node_read_text("p.yaml", text, strlen(text), &root, &error) != EMP_OK)
        fail_msg("%s", error.message);
    return root;
}

static struct emp_node *load(const char *text, struct test_params *params)
{
    struct emp_node *root = read_text(text);
    emp_error error = {.status = EMP_OK};
    *params = (struct test_params){.top = {0}};
    if (test_load(root, params, &error) != EMP_OK)
        fail_msg("%s", error.message);
    return root;
}

static void check_fail(const char *text, const char *expected)
{
    struct emp_node *root = read_text(text);
    struct test_params params = {.top = {0}};
    static const struct test_params zero;
    emp_error error = {.status = EMP_OK};
    char message[2048];
    assert_int_equal(test_load(root, &params, &error), EMP_ERR_PARAMS);
    assert_string_equal(emp_error_text(&error, message, sizeof message), expected);
    assert_memory_equal(&params, &zero, sizeof params);
    emp__node_free(root);
}

struct message_row {
    const char *text, *message;
};

static void check_rows(const struct message_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_fail(rows[i].text, rows[i].message);
}

static void loads_every_type(void **state)
{
    (void)state;
    struct test_params params;
    struct emp_node *root = load("analysis_date: 2025-12-31\n"
                                 "seed: -9223372036854775808\n"
                                 "input:\n"
                                 "  memory: 2G\n"
                                 "  transactions:\n"
                                 "    files: [a.csv, '7', 8]\n"
                                 "    encoding: 'null'\n"
                                 "    delimiter: ';'\n"
                                 "    header: No\n"
                                 "  bad_rows: {max_share: 2.5e-1}\n"
                                 "rfm:\n"
                                 "  bins: 100\n"
                                 "  method: 'nested'\n"
                                 "  ties: split\n"
                                 "  weight: -.5\n"
                                 "  cuts: {monetary: 7}\n"
                                 "  since: '1970-01-02'\n",
                                 &params);
    assert_int_equal(params.top.analysis_date, 20453);
    assert_true(params.top.seed == INT64_MIN);
    assert_int_equal(params.input.memory, UINT64_C(2) << 30);
    assert_int_equal(params.input.files.count, 3);
    assert_string_equal(params.input.files.items[0], "a.csv");
    assert_string_equal(params.input.files.items[2], "8");
    assert_string_equal(params.input.encoding, "null");
    assert_string_equal(params.input.delimiter, ";");
    assert_false(params.input.header);
    assert_true(params.input.max_share == 0.25);
    assert_int_equal(params.rfm.bins, 100);
    assert_int_equal(params.rfm.method, 1);
    assert_int_equal(params.rfm.ties, 1);
    assert_true(params.rfm.weight == -0.5);
    assert_int_equal(params.rfm.cuts[0], 0);
    assert_int_equal(params.rfm.cuts[1], 7);
    assert_int_equal(params.rfm.since, 1);
    test_release(&params);
    emp__node_free(root);
}

static void completes_the_defaults_in_the_order_of_the_schema(void **state)
{
    (void)state;
    struct test_params params;
    struct emp_node *root = load("rfm: {since: 2024-02-29, method: thresholds}\n"
                                 "input:\n"
                                 "  transactions: {delimiter: , files: a.csv}\n"
                                 "seed: ~\n",
                                 &params);
    char *text = NULL;
    assert_int_equal(emp__node_print(root, &text, NULL), EMP_OK);
    assert_string_equal(text, "seed: 1\n"
                              "input:\n"
                              "  transactions:\n"
                              "    files: a.csv\n"
                              "    encoding: utf-8\n"
                              "    delimiter:\n"
                              "    header: true\n"
                              "  memory: 512M\n"
                              "  bad_rows:\n"
                              "    max_share: 0.0\n"
                              "rfm:\n"
                              "  bins: 5\n"
                              "  method: thresholds\n"
                              "  weight: 1.5\n"
                              "  cuts:\n"
                              "    recency: 3\n"
                              "    monetary: 4\n"
                              "  since: 2024-02-29\n");
    free(text);
    const struct emp_node *bins = emp__node_get(emp__node_get(root, "rfm"), "bins");
    assert_string_equal(bins->file, "(default)");
    assert_string_equal(bins->path, "rfm.bins");
    assert_int_equal(bins->line, 0);
    assert_int_equal(params.top.seed, 1);
    assert_true(params.top.analysis_date == EMP_NO_DATE);
    assert_int_equal(params.input.files.count, 1);
    assert_null(params.input.delimiter);
    assert_true(params.input.header);
    assert_int_equal(params.input.memory, 512 << 20);
    assert_int_equal(params.rfm.ties, -1);
    assert_int_equal(params.rfm.cuts[0], 3);
    test_release(&params);
    assert_null(params.input.encoding);
    test_release(&params);
    emp__node_free(root);
}

static void a_default_can_be_replaced(void **state)
{
    (void)state;
    struct test_params params;
    struct emp_node *root = load(FILES SINCE, &params);
    struct emp_node *value = NULL;
    test_release(&params);
    assert_int_equal(emp__node_new_scalar("(data)", "9", false, &value, NULL), EMP_OK);
    assert_int_equal(emp__node_put(root, "rfm.bins", value, NULL), EMP_OK);
    assert_int_equal(test_load(root, &params, NULL), EMP_OK);
    assert_int_equal(params.rfm.bins, 9);
    test_release(&params);
    emp__node_free(root);
}

static void sections_and_keys_without_a_value_count_as_absent(void **state)
{
    (void)state;
    struct test_rfm rfm = {0};
    struct test_top top = {0};
    emp_error error = {.status = EMP_OK};
    struct emp_node *root = read_text("rfm:\n");
    assert_int_equal(emp__schema_check_keys(test_schemas, TEST_SCHEMA_COUNT, root, &error), EMP_OK);
    assert_non_null(emp__node_get(root, "rfm"));
    assert_int_equal(emp__schema_load(&test_rfm_schema, root, &rfm, &error), EMP_ERR_PARAMS);
    assert_string_equal(error.message,
                        "required key 'rfm.since' is missing; it must be a date like 2025-12-31");
    emp__node_free(root);
    root = read_text("~");
    assert_int_equal(emp__schema_check_keys(test_schemas, TEST_SCHEMA_COUNT, root, &error), EMP_OK);
    assert_int_equal(emp__schema_load(&test_top_schema, root, &top, &error), EMP_OK);
    assert_int_equal(top.seed, 1);
    emp__node_free(root);
}

static void booleans_are_those_of_yaml(void **state)
{
    (void)state;
    static const char *const words[] = {"true", "True", "TRUE", "yes",   "Yes",   "YES",
                                        "on",   "On",   "ON",   "no",    "No",    "NO",
                                        "off",  "Off",  "OFF",  "false", "False", "FALSE"};
    static const char *const bad[] = {"y", "tRUE", "1", "truee", "''", "~"};
    bool value = false;
    for (size_t i = 0; i < COUNT(words); i++) {
        struct emp_node *node = read_text(words[i]);
        value = i >= 9;
        assert_int_equal(emp__node_boolean(node, &value, NULL), EMP_OK);
        assert_int_equal(value, i < 9);
        emp__node_free(node);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct emp_node *node = read_text(bad[i]);
        assert_int_equal(emp__node_boolean(node, &value, NULL), EMP_ERR_PARAMS);
        emp__node_free(node);
    }
}

static void sizes_are_in_powers_of_1024(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t size;
    } rows[] = {{"0", 0},
                {"17", 17},
                {"64K", 65536},
                {"3m", 3 << 20},
                {"1T", UINT64_C(1) << 40},
                {"18446744073709551615", UINT64_MAX}};
    static const char *const bad[] = {"-1",  "1.5G", "5 GB",         "K",
                                      "1KB", "0x10", "1_000",        "010K",
                                      "'1'", "~",    "99999999999G", "18446744073709551616"};
    uint64_t size = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct emp_node *node = read_text(rows[i].text);
        assert_int_equal(emp__node_size(node, &size, NULL), EMP_OK);
        assert_true(size == rows[i].size);
        emp__node_free(node);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct emp_node *node = read_text(bad[i]);
        assert_int_equal(emp__node_size(node, &size, NULL), EMP_ERR_PARAMS);
        emp__node_free(node);
    }
    assert_true(size == UINT64_MAX);
}

static void numbers_are_plain_decimal(void **state)
{
    (void)state;
    static const char *const reals[] = {"0", "-1", "+1.50", ".5", "5.", "1e3", "1.E-3", "0.1"};
    static const double values[] = {0, -1, 1.5, 0.5, 5, 1e3, 1e-3, 0.1};
    static const char *const bad[] = {"",      "-",     ".",   "1,5", "1_000", "0x1p3", "0o7",
                                      "017",   "1e",    "e5",  "nan", ".nan",  ".inf",  "inf",
                                      "1e999", "1.2.3", "1 2", "'1'", "+-1",   "1:30"};
    int64_t integer = 0;
    double real = 0.0;
    for (size_t i = 0; i < COUNT(reals); i++) {
        struct emp_node *node = read_text(reals[i]);
        assert_int_equal(emp__node_real(node, -INFINITY, INFINITY, &real, NULL), EMP_OK);
        assert_true(real == values[i]);
        emp__node_free(node);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct emp_node *node = read_text(bad[i]);
        assert_int_equal(emp__node_real(node, -INFINITY, INFINITY, &real, NULL), EMP_ERR_PARAMS);
        assert_int_equal(emp__node_integer(node, INT64_MIN, INT64_MAX, &integer, NULL),
                         EMP_ERR_PARAMS);
        emp__node_free(node);
    }
    assert_true(real == 0.1);
}

static void unknown_keys_get_advice(void **state)
{
    (void)state;
    static const struct message_row rows[] = {
        {"rfm:\n  bins: 5\n  tie: keep\n",
         "p.yaml:3:3: unknown key 'tie' in 'rfm'; did you mean 'ties'?"},
        {"rfn: {}\n", "p.yaml:1:1: unknown key 'rfn'; did you mean 'rfm'?"},
        {"rfm: {colour: red}\n", "p.yaml:1:7: unknown key 'colour' in 'rfm'; the keys there are"
                                 " bins, method, ties, weight, cuts, since"},
        {"zebra: 1\n", "p.yaml:1:1: unknown key 'zebra'; the keys there are analysis_date, seed,"
                       " input, rfm"},
        {"input: {header: yes}\n", "p.yaml:1:9: unknown key 'header' in 'input'; it belongs in"
                                   " 'input.transactions'"},
        {"rfm: {seed: 4}\n", "p.yaml:1:7: unknown key 'seed' in 'rfm'; it belongs at the top of the"
                             " file"},
        {"input: {transactions: {Encodings: x}}\n",
         "p.yaml:1:24: unknown key 'Encodings' in 'input.transactions'; did you mean 'encoding'?"},
        {"input: {transactions.header: yes}\n",
         "p.yaml:1:9: unknown key 'transactions.header' in 'input'; keys are nested by indentation"
         " and not joined by dots"},
        {FILES "rfm: {since: 2024-02-29, cuts: {recencyy: 3}}\n",
         "p.yaml:2:33: unknown key 'recencyy' in 'rfm.cuts'; did you mean 'recency'?"},
        {"rfm: {\"a\\nb\": 3}\n", "p.yaml:1:7: unknown key 'a?b' in 'rfm'; the keys there are bins,"
                                  " method, ties, weight, cuts, since"},
    };
    check_rows(rows, COUNT(rows));
}

static void values_of_the_wrong_type_are_named(void **state)
{
    (void)state;
    static const struct message_row rows[] = {
        {FILES "rfm: {bins: many}\n",
         "p.yaml:2:13: 'rfm.bins' must be a whole number from 2 to 100, found 'many'"},
        {FILES "rfm: {bins: 101}\n",
         "p.yaml:2:13: 'rfm.bins' must be a whole number from 2 to 100, found '101'"},
        {FILES "rfm: {bins: 1.5}\n",
         "p.yaml:2:13: 'rfm.bins' must be a whole number from 2 to 100, found '1.5'"},
        {FILES "rfm: {bins: '12'}\n",
         "p.yaml:2:13: 'rfm.bins' must be a whole number from 2 to 100, found the text \"12\";"
         " leave out the quotes"},
        {FILES "rfm: {bins: [5]}\n",
         "p.yaml:2:13: 'rfm.bins' must be a whole number from 2 to 100, found a list"},
        {"seed: 9223372036854775808\n", "p.yaml:1:7: 'seed' must be a whole number, found"
                                        " '9223372036854775808', which does not fit into 64 bits"},
        {FILES "rfm: {method: nest}\n",
         "p.yaml:2:15: 'rfm.method' must be one of independent, nested, thresholds; found 'nest';"
         " did you mean 'nested'?"},
        {FILES "rfm: {method: 3}\n",
         "p.yaml:2:15: 'rfm.method' must be one of independent, nested, thresholds; found '3'"},
        {FILES "rfm: {method: {a: b}}\n",
         "p.yaml:2:15: 'rfm.method' must be one of independent, nested, thresholds; found a map"},
        {FILES "rfm: {weight: .nan}\n", "p.yaml:2:15: 'rfm.weight' must be a number, found '.nan'"},
        {FILES "rfm: {weight: 1e400}\n",
         "p.yaml:2:15: 'rfm.weight' must be a number, found '1e400', which is too large"},
        {FILES "rfm: {weight: \"0.5\"}\n", "p.yaml:2:15: 'rfm.weight' must be a number, found the "
                                           "text \"0.5\"; leave out the quotes"},
        {"input: {bad_rows: {max_share: 1.5}, transactions: {files: x}}\n",
         "p.yaml:1:31: 'input.bad_rows.max_share' must be a number from 0 to 1, found '1.5'"},
        {"input: {transactions: {files: x, header: yep}}\n",
         "p.yaml:1:42: 'input.transactions.header' must be true or false, found 'yep'"},
        {"input: {transactions: {files: x, header: 'yes'}}\n",
         "p.yaml:1:42: 'input.transactions.header' must be true or false, found the text \"yes\""},
        {"analysis_date: 31.12.2025\n",
         "p.yaml:1:16: 'analysis_date' must be a date like 2025-12-31, found '31.12.2025'"},
        {"analysis_date: 2025-02-29\n", "p.yaml:1:16: 'analysis_date' must be a date like"
                                        " 2025-12-31, found '2025-02-29', which is no day of the"
                                        " calendar"},
        {"input: {transactions: {files: x}, memory: 5 GB}\n",
         "p.yaml:1:43: 'input.memory' must be a size like 512M, 2G or 64K; found '5 GB'"},
        {"input: {transactions: {files: x}, memory: 99999999999G}\n",
         "p.yaml:1:43: 'input.memory' must be a size like 512M, 2G or 64K; found '99999999999G',"
         " which does not fit into 64 bits"},
        {"input: {transactions: {files: {a: b}}}\n",
         "p.yaml:1:31: 'input.transactions.files' must be a text or a list of texts, found a map"},
        {"input: {transactions: {files: [a, [b]]}}\n",
         "p.yaml:1:35: 'input.transactions.files[1]' must be a text, found a list"},
        {"input: {transactions: {files: x, encoding: [y]}}\n",
         "p.yaml:1:44: 'input.transactions.encoding' must be a text, found a list"},
        {FILES "rfm: {cuts: {monetary: 100}, since: 2024-02-29}\n",
         "p.yaml:2:24: 'rfm.cuts.monetary' must be a whole number from 1 to 99, found '100'"},
        {FILES "rfm: {bins: 60, method: thresholds, since: 2024-02-29}\n",
         "p.yaml:2:13: 'rfm.bins' must be at most 50 with thresholds"},
        {FILES
         "rfm: {bins: \"a\\e[2Jbcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh\"}",
         "p.yaml:2:13: 'rfm.bins' must be a whole number from 2 to 100, found the text"
         " \"a?[2Jbcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcd...\""},
    };
    check_rows(rows, COUNT(rows));
}

static void maps_are_expected_where_sections_are(void **state)
{
    (void)state;
    static const struct message_row rows[] = {
        {"rfm: 5\n", "p.yaml:1:6: 'rfm' must be a map with the keys bins, method, ties, weight,"
                     " cuts, since; found '5'"},
        {"input: {transactions: [a]}\n",
         "p.yaml:1:23: 'input.transactions' must be a map with the keys files, encoding, delimiter,"
         " header; found a list"},
        {"[a]\n", "p.yaml:1:1: the value must be a map with the keys analysis_date, seed, input,"
                  " rfm; found a list"},
    };
    check_rows(rows, COUNT(rows));
    struct emp_node *root = read_text("rfm: {cuts: 3}");
    const struct emp_node *cuts = emp__node_get(emp__node_get(root, "rfm"), "cuts");
    static const char *const keys[] = {"recency", "monetary", NULL};
    emp_error error = {.status = EMP_OK};
    assert_int_equal(emp__node_expect_map(cuts, keys, &error), EMP_ERR_PARAMS);
    assert_string_equal(error.message,
                        "'rfm.cuts' must be a map with the keys recency, monetary; found '3'");
    emp__node_free(root);
}

static void required_keys_are_asked_for(void **state)
{
    (void)state;
    static const struct message_row rows[] = {
        {"seed: 3\n", "p.yaml: required key 'input.transactions.files' is missing; it must be a"
                      " text or a list of texts"},
        {"\ninput:\n    memory: 1G\n",
         "p.yaml:3:5: required key 'input.transactions.files' is missing; it must be a text or a"
         " list of texts"},
        {FILES "rfm: {since: }\n",
         "p.yaml:2:14: 'rfm.since' must be a date like 2025-12-31, found nothing"},
        {"input: {transactions: {files: ~}}\n", "p.yaml:1:31: 'input.transactions.files' must be a "
                                                "text or a list of texts, found nothing"},
        {"input: {transactions: {files: [a, ~]}}\n",
         "p.yaml:1:35: 'input.transactions.files[1]' must be a text, found nothing"},
    };
    check_rows(rows, COUNT(rows));
}

static void set_overrides_the_file(void **state)
{
    (void)state;
    struct test_params params = {.top = {0}};
    struct emp_node *root = read_text("rfm: {since: 2024-02-29, bins: 7, weight: 3}\n");
    assert_int_equal(emp__schema_set(root, "rfm.bins=9", NULL), EMP_OK);
    assert_int_equal(emp__schema_set(root, "rfm.weight=", NULL), EMP_OK);
    assert_int_equal(emp__schema_set(root, "input.transactions.files=[a=b, c]", NULL), EMP_OK);
    assert_int_equal(emp__schema_set(root, "input.transactions.delimiter='#'", NULL), EMP_OK);
    assert_int_equal(test_load(root, &params, NULL), EMP_OK);
    assert_int_equal(params.rfm.bins, 9);
    assert_true(params.rfm.weight == 1.5);
    assert_int_equal(params.input.files.count, 2);
    assert_string_equal(params.input.files.items[0], "a=b");
    assert_string_equal(params.input.delimiter, "#");
    test_release(&params);
    emp__node_free(root);
}

static void check_set_fails(const char *assignment, const char *expected)
{
    struct emp_node *root = read_text("rfm: {bins: 5}\n");
    emp_error error = {.status = EMP_OK};
    char message[2048];
    assert_int_equal(emp__schema_set(root, assignment, &error), EMP_ERR_USAGE);
    assert_string_equal(emp_error_text(&error, message, sizeof message), expected);
    assert_int_equal(emp__schema_set(root, assignment, NULL), EMP_ERR_USAGE);
    emp__node_free(root);
}

static void bad_assignments_are_usage_errors(void **state)
{
    (void)state;
    check_set_fails("rfm.bins",
                    "--set: 'rfm.bins': an assignment is KEY=VALUE, such as rfm.bins=5");
    check_set_fails("=5", "--set: '=5': the key before '=' is empty or no plain word");
    check_set_fails("rfm: a=5", "--set: 'rfm: a=5': the key before '=' is empty or no plain word");
    check_set_fails("rfm..bins=5", "--set: 'rfm..bins=5': there is an empty key in 'rfm..bins'");
    check_set_fails("rfm.bins=[5",
                    "--set: 'rfm.bins=[5': ',' or ']' is expected here, in the list");
    check_set_fails("rfm.bins=#5",
                    "--set: 'rfm.bins=#5': the value is a comment in YAML: put quotes"
                    " around it, inside those of the shell");
    check_set_fails("rfm.bins.x=5", "--set: 'rfm.bins.x=5': 'rfm.bins' must be a map, found '5'");
}

static void messages_about_set_values_say_so(void **state)
{
    (void)state;
    struct test_params params = {.top = {0}};
    emp_error error = {.status = EMP_OK};
    char message[2048];
    struct emp_node *root = read_text(FILES);
    assert_int_equal(emp__schema_set(root, "rfm.bins=x", NULL), EMP_OK);
    assert_int_equal(test_load(root, &params, &error), EMP_ERR_PARAMS);
    assert_string_equal(emp_error_text(&error, message, sizeof message),
                        "--set: 'rfm.bins' must be a whole number from 2 to 100, found 'x'");
    assert_int_equal(emp__schema_set(root, "rfm={tie: x}", NULL), EMP_OK);
    assert_int_equal(test_load(root, &params, &error), EMP_ERR_PARAMS);
    assert_string_equal(emp_error_text(&error, message, sizeof message),
                        "--set: unknown key 'tie' in 'rfm'; did you mean 'ties'?");
    emp__node_free(root);
}

static void the_reference_mentions_every_key(void **state)
{
    (void)state;
    char *text = NULL;
    assert_int_equal(emp__schema_reference(test_schemas, TEST_SCHEMA_COUNT, &text, NULL), EMP_OK);
    for (size_t i = 0; i < TEST_SCHEMA_COUNT; i++) {
        const struct emp_schema *schema = test_schemas[i];
        assert_non_null(strstr(text, schema->doc));
        for (size_t j = 0; j < schema->count; j++) {
            char key[128];
            snprintf(key, sizeof key, "\n- `%s%s%s`: ", schema->section,
                     schema->section[0] ? "." : "", schema->params[j].key);
            assert_non_null(strstr(text, key));
            assert_non_null(strstr(text, schema->params[j].doc));
        }
    }
    assert_memory_equal(text, "## The top of the file\n\nKeys of the whole run.\n\n", 46);
    assert_non_null(strstr(text,
                           "\n## `rfm`\n\nRecency, frequency, monetary value.\n\n"
                           "- `rfm.bins`: a whole number from 2 to 100 (bins); default: `5`.\n"
                           "  How many bins.\n"
                           "- `rfm.method`: one of `independent`, `nested`, `thresholds`;"
                           " default: `independent`.\n"));
    assert_non_null(strstr(text, "- `rfm.ties`: one of `keep`, `split`; may be absent.\n"));
    assert_non_null(strstr(text, "- `rfm.since`: a date like 2025-12-31; **required**.\n"));
    assert_non_null(strstr(text, "- `rfm.cuts`: a whole number or {recency: N, monetary: N};"));
    free(text);
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    static const char *const words[] = {"bins", "method", "ties", "time_format", "since", NULL};
    static const char *const none[] = {NULL};
    assert_string_equal(emp__nearest_word("tie", words), "ties");
    assert_string_equal(emp__nearest_word("Bins", words), "bins");
    assert_string_equal(emp__nearest_word("bnis", words), "bins");
    assert_string_equal(emp__nearest_word("methdo", words), "method");
    assert_string_equal(emp__nearest_word("time-format", words), "time_format");
    assert_string_equal(emp__nearest_word("timeformt", words), "time_format");
    assert_null(emp__nearest_word("colour", words));
    assert_null(emp__nearest_word("", words));
    assert_null(emp__nearest_word("bins", none));
    char longest[200];
    memset(longest, 'b', sizeof longest);
    longest[199] = '\0';
    assert_null(emp__nearest_word(longest, words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_every_type),
        cmocka_unit_test(completes_the_defaults_in_the_order_of_the_schema),
        cmocka_unit_test(a_default_can_be_replaced),
        cmocka_unit_test(sections_and_keys_without_a_value_count_as_absent),
        cmocka_unit_test(booleans_are_those_of_yaml),
        cmocka_unit_test(sizes_are_in_powers_of_1024),
        cmocka_unit_test(numbers_are_plain_decimal),
        cmocka_unit_test(unknown_keys_get_advice),
        cmocka_unit_test(values_of_the_wrong_type_are_named),
        cmocka_unit_test(maps_are_expected_where_sections_are),
        cmocka_unit_test(required_keys_are_asked_for),
        cmocka_unit_test(set_overrides_the_file),
        cmocka_unit_test(bad_assignments_are_usage_errors),
        cmocka_unit_test(messages_about_set_values_say_so),
        cmocka_unit_test(the_reference_mentions_every_key),
        cmocka_unit_test(the_nearest_word_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
