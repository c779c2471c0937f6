// SPDX-License-Identifier: Apache-2.0
/*
 * Logistic models of customers, in the order of the work:
 *
 *   sample        who is fitted, with which label (logistic_rows.h, logistic_folds.h)
 *   encoding      columns made ready (logistic_encoding.h), and terms of them (logistic_terms.h)
 *   independence  terms that follow from others go (logistic_dependence.h)
 *   fit           of all rows, the penalty chosen where it is to be (logistic_fit.h)
 *   assessment    fits that have not seen a customer or a time (logistic_assess.h)
 *   tables, customers, model (logistic_tables.h, logistic_scores.h, logistic_model.h)
 *
 * docs/churn.md says what it means to users.
 */
#include "analysis/logistic/logistic.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/logistic/assess.h"
#include "analysis/logistic/dependence.h"
#include "analysis/logistic/model.h"
#include "analysis/logistic/scores.h"
#include "analysis/logistic/tables.h"
#include "base/error.h"
#include "base/memory.h"
#include "features/feature_column.h"
#include "random/portable_math.h"

static void free_work(struct emp_logistic_work *work)
{
    for (size_t i = 0; i < work->dropped_count; i++) {
        free(work->dropped[i].name);
        free(work->dropped[i].level);
        free(work->dropped[i].because);
    }
    free(work->dropped);
    free(work->inflation);
    free(work->fold_coefficients);
    emp__judgement_free(&work->judgement);
    emp__logistic_estimate_free(&work->estimate);
    emp__penalty_path_free(&work->path);
    emp__logistic_problem_free(&work->problem);
    emp__logistic_rule_free(&work->rule);
    emp__logistic_columns_free(&work->columns);
    emp__logistic_sample_free(&work->sample);
}

/* --- Fitting --- */

static emp_status prepare(struct emp_logistic_work *work, emp_error *error)
{
    struct emp_logistic_rule *rule = &work->rule;
    emp_status status = emp__logistic_sample(work->input, &work->sample, error);
    if (status == EMP_OK)
        status = emp__encoding_learn(&work->sample.rows, &rule->encoding, &work->columns, error);
    if (status == EMP_OK)
        status = emp__terms_new(work->params, &rule->encoding, &rule->terms, error);
    work->view = (struct emp_term_columns){&rule->terms, &rule->encoding, &work->columns, false};
    if (status == EMP_OK)
        status = emp__logistic_problem(&work->sample, &work->view, &work->problem, error);
    return status == EMP_OK ? emp__logistic_independence(work, error) : status;
}

static emp_status choose_penalty(struct emp_logistic_work *work, emp_error *error)
{
    const struct emp_logistic_params *params = work->params;
    if (params->penalty == EMP_PENALTY_NONE)
        return EMP_OK;
    work->lambda = params->lambda.value;
    if (!params->lambda.automatic)
        return EMP_OK;
    emp_status status = emp__penalty_path(&work->problem, &work->path, error);
    work->has_path = status == EMP_OK && work->path.path.fitted > 0;
    if (work->has_path)
        work->lambda = work->path.path.point[work->path.chosen].lambda;
    return status;
}

static bool is_fitted(const struct emp_logistic_work *work)
{
    enum emp_logistic_status status = work->estimate.status;
    return status == EMP_LOGISTIC_CONVERGED || status == EMP_LOGISTIC_LIMIT ||
           status == EMP_LOGISTIC_SEPARATED;
}

/* The log odds of the given share of events less those of the sample (King & Zeng 2001, eq. 7). */
static double prior_shift(const struct emp_logistic_work *work)
{
    double prior = work->params->prior;
    double events = work->estimate.fit.events, others = work->estimate.fit.weight - events;
    if (prior == 0.0 || !(events > 0.0) || !(others > 0.0))
        return 0.0;
    return emp__log(prior / (1.0 - prior)) - emp__log(events / others);
}

static emp_status fit(struct emp_logistic_work *work, emp_error *error)
{
    struct emp_logistic_request request = {
        .left_out = -1,
        .firth = work->params->firth == EMP_FIRTH_ALWAYS,
        .covariance = work->params->penalty == EMP_PENALTY_NONE,
    };
    size_t d = work->rule.terms.count + 1;
    emp_status status = choose_penalty(work, error);
    request.lambda = work->lambda;
    if (status == EMP_OK)
        status = emp__logistic_estimate(&work->problem, &request, &work->estimate, error);
    if (status == EMP_OK)
        status = emp__new_array(&work->rule.coefficients, d, sizeof(double), error);
    if (status != EMP_OK)
        return status;
    for (size_t j = 0; j < d; j++)
        work->rule.coefficients[j] = is_fitted(work) ? work->estimate.fit.coefficients[j] : NAN;
    work->rule.shift = prior_shift(work);
    return EMP_OK;
}

/* How well the fit explains its rows; the deviances are -2 log-likelihood. */
static emp_status describe_fit(struct emp_logistic_work *work, emp_error *error)
{
    const struct emp_logistic_fit *found = &work->estimate.fit;
    double likelihood = found->log_likelihood, null = found->null_log_likelihood;
    double parameters = (double)work->rule.terms.count + 1.0;
    bool plain = work->params->penalty == EMP_PENALTY_NONE;
    const struct {
        const char *metric;
        double value;
    } rows[] = {
        {"rows", (double)found->rows},
        {"log_likelihood", likelihood},
        {"null_log_likelihood", null},
        {"deviance", -2.0 * likelihood},
        {"null_deviance", -2.0 * null},
        {"mcfadden_r2", 1.0 - likelihood / null},
        {"aic", plain ? 2.0 * parameters - 2.0 * likelihood : NAN},
        {"bic", plain ? parameters * emp__log(found->weight) - 2.0 * likelihood : NAN},
        {"lambda", plain ? NAN : work->lambda},
        {"iterations", (double)found->iterations},
    };
    emp_status status = EMP_OK;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && status == EMP_OK; i++)
        if (!isnan(rows[i].value))
            status = emp__metrics_add(
                &work->judgement.metrics,
                (struct emp_metric){"fit", rows[i].metric, rows[i].value, NAN, NAN}, error);
    return status;
}

/* --- What was found, said --- */

static emp_status warn_of_sample(const struct emp_logistic_work *work, struct emp_result *result,
                                 emp_error *error)
{
    const char *name = work->kind->section;
    const struct emp_logistic_sample *sample = &work->sample;
    emp_status status = EMP_OK;
    if (work->estimate.status == EMP_LOGISTIC_EMPTY)
        return emp__result_warn(result, error, "%s: nobody is in the sample; there is no model",
                                name);
    if (work->estimate.status == EMP_LOGISTIC_ONE_CLASS)
        return emp__result_warn(result, error,
                                "%s: the label is the same for all %zu rows of the sample; there "
                                "is no model",
                                name, sample->rows.count);
    if (sample->unknown > 0)
        status =
            emp__result_warn(result, error, "%s: %zu customers have no label and are scored only",
                             name, sample->unknown);
    return status;
}

static emp_status warn_of_terms(const struct emp_logistic_work *work, struct emp_result *result,
                                emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < work->dropped_count && status == EMP_OK; i++) {
        const struct emp_dropped_term *term = &work->dropped[i];
        bool level = term->level[0] != '\0';
        status =
            emp__result_warn(result, error, "%s: '%s%s%s' was dropped: %s", work->kind->section,
                             term->name, level ? "=" : "", term->level, term->because);
    }
    for (size_t c = 0; c < work->rule.encoding.categories && status == EMP_OK; c++) {
        const struct emp_category_code *category = &work->rule.encoding.category[c];
        if (category->count == 1)
            status =
                emp__result_warn(result, error,
                                 "%s: the column '%s' has one level in the sample, which tells "
                                 "nothing: it is no term",
                                 work->kind->section, category->name);
    }
    for (size_t j = 0; j < work->rule.encoding.numbers && status == EMP_OK; j++) {
        const struct emp_prepared *prepared = &work->rule.encoding.number[j].prepared;
        if (prepared->missing > 0)
            status = emp__result_warn(
                result, error, "%s: '%s' is missing for %" PRIu64 " rows; %g stands in",
                work->kind->section, prepared->recipe.name, prepared->missing, prepared->fill);
    }
    return status;
}

/* The terms along which the rows are separated. */
static emp_status warn_of_separation(const struct emp_logistic_work *work,
                                     struct emp_result *result, emp_error *error)
{
    const double *direction = work->estimate.direction;
    struct emp_buffer names = {0};
    emp_status status = emp__buffer_text(&names, "", error);
    for (size_t j = 0; j < work->rule.terms.count && status == EMP_OK; j++) {
        const struct emp_term *term = &work->rule.terms.items[j];
        if (direction[1 + j] == 0.0)
            continue;
        status = emp__buffer_printf(&names, error, "%s'%s%s%s'", names.length ? ", " : "",
                                    term->name, term->level[0] ? "=" : "", term->level);
    }
    if (status == EMP_OK)
        status = emp__result_warn(
            result, error,
            work->estimate.firth
                ? "%s: events and others are separated by %s; the coefficients are those of "
                  "Firth's correction"
                : "%s: events and others are separated by %s; the coefficients have no finite "
                  "estimate (see 'firth')",
            work->kind->section, names.length ? names.data : "the intercept");
    emp__buffer_free(&names);
    return status;
}

static emp_status warn_of_fit(const struct emp_logistic_work *work, struct emp_result *result,
                              emp_error *error)
{
    const char *name = work->kind->section;
    emp_status status = EMP_OK;
    if (work->estimate.separated)
        status = warn_of_separation(work, result, error);
    if (status == EMP_OK && work->estimate.status == EMP_LOGISTIC_LIMIT)
        status = emp__result_warn(result, error,
                                  "%s: the fit did not converge within %" PRId64
                                  " iterations (%s.max_iterations)",
                                  name, work->params->max_iterations, name);
    if (status == EMP_OK && work->folds_failed > 0)
        status =
            emp__result_warn(result, error, "%s: %zu of %zu fits without a fold did not converge",
                             name, work->folds_failed, work->sample.folds);
    return status;
}

/* --- The run --- */

static emp_status add_customers(const struct emp_logistic_work *work, struct emp_result *result,
                                emp_error *error)
{
    struct emp_logistic_rows rows;
    struct emp_logistic_scoring scoring = {
        .kind = work->kind,
        .rule = &work->rule,
        .rows = &rows,
        .fold_coefficients = work->fold_coefficients,
        .folds = work->sample.folds,
        .member = work->sample.member,
    };
    emp_status status = emp__logistic_rows_present(work->input, &rows, error);
    if (status == EMP_OK && !is_fitted(work))
        rows.count = rows.days[0].count = 0; /* nothing can be said of anybody */
    if (status == EMP_OK)
        status = emp__logistic_customer_columns(&scoring, emp__result_customers(result), error);
    emp__logistic_rows_free(&rows);
    return status;
}

static emp_status fit_and_describe(struct emp_logistic_work *work, struct emp_result *result,
                                   emp_error *error)
{
    emp_status status = prepare(work, error);
    if (status == EMP_OK)
        status = fit(work, error);
    if (status == EMP_OK && is_fitted(work))
        status = describe_fit(work, error);
    if (status == EMP_OK && is_fitted(work))
        status = emp__logistic_assess(work, error);
    if (status == EMP_OK)
        status = emp__logistic_tables(work, result, error);
    if (status == EMP_OK)
        status = add_customers(work, result, error);
    if (status == EMP_OK && is_fitted(work))
        status = emp__result_add_model(result, work->kind->section, emp__logistic_model_json(work),
                                       error);
    if (status == EMP_OK)
        status = warn_of_sample(work, result, error);
    if (status == EMP_OK)
        status = warn_of_terms(work, result, error);
    return status == EMP_OK ? warn_of_fit(work, result, error) : status;
}

static emp_status run(const struct emp_analysis_input *input, struct emp_result *result,
                      emp_error *error)
{
    struct emp_logistic_work work = {.kind = input->kind, .input = input, .params = input->section};
    emp_status status = fit_and_describe(&work, result, error);
    free_work(&work);
    return status;
}

static emp_status score(const struct emp_analysis_input *input, const struct emp_model *model,
                        struct emp_result *result, emp_error *error)
{
    const struct emp_logistic_kind *kind = input->kind;
    struct emp_logistic_rule rule;
    struct emp_logistic_rows rows = {.count = 0};
    struct emp_logistic_scoring scoring = {.kind = kind, .rule = &rule, .rows = &rows};
    emp_status status =
        emp__logistic_model_read(model, input->section, kind->section, &rule, error);
    if (status == EMP_OK)
        status = emp__logistic_rows_present(input, &rows, error);
    if (status == EMP_OK)
        status = emp__logistic_customer_columns(&scoring, emp__result_customers(result), error);
    emp__logistic_rows_free(&rows);
    emp__logistic_rule_free(&rule);
    return status;
}

/* --- What they ask for --- */

static struct emp_needs needs(const void *section)
{
    const struct emp_logistic_params *params = section;
    const struct emp_label_rule *label = &params->label;
    enum emp_merge merge = (enum emp_merge)params->merge;
    struct emp_needs needs = emp__recipes_needs(&params->features, params->input, merge);
    if (label->source != EMP_LABEL_HISTORY)
        return needs;
    needs = emp__needs_union(needs, emp__purchases_needs(merge));
    needs.transactions = true;
    needs.cutoffs = label->cutoff_count > 0 ? (unsigned)label->cutoff_count : 1;
    return needs;
}

static emp_status cutoffs(const void *section, struct emp_cutoffs *out, emp_error *error)
{
    return emp__logistic_cutoffs(section, out, error);
}

static emp_status wish(const struct emp_column_ref *column, enum emp_attribute_kind kind,
                       struct emp_attribute_wishes *out, emp_error *error)
{
    return column->name ? emp__attribute_wish(out, kind, column, error) : EMP_OK;
}

/* What is needed of the customers file to score; and to fit. */
static emp_status attributes(const void *section, enum emp_use use,
                             struct emp_attribute_wishes *out, emp_error *error)
{
    const struct emp_logistic_params *params = section;
    emp_status status = emp__recipes_wish(&params->features, params->input, out, error);
    for (size_t c = 0; c < params->categorical.count && status == EMP_OK; c++)
        status = wish(&params->categorical.items[c], EMP_ATTRIBUTE_CATEGORY, out, error);
    if (status == EMP_OK)
        status = wish(&params->offset, EMP_ATTRIBUTE_NUMBER, out, error);
    if (status != EMP_OK || use == EMP_USE_SCORE)
        return status;
    status = wish(&params->weight, EMP_ATTRIBUTE_NUMBER, out, error);
    if (status == EMP_OK)
        status = wish(&params->label.column, EMP_ATTRIBUTE_CATEGORY, out, error);
    return status == EMP_OK ? wish(&params->folds.column, EMP_ATTRIBUTE_CATEGORY, out, error)
                            : status;
}

static emp_status explain_columns(const struct emp_logistic_params *params, struct emp_buffer *out,
                                  emp_error *error)
{
    emp_status status = emp__buffer_text(out, "  learned from:", error);
    for (size_t j = 0; j < params->features.count && status == EMP_OK; j++)
        status = emp__buffer_printf(out, error, " %s", params->features.items[j].name);
    for (size_t c = 0; c < params->categorical.count && status == EMP_OK; c++)
        status = emp__buffer_printf(out, error, " %s", params->categorical.items[c].name);
    return status == EMP_OK ? emp__buffer_text(out, "\n", error) : status;
}

static emp_status explain(const void *section, struct emp_buffer *out, emp_error *error)
{
    const struct emp_logistic_params *params = section;
    const struct emp_label_rule *label = &params->label;
    emp_status status =
        label->source == EMP_LABEL_COLUMN
            ? emp__buffer_printf(out, error, "  event: '%s' in the column '%s'\n", label->positive,
                                 label->column.name)
            : emp__buffer_printf(out, error,
                                 "  event: no purchase for %" PRId64 " days, %" PRId64
                                 " days after the cut-off; cut-offs: %zu\n",
                                 label->horizon, label->gap,
                                 label->cutoff_count > 0 ? label->cutoff_count : 1);
    return status == EMP_OK ? explain_columns(params, out, error) : status;
}

/* A model says which section it is of: `kind` is that name. */
static emp_status explain_model(const void *section, const struct emp_model *model,
                                struct emp_buffer *out, emp_error *error)
{
    struct emp_logistic_rule rule;
    emp_status status = emp__logistic_model_read(model, section, model->kind, &rule, error);
    if (status == EMP_OK)
        status = explain_columns(section, out, error);
    if (status == EMP_OK)
        status = emp__buffer_printf(out, error, "  fitted by %" PRIu64 " rows; terms: %zu\n",
                                    rule.encoding.rows, rule.terms.count);
    emp__logistic_rule_free(&rule);
    return status;
}

/* --- The rows in the table of analyses --- */

#define KIND(name_)                                                                                \
    {                                                                                              \
        .section = (name_), .sample = name_ "_sample", .coefficients = name_ "_coefficients",      \
        .metrics = name_ "_metrics", .deciles = name_ "_deciles",                                  \
        .calibration = name_ "_calibration", .profit = name_ "_profit", .path = name_ "_path",     \
        .evidence = name_ "_evidence", .probability = name_ "_probability",                        \
        .decile = name_ "_decile", .out_of_fold = name_ "_out_of_fold",                            \
        .reasons = name_ "_reasons",                                                               \
    }

static const struct emp_logistic_kind churn_kind = KIND("churn");
static const struct emp_logistic_kind response_kind = KIND("response");
static const struct emp_logistic_kind profile_kind = KIND("profile");

static emp_status settle_churn(void *section, const struct emp_input_params *input,
                               struct emp_node *root, emp_error *error)
{
    return emp__logistic_settle(section, "churn", input, root, error);
}
static emp_status settle_response(void *section, const struct emp_input_params *input,
                                  struct emp_node *root, emp_error *error)
{
    return emp__logistic_settle(section, "response", input, root, error);
}
static emp_status settle_profile(void *section, const struct emp_input_params *input,
                                 struct emp_node *root, emp_error *error)
{
    return emp__logistic_settle(section, "profile", input, root, error);
}

#define ANALYSIS(name_)                                                                            \
    {                                                                                              \
        .schema = &emp__##name_##_schema, .kind = &name_##_kind, .settle = settle_##name_,         \
        .needs = needs, .cutoffs = cutoffs, .attributes = attributes, .explain = explain,          \
        .run = run, .score = score, .explain_model = explain_model,                                \
    }

const struct emp_analysis emp__churn_analysis = ANALYSIS(churn);
const struct emp_analysis emp__response_analysis = ANALYSIS(response);
const struct emp_analysis emp__profile_analysis = ANALYSIS(profile);
