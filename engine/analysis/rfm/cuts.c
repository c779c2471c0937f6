// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/cuts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/rfm/rules.h"
#include "base/memory.h"
#include "order/bins.h"

static emp_status new_cuts(const struct emp_rfm_measures *measures, int m, size_t groups,
                           struct emp_rfm_cuts *out, emp_error *error)
{
    out->groups = groups;
    out->count = (size_t)emp__rfm_scores(measures->params, m) - 1;
    size_t all = groups * out->count;
    emp_status status = emp__new_array(&out->key, all, sizeof *out->key, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->equal, all, sizeof *out->equal, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->value, all, sizeof *out->value, error);
    for (size_t i = 0; i < all && status == EMP_OK; i++)
        out->value[i] = NAN;
    return status;
}

static void take_thresholds(const struct emp_rfm_measures *measures, int m,
                            struct emp_rfm_cuts *out)
{
    bool none = measures->buyers == 0;
    for (size_t k = 0; k < out->count; k++) {
        out->key[k] = emp__rfm_threshold_key(measures, m, k);
        out->value[k] = none ? (double)NAN : emp__rfm_threshold(measures, m, k);
    }
}

/* The places that the cuts of all groups need, two for each cut. Empty groups have no cuts. */
static size_t list_places(const struct emp_rfm_selection *selection, int m,
                          const struct emp_rfm_cuts *cuts, struct emp_rfm_place *out)
{
    size_t filled = 0;
    int bins = (int)cuts->count + 1;
    for (size_t g = 0; g < cuts->groups; g++)
        for (int k = 1; k < bins && selection->size[g] > 0; k++) {
            uint32_t rest;
            size_t position = emp__cut_position(selection->size[g], k, bins, &rest);
            out[filled++] = (struct emp_rfm_place){.measure = m, .group = g, .position = position};
            out[filled++] = (struct emp_rfm_place){
                .measure = m, .group = g, .position = rest ? position + 1 : position};
        }
    return filled;
}

/* The places in the order of list_places(). */
static void take_quantiles(const struct emp_rfm_selection *selection, int m,
                           const struct emp_rfm_place *places, struct emp_rfm_cuts *out)
{
    const struct emp_rfm_measures *measures = selection->measures;
    int bins = (int)out->count + 1;
    for (size_t g = 0; g < out->groups; g++)
        for (int k = 1; k < bins && selection->size[g] > 0; k++, places += 2) {
            size_t cut = g * out->count + (size_t)k - 1;
            uint32_t rest;
            emp__cut_position(selection->size[g], k, bins, &rest);
            out->key[cut] = places[0].key;
            out->equal[cut] = places[0].equals;
            if (measures->params->ties == EMP_TIES_VALUE)
                out->value[cut] = emp__rfm_between(measures, m, places[0].key, places[1].key, rest,
                                                   (uint32_t)bins);
        }
}

static emp_status select_cuts(const struct emp_rfm_selection *selection, struct emp_rfm_cuts *out,
                              emp_error *error)
{
    struct emp_rfm_place *places = NULL;
    size_t room = 0, begin[EMP_MEASURES + 1] = {0};
    for (int m = selection->range.first; m < selection->range.end; m++)
        room += 2 * out[m].groups * out[m].count;
    emp_status status = emp__new_array(&places, room, sizeof *places, error);
    if (status != EMP_OK)
        return status;
    for (int m = selection->range.first; m < selection->range.end; m++)
        begin[m + 1] = begin[m] + list_places(selection, m, &out[m], places + begin[m]);
    status = emp__rfm_selection_find(selection, places, begin[selection->range.end], error);
    for (int m = selection->range.first; m < selection->range.end && status == EMP_OK; m++)
        take_quantiles(selection, m, places + begin[m], &out[m]);
    free(places);
    return status;
}

emp_status emp__rfm_find_cuts(const struct emp_rfm_measures *measures,
                              struct emp_measure_range range, struct emp_rfm_groups groups,
                              struct emp_rfm_cuts *out, emp_error *error)
{
    struct emp_rfm_selection selection = {0};
    bool thresholds = measures->params->method == EMP_RFM_THRESHOLDS;
    emp_status status = EMP_OK;
    for (int m = range.first; m < range.end && status == EMP_OK; m++) {
        status = new_cuts(measures, m, groups.count, &out[m], error);
        if (status == EMP_OK && thresholds)
            take_thresholds(measures, m, &out[m]);
    }
    if (status == EMP_OK && !thresholds)
        status = emp__rfm_selection_new(measures, range, groups, &selection, error);
    if (status == EMP_OK && !thresholds)
        status = select_cuts(&selection, out, error);
    emp__rfm_selection_free(&selection);
    return status;
}

void emp__rfm_cuts_free(struct emp_rfm_cuts *cuts)
{
    free(cuts->key);
    free(cuts->equal);
    free(cuts->value);
    *cuts = (struct emp_rfm_cuts){0};
}
