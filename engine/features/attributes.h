// SPDX-License-Identifier: Apache-2.0
/*
 * The columns of the customers file, by customer: those that the analyses of a run name.
 */
#ifndef EMP_FEATURES_ATTRIBUTES_H
#define EMP_FEATURES_ATTRIBUTES_H

#include "history/history.h"
#include "params/column_ref.h"
#include "source/customer_file.h"

/* The columns that the analyses name, each once; all zero is none. They stay the analyses'. */
struct emp_attribute_wishes {
    const struct emp_column_ref **columns;
    size_t count, capacity;
};

/* Asks for the numbers of a column; nothing happens if they were asked for under that name. */
emp_status emp__attribute_wish(struct emp_attribute_wishes *wishes,
                               const struct emp_column_ref *column, emp_error *error);

void emp__attribute_wishes_free(struct emp_attribute_wishes *wishes);

struct emp_attributes {
    size_t count;             /* of the columns */
    const char *const *names; /* as the parameter file has them */
    double *const *values;    /* values[c][customer]; NaN: missing, or no row in the file */
    size_t customers;         /* how many have a row in the file */
};

/* The index of the column of this name, or the count of columns. */
size_t emp__attributes_find(const struct emp_attributes *attributes, const char *name);

/*
 * Brings the rows of the customers file to the customers, all of whom there are. Of several rows of
 * one customer the first in the file counts; the others become bad rows of the file, which changes
 * its `used` and `rejected`. *out, with its arrays in the store of the customers, is to be freed in
 * any case. `wishes` must outlive it.
 */
emp_status emp__attributes_join(const struct emp_customers *customers,
                                struct emp_customer_file *file, struct emp_attribute_rows *rows,
                                const struct emp_attribute_wishes *wishes,
                                struct emp_attributes *out, emp_error *error);

/* Frees what is not in the store, and gives the arrays back to it. */
void emp__attributes_free(struct emp_attributes *attributes, struct emp_store *store);

#endif
