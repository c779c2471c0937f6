// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/sample.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/ltv/patterns.h"
#include "analysis/ltv/validation.h"
#include "base/error.h"
#include "base/parallel.h"
#include "features/feature_view.h"
#include "number/ratio.h"

/* --- The days --- */

/* The last day that is looked at; `end` is the first of which nothing is known. */
static int64_t observation_day(const struct emp_ltv_params *params, int32_t end)
{
    return params->observation_end == EMP_NO_DATE ? (int64_t)end - 1 : params->observation_end;
}

/* The cut after a day, unless that is the end of what is known anyway. */
static emp_status add_cutoff(struct emp_cutoffs *cutoffs, int64_t day, emp_error *error)
{
    if (day + 1 == cutoffs->end)
        return EMP_OK;
    return emp__cutoffs_add(cutoffs, (int32_t)day + 1, (int32_t)day + 1, error);
}

emp_status emp__ltv_cutoffs(const struct emp_ltv_params *params, struct emp_cutoffs *cutoffs,
                            emp_error *error)
{
    if (params->source != EMP_LTV_HISTORY)
        return EMP_OK;
    int64_t observation = observation_day(params, cutoffs->end);
    if (observation >= cutoffs->end)
        return emp__fail_at(error, EMP_ERR_PARAMS, params->observation,
                            "'ltv.observation_end' is %" PRId64
                            " days after the last day that is known of the history",
                            observation - cutoffs->end + 1);
    if (params->calibration_end != EMP_NO_DATE && params->calibration_end >= observation)
        return emp__fail_at(error, EMP_ERR_PARAMS, params->calibration,
                            "'ltv.calibration_end' must be before the last day that is looked at");
    emp_status status = add_cutoff(cutoffs, observation, error);
    if (status != EMP_OK || params->calibration_end == EMP_NO_DATE)
        return status;
    status = add_cutoff(cutoffs, params->calibration_end, error);
    if (status != EMP_OK)
        return status;
    return add_cutoff(cutoffs, emp__ltv_day_before(params->calibration_end, observation), error);
}

/* --- A sample of the history --- */

emp_status emp__ltv_sample_take(struct emp_store *store, size_t count, bool spend,
                                struct emp_ltv_sample *out, emp_error *error)
{
    emp_status status = emp__store_take(store, count, sizeof *out->x, &out->x, error);
    if (status == EMP_OK)
        status = emp__store_take(store, count, sizeof *out->t_x, &out->t_x, error);
    if (status == EMP_OK)
        status = emp__store_take(store, count, sizeof *out->age, &out->age, error);
    if (status == EMP_OK && spend)
        status = emp__store_take(store, count, sizeof *out->spend, &out->spend, error);
    return status;
}

/* What the customers of a sample are made of. */
struct source {
    const struct emp_ltv_params *params;
    struct emp_customers at; /* that day */
    const struct emp_visits *visits;
    struct emp_feature_view view;
    struct emp_ltv_sample *out;
};

enum { BLOCK = 1 << 14 };

static void fill_customer(const struct source *source, size_t i)
{
    struct emp_ltv_sample *out = source->out;
    uint32_t customer = out->customer[i];
    const struct emp_visits *visits = &source->visits[customer];
    int32_t birth = source->at.summary[customer].first_day;
    int64_t repeat = visits->bought + (source->view.net ? visits->returned : 0);
    out->x[i] = visits->count - 1;
    out->birth[i] = birth;
    out->t_x[i] =
        visits->count > 1 ? emp__ltv_time_seen(source->params, birth, visits->last_day) : 0.0;
    out->age[i] = emp__ltv_time_seen(source->params, birth, out->day);
    if (out->spend) {
        out->spend[i] = out->x[i] > 0 ? emp__ratio(repeat, out->x[i] * source->view.unit) : NAN;
        out->past[i] = emp__ratio(emp__revenue(&source->view, customer), source->view.unit);
    }
}

static emp_status fill_block(void *user, size_t block, emp_error *error)
{
    const struct source *source = user;
    size_t end =
        (block + 1) * BLOCK < source->out->count ? (block + 1) * BLOCK : source->out->count;
    (void)error;
    for (size_t i = block * BLOCK; i < end; i++)
        fill_customer(source, i);
    emp__store_touched(source->at.store, BLOCK * sizeof(struct emp_visits));
    return EMP_OK;
}

/* Everybody who had bought, in order of id. */
static emp_status list_buyers(const struct emp_analysis_input *input, struct source *source,
                              emp_error *error)
{
    struct emp_ltv_sample *out = source->out;
    size_t all = source->at.ids.count;
    emp_status status =
        emp__store_take(source->at.store, all, sizeof *out->customer, &out->customer, error);
    for (size_t i = 0; i < all && status == EMP_OK; i++)
        if (source->visits[input->by_id[i]].count > 0)
            out->customer[out->count++] = input->by_id[i];
    return status;
}

/* The customers as they were at the end of a day, which is that of a cut-off or of all. */
static struct emp_customers customers_on(const struct emp_customers *customers, int32_t day)
{
    size_t cutoff = emp__customers_cutoff(customers, day + 1, day + 1);
    return cutoff < customers->cutoffs ? emp__customers_at(customers, cutoff) : *customers;
}

static emp_status sample_on(const struct emp_analysis_input *input, int32_t day,
                            struct emp_ltv_sample *out, emp_error *error)
{
    const struct emp_ltv_params *params = input->section;
    struct source source = {.params = params, .out = out};
    source.at = customers_on(input->customers, day);
    source.visits = source.at.visits[params->merge];
    source.view = emp__feature_view(&source.at, params->input, EMP_MERGE_ROW, day);
    out->day = day;
    out->visits = source.visits;
    emp_status status = list_buyers(input, &source, error);
    if (status == EMP_OK)
        status = emp__ltv_sample_take(source.at.store, out->count,
                                      params->spend != EMP_LTV_NO_SPEND, out, error);
    if (status == EMP_OK)
        status =
            emp__store_take(source.at.store, out->count, sizeof *out->birth, &out->birth, error);
    if (status == EMP_OK && out->spend)
        status = emp__store_take(source.at.store, out->count, sizeof *out->past, &out->past, error);
    if (status == EMP_OK)
        status = emp__parallel(input->threads, (out->count + BLOCK - 1) / BLOCK, fill_block,
                               &source, error);
    return status;
}

/* What the customers of the calibration did after it. */
static emp_status count_holdout(struct emp_ltv_work *work, emp_error *error)
{
    struct emp_ltv_sample *sample = &work->calibration;
    const struct emp_visits *later = work->observation.visits;
    emp_status status = emp__store_take(work->input->customers->store, sample->count,
                                        sizeof *sample->holdout, &sample->holdout, error);
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++) {
        uint32_t customer = sample->customer[i];
        sample->holdout[i] = later[customer].count - sample->visits[customer].count;
    }
    return status;
}

static void note_calendar(struct emp_ltv_work *work)
{
    const struct emp_customers *customers = work->input->customers;
    if (customers->first_day == EMP_NO_DAY || customers->first_day > work->observation.day)
        return;
    int32_t last =
        customers->last_day < work->observation.day ? customers->last_day : work->observation.day;
    work->calendar = (struct emp_ltv_calendar){
        .first_day = customers->first_day,
        .days = (size_t)(last - customers->first_day) + 1,
        .repeats = customers->repeats[work->params->merge],
    };
}

static emp_status history_samples(struct emp_ltv_work *work, bool fit, emp_error *error)
{
    const struct emp_ltv_params *params = work->params;
    const struct emp_customers *customers = work->input->customers;
    if (work->input->analysis_day == EMP_NO_DAY)
        return EMP_OK; /* no date, since there are no rows */
    int32_t known = customers->end - 1;
    int32_t day = fit ? (int32_t)observation_day(params, customers->end) : known;
    emp_status status = sample_on(work->input, day, &work->observation, error);
    work->has_holdout = fit && params->calibration_end != EMP_NO_DATE;
    if (status == EMP_OK)
        note_calendar(work);
    if (status != EMP_OK || !work->has_holdout)
        return status;
    int32_t calibration = (int32_t)params->calibration_end;
    work->holdout = emp__ltv_time_seen(params, calibration, day);
    status = sample_on(work->input, calibration, &work->calibration, error);
    return status == EMP_OK ? count_holdout(work, error) : status;
}

/* --- Both samples --- */

static emp_status merge_patterns(struct emp_ltv_work *work, emp_error *error)
{
    struct emp_store *store = work->input->customers->store;
    int threads = work->input->threads;
    emp_status status =
        emp__ltv_patterns(&work->observation, threads, store, &work->observed, error);
    if (status == EMP_OK && work->has_holdout)
        return emp__ltv_patterns(&work->calibration, threads, store, &work->calibrated, error);
    work->calibrated = work->observed;
    return status;
}

emp_status emp__ltv_samples(struct emp_ltv_work *work, enum emp_use use, emp_error *error)
{
    const struct emp_ltv_params *params = work->params;
    emp_status status;
    work->observation.day = work->calibration.day = EMP_NO_DAY;
    if (params->source == EMP_LTV_HISTORY)
        status = history_samples(work, use == EMP_USE_FIT, error);
    else if (params->source == EMP_LTV_TABLE)
        status = emp__ltv_table(work->input, &work->observation, error);
    else
        status =
            emp__ltv_contracts(work->input, work->input->analysis_day, &work->observation, error);
    if (!work->has_holdout)
        work->calibration = work->observation;
    return status == EMP_OK ? merge_patterns(work, error) : status;
}

static void give(struct emp_store *store, struct emp_ltv_sample *sample)
{
    emp__store_give(store, sample->customer);
    emp__store_give(store, sample->x);
    emp__store_give(store, sample->t_x);
    emp__store_give(store, sample->age);
    emp__store_give(store, sample->spend);
    emp__store_give(store, sample->past);
    emp__store_give(store, sample->birth);
    emp__store_give(store, sample->weight);
    emp__store_give(store, sample->ended);
    emp__store_give(store, sample->holdout);
    *sample = (struct emp_ltv_sample){.count = 0};
}

void emp__ltv_samples_free(struct emp_ltv_work *work)
{
    struct emp_store *store = work->input->customers->store;
    if (work->has_holdout) {
        give(store, &work->calibration);
        emp__ltv_patterns_give(store, &work->calibrated);
    }
    if (!work->observed_kept)
        emp__ltv_patterns_give(store, &work->observed);
    give(store, &work->observation);
}
