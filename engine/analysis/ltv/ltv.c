// SPDX-License-Identifier: Apache-2.0
/*
 * Lifetime value, in the order of the work:
 *
 *   samples    customers as they were at the end of the calibration and of the observation
 *              (sample.h; table.c and contracts.c for ready tables)
 *   fits       models of purchases or contracts, and of spend; the choice (fit.h)
 *   tables     what was fitted (tables.h), what came of it (validation.h, tracking.h), and
 *              what they take for granted (assumptions.h)
 *   customers  what is to be expected of each (scores.h), and of groups of them (equity.h)
 *   model      models/ltv.json, and back (model.h)
 *
 * docs/ltv.md says what it means to users.
 */
#include "analysis/ltv/ltv.h"

#include <inttypes.h>

#include "analysis/ltv/assumptions.h"
#include "analysis/ltv/equity.h"
#include "analysis/ltv/fit.h"
#include "analysis/ltv/gains.h"
#include "analysis/ltv/model.h"
#include "analysis/ltv/sample.h"
#include "analysis/ltv/scores.h"
#include "analysis/ltv/tables.h"
#include "analysis/ltv/tracking.h"
#include "analysis/ltv/validation.h"
#include "base/error.h"
#include "lifetime/bgnbd.h"
#include "lifetime/gamma_gamma.h"

/* --- What was found, said --- */

/* "a, b": the parameters of a set of bits. */
static emp_status name_parameters(const struct emp_lifetime_model *model, unsigned set,
                                  struct emp_buffer *out, emp_error *error)
{
    emp_status status = emp__buffer_text(out, "", error);
    for (int i = 0; i < model->parameters && status == EMP_OK; i++)
        if (set >> i & 1)
            status = emp__buffer_printf(out, error, "%s%s", out->length ? ", " : "",
                                        model->parameter_name[i]);
    return status;
}

static emp_status warn_of_parameters(const struct emp_lifetime_model *model,
                                     const struct emp_lifetime_fit *fit,
                                     const struct emp_lifetime_model *nested,
                                     struct emp_result *result, emp_error *error)
{
    struct emp_buffer names = {0};
    unsigned untold = fit->at_bound | fit->flat;
    if (!untold || fit->status == EMP_LIFETIME_NO_DATA)
        return EMP_OK;
    emp_status status = name_parameters(model, untold, &names, error);
    if (status == EMP_OK)
        status = emp__result_warn(
            result, error, "ltv: %s: the data do not tell %s (%s)%s%s", model->name, names.data,
            fit->at_bound ? "the likelihood rises up to a bound" : "the likelihood is flat",
            nested ? "; they support " : "", nested ? nested->name : "");
    emp__buffer_free(&names);
    return status;
}

static emp_status warn_of_fits(const struct emp_ltv_work *work, struct emp_result *result,
                               emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t m = 0; m < work->fit_count && status == EMP_OK; m++) {
        const struct emp_ltv_fit *fit = &work->fits[m];
        status = warn_of_parameters(fit->model, &fit->fit, fit->nested, result, error);
        if (status == EMP_OK && fit->fit.status == EMP_LIFETIME_LIMIT)
            status = emp__result_warn(result, error,
                                      "ltv: %s: the fit did not converge within %d "
                                      "iterations",
                                      fit->model->name, fit->fit.iterations);
    }
    return status;
}

static emp_status warn_of_sample(const struct emp_ltv_work *work, struct emp_result *result,
                                 emp_error *error)
{
    size_t all = work->input->customers->ids.count, valued = work->observation.count;
    if (work->calibration.count == 0)
        return emp__result_warn(result, error, "ltv: nobody had bought by then; there is no model");
    if (valued == all)
        return EMP_OK;
    return emp__result_warn(result, error,
                            "ltv: %zu of %zu customers have no purchase, and so no value",
                            all - valued, all);
}

static emp_status warn_of_spend(const struct emp_ltv_work *work, struct emp_result *result,
                                emp_error *error)
{
    const struct emp_ltv_spend *spend = &work->spend;
    emp_status status = EMP_OK;
    if (spend->how == EMP_LTV_NO_SPEND)
        return EMP_OK;
    if (spend->customers == 0)
        return emp__result_warn(result, error,
                                "ltv: nobody has a repeat purchase with a positive mean spend; "
                                "nothing is said of money");
    if (spend->how == EMP_LTV_GAMMA_GAMMA)
        status = warn_of_parameters(&emp__gamma_gamma, &spend->fit, NULL, result, error);
    if (status == EMP_OK && spend->left_out > 0)
        status = emp__result_warn(result, error,
                                  "ltv: the spend of %zu customers with repeat purchases is not "
                                  "positive; they do not count in the spend model",
                                  spend->left_out);
    return status;
}

/* BG/NBD and those who came once. */
static emp_status warn_of_construction(const struct emp_ltv_work *work, struct emp_result *result,
                                       emp_error *error)
{
    size_t once = 0;
    for (size_t i = 0; i < work->observation.count; i++)
        once += work->observation.x[i] == 0;
    if (work->rule.model != &emp__bgnbd || once == 0)
        return EMP_OK;
    return emp__result_warn(result, error,
                            "ltv: under BG/NBD the %zu customers who bought once are alive by "
                            "construction (p_alive is 1); p_alive_mbgnbd is what MBG/NBD says",
                            once);
}

static emp_status warn(const struct emp_ltv_work *work, struct emp_result *result, emp_error *error)
{
    emp_status status = warn_of_sample(work, result, error);
    if (status == EMP_OK)
        status = warn_of_fits(work, result, error);
    if (status == EMP_OK)
        status = warn_of_spend(work, result, error);
    return status == EMP_OK ? warn_of_construction(work, result, error) : status;
}

/* --- The run --- */

static emp_status fit_and_value(struct emp_ltv_work *work, struct emp_result *result,
                                emp_error *error)
{
    const struct emp_ltv_values *values = NULL;
    emp_status status = emp__ltv_samples(work, EMP_USE_FIT, error);
    if (status == EMP_OK)
        status = emp__ltv_fit(work, error);
    if (status == EMP_OK)
        status = emp__ltv_tables(work, result, error);
    if (status == EMP_OK)
        status = emp__ltv_validation(work, result, error);
    if (status == EMP_OK)
        status = emp__ltv_gains(work, result, error);
    if (status == EMP_OK)
        status = emp__ltv_tracking(work, result, error);
    if (status == EMP_OK)
        status = emp__ltv_assumptions(work, result, error);
    if (status == EMP_OK)
        status = emp__ltv_customer_columns(work, emp__result_customers(result), &values, error);
    if (status == EMP_OK)
        status = emp__ltv_equity(work, values, result, error);
    if (status == EMP_OK && work->rule.model)
        status = emp__result_add_model(result, emp__ltv_schema.section, emp__ltv_model_json(work),
                                       error);
    return status == EMP_OK ? warn(work, result, error) : status;
}

static emp_status run(const struct emp_analysis_input *input, struct emp_result *result,
                      emp_error *error)
{
    struct emp_ltv_work work = {.input = input, .params = input->section};
    emp_status status = fit_and_value(&work, result, error);
    emp__ltv_samples_free(&work);
    return status;
}

static emp_status score(const struct emp_analysis_input *input, const struct emp_model *model,
                        struct emp_result *result, emp_error *error)
{
    struct emp_ltv_work work = {.input = input, .params = input->section};
    const struct emp_ltv_values *values = NULL;
    emp_status status = emp__ltv_model_read(model, input->section, &work.rule, error);
    if (status == EMP_OK)
        status = emp__ltv_samples(&work, EMP_USE_SCORE, error);
    if (status == EMP_OK)
        status = emp__ltv_customer_columns(&work, emp__result_customers(result), &values, error);
    if (status == EMP_OK)
        status = emp__ltv_equity(&work, values, result, error);
    if (status == EMP_OK)
        status = warn_of_construction(&work, result, error);
    emp__ltv_samples_free(&work);
    return status;
}

/* --- What it asks for --- */

static emp_status settle(void *section, const struct emp_input_params *input, struct emp_node *root,
                         emp_error *error)
{
    (void)root;
    return emp__ltv_settle(section, input, error);
}

static struct emp_needs needs(const void *section)
{
    const struct emp_ltv_params *params = section;
    if (params->source != EMP_LTV_HISTORY)
        return (struct emp_needs){.transactions = false};
    return (struct emp_needs){
        .transactions = true,
        .visits = 1u << params->merge,
        .cutoffs = 2 * (unsigned)(params->calibration_end != EMP_NO_DATE) +
                   (unsigned)(params->observation_end != EMP_NO_DATE),
    };
}

static emp_status cutoffs(const void *section, struct emp_cutoffs *out, emp_error *error)
{
    return emp__ltv_cutoffs(section, out, error);
}

static emp_status attributes(const void *section, enum emp_use use,
                             struct emp_attribute_wishes *out, emp_error *error)
{
    const struct emp_ltv_columns *columns = &((const struct emp_ltv_params *)section)->columns;
    const struct emp_column_ref *const numbers[] = {
        &columns->x,       &columns->t_x,   &columns->age,   &columns->spend,
        &columns->periods, &columns->ended, &columns->weight};
    const struct emp_column_ref *const dates[] = {&columns->start, &columns->end};
    emp_status status = EMP_OK;
    (void)use;
    for (size_t c = 0; c < sizeof numbers / sizeof *numbers && status == EMP_OK; c++)
        if (numbers[c]->name)
            status = emp__attribute_wish(out, EMP_ATTRIBUTE_NUMBER, numbers[c], error);
    for (size_t c = 0; c < sizeof dates / sizeof *dates && status == EMP_OK; c++)
        if (dates[c]->name)
            status = emp__attribute_wish(out, EMP_ATTRIBUTE_CATEGORY, dates[c], error);
    return status;
}

static emp_status explain(const void *section, struct emp_buffer *out, emp_error *error)
{
    static const char *const sources[] = {"the history", "a ready table", "contracts"};
    const struct emp_ltv_params *params = section;
    const char *unit = emp__ltv_unit_word(params);
    return emp__buffer_printf(
        out, error, "  fitted to %s; horizon: %g %ss; discounted by %g a year\n",
        sources[params->source], params->horizon, unit, params->discount_rate);
}

static emp_status explain_model(const void *section, const struct emp_model *model,
                                struct emp_buffer *out, emp_error *error)
{
    struct emp_ltv_rule rule;
    emp_status status = emp__ltv_model_read(model, section, &rule, error);
    if (status == EMP_OK)
        status = explain(section, out, error);
    if (status == EMP_OK)
        status = emp__buffer_printf(out, error, "  model: %s\n", rule.model->name);
    return status;
}

const struct emp_analysis emp__ltv_analysis = {
    .schema = &emp__ltv_schema,
    .settle = settle,
    .needs = needs,
    .cutoffs = cutoffs,
    .attributes = attributes,
    .explain = explain,
    .run = run,
    .score = score,
    .explain_model = explain_model,
};
