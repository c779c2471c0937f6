// SPDX-License-Identifier: Apache-2.0
/* What the analyses of a run have found: tables and warnings, collected as they go. */
#ifndef EMP_ANALYSIS_RESULT_H
#define EMP_ANALYSIS_RESULT_H

#include <emptor/analysis.h>
#include <jansson.h>

#include "history/history.h"
#include "number/ratio.h"
#include "sink/table.h"

/* What an analysis says went into its tables, to be held against the history. */
struct emp_account {
    const char *name; /* static text */
    uint64_t customers;
    emp_int128 money; /* minor units */
};

/* What a fit leaves behind, for models/NAME.json. */
struct emp_result_model {
    const char *name; /* static text: the analysis's section */
    json_t *json;
};

struct emp_result {
    struct emp_store *store;   /* of the history, where this lies: */
    uint32_t *by_id;           /* the customers in order of id */
    struct emp_table **tables; /* the first is "customers" */
    size_t table_count, table_capacity;
    char **warnings;
    size_t warning_count, warning_capacity;
    struct emp_account *accounts;
    size_t account_count, account_capacity;
    struct emp_result_model *models;
    size_t model_count, model_capacity;
};

/* Starts with the table "customers": one row for each customer in order of id, one column. */
emp_status emp__result_new(const struct emp_customers *customers, int threads,
                           struct emp_result **out, emp_error *error);

/* The table "customers", to add columns to. */
struct emp_table *emp__result_customers(struct emp_result *result);

/* A new table, the result's own, to fill. */
emp_status emp__result_add_table(struct emp_result *result, const char *name, size_t rows,
                                 struct emp_table **out, emp_error *error);

/* Accounts for the customers and the money of an analysis: a run that does not balance fails. */
emp_status emp__result_add_account(struct emp_result *result, struct emp_account stage,
                                   emp_error *error);

/* Adds a model; the result owns `json` from now on, also on failure. NULL stands for lack of
 * memory.
 */
emp_status emp__result_add_model(struct emp_result *result, const char *name, json_t *json,
                                 emp_error *error);

emp_status emp__result_warn(struct emp_result *result, emp_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
