// SPDX-License-Identifier: Apache-2.0
/*
 * The sample in numbers: for each cut-off who is in it, who is not, and the proof that nothing of
 * the time after it was seen.
 */
#include <stdlib.h>

#include "analysis/logistic_tables.h"
#include "base/memory.h"
#include "sink/table_fields.h"

struct panel_row {
    int32_t cutoff, from, until;
    uint64_t customers, events, left_out, later;
    int32_t last_seen, first_label;
};

static const struct emp_table_field fields[] = {
    {"cutoff", EMP_FIELD_DATE, offsetof(struct panel_row, cutoff)},
    {"outcome_from", EMP_FIELD_DATE, offsetof(struct panel_row, from)},
    {"outcome_until", EMP_FIELD_DATE, offsetof(struct panel_row, until)},
    {"customers", EMP_FIELD_COUNT, offsetof(struct panel_row, customers)},
    {"events", EMP_FIELD_COUNT, offsetof(struct panel_row, events)},
    {"left_out", EMP_FIELD_COUNT, offsetof(struct panel_row, left_out)},
    {"not_there_yet", EMP_FIELD_COUNT, offsetof(struct panel_row, later)},
    {"last_event_of_features", EMP_FIELD_DATE, offsetof(struct panel_row, last_seen)},
    {"first_event_of_labels", EMP_FIELD_DATE, offsetof(struct panel_row, first_label)},
    {.name = NULL},
};

static struct panel_row describe(const struct emp_logistic_sample *sample,
                                 const struct emp_logistic_day *day)
{
    const struct emp_logistic_rows *rows = &sample->rows;
    const struct emp_customers *customers = rows->input->customers;
    struct panel_row row = {
        .cutoff = EMP_NO_DAY,
        .from = EMP_NO_DAY,
        .until = EMP_NO_DAY,
        .customers = day->count,
        .last_seen = EMP_NO_DAY,
        .first_label = EMP_NO_DAY,
    };
    for (size_t i = day->first; i < day->first + day->count; i++)
        row.events += sample->label[i];
    row.left_out = customers->ids.count - day->count;
    if (rows->params->label.source != EMP_LABEL_HISTORY)
        return row;
    size_t cutoff = emp__customers_cutoff(customers, day->cutoff.cut, day->cutoff.from);
    const struct emp_past_totals *totals = &customers->past[cutoff].totals;
    row.cutoff = day->cutoff.cut;
    row.from = day->cutoff.from;
    row.until = (int32_t)(day->cutoff.from + rows->params->label.horizon - 1);
    row.later = totals->later;
    row.left_out -= totals->later;
    row.last_seen = totals->last_day;
    row.first_label = totals->first_after;
    return row;
}

emp_status emp__logistic_panel_table(const struct emp_logistic_work *work,
                                     struct emp_result *result, emp_error *error)
{
    const struct emp_logistic_rows *rows = &work->sample.rows;
    struct emp_table *table = NULL;
    struct panel_row *items = NULL;
    emp_status status = emp__new_array(&items, rows->day_count, sizeof *items, error);
    for (size_t d = 0; d < rows->day_count && status == EMP_OK; d++)
        items[d] = describe(&work->sample, &rows->days[d]);
    if (status == EMP_OK)
        status = emp__result_add_table(result, work->kind->sample, rows->day_count, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_fields(table, fields,
                                       (struct emp_table_items){items, sizeof *items}, error);
    free(items);
    return status;
}
