// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/tables.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/ltv/fit.h"
#include "base/memory.h"
#include "lifetime/gamma_gamma.h"
#include "number/normal.h"
#include "random/portable_math.h"
#include "sink/table_fields.h"

static emp_status add_table(struct emp_result *result, const char *name,
                            const struct emp_table_field *fields, struct emp_table_items items,
                            size_t count, emp_error *error)
{
    struct emp_table *table = NULL;
    emp_status status = emp__result_add_table(result, name, count, &table, error);
    return status == EMP_OK ? emp__table_add_fields(table, fields, items, error) : status;
}

/* Was the Gamma-Gamma model fitted? It is listed behind the others. */
static bool has_spend_model(const struct emp_ltv_work *work)
{
    return work->spend.how == EMP_LTV_GAMMA_GAMMA;
}

static bool is_fitted(const struct emp_lifetime_fit *fit)
{
    return fit->status != EMP_LIFETIME_NO_DATA;
}

/* --- Models --- */

struct model_row {
    const char *model;
    double log_likelihood;
    uint64_t parameters;
    double aic, bic, actual, predicted, mae, rmse;
    const char *status, *chosen, *nested;
    double customers;
    uint64_t iterations;
};

static const struct emp_table_field model_fields[] = {
    {"model", EMP_FIELD_TEXT, offsetof(struct model_row, model)},
    {"log_likelihood", EMP_FIELD_REAL, offsetof(struct model_row, log_likelihood)},
    {"parameters", EMP_FIELD_COUNT, offsetof(struct model_row, parameters)},
    {"aic", EMP_FIELD_REAL, offsetof(struct model_row, aic)},
    {"bic", EMP_FIELD_REAL, offsetof(struct model_row, bic)},
    {"holdout_total_actual", EMP_FIELD_REAL, offsetof(struct model_row, actual)},
    {"holdout_total_predicted", EMP_FIELD_REAL, offsetof(struct model_row, predicted)},
    {"mae", EMP_FIELD_REAL, offsetof(struct model_row, mae)},
    {"rmse", EMP_FIELD_REAL, offsetof(struct model_row, rmse)},
    {"status", EMP_FIELD_TEXT, offsetof(struct model_row, status)},
    {"chosen", EMP_FIELD_TEXT, offsetof(struct model_row, chosen)},
    {"nested", EMP_FIELD_TEXT, offsetof(struct model_row, nested)},
    {"customers", EMP_FIELD_REAL, offsetof(struct model_row, customers)},
    {"iterations", EMP_FIELD_COUNT, offsetof(struct model_row, iterations)},
    {.name = NULL},
};

static double holdout_total(const struct emp_ltv_sample *calibration)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < calibration->count; i++)
        sum += calibration->holdout[i];
    return (double)sum;
}

/* The row of a fit of the calibration; what there is none of is missing. */
static struct model_row model_row(const struct emp_ltv_work *work, size_t m)
{
    const struct emp_ltv_fit *fit = &work->fits[m];
    bool fitted = is_fitted(&fit->fit), judged = fitted && work->has_holdout;
    return (struct model_row){
        .model = fit->model->name,
        .log_likelihood = fitted ? fit->fit.log_likelihood : NAN,
        .parameters = (uint64_t)fit->model->parameters,
        .aic = fitted ? fit->aic : NAN,
        .bic = fitted ? fit->bic : NAN,
        .actual = judged ? holdout_total(&work->calibration) : NAN,
        .predicted = judged ? fit->holdout_predicted : NAN,
        .mae = judged ? fit->mae : NAN,
        .rmse = judged ? fit->rmse : NAN,
        .status = emp__ltv_status_words[fit->fit.status],
        .chosen = m == work->chosen ? "true" : "false",
        .nested = fit->nested ? fit->nested->name : NULL,
        .customers = fit->customers,
        .iterations = (uint64_t)fit->fit.iterations,
    };
}

/* It is chosen from nothing: there is no other model of spend. */
static struct model_row spend_row(const struct emp_ltv_work *work)
{
    const struct emp_lifetime_fit *fit = &work->spend.fit;
    double k = emp__gamma_gamma.parameters, twice = 2.0 * fit->log_likelihood;
    bool fitted = is_fitted(fit);
    return (struct model_row){
        .model = emp__gamma_gamma.name,
        .log_likelihood = fitted ? fit->log_likelihood : NAN,
        .parameters = (uint64_t)emp__gamma_gamma.parameters,
        .aic = fitted ? 2.0 * k - twice : NAN,
        .bic = fitted ? k * emp__log((double)work->spend.customers) - twice : NAN,
        .actual = NAN,
        .predicted = NAN,
        .mae = NAN,
        .rmse = NAN,
        .status = emp__ltv_status_words[fit->status],
        .customers = (double)work->spend.customers,
        .iterations = (uint64_t)fit->iterations,
    };
}

static emp_status models_table(const struct emp_ltv_work *work, struct emp_result *result,
                               emp_error *error)
{
    struct model_row rows[EMP_LTV_FITS_MAX + 1];
    size_t count = 0;
    for (size_t m = 0; m < work->fit_count; m++)
        rows[count++] = model_row(work, m);
    if (has_spend_model(work))
        rows[count++] = spend_row(work);
    return add_table(result, "ltv_models", model_fields,
                     (struct emp_table_items){rows, sizeof *rows}, count, error);
}

/* --- Parameters --- */

struct parameter_row {
    const char *model, *parameter;
    double estimate, std_error, low, high;
    const char *status;
};

static const struct emp_table_field parameter_fields[] = {
    {"model", EMP_FIELD_TEXT, offsetof(struct parameter_row, model)},
    {"parameter", EMP_FIELD_TEXT, offsetof(struct parameter_row, parameter)},
    {"estimate", EMP_FIELD_REAL, offsetof(struct parameter_row, estimate)},
    {"std_error", EMP_FIELD_REAL, offsetof(struct parameter_row, std_error)},
    {"ci_low", EMP_FIELD_REAL, offsetof(struct parameter_row, low)},
    {"ci_high", EMP_FIELD_REAL, offsetof(struct parameter_row, high)},
    {"status", EMP_FIELD_TEXT, offsetof(struct parameter_row, status)},
    {.name = NULL},
};

struct correlation_row {
    const char *model, *parameter, *other;
    double correlation;
};

static const struct emp_table_field correlation_fields[] = {
    {"model", EMP_FIELD_TEXT, offsetof(struct correlation_row, model)},
    {"parameter", EMP_FIELD_TEXT, offsetof(struct correlation_row, parameter)},
    {"other", EMP_FIELD_TEXT, offsetof(struct correlation_row, other)},
    {"correlation", EMP_FIELD_REAL, offsetof(struct correlation_row, correlation)},
    {.name = NULL},
};

enum {
    PARAMETERS_MAX = (EMP_LTV_FITS_MAX + 1) * EMP_LIFETIME_PARAMETERS,
    CORRELATIONS_MAX = PARAMETERS_MAX * (EMP_LIFETIME_PARAMETERS - 1) / 2,
};

/* The rows of all fits. */
struct estimates {
    double reach; /* of an interval, in standard errors */
    struct parameter_row parameter[PARAMETERS_MAX];
    struct correlation_row correlation[CORRELATIONS_MAX];
    size_t parameters, correlations;
};

static double finite_or_none(double value)
{
    return isfinite(value) ? value : NAN;
}

/* The interval is one of the logarithm: a parameter is positive. */
static struct parameter_row parameter_row(const struct emp_lifetime_model *model,
                                          const struct emp_lifetime_fit *fit, int i, double reach)
{
    struct parameter_row row = {
        .model = model->name,
        .parameter = model->parameter_name[i],
        .estimate = fit->parameter[i],
        .std_error = finite_or_none(fit->std_error[i]),
        .low = NAN,
        .high = NAN,
        .status = emp__ltv_parameter_word(fit, i),
    };
    if (isnan(row.std_error))
        return row;
    double factor = emp__exp(reach * sqrt(fit->covariance[i][i]));
    row.low = finite_or_none(row.estimate / factor);
    row.high = finite_or_none(row.estimate * factor);
    return row;
}

static void add_estimates(struct estimates *estimates, const struct emp_lifetime_model *model,
                          const struct emp_lifetime_fit *fit)
{
    for (int i = 0; i < model->parameters; i++) {
        estimates->parameter[estimates->parameters++] =
            parameter_row(model, fit, i, estimates->reach);
        for (int j = 0; j < i; j++) {
            double product = fit->covariance[i][i] * fit->covariance[j][j];
            bool told = !((fit->at_bound | fit->flat) & (1u << i | 1u << j)) && product > 0.0;
            if (told)
                estimates->correlation[estimates->correlations++] = (struct correlation_row){
                    model->name, model->parameter_name[j], model->parameter_name[i],
                    fit->covariance[i][j] / sqrt(product)};
        }
    }
}

static emp_status estimates_tables(const struct emp_ltv_work *work, struct emp_result *result,
                                   emp_error *error)
{
    struct estimates *estimates = NULL;
    emp_status status = emp__new_array(&estimates, 1, sizeof *estimates, error);
    if (status != EMP_OK)
        return status;
    estimates->reach = emp__normal_two_sided_quantile(work->params->confidence);
    for (size_t m = 0; m < work->fit_count; m++)
        if (is_fitted(&work->fits[m].fit))
            add_estimates(estimates, work->fits[m].model, &work->fits[m].fit);
    if (has_spend_model(work) && is_fitted(&work->spend.fit))
        add_estimates(estimates, &emp__gamma_gamma, &work->spend.fit);
    status = add_table(result, "ltv_parameters", parameter_fields,
                       (struct emp_table_items){estimates->parameter, sizeof *estimates->parameter},
                       estimates->parameters, error);
    if (status == EMP_OK)
        status = add_table(
            result, "ltv_correlations", correlation_fields,
            (struct emp_table_items){estimates->correlation, sizeof *estimates->correlation},
            estimates->correlations, error);
    free(estimates);
    return status;
}

emp_status emp__ltv_tables(const struct emp_ltv_work *work, struct emp_result *result,
                           emp_error *error)
{
    emp_status status = models_table(work, result, error);
    return status == EMP_OK ? estimates_tables(work, result, error) : status;
}
