// SPDX-License-Identifier: Apache-2.0
#include "analysis/segment_profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "scale/double_key.h"
#include "scale/moments.h"
#include "scale/quantile.h"

/* The rows of each cluster behind each other, in order of id. */
struct grouping {
    size_t *first; /* clusters + 1 */
    uint32_t *row;
};

static emp_status group(const uint32_t *label, size_t rows, size_t clusters, struct grouping *out,
                        emp_error *error)
{
    size_t *next = NULL;
    emp_status status = emp__new_array(&out->first, clusters + 1, sizeof *out->first, error);
    if (status == EMP_OK)
        status = emp__new_array(&next, clusters, sizeof *next, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->row, rows, sizeof *out->row, error);
    if (status == EMP_OK) {
        for (size_t i = 0; i < rows; i++)
            out->first[label[i] + 1]++;
        for (size_t c = 0; c < clusters; c++) {
            out->first[c + 1] += out->first[c];
            next[c] = out->first[c];
        }
        for (size_t i = 0; i < rows; i++)
            out->row[next[label[i]]++] = (uint32_t)i;
    }
    free(next);
    return status;
}

/* Customers and money, of those in a cluster and of the others. */
static void add_up(const struct emp_segment_rows *rows, const uint32_t *label,
                   struct emp_segment_profile *profile)
{
    const struct emp_customers *customers = rows->input->customers;
    enum { TOUCHED_EACH = 4096 };
    size_t none = profile->clusters, row = 0;
    for (size_t i = 0; i < customers->ids.count; i++) {
        if (i % TOUCHED_EACH == 0)
            emp__store_touched(customers->store, TOUCHED_EACH * sizeof(struct emp_summary));
        uint32_t customer = rows->input->by_id[i];
        const struct emp_summary *summary = &customers->summary[customer];
        bool inside = row < rows->count && rows->customer[row] == customer;
        size_t cluster = inside ? label[row++] : none;
        profile->customers[cluster]++;
        profile->revenue[cluster] += summary->bought + (rows->view.net ? summary->returned : 0);
        profile->apart[cluster] += rows->view.net ? 0 : summary->returned;
    }
}

struct describing {
    const struct emp_segment_profile *profile;
    const struct grouping *groups;
    const double *values;
    double *grouped; /* one for each row, as are the keys */
    uint64_t *keys;
    size_t feature;
};

static double mean_of(const double *values, size_t count)
{
    struct emp_extremes extremes = emp__extremes(values, count);
    double unit = emp__unit(fmax(fabs(extremes.least), fabs(extremes.greatest)));
    return emp__sum(values, count, unit) / (double)count / unit;
}

static emp_status describe_cluster(void *user, size_t cluster, emp_error *error)
{
    const struct describing *describing = user;
    const struct emp_segment_profile *profile = describing->profile;
    size_t first = describing->groups->first[cluster], present = 0;
    size_t count = describing->groups->first[cluster + 1] - first;
    double *values = describing->grouped + first;
    uint64_t *keys = describing->keys + first;
    for (size_t i = 0; i < count; i++) {
        double value = describing->values[describing->groups->row[first + i]];
        if (isnan(value))
            continue;
        keys[present] = emp__double_key(value);
        values[present++] = value;
    }
    size_t at = cluster * profile->features + describing->feature;
    profile->mean[at] = present > 0 ? mean_of(values, present) : NAN;
    profile->median[at] = present > 0 ? emp__quantile(keys, present, 0.5) : NAN;
    (void)error;
    return EMP_OK;
}

static emp_status describe(const struct emp_segment_rows *rows, const struct grouping *groups,
                           struct emp_segment_profile *profile, emp_error *error)
{
    double *values = NULL;
    struct describing describing = {.profile = profile, .groups = groups};
    emp_status status = emp__new_array(&values, rows->count, sizeof *values, error);
    if (status == EMP_OK)
        status = emp__new_array(&describing.grouped, rows->count, sizeof *values, error);
    if (status == EMP_OK)
        status = emp__new_array(&describing.keys, rows->count, sizeof(uint64_t), error);
    describing.values = values;
    for (size_t j = 0; j < profile->features && status == EMP_OK; j++) {
        emp__segment_values(rows, j, values);
        describing.feature = j;
        status = emp__parallel(rows->input->threads, profile->clusters, describe_cluster,
                               &describing, error);
    }
    free(describing.keys);
    free(describing.grouped);
    free(values);
    return status;
}

static emp_status new_profile(size_t clusters, size_t features, struct emp_segment_profile *out,
                              emp_error *error)
{
    size_t cells = clusters * features;
    *out = (struct emp_segment_profile){.clusters = clusters, .features = features};
    emp_status status = emp__new_array(&out->customers, clusters + 1, sizeof(uint64_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->revenue, clusters + 1, sizeof(emp_int128), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->apart, clusters + 1, sizeof(emp_int128), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->mean, cells, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->median, cells, sizeof(double), error);
    return status;
}

emp_status emp__segment_profile(const struct emp_segment_rows *rows, const uint32_t *label,
                                size_t clusters, struct emp_segment_profile *out, emp_error *error)
{
    struct grouping groups = {0};
    emp_status status = new_profile(clusters, rows->features, out, error);
    if (status == EMP_OK)
        status = group(label, rows->count, clusters, &groups, error);
    if (status == EMP_OK)
        add_up(rows, label, out);
    if (status == EMP_OK)
        status = describe(rows, &groups, out, error);
    free(groups.row);
    free(groups.first);
    return status;
}

/* Row i of `to` is row order[i] of `from`. */
static void permute(void *to, const void *from, const size_t *order, size_t rows, size_t row_bytes)
{
    for (size_t i = 0; i < rows; i++)
        memcpy((char *)to + i * row_bytes, (const char *)from + order[i] * row_bytes, row_bytes);
}

emp_status emp__segment_profile_reorder(struct emp_segment_profile *profile, const size_t *order,
                                        emp_error *error)
{
    size_t k = profile->clusters, d = profile->features;
    struct emp_segment_profile ordered;
    emp_status status = new_profile(k, d, &ordered, error);
    if (status != EMP_OK) {
        emp__segment_profile_free(&ordered);
        return status;
    }
    permute(ordered.customers, profile->customers, order, k, sizeof *ordered.customers);
    permute(ordered.revenue, profile->revenue, order, k, sizeof *ordered.revenue);
    permute(ordered.apart, profile->apart, order, k, sizeof *ordered.apart);
    permute(ordered.mean, profile->mean, order, k, d * sizeof *ordered.mean);
    permute(ordered.median, profile->median, order, k, d * sizeof *ordered.median);
    ordered.customers[k] = profile->customers[k];
    ordered.revenue[k] = profile->revenue[k];
    ordered.apart[k] = profile->apart[k];
    emp__segment_profile_free(profile);
    *profile = ordered;
    return EMP_OK;
}

void emp__segment_profile_free(struct emp_segment_profile *profile)
{
    free(profile->customers);
    free(profile->revenue);
    free(profile->apart);
    free(profile->mean);
    free(profile->median);
    *profile = (struct emp_segment_profile){0};
}
