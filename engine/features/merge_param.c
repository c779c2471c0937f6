// SPDX-License-Identifier: Apache-2.0
#include "features/merge_param.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

const char *const emp__merge_words[] = {"order", "day", "row", "auto", NULL};

enum { MERGE_AUTO = EMP_MERGE_ROW + 1 };

/* Shows the settled value in the effective parameters. */
static emp_status show(int merge, struct emp_node *root, const char *path, emp_error *error)
{
    struct emp_node *value = NULL;
    const char *word = emp__merge_words[merge];
    emp_status status = emp__node_read_text("(default)", word, strlen(word), &value, error);
    return status == EMP_OK ? emp__node_put(root, path, value, error) : status;
}

emp_status emp__merge_settle(int *merge, const struct emp_input_params *input,
                             struct emp_node *root, const char *section, emp_error *error)
{
    char path[64];
    const struct emp_node *node = emp__node_get(emp__node_get(root, section), "merge");
    snprintf(path, sizeof path, "%s.merge", section);
    if (*merge == (int)EMP_MERGE_ORDER && !input->columns.order.name)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s: order' needs 'input.transactions.columns.order'", path);
    if (*merge != MERGE_AUTO)
        return EMP_OK;
    *merge = (int)(input->columns.order.name ? EMP_MERGE_ORDER : EMP_MERGE_ROW);
    return show(*merge, root, path, error);
}
