// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static emp_status find_columns(struct emp_segment_rows *rows, emp_error *error)
{
    const struct emp_recipes *features = &rows->params->features;
    const struct emp_analysis_input *input = rows->input;
    rows->features = features->count;
    emp_status status =
        emp__new_array(&rows->columns, rows->features, sizeof *rows->columns, error);
    if (status == EMP_OK)
        status = emp__new_array(&rows->words, rows->features, sizeof *rows->words, error);
    for (size_t j = 0; j < rows->features && status == EMP_OK; j++) {
        struct emp_feature_column *column = &rows->columns[j];
        *column = emp__feature_column(&features->items[j], input->input, input->attributes);
        rows->words[j] = column->feature ? emp__segment_words(column->name)
                                         : (struct emp_feature_words){column->name, NULL, NULL};
    }
    const char *weight = rows->params->weight.name;
    if (status == EMP_OK && weight)
        rows->weight = input->attributes->values[emp__attributes_find(input->attributes, weight)];
    return status;
}

/* Does any feature come from the history? */
static bool needs_purchases(const struct emp_segment_rows *rows)
{
    for (size_t j = 0; j < rows->features; j++)
        if (rows->columns[j].feature)
            return true;
    return false;
}

static emp_status list_customers(struct emp_segment_rows *rows, emp_error *error)
{
    size_t n = rows->input->customers->ids.count;
    bool buyers_only = needs_purchases(rows);
    emp_status status = emp__new_array(&rows->customer, n, sizeof *rows->customer, error);
    for (size_t i = 0; i < n && status == EMP_OK; i++) {
        uint32_t customer = rows->input->by_id[i];
        if (!buyers_only || emp__is_buyer(&rows->view, customer))
            rows->customer[rows->count++] = customer;
    }
    return status;
}

emp_status emp__segment_rows(const struct emp_analysis_input *input, struct emp_segment_rows *out,
                             emp_error *error)
{
    const struct emp_segment_params *params = input->section;
    *out = (struct emp_segment_rows){
        .input = input,
        .params = params,
        .view = emp__feature_view(input->customers, input->input, (enum emp_merge)params->merge,
                                  input->analysis_day),
    };
    emp_status status = find_columns(out, error);
    return status == EMP_OK ? list_customers(out, error) : status;
}

void emp__segment_rows_free(struct emp_segment_rows *rows)
{
    free(rows->columns);
    free(rows->words);
    free(rows->customer);
    *rows = (struct emp_segment_rows){0};
}

char *emp__segment_id(const struct emp_segment_rows *rows, size_t row, char out[EMP_ID_MAX + 1])
{
    return emp__id_text(&rows->input->customers->ids, rows->customer[row], out);
}

void emp__segment_values(const struct emp_segment_rows *rows, size_t j, double *out)
{
    struct emp_column_request request = {rows->customer, rows->count, rows->input->threads};
    emp__feature_column_values(&rows->columns[j], &rows->view, &request, out);
}
