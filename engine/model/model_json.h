// SPDX-License-Identifier: Apache-2.0
/*
 * JSON put together in expressions: each function takes over what it is given and returns NULL,
 * with all of it released, if any of it is NULL. So only the end needs to be looked at, where NULL
 * means that memory ran out.
 */
#ifndef EMP_MODEL_MODEL_JSON_H
#define EMP_MODEL_MODEL_JSON_H

#include <jansson.h>

/* object with `key` added. */
json_t *emp__json_put(json_t *object, const char *key, json_t *value);

/* list with `item` at its end. */
json_t *emp__json_append(json_t *list, json_t *item);

/* A list of n finite numbers. */
json_t *emp__json_reals(const double *values, size_t n);

#endif
