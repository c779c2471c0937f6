// SPDX-License-Identifier: Apache-2.0
/*
 * RFM (Hughes 1994): how recently, how often and for how much a customer bought, each as a score,
 * and a name for the cell of scores.
 *
 *   recency_days = days from the last purchase to the analysis date
 *   frequency    = number of purchases (orders, days or rows: `merge`)
 *   monetary     = sum, or mean, of what the purchases were worth (`returns` says about refunds)
 *
 * Scores count upward from 1 and a higher one is better. A customer who has returns but no purchase
 * has no recency, hence no scores, and belongs to "No purchase".
 */
#include "analysis/rfm.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/rfm_params.h"
#include "analysis/rfm_rules.h"
#include "analysis/rfm_scores.h"
#include "analysis/rfm_tables.h"
#include "base/error.h"
#include "base/memory.h"
#include "number/ratio.h"
#include "text/number_format.h"

/* The codes of cells and segments for each customer, on the way to the customers table. */
struct coding {
    const struct emp_rfm_scores *scores;
    size_t cells;          /* possible ones */
    uint16_t *cell_label;  /* of each possible cell; EMP_NO_LABEL: nobody is in it */
    uint32_t *cell_of;     /* of each label: the cell */
    size_t labels;
    uint16_t *segment;     /* of each customer */
    const char **names;    /* of the segments: the rules', then the two below */
    size_t segments;
};

enum { EXTRA_SEGMENTS = 2 };

/* The number of a cell among all possible ones: ((r - 1) F + f - 1) M + m - 1. */
static uint32_t cell_number(const struct emp_rfm_scores *scores, size_t customer)
{
    uint32_t cell = 0;
    for (int m = 0; m < EMP_MEASURES; m++)
        cell = cell * (uint32_t)emp__rfm_scores(scores->params, m) + scores->score[m][customer] - 1;
    return cell;
}

static void cell_scores(const struct emp_rfm_scores *scores, uint32_t cell,
                        int out[EMP_MEASURES])
{
    for (int m = EMP_MEASURES - 1; m >= 0; m--) {
        uint32_t bins = (uint32_t)emp__rfm_scores(scores->params, m);
        out[m] = 1 + (int)(cell % bins);
        cell /= bins;
    }
}

static bool has_scores(const struct emp_rfm_scores *scores, size_t customer)
{
    return scores->score[EMP_RECENCY][customer] != 0;
}

static emp_status name_segments(struct coding *coding, emp_error *error)
{
    const struct emp_rfm_params *params = coding->scores->params;
    size_t rules = emp__rfm_segment_count(params);
    coding->segments = rules + EXTRA_SEGMENTS;
    emp_status status =
        emp__new_array(&coding->names, coding->segments, sizeof *coding->names, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < rules; i++)
        coding->names[i] = emp__rfm_segment_name(params, i);
    coding->names[rules] = "Unassigned";
    coding->names[rules + 1] = "No purchase";
    return EMP_OK;
}

/* Which cells are used, in order of cell, and each customer's segment. */
static emp_status assign(struct coding *coding, emp_error *error)
{
    const struct emp_rfm_scores *scores = coding->scores;
    size_t n = scores->input->customers->ids.count;
    size_t rules = coding->segments - EXTRA_SEGMENTS;
    uint16_t *segment_of_cell = NULL;
    coding->cells = 1;
    for (int m = 0; m < EMP_MEASURES; m++)
        coding->cells *= (size_t)emp__rfm_scores(scores->params, m);
    emp_status status =
        emp__new_array(&coding->cell_label, coding->cells, sizeof *coding->cell_label, error);
    if (status == EMP_OK)
        status = emp__new_array(&coding->cell_of, coding->cells, sizeof *coding->cell_of, error);
    if (status == EMP_OK)
        status = emp__new_array(&coding->segment, n, sizeof *coding->segment, error);
    if (status == EMP_OK)
        status = emp__new_array(&segment_of_cell, coding->cells, sizeof *segment_of_cell, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < n; i++)
        if (has_scores(scores, i))
            coding->cell_label[cell_number(scores, i)] = 1;
    for (size_t cell = 0; cell < coding->cells; cell++) {
        if (coding->cell_label[cell] == 0)
            continue;
        int values[EMP_MEASURES];
        cell_scores(scores, (uint32_t)cell, values);
        int rule = emp__rfm_segment(scores->params, values);
        segment_of_cell[cell] = (uint16_t)(rule < 0 ? rules : (size_t)rule);
        coding->cell_label[cell] = (uint16_t)coding->labels;
        coding->cell_of[coding->labels++] = (uint32_t)cell;
    }
    for (size_t i = 0; i < n; i++)
        coding->segment[i] = has_scores(scores, i) ? segment_of_cell[cell_number(scores, i)]
                                                   : (uint16_t)(rules + 1);
    free(segment_of_cell);
    return EMP_OK;
}

static void free_coding(struct coding *coding)
{
    free(coding->cell_label);
    free(coding->cell_of);
    free(coding->segment);
    free(coding->names);
}

static emp_status add_days(const struct emp_rfm_scores *scores, struct emp_table *table,
                           emp_error *error)
{
    const struct emp_column first = {
        .name = "first_purchase", .type = EMP_COLUMN_DATE, .storage = EMP_STORE_I32};
    const struct emp_column last = {
        .name = "last_purchase", .type = EMP_COLUMN_DATE, .storage = EMP_STORE_I32};
    const struct emp_column recency = {
        .name = "recency_days", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I32};
    int32_t *first_day, *last_day, *days;
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
    const uint64_t unit = (uint64_t)emp__power_of_ten(decimals);
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
    int64_t *frequency;
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
    const struct emp_column amount_column = {
        .name = "return_amount",
        .type = EMP_COLUMN_DECIMAL,
        .storage = EMP_STORE_I64,
        .decimals = (int)scores->input->input->amount_decimals};
    int64_t *rows, *amount;
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
    char texts[EMP_BINS_MAX][4];
    const char *labels[EMP_BINS_MAX];
    for (int i = 0; i < EMP_BINS_MAX; i++) {
        snprintf(texts[i], sizeof texts[i], "%d", i + 1);
        labels[i] = texts[i];
    }
    uint16_t *codes;
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
    cell_scores(scores, cell, values);
    snprintf(out, 16, long_scores ? "%d-%d-%d" : "%d%d%d", values[0], values[1], values[2]);
}

/* The weighted mean of the three scores. */
static void cell_mean(const struct emp_rfm_scores *scores, uint32_t cell, char out[32])
{
    const double *weights = scores->params->weights;
    int values[EMP_MEASURES];
    cell_scores(scores, cell, values);
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
static emp_status add_cell_column(const struct coding *coding, bool mean, struct emp_table *table,
                                  emp_error *error)
{
    const struct emp_column cell_column = {
        .name = "rfm_cell", .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    const struct emp_column mean_column = {
        .name = "rfm_score", .type = EMP_COLUMN_REAL, .storage = EMP_STORE_LABEL};
    const struct emp_rfm_scores *scores = coding->scores;
    struct label_text *texts = NULL;
    const char **labels = NULL;
    uint16_t *codes;
    emp_status status = emp__new_array(&texts, coding->labels, sizeof *texts, error);
    if (status == EMP_OK)
        status = emp__new_array(&labels, coding->labels, sizeof *labels, error);
    if (status == EMP_OK)
        status = emp__table_add(table, mean ? mean_column : cell_column, &codes, error);
    for (size_t i = 0; i < coding->labels && status == EMP_OK; i++) {
        if (mean)
            cell_mean(scores, coding->cell_of[i], texts[i].text);
        else
            cell_text(scores, coding->cell_of[i], texts[i].text);
        labels[i] = texts[i].text;
    }
    if (status == EMP_OK)
        status = emp__table_labels(table, labels, coding->labels, error);
    for (size_t i = 0; i < table->rows && status == EMP_OK; i++)
        codes[i] = has_scores(scores, i) ? coding->cell_label[cell_number(scores, i)]
                                         : EMP_NO_LABEL;
    free(labels);
    free(texts);
    return status;
}

static emp_status add_segment(const struct coding *coding, struct emp_table *table,
                              emp_error *error)
{
    const struct emp_column column = {
        .name = "rfm_segment", .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    uint16_t *codes;
    emp_status status = emp__table_add(table, column, &codes, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, coding->names, coding->segments, error);
    if (status == EMP_OK && table->rows > 0)
        memcpy(codes, coding->segment, table->rows * sizeof *codes);
    return status;
}

static emp_status fill_customers(const struct coding *coding, struct emp_table *table,
                                 emp_error *error)
{
    const struct emp_rfm_scores *scores = coding->scores;
    emp_status status = add_days(scores, table, error);
    if (status == EMP_OK)
        status = add_frequency(scores, table, error);
    if (status == EMP_OK)
        status = add_money(scores, table, error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++)
        status = add_score(scores, m, table, error);
    if (status == EMP_OK)
        status = add_cell_column(coding, false, table, error);
    if (status == EMP_OK)
        status = add_cell_column(coding, true, table, error);
    if (status == EMP_OK)
        status = add_segment(coding, table, error);
    if (status == EMP_OK && scores->input->input->returns == EMP_RETURNS_SEPARATE)
        status = add_returns(scores, table, error);
    return status;
}

/* Ties that left scores empty are said, never mended silently. */
static emp_status warn_of_empty_bins(const struct emp_rfm_scores *scores,
                                     struct emp_result *result, emp_error *error)
{
    emp_status status = EMP_OK;
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++) {
        size_t bins = (size_t)emp__rfm_scores(scores->params, m), empty = 0, all = 0;
        for (size_t i = 0; i < scores->bin_count; i++) {
            all += scores->bins[i].measure == m;
            empty += scores->bins[i].measure == m && scores->bins[i].customers == 0;
        }
        if (empty == 0)
            continue;
        if (all == bins)
            status = emp__result_warn(result, error,
                                      "%s: %zu of %zu scores are used, since equal values have "
                                      "equal scores (see rfm_cuts)",
                                      emp__measure_names[m], bins - empty, bins);
        else
            status = emp__result_warn(result, error,
                                      "%s: %zu of %zu nested bins are empty, for ties or lack of "
                                      "customers (see rfm_cuts)",
                                      emp__measure_names[m], empty, all);
    }
    return status;
}

static emp_status warn(const struct emp_rfm_scores *scores, struct emp_result *result,
                       emp_error *error)
{
    size_t n = scores->input->customers->ids.count;
    emp_status status = EMP_OK;
    if (scores->params->method != EMP_RFM_THRESHOLDS)
        status = warn_of_empty_bins(scores, result, error);
    if (status == EMP_OK && scores->buyers < n)
        status = emp__result_warn(result, error,
                                  "%zu of %zu customers have returns but no purchase, and so no "
                                  "scores",
                                  n - scores->buyers, n);
    return status;
}

static emp_status run(const struct emp_analysis_input *input, struct emp_result *result,
                      emp_error *error)
{
    struct emp_rfm_scores scores;
    struct coding coding = {.scores = &scores};
    emp_status status = emp__rfm_score(input, &scores, error);
    if (status == EMP_OK)
        status = name_segments(&coding, error);
    if (status == EMP_OK)
        status = assign(&coding, error);
    if (status == EMP_OK)
        status = fill_customers(&coding, emp__result_customers(result), error);
    if (status == EMP_OK)
        status = emp__rfm_cuts_table(&scores, result, error);
    if (status == EMP_OK)
        status = emp__rfm_segments_table(&scores, coding.segment, coding.names, coding.segments,
                                         result, error);
    if (status == EMP_OK)
        status = warn(&scores, result, error);
    free_coding(&coding);
    emp__rfm_scores_free(&scores);
    return status;
}

static struct emp_needs needs(const void *section)
{
    const struct emp_rfm_params *params = section;
    enum emp_merge merge = (enum emp_merge)params->merge;
    return (struct emp_needs){.events = emp__merge_needs_events(merge),
                              .orders = merge == EMP_MERGE_ORDER};
}

static emp_status explain(const void *section, struct emp_buffer *out, emp_error *error)
{
    return emp__rfm_explain_segments(section, out, error);
}

const struct emp_analysis emp__rfm_analysis = {
    .schema = &emp__rfm_schema,
    .settle = emp__rfm_settle,
    .needs = needs,
    .explain = explain,
    .run = run,
};
