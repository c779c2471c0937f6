// SPDX-License-Identifier: Apache-2.0
/* The files that the patterns of a parameter file stand for. */
#ifndef EMP_SOURCE_FILE_LIST_H
#define EMP_SOURCE_FILE_LIST_H

#include "params/schema.h"

/*
 * Expands each pattern (relative to `folder`, the parameter file's) in order; the files of one
 * pattern stand in byte order of their names, and a file that is named twice, by two patterns or by
 * two names of one file, is listed once.
 * "-" stays as it is. A pattern that matches nothing is EMP_ERR_NO_INPUT. The caller releases *out
 * with emp__texts_free().
 */
emp_status emp__file_list(const struct emp_texts *patterns, const char *folder,
                          struct emp_texts *out, emp_error *error);

#endif
