// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm_tables.h"

#include <math.h>

#include "base/error.h"
#include "base/memory.h"
#include "number/ratio.h"
#include "text/powers.h"

/* Adds a column of integers (storage I64) or reals (F64) and fills it by `cell`. */
static emp_status add_integers(struct emp_table *table, const char *name, int64_t **out,
                               emp_error *error)
{
    struct emp_column column = {.name = name, .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I64};
    return emp__table_add(table, column, out, error);
}

static emp_status add_reals(struct emp_table *table, const char *name, double **out,
                            emp_error *error)
{
    struct emp_column column = {.name = name, .type = EMP_COLUMN_REAL, .storage = EMP_STORE_F64};
    return emp__table_add(table, column, out, error);
}

static emp_status add_labels(struct emp_table *table, const char *name, uint16_t **out,
                             emp_error *error)
{
    struct emp_column column = {.name = name, .type = EMP_COLUMN_TEXT, .storage = EMP_STORE_LABEL};
    return emp__table_add(table, column, out, error);
}

struct cut_columns {
    uint16_t *measure;
    int64_t *r_score, *f_score, *score, *customers;
    double *above, *up_to, *lowest, *highest;
};

static emp_status add_cut_columns(struct emp_table *table, struct cut_columns *out,
                                  emp_error *error)
{
    emp_status status = add_labels(table, "measure", &out->measure, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, emp__measure_names, EMP_MEASURES, error);
    if (status == EMP_OK)
        status = add_integers(table, "r_score", &out->r_score, error);
    if (status == EMP_OK)
        status = add_integers(table, "f_score", &out->f_score, error);
    if (status == EMP_OK)
        status = add_integers(table, "score", &out->score, error);
    if (status == EMP_OK)
        status = add_reals(table, "above", &out->above, error);
    if (status == EMP_OK)
        status = add_reals(table, "up_to", &out->up_to, error);
    if (status == EMP_OK)
        status = add_reals(table, "lowest", &out->lowest, error);
    if (status == EMP_OK)
        status = add_reals(table, "highest", &out->highest, error);
    if (status == EMP_OK)
        status = add_integers(table, "customers", &out->customers, error);
    return status;
}

emp_status emp__rfm_cuts_table(const struct emp_rfm_scores *scores, struct emp_result *result,
                               emp_error *error)
{
    struct emp_table *table = NULL;
    struct cut_columns columns = {0};
    emp_status status = emp__result_add_table(result, "rfm_cuts", scores->bin_count, &table, error);
    if (status == EMP_OK)
        status = add_cut_columns(table, &columns, error);
    for (size_t i = 0; i < scores->bin_count && status == EMP_OK; i++) {
        const struct emp_rfm_bin *bin = &scores->bins[i];
        columns.measure[i] = (uint16_t)bin->measure;
        columns.r_score[i] = bin->r_score ? bin->r_score : EMP_MISSING;
        columns.f_score[i] = bin->f_score ? bin->f_score : EMP_MISSING;
        columns.score[i] = bin->score;
        columns.above[i] = bin->above;
        columns.up_to[i] = bin->up_to;
        columns.lowest[i] = bin->lowest;
        columns.highest[i] = bin->highest;
        columns.customers[i] = (int64_t)bin->customers;
    }
    return status;
}

/* What is summed up for each segment. */
struct segment_sums {
    uint64_t customers, buyers;
    emp_int128 revenue, apart; /* minor units; `apart`: returns that revenue does not hold */
    emp_int128 recency, frequency;
    double mean_money; /* the sum of monetary means, in order of id */
    /* The two middle values of each measure; they are one where the number is odd. */
    uint64_t seen[EMP_MEASURES];
    uint64_t low[EMP_MEASURES], high[EMP_MEASURES];
};

static void add_customer(const struct emp_rfm_scores *scores, size_t customer,
                         struct segment_sums *sums)
{
    const struct emp_summary *summary = &scores->summary[customer];
    int64_t revenue = emp__rfm_revenue(scores, customer);
    sums->customers++;
    sums->revenue += revenue;
    sums->apart += scores->net ? 0 : summary->returned;
    if (summary->purchases == 0)
        return;
    sums->buyers++;
    sums->recency += (int64_t)scores->input->analysis_day - summary->last_day;
    sums->frequency += summary->purchases;
    if (scores->params->monetary == EMP_MONETARY_SUM)
        return;
    uint64_t unit = emp__power_of_ten[scores->input->input->amount_decimals];
    sums->mean_money += emp__ratio(revenue, summary->purchases * unit);
}

/* Walks the buyers in order of a measure and picks the middle ones of each segment. */
static void find_middles(const struct emp_rfm_scores *scores, int m, const uint16_t *segment,
                         struct segment_sums *sums)
{
    for (size_t i = 0; i < scores->buyers; i++) {
        struct segment_sums *own = &sums[segment[scores->order[m][i]]];
        uint64_t position = own->seen[m]++;
        if (position == (own->buyers - 1) / 2)
            own->low[m] = scores->key[m][i];
        if (position == own->buyers / 2)
            own->high[m] = scores->key[m][i];
    }
}

struct segment_columns {
    uint16_t *segment;
    int64_t *customers, *revenue;
    double *customer_share, *revenue_share;
    double *mean[EMP_MEASURES], *median[EMP_MEASURES];
};

static emp_status add_segment_columns(struct emp_table *table, int decimals,
                                      struct segment_columns *out, emp_error *error)
{
    static const char *const mean_names[] = {"mean_recency_days", "mean_frequency",
                                             "mean_monetary"};
    static const char *const median_names[] = {"median_recency_days", "median_frequency",
                                               "median_monetary"};
    struct emp_column revenue = {.name = "revenue",
                                 .type = EMP_COLUMN_DECIMAL,
                                 .storage = EMP_STORE_I64,
                                 .decimals = decimals};
    emp_status status = add_integers(table, "customers", &out->customers, error);
    if (status == EMP_OK)
        status = add_reals(table, "customer_share", &out->customer_share, error);
    if (status == EMP_OK)
        status = emp__table_add(table, revenue, &out->revenue, error);
    if (status == EMP_OK)
        status = add_reals(table, "revenue_share", &out->revenue_share, error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++)
        status = add_reals(table, mean_names[m], &out->mean[m], error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++)
        status = add_reals(table, median_names[m], &out->median[m], error);
    return status;
}

static double middle(const struct emp_rfm_scores *scores, const struct segment_sums *sums, int m)
{
    return emp__rfm_between(scores, m, sums->low[m], sums->high[m], 1, 2);
}

static emp_status fill_segment(const struct emp_rfm_scores *scores, const struct segment_sums *sums,
                               const struct segment_sums *total, struct segment_columns *columns,
                               size_t row, emp_error *error)
{
    int decimals = (int)scores->input->input->amount_decimals;
    if (sums->revenue > INT64_MAX || sums->revenue < -INT64_MAX)
        return emp__fail(error, EMP_ERR_DATA,
                         "the revenue of the segment in row %zu of rfm_segments is more than 2^63 "
                         "minor units",
                         row + 1);
    columns->customers[row] = (int64_t)sums->customers;
    columns->revenue[row] = (int64_t)sums->revenue;
    columns->customer_share[row] = emp__ratio((emp_int128)sums->customers, total->customers);
    bool shared = total->revenue > 0 && total->revenue <= INT64_MAX;
    columns->revenue_share[row] =
        shared ? emp__ratio(sums->revenue, (uint64_t)total->revenue) : NAN;
    for (int m = 0; m < EMP_MEASURES; m++)
        columns->mean[m][row] = columns->median[m][row] = NAN;
    if (sums->buyers == 0)
        return EMP_OK;
    uint64_t unit = emp__power_of_ten[decimals];
    bool means = scores->params->monetary == EMP_MONETARY_MEAN;
    columns->mean[EMP_RECENCY][row] = emp__ratio(sums->recency, sums->buyers);
    columns->mean[EMP_FREQUENCY][row] = emp__ratio(sums->frequency, sums->buyers);
    columns->mean[EMP_MONETARY][row] = means ? sums->mean_money / (double)sums->buyers
                                             : emp__ratio(sums->revenue, sums->buyers * unit);
    for (int m = 0; m < EMP_MEASURES; m++)
        columns->median[m][row] = middle(scores, sums, m);
    return EMP_OK;
}

static void sum_up(const struct emp_rfm_scores *scores, const uint16_t *segment,
                   struct segment_sums *sums, struct segment_sums *total)
{
    const struct emp_customers *customers = scores->input->customers;
    /* In order of id: a sum of means must not depend on the partitions. */
    for (size_t i = 0; i < customers->ids.count; i++) {
        uint32_t customer = customers->by_id[i];
        add_customer(scores, customer, &sums[segment[customer]]);
        add_customer(scores, customer, total);
    }
    for (int m = 0; m < EMP_MEASURES; m++)
        find_middles(scores, m, segment, sums);
}

emp_status emp__rfm_segments_table(const struct emp_rfm_scores *scores,
                                   const struct emp_rfm_cells *cells, struct emp_result *result,
                                   emp_error *error)
{
    enum { OPTIONAL_SEGMENTS = 2 };
    size_t count = cells->segments;
    struct emp_table *table = NULL;
    struct segment_columns columns = {0};
    struct segment_sums *sums = NULL, total = {0};
    size_t rows = 0;
    emp_status status = emp__new_array(&sums, count, sizeof *sums, error);
    if (status != EMP_OK)
        return status;
    sum_up(scores, cells->segment, sums, &total);
    for (size_t i = 0; i < count; i++)
        rows += i + OPTIONAL_SEGMENTS < count || sums[i].customers > 0;
    status = emp__result_add_table(result, "rfm_segments", rows, &table, error);
    if (status == EMP_OK)
        status = add_labels(table, "segment", &columns.segment, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, cells->names, count, error);
    if (status == EMP_OK)
        status =
            add_segment_columns(table, (int)scores->input->input->amount_decimals, &columns, error);
    for (size_t i = 0, row = 0; i < count && status == EMP_OK; i++) {
        if (i + OPTIONAL_SEGMENTS >= count && sums[i].customers == 0)
            continue;
        columns.segment[row] = (uint16_t)i;
        status = fill_segment(scores, &sums[i], &total, &columns, row++, error);
    }
    if (status == EMP_OK)
        status = emp__result_add_account(
            result, (struct emp_account){"rfm", total.customers, total.revenue + total.apart},
            error);
    free(sums);
    return status;
}
