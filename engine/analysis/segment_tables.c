// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/segment_names.h"
#include "base/error.h"
#include "base/memory.h"
#include "number/ratio.h"
#include "sink/table_columns.h"

emp_status emp__segment_customer_columns(const struct emp_segment_rows *rows,
                                         const struct emp_segmentation *segmentation,
                                         struct emp_table *table, emp_error *error)
{
    int32_t *cluster = NULL;
    double *distance = NULL;
    struct emp_column column = {
        .name = "cluster", .type = EMP_COLUMN_INTEGER, .storage = EMP_STORE_I32};
    size_t customers = rows->input->customers->ids.count;
    emp_status status = emp__table_add(table, column, &cluster, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "cluster_distance", &distance, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < customers; i++) {
        cluster[i] = INT32_MIN;
        distance[i] = NAN;
    }
    for (size_t i = 0; i < rows->count; i++) {
        uint32_t customer = rows->customer[i];
        cluster[customer] = (int32_t)segmentation->number[segmentation->label[i]];
        distance[customer] = sqrt(segmentation->square[i]);
    }
    return EMP_OK;
}

struct segments {
    struct emp_table *table;
    int64_t *cluster, *customers, *revenue;
    double *customer_share, *revenue_share;
    double **mean, **median; /* a column for each feature */
    size_t name, apart;      /* numbers of columns */
};

static emp_status add_feature_columns(const struct emp_segment_rows *rows, const char *prefix,
                                      double **columns, struct emp_table *table, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t j = 0; j < rows->features && status == EMP_OK; j++)
        status =
            emp__table_add_named_reals(table, prefix, rows->columns[j].name, &columns[j], error);
    return status;
}

static emp_status add_segment_columns(const struct emp_segment_rows *rows, struct segments *out,
                                      emp_error *error)
{
    struct emp_table *table = out->table;
    int decimals = (int)rows->input->input->amount_decimals;
    emp_status status = emp__table_add_integers(table, "cluster", &out->cluster, error);
    out->name = table->column_count;
    if (status == EMP_OK)
        status = emp__table_add_texts(table, "name", error);
    if (status == EMP_OK)
        status = emp__table_add_integers(table, "customers", &out->customers, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "customer_share", &out->customer_share, error);
    if (status == EMP_OK)
        status = emp__table_add_decimals(table, "revenue", decimals, &out->revenue, error);
    if (status == EMP_OK)
        status = emp__table_add_reals(table, "revenue_share", &out->revenue_share, error);
    out->apart = table->column_count;
    if (status == EMP_OK)
        status = emp__table_add_texts(table, "sets_apart", error);
    if (status == EMP_OK)
        status = add_feature_columns(rows, "mean_", out->mean, table, error);
    if (status == EMP_OK)
        status = add_feature_columns(rows, "median_", out->median, table, error);
    return status;
}

struct totals {
    uint64_t customers;
    emp_int128 revenue, apart;
};

static struct totals add_totals(const struct emp_segment_profile *profile)
{
    struct totals totals = {0};
    for (size_t c = 0; c <= profile->clusters; c++) {
        totals.customers += profile->customers[c];
        totals.revenue += profile->revenue[c];
        totals.apart += profile->apart[c];
    }
    return totals;
}

/* What every row has; the last one is that of customers in no cluster. */
static emp_status fill_sums(const struct emp_segment_profile *profile, const struct totals *totals,
                            bool money, size_t c, struct segments *out, emp_error *error)
{
    emp_int128 revenue = profile->revenue[c];
    bool shared = totals->revenue > 0 && totals->revenue <= INT64_MAX;
    if (revenue > INT64_MAX || revenue < -INT64_MAX)
        return emp__fail(error, EMP_ERR_DATA,
                         "the revenue in row %zu of segments is more than 2^63 minor units", c + 1);
    out->customers[c] = (int64_t)profile->customers[c];
    out->customer_share[c] = emp__ratio((emp_int128)profile->customers[c], totals->customers);
    out->revenue[c] = money ? (int64_t)revenue : EMP_MISSING;
    out->revenue_share[c] = shared ? emp__ratio(revenue, (uint64_t)totals->revenue) : NAN;
    return EMP_OK;
}

static emp_status fill_cluster(const struct emp_segment_description *description, size_t c,
                               struct segments *out, emp_error *error)
{
    const struct emp_segment_profile *profile = description->profile;
    const char *name = description->segmentation->name[c];
    size_t d = profile->features;
    char *apart = NULL;
    out->cluster[c] = description->segmentation->number[c];
    for (size_t j = 0; j < d; j++) {
        out->mean[j][c] = profile->mean[c * d + j];
        out->median[j][c] = profile->median[c * d + j];
    }
    emp_status status =
        emp__segment_sets_apart(description->z + c * d, description->rows->words, d, &apart, error);
    if (status == EMP_OK)
        status = emp__table_set_text(out->table, c, out->name, name, error);
    if (status == EMP_OK)
        status = emp__table_set_text(out->table, c, out->apart, apart, error);
    free(apart);
    return status;
}

/* The row of those in no cluster. */
static emp_status fill_others(const struct emp_segment_rows *rows, size_t c, struct segments *out,
                              emp_error *error)
{
    out->cluster[c] = EMP_MISSING;
    for (size_t j = 0; j < rows->features; j++)
        out->mean[j][c] = out->median[j][c] = NAN;
    return emp__table_set_text(out->table, c, out->name, "No purchase", error);
}

static emp_status fill_segments(const struct emp_segment_description *description,
                                const struct totals *totals, struct segments *out, emp_error *error)
{
    const struct emp_segment_profile *profile = description->profile;
    /* Without transactions there is no revenue. */
    bool money = description->rows->input->customers->rows > 0;
    emp_status status = EMP_OK;
    for (size_t c = 0; c < out->table->rows && status == EMP_OK; c++) {
        status = fill_sums(profile, totals, money, c, out, error);
        if (status == EMP_OK)
            status = c < profile->clusters ? fill_cluster(description, c, out, error)
                                           : fill_others(description->rows, c, out, error);
    }
    return status;
}

emp_status emp__segments_table(const struct emp_segment_description *description,
                               struct emp_result *result, emp_error *error)
{
    const struct emp_segment_rows *rows = description->rows;
    const struct emp_segment_profile *profile = description->profile;
    struct segments segments = {0};
    struct totals totals = add_totals(profile);
    size_t count = profile->clusters + (profile->customers[profile->clusters] > 0);
    emp_status status = emp__result_add_table(result, "segments", count, &segments.table, error);
    if (status == EMP_OK)
        status = emp__new_array(&segments.mean, rows->features, sizeof(double *), error);
    if (status == EMP_OK)
        status = emp__new_array(&segments.median, rows->features, sizeof(double *), error);
    if (status == EMP_OK)
        status = add_segment_columns(rows, &segments, error);
    if (status == EMP_OK)
        status = fill_segments(description, &totals, &segments, error);
    if (status == EMP_OK)
        status = emp__result_add_account(
            result,
            (struct emp_account){"segment", totals.customers, totals.revenue + totals.apart},
            error);
    free(segments.median);
    free(segments.mean);
    return status;
}

/* The reals of k_selection.csv in their order. */
static const struct {
    const char *name;
    size_t offset;
} figure_columns[] = {
    {"inertia", offsetof(struct emp_segment_figures, inertia)},
    {"silhouette", offsetof(struct emp_segment_figures, silhouette)},
    {"simplified_silhouette", offsetof(struct emp_segment_figures, simplified_silhouette)},
    {"calinski_harabasz", offsetof(struct emp_segment_figures, calinski_harabasz)},
    {"davies_bouldin", offsetof(struct emp_segment_figures, davies_bouldin)},
    {"gap", offsetof(struct emp_segment_figures, gap)},
    {"gap_se", offsetof(struct emp_segment_figures, gap_se)},
    {"stability", offsetof(struct emp_segment_figures, stability)},
};

static emp_status add_figures(const struct emp_segment_fits *fits, struct emp_table *table,
                              emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t f = 0; f < sizeof figure_columns / sizeof *figure_columns && status == EMP_OK;
         f++) {
        double *column = NULL;
        status = emp__table_add_reals(table, figure_columns[f].name, &column, error);
        for (size_t i = 0; i < fits->count && status == EMP_OK; i++)
            memcpy(&column[i], (const char *)&fits->figures[i] + figure_columns[f].offset,
                   sizeof column[i]);
    }
    return status;
}

emp_status emp__k_selection_table(const struct emp_segment_fits *fits, size_t chosen,
                                  struct emp_result *result, emp_error *error)
{
    static const char *const words[] = {"false", "true"};
    struct emp_table *table = NULL;
    int64_t *k = NULL, *iterations = NULL;
    uint16_t *is_chosen = NULL, *fit_status = NULL;
    emp_status status = emp__result_add_table(result, "k_selection", fits->count, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_integers(table, "k", &k, error);
    if (status == EMP_OK)
        status = add_figures(fits, table, error);
    if (status == EMP_OK)
        status = emp__table_add_labels(table, "chosen", &is_chosen, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, words, 2, error);
    if (status == EMP_OK)
        status = emp__table_add_integers(table, "iterations", &iterations, error);
    if (status == EMP_OK)
        status = emp__table_add_labels(table, "status", &fit_status, error);
    if (status == EMP_OK)
        status = emp__table_labels(table, emp__segment_status_words, EMP_SEGMENT_STATUSES, error);
    for (size_t i = 0; i < fits->count && status == EMP_OK; i++) {
        k[i] = (int64_t)fits->fit[i].k;
        is_chosen[i] = i == chosen;
        iterations[i] = fits->fit[i].iterations;
        fit_status[i] = (uint16_t)fits->fit[i].status;
    }
    return status;
}
