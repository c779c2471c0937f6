// SPDX-License-Identifier: Apache-2.0
/* --set KEY=VALUE: one key of the tree from the command line. */
#include <string.h>

#include "base/memory.h"
#include "params/schema.h"

/* Says which assignment a failure is about: its column is of no use on a command line. */
static emp_status fail_assignment(const char *assignment, const emp_error *cause, emp_error *error)
{
    char excerpt[EMP_EXCERPT];
    if (cause->status == EMP_ERR_MEMORY)
        return emp__fail(error, EMP_ERR_MEMORY, "%s", cause->message);
    return emp__fail_at(error, EMP_ERR_USAGE, (struct emp_place){.file = "--set"}, "'%s': %s",
                        emp__text_excerpt(assignment, excerpt), cause->message);
}

/* Reads a word as YAML does, which also finds bytes that are not UTF-8. */
static emp_status check_key(const char *key, emp_error *error)
{
    struct emp_node *node = NULL;
    emp_status status = emp__node_read_text("--set", key, strlen(key), &node, error);
    if (status == EMP_OK && (node->kind != EMP_NODE_SCALAR || strcmp(node->text, key) != 0))
        status = emp__fail(error, EMP_ERR_USAGE, "the key before '=' is empty or no plain word");
    emp__node_free(node);
    return status;
}

/* Nothing is null; a comment alone is a mistake, since the shell took the quotes. */
static emp_status read_value(const char *text, struct emp_node **out, emp_error *error)
{
    const char *first = text + strspn(text, " \t\r\n");
    struct emp_node *node = NULL;
    if (*first == '#')
        return emp__fail(error, EMP_ERR_USAGE,
                         "the value is a comment in YAML: put quotes around it, inside those of "
                         "the shell");
    emp_status status = *first ? emp__node_read_text("--set", text, strlen(text), &node, error)
                               : emp__node_new_scalar("--set", "", false, &node, error);
    if (status != EMP_OK)
        return status;
    emp__node_forget_lines(node);
    *out = node;
    return EMP_OK;
}

emp_status emp__schema_set(struct emp_node *root, const char *assignment, emp_error *error)
{
    emp_error cause = {.status = EMP_OK};
    struct emp_node *value = NULL;
    char *key = NULL;
    const char *equals = strchr(assignment, '=');
    emp_status status =
        equals ? EMP_OK
               : emp__fail(&cause, EMP_ERR_USAGE, "an assignment is KEY=VALUE, such as rfm.bins=5");
    if (status == EMP_OK)
        status = emp__copy_text(&key, assignment, (size_t)(equals - assignment), &cause);
    if (status == EMP_OK)
        status = check_key(key, &cause);
    if (status == EMP_OK)
        status = read_value(equals + 1, &value, &cause);
    if (status == EMP_OK)
        status = emp__node_put(root, key, value, &cause);
    free(key);
    return status == EMP_OK ? EMP_OK : fail_assignment(assignment, &cause, error);
}
