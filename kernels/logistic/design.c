// SPDX-License-Identifier: Apache-2.0
#include "logistic/design.h"

#include <string.h>

static void expand_matrix(const void *user, size_t first, size_t count, double *out, size_t stride)
{
    const struct emp_matrix *matrix = user;
    for (size_t j = 0; j < matrix->terms; j++)
        memcpy(out + j * stride, matrix->x + j * matrix->stride + first, count * sizeof *out);
}

struct emp_design emp__matrix_design(const struct emp_matrix *matrix)
{
    return (struct emp_design){
        .rows = matrix->rows, .terms = matrix->terms, .expand = expand_matrix, .user = matrix};
}
