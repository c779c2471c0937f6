// SPDX-License-Identifier: Apache-2.0
/* A tree of nodes as JSON, for the manifest of a run and for model files. */
#ifndef EMP_PARAMS_NODE_JSON_H
#define EMP_PARAMS_NODE_JSON_H

#include <jansson.h>

#include "params/node.h"

/*
 * What is not in quotes and is a number as parameters have them, true or false becomes that, a null
 * null, everything else a string: a date stays a string, and so does a YAML truth value such as
 * `yes`. A whole number in int64 is a JSON integer; another number is a real, or a string where it
 * would be infinite. The caller owns *out.
 */
emp_status emp__node_to_json(const struct emp_node *node, json_t **out, emp_error *error);

/*
 * The way back: a tree that emp__node_to_json() makes the same JSON of. `file` is what messages
 * call it and must outlive the tree. EMP_ERR_DATA for what is too deep or holds too much.
 */
emp_status emp__node_from_json(const json_t *json, const char *file, struct emp_node **out,
                               emp_error *error);

#endif
