// SPDX-License-Identifier: Apache-2.0
/* What a recipe learns from a column, in the order of its steps. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/memory.h"
#include "features/column_moments.h"
#include "features/preparation.h"
#include "order/radix_sort.h"
#include "random/portable_math.h"
#include "scale/double_key.h"
#include "scale/minimum.h"
#include "scale/quantile.h"
#include "scale/rank_table.h"
#include "scale/yeo_johnson.h"

enum { BLOCK = 4096 };

/* The column as far as it is ready, and workspace. */
struct fit {
    struct emp_prepare_input input;
    struct emp_prepared *p;
    double *work;     /* n */
    double *partials; /* for sums */
    uint64_t *keys;   /* n, once there was a use for them */
    struct emp_prepare_problem *problem;
};

static emp_status refuse(struct fit *fit, enum emp_problem_kind kind)
{
    *fit->problem = (struct emp_prepare_problem){.kind = kind};
    return EMP_ERR_DATA;
}

static struct emp_moments moments(const struct fit *fit, const double *x, size_t n)
{
    return emp__column_moments(x, n, fit->input.threads, fit->partials);
}

static void key_block(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    const struct fit *fit = user;
    for (size_t i = first; i < first + count; i++)
        fit->keys[i] = emp__double_key(fit->work[i]);
}

/* The keys of the first n values of the work. */
static emp_status make_keys(struct fit *fit, size_t n, emp_error *error)
{
    emp_status status = EMP_OK;
    if (!fit->keys)
        status = emp__new_array(&fit->keys, fit->input.n, sizeof *fit->keys, error);
    if (status == EMP_OK)
        emp__blocks(fit->input.threads, n, BLOCK, key_block, fit);
    return status;
}

enum { QUANTILES = 3 };

struct quantiles {
    const uint64_t *keys;
    size_t n;
    double at[QUANTILES];
    double value[QUANTILES];
};

static void take_quantile(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    struct quantiles *quantiles = user;
    for (size_t i = first; i < first + count; i++)
        quantiles->value[i] = emp__quantile(quantiles->keys, quantiles->n, quantiles->at[i]);
}

/* The quantiles of the first n values of the work. */
static emp_status take_quantiles(struct fit *fit, struct quantiles *quantiles, emp_error *error)
{
    emp_status status = make_keys(fit, quantiles->n, error);
    if (status != EMP_OK)
        return status;
    quantiles->keys = fit->keys;
    emp__blocks(fit->input.threads, QUANTILES, 1, take_quantile, quantiles);
    return EMP_OK;
}

/* The values that are there, at the beginning of the work; how many. */
static size_t gather_present(const struct fit *fit)
{
    size_t present = 0;
    for (size_t i = 0; i < fit->input.n; i++) {
        double value = fit->input.values[i];
        if (!isnan(value))
            fit->work[present++] = value;
    }
    return present;
}

static bool clamps(const struct emp_steps *steps)
{
    return steps->winsorize.low > 0.0 || steps->winsorize.high < 1.0;
}

/* What missing values become, and between what values are held. */
static emp_status learn_clean(struct fit *fit, size_t present, emp_error *error)
{
    const struct emp_steps *steps = &fit->p->recipe.steps;
    const int how = steps->missing.how;
    if (how == EMP_FILL_CONSTANT)
        fit->p->fill = steps->missing.constant;
    bool sums = how == EMP_FILL_MEAN, sorts = how == EMP_FILL_MEDIAN || clamps(steps);
    if (present == 0 && (sums || sorts))
        return refuse(fit, EMP_PROBLEM_NO_VALUE);
    if (sums)
        fit->p->fill = moments(fit, fit->work, present).mean;
    if (!sorts)
        return EMP_OK;
    struct quantiles quantiles = {.n = present,
                                  .at = {steps->winsorize.low, steps->winsorize.high, 0.5}};
    emp_status status = take_quantiles(fit, &quantiles, error);
    if (status != EMP_OK)
        return status;
    if (steps->winsorize.low > 0.0)
        fit->p->low = quantiles.value[0];
    if (steps->winsorize.high < 1.0)
        fit->p->high = quantiles.value[1];
    if (how == EMP_FILL_MEDIAN)
        fit->p->fill = quantiles.value[2];
    return EMP_OK;
}

static void count_clamped(const struct fit *fit)
{
    struct emp_prepared *p = fit->p;
    for (size_t i = 0; i < fit->input.n; i++) {
        double value = isnan(fit->input.values[i]) ? p->fill : fit->input.values[i];
        p->clamped_low += value < p->low;
        p->clamped_high += value > p->high;
    }
}

static emp_status take_step(const struct fit *fit,
                            enum emp_problem_kind (*step)(const struct emp_prepared *prepared,
                                                          double value, double *out))
{
    const struct emp_prepare_output work = {.out = fit->work, .stride = 1};
    return emp__prepare_each(fit->p, step, fit->input, work, fit->problem);
}

/* Missing values and outliers: the work is the whole column, clean. */
static emp_status clean(struct fit *fit, emp_error *error)
{
    const struct emp_steps *steps = &fit->p->recipe.steps;
    emp_status status = take_step(fit, emp__prepare_clean);
    if (status != EMP_OK || (steps->missing.how == EMP_FILL_REJECT && !clamps(steps)))
        return status;
    size_t present = gather_present(fit);
    fit->p->missing = fit->input.n - present;
    status = learn_clean(fit, present, error);
    if (status != EMP_OK)
        return status;
    count_clamped(fit);
    return take_step(fit, emp__prepare_clean);
}

static emp_status learn_ranks(struct fit *fit, emp_error *error)
{
    const size_t n = fit->input.n;
    uint64_t *spare = NULL;
    uint32_t *values = NULL, *spare_values = NULL;
    emp_status status = make_keys(fit, n, error);
    if (status == EMP_OK)
        status = emp__new_array(&spare, n, sizeof *spare, error);
    if (status == EMP_OK)
        status = emp__new_array(&values, n, sizeof *values, error);
    if (status == EMP_OK)
        status = emp__new_array(&spare_values, n, sizeof *spare_values, error);
    if (status == EMP_OK)
        status = emp__new_array(&fit->p->knots, EMP_RANK_KNOTS, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&fit->p->heights, EMP_RANK_KNOTS, sizeof(double), error);
    if (status == EMP_OK) {
        emp__radix_sort(fit->keys, values, spare, spare_values, n);
        fit->p->knot_count = emp__rank_table(fit->keys, n, fit->p->knots, fit->p->heights);
    }
    free(spare_values);
    free(values);
    free(spare);
    return status;
}

/* The profile likelihood of lambda. */
struct likelihood {
    const struct fit *fit;
    double *logs;  /* n, signed */
    double *curve; /* n */
    struct emp_yeo_johnson_range range;
    double mean_log;
    double lambda, anchor; /* of the curve that is being made */
};

static void log_block(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    const struct likelihood *likelihood = user;
    emp__signed_logs(likelihood->fit->work + first, count, likelihood->logs + first);
}

static void curve_block(void *user, int worker, size_t first, size_t count)
{
    (void)worker;
    const struct likelihood *likelihood = user;
    emp__yeo_johnson_curve(likelihood->logs + first, count, likelihood->lambda, likelihood->anchor,
                           likelihood->curve + first);
}

/* The negative logarithm of the likelihood for each customer, less what all lambdas share. */
static double surprise(void *user, double lambda)
{
    struct likelihood *likelihood = user;
    const struct emp_prepare_input *input = &likelihood->fit->input;
    double scale;
    likelihood->lambda = lambda;
    likelihood->anchor = emp__yeo_johnson_anchor(likelihood->range, lambda, &scale);
    emp__blocks(input->threads, input->n, BLOCK, curve_block, likelihood);
    double deviation = moments(likelihood->fit, likelihood->curve, input->n).deviation;
    return emp__log(fmax(deviation, DBL_TRUE_MIN)) + scale - (lambda - 1.0) * likelihood->mean_log;
}

static void find_lambda(struct likelihood *likelihood, struct emp_prepared *p)
{
    const struct emp_prepare_input *input = &likelihood->fit->input;
    emp__blocks(input->threads, input->n, BLOCK, log_block, likelihood);
    struct emp_moments logs = moments(likelihood->fit, likelihood->logs, input->n);
    p->lambda = 1.0;
    if (logs.least == logs.greatest)
        return;
    double low, high;
    likelihood->mean_log = logs.mean;
    likelihood->range = (struct emp_yeo_johnson_range){logs.least, logs.greatest};
    emp__yeo_johnson_interval(likelihood->range, &low, &high);
    double lambda = emp__minimum(surprise, likelihood, low, high, EMP_LAMBDA_TOLERANCE);
    bool at_low = lambda - low <= 2.0 * EMP_LAMBDA_TOLERANCE;
    bool at_high = high - lambda <= 2.0 * EMP_LAMBDA_TOLERANCE;
    p->lambda_at_bound = at_low || at_high;
    p->lambda = at_low ? low : at_high ? high : lambda;
}

static emp_status learn_lambda(struct fit *fit, emp_error *error)
{
    struct likelihood likelihood = {.fit = fit};
    emp_status status = emp__new_array(&likelihood.logs, fit->input.n, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&likelihood.curve, fit->input.n, sizeof(double), error);
    if (status == EMP_OK)
        find_lambda(&likelihood, fit->p);
    free(likelihood.curve);
    free(likelihood.logs);
    return status;
}

/* The work becomes the column after its curve. */
static emp_status bend(struct fit *fit, emp_error *error)
{
    const int transform = fit->p->recipe.steps.transform;
    emp_status status = EMP_OK;
    if (transform == EMP_TRANSFORM_NONE)
        return EMP_OK;
    if (transform == EMP_TRANSFORM_RANK)
        status = learn_ranks(fit, error);
    if (transform == EMP_TRANSFORM_YEO_JOHNSON)
        status = learn_lambda(fit, error);
    return status == EMP_OK ? take_step(fit, emp__prepare_curve) : status;
}

static emp_status learn_quartiles(struct fit *fit, emp_error *error)
{
    struct quantiles quantiles = {.n = fit->input.n, .at = {0.25, 0.5, 0.75}};
    emp_status status = take_quantiles(fit, &quantiles, error);
    fit->p->shift = quantiles.value[1];
    fit->p->divisor = quantiles.value[2] - quantiles.value[0];
    return status;
}

static emp_status learn_scale(struct fit *fit, emp_error *error)
{
    struct emp_prepared *p = fit->p;
    const int scale = p->recipe.steps.scale;
    emp_status status = EMP_OK;
    struct emp_moments all = moments(fit, fit->work, fit->input.n);
    if (scale == EMP_SCALE_ZSCORE) {
        p->shift = all.mean;
        p->divisor = all.deviation;
    } else if (scale == EMP_SCALE_MINMAX) {
        p->shift = all.least;
        p->divisor = all.greatest - all.least;
    } else if (scale == EMP_SCALE_ROBUST) {
        status = learn_quartiles(fit, error);
    } else {
        p->divisor = all.greatest > all.least;
    }
    p->constant = p->divisor == 0.0;
    if (p->constant)
        p->divisor = 1.0;
    return status;
}

static emp_status learn(struct fit *fit, emp_error *error)
{
    const size_t n = fit->input.n;
    if (n == 0)
        return refuse(fit, EMP_PROBLEM_NO_ROWS);
    emp_status status = emp__new_array(&fit->work, n, sizeof *fit->work, error);
    if (status == EMP_OK)
        status = emp__new_array(&fit->partials, emp__moments_workspace(n), sizeof(double), error);
    if (status == EMP_OK)
        status = clean(fit, error);
    if (status == EMP_OK)
        status = bend(fit, error);
    return status == EMP_OK ? learn_scale(fit, error) : status;
}

emp_status emp__prepare_fit(const struct emp_recipe *recipe, struct emp_prepare_input input,
                            struct emp_prepared *out, struct emp_prepare_problem *problem,
                            emp_error *error)
{
    struct emp_prepared p = {.recipe = *recipe, .low = -INFINITY, .high = INFINITY};
    struct emp_prepare_problem found = {.kind = EMP_PROBLEM_NONE};
    struct fit fit = {.input = input, .p = &p, .problem = &found};
    p.recipe.name = NULL;
    p.recipe.place = (struct emp_place){0};
    p.recipe.given = 0;
    p.rows = input.n;
    emp_status status = emp__copy_text(&p.recipe.name, recipe->name, strlen(recipe->name), error);
    if (status == EMP_OK)
        status = learn(&fit, error);
    if (found.kind != EMP_PROBLEM_NONE)
        status = emp__prepare_fail(recipe, &found, NULL, error);
    if (problem && found.kind != EMP_PROBLEM_NONE)
        *problem = found;
    if (status == EMP_OK)
        *out = p;
    else
        emp__prepared_free(&p);
    free(fit.keys);
    free(fit.partials);
    free(fit.work);
    return status;
}
