// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/scores.h"

#include <math.h>

#include "analysis/ltv/values.h"
#include "sink/table_columns.h"

/* A column of reals: the values of the sample, times those of `factor` unless it is NULL. */
static emp_status add_reals(const struct emp_ltv_sample *sample, const char *name,
                            const double *values, const double *factor, struct emp_table *table,
                            emp_error *error)
{
    double *out = NULL;
    emp_status status = emp__table_add_reals(table, name, &out, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        out[i] = NAN;
    for (size_t i = 0; i < sample->count && values && status == EMP_OK; i++)
        out[sample->customer[i]] = factor ? values[i] * factor[i] : values[i];
    return status;
}

static emp_status add_x(const struct emp_ltv_sample *sample, struct emp_table *table,
                        emp_error *error)
{
    int64_t *out = NULL;
    emp_status status = emp__table_add_integers(table, "x", &out, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        out[i] = EMP_MISSING;
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++)
        out[sample->customer[i]] = sample->x[i];
    return status;
}

static emp_status add_status(const struct emp_ltv_sample *sample, const uint16_t *values,
                             struct emp_table *table, emp_error *error)
{
    uint16_t *out = NULL;
    emp_status status = emp__table_add_labels(table, "ltv_status", &out, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, emp__ltv_value_words, EMP_LTV_WORDS, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        out[i] = EMP_LTV_NO_PURCHASE;
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++)
        out[sample->customer[i]] = values ? values[i] : EMP_LTV_NO_MODEL;
    return status;
}

static emp_status add_columns(const struct emp_ltv_work *work, const struct emp_ltv_values *values,
                              struct emp_table *table, emp_error *error)
{
    const struct emp_ltv_sample *sample = &work->observation;
    bool contract = work->params->source == EMP_LTV_CONTRACT;
    const struct {
        const char *name;
        const double *values, *factor;
        bool wanted;
    } columns[] = {
        {"t_x", sample->t_x, NULL, !contract},
        {"age", sample->age, NULL, !contract},
        {"p_alive", values->p_alive, NULL, true},
        {"p_alive_mbgnbd", values->p_alive_mbgnbd, NULL, work->rule.has_mbgnbd},
        {"p_no_purchase", values->no_purchase, NULL, true},
        {"expected_purchases", values->expected, NULL, true},
        {"expected_spend", values->spend, NULL, true},
        {"clv_unlimited", values->unlimited, values->spend, true},
    };
    emp_status status = add_x(sample, table, error);
    for (size_t c = 0; c < sizeof columns / sizeof *columns && status == EMP_OK; c++)
        if (columns[c].wanted)
            status = add_reals(sample, columns[c].name, columns[c].values, columns[c].factor, table,
                               error);
    return status == EMP_OK ? add_status(sample, values->status, table, error) : status;
}

emp_status emp__ltv_customer_columns(const struct emp_ltv_work *work, struct emp_table *table,
                                     emp_error *error)
{
    struct emp_ltv_values values = {.status = NULL};
    emp_status status = work->rule.model ? emp__ltv_values(work, &values, error) : EMP_OK;
    if (status == EMP_OK)
        status = add_columns(work, &values, table, error);
    emp__ltv_values_give(work->input->customers->store, &values);
    return status;
}
