// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm_columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/rfm_rules.h"
#include "base/memory.h"
#include "number/ratio.h"
#include "text/number_format.h"
#include "text/powers.h"

static emp_status add_days(const struct emp_rfm_scores *scores, struct emp_table *table,
                           emp_error *error)
{
    const struct emp_column first = {
        .name = "first_purchase", .type = EMP_COLUMN_DATE, .storage = EMP_STORE_I32};
    const struct emp_column last = {
        .name = "last_purchase", .type = EMP_COLUMN_DATE, .storage = EMP_STORE_I32};
    const struct emp_column recency = {
        .name = "recency_days", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I32};
    int32_t *first_day = NULL, *last_day = NULL, *days = NULL;
    emp_status status = emp__table_add(table, first, &first_day, error);
    if (status == EMP_OK)
        status = emp__table_add(table, last, &last_day, error);
    if (status == EMP_OK)
        status = emp__table_add(table, recency, &days, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++) {
        const struct emp_summary *summary = &scores->summary[i];
        first_day[i] = summary->first_day;
        last_day[i] = summary->last_day;
        days[i] = summary->purchases ? scores->input->analysis_day - summary->last_day : INT32_MIN;
    }
    return status;
}

static emp_status add_money(const struct emp_rfm_scores *scores, struct emp_table *table,
                            emp_error *error)
{
    int decimals = (int)scores->input->input->amount_decimals;
    bool mean = scores->params->monetary == EMP_MONETARY_MEAN;
    const struct emp_column sum_column = {.name = "monetary",
                                          .type = EMP_COLUMN_DECIMAL,
                                          .storage = EMP_STORE_I64,
                                          .decimals = decimals};
    const struct emp_column mean_column = {
        .name = "monetary", .type = EMP_COLUMN_REAL, .storage = EMP_STORE_F64};
    const uint64_t unit = emp__power_of_ten[decimals];
    int64_t *sums = NULL;
    double *means = NULL;
    emp_status status = mean ? emp__table_add(table, mean_column, &means, error)
                             : emp__table_add(table, sum_column, &sums, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++) {
        int64_t revenue = emp__rfm_revenue(scores, i);
        uint32_t purchases = scores->summary[i].purchases;
        if (mean)
            means[i] = purchases ? emp__ratio(revenue, purchases * unit) : (double)NAN;
        else
            sums[i] = revenue;
    }
    return status;
}

static emp_status add_frequency(const struct emp_rfm_scores *scores, struct emp_table *table,
                                emp_error *error)
{
    const struct emp_column column = {
        .name = "frequency", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I64};
    int64_t *frequency = NULL;
    emp_status status = emp__table_add(table, column, &frequency, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        frequency[i] = scores->summary[i].purchases;
    return status;
}

/* The columns of returns, for returns: separate. */
static emp_status add_returns(const struct emp_rfm_scores *scores, struct emp_table *table,
                              emp_error *error)
{
    const struct emp_column rows_column = {
        .name = "return_rows", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I64};
    const struct emp_column amount_column = {.name = "return_amount",
                                             .type = EMP_COLUMN_DECIMAL,
                                             .storage = EMP_STORE_I64,
                                             .decimals =
                                                 (int)scores->input->input->amount_decimals};
    int64_t *rows = NULL, *amount = NULL;
    emp_status status = emp__table_add(table, rows_column, &rows, error);
    if (status == EMP_OK)
        status = emp__table_add(table, amount_column, &amount, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++) {
        rows[i] = scores->summary[i].return_rows;
        amount[i] = scores->summary[i].returned;
    }
    return status;
}

static emp_status add_score(const struct emp_rfm_scores *scores, int m, struct emp_table *table,
                            emp_error *error)
{
    static const char *const names[] = {"r_score", "f_score", "m_score"};
    const struct emp_column column = {
        .name = names[m], .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_LABEL};
    char texts[EMP_BINS_MAX][12];
    const char *labels[EMP_BINS_MAX];
    for (int i = 0; i < EMP_BINS_MAX; i++) {
        snprintf(texts[i], sizeof texts[i], "%d", i + 1);
        labels[i] = texts[i];
    }
    uint16_t *codes = NULL;
    emp_status status = emp__table_add(table, column, &codes, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, labels, EMP_BINS_MAX, error);
    /* No score (0) becomes EMP_NO_LABEL by wrapping round. */
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        codes[i] = (uint16_t)(scores->score[m][i] - 1);
    return status;
}

/* "5-4-5" where a score can have two digits, else "545". */
static void cell_text(const struct emp_rfm_scores *scores, uint32_t cell, char out[16])
{
    int values[EMP_MEASURES];
    bool long_scores = false;
    for (int m = 0; m < EMP_MEASURES; m++)
        long_scores = long_scores || emp__rfm_scores(scores->params, m) > 9;
    emp__rfm_cell_scores(scores, cell, values);
    snprintf(out, 16, long_scores ? "%d-%d-%d" : "%d%d%d", values[0], values[1], values[2]);
}

/* The weighted mean of the three scores. */
static void cell_mean(const struct emp_rfm_scores *scores, uint32_t cell, char out[32])
{
    const double *weights = scores->params->weights;
    int values[EMP_MEASURES];
    emp__rfm_cell_scores(scores, cell, values);
    double sum = 0, weight = 0;
    for (int m = 0; m < EMP_MEASURES; m++) {
        sum += weights[m] * values[m];
        weight += weights[m];
    }
    emp__format_double(sum / weight, out);
}

struct label_text {
    char text[32];
};

/* A column whose value is a function of the cell. */
static emp_status add_cell_column(const struct emp_rfm_scores *scores,
                                  const struct emp_rfm_cells *cells, bool mean,
                                  struct emp_table *table, emp_error *error)
{
    const struct emp_column cell_column = {
        .name = "rfm_cell", .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    const struct emp_column mean_column = {
        .name = "rfm_score", .type = EMP_COLUMN_REAL, .storage = EMP_STORE_LABEL};
    struct label_text *texts = NULL;
    const char **labels = NULL;
    uint16_t *codes = NULL;
    emp_status status = emp__new_array(&texts, cells->labels, sizeof *texts, error);
    if (status == EMP_OK)
        status = emp__new_array(&labels, cells->labels, sizeof *labels, error);
    if (status == EMP_OK)
        status = emp__table_add(table, mean ? mean_column : cell_column, &codes, error);
    for (size_t i = 0; i < cells->labels && status == EMP_OK; i++) {
        if (mean)
            cell_mean(scores, cells->cell_of[i], texts[i].text);
        else
            cell_text(scores, cells->cell_of[i], texts[i].text);
        labels[i] = texts[i].text;
    }
    if (status == EMP_OK)
        status = emp__table_labels(table, labels, cells->labels, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        codes[i] =
            emp__rfm_has_scores(scores, i) ? cells->label[emp__rfm_cell(scores, i)] : EMP_NO_LABEL;
    free(labels);
    free(texts);
    return status;
}

static emp_status add_segment(const struct emp_rfm_cells *cells, struct emp_table *table,
                              emp_error *error)
{
    const struct emp_column column = {
        .name = "rfm_segment", .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    uint16_t *codes = NULL;
    emp_status status = emp__table_add(table, column, &codes, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, cells->names, cells->segments, error);
    if (status == EMP_OK && table->rows > 0)
        memcpy(codes, cells->segment, table->rows * sizeof *codes);
    return status;
}

emp_status emp__rfm_columns(const struct emp_rfm_scores *scores, const struct emp_rfm_cells *cells,
                            struct emp_table *table, emp_error *error)
{
    emp_status status = add_days(scores, table, error);
    if (status == EMP_OK)
        status = add_frequency(scores, table, error);
    if (status == EMP_OK)
        status = add_money(scores, table, error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++)
        status = add_score(scores, m, table, error);
    if (status == EMP_OK)
        status = add_cell_column(scores, cells, false, table, error);
    if (status == EMP_OK)
        status = add_cell_column(scores, cells, true, table, error);
    if (status == EMP_OK)
        status = add_segment(cells, table, error);
    if (status == EMP_OK && scores->input->input->returns == EMP_RETURNS_SEPARATE)
        status = add_returns(scores, table, error);
    return status;
}
