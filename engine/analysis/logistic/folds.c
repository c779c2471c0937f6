// SPDX-License-Identifier: Apache-2.0
/*
 * The folds of a sample. A customer is in one fold with all of his rows, whatever their days, so
 * that no fit has seen a customer by whom it is judged.
 */
#include "analysis/logistic/folds.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/memory.h"
#include "evaluate/folds.h"

/* A number of each customer that follows from the bytes of the id. */
static uint64_t key_of(const struct emp_logistic_rows *rows, size_t row)
{
    char digits[24];
    size_t length;
    const char *bytes =
        emp__id_bytes(&rows->input->customers->ids, rows->customer[row], digits, &length);
    return XXH3_64bits(bytes, length);
}

/* Customers in folds of their own: the first row of a customer says which label he has. */
struct customers {
    size_t count;
    uint64_t *key;
    uint8_t *label;
    uint32_t *number; /* in the history */
};

static void free_customers(struct customers *customers)
{
    free(customers->key);
    free(customers->label);
    free(customers->number);
}

static emp_status list_customers(const struct emp_logistic_sample *sample, struct customers *out,
                                 emp_error *error)
{
    const struct emp_logistic_rows *rows = &sample->rows;
    size_t most = rows->count;
    if (most > rows->input->customers->ids.count)
        most = rows->input->customers->ids.count;
    emp_status status = emp__new_array(&out->key, most, sizeof *out->key, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->label, most, sizeof *out->label, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->number, most, sizeof *out->number, error);
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++) {
        uint32_t customer = rows->customer[i];
        if (sample->member[customer] != 0)
            continue;
        sample->member[customer] = 1;
        out->key[out->count] = key_of(rows, i);
        out->label[out->count] = sample->label[i];
        out->number[out->count++] = customer;
    }
    return status;
}

static emp_status stratify(const struct customers *customers, const struct emp_folds *folds,
                           uint16_t *fold, emp_error *error)
{
    void *work = malloc(emp__stratified_folds_work((uint32_t)customers->count));
    if (!work)
        return emp__fail_memory(error, emp__stratified_folds_work((uint32_t)customers->count));
    emp__stratified_folds(folds, customers->key, customers->label, (uint32_t)customers->count, work,
                          fold);
    free(work);
    return EMP_OK;
}

static emp_status draw_folds(struct emp_logistic_sample *sample, emp_error *error)
{
    const struct emp_logistic_params *params = sample->rows.params;
    struct emp_folds folds = {sample->rows.input->seed, (uint16_t)params->folds.count};
    struct customers customers = {0};
    uint16_t *fold = NULL;
    emp_status status = list_customers(sample, &customers, error);
    sample->folds = folds.count;
    if (status == EMP_OK)
        status = emp__new_array(&fold, customers.count, sizeof *fold, error);
    if (status == EMP_OK && params->stratified)
        status = stratify(&customers, &folds, fold, error);
    for (size_t c = 0; c < customers.count && status == EMP_OK; c++) {
        if (!params->stratified)
            fold[c] = emp__fold(&folds, customers.key[c]);
        sample->member[customers.number[c]] = (uint8_t)(1 + fold[c]);
    }
    free_customers(&customers);
    free(fold);
    return status;
}

/* The levels of a column are the folds. */
static emp_status take_folds(struct emp_logistic_sample *sample, emp_error *error)
{
    const struct emp_logistic_rows *rows = &sample->rows;
    const struct emp_column_ref *ref = &rows->params->folds.column;
    const struct emp_category *column =
        emp__attributes_category(rows->input->attributes, ref->name);
    char id[EMP_ID_MAX + 1];
    if (column->levels.count < 2 || column->levels.count > EMP_FOLDS_MAX)
        return emp__fail_at(error, EMP_ERR_DATA, ref->place,
                            "the column '%s' has %zu different text%s; folds are 2 to %d",
                            ref->name, column->levels.count, column->levels.count == 1 ? "" : "s",
                            EMP_FOLDS_MAX);
    sample->folds = column->levels.count;
    for (size_t i = 0; i < rows->count; i++) {
        uint32_t level = column->codes[rows->customer[i]];
        if (level == EMP_NO_LEVEL)
            return emp__fail_at(error, EMP_ERR_DATA, ref->place,
                                "customer %s has no fold in the column '%s'",
                                emp__logistic_row_id(rows, i, id), ref->name);
        sample->member[rows->customer[i]] = (uint8_t)(1 + level);
    }
    return EMP_OK;
}

static void mark_members(struct emp_logistic_sample *sample)
{
    for (size_t i = 0; i < sample->rows.count; i++)
        sample->member[sample->rows.customer[i]] = 1;
}

emp_status emp__logistic_folds(struct emp_logistic_sample *sample, emp_error *error)
{
    const struct emp_logistic_rows *rows = &sample->rows;
    const struct emp_fold_rule *rule = &rows->params->folds;
    emp_status status =
        emp__new_array(&sample->member, rows->input->customers->ids.count, sizeof(uint8_t), error);
    if (status != EMP_OK)
        return status;
    if (!rule->column.name && rule->count == 0) {
        mark_members(sample);
        return EMP_OK;
    }
    status = rule->column.name ? take_folds(sample, error) : draw_folds(sample, error);
    if (status == EMP_OK)
        status = emp__new_array(&sample->fold, rows->count, sizeof *sample->fold, error);
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++)
        sample->fold[i] = (uint8_t)(sample->member[rows->customer[i]] - 1);
    return status;
}
