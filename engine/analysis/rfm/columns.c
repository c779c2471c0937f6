// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/rfm/rules.h"
#include "base/memory.h"
#include "text/number_format.h"

/* Each of these fills in the values of some rows; the source is a struct emp_rfm_measures. */

static void first_days(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    int32_t *days = out;
    for (size_t i = 0; i < count; i++)
        days[i] = measures->view.purchases.summary[rows[i]].first_day;
}

static void last_days(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    int32_t *days = out;
    for (size_t i = 0; i < count; i++)
        days[i] = measures->view.purchases.summary[rows[i]].last_day;
}

static void recencies(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    int32_t *days = out;
    for (size_t i = 0; i < count; i++) {
        bool bought = emp__is_buyer(&measures->view, rows[i]);
        days[i] = bought ? (int32_t)emp__recency(&measures->view, rows[i]) : INT32_MIN;
    }
}

static void frequencies(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    int64_t *purchases = out;
    for (size_t i = 0; i < count; i++)
        purchases[i] = emp__purchase_count(&measures->view.purchases, rows[i]);
}

static void sums(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    int64_t *minor = out;
    for (size_t i = 0; i < count; i++)
        minor[i] = emp__revenue(&measures->view, rows[i]);
}

static void means(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    double *mean = out;
    for (size_t i = 0; i < count; i++)
        mean[i] = emp__mean_purchase(&measures->view, rows[i]);
}

static void return_rows(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    int64_t *returns = out;
    for (size_t i = 0; i < count; i++)
        returns[i] = measures->view.purchases.summary[rows[i]].return_rows;
}

static void return_amounts(const void *source, const uint32_t *rows, size_t count, void *out)
{
    const struct emp_rfm_measures *measures = source;
    int64_t *minor = out;
    for (size_t i = 0; i < count; i++)
        minor[i] = measures->view.purchases.summary[rows[i]].returned;
}

static const struct emp_column measure_columns[] = {
    {.name = "first_purchase",
     .type = EMP_COLUMN_DATE,
     .storage = EMP_STORE_I32,
     .compute = first_days},
    {.name = "last_purchase",
     .type = EMP_COLUMN_DATE,
     .storage = EMP_STORE_I32,
     .compute = last_days},
    {.name = "recency_days",
     .type = EMP_COLUMN_INTEGER,
     .storage = EMP_STORE_I32,
     .compute = recencies},
    {.name = "frequency",
     .type = EMP_COLUMN_INTEGER,
     .storage = EMP_STORE_I64,
     .compute = frequencies},
};
static const struct emp_column sum_column = {
    .name = "monetary", .type = EMP_COLUMN_DECIMAL, .storage = EMP_STORE_I64, .compute = sums};
static const struct emp_column mean_column = {
    .name = "monetary", .type = EMP_COLUMN_REAL, .storage = EMP_STORE_F64, .compute = means};
/* For returns: separate. */
static const struct emp_column return_columns[] = {
    {.name = "return_rows",
     .type = EMP_COLUMN_INTEGER,
     .storage = EMP_STORE_I64,
     .compute = return_rows},
    {.name = "return_amount",
     .type = EMP_COLUMN_DECIMAL,
     .storage = EMP_STORE_I64,
     .compute = return_amounts},
};

/* Columns over the measures, which belong to the table already. */
static emp_status add_computed(const struct emp_rfm_scores *scores,
                               const struct emp_rfm_measures *source,
                               const struct emp_column *columns, size_t count,
                               struct emp_table *table, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        struct emp_column column = columns[i];
        column.source = source;
        if (column.type == EMP_COLUMN_DECIMAL)
            column.decimals = (int)scores->input->input->amount_decimals;
        status = emp__table_add(table, column, NULL, error);
    }
    return status;
}

struct label_text {
    char text[32];
};

/* The text of a cell in a column; `m` is the measure, where there is one for each. */
typedef void cell_print(const struct emp_rfm_params *params, const int values[EMP_MEASURES], int m,
                        struct label_text *out);

static void print_score(const struct emp_rfm_params *params, const int values[EMP_MEASURES], int m,
                        struct label_text *out)
{
    (void)params;
    snprintf(out->text, sizeof out->text, "%d", values[m]);
}

/* "5-4-5" where a score can have two digits, else "545". */
static void print_cell(const struct emp_rfm_params *params, const int values[EMP_MEASURES], int m,
                       struct label_text *out)
{
    bool long_scores = false;
    for (m = 0; m < EMP_MEASURES; m++)
        long_scores = long_scores || emp__rfm_scores(params, m) > 9;
    snprintf(out->text, sizeof out->text, long_scores ? "%d-%d-%d" : "%d%d%d", values[0], values[1],
             values[2]);
}

/* The weighted mean of the three scores. */
static void print_mean(const struct emp_rfm_params *params, const int values[EMP_MEASURES], int m,
                       struct label_text *out)
{
    double sum = 0, weight = 0;
    for (m = 0; m < EMP_MEASURES; m++) {
        sum += params->weights[m] * values[m];
        weight += params->weights[m];
    }
    emp__format_double(sum / weight, out->text);
}

static const struct cell_column {
    const char *name;
    emp_column_type type;
    int measure;
    cell_print *print;
} cell_columns[] = {
    {"r_score", EMP_COLUMN_INTEGER, EMP_RECENCY, print_score},
    {"f_score", EMP_COLUMN_INTEGER, EMP_FREQUENCY, print_score},
    {"m_score", EMP_COLUMN_INTEGER, EMP_MONETARY, print_score},
    {"rfm_cell", EMP_COLUMN_TEXT, 0, print_cell},
    {"rfm_score", EMP_COLUMN_REAL, 0, print_mean},
};

/* A column whose value is a function of the cell; without a cell there is none. */
static emp_status add_cell_column(const struct emp_rfm_scores *scores,
                                  const struct emp_rfm_cells *cells,
                                  const struct cell_column *template, struct emp_table *table,
                                  emp_error *error)
{
    const struct emp_column column = {
        .name = template->name, .type = template->type, .storage = EMP_STORE_LABEL};
    struct label_text *texts = NULL;
    const char **labels = NULL;
    emp_status status = emp__new_array(&texts, cells->used, sizeof *texts, error);
    if (status == EMP_OK)
        status = emp__new_array(&labels, cells->codes, sizeof *labels, error);
    if (status == EMP_OK)
        status = emp__table_share(table, column, cells->code, error);
    for (size_t i = 0; i < cells->used && status == EMP_OK; i++) {
        int values[EMP_MEASURES];
        emp__rfm_cell_scores(scores, cells->cell_of[i], values);
        template->print(scores->params, values, template->measure, &texts[i]);
        labels[i] = texts[i].text;
    }
    if (status == EMP_OK)
        status = emp__table_labels(table, labels, cells->codes, error);
    free(labels);
    free(texts);
    return status;
}

static emp_status add_segment(const struct emp_rfm_cells *cells, struct emp_table *table,
                              emp_error *error)
{
    const struct emp_column column = {
        .name = "rfm_segment", .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    const char **labels = NULL;
    emp_status status = emp__new_array(&labels, cells->codes, sizeof *labels, error);
    for (size_t i = 0; i < cells->codes && status == EMP_OK; i++)
        labels[i] = cells->names[cells->segment_of[i]];
    if (status == EMP_OK)
        status = emp__table_share(table, column, cells->code, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, labels, cells->codes, error);
    free(labels);
    return status;
}

/* The measures as something that the table owns. */
static emp_status keep_measures(const struct emp_rfm_scores *scores, struct emp_table *table,
                                const struct emp_rfm_measures **out, emp_error *error)
{
    struct emp_rfm_measures *kept = NULL;
    emp_status status = emp__new_array(&kept, 1, sizeof *kept, error);
    if (status != EMP_OK)
        return status;
    *kept = scores->measures;
    status = emp__table_keep(table, kept, error);
    if (status != EMP_OK)
        free(kept);
    *out = kept;
    return status;
}

/* So are the codes. */
static emp_status keep_codes(struct emp_rfm_cells *cells, struct emp_table *table, emp_error *error)
{
    emp_status status = emp__table_keep(table, cells->code, error);
    cells->given_away = status == EMP_OK;
    return status;
}

emp_status emp__rfm_columns(const struct emp_rfm_scores *scores, struct emp_rfm_cells *cells,
                            struct emp_table *table, emp_error *error)
{
    enum { MEASURE_COLUMNS = sizeof measure_columns / sizeof *measure_columns };
    enum { CELL_COLUMNS = sizeof cell_columns / sizeof *cell_columns };
    enum { RETURN_COLUMNS = sizeof return_columns / sizeof *return_columns };
    bool mean = scores->params->monetary == EMP_MONETARY_MEAN;
    const struct emp_rfm_measures *source = NULL;
    emp_status status = keep_measures(scores, table, &source, error);
    if (status == EMP_OK)
        status = keep_codes(cells, table, error);
    if (status == EMP_OK)
        status = add_computed(scores, source, measure_columns, MEASURE_COLUMNS, table, error);
    if (status == EMP_OK)
        status = add_computed(scores, source, mean ? &mean_column : &sum_column, 1, table, error);
    for (size_t i = 0; i < CELL_COLUMNS && status == EMP_OK; i++)
        status = add_cell_column(scores, cells, &cell_columns[i], table, error);
    if (status == EMP_OK)
        status = add_segment(cells, table, error);
    if (status == EMP_OK && scores->input->input->returns == EMP_RETURNS_SEPARATE)
        status = add_computed(scores, source, return_columns, RETURN_COLUMNS, table, error);
    return status;
}
