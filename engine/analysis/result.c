// SPDX-License-Identifier: Apache-2.0
#include "analysis/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "history/id_order.h"

static emp_status order_customers(const struct emp_customers *customers, int threads,
                                  uint32_t **out, emp_error *error)
{
    size_t n = customers->ids.count;
    emp_status status = emp__store_take(customers->store, n, sizeof **out, out, error);
    if (status != EMP_OK)
        return status;
    struct emp_id_runs runs = {customers->first, customers->partitions, customers->store};
    return emp__id_order_runs(&customers->ids, runs, threads, *out, error);
}

emp_status emp__result_new(const struct emp_customers *customers, int threads,
                           struct emp_result **out, emp_error *error)
{
    struct emp_result *result = NULL;
    struct emp_table *table = NULL;
    const struct emp_column id = {
        .name = "customer_id", .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_ID};
    emp_status status = emp__new_array(&result, 1, sizeof *result, error);
    if (status == EMP_OK)
        result->store = customers->store;
    if (status == EMP_OK)
        status = order_customers(customers, threads, &result->by_id, error);
    if (status == EMP_OK)
        status = emp__result_add_table(result, "customers", customers->ids.count, &table, error);
    if (status == EMP_OK) {
        table->ids = &customers->ids;
        table->order = result->by_id;
        table->store = customers->store;
        status = emp__table_add(table, id, NULL, error);
    }
    if (status == EMP_OK)
        *out = result;
    else
        emp_result_free(result);
    return status;
}

struct emp_table *emp__result_customers(struct emp_result *result)
{
    return result->tables[0];
}

emp_status emp__result_add_table(struct emp_result *result, const char *name, size_t rows,
                                 struct emp_table **out, emp_error *error)
{
    emp_status status = emp__grow_array(&result->tables, &result->table_capacity,
                                        result->table_count + 1, sizeof(struct emp_table *), error);
    if (status == EMP_OK)
        status = emp__table_new(name, rows, out, error);
    if (status == EMP_OK)
        result->tables[result->table_count++] = *out;
    return status;
}

emp_status emp__result_add_account(struct emp_result *result, struct emp_account stage,
                                   emp_error *error)
{
    emp_status status = emp__grow_array(&result->accounts, &result->account_capacity,
                                        result->account_count + 1, sizeof *result->accounts, error);
    if (status == EMP_OK)
        result->accounts[result->account_count++] = stage;
    return status;
}

emp_status emp__result_add_model(struct emp_result *result, const char *name, json_t *json,
                                 emp_error *error)
{
    emp_status status = json ? EMP_OK : emp__fail_memory(error, 0);
    if (status == EMP_OK)
        status = emp__grow_array(&result->models, &result->model_capacity, result->model_count + 1,
                                 sizeof *result->models, error);
    if (status == EMP_OK)
        result->models[result->model_count++] = (struct emp_result_model){name, json};
    else
        json_decref(json);
    return status;
}

emp_status emp__result_warn(struct emp_result *result, emp_error *error, const char *format, ...)
{
    emp_status status = emp__grow_array(&result->warnings, &result->warning_capacity,
                                        result->warning_count + 1, sizeof(char *), error);
    if (status != EMP_OK)
        return status;
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    status = emp__format_text_list(&text, error, format, arguments);
    va_end(arguments);
    if (status == EMP_OK)
        result->warnings[result->warning_count++] = text;
    return status;
}

void emp_result_free(emp_result *result)
{
    if (!result)
        return;
    for (size_t i = 0; i < result->table_count; i++)
        emp__table_free(result->tables[i]);
    for (size_t i = 0; i < result->warning_count; i++)
        free(result->warnings[i]);
    for (size_t i = 0; i < result->model_count; i++)
        json_decref(result->models[i].json);
    emp__store_give(result->store, result->by_id);
    free(result->models);
    free(result->accounts);
    free(result->tables);
    free(result->warnings);
    free(result);
}

size_t emp_result_tables(const emp_result *result)
{
    return result->table_count;
}

const emp_table *emp_result_table(const emp_result *result, size_t i)
{
    return result->tables[i];
}

const emp_table *emp_result_find(const emp_result *result, const char *name)
{
    for (size_t i = 0; i < result->table_count; i++)
        if (strcmp(emp_table_name(result->tables[i]), name) == 0)
            return result->tables[i];
    return NULL;
}

size_t emp_result_warnings(const emp_result *result)
{
    return result->warning_count;
}

const char *emp_result_warning(const emp_result *result, size_t i)
{
    return result->warnings[i];
}
