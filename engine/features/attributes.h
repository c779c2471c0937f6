// SPDX-License-Identifier: Apache-2.0
/*
 * The columns of the customers file, by customer: those that the analyses of a run name, each as
 * numbers, as a category, or as both.
 */
#ifndef EMP_FEATURES_ATTRIBUTES_H
#define EMP_FEATURES_ATTRIBUTES_H

#include "history/history.h"
#include "params/column_ref.h"
#include "source/customer_file.h"

/* The columns that the analyses name, each once of a kind; all zero is none. The references stay
   the analyses'. */
struct emp_attribute_wishes {
    struct emp_attribute_column *columns;
    size_t count, capacity;
};

/* Asks for a column as one kind; nothing happens if that was asked for under that name. */
emp_status emp__attribute_wish(struct emp_attribute_wishes *wishes, enum emp_attribute_kind kind,
                               const struct emp_column_ref *column, emp_error *error);

/* How many columns are asked for as that kind. */
size_t emp__attribute_wishes_count(const struct emp_attribute_wishes *wishes,
                                   enum emp_attribute_kind kind);

void emp__attribute_wishes_free(struct emp_attribute_wishes *wishes);

/*
 * A column of texts. Its levels are the texts of the good rows of the file in byte order, so that
 * codes depend on nothing else. There may be levels that no customer has: those of rows that became
 * bad since their customer stands further up already.
 */
struct emp_category {
    const char *name;
    uint32_t *codes; /* codes[customer]: the level; EMP_NO_LEVEL: missing, or no row in the file */
    struct emp_levels levels;
};

struct emp_attributes {
    size_t count;       /* of the columns of numbers */
    const char **names; /* as the parameter file has them */
    double **values;    /* values[c][customer]; NaN: missing, or no row in the file */
    size_t category_count;
    struct emp_category *categories;
    size_t customers; /* how many have a row in the file */
};

/* The index of the column of numbers of this name, or their count. */
size_t emp__attributes_find(const struct emp_attributes *attributes, const char *name);

/* The level of a text; EMP_NO_LEVEL: it is none. */
uint32_t emp__category_level(const struct emp_category *category, const char *text);

/* The category of this name, or NULL. */
const struct emp_category *emp__attributes_category(const struct emp_attributes *attributes,
                                                    const char *name);

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
