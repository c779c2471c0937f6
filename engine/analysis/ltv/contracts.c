// SPDX-License-Identifier: Apache-2.0
/*
 * The sample of contracts: how often each was renewed, and whether it is over. Of dates: renewals
 * are due a unit after the start, and so on; a contract that ended in the time between two of them
 * was not renewed at the second, and one that ended on the very day was not renewed on it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/ltv/columns.h"
#include "analysis/ltv/sample.h"
#include "base/error.h"
#include "base/memory.h"
#include "text/civil_time.h"
#include "text/time_parse.h"

/* --- Periods --- */

static emp_status fill_periods(const struct emp_analysis_input *input, struct emp_ltv_sample *out,
                               emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    const struct emp_ltv_columns *columns = &params->columns;
    const double *periods = emp__ltv_numbers(input, &columns->periods);
    const double *ended = emp__ltv_numbers(input, &columns->ended);
    for (size_t i = 0; i < out->count; i++) {
        uint32_t c = out->customer[i];
        if (!emp__ltv_is_whole(periods[c]))
            return emp__ltv_refuse(input, &columns->periods, c, "a whole number of 0 or more",
                                   error);
        if (ended[c] != 0.0 && ended[c] != 1.0)
            return emp__ltv_refuse(input, &columns->ended, c, "0 or 1", error);
        out->x[i] = (uint32_t)periods[c];
        out->ended[i] = ended[c] == 1.0;
    }
    return EMP_OK;
}

static emp_status list_periods(const struct emp_analysis_input *input, struct emp_ltv_sample *out,
                               emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    return emp__ltv_list(input, emp__ltv_numbers(input, &params->columns.periods),
                         emp__ltv_numbers(input, &params->columns.ended), out, error);
}

/* --- Dates --- */

/* The days of a column, by number of the customer; NaN: none. To be freed. */
static emp_status read_days(const struct emp_analysis_input *input,
                            const struct emp_column_ref *column, double **out, emp_error *error)
{
    const struct emp_category *category = emp__attributes_category(input->attributes, column->name);
    const struct emp_levels *levels = &category->levels;
    struct emp_time_format iso;
    size_t bad, all = input->customers->ids.count;
    double *day = NULL;
    emp_status status = emp__new_array(&day, levels->count, sizeof *day, error);
    if (status == EMP_OK)
        status = emp__new_array(out, all, sizeof **out, error);
    emp__time_compile(NULL, &iso, &bad);
    for (size_t l = 0; l < levels->count && status == EMP_OK; l++) {
        const char *text = levels->texts[l];
        int64_t seconds = 0;
        if (!emp__time_parse_plain(&iso, text, strlen(text), &seconds))
            status = emp__fail_at(error, EMP_ERR_DATA, column->place,
                                  "'%s' in '%s' is no date like 2025-12-31", text, column->name);
        day[l] = (double)emp__day_of_seconds(seconds);
    }
    for (size_t c = 0; c < all && status == EMP_OK; c++)
        (*out)[c] = category->codes[c] == EMP_NO_LEVEL ? NAN : day[category->codes[c]];
    free(day);
    return status;
}

static emp_status fill_dates(const struct emp_analysis_input *input, const double *start,
                             const double *end, struct emp_ltv_sample *out, emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    char id[EMP_ID_MAX + 1];
    for (size_t i = 0; i < out->count; i++) {
        uint32_t c = out->customer[i];
        bool ended = end[c] <= out->day; /* not for NaN: it goes on */
        int32_t last = ended ? (int32_t)end[c] : out->day;
        if (end[c] < start[c])
            return emp__fail_at(error, EMP_ERR_DATA, params->columns.end.place,
                                "the contract of customer %s ended before it started",
                                emp__id_text(&input->customers->ids, c, id));
        double time = emp__ltv_time(params->unit, (int32_t)start[c], last);
        out->x[i] = (uint32_t)(ended ? fmax(ceil(time) - 1.0, 0.0) : floor(time));
        out->ended[i] = ended;
    }
    return EMP_OK;
}

/* Contracts that have not begun yet are left out. */
static void drop_future(struct emp_ltv_sample *out, const double *start)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (start[out->customer[i]] <= out->day)
            out->customer[kept++] = out->customer[i];
    out->count = kept;
}

static emp_status find_day(const struct emp_ltv_params *params, int32_t analysis_day, int32_t *out,
                           emp_error *error)
{
    bool given = params->observation_end != EMP_NO_DATE;
    *out = given ? (int32_t)params->observation_end : analysis_day;
    if (*out != EMP_NO_DAY)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_PARAMS, params->columns.start.place,
                        "'ltv.columns.start' needs 'ltv.observation_end' or 'analysis_date': the "
                        "day up to which it is known who has left");
}

/* --- Both --- */

static emp_status take(struct emp_store *store, struct emp_ltv_sample *out, bool spend,
                       emp_error *error)
{
    emp_status status = emp__store_take(store, out->count, sizeof *out->x, &out->x, error);
    if (status == EMP_OK)
        status = emp__store_take(store, out->count, sizeof *out->ended, &out->ended, error);
    if (status == EMP_OK && spend)
        status = emp__store_take(store, out->count, sizeof *out->spend, &out->spend, error);
    return status;
}

static emp_status fill(const struct emp_analysis_input *input, const double *start,
                       const double *end, struct emp_ltv_sample *out, emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    const double *spend = emp__ltv_numbers(input, &params->columns.spend);
    if (params->spend == EMP_LTV_NO_SPEND)
        spend = NULL;
    emp_status status = take(input->customers->store, out, spend != NULL, error);
    if (status == EMP_OK)
        status =
            start ? fill_dates(input, start, end, out, error) : fill_periods(input, out, error);
    for (size_t i = 0; i < out->count && spend && status == EMP_OK; i++)
        out->spend[i] = spend[out->customer[i]];
    return status == EMP_OK ? emp__ltv_weights(input, out, error) : status;
}

emp_status emp__ltv_contracts(const struct emp_analysis_input *input, int32_t day,
                              struct emp_ltv_sample *out, emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    double *start = NULL, *end = NULL;
    emp_status status = EMP_OK;
    if (!params->columns.start.name) {
        status = list_periods(input, out, error);
        return status == EMP_OK ? fill(input, NULL, NULL, out, error) : status;
    }
    status = find_day(params, day, &out->day, error);
    if (status == EMP_OK)
        status = read_days(input, &params->columns.start, &start, error);
    if (status == EMP_OK)
        status = read_days(input, &params->columns.end, &end, error);
    if (status == EMP_OK)
        status = emp__ltv_list(input, start, NULL, out, error);
    if (status == EMP_OK)
        drop_future(out, start);
    if (status == EMP_OK)
        status = fill(input, start, end, out, error);
    free(start);
    free(end);
    return status;
}
