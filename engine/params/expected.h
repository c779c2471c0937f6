// SPDX-License-Identifier: Apache-2.0
/* What a parameter must be, in words: one wording for messages and the reference. */
#ifndef EMP_PARAMS_EXPECTED_H
#define EMP_PARAMS_EXPECTED_H

#include "base/buffer.h"
#include "params/schema.h"

#define EMP_EXPECTED_DATE      "a date like 2025-12-31"
#define EMP_EXPECTED_BOOLEAN   "true or false"
#define EMP_EXPECTED_SIZE      "a size like 512M, 2G or 64K"
#define EMP_EXPECTED_TEXT      "a text"
#define EMP_EXPECTED_TEXT_LIST "a text or a list of texts"

/* "a whole number from 2 to 100"; the ends of int64_t stand for no limit. */
#define EMP_EXPECTED_NUMBER 96
char *emp__expected_integer(int64_t min, int64_t max, char out[EMP_EXPECTED_NUMBER]);

/* "a number of at least 0"; an infinite end stands for no limit. */
char *emp__expected_real(double min, double max, char out[EMP_EXPECTED_NUMBER]);

/* Adds "one of a, b, c". */
emp_status emp__expected_choice(const char *const *choices, struct emp_buffer *out,
                                emp_error *error);

/* Adds what any parameter must be. */
emp_status emp__expected_param(const struct emp_param *param, struct emp_buffer *out,
                               emp_error *error);

/* emp__node_expected for what a parameter must be. */
emp_status emp__node_expected_param(const struct emp_node *node, const struct emp_param *param,
                                    emp_error *error);

/* Adds "a, b, c". */
emp_status emp__add_words(const char *const *words, struct emp_buffer *out, emp_error *error);

/* A limit of an integer parameter's row: beyond int64_t is its end. */
int64_t emp__integer_limit(double limit);

#endif
