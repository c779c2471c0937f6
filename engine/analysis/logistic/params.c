// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic/params.h"

#include <string.h>

#include "analysis/logistic/loads.h"
#include "analysis/logistic/model.h"
#include "features/feature_column.h"
#include "features/merge_param.h"
#include "features/recipe_params.h"

static const char *const unseen_words[] = {"error", "ignore", "reference", NULL};
static const char *const collinear_words[] = {"drop", "fail", NULL};
static const char *const penalty_words[] = {"none", "ridge", "lasso", "elasticnet", NULL};
static const char *const rule_words[] = {"minimum", "one_se", NULL};
static const char *const firth_words[] = {"auto", "always", "never", NULL};

#define LOGISTIC(field) offsetof(struct emp_logistic_params, field)

static const struct emp_param logistic_rows[] = {
    {.key = "label",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(label),
     .shape = EMP_LABEL_SHAPE,
     .doc = "What is predicted. From the history: no purchase within the horizon that begins `gap` "
            "days after the cut-off, of customers who bought before it; without a cut-off, the "
            "last one whose horizon ends before the analysis date. Or a column of the customers "
            "file and its text that is the event; customers without a value are scored only.",
     .load = emp__label_load,
     .release = emp__label_release},
    {.key = "features",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(features),
     .fallback = "[]",
     .shape = EMP_FEATURES_SHAPE,
     .doc = "The numbers it is learned from. " EMP_FEATURES_DOC,
     .load = emp__logistic_features_load,
     .release = emp__recipes_release},
    EMP_STEPS_ROWS(struct emp_logistic_params, steps),
    {.key = "merge",
     .type = EMP_PARAM_CHOICE,
     .offset = LOGISTIC(merge),
     .choices = emp__merge_words,
     .fallback = "auto",
     .doc = EMP_MERGE_DOC},
    {.key = "categorical",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(categorical),
     .fallback = "[]",
     .shape = EMP_CATEGORICAL_SHAPE,
     .doc = "Columns of the customers file that are texts: each level but the reference is a term "
            "that is 0 or 1. A missing value is a level of its own.",
     .load = emp__categorical_load,
     .release = emp__categorical_release},
    {.key = "reference",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(reference),
     .fallback = "first",
     .shape = EMP_REFERENCE_SHAPE,
     .doc = "The level that the others of a category are compared with; first: the first one byte "
            "by byte.",
     .load = emp__reference_load,
     .release = emp__reference_release},
    {.key = "unseen",
     .type = EMP_PARAM_CHOICE,
     .offset = LOGISTIC(unseen),
     .choices = unseen_words,
     .fallback = "error",
     .doc = "What becomes of a level at scoring that was not there when the model was fitted. "
            "ignore: the category adds what it adds on average; reference: it counts as the "
            "reference."},
    {.key = "splines",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(splines),
     .fallback = "{}",
     .shape = EMP_COUNTS_SHAPE,
     .doc = "Features whose effect may bend: a restricted cubic spline with so many knots (3 to "
            "20), at quantiles.",
     .load = emp__splines_load,
     .release = emp__reals_release},
    {.key = "bins",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(bins),
     .fallback = "{}",
     .shape = EMP_COUNTS_SHAPE,
     .doc = "Features that are cut into so many bins (2 to 100), at quantiles; each but the first "
            "is a term that is 0 or 1.",
     .load = emp__bins_load,
     .release = emp__reals_release},
    {.key = "interactions",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(interactions),
     .fallback = "[]",
     .shape = EMP_INTERACTIONS_SHAPE,
     .doc = "Pairs of features and categories whose products are terms, too.",
     .load = emp__interactions_load,
     .release = emp__interactions_release},
    {.key = "collinear",
     .type = EMP_PARAM_CHOICE,
     .offset = LOGISTIC(collinear),
     .choices = collinear_words,
     .fallback = "drop",
     .doc = "What becomes of a term that is a linear combination of those before it: it is dropped "
            "with a warning that names it, or the run fails."},
    {.key = "penalty",
     .type = EMP_PARAM_CHOICE,
     .offset = LOGISTIC(penalty),
     .choices = penalty_words,
     .fallback = "none",
     .doc = "What is added to half the mean deviance: lambda (alpha |b|_1 + (1 - alpha) / 2 "
            "|b|^2), of the coefficients of scaled features; ridge has alpha 0, lasso 1. The "
            "intercept is never penalised."},
    {.key = "lambda",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(lambda),
     .fallback = "auto",
     .shape = EMP_LAMBDA_SHAPE,
     .doc = "How strong the penalty is; auto: chosen by cross-validation.",
     .load = emp__lambda_load},
    {.key = "lambda_rule",
     .type = EMP_PARAM_CHOICE,
     .offset = LOGISTIC(lambda_rule),
     .choices = rule_words,
     .fallback = "minimum",
     .doc = "Which lambda cross-validation takes: the one with the least deviance, or the largest "
            "whose deviance is at most one standard error above that."},
    {.key = "alpha",
     .type = EMP_PARAM_REAL,
     .offset = LOGISTIC(alpha),
     .min = 0,
     .max = 1,
     .fallback = "0.5",
     .doc = "The share of the absolute values in the penalty of elasticnet."},
    {.key = "penalty_factors",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(penalty_factors),
     .fallback = "{}",
     .shape = EMP_FACTORS_SHAPE,
     .doc = "How much more or less than the others a feature or category is penalised; 0: not at "
            "all.",
     .load = emp__factors_load,
     .release = emp__reals_release},
    {.key = "class_weight",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(class_weight),
     .fallback = "none",
     .shape = EMP_CLASS_WEIGHT_SHAPE,
     .doc = "How much an event and a non-event count. balanced: both classes together the same. "
            "Probabilities are then those of the weighted population.",
     .load = emp__class_weight_load},
    {.key = "weight",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(weight),
     .fallback = "",
     .shape = "the name of a column",
     .doc = "A column of the customers file: how much a customer counts. Not negative; missing is "
            "0.",
     .load = emp__column_load,
     .release = emp__column_release},
    {.key = "offset",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(offset),
     .fallback = "",
     .shape = "the name of a column",
     .doc = "A column of the customers file that is added to the linear predictor; missing is 0.",
     .load = emp__column_load,
     .release = emp__column_release},
    {.key = "prior",
     .type = EMP_PARAM_REAL,
     .offset = LOGISTIC(prior),
     .min = 1e-9,
     .max = 1 - 1e-9,
     .fallback = "",
     .doc = "The share of events among all customers, where the fitted ones were sampled by their "
            "label: the intercept is corrected for it (King & Zeng 2001)."},
    {.key = "firth",
     .type = EMP_PARAM_CHOICE,
     .offset = LOGISTIC(firth),
     .choices = firth_words,
     .fallback = "auto",
     .doc = "Firth's correction of an unpenalised fit, which has finite estimates also where "
            "events and others are separated; auto: only then."},
    {.key = "max_iterations",
     .type = EMP_PARAM_INTEGER,
     .offset = LOGISTIC(max_iterations),
     .min = 1,
     .max = 100000,
     .fallback = "100",
     .doc = "A fit that has not converged by then says so in its status."},
    {.key = "tolerance",
     .type = EMP_PARAM_REAL,
     .offset = LOGISTIC(tolerance),
     .min = 0,
     .max = 0.01,
     .fallback = "1e-10",
     .doc = "A fit has converged when the objective changes by at most this, relative to 1 + its "
            "size, and the scaled gradient is as small."},
    {.key = "folds",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(folds),
     .fallback = "5",
     .shape = EMP_FOLDS_SHAPE,
     .doc = "The folds of the evaluation: a customer is in one of them, which follows from the id "
            "and the seed, and is judged by a fit without it.",
     .load = emp__folds_load,
     .release = emp__folds_release},
    {.key = "stratified",
     .type = EMP_PARAM_BOOLEAN,
     .offset = LOGISTIC(stratified),
     .fallback = "false",
     .doc = "Folds with the same share of events each."},
    {.key = "recalibrate",
     .type = EMP_PARAM_CHOICE,
     .offset = LOGISTIC(recalibration),
     .choices = emp__recalibration_words,
     .fallback = "none",
     .doc = "A curve for the probabilities, learned from those out of fold."},
    {.key = "costs",
     .type = EMP_PARAM_OWN,
     .offset = LOGISTIC(costs),
     .fallback = "",
     .shape = EMP_COSTS_SHAPE,
     .doc = "What a contact costs and brings: contacting a customer is worth probability * success "
            "* margin - contact.",
     .load = emp__costs_load},
    {.key = "threshold",
     .type = EMP_PARAM_REAL,
     .offset = LOGISTIC(threshold),
     .min = 0,
     .max = 1,
     .fallback = "",
     .doc = "From which probability on a customer is taken for an event, in the confusion table. "
            "Without it, contact / (success * margin), or 0.5 without costs."},
    {.key = "confidence",
     .type = EMP_PARAM_REAL,
     .offset = LOGISTIC(confidence),
     .min = 0.5,
     .max = 0.9999,
     .fallback = "0.95",
     .doc = "Of the intervals."},
};

/* --- Rules over several keys --- */

static bool has_recipe(const struct emp_logistic_params *params, const char *name)
{
    for (size_t i = 0; i < params->features.count; i++)
        if (strcmp(params->features.items[i].name, name) == 0)
            return true;
    return false;
}

static bool has_category(const struct emp_logistic_params *params, const char *name)
{
    for (size_t i = 0; i < params->categorical.count; i++)
        if (strcmp(params->categorical.items[i].name, name) == 0)
            return true;
    return false;
}

static emp_status refuse_name(struct emp_place place, const char *key, const char *name,
                              const char *what, emp_error *error)
{
    return emp__fail_at(error, EMP_ERR_PARAMS, place, "'%s' names '%s', which is not among %s", key,
                        name, what);
}

/* Splines and bins are of features, and of each only one of the two. */
static emp_status check_curves(const struct emp_logistic_params *params, emp_error *error)
{
    const struct emp_named_reals *splines = &params->splines, *bins = &params->bins;
    const struct {
        const char *key;
        const struct emp_named_reals *values;
    } both[] = {{"splines", splines}, {"bins", bins}};
    for (size_t b = 0; b < 2; b++) {
        const struct emp_named_reals *values = both[b].values;
        for (size_t i = 0; i < values->count; i++) {
            if (!has_recipe(params, values->names[i]))
                return refuse_name(values->places[i], both[b].key, values->names[i], "the features",
                                   error);
            if (values->values[i] != (double)(int)values->values[i])
                return emp__fail_at(error, EMP_ERR_PARAMS, values->places[i],
                                    "'%s' needs a whole number for '%s'", both[b].key,
                                    values->names[i]);
        }
    }
    for (size_t i = 0; i < bins->count; i++)
        if (emp__named_find(splines->names, splines->count, bins->names[i]) < splines->count)
            return emp__fail_at(error, EMP_ERR_PARAMS, bins->places[i],
                                "'%s' is in 'splines' and in 'bins'", bins->names[i]);
    return EMP_OK;
}

static emp_status check_names(const struct emp_logistic_params *params, emp_error *error)
{
    const struct emp_named_texts *references = &params->reference.given;
    const struct emp_named_reals *factors = &params->penalty_factors;
    for (size_t i = 0; i < references->count; i++)
        if (!has_category(params, references->names[i]))
            return refuse_name(references->places[i], "reference", references->names[i],
                               "the categories", error);
    for (size_t i = 0; i < factors->count; i++)
        if (!has_recipe(params, factors->names[i]) && !has_category(params, factors->names[i]))
            return refuse_name(factors->places[i], "penalty_factors", factors->names[i],
                               "the features and categories", error);
    for (size_t i = 0; i < params->interactions.count; i++) {
        const struct emp_interaction *pair = &params->interactions.items[i];
        for (size_t side = 0; side < 2; side++)
            if (!has_recipe(params, pair->name[side]) && !has_category(params, pair->name[side]))
                return refuse_name(pair->place, "interactions", pair->name[side],
                                   "the features and categories", error);
        if (strcmp(pair->name[0], pair->name[1]) == 0)
            return emp__fail_at(error, EMP_ERR_PARAMS, pair->place,
                                "'interactions' has '%s' with itself: a spline bends it",
                                pair->name[0]);
    }
    return EMP_OK;
}

static emp_status check_fit(const struct emp_logistic_params *params, const struct emp_node *node,
                            emp_error *error)
{
    bool folds = params->folds.count > 0 || params->folds.column.name;
    const struct emp_node *firth = emp__node_get(node, "firth");
    if (params->penalty != EMP_PENALTY_NONE && params->firth == EMP_FIRTH_ALWAYS)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(firth),
                            "'%s' is for fits without a penalty, found 'penalty: %s'", firth->path,
                            penalty_words[params->penalty]);
    if (params->penalty != EMP_PENALTY_NONE && params->lambda.automatic && !folds)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s.lambda: auto' is chosen by cross-validation and needs 'folds'",
                            node->path);
    if (params->recalibration != EMP_RECALIBRATE_NONE && !folds)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s.recalibrate' learns from the probabilities out of fold and needs "
                            "'folds'",
                            node->path);
    return EMP_OK;
}

/* Whoever knows the label has nothing to foretell. */
static emp_status check_label(const struct emp_logistic_params *params, emp_error *error)
{
    const char *label = params->label.column.name;
    const struct emp_place *place = NULL;
    for (size_t i = 0; i < params->features.count && label; i++) {
        const struct emp_recipe *recipe = &params->features.items[i];
        bool is_column = recipe->column || !emp__feature_find(recipe->name);
        if (is_column && strcmp(recipe->name, label) == 0)
            place = &recipe->place;
    }
    for (size_t i = 0; i < params->categorical.count && label; i++)
        if (strcmp(params->categorical.items[i].name, label) == 0)
            place = &params->categorical.items[i].place;
    if (!place)
        return EMP_OK;
    return emp__fail_at(error, EMP_ERR_PARAMS, *place,
                        "'%s' is the label: it cannot be learned from as well", label);
}

static emp_status validate_logistic(void *section, const struct emp_node *node, emp_error *error)
{
    struct emp_logistic_params *params = section;
    emp__recipes_complete(&params->features, &params->steps);
    if (params->penalty == EMP_PENALTY_RIDGE)
        params->alpha = 0.0;
    if (params->penalty == EMP_PENALTY_LASSO)
        params->alpha = 1.0;
    if (params->features.count + params->categorical.count == 0)
        return emp__fail_at(error, EMP_ERR_PARAMS, emp__node_place(node),
                            "'%s' needs 'features' or 'categorical' to learn from", node->path);
    for (size_t i = 0; i < params->categorical.count; i++)
        if (has_recipe(params, params->categorical.items[i].name))
            return emp__fail_at(error, EMP_ERR_PARAMS, params->categorical.items[i].place,
                                "'%s' is in 'features' and in 'categorical'",
                                params->categorical.items[i].name);
    emp_status status = check_label(params, error);
    if (status == EMP_OK)
        status = check_curves(params, error);
    if (status == EMP_OK)
        status = check_names(params, error);
    return status == EMP_OK ? check_fit(params, node, error) : status;
}

#define SCHEMA(name_, doc_)                                                                        \
    {                                                                                              \
        .section = (name_), .doc = (doc_), .params = logistic_rows,                                \
        .count = sizeof logistic_rows / sizeof *logistic_rows,                                     \
        .size = sizeof(struct emp_logistic_params), .validate = validate_logistic,                 \
    }

const struct emp_schema emp__churn_schema =
    SCHEMA("churn", "Foretells who is about to leave, by a logistic model. The section asks for "
                    "the analysis. docs/churn.md explains it.");
const struct emp_schema emp__response_schema =
    SCHEMA("response", "Foretells who will answer an offer. The keys are those of churn.");
const struct emp_schema emp__profile_schema =
    SCHEMA("profile", "Finds who looks like the customers with the label. The keys are those of "
                      "churn.");

/* --- Rules between the section and the input --- */

/* The columns of the customers file that are named. */
static const struct emp_column_ref *first_column(const struct emp_logistic_params *params)
{
    if (params->label.column.name)
        return &params->label.column;
    if (params->categorical.count > 0)
        return &params->categorical.items[0];
    if (params->weight.name)
        return &params->weight;
    if (params->offset.name)
        return &params->offset;
    return params->folds.column.name ? &params->folds.column : NULL;
}

emp_status emp__logistic_settle(struct emp_logistic_params *params, const char *section,
                                const struct emp_input_params *input, struct emp_node *root,
                                emp_error *error)
{
    const struct emp_column_ref *column = first_column(params);
    params->input = input;
    if (params->label.source == EMP_LABEL_HISTORY && !emp__has_transactions(input))
        return emp__fail_at(error, EMP_ERR_PARAMS, params->label.place,
                            "'%s.label' is of the history, but there is no 'input.transactions'",
                            section);
    if (column && !emp__has_customer_file(input))
        return emp__fail_at(error, EMP_ERR_PARAMS, column->place,
                            "'%s' is a column of the customers file, but there is no "
                            "'input.customers'",
                            column->name);
    emp_status status = emp__recipes_check(&params->features, input, error);
    return status == EMP_OK ? emp__merge_settle(&params->merge, input, root, section, error)
                            : status;
}
