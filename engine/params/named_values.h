// SPDX-License-Identifier: Apache-2.0
/* Parameters that are maps from names of the user's own, such as columns, to values. */
#ifndef EMP_PARAMS_NAMED_VALUES_H
#define EMP_PARAMS_NAMED_VALUES_H

#include "params/schema.h"

struct emp_named_reals {
    char **names; /* as written, each once */
    double *values;
    struct emp_place *places;
    size_t count;
};

struct emp_named_texts {
    char **names, **texts;
    struct emp_place *places;
    size_t count;
};

/* From a map whose values are numbers in [bounds[0], bounds[1]], or texts. *out is to be freed in
   any case. */
emp_status emp__named_reals_load(const struct emp_node *node, const double bounds[2],
                                 struct emp_named_reals *out, emp_error *error);
emp_status emp__named_texts_load(const struct emp_node *node, struct emp_named_texts *out,
                                 emp_error *error);
void emp__named_reals_free(struct emp_named_reals *values);
void emp__named_texts_free(struct emp_named_texts *values);

/* The index of a name, or the count where it is absent. */
size_t emp__named_find(char *const *names, size_t count, const char *name);

#endif
