// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a parameter file: read, check, load, print, read again. Whatever is read prints to a
 * text that reads back equal; whatever loads loads again from the effective parameters, to the same
 * text. A message is one line.
 */
#include "../lib/params_schema.h"
#include "params/node_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_message(const emp_error *error)
{
    require(error->message[0] != '\0');
    for (const char *byte = error->message; *byte; byte++)
        require((unsigned char)*byte >= ' ' && *byte != 127);
}

/* The tree printed and read again. */
static struct emp_node *check_print(const struct emp_node *root, char **text)
{
    struct emp_node *again = NULL;
    require(emp__node_print(root, text, NULL) == EMP_OK);
    if (emp__node_read_text("again", *text, strlen(*text), &again, NULL) != EMP_OK)
        require(strlen(*text) > 1 << 20);
    require(!again || test_equal_trees(root, again));
    return again;
}

static void check_load(struct emp_node *root)
{
    struct test_params params = {.top = {0}};
    struct test_params twice = {.top = {0}};
    emp_error error = {.status = EMP_OK};
    char *first = NULL;
    char *second = NULL;
    char *third = NULL;
    if (test_load(root, &params, &error) != EMP_OK) {
        check_message(&error);
        return;
    }
    struct emp_node *again = check_print(root, &first);
    if (again) {
        require(test_load(again, &twice, &error) == EMP_OK);
        /* Quotes that a plain text turns out to need may change once, and never again. */
        struct emp_node *settled = check_print(again, &second);
        emp__node_free(check_print(settled, &third));
        require(strcmp(second, third) == 0);
        emp__node_free(settled);
    }
    test_release(&params);
    test_release(&twice);
    emp__node_free(again);
    free(first);
    free(second);
    free(third);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct emp_node *root = NULL;
    char *text = NULL;
    json_t *json = NULL;
    emp_error error = {.status = EMP_OK};
    if (emp__node_read_text("fuzz", (const char *)data, size, &root, &error) != EMP_OK) {
        check_message(&error);
        return 0;
    }
    emp__node_null_to_map(root);
    emp__node_free(check_print(root, &text));
    free(text);
    require(emp__node_to_json(root, &json, NULL) == EMP_OK);
    json_decref(json);
    check_load(root);
    emp__node_free(root);
    return 0;
}
