// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic/tables.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/logistic/evidence.h"
#include "base/memory.h"
#include "number/normal.h"
#include "random/portable_math.h"
#include "sink/table_fields.h"

const char *const emp__logistic_status_words[] = {
    [EMP_LOGISTIC_CONVERGED] = "converged", [EMP_LOGISTIC_LIMIT] = "iteration limit",
    [EMP_LOGISTIC_SEPARATED] = "separated", [EMP_LOGISTIC_SINGULAR] = "singular",
    [EMP_LOGISTIC_ONE_CLASS] = "one class", [EMP_LOGISTIC_EMPTY] = "no rows",
    [EMP_LOGISTIC_RANGE] = "out of range",
};

static emp_status add_table(struct emp_result *result, const char *name,
                            const struct emp_table_field *fields, struct emp_table_items items,
                            size_t count, emp_error *error)
{
    struct emp_table *table = NULL;
    emp_status status = emp__result_add_table(result, name, count, &table, error);
    return status == EMP_OK ? emp__table_add_fields(table, fields, items, error) : status;
}

/* --- Coefficients --- */

struct coefficient {
    const char *term, *level;
    double estimate, std_error, z, p_value, low, high, odds_ratio, vif;
    const char *status;
};

static const struct emp_table_field coefficient_fields[] = {
    {"term", EMP_FIELD_TEXT, offsetof(struct coefficient, term)},
    {"level", EMP_FIELD_TEXT, offsetof(struct coefficient, level)},
    {"estimate", EMP_FIELD_REAL, offsetof(struct coefficient, estimate)},
    {"std_error", EMP_FIELD_REAL, offsetof(struct coefficient, std_error)},
    {"z", EMP_FIELD_REAL, offsetof(struct coefficient, z)},
    {"p_value", EMP_FIELD_REAL, offsetof(struct coefficient, p_value)},
    {"ci_low", EMP_FIELD_REAL, offsetof(struct coefficient, low)},
    {"ci_high", EMP_FIELD_REAL, offsetof(struct coefficient, high)},
    {"odds_ratio", EMP_FIELD_REAL, offsetof(struct coefficient, odds_ratio)},
    {"vif", EMP_FIELD_REAL, offsetof(struct coefficient, vif)},
    {"status", EMP_FIELD_TEXT, offsetof(struct coefficient, status)},
    {.name = NULL},
};

static double finite_or_none(double value)
{
    return isfinite(value) ? value : NAN;
}

/* An estimate by its standard error; NaN: there is none. */
static void infer(struct coefficient *row, double confidence)
{
    double reach = emp__normal_two_sided_quantile(confidence) * row->std_error;
    row->odds_ratio = finite_or_none(emp__exp(row->estimate));
    if (!(row->std_error > 0.0))
        return;
    row->z = row->estimate / row->std_error;
    row->p_value = emp__normal_two_sided(row->z);
    row->low = row->estimate - reach;
    row->high = row->estimate + reach;
}

/* Are there standard errors? Those of penalised fits say little, of diverging ones nothing. */
static bool has_errors(const struct emp_logistic_work *work)
{
    return work->params->penalty == EMP_PENALTY_NONE &&
           work->estimate.status == EMP_LOGISTIC_CONVERGED;
}

static struct coefficient coefficient_row(const struct emp_logistic_work *work, size_t j)
{
    size_t d = work->rule.terms.count + 1;
    const struct emp_term *term = j > 0 ? &work->rule.terms.items[j - 1] : NULL;
    double unit = term ? term->unit : 1.0;
    double variance = has_errors(work) ? work->estimate.fit.covariance[j * d + j] : NAN;
    struct coefficient row = {
        .term = term ? term->name : "(intercept)",
        .level = term ? term->level : NULL,
        .estimate = work->rule.coefficients[j] / unit + (term ? 0.0 : work->rule.shift),
        .std_error = sqrt(variance) / unit,
        .z = NAN,
        .p_value = NAN,
        .low = NAN,
        .high = NAN,
        .vif = term && work->inflation[j - 1] > 0.0 ? work->inflation[j - 1] : NAN,
        .status = emp__logistic_status_words[work->estimate.status],
    };
    infer(&row, work->params->confidence);
    return row;
}

static struct coefficient dropped_row(const struct emp_dropped_term *term)
{
    return (struct coefficient){term->name, term->level, NAN, NAN, NAN,      NAN,
                                NAN,        NAN,         NAN, NAN, "dropped"};
}

static emp_status add_coefficients(const struct emp_logistic_work *work, struct emp_result *result,
                                   emp_error *error)
{
    size_t fitted = work->rule.terms.count + 1, count = fitted + work->dropped_count;
    struct coefficient *rows = NULL;
    emp_status status = emp__new_array(&rows, count, sizeof *rows, error);
    for (size_t j = 0; j < count && status == EMP_OK; j++)
        rows[j] = j < fitted ? coefficient_row(work, j) : dropped_row(&work->dropped[j - fitted]);
    if (status == EMP_OK)
        status = add_table(result, work->kind->coefficients, coefficient_fields,
                           (struct emp_table_items){rows, sizeof *rows}, count, error);
    free(rows);
    return status;
}

/* --- What was judged --- */

static const struct emp_table_field metric_fields[] = {
    {"set", EMP_FIELD_TEXT, offsetof(struct emp_metric, set)},
    {"metric", EMP_FIELD_TEXT, offsetof(struct emp_metric, metric)},
    {"value", EMP_FIELD_REAL, offsetof(struct emp_metric, value)},
    {"ci_low", EMP_FIELD_REAL, offsetof(struct emp_metric, low)},
    {"ci_high", EMP_FIELD_REAL, offsetof(struct emp_metric, high)},
    {.name = NULL},
};

static const struct emp_table_field calibration_fields[] = {
    {"bin", EMP_FIELD_COUNT, offsetof(struct emp_calibration_row, bin)},
    {"customers", EMP_FIELD_REAL, offsetof(struct emp_calibration_row, customers)},
    {"events", EMP_FIELD_REAL, offsetof(struct emp_calibration_row, events)},
    {"predicted", EMP_FIELD_REAL, offsetof(struct emp_calibration_row, predicted)},
    {"observed", EMP_FIELD_REAL, offsetof(struct emp_calibration_row, observed)},
    {"ci_low", EMP_FIELD_REAL, offsetof(struct emp_calibration_row, low)},
    {"ci_high", EMP_FIELD_REAL, offsetof(struct emp_calibration_row, high)},
    {"set", EMP_FIELD_TEXT, offsetof(struct emp_calibration_row, set)},
    {.name = NULL},
};

static const struct emp_table_field profit_fields[] = {
    {"share", EMP_FIELD_REAL, offsetof(struct emp_profit_row, share)},
    {"customers", EMP_FIELD_REAL, offsetof(struct emp_profit_row, customers)},
    {"events", EMP_FIELD_REAL, offsetof(struct emp_profit_row, events)},
    {"min_probability", EMP_FIELD_REAL, offsetof(struct emp_profit_row, threshold)},
    {"profit", EMP_FIELD_REAL, offsetof(struct emp_profit_row, profit)},
    {"set", EMP_FIELD_TEXT, offsetof(struct emp_profit_row, set)},
    {.name = NULL},
};

static emp_status add_judgement(const struct emp_logistic_work *work, struct emp_result *result,
                                emp_error *error)
{
    const struct emp_judgement *found = &work->judgement;
    const struct {
        const char *name;
        const struct emp_table_field *fields;
        struct emp_table_items items;
        size_t count;
    } tables[] = {
        {work->kind->metrics,
         metric_fields,
         {found->metrics.items, sizeof(struct emp_metric)},
         found->metrics.count},
        {work->kind->deciles,
         emp__decile_fields,
         {found->deciles, sizeof(struct emp_decile_row)},
         found->decile_count},
        {work->kind->calibration,
         calibration_fields,
         {found->calibration, sizeof(struct emp_calibration_row)},
         found->calibration_count},
        {work->kind->profit,
         profit_fields,
         {found->profit, sizeof(struct emp_profit_row)},
         found->profit_count},
    };
    size_t count = sizeof tables / sizeof *tables - !work->params->costs.given;
    emp_status status = EMP_OK;
    for (size_t t = 0; t < count && status == EMP_OK; t++)
        status = add_table(result, tables[t].name, tables[t].fields, tables[t].items,
                           tables[t].count, error);
    return status;
}

/* --- The path of penalties --- */

struct path_row {
    double lambda;
    uint64_t nonzero;
    double deviance_ratio, cv_deviance, cv_se;
    bool chosen;
};

static const struct emp_table_field path_fields[] = {
    {"lambda", EMP_FIELD_REAL, offsetof(struct path_row, lambda)},
    {"nonzero", EMP_FIELD_COUNT, offsetof(struct path_row, nonzero)},
    {"deviance_ratio", EMP_FIELD_REAL, offsetof(struct path_row, deviance_ratio)},
    {"cv_deviance", EMP_FIELD_REAL, offsetof(struct path_row, cv_deviance)},
    {"cv_se", EMP_FIELD_REAL, offsetof(struct path_row, cv_se)},
    {"chosen", EMP_FIELD_FLAG, offsetof(struct path_row, chosen)},
    {.name = NULL},
};

static emp_status add_path(const struct emp_logistic_work *work, struct emp_result *result,
                           emp_error *error)
{
    const struct emp_penalty_path *path = &work->path;
    size_t count = path->path.fitted;
    struct path_row *rows = NULL;
    emp_status status = emp__new_array(&rows, count, sizeof *rows, error);
    for (size_t l = 0; l < count && status == EMP_OK; l++) {
        const struct emp_path_point *point = &path->path.point[l];
        double null = path->path.null_log_likelihood;
        rows[l] = (struct path_row){
            .lambda = point->lambda,
            .nonzero = point->nonzero,
            .deviance_ratio = finite_or_none(1.0 - point->log_likelihood / null),
            .cv_deviance = path->deviance[l],
            .cv_se = path->error[l],
            .chosen = l == path->chosen,
        };
    }
    if (status == EMP_OK)
        status = add_table(result, work->kind->path, path_fields,
                           (struct emp_table_items){rows, sizeof *rows}, count, error);
    free(rows);
    return status;
}

emp_status emp__logistic_tables(const struct emp_logistic_work *work, struct emp_result *result,
                                emp_error *error)
{
    emp_status status = emp__logistic_panel_table(work, result, error);
    if (status == EMP_OK)
        status = add_coefficients(work, result, error);
    if (status == EMP_OK)
        status = add_judgement(work, result, error);
    if (status == EMP_OK)
        status = emp__logistic_evidence_table(work, result, error);
    if (status == EMP_OK && work->has_path)
        status = add_path(work, result, error);
    return status;
}
