// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rfm/cuts.h"
#include "analysis/rfm/rules.h"
#include "base/cancel.h"
#include "base/memory.h"
#include "order/bins.h"

/* What is in a bin. */
struct content {
    uint64_t customers, lowest, highest; /* the extreme keys */
};

/* A range of measures on its way: their cuts, and for each worker the contents of their bins. */
struct scoring {
    struct emp_rfm_scores *scores;
    struct emp_measure_range range;
    struct emp_rfm_cuts cuts[EMP_MEASURES];
    size_t begin[EMP_MEASURES]; /* where the bins of a measure begin: groups x bins */
    size_t bins;                /* of all measures and groups */
    struct content *contents;   /* threads x bins */
};

/* A higher score is better: recency counts backwards. Bins and this count from 0. */
static size_t score_of_bin(int measure, size_t bin, size_t bins)
{
    return measure == EMP_RECENCY ? bins - 1 - bin : bin;
}

/* The customers score among those whose cell is the same so far, or among all. */
static size_t group_of(const struct scoring *scoring, int m, uint16_t cell)
{
    return scoring->cuts[m].groups > 1 ? cell : 0;
}

/* Notes that a customer's key of a measure is in a bin of its group, and moves its cell on. */
static void put_in_bin(const struct scoring *scoring, struct content *contents, int m, size_t bin,
                       uint64_t key, uint16_t *cell)
{
    size_t bins = scoring->cuts[m].count + 1;
    struct content *content =
        &contents[scoring->begin[m] + group_of(scoring, m, *cell) * bins + bin];
    content->customers++;
    content->lowest = key < content->lowest ? key : content->lowest;
    content->highest = key > content->highest ? key : content->highest;
    *cell = (uint16_t)(*cell * bins + score_of_bin(m, bin, bins));
}

/* The bins of a block by value: how many cuts of its group are below a key. */
static void find_bins(const struct scoring *scoring, int m, const uint16_t *cell,
                      const uint64_t *keys, size_t count, uint16_t *out)
{
    const struct emp_rfm_cuts *cuts = &scoring->cuts[m];
    if (cuts->groups == 1) {
        emp__bin_keys(keys, count, cuts->key, cuts->count, out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = 0;
        if (cell[i] != EMP_RFM_NO_CELL)
            emp__bin_keys(&keys[i], 1, cuts->key + cell[i] * cuts->count, cuts->count, &out[i]);
    }
}

static void score_block(void *user, int worker, size_t first, size_t count)
{
    const struct scoring *scoring = user;
    struct content *contents = scoring->contents + (size_t)worker * scoring->bins;
    uint16_t *cell = scoring->scores->cell + first;
    uint64_t keys[EMP_RFM_BLOCK];
    uint16_t bins[EMP_RFM_BLOCK];
    for (int m = scoring->range.first; m < scoring->range.end; m++) {
        emp__rfm_keys(&scoring->scores->measures, m, first, count, keys);
        find_bins(scoring, m, cell, keys, count, bins);
        for (size_t i = 0; i < count; i++)
            if (cell[i] != EMP_RFM_NO_CELL)
                put_in_bin(scoring, contents, m, bins[i], keys[i], &cell[i]);
    }
}

/*
 * The bin of the next customer in order of id where ties go by rank: customers of one key are
 * counted at the first cut of that key, and pass the cuts whose `equal` they have exceeded.
 */
static size_t bin_by_rank(const struct emp_rfm_cuts *cuts, size_t group, uint64_t key,
                          uint64_t *seen)
{
    const uint64_t *keys = cuts->key + group * cuts->count;
    const uint64_t *equal = cuts->equal + group * cuts->count;
    size_t bin = 0;
    while (bin < cuts->count && keys[bin] < key)
        bin++;
    if (bin == cuts->count || keys[bin] != key)
        return bin;
    uint64_t number = seen[group * cuts->count + bin]++;
    while (bin < cuts->count && keys[bin] == key && equal[bin] < number)
        bin++;
    return bin;
}

/* Ties in order of id make this a walk through the customers in that order, one by one. */
static emp_status score_by_rank(const struct scoring *scoring, int m, emp_error *error)
{
    const struct emp_rfm_scores *scores = scoring->scores;
    const struct emp_rfm_cuts *cuts = &scoring->cuts[m];
    uint64_t *seen = NULL;
    emp_status status = emp__new_array(&seen, cuts->groups * cuts->count, sizeof *seen, error);
    for (size_t i = 0; i < scores->measures.customers && status == EMP_OK; i++) {
        uint32_t customer = scores->input->by_id[i];
        uint16_t *cell = &scores->cell[customer];
        uint64_t key;
        if (*cell == EMP_RFM_NO_CELL)
            continue;
        emp__rfm_keys(&scores->measures, m, customer, 1, &key);
        size_t bin = bin_by_rank(cuts, group_of(scoring, m, *cell), key, seen);
        put_in_bin(scoring, scoring->contents, m, bin, key, cell);
    }
    free(seen);
    return status;
}

/* The contents that the workers have seen, in those of the first. */
static void add_up(struct scoring *scoring)
{
    for (int t = 1; t < scoring->scores->measures.threads; t++)
        for (size_t i = 0; i < scoring->bins; i++) {
            const struct content *own = &scoring->contents[(size_t)t * scoring->bins + i];
            struct content *all = &scoring->contents[i];
            all->customers += own->customers;
            all->lowest = own->lowest < all->lowest ? own->lowest : all->lowest;
            all->highest = own->highest > all->highest ? own->highest : all->highest;
        }
}

static emp_status fill_bins(struct scoring *scoring, emp_error *error)
{
    const struct emp_rfm_measures *measures = &scoring->scores->measures;
    size_t all = scoring->bins * (size_t)measures->threads;
    emp_status status = emp__new_array(&scoring->contents, all, sizeof *scoring->contents, error);
    for (size_t i = 0; i < all && status == EMP_OK; i++)
        scoring->contents[i].lowest = UINT64_MAX;
    bool by_rank =
        measures->params->method != EMP_RFM_THRESHOLDS && measures->params->ties == EMP_TIES_RANK;
    if (status == EMP_OK && !by_rank)
        emp__rfm_blocks(measures, score_block, scoring);
    for (int m = scoring->range.first; m < scoring->range.end && by_rank && status == EMP_OK; m++)
        status = score_by_rank(scoring, m, error);
    if (status == EMP_OK)
        add_up(scoring);
    return status;
}

/* A row of rfm_cuts.csv. */
static struct emp_rfm_bin describe_bin(const struct scoring *scoring, int m, size_t group,
                                       size_t bin)
{
    const struct emp_rfm_measures *measures = &scoring->scores->measures;
    const struct emp_rfm_cuts *cuts = &scoring->cuts[m];
    const double *values = cuts->value + group * cuts->count;
    size_t bins = cuts->count + 1;
    const struct content *content = &scoring->contents[scoring->begin[m] + group * bins + bin];
    bool nested = measures->params->method == EMP_RFM_NESTED && m > EMP_RECENCY;
    bool empty = content->customers == 0;
    int f_scores = emp__rfm_scores(measures->params, EMP_FREQUENCY), number = (int)group;
    return (struct emp_rfm_bin){
        .measure = m,
        .r_score = !nested ? 0 : 1 + (m == EMP_MONETARY ? number / f_scores : number),
        .f_score = nested && m == EMP_MONETARY ? 1 + number % f_scores : 0,
        .score = 1 + (int)score_of_bin(m, bin, bins),
        .above = bin > 0 ? values[bin - 1] : (double)NAN,
        .up_to = bin + 1 < bins ? values[bin] : (double)NAN,
        .lowest = empty ? (double)NAN : emp__rfm_value(measures, m, content->lowest),
        .highest = empty ? (double)NAN : emp__rfm_value(measures, m, content->highest),
        .customers = content->customers,
    };
}

static emp_status describe_bins(const struct scoring *scoring, emp_error *error)
{
    struct emp_rfm_scores *scores = scoring->scores;
    emp_status status =
        emp__grow_array(&scores->bins, &scores->bin_capacity, scores->bin_count + scoring->bins,
                        sizeof *scores->bins, error);
    for (int m = scoring->range.first; m < scoring->range.end && status == EMP_OK; m++) {
        size_t bins = scoring->cuts[m].count + 1;
        for (size_t g = 0; g < scoring->cuts[m].groups; g++) {
            for (size_t bin = 0; bin < bins; bin++)
                scores->bins[scores->bin_count + score_of_bin(m, bin, bins)] =
                    describe_bin(scoring, m, g, bin);
            scores->bin_count += bins;
        }
    }
    return status;
}

/* Scores a range of measures within groups: all customers, or those of one cell so far. */
static emp_status score_measures(struct emp_rfm_scores *scores, struct emp_measure_range range,
                                 size_t groups, emp_error *error)
{
    struct scoring scoring = {.scores = scores, .range = range};
    struct emp_rfm_groups within = {.count = groups, .code = scores->cell};
    emp_status status = emp__check_cancelled(scores->input->options, error);
    if (status == EMP_OK)
        status = emp__rfm_find_cuts(&scores->measures, range, within, scoring.cuts, error);
    for (int m = range.first; m < range.end; m++) {
        scoring.begin[m] = scoring.bins;
        scoring.bins += groups * (scoring.cuts[m].count + 1);
    }
    if (status == EMP_OK)
        status = fill_bins(&scoring, error);
    if (status == EMP_OK)
        status = describe_bins(&scoring, error);
    free(scoring.contents);
    for (int m = range.first; m < range.end; m++)
        emp__rfm_cuts_free(&scoring.cuts[m]);
    return status;
}

/* All begin in cell 0, but for those who have none. */
static void mark_block(void *user, int worker, size_t first, size_t count)
{
    const struct emp_rfm_scores *scores = user;
    (void)worker;
    for (size_t i = first; i < first + count; i++)
        if (!emp__is_buyer(&scores->measures.view, i))
            scores->cell[i] = EMP_RFM_NO_CELL;
}

emp_status emp__rfm_score(const struct emp_analysis_input *input, struct emp_rfm_scores *out,
                          emp_error *error)
{
    *out = (struct emp_rfm_scores){.params = input->section, .input = input};
    emp_status status = emp__rfm_measure(input, &out->measures, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->cell, out->measures.customers, sizeof *out->cell, error);
    if (status != EMP_OK)
        return status;
    if (out->measures.buyers < out->measures.customers)
        emp__rfm_blocks(&out->measures, mark_block, out);
    if (out->params->method != EMP_RFM_NESTED)
        return score_measures(out, (struct emp_measure_range){0, EMP_MEASURES}, 1, error);
    size_t groups = 1;
    for (int m = 0; m < EMP_MEASURES && status == EMP_OK; m++) {
        status = score_measures(out, (struct emp_measure_range){m, m + 1}, groups, error);
        groups *= (size_t)emp__rfm_scores(out->params, m);
    }
    return status;
}

void emp__rfm_scores_free(struct emp_rfm_scores *scores)
{
    free(scores->cell);
    free(scores->bins);
    *scores = (struct emp_rfm_scores){0};
}
