// SPDX-License-Identifier: Apache-2.0
/* The usual columns of a table, in one line each: see emp__table_add() for what *out is. */
#ifndef EMP_SINK_TABLE_COLUMNS_H
#define EMP_SINK_TABLE_COLUMNS_H

#include "sink/table.h"

emp_status emp__table_add_integers(struct emp_table *table, const char *name, int64_t **out,
                                   emp_error *error);
emp_status emp__table_add_reals(struct emp_table *table, const char *name, double **out,
                                emp_error *error);
emp_status emp__table_add_decimals(struct emp_table *table, const char *name, int decimals,
                                   int64_t **out, emp_error *error);

/* Cells are set by emp__table_set_text(). */
emp_status emp__table_add_texts(struct emp_table *table, const char *name, emp_error *error);

/* The labels themselves are given by emp__table_labels(). */
emp_status emp__table_add_labels(struct emp_table *table, const char *name, uint16_t **out,
                                 emp_error *error);

/* A name that is put together, "PREFIXNAME", kept by the table. */
emp_status emp__table_add_named_reals(struct emp_table *table, const char *prefix, const char *name,
                                      double **out, emp_error *error);

#endif
