// SPDX-License-Identifier: Apache-2.0
/* Model files: written, read back, and refused with messages that name the place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <emptor/version.h>

#include "../lib/test_folder.h"
#include "model/model_file.h"
#include "model/model_json.h"

#define HEAD "{\"emptor_model\": 1, \"kind\": \"segment\", \"emptor_version\": \"0.1.0\""

static emp_status parse(const char *text, struct emp_model *out, emp_error *error)
{
    return emp__model_parse("m.json", text, strlen(text), out, error);
}

static void refuse(const char *text, const char *message)
{
    struct emp_model model = {0};
    emp_error error = {0};
    char found[1600];
    assert_int_equal(parse(text, &model, &error), EMP_ERR_DATA);
    assert_null(model.root);
    assert_string_equal(emp_error_text(&error, found, sizeof found), message);
}

static void written_and_read(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct test_path path = test_path(&folder, "segment.json");
    const double values[] = {0.1, 1.0 / 3.0, -1e300, 4.94e-324, 5.0, 123456789.123456789};
    double found[6];
    json_t *root = emp__json_put(emp__model_new("segment"), "centres",
                                 emp__json_append(json_array(), emp__json_reals(values, 6)));
    assert_int_equal(emp__model_write(path.text, root, NULL), EMP_OK);

    struct emp_model model;
    struct emp_model_node top, list, row;
    size_t count;
    assert_int_equal(emp__model_read(path.text, &model, NULL), EMP_OK);
    assert_string_equal(model.kind, "segment");
    assert_string_equal(model.version, EMP_VERSION);
    assert_string_equal(model.file, path.text);
    assert_int_equal(emp__model_expect_kind(&model, "segment", NULL), EMP_OK);
    top = emp__model_root(&model);
    assert_int_equal(emp__model_list(&top, "centres", (size_t[]){1, 9}, &list, &count, NULL),
                     EMP_OK);
    assert_int_equal(count, 1);
    row = emp__model_item(&list, 0);
    assert_int_equal(emp__model_reals(&row, 6, found, NULL), EMP_OK);
    assert_memory_equal(found, values, sizeof values);
    emp__model_free(&model);
    test_folder_free(&folder);
}

static void files_that_cannot_be_read(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct emp_model model = {0};
    emp_error error = {0};
    struct test_path path = test_path(&folder, "none.json");
    assert_int_equal(emp__model_read(path.text, &model, &error), EMP_ERR_NO_INPUT);
    assert_string_equal(error.file, path.text);
    assert_string_equal(error.message, "cannot open the model file: No such file or directory");
    assert_int_equal(emp__model_read(folder.path, &model, &error), EMP_ERR_NO_INPUT);
    assert_string_equal(error.message, "cannot read the model file: Is a directory");

    path = test_path(&folder, "large.json");
    test_write_text(&folder, "large.json", "{}");
    assert_int_equal(truncate(path.text, EMP_MODEL_BYTES + 1), 0);
    assert_int_equal(emp__model_read(path.text, &model, &error), EMP_ERR_DATA);
    assert_string_equal(error.message,
                        "a model file has at most 67108864 bytes; this one has more");
    assert_null(model.root);
    test_folder_free(&folder);
}

static void heads(void **state)
{
    (void)state;
    refuse("", "m.json:1: this is not the JSON of a model: '[' or '{' expected near end of file");
    refuse("{\n  \"a\": 1,\n  \"a\": 2}",
           "m.json:3:5: this is not the JSON of a model: duplicate object key near '\"a\"'");
    refuse("[1]", "m.json: this is no model of emptor: it has no key 'emptor_model'");
    refuse("{\"kind\": \"segment\"}",
           "m.json: this is no model of emptor: it has no key 'emptor_model'");
    refuse("{\"emptor_model\": \"1\"}",
           "m.json: 'emptor_model' must be a whole number of at least 1, found \"1\"");
    refuse("{\"emptor_model\": 2}",
           "m.json: the model has format 2, and this emptor (" EMP_VERSION ") reads format 1: fit "
           "it anew, or use the emptor that wrote it");
    refuse("{\"emptor_model\": 1}", "m.json: 'kind' is missing");
    refuse("{\"emptor_model\": 1, \"kind\": 3}", "m.json: 'kind' must be a text, found 3");
    refuse("{\"emptor_model\": 1, \"kind\": \"x\"}", "m.json: 'emptor_version' is missing");
    refuse(HEAD ", \"x\": 1e999}",
           "m.json:1:76: this is not the JSON of a model: real number overflow near '1e999'");

    struct emp_model model;
    emp_error error = {0};
    assert_int_equal(parse(HEAD "}", &model, &error), EMP_OK);
    assert_int_equal(emp__model_expect_kind(&model, "churn", &error), EMP_ERR_DATA);
    assert_string_equal(error.message, "the model must be of kind 'churn', found 'segment'");
    emp__model_free(&model);
}

/* Takes one thing of each kind from a model, in turn; the status of what fails. */
static emp_status take_all(const struct emp_model_node *top, emp_error *error)
{
    static const char *const keys[] = {"emptor_model", "kind", "emptor_version", "k", "share",
                                       "exact",        "init", "centres",        NULL};
    static const char *const words[] = {"random", "given", NULL};
    int64_t k;
    int word;
    bool exact;
    double share, row[3];
    size_t count = 0;
    struct emp_model_node list;
    emp_status status = emp__model_expect_keys(top, keys, error);
    if (status == EMP_OK)
        status = emp__model_integer(top, "k", 1, 9, &k, error);
    if (status == EMP_OK)
        status = emp__model_real(top, "share", (double[]){0.0, 1.0}, &share, error);
    if (status == EMP_OK)
        status = emp__model_boolean(top, "exact", &exact, error);
    if (status == EMP_OK)
        status = emp__model_choice(top, "init", words, &word, error);
    if (status == EMP_OK)
        status = emp__model_list(top, "centres", (size_t[]){1, 4}, &list, &count, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        struct emp_model_node item = emp__model_item(&list, i);
        status = emp__model_reals(&item, 3, row, error);
    }
    return status;
}

static void values_of_every_kind(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message; /* NULL: all is well */
    } cases[] = {
        {"\"k\": 3, \"share\": 1, \"exact\": true, \"init\": \"given\", \"centres\": [[1, 2, 3.5]]",
         NULL},
        {"\"k\": 0", "m.json: 'k' must be a whole number from 1 to 9, found 0"},
        {"\"k\": 2.0", "m.json: 'k' must be a whole number from 1 to 9, found 2"},
        {"\"k\": 2, \"share\": 1.5", "m.json: 'share' must be a number from 0 to 1, found 1.5"},
        {"\"k\": 2, \"share\": {}",
         "m.json: 'share' must be a number from 0 to 1, found an object"},
        {"\"k\": 2, \"share\": 0.5, \"exact\": null",
         "m.json: 'exact' must be true or false, found null"},
        {"\"k\": 2, \"share\": 0.5, \"exact\": true, \"init\": \"best\"",
         "m.json: 'init' must be one of random, given; found \"best\""},
        {"\"k\": 2, \"share\": 0.5, \"exact\": true, \"init\": \"given\", \"centres\": []",
         "m.json: 'centres' must be a list of 1 to 4, found 0"},
        {"\"k\": 2, \"share\": 0.5, \"exact\": true, \"init\": \"given\", \"centres\": "
         "[[1, 2, 3], [1, 2, 3], [1, 2]]",
         "m.json: 'centres[2]' must be a list of 3 numbers, found 2"},
        {"\"k\": 2, \"share\": 0.5, \"exact\": true, \"init\": \"given\", \"centres\": "
         "[[1, \"a\\u0001\", 3]]",
         "m.json: 'centres[0][1]' must be a number, found \"a?\""},
        {"\"kk\": 2", "m.json: 'kk' is not a key that belongs here; did you mean 'k'?"},
        {"\"nothing_like_it\": 2", "m.json: 'nothing_like_it' is not a key that belongs here"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512], found[1600];
        struct emp_model model;
        emp_error error = {0};
        snprintf(text, sizeof text, HEAD ", %s}", cases[i].text);
        assert_int_equal(parse(text, &model, &error), EMP_OK);
        struct emp_model_node top = emp__model_root(&model);
        emp_status status = take_all(&top, &error);
        assert_int_equal(status, cases[i].message ? EMP_ERR_DATA : EMP_OK);
        if (cases[i].message)
            assert_string_equal(emp_error_text(&error, found, sizeof found), cases[i].message);
        emp__model_free(&model);
    }
}

/* A list is no object, and a path that is too long is cut. */
static void odd_nodes(void **state)
{
    (void)state;
    char text[700], key[400];
    struct emp_model model;
    struct emp_model_node top, node, below;
    emp_error error = {0};
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    snprintf(text, sizeof text, HEAD ", \"list\": [], \"%s\": {}}", key);
    assert_int_equal(parse(text, &model, &error), EMP_OK);
    top = emp__model_root(&model);
    assert_int_equal(emp__model_get(&top, "list", &node, &error), EMP_OK);
    assert_int_equal(emp__model_get(&node, "x", &below, &error), EMP_ERR_DATA);
    assert_string_equal(error.message, "'list' must be an object, found a list of 0");
    assert_int_equal(emp__model_get(&top, key, &node, &error), EMP_OK);
    for (int i = 0; i < 100; i++) {
        emp__model_find(&node, key, &below);
        node = below;
        assert_true(strlen(node.path) < sizeof node.path);
        node = emp__model_item(&node, 123456789);
        assert_true(strlen(node.path) < sizeof node.path);
    }
    emp__model_free(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_and_read),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(heads),
        cmocka_unit_test(values_of_every_kind),
        cmocka_unit_test(odd_nodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
