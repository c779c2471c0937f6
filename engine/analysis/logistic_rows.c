// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_rows.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/logistic_folds.h"
#include "base/error.h"
#include "base/memory.h"
#include "features/feature_column.h"

/* --- Days --- */

static emp_status new_days(const struct emp_analysis_input *input, size_t count,
                           struct emp_logistic_rows *out, emp_error *error)
{
    *out = (struct emp_logistic_rows){.input = input, .params = input->section};
    emp_status status = emp__new_array(&out->days, count, sizeof *out->days, error);
    if (status == EMP_OK)
        out->day_count = count;
    return status;
}

static void look_from(struct emp_logistic_rows *rows, struct emp_logistic_day *day)
{
    const struct emp_logistic_params *params = rows->params;
    day->view = emp__feature_view(&day->customers, params->input, (enum emp_merge)params->merge,
                                  day->customers.day);
}

/* Room for as many rows as there are customers, behind those that are there. */
static emp_status begin_day(struct emp_logistic_rows *rows, size_t *capacity,
                            struct emp_logistic_day *day, emp_error *error)
{
    day->first = rows->count;
    return emp__grow_array(&rows->customer, capacity, rows->count + day->customers.ids.count,
                           sizeof *rows->customer, error);
}

/* Does anything come from the history, so that customers without a purchase have nothing to say? */
static bool needs_purchases(const struct emp_logistic_params *params)
{
    if (params->label.source == EMP_LABEL_HISTORY)
        return true;
    for (size_t j = 0; j < params->features.count; j++)
        if (emp__recipe_feature(&params->features.items[j], params->input))
            return true;
    return false;
}

static emp_status list_present(struct emp_logistic_rows *rows, emp_error *error)
{
    size_t capacity = 0, n = rows->input->customers->ids.count;
    struct emp_logistic_day *day = &rows->days[0];
    bool buyers_only = needs_purchases(rows->params);
    day->customers = *rows->input->customers;
    look_from(rows, day);
    emp_status status = begin_day(rows, &capacity, day, error);
    for (size_t i = 0; i < n && status == EMP_OK; i++) {
        uint32_t customer = rows->input->by_id[i];
        if (!buyers_only || emp__is_buyer(&day->view, customer))
            rows->customer[rows->count++] = customer;
    }
    day->count = rows->count;
    return status;
}

emp_status emp__logistic_rows_present(const struct emp_analysis_input *input,
                                      struct emp_logistic_rows *out, emp_error *error)
{
    emp_status status = new_days(input, 1, out, error);
    return status == EMP_OK ? list_present(out, error) : status;
}

void emp__logistic_rows_free(struct emp_logistic_rows *rows)
{
    free(rows->days);
    free(rows->customer);
    *rows = (struct emp_logistic_rows){0};
}

char *emp__logistic_row_id(const struct emp_logistic_rows *rows, size_t row,
                           char out[EMP_ID_MAX + 1])
{
    return emp__id_text(&rows->input->customers->ids, rows->customer[row], out);
}

/* --- Labels of the history --- */

/* The cut-offs: as given, or the last one whose horizon is over by `end`. */
static size_t cutoff_count(const struct emp_label_rule *label)
{
    return label->cutoff_count > 0 ? label->cutoff_count : 1;
}

static int64_t cutoff_at(const struct emp_label_rule *label, int32_t end, size_t i)
{
    return label->cutoff_count > 0 ? label->cutoffs[i] : end - label->horizon - label->gap;
}

emp_status emp__logistic_cutoffs(const struct emp_logistic_params *params,
                                 struct emp_cutoffs *cutoffs, emp_error *error)
{
    const struct emp_label_rule *label = &params->label;
    emp_status status = EMP_OK;
    if (label->source != EMP_LABEL_HISTORY)
        return EMP_OK;
    for (size_t i = 0; i < cutoff_count(label) && status == EMP_OK; i++) {
        int64_t cut = cutoff_at(label, cutoffs->end, i), from = cut + label->gap;
        if (from + label->horizon > cutoffs->end)
            return emp__fail_at(error, EMP_ERR_PARAMS, label->place,
                                "'label': the horizon of cut-off %zu ends %" PRId64
                                " days after what is known of the history",
                                i + 1, from + label->horizon - cutoffs->end);
        status = emp__cutoffs_add(cutoffs, (int32_t)cut, (int32_t)from, error);
    }
    return status;
}

/* The customers of a day of the past who had bought, and whether they came back. */
static emp_status list_past(struct emp_logistic_sample *sample, size_t *capacity, size_t *labels,
                            struct emp_logistic_day *day, emp_error *error)
{
    struct emp_logistic_rows *rows = &sample->rows;
    const struct emp_analysis_input *input = rows->input;
    const struct emp_label_rule *label = &rows->params->label;
    size_t cutoff = emp__customers_cutoff(input->customers, day->cutoff.cut, day->cutoff.from);
    const int32_t *next = input->customers->past[cutoff].figures.next_day;
    day->customers = emp__customers_at(input->customers, cutoff);
    look_from(rows, day);
    emp_status status = begin_day(rows, capacity, day, error);
    if (status == EMP_OK)
        status = emp__grow_array(&sample->label, labels, rows->count + day->customers.ids.count,
                                 sizeof *sample->label, error);
    for (size_t i = 0; i < day->customers.ids.count && status == EMP_OK; i++) {
        uint32_t customer = input->by_id[i];
        if (!emp__is_buyer(&day->view, customer))
            continue;
        bool away =
            next[customer] == EMP_NO_DAY || next[customer] >= day->cutoff.from + label->horizon;
        sample->label[rows->count] = away;
        rows->customer[rows->count++] = customer;
    }
    day->count = rows->count - day->first;
    return status;
}

static emp_status label_by_history(const struct emp_analysis_input *input,
                                   struct emp_logistic_sample *sample, emp_error *error)
{
    const struct emp_logistic_params *params = input->section;
    const struct emp_label_rule *label = &params->label;
    size_t capacity = 0, labels = 0;
    emp_status status = new_days(input, cutoff_count(label), &sample->rows, error);
    for (size_t i = 0; i < cutoff_count(label) && status == EMP_OK; i++) {
        struct emp_logistic_day *day = &sample->rows.days[i];
        day->cutoff.cut = (int32_t)cutoff_at(label, input->customers->end, i);
        day->cutoff.from = day->cutoff.cut + (int32_t)label->gap;
        status = list_past(sample, &capacity, &labels, day, error);
    }
    return status;
}

/* --- Labels of a column --- */

static emp_status label_by_column(const struct emp_analysis_input *input,
                                  struct emp_logistic_sample *sample, emp_error *error)
{
    const struct emp_logistic_params *params = input->section;
    const struct emp_category *column =
        emp__attributes_category(input->attributes, params->label.column.name);
    struct emp_logistic_rows *rows = &sample->rows;
    uint32_t positive = emp__category_level(column, params->label.positive);
    size_t count = 0;
    emp_status status = emp__logistic_rows_present(input, rows, error);
    if (status == EMP_OK)
        status = emp__new_array(&sample->label, rows->count, sizeof *sample->label, error);
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++) {
        uint32_t level = column->codes[rows->customer[i]];
        if (level == EMP_NO_LEVEL)
            continue;
        sample->label[count] = level == positive;
        rows->customer[count++] = rows->customer[i];
    }
    if (status != EMP_OK)
        return status;
    sample->unknown = rows->count - count;
    rows->count = rows->days[0].count = count;
    if (positive == EMP_NO_LEVEL && count > 0)
        return emp__fail_at(error, EMP_ERR_DATA, params->label.place,
                            "no customer has '%s' in the column '%s'", params->label.positive,
                            params->label.column.name);
    return EMP_OK;
}

/* --- Weights and offsets --- */

static const double *numbers(const struct emp_analysis_input *input,
                             const struct emp_column_ref *column)
{
    if (!column->name)
        return NULL;
    return input->attributes->values[emp__attributes_find(input->attributes, column->name)];
}

const double *emp__logistic_offsets(const struct emp_logistic_rows *rows)
{
    return numbers(rows->input, &rows->params->offset);
}

static emp_status take_offsets(struct emp_logistic_sample *sample, emp_error *error)
{
    const struct emp_logistic_rows *rows = &sample->rows;
    const double *offset = emp__logistic_offsets(rows);
    if (!offset)
        return EMP_OK;
    emp_status status = emp__new_array(&sample->offset, rows->count, sizeof(double), error);
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++) {
        double value = offset[rows->customer[i]];
        sample->offset[i] = isnan(value) ? 0.0 : value;
    }
    return status;
}

/* The weights of the two classes, [0] of label 0. */
static void weigh_classes(const struct emp_logistic_sample *sample, double out[2])
{
    const struct emp_class_weight *rule = &sample->rows.params->class_weight;
    double events = (double)sample->events, all = (double)sample->rows.count;
    out[0] = rule->negative;
    out[1] = rule->positive;
    if (rule->how != EMP_CLASSES_BALANCED || events == 0.0 || events == all)
        return;
    out[0] = all / (2.0 * (all - events));
    out[1] = all / (2.0 * events);
}

static emp_status refuse_weight(const struct emp_logistic_sample *sample, size_t row, double weight,
                                emp_error *error)
{
    char id[EMP_ID_MAX + 1];
    const struct emp_logistic_params *params = sample->rows.params;
    return emp__fail_at(error, EMP_ERR_DATA, params->weight.place,
                        "customer %s has the weight %g in '%s'; weights are from 0 to 1e40",
                        emp__logistic_row_id(&sample->rows, row, id), weight, params->weight.name);
}

static emp_status take_weights(struct emp_logistic_sample *sample, emp_error *error)
{
    const struct emp_logistic_rows *rows = &sample->rows;
    const double *weight = numbers(rows->input, &rows->params->weight);
    double of_class[2];
    weigh_classes(sample, of_class);
    if (!weight && of_class[0] == 1.0 && of_class[1] == 1.0)
        return EMP_OK;
    emp_status status = emp__new_array(&sample->weight, rows->count, sizeof(double), error);
    for (size_t i = 0; i < rows->count && status == EMP_OK; i++) {
        double value = weight ? weight[rows->customer[i]] : 1.0;
        if (value < 0.0 || value > 1e40)
            return refuse_weight(sample, i, value, error);
        sample->weight[i] = isnan(value) ? 0.0 : value * of_class[sample->label[i]];
    }
    return status;
}

/* --- Putting it together --- */

emp_status emp__logistic_sample(const struct emp_analysis_input *input,
                                struct emp_logistic_sample *out, emp_error *error)
{
    const struct emp_logistic_params *params = input->section;
    bool history = params->label.source == EMP_LABEL_HISTORY;
    *out = (struct emp_logistic_sample){.rows.count = 0};
    emp_status status =
        history ? label_by_history(input, out, error) : label_by_column(input, out, error);
    for (size_t i = 0; i < out->rows.count && status == EMP_OK; i++)
        out->events += out->label[i];
    if (status == EMP_OK)
        status = take_offsets(out, error);
    if (status == EMP_OK)
        status = take_weights(out, error);
    return status == EMP_OK ? emp__logistic_folds(out, error) : status;
}

void emp__logistic_sample_free(struct emp_logistic_sample *sample)
{
    emp__logistic_rows_free(&sample->rows);
    free(sample->label);
    free(sample->weight);
    free(sample->offset);
    free(sample->fold);
    free(sample->member);
    *sample = (struct emp_logistic_sample){.rows.count = 0};
}
