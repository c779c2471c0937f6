// SPDX-License-Identifier: Apache-2.0
/*
 * The tables of a generation (see generate_plan.h).
 *
 * Season: day d has the factor s_d = month factor x weekday factor. Even time is mapped to the
 * calendar by the piecewise linear function whose inverse is S(d) = D (s_0 + ... + s_{d-1}) / (s_0
 * +
 * ... + s_{D-1}), D being the days of the period: a Poisson process in even time becomes one whose
 * rate is proportional to s_d, and the whole period stays as long as it was.
 */
#include "generate/generate_plan.h"

#include <string.h>

#include <emptor/generate.h>

#include "base/memory.h"
#include "text/civil_time.h"
#include "text/number_format.h"

enum { DATE_LENGTH = 10 };

static emp_status make_dates(struct emp_generate_plan *plan, emp_error *error)
{
    emp_status status = emp__new_array(&plan->dates, plan->days, DATE_LENGTH, error);
    for (uint32_t day = 0; day < plan->days && status == EMP_OK; day++) {
        char text[16];
        emp__format_date(plan->params->start + day, text);
        memcpy(plan->dates + (size_t)day * DATE_LENGTH, text, DATE_LENGTH);
    }
    return status;
}

static double factor_of(const struct emp_generate_params *params, int64_t day)
{
    int year, month, of_month;
    emp__civil_from_days(day, &year, &month, &of_month);
    int64_t weekday = ((day + 3) % 7 + 7) % 7; /* 1970-01-01 was a Thursday; Monday is 0 */
    double factor = params->months.count ? params->months.values[month - 1] : 1.0;
    return params->weekdays.count ? factor * params->weekdays.values[weekday] : factor;
}

static void fill_guide(struct emp_generate_plan *plan)
{
    uint32_t day = 0;
    for (uint32_t moment = 0; moment < plan->days; moment++) {
        while (day + 1 < plan->days && plan->season[day + 1] <= moment)
            day++;
        plan->guide[moment] = day;
    }
}

static emp_status make_season(struct emp_generate_plan *plan, emp_error *error)
{
    if (plan->params->months.count == 0 && plan->params->weekdays.count == 0)
        return EMP_OK;
    emp_status status =
        emp__new_array(&plan->season, (size_t)plan->days + 1, sizeof *plan->season, error);
    if (status == EMP_OK)
        status = emp__new_array(&plan->guide, plan->days, sizeof *plan->guide, error);
    if (status != EMP_OK)
        return status;
    for (uint32_t day = 0; day < plan->days; day++)
        plan->season[day + 1] =
            plan->season[day] + factor_of(plan->params, plan->params->start + day);
    double sum = plan->season[plan->days];
    if (!(sum > 0.0))
        return emp__fail(error, EMP_ERR_PARAMS,
                         "'season' gives every day of the period the factor 0: nobody could buy");
    for (uint32_t day = 1; day <= plan->days; day++)
        plan->season[day] = plan->season[day] / sum * plan->length;
    fill_guide(plan);
    return EMP_OK;
}

static emp_status make_alias(const double *weights, uint32_t count, struct emp_owned_alias *out,
                             emp_error *error)
{
    uint32_t *work = NULL;
    emp_status status = emp__new_array(&work, count, sizeof *work, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->accept, count, sizeof *out->accept, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->alias, count, sizeof *out->alias, error);
    if (status == EMP_OK) {
        emp__alias_build(weights, count, out->accept, out->alias, work);
        out->table = (struct emp_alias){count, out->accept, out->alias};
    }
    free(work);
    return status;
}

static emp_status make_products(struct emp_generate_plan *plan, emp_error *error)
{
    const struct emp_generate_params *params = plan->params;
    uint32_t count = (uint32_t)params->products;
    double *weights = NULL;
    emp_status status = emp__new_array(&weights, count, sizeof *weights, error);
    if (status == EMP_OK) {
        emp__zipf_weights(params->products_exponent, count, weights);
        status = make_alias(weights, count, &plan->products, error);
    }
    if (status == EMP_OK)
        status = emp__new_array(&plan->cost, count, sizeof *plan->cost, error);
    if (status == EMP_OK)
        status = emp__new_array(&plan->long_name, count, sizeof *plan->long_name, error);
    for (uint32_t product = 0; product < count && status == EMP_OK; product++) {
        struct emp_stream stream;
        emp__stream_open(&stream, plan->seed, EMP_DRAW_PRODUCT, product);
        double width = params->cost_high - params->cost_low;
        plan->cost[product] = params->cost_low + width * emp__stream_uniform(&stream);
        plan->long_name[product] = emp__stream_uniform(&stream) < params->quoted_products;
    }
    free(weights);
    return status;
}

static void list_faults(struct emp_generate_plan *plan)
{
    bool wanted[EMP_FAULT_COUNT] = {false};
    for (size_t i = 0; i < plan->params->dirty_faults.count; i++)
        wanted[emp__fault_find(plan->params->dirty_faults.items[i])] = true;
    for (int fault = 0; fault < EMP_FAULT_COUNT; fault++)
        if (wanted[fault])
            plan->faults[plan->fault_count++] = fault;
}

emp_status emp__generate_plan_make(const struct emp_generate_params *params,
                                   struct emp_generate_plan *out, emp_error *error)
{
    static const char delimiters[] = ",;\t|";
    struct emp_generate_plan plan = {
        .params = params,
        .seed = (uint64_t)params->seed,
        .customers = (uint32_t)params->customers,
        .days = (uint32_t)(params->end - params->start),
        .length = (double)(params->end - params->start),
        .delimiter = delimiters[params->delimiter],
        .unit = 1.0,
    };
    for (int64_t i = 0; i < params->spend_decimals; i++)
        plan.unit *= 10.0;
    list_faults(&plan);
    emp_status status = make_dates(&plan, error);
    if (status == EMP_OK)
        status = make_season(&plan, error);
    if (status == EMP_OK)
        status = make_products(&plan, error);
    if (status == EMP_OK)
        status =
            make_alias(params->channels.weights, params->channels.count, &plan.channels, error);
    if (status == EMP_OK)
        *out = plan;
    else
        emp__generate_plan_free(&plan);
    return status;
}

static void free_alias(struct emp_owned_alias *alias)
{
    free(alias->accept);
    free(alias->alias);
}

void emp__generate_plan_free(struct emp_generate_plan *plan)
{
    free(plan->dates);
    free(plan->season);
    free(plan->guide);
    free(plan->cost);
    free(plan->long_name);
    free_alias(&plan->products);
    free_alias(&plan->channels);
    *plan = (struct emp_generate_plan){0};
}
