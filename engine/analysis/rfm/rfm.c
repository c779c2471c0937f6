// SPDX-License-Identifier: Apache-2.0
/*
 * RFM (Hughes 1994): how recently, how often and for how much a customer bought, each as a score,
 * and a name for the cell of scores.
 *
 *   recency_days = days from the last purchase to the analysis date
 *   frequency    = number of purchases (orders, days or rows: `merge`)
 *   monetary     = sum, or mean, of what the purchases were worth (`returns` says about refunds)
 *
 * Scores count upward from 1 and a higher one is better. A customer without a purchase (who has
 * returns only, or stands in the customers file only) has no recency, hence no scores, and belongs
 * to "No purchase".
 */
#include "analysis/rfm/rfm.h"

#include "analysis/rfm/cells.h"
#include "analysis/rfm/columns.h"
#include "analysis/rfm/params.h"
#include "analysis/rfm/rules.h"
#include "analysis/rfm/scores.h"
#include "analysis/rfm/tables.h"

/* Ties that left scores empty are said, never mended silently. */
static emp_status warn_of_empty_bins(const struct emp_rfm_scores *scores, struct emp_result *result,
                                     emp_error *error)
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
        const char *reason = scores->measures.buyers < bins
                                 ? "there are fewer customers than scores"
                                 : "equal values have equal scores";
        if (all == bins)
            status = emp__result_warn(result, error,
                                      "%s: %zu of %zu scores are used, since %s (see rfm_cuts)",
                                      emp__measure_names[m], bins - empty, bins, reason);
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
    size_t n = scores->measures.customers;
    emp_status status = EMP_OK;
    if (n == 0)
        return emp__result_warn(result, error, "rfm: there are no customers to score");
    if (scores->params->method != EMP_RFM_THRESHOLDS)
        status = warn_of_empty_bins(scores, result, error);
    if (status == EMP_OK && scores->measures.buyers < n)
        status = emp__result_warn(result, error,
                                  "%zu of %zu customers have no purchase, and so no scores",
                                  n - scores->measures.buyers, n);
    return status;
}

static emp_status run(const struct emp_analysis_input *input, struct emp_result *result,
                      emp_error *error)
{
    struct emp_rfm_scores scores;
    struct emp_rfm_cells cells = {0};
    emp_status status = emp__rfm_score(input, &scores, error);
    if (status == EMP_OK)
        status = emp__rfm_assign(&scores, &cells, error);
    if (status == EMP_OK)
        status = emp__rfm_columns(&scores, &cells, emp__result_customers(result), error);
    if (status == EMP_OK)
        status = emp__rfm_cuts_table(&scores, result, error);
    if (status == EMP_OK)
        status = emp__rfm_segments_table(&scores, &cells, result, error);
    if (status == EMP_OK)
        status = warn(&scores, result, error);
    emp__rfm_cells_free(&cells);
    emp__rfm_scores_free(&scores);
    return status;
}

static struct emp_needs needs(const void *section)
{
    const struct emp_rfm_params *params = section;
    struct emp_needs needs = emp__purchases_needs((enum emp_merge)params->merge);
    needs.transactions = true;
    return needs;
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
