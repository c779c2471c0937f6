// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/tables.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/rfm/select.h"
#include "base/error.h"
#include "base/memory.h"
#include "number/ratio.h"
#include "sink/table_columns.h"
#include "text/powers.h"

struct cut_columns {
    uint16_t *measure;
    int64_t *r_score, *f_score, *score, *customers;
    double *above, *up_to, *lowest, *highest;
};

static emp_status add_cut_columns(struct emp_table *table, struct cut_columns *out,
                                  emp_error *error)
{
    emp_status status = emp__table_add_labels(table, "measure", &out->measure, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, emp__measure_names, EMP_MEASURES, error);
    if (status == EMP_OK)
        status = emp__table_add_integers(table, "r_score", &out->r_score, error);
    if (status == EMP_OK)
        status = emp__table_add_integers(table, "f_score", &out->f_score, error);
    if (status == EMP_OK)
        status = emp__table_add_integers(table, "score", &out->score, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "above", &out->above, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "up_to", &out->up_to, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "lowest", &out->lowest, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "highest", &out->highest, error);
    if (status == EMP_OK)
        status = emp__table_add_integers(table, "customers", &out->customers, error);
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
    int64_t recency, frequency;
    double mean_money; /* the sum of monetary means, in order of id */
    /* The two middle values of each measure; they are one where the number is odd. */
    uint64_t low[EMP_MEASURES], high[EMP_MEASURES];
};

struct summing {
    const struct emp_rfm_measures *measures;
    const struct emp_rfm_cells *cells;
    struct segment_sums *workers; /* threads x segments; the first ones become the sums */
};

static void add_customer(const struct emp_rfm_measures *measures, size_t customer,
                         struct segment_sums *sums)
{
    const struct emp_summary *summary = &measures->view.purchases.summary[customer];
    sums->customers++;
    sums->revenue += emp__revenue(&measures->view, customer);
    sums->apart += measures->view.net ? 0 : summary->returned;
    if (!emp__is_buyer(&measures->view, customer))
        return;
    sums->buyers++;
    sums->recency += emp__recency(&measures->view, customer);
    sums->frequency += emp__purchase_count(&measures->view.purchases, customer);
}

static void sum_block(void *user, int worker, size_t first, size_t count)
{
    const struct summing *summing = user;
    const struct emp_rfm_cells *cells = summing->cells;
    struct segment_sums *sums = summing->workers + (size_t)worker * cells->segments;
    for (size_t i = first; i < first + count; i++)
        add_customer(summing->measures, i, &sums[cells->segment_of[cells->code[i]]]);
}

static void add_sums(struct segment_sums *sums, const struct segment_sums *other)
{
    sums->customers += other->customers;
    sums->buyers += other->buyers;
    sums->revenue += other->revenue;
    sums->apart += other->apart;
    sums->recency += other->recency;
    sums->frequency += other->frequency;
}

/* In order of id: a sum of doubles must not depend on the partitions. */
static void sum_means(const struct emp_rfm_scores *scores, const struct summing *summing)
{
    const struct emp_rfm_cells *cells = summing->cells;
    for (size_t i = 0; i < scores->measures.customers; i++) {
        uint32_t customer = scores->input->by_id[i];
        if (emp__is_buyer(&scores->measures.view, customer))
            summing->workers[cells->segment_of[cells->code[customer]]].mean_money +=
                emp__mean_purchase(&scores->measures.view, customer);
    }
}

/* The sums of all segments in *out, to be freed. */
static emp_status sum_up(const struct emp_rfm_scores *scores, const struct emp_rfm_cells *cells,
                         struct segment_sums **out, emp_error *error)
{
    const struct emp_rfm_measures *measures = &scores->measures;
    struct summing summing = {.measures = measures, .cells = cells};
    emp_status status =
        emp__new_array(&summing.workers, (size_t)measures->threads * cells->segments,
                       sizeof *summing.workers, error);
    if (status != EMP_OK)
        return status;
    emp__rfm_blocks(measures, sum_block, &summing);
    for (size_t t = 1; t < (size_t)measures->threads; t++)
        for (size_t i = 0; i < cells->segments; i++)
            add_sums(&summing.workers[i], &summing.workers[t * cells->segments + i]);
    if (scores->params->monetary == EMP_MONETARY_MEAN)
        sum_means(scores, &summing);
    *out = summing.workers;
    return EMP_OK;
}

/* The places of the middle keys, two for each measure of each segment that has any. */
static size_t list_middles(const struct segment_sums *sums, size_t segments,
                           struct emp_rfm_place *out)
{
    size_t filled = 0;
    for (int m = 0; m < EMP_MEASURES; m++)
        for (size_t i = 0; i < segments; i++) {
            uint64_t buyers = sums[i].buyers;
            if (buyers == 0)
                continue;
            struct emp_rfm_place low = {.measure = m, .group = i, .position = (buyers - 1) / 2};
            struct emp_rfm_place high = {.measure = m, .group = i, .position = buyers / 2};
            out[filled++] = low;
            out[filled++] = high;
        }
    return filled;
}

/* What stands at those places. */
static void take_middles(const struct emp_rfm_place *places, size_t count,
                         struct segment_sums *sums)
{
    for (size_t i = 0; i < count; i += 2) {
        struct segment_sums *own = &sums[places[i].group];
        own->low[places[i].measure] = places[i].key;
        own->high[places[i].measure] = places[i + 1].key;
    }
}

/* The last segment, of customers without a purchase, has no middles. */
static emp_status find_middles(const struct emp_rfm_measures *measures,
                               const struct emp_rfm_cells *cells, struct segment_sums *sums,
                               emp_error *error)
{
    size_t segments = cells->segments - 1;
    const struct emp_rfm_groups groups = {segments, cells->code, cells->segment_of};
    struct emp_rfm_selection selection = {0};
    struct emp_rfm_place *places = NULL;
    size_t count = 0;
    emp_status status = emp__rfm_selection_new(
        measures, (struct emp_measure_range){0, EMP_MEASURES}, groups, &selection, error);
    if (status == EMP_OK)
        status = emp__new_array(&places, 2 * EMP_MEASURES * segments, sizeof *places, error);
    if (status == EMP_OK) {
        count = list_middles(sums, segments, places);
        status = emp__rfm_selection_find(&selection, places, count, error);
    }
    if (status == EMP_OK)
        take_middles(places, count, sums);
    free(places);
    emp__rfm_selection_free(&selection);
    return status;
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
    emp_status status = emp__table_add_integers(table, "customers", &out->customers, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "customer_share", &out->customer_share, error);
    if (status == EMP_OK)
        status = emp__table_add_decimals(table, "revenue", decimals, &out->revenue, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "revenue_share", &out->revenue_share, error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++)
        status = emp__table_add_reals(table, mean_names[m], &out->mean[m], error);
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++)
        status = emp__table_add_reals(table, median_names[m], &out->median[m], error);
    return status;
}

static double middle(const struct emp_rfm_scores *scores, const struct segment_sums *sums, int m)
{
    return emp__rfm_between(&scores->measures, m, sums->low[m], sums->high[m], 1, 2);
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
    emp_status status = sum_up(scores, cells, &sums, error);
    if (status == EMP_OK)
        status = find_middles(&scores->measures, cells, sums, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        add_sums(&total, &sums[i]);
        rows += i + OPTIONAL_SEGMENTS < count || sums[i].customers > 0;
    }
    if (status == EMP_OK)
        status = emp__result_add_table(result, "rfm_segments", rows, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_labels(table, "segment", &columns.segment, error);
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
