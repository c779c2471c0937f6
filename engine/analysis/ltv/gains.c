// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/gains.h"

#include <stdlib.h>

#include "analysis/deciles.h"
#include "analysis/ltv/patterns.h"
#include "base/memory.h"

/* Of each customer: the probability of no purchase in the holdout, and whether there was none. */
struct forecast {
    double *probability;
    uint8_t *stayed_away;
};

static emp_status foretell(const struct emp_ltv_work *work, struct forecast *out, emp_error *error)
{
    const struct emp_ltv_sample *sample = &work->calibration;
    const struct emp_lifetime_data data = emp__ltv_data(&work->calibrated);
    const struct emp_lifetime_request request = {.horizon = work->holdout,
                                                 .threads = work->input->threads};
    struct emp_lifetime_columns columns = {.expected = NULL};
    emp_status status = emp__new_array(&columns.no_purchase, data.n, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->probability, sample->count, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->stayed_away, sample->count, 1, error);
    if (status == EMP_OK)
        emp__lifetime_predict(work->rule.model, work->rule.parameter, &data, &request, &columns);
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++) {
        out->probability[i] = columns.no_purchase[work->calibrated.pattern[i]];
        out->stayed_away[i] = sample->holdout[i] == 0;
    }
    free(columns.no_purchase);
    return status;
}

static emp_status rank(const struct forecast *forecast, size_t n, struct emp_decile_row *rows,
                       emp_error *error)
{
    const struct emp_scored scored = {forecast->probability, forecast->stayed_away, NULL,
                                      (uint32_t)n};
    struct emp_ranking_memory memory = {.work = NULL};
    emp_status status = emp__rank_scores(&scored, &memory, error);
    if (status == EMP_OK)
        status = emp__decile_rows(&memory.ranking, &scored, "holdout", rows, error);
    emp__ranking_memory_free(&memory);
    return status;
}

emp_status emp__ltv_gains(const struct emp_ltv_work *work, struct emp_result *result,
                          emp_error *error)
{
    bool judged = work->has_holdout && work->rule.model && work->calibration.count > 0;
    struct emp_decile_row rows[EMP_DECILES];
    struct forecast forecast = {.probability = NULL};
    struct emp_table *table = NULL;
    emp_status status = judged ? foretell(work, &forecast, error) : EMP_OK;
    if (status == EMP_OK && judged)
        status = rank(&forecast, work->calibration.count, rows, error);
    if (status == EMP_OK)
        status =
            emp__result_add_table(result, "ltv_deciles", judged ? EMP_DECILES : 0, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_fields(table, emp__decile_fields,
                                       (struct emp_table_items){rows, sizeof *rows}, error);
    free(forecast.probability);
    free(forecast.stayed_away);
    return status;
}
