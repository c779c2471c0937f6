// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm_scores.h"

#include <math.h>
#include <string.h>

#include "analysis/rfm_rules.h"
#include "base/cancel.h"
#include "base/memory.h"
#include "number/ratio.h"
#include "order/bins.h"
#include "order/radix_sort.h"
#include "text/powers.h"

/* A key of the same order for a double that is not NaN: its bits, turned where it is negative. */
static uint64_t real_key(double value)
{
    uint64_t bits;
    value += 0.0; /* -0 and 0 are one value */
    memcpy(&bits, &value, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double real_of_key(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int64_t whole_of_key(uint64_t key)
{
    return (int64_t)(key ^ (UINT64_C(1) << 63));
}

static bool is_mean(const struct emp_rfm_scores *scores, int measure)
{
    return measure == EMP_MONETARY && scores->params->monetary == EMP_MONETARY_MEAN;
}

/* The whole numbers of a measure are multiples of 1 / this. */
static uint64_t unit_of(const struct emp_rfm_scores *scores, int measure)
{
    return measure == EMP_MONETARY ? emp__power_of_ten[scores->input->input->amount_decimals] : 1;
}

int64_t emp__rfm_revenue(const struct emp_rfm_scores *scores, size_t customer)
{
    const struct emp_summary *summary = &scores->summary[customer];
    return summary->bought + (scores->net ? summary->returned : 0);
}

static uint64_t measure_key(const struct emp_rfm_scores *scores, int measure, size_t customer)
{
    const struct emp_summary *summary = &scores->summary[customer];
    switch (measure) {
    case EMP_RECENCY:
        return emp__radix_key((int64_t)scores->input->analysis_day - summary->last_day);
    case EMP_FREQUENCY:
        return emp__radix_key(summary->purchases);
    default:
        if (!is_mean(scores, measure))
            return emp__radix_key(emp__rfm_revenue(scores, customer));
        return real_key(emp__ratio(emp__rfm_revenue(scores, customer),
                                   summary->purchases * unit_of(scores, measure)));
    }
}

double emp__rfm_value(const struct emp_rfm_scores *scores, int measure, uint64_t key)
{
    if (is_mean(scores, measure))
        return real_of_key(key);
    return emp__ratio(whole_of_key(key), unit_of(scores, measure));
}

double emp__rfm_between(const struct emp_rfm_scores *scores, int measure, uint64_t low,
                        uint64_t high, uint32_t part, uint32_t parts)
{
    if (is_mean(scores, measure)) {
        double a = real_of_key(low), b = real_of_key(high);
        return a + (b - a) * ((double)part / parts);
    }
    emp_int128 a = whole_of_key(low), b = whole_of_key(high);
    return emp__ratio(a * parts + (b - a) * part, parts * unit_of(scores, measure));
}

/* The k-th type-7 quantile of the sorted keys of a group. */
static double cut_value(const struct emp_rfm_scores *scores, int measure, const uint64_t *keys,
                        size_t n, int k)
{
    int bins = emp__rfm_scores(scores->params, measure);
    uint32_t rest;
    size_t position = emp__cut_position(n, k, bins, &rest);
    size_t next = rest ? position + 1 : position;
    return emp__rfm_between(scores, measure, keys[position], keys[next], rest, (uint32_t)bins);
}

static double threshold_value(const struct emp_rfm_scores *scores, int measure, int k)
{
    const struct emp_cut *cut = &scores->params->thresholds.of[measure][k - 1];
    return emp__ratio(cut->mantissa, unit_of(scores, measure));
}

/* Bins by the user's own cut points: 1 + #{cuts < value}. */
static void bin_by_thresholds(const struct emp_rfm_scores *scores, int measure,
                              const uint64_t *keys, size_t n, uint16_t *out)
{
    const struct emp_rfm_thresholds *thresholds = &scores->params->thresholds;
    size_t bin = 0;
    for (size_t i = 0; i < n; i++) {
        for (; bin < thresholds->count[measure]; bin++) {
            uint64_t cut = is_mean(scores, measure)
                               ? real_key(threshold_value(scores, measure, (int)bin + 1))
                               : emp__radix_key(thresholds->of[measure][bin].mantissa);
            if (cut >= keys[i])
                break;
        }
        out[i] = (uint16_t)(bin + 1);
    }
}

/* A run of buyers that are scored among themselves, in ascending order of the measure. */
struct group {
    int measure, r_score, f_score;
    const uint64_t *keys;
    const uint32_t *order;
    size_t count;
    uint16_t *bin; /* workspace of `count` items */
};

/* The bound between bin k and bin k + 1, or NaN if there is none. */
static double bound(const struct emp_rfm_scores *scores, const struct group *group, int k, int bins)
{
    if (k < 1 || k >= bins || group->count == 0)
        return NAN;
    if (scores->params->method == EMP_RFM_THRESHOLDS)
        return threshold_value(scores, group->measure, k);
    if (scores->params->ties == EMP_TIES_RANK)
        return NAN;
    return cut_value(scores, group->measure, group->keys, group->count, k);
}

/* A higher score is better: recency counts backwards. */
static int score_of_bin(int measure, int bin, int bins)
{
    return measure == EMP_RECENCY ? bins + 1 - bin : bin;
}

/* Describes the bins of a group, which stand behind each other in it. */
static emp_status describe_bins(struct emp_rfm_scores *scores, const struct group *group, int bins,
                                emp_error *error)
{
    size_t count = scores->bin_count, begin = 0;
    emp_status status = emp__grow_array(&scores->bins, &scores->bin_capacity, count + (size_t)bins,
                                        sizeof *scores->bins, error);
    if (status != EMP_OK)
        return status;
    for (int bin = 1; bin <= bins; bin++) {
        size_t end = begin;
        while (end < group->count && group->bin[end] == bin)
            end++;
        bool empty = end == begin;
        int score = score_of_bin(group->measure, bin, bins);
        scores->bins[count + (size_t)score - 1] = (struct emp_rfm_bin){
            .measure = group->measure,
            .r_score = group->r_score,
            .f_score = group->f_score,
            .score = score,
            .above = bound(scores, group, bin - 1, bins),
            .up_to = bound(scores, group, bin, bins),
            .lowest = empty ? NAN : emp__rfm_value(scores, group->measure, group->keys[begin]),
            .highest = empty ? NAN : emp__rfm_value(scores, group->measure, group->keys[end - 1]),
            .customers = end - begin,
        };
        begin = end;
    }
    scores->bin_count += (size_t)bins;
    return EMP_OK;
}

static emp_status score_group(struct emp_rfm_scores *scores, const struct group *group,
                              emp_error *error)
{
    int m = group->measure;
    int bins = emp__rfm_scores(scores->params, m);
    if (scores->params->method == EMP_RFM_THRESHOLDS)
        bin_by_thresholds(scores, m, group->keys, group->count, group->bin);
    else
        emp__bin_sorted(group->keys, group->count, bins, scores->params->ties == EMP_TIES_RANK,
                        group->bin);
    for (size_t i = 0; i < group->count; i++)
        scores->score[m][group->order[i]] = (uint16_t)score_of_bin(m, group->bin[i], bins);
    return describe_bins(scores, group, bins, error);
}

/* The groups within which a measure is scored, and the one of a customer. */
static size_t group_count(const struct emp_rfm_scores *scores, int measure)
{
    size_t count = 1;
    if (scores->params->method == EMP_RFM_NESTED)
        for (int m = 0; m < measure; m++)
            count *= (size_t)emp__rfm_scores(scores->params, m);
    return count;
}

static size_t group_of(const struct emp_rfm_scores *scores, int measure, uint32_t customer)
{
    size_t group = 0;
    if (scores->params->method == EMP_RFM_NESTED)
        for (int m = 0; m < measure; m++)
            group =
                group * (size_t)emp__rfm_scores(scores->params, m) + scores->score[m][customer] - 1;
    return group;
}

/* The buyers of all groups of a measure, group behind group, each in ascending order. */
struct grouped {
    size_t *first; /* groups + 1 */
    uint64_t *keys;
    uint32_t *order;
    uint16_t *bin;
};

/* A stable counting sort by group. */
static void fill_groups(const struct emp_rfm_scores *scores, int m, size_t groups,
                        struct grouped *out)
{
    for (size_t i = 0; i < scores->buyers; i++)
        out->first[group_of(scores, m, scores->order[m][i]) + 1]++;
    for (size_t g = 0; g < groups; g++)
        out->first[g + 1] += out->first[g];
    for (size_t i = 0; i < scores->buyers; i++) {
        size_t at = out->first[group_of(scores, m, scores->order[m][i])]++;
        out->keys[at] = scores->key[m][i];
        out->order[at] = scores->order[m][i];
    }
    /* Each first[g] has moved to the end of its group: one step back. */
    memmove(out->first + 1, out->first, groups * sizeof *out->first);
    out->first[0] = 0;
}

static emp_status score_groups(struct emp_rfm_scores *scores, int m, size_t groups,
                               struct grouped *grouped, emp_error *error)
{
    int f_scores = emp__rfm_scores(scores->params, EMP_FREQUENCY);
    emp_status status = EMP_OK;
    fill_groups(scores, m, groups, grouped);
    for (size_t g = 0; g < groups && status == EMP_OK; g++) {
        size_t begin = grouped->first[g];
        bool nested = groups > 1;
        int number = (int)g;
        struct group group = {
            .measure = m,
            .r_score = !nested ? 0 : 1 + (m == EMP_MONETARY ? number / f_scores : number),
            .f_score = nested && m == EMP_MONETARY ? 1 + number % f_scores : 0,
            .keys = grouped->keys + begin,
            .order = grouped->order + begin,
            .count = grouped->first[g + 1] - begin,
            .bin = grouped->bin + begin,
        };
        status = score_group(scores, &group, error);
    }
    return status;
}

static emp_status score_measure(struct emp_rfm_scores *scores, int m, emp_error *error)
{
    struct grouped grouped = {0};
    size_t groups = group_count(scores, m), n = scores->buyers;
    emp_status status = emp__new_array(&grouped.first, groups + 1, sizeof *grouped.first, error);
    if (status == EMP_OK)
        status = emp__new_array(&grouped.keys, n, sizeof *grouped.keys, error);
    if (status == EMP_OK)
        status = emp__new_array(&grouped.order, n, sizeof *grouped.order, error);
    if (status == EMP_OK)
        status = emp__new_array(&grouped.bin, n, sizeof *grouped.bin, error);
    if (status == EMP_OK)
        status = score_groups(scores, m, groups, &grouped, error);
    free(grouped.bin);
    free(grouped.order);
    free(grouped.keys);
    free(grouped.first);
    return status;
}

/* The buyers by ascending measure; a stable sort of the order of ids leaves ties in that order. */
static emp_status sort_measure(struct emp_rfm_scores *scores, int m, emp_error *error)
{
    const struct emp_customers *customers = scores->input->customers;
    size_t n = scores->buyers, filled = 0;
    uint64_t *spare_keys = NULL;
    uint32_t *spare_order = NULL;
    emp_status status = emp__new_array(&scores->key[m], n, sizeof(uint64_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&scores->order[m], n, sizeof(uint32_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&spare_keys, n, sizeof *spare_keys, error);
    if (status == EMP_OK)
        status = emp__new_array(&spare_order, n, sizeof *spare_order, error);
    if (status == EMP_OK) {
        for (size_t i = 0; i < customers->ids.count; i++) {
            uint32_t customer = customers->by_id[i];
            if (scores->summary[customer].purchases == 0)
                continue;
            scores->order[m][filled] = customer;
            scores->key[m][filled++] = measure_key(scores, m, customer);
        }
        emp__radix_sort(scores->key[m], scores->order[m], spare_keys, spare_order, n);
    }
    free(spare_order);
    free(spare_keys);
    return status;
}

emp_status emp__rfm_score(const struct emp_analysis_input *input, struct emp_rfm_scores *out,
                          emp_error *error)
{
    size_t n = input->customers->ids.count;
    *out = (struct emp_rfm_scores){
        .params = input->section,
        .input = input,
        .net = input->input->returns == EMP_RETURNS_NET,
    };
    emp_status status = emp__new_array(&out->summary, n, sizeof *out->summary, error);
    if (status == EMP_OK)
        status = emp__purchases(input->customers, (enum emp_merge)out->params->merge,
                                input->threads, out->summary, error);
    for (size_t i = 0; i < n && status == EMP_OK; i++)
        out->buyers += out->summary[i].purchases > 0;
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++) {
        status = emp__check_cancelled(input->options, error);
        if (status == EMP_OK)
            status = emp__new_array(&out->score[m], n, sizeof *out->score[m], error);
        if (status == EMP_OK)
            status = sort_measure(out, m, error);
        if (status == EMP_OK)
            status = score_measure(out, m, error);
    }
    return status;
}

void emp__rfm_scores_free(struct emp_rfm_scores *scores)
{
    for (int m = 0; m < EMP_MEASURES; m++) {
        free(scores->order[m]);
        free(scores->key[m]);
        free(scores->score[m]);
    }
    free(scores->summary);
    free(scores->bins);
    *scores = (struct emp_rfm_scores){0};
}
