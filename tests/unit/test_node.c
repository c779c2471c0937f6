// SPDX-License-Identifier: Apache-2.0
/* The tree of nodes: reading YAML and what is said about bad YAML, putting, copying, printing,
 * JSON. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <unistd.h>

#include "../lib/params_schema.h"
#include "params/node_json.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct emp_node *read_text(const char *text)
{
    struct emp_node *root = NULL;
    emp_error error = {.status = EMP_OK};
    if (emp__node_read_text("p.yaml", text, strlen(text), &root, &error) != EMP_OK)
        fail_msg("%s", error.message);
    return root;
}

static const struct emp_node *at(const struct emp_node *node, const char *key)
{
    const struct emp_node *value = emp__node_get(node, key);
    assert_non_null(value);
    return value;
}

static void check_bytes_fail(const char *text, size_t length, const char *expected)
{
    struct emp_node *root = NULL;
    emp_error error = {.status = EMP_OK};
    char message[2048];
    assert_int_equal(emp__node_read_text("p.yaml", text, length, &root, &error), EMP_ERR_PARAMS);
    assert_int_equal(error.status, EMP_ERR_PARAMS);
    assert_null(root);
    assert_string_equal(emp_error_text(&error, message, sizeof message), expected);
}

static void check_fail(const char *text, const char *expected)
{
    check_bytes_fail(text, strlen(text), expected);
}

static void check_text(const struct emp_node *node, const char *text, bool quoted)
{
    assert_int_equal(node->kind, EMP_NODE_SCALAR);
    assert_string_equal(node->text, text);
    assert_int_equal(node->quoted, quoted);
}

static void reads_maps_lists_and_scalars(void **state)
{
    (void)state;
    struct emp_node *root = read_text("# first\n"
                                      "input:\n"
                                      "  files: [a.csv, 'b c']\n"
                                      "  empty:\n"
                                      "  text: \"1\"\n"
                                      "  block: |\n"
                                      "    5\n");
    const struct emp_node *input = at(root, "input");
    assert_int_equal(root->kind, EMP_NODE_MAP);
    assert_int_equal(input->count, 4);
    const struct emp_node *files = at(input, "files");
    assert_int_equal(files->kind, EMP_NODE_LIST);
    assert_int_equal(files->count, 2);
    check_text(files->items[0], "a.csv", false);
    check_text(files->items[1], "b c", true);
    check_text(at(input, "empty"), "", false);
    check_text(at(input, "text"), "1", true);
    check_text(at(input, "block"), "5\n", true);
    assert_null(emp__node_get(input, "Text"));
    assert_null(emp__node_get(files, "a.csv"));
    emp__node_free(root);
}

static void remembers_places_and_paths(void **state)
{
    (void)state;
    struct emp_node *root = read_text("\xEF\xBB\xBF"
                                      "\xC3\xA9t\xC3\xA9: {a: 1}\n"
                                      "list:\n"
                                      "  - x\n"
                                      "  -  name: y\n");
    const struct emp_node *a = at(at(root, "\xC3\xA9t\xC3\xA9"), "a");
    assert_string_equal(a->file, "p.yaml");
    assert_int_equal(a->line, 1);
    assert_int_equal(a->column, 10);
    assert_string_equal(a->path, "\xC3\xA9t\xC3\xA9.a");
    const struct emp_node *name = at(at(root, "list")->items[1], "name");
    assert_int_equal(name->line, 4);
    assert_int_equal(name->column, 12);
    assert_string_equal(name->path, "list[1].name");
    assert_string_equal(root->path, "");
    emp__node_free(root);
}

static void long_paths_keep_their_end(void **state)
{
    (void)state;
    char text[1024] = "";
    for (int i = 0; i < 20; i++)
        strcat(text, "{aaaaaaaaaaaaaaaaaaaaa: ");
    strcat(text, "{last: 1}");
    for (int i = 0; i < 20; i++)
        strcat(text, "}");
    struct emp_node *root = read_text(text);
    const struct emp_node *node = root;
    while (node->kind == EMP_NODE_MAP)
        node = node->items[0];
    assert_true(strlen(node->path) <= 200);
    assert_memory_equal(node->path, "...", 3);
    assert_string_equal(node->path + strlen(node->path) - 5, ".last");
    emp__node_free(root);
}

static void an_empty_file_is_an_empty_map(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n\n", "# nothing\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct emp_node *root = read_text(texts[i]);
        assert_int_equal(root->kind, EMP_NODE_MAP);
        assert_int_equal(root->count, 0);
        assert_string_equal(root->file, "p.yaml");
        emp__node_free(root);
    }
}

static void null_is_what_yaml_calls_null(void **state)
{
    (void)state;
    struct emp_node *root =
        read_text("- ~\n- null\n- Null\n- NULL\n-\n- ''\n- 'null'\n- nULL\n- 0\n- []\n");
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(emp__node_is_null(root->items[i]), i < 5);
    emp__node_free(root);
}

static void a_key_given_twice_is_an_error(void **state)
{
    (void)state;
    check_fail("rfm:\n  a: 1\n  c: 1\n  bins: 5\n  b: 0\n  bins: 6\n  a: 2\n",
               "p.yaml:6:3: key 'bins' is given twice (first on line 4)");
    check_fail("'a': 1\n\"a\": 2\n", "p.yaml:2:1: key 'a' is given twice (first on line 1)");
    emp__node_free(read_text("a: {x: 1}\nb: {x: 1}\n"));
}

static void keys_are_words(void **state)
{
    (void)state;
    check_fail("[a, b]: 1\n", "p.yaml:1:1: a key must be a text, found a list");
    check_fail("? {a: 1}\n: 1\n", "p.yaml:1:3: a key must be a text, found a map");
    check_fail("a: 1\n?\n: 2\n", "p.yaml:2:2: a key is expected before ':'");
}

static void bad_yaml_gets_a_clear_message(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"rfm:\n  bins: 5\n method: x\n",
         "p.yaml:3:2: a key of the map is expected here: check the indentation, and that text with"
         " ': ', ' #' or quotes in it stands in quotes (it began on line 1)"},
        {"a: 'b' c\n",
         "p.yaml:1:8: a key of the map is expected here: check the indentation, and that text with"
         " ': ', ' #' or quotes in it stands in quotes"},
        {"rfm\n  bins: 5\n",
         "p.yaml:2:7: a ':' is not expected here: check the indentation, and that text with ': ' in"
         " it stands in quotes"},
        {"a: 1\nb\nc: 2\n", "p.yaml:2:1: a ':' is expected behind this key"},
        {"a:\n  - 1\n  b: 2\n", "p.yaml:3:3: an item of the list ('- ') is expected here: check the"
                                " indentation (it began on line 2)"},
        {"a: - 1\n", "p.yaml:1:4: an item of a list ('- ') is not expected here: begin the list on"
                     " a line of its own"},
        {"a: 1\nb: \"never\n\nc: 2\n", "p.yaml:2:4: the quote that is opened here is never closed"},
        {"a: [1, 2\nb: 3\n",
         "p.yaml:2:2: ',' or ']' is expected here, in the list (it began on line 1)"},
        {"a: {b: 1\nc: 3\n",
         "p.yaml:2:2: ',' or '}' is expected here, in the map (it began on line 1)"},
        {"a: \"C:\\data\"\n", "p.yaml:1:7: unknown escape after '\\': in double quotes a backslash"
                              " is written '\\\\'; in single quotes it stands for itself"},
        {"rfm:\n\tbins: 5\n", "p.yaml:2:1: indentation must be spaces, found a tab"},
        {"a: @home\n", "p.yaml:1:4: text that begins with '@' must stand in quotes"},
        {"a: *.csv\n", "p.yaml:1:4: text that begins with '*' must stand in quotes"},
        {"a: *csv\n", "p.yaml:1:4: no anchor '&csv' stands before this; text that begins with '*'"
                      " must stand in quotes"},
        {"a: &x [*x]\n", "p.yaml:1:8: no anchor '&x' stands before this; text that begins with '*'"
                         " must stand in quotes"},
        {"a: !!int 3\n", "p.yaml:1:4: tags are not understood here: text that begins with '!' must"
                         " stand in quotes"},
        {"a: 1\n---\nb: 2\n",
         "p.yaml:2:1: a second document begins here: a parameter file is one document"},
        {"a: \"b\\0c\"\n", "p.yaml:1:4: a text must not hold a zero character"},
        {"%YAML 3.0\n---\na: 1\n",
         "p.yaml:1:1: this is not YAML: found incompatible YAML document"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_fail(rows[i][0], rows[i][1]);
}

static void bytes_that_are_no_text_are_an_error(void **state)
{
    (void)state;
    check_fail("a: 1\nb: caf\xE9 x\n", "p.yaml:2:7: this is not UTF-8 text: byte 0xE9");
    check_fail("a: 1\r\nb: \xC0\xAF\n", "p.yaml:2:4: this is not UTF-8 text: byte 0xC0");
    check_fail("\xC3\xA9: \x01\n", "p.yaml:1:4: a control character (U+0001) is not allowed");
    check_bytes_fail("a: \0b", 5, "p.yaml:1:4: a control character (U+0000) is not allowed");
    check_bytes_fail("\xFF\xFE\x61\0", 4, "p.yaml:1:1: this is not UTF-8 text: byte 0xFF");
}

static char *repeat(const char *text, size_t count)
{
    size_t length = strlen(text);
    char *all = malloc(count * length + 1);
    assert_non_null(all);
    for (size_t i = 0; i < count; i++)
        memcpy(all + i * length, text, length);
    all[count * length] = '\0';
    return all;
}

static void depth_is_limited(void **state)
{
    (void)state;
    emp__node_free(read_text("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"));
    check_fail("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
               "p.yaml:1:33: nested deeper than 32 levels");
    char *bomb = repeat("[", 1 << 20);
    check_fail(bomb, "p.yaml:1:33: nested deeper than 32 levels");
    free(bomb);
    check_fail("a: &a [[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]\n"
               "b: &b [[[[[[[[[[[[[[[*a]]]]]]]]]]]]]]]\n"
               "c: [[*b]]\n",
               "p.yaml:3:6: nested deeper than 32 levels");
}

static void aliases_are_copies_within_the_budget(void **state)
{
    (void)state;
    struct emp_node *root = read_text("a: &x {k: [1, 2]}\nb: *x\nc: &x 3\nd: *x\n&k e: *k\n");
    assert_true(test_equal_trees(at(root, "a"), at(root, "b")));
    assert_ptr_not_equal(at(root, "a"), at(root, "b"));
    assert_string_equal(at(at(root, "b"), "k")->items[1]->path, "b.k[1]");
    check_text(at(root, "d"), "3", false);
    check_text(at(root, "e"), "e", false);
    emp__node_free(root);
    check_fail("a: &a [x,x,x,x,x,x,x,x,x,x]\n"
               "b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
               "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
               "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
               "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
               "p.yaml:5:29: more than 100000 keys and values (an alias counts each time it is"
               " used)");
}

static void counts_are_limited(void **state)
{
    (void)state;
    char *items = repeat("- x\n", 100000);
    check_fail(items, "p.yaml:100000:3: more than 100000 keys and values (an alias counts each time"
                      " it is used)");
    items[99999 * 4] = '\0';
    emp__node_free(read_text(items));
    free(items);
    char *anchors = repeat("- &a x\n", 1001);
    check_fail(anchors, "p.yaml:1001:3: more than 1000 anchors");
    free(anchors);
    char *tags = repeat("\n%TAG !a! b", 101);
    check_fail(tags, "p.yaml: more than 100 %TAG lines: tags are not understood here");
    free(tags);
    char *large = repeat("#", (1 << 20) + 1);
    check_fail(large, "p.yaml: a parameter file larger than 1 MiB: is this the right file?");
    large[1 << 20] = '\0';
    emp__node_free(read_text(large));
    free(large);
}

static void reads_files(void **state)
{
    (void)state;
    char path[] = "/tmp/test_node_XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, "a: [1\n", 6), 6);
    struct emp_node *root = NULL;
    emp_error error = {.status = EMP_OK};
    assert_int_equal(emp__node_read_file(path, &root, &error), EMP_ERR_PARAMS);
    assert_string_equal(error.file, path);
    assert_int_equal(error.line, 2);
    assert_int_equal(write(descriptor, "]\n", 2), 2);
    assert_int_equal(emp__node_read_file(path, &root, NULL), EMP_OK);
    check_text(at(root, "a")->items[0], "1", false);
    emp__node_free(root);
    root = NULL;
    assert_int_equal(ftruncate(descriptor, 0), 0);
    assert_int_equal(pwrite(descriptor, "---\n~\n", 6, 0), 6);
    assert_int_equal(emp__node_read_file(path, &root, NULL), EMP_OK);
    assert_int_equal(root->kind, EMP_NODE_MAP);
    emp__node_free(root);
    close(descriptor);
    unlink(path);
    root = NULL;
    assert_int_equal(emp__node_read_file(path, &root, &error), EMP_ERR_NO_INPUT);
    assert_string_equal(error.message, "cannot open: No such file or directory");
    assert_int_equal(emp__node_read_file("/", &root, &error), EMP_ERR_NO_INPUT);
    assert_string_equal(error.message, "cannot read: Is a directory");
    assert_null(root);
}

static void put_text(struct emp_node *root, const char *path, const char *text)
{
    struct emp_node *value = NULL;
    assert_int_equal(emp__node_new_scalar("(data)", text, false, &value, NULL), EMP_OK);
    assert_int_equal(emp__node_put(root, path, value, NULL), EMP_OK);
}

static void check_printed(const struct emp_node *root, const char *expected)
{
    char *text = NULL;
    assert_int_equal(emp__node_print(root, &text, NULL), EMP_OK);
    assert_string_equal(text, expected);
    free(text);
}

static void puts_and_replaces(void **state)
{
    (void)state;
    struct emp_node *root = read_text("rfm:\ninput: {a: 1, b: [2]}\n");
    put_text(root, "rfm.bins", "5");
    put_text(root, "input.b", "3");
    put_text(root, "input.transactions.decimal.x", "4");
    put_text(root, "input.transactions.decimal.y", "5");
    put_text(root, "seed", "7");
    check_printed(root, "rfm:\n  bins: 5\ninput:\n  a: 1\n  b: 3\n  transactions:\n    decimal:\n"
                        "      x: 4\n      y: 5\nseed: 7\n");
    const struct emp_node *y = at(at(at(at(root, "input"), "transactions"), "decimal"), "y");
    assert_string_equal(y->path, "input.transactions.decimal.y");
    assert_string_equal(y->file, "(data)");
    assert_int_equal(y->line, 0);
    emp__node_free(root);
}

static void check_put_fails(struct emp_node *root, const char *path, const char *message)
{
    struct emp_node *value = NULL;
    emp_error error = {.status = EMP_OK};
    char text[2048];
    assert_int_equal(emp__node_new_scalar("--set", "1", false, &value, NULL), EMP_OK);
    assert_int_equal(emp__node_put(root, path, value, &error), EMP_ERR_PARAMS);
    assert_string_equal(emp_error_text(&error, text, sizeof text), message);
}

static void put_fails_without_a_trace(void **state)
{
    (void)state;
    struct emp_node *root = read_text("input: {a: 1, b: [2]}\n");
    struct emp_node *before = NULL;
    assert_int_equal(emp__node_copy(root, &before, NULL), EMP_OK);
    check_put_fails(root, "input.a.b", "p.yaml:1:12: 'input.a' must be a map, found '1'");
    check_put_fails(root, "input.b.c.d", "p.yaml:1:18: 'input.b' must be a map, found a list");
    check_put_fails(root, "", "--set: there is an empty key in ''");
    check_put_fails(root, ".a", "--set: there is an empty key in '.a'");
    check_put_fails(root, "a.", "--set: there is an empty key in 'a.'");
    check_put_fails(root, "a..b", "--set: there is an empty key in 'a..b'");
    check_put_fails(root, "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a",
                    "--set: 'a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a....' is"
                    " nested deeper than 32 levels");
    put_text(before, "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a", "1");
    emp__node_free(before->items[--before->count]);
    emp__node_free(before->keys[before->count]);
    assert_true(test_equal_trees(root, before));
    emp__node_free(before);
    emp__node_free(root);
}

static void prints_what_reads_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a: 1\nb: [x, y, 3]\nc: []\nd: {}\ne:\nf: ~\n",
        "a: '1'\nb: \"true\"\nc: ''\nd: 'null'\ne: '~'\nf: 'plain'\n",
        "- {a: , b: }\n-\n- [[1, 2], {k: v}]\n- - - x\n",
        "t: \"a\\tb\\n\\x01 \\u00e9 \\U0001F600 \\\\ \\\"\"\nu: \xF0\x9F\x98\x80\n",
        "w: a #b: c\nx: 'a: b'\ny: '- a'\nz: '#'\n'k: 1': v\n? |\n  two\n  lines\n: x\n",
        "block: |\n  one\n   two\n\n  three\nfolded: >-\n  a\n  b\nplain: a\n  b\n\n  c\n",
        "trail: 'x '\nlead: ' x'\nempty: ' '\ndash: '-'\ndots: '...'\nbar: '|'\n",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        char *text = NULL;
        struct emp_node *root = read_text(texts[i]);
        assert_int_equal(emp__node_print(root, &text, NULL), EMP_OK);
        struct emp_node *again = read_text(text);
        assert_true(test_equal_trees(root, again));
        emp__node_free(root);
        emp__node_free(again);
        free(text);
    }
}

static void prints_block_style_with_short_lists_in_flow(void **state)
{
    (void)state;
    struct emp_node *root = read_text("{files: [a, 'b'], rules: [{n: 1}], t: \"2\", m: {}, l: []}");
    check_printed(root, "files: [a, \"b\"]\nrules:\n- n: 1\nt: \"2\"\nm: {}\nl: []\n");
    emp__node_free(root);
}

static void copies_are_equal_and_apart(void **state)
{
    (void)state;
    struct emp_node *root = read_text("a: [1, '2', {b: c}]\n");
    struct emp_node *copy = NULL;
    assert_int_equal(emp__node_copy(root, &copy, NULL), EMP_OK);
    assert_true(test_equal_trees(root, copy));
    const struct emp_node *c = at(at(copy, "a")->items[2], "b");
    assert_string_equal(c->path, "a[2].b");
    assert_int_equal(c->line, 1);
    put_text(copy, "a", "x");
    assert_false(test_equal_trees(root, copy));
    check_printed(root, "a:\n- 1\n- \"2\"\n- b: c\n");
    emp__node_free(copy);
    emp__node_free(root);
}

static void becomes_json(void **state)
{
    (void)state;
    struct emp_node *root =
        read_text("[1, '1', -9223372036854775808, 9223372036854775808, 0.5, 1e3, 1e999, true, yes,"
                  " 'false', ~, null, '', 2025-12-31, 007, 0x10, 1_0, {k: [v]}, .nan, -0.25]");
    json_t *json = NULL;
    assert_int_equal(emp__node_to_json(root, &json, NULL), EMP_OK);
    char *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(text, "[1,\"1\",-9223372036854775808,9.2233720368547758e18,0.5,1000.0,"
                              "\"1e999\",true,\"yes\",\"false\",null,null,\"\",\"2025-12-31\","
                              "\"007\",\"0x10\",\"1_0\",{\"k\":[\"v\"]},\".nan\",-0.25]");
    free(text);
    json_decref(json);
    emp__node_free(root);
}

static void excerpts_are_one_line(void **state)
{
    (void)state;
    char out[EMP_EXCERPT];
    assert_string_equal(emp__text_excerpt("plain", out), "plain");
    assert_string_equal(emp__text_excerpt("a\nb\x1B[0m\x7F\xC2\x9B.", out), "a?b?[0m??.");
    char long_text[200];
    memset(long_text, 'x', sizeof long_text);
    memcpy(long_text + 59, "\xC3\xA9", 2);
    long_text[199] = '\0';
    emp__text_excerpt(long_text, out);
    assert_int_equal(strlen(out), 62);
    assert_string_equal(out + 58, "x...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_maps_lists_and_scalars),
        cmocka_unit_test(remembers_places_and_paths),
        cmocka_unit_test(long_paths_keep_their_end),
        cmocka_unit_test(an_empty_file_is_an_empty_map),
        cmocka_unit_test(null_is_what_yaml_calls_null),
        cmocka_unit_test(a_key_given_twice_is_an_error),
        cmocka_unit_test(keys_are_words),
        cmocka_unit_test(bad_yaml_gets_a_clear_message),
        cmocka_unit_test(bytes_that_are_no_text_are_an_error),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(aliases_are_copies_within_the_budget),
        cmocka_unit_test(counts_are_limited),
        cmocka_unit_test(reads_files),
        cmocka_unit_test(puts_and_replaces),
        cmocka_unit_test(put_fails_without_a_trace),
        cmocka_unit_test(prints_what_reads_back),
        cmocka_unit_test(prints_block_style_with_short_lists_in_flow),
        cmocka_unit_test(copies_are_equal_and_apart),
        cmocka_unit_test(becomes_json),
        cmocka_unit_test(excerpts_are_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
