// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/rules.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"

struct level_rule {
    const char *name;
    int low[EMP_MEASURES], high[EMP_MEASURES];
};

/*
 * The default segments, over levels 1 to 5 of recency and frequency: every cell belongs to exactly
 * one. Monetary value does not decide here, since it goes along with frequency.
 */
static const struct level_rule default_rules[] = {
    {"Champions", {4, 4, 1}, {5, 5, 5}},
    {"Loyal", {3, 4, 1}, {3, 5, 5}},
    {"Potential loyal", {4, 2, 1}, {5, 3, 5}},
    {"New", {5, 1, 1}, {5, 1, 5}},
    {"Promising", {4, 1, 1}, {4, 1, 5}},
    {"Need attention", {3, 3, 1}, {3, 3, 5}},
    {"About to sleep", {3, 1, 1}, {3, 2, 5}},
    {"Cannot lose", {1, 5, 1}, {2, 5, 5}},
    {"At risk", {1, 3, 1}, {2, 4, 5}},
    {"Hibernating", {2, 1, 1}, {2, 2, 5}},
    {"Lost", {1, 1, 1}, {1, 2, 5}},
};

enum { DEFAULT_COUNT = sizeof default_rules / sizeof default_rules[0], LEVELS = 5 };

size_t emp__rfm_segment_count(const struct emp_rfm_params *params)
{
    return params->segments.count ? params->segments.count : DEFAULT_COUNT;
}

const char *emp__rfm_segment_name(const struct emp_rfm_params *params, size_t segment)
{
    return params->segments.count ? params->segments.items[segment].name
                                  : default_rules[segment].name;
}

int emp__rfm_scores(const struct emp_rfm_params *params, int measure)
{
    return params->method == EMP_RFM_THRESHOLDS ? (int)params->thresholds.count[measure] + 1
                                                : (int)params->bins.of[measure];
}

/* A score as a level from 1 to 5: the lowest is 1, the highest 5, the others evenly between. */
static int level_of(int score, int bins)
{
    int steps = bins - 1;
    return 1 + ((LEVELS - 1) * (score - 1) * 2 + steps) / (2 * steps);
}

/* Does a segment hold the cell? The default ones are over levels. */
static bool holds(const struct emp_rfm_params *params, size_t segment,
                  const int scores[EMP_MEASURES])
{
    for (int m = 0; m < EMP_MEASURES; m++) {
        if (params->segments.count) {
            const struct emp_rfm_rule *rule = &params->segments.items[segment];
            if (scores[m] < rule->low[m] || scores[m] > rule->high[m])
                return false;
            continue;
        }
        int level = level_of(scores[m], emp__rfm_scores(params, m));
        const struct level_rule *rule = &default_rules[segment];
        if (level < rule->low[m] || level > rule->high[m])
            return false;
    }
    return true;
}

int emp__rfm_segment(const struct emp_rfm_params *params, const int scores[EMP_MEASURES])
{
    size_t count = emp__rfm_segment_count(params);
    for (size_t i = 0; i < count; i++)
        if (holds(params, i, scores))
            return (int)i;
    return -1;
}

/* What the rules say of one cell; the first few cells of each kind are named. */
struct coverage {
    uint64_t overlaps, gaps, cells;
    struct emp_buffer overlap_text, gap_text;
    bool *reached; /* for each segment: some cell goes to it */
};

enum { NAMED_CELLS = 10 };

static emp_status cover_cell(const struct emp_rfm_params *params, const int scores[EMP_MEASURES],
                             struct coverage *coverage, emp_error *error)
{
    size_t first = 0, second = 0, holders = 0;
    for (size_t i = 0; i < emp__rfm_segment_count(params); i++) {
        if (!holds(params, i, scores))
            continue;
        holders++;
        if (holders == 1)
            first = i;
        else if (holders == 2)
            second = i;
    }
    coverage->cells++;
    if (holders > 0)
        coverage->reached[first] = true;
    if (holders == 0 && ++coverage->gaps <= NAMED_CELLS)
        return emp__buffer_printf(&coverage->gap_text, error, "    %d-%d-%d\n", scores[0],
                                  scores[1], scores[2]);
    if (holders > 1 && ++coverage->overlaps <= NAMED_CELLS)
        return emp__buffer_printf(&coverage->overlap_text, error,
                                  "    %d-%d-%d goes to '%s', and '%s' claims it too\n", scores[0],
                                  scores[1], scores[2], emp__rfm_segment_name(params, first),
                                  emp__rfm_segment_name(params, second));
    return EMP_OK;
}

static emp_status cover_all(const struct emp_rfm_params *params, struct coverage *coverage,
                            emp_error *error)
{
    int scores[EMP_MEASURES];
    emp_status status = EMP_OK;
    for (scores[0] = 1; scores[0] <= emp__rfm_scores(params, 0); scores[0]++)
        for (scores[1] = 1; scores[1] <= emp__rfm_scores(params, 1); scores[1]++)
            for (scores[2] = 1; scores[2] <= emp__rfm_scores(params, 2) && status == EMP_OK;
                 scores[2]++)
                status = cover_cell(params, scores, coverage, error);
    return status;
}

static emp_status explain_coverage(const struct emp_rfm_params *params,
                                   const struct coverage *coverage, struct emp_buffer *out,
                                   emp_error *error)
{
    emp_status status =
        emp__buffer_printf(out, error, "  segments: %zu%s over %" PRIu64 " cells (R-F-M)\n",
                           emp__rfm_segment_count(params),
                           params->segments.count ? "" : " (the default table)", coverage->cells);
    if (status == EMP_OK)
        status = emp__buffer_printf(
            out, error, "  cells of more than one segment: %" PRIu64 "%s\n%s", coverage->overlaps,
            coverage->overlaps ? " (the first rule wins)" : "",
            coverage->overlaps ? coverage->overlap_text.data : "");
    if (status == EMP_OK)
        status = emp__buffer_printf(out, error, "  cells of no segment: %" PRIu64 "%s\n%s",
                                    coverage->gaps,
                                    coverage->gaps ? " (their customers are 'Unassigned')" : "",
                                    coverage->gaps ? coverage->gap_text.data : "");
    for (size_t i = 0; i < emp__rfm_segment_count(params) && status == EMP_OK; i++)
        if (!coverage->reached[i])
            status = emp__buffer_printf(out, error, "  no cell goes to '%s'\n",
                                        emp__rfm_segment_name(params, i));
    return status;
}

emp_status emp__rfm_explain_segments(const struct emp_rfm_params *params, struct emp_buffer *out,
                                     emp_error *error)
{
    struct coverage coverage = {0};
    emp_status status = emp__new_array(&coverage.reached, emp__rfm_segment_count(params),
                                       sizeof *coverage.reached, error);
    if (status == EMP_OK)
        status = cover_all(params, &coverage, error);
    if (status == EMP_OK)
        status = explain_coverage(params, &coverage, out, error);
    emp__buffer_free(&coverage.overlap_text);
    emp__buffer_free(&coverage.gap_text);
    free(coverage.reached);
    return status;
}
