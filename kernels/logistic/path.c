// SPDX-License-Identifier: Apache-2.0
/* The order of a path: the model without penalised terms, then one penalty after the other. */
#include "logistic/path.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "logistic/fit_state.h"
#include "logistic/null_model.h"
#include "logistic/proximal.h"
#include "random/portable_math.h"

/* As glmnet has them. */
#define ALPHA_LEAST    1e-3
#define GAIN_LEAST     1e-5
#define EXPLAINED_MOST 0.999
enum { PENALTIES_LEAST = 5 };

struct path {
    struct emp_proximal proximal;
    const struct emp_path_options *options;
    double lambda_max;
};

static struct path path_of(const struct emp_logistic_data *data,
                           const struct emp_path_options *options)
{
    struct path path = {.options = options};
    struct emp_newton *newton = &path.proximal.newton;
    newton->pass.walk = emp__walk(data, options->threads, options->variant);
    path.proximal.tolerance = options->tolerance;
    return path;
}

size_t emp__path_workspace(const struct emp_logistic_data *data,
                           const struct emp_path_options *options)
{
    struct emp_carver carver = {0};
    struct path path = path_of(data, options);
    emp__proximal_carve(&carver, &path.proximal);
    return emp__carved(&carver);
}

static double factor_of(const struct path *path, size_t column)
{
    if (column == 0)
        return 0;
    return path->options->penalty_factor ? path->options->penalty_factor[column - 1] : 1;
}

/* The penalties of scaled terms; for an infinite lambda no penalised term gets in. */
static void set_lambda(struct path *path, double lambda)
{
    const struct emp_newton *newton = &path->proximal.newton;
    double alpha = path->options->alpha, size = newton->census.weight;
    for (size_t j = 0; j < newton->pass.walk.columns; j++) {
        double factor = factor_of(path, j), scale = newton->pass.standard.scale[j];
        bool held = factor > 0 && scale > 0;
        if (lambda < INFINITY) {
            path->proximal.absolute[j] = size * lambda * alpha * factor * scale;
            path->proximal.square[j] = size * lambda * (1 - alpha) * factor * scale * scale;
        } else {
            path->proximal.absolute[j] = held ? INFINITY : 0;
            path->proximal.square[j] = 0;
        }
    }
}

/* The greatest slope of a penalised term, and the lambda that just keeps them all out. */
static void set_unit(struct path *path)
{
    const struct emp_newton *newton = &path->proximal.newton;
    double alpha = fmax(path->options->alpha, ALPHA_LEAST), steepest = 0;
    path->lambda_max = 0;
    for (size_t j = 1; j < newton->pass.walk.columns; j++) {
        double factor = factor_of(path, j), scale = newton->pass.standard.scale[j];
        if (!(factor > 0 && scale > 0))
            continue;
        double slope = fabs(newton->gradient[j]) / newton->census.weight;
        steepest = fmax(steepest, slope);
        path->lambda_max = fmax(path->lambda_max, slope / (alpha * factor * scale));
    }
    path->proximal.unit = newton->census.weight * (steepest > 0 ? steepest : 1);
}

/* The model of the intercept and the terms that are not penalised. */
static void fit_without(struct path *path, double intercept)
{
    struct emp_newton *newton = &path->proximal.newton;
    memset(newton->c, 0, newton->pass.walk.columns * sizeof *newton->c);
    newton->c[0] = intercept;
    path->proximal.unit = newton->census.weight;
    set_lambda(path, INFINITY);
    emp__proximal_start(&path->proximal);
    /* The second time to the end in the unit that the first one has found. */
    for (int time = 0; time < 2; time++) {
        emp__proximal(&path->proximal, path->options->max_passes);
        set_unit(path);
    }
}

static double lambda_of(const struct path *path, size_t k)
{
    const struct emp_path_options *options = path->options;
    if (options->lambda)
        return options->lambda[k];
    const double ratio_many = 1e-4, ratio_few = 1e-2;
    const struct emp_walk *walk = &path->proximal.newton.pass.walk;
    double ratio = path->proximal.newton.census.rows > walk->columns - 1 ? ratio_many : ratio_few;
    ratio = options->ratio > 0 ? options->ratio : ratio;
    double part = options->count > 1 ? (double)k / (double)(options->count - 1) : 0;
    return path->lambda_max * emp__exp(part * emp__log(ratio));
}

static void fit_penalty(struct path *path, size_t k, struct emp_path *out)
{
    struct emp_proximal *proximal = &path->proximal;
    const struct emp_newton *newton = &proximal->newton;
    size_t columns = newton->pass.walk.columns;
    int before = newton->passes;
    struct emp_path_point *point = &out->point[k];
    *point = (struct emp_path_point){.lambda = lambda_of(path, k)};
    set_lambda(path, point->lambda);
    bool ended = emp__proximal(proximal, path->options->max_passes);
    point->status = ended ? EMP_LOGISTIC_CONVERGED : EMP_LOGISTIC_LIMIT;
    point->passes = newton->passes - before;
    point->log_likelihood = proximal->likelihood;
    point->objective = emp__proximal_value(proximal) / newton->census.weight;
    point->kkt = emp__proximal_violation(proximal);
    for (size_t j = 1; j < columns; j++)
        point->nonzero += newton->c[j] != 0;
    emp__pass_raw(&newton->pass, newton->c, out->coefficients + k * columns);
}

/* Whether the k-th penalty is the last; see path.h. */
static bool is_enough(const struct path *path, const struct emp_path *out, size_t k)
{
    if (path->options->lambda || path->options->complete || k + 1 < PENALTIES_LEAST)
        return false;
    double null = out->null_log_likelihood;
    double explained = 1 - out->point[k].log_likelihood / null;
    double before = 1 - out->point[k - 1].log_likelihood / null;
    return explained > EXPLAINED_MOST || explained - before < GAIN_LEAST * explained;
}

static enum emp_logistic_status follow(struct path *path, struct emp_path *out)
{
    enum emp_logistic_status status = EMP_LOGISTIC_CONVERGED;
    for (size_t k = 0; k < path->options->count; k++) {
        fit_penalty(path, k, out);
        out->fitted = k + 1;
        if (out->point[k].status != EMP_LOGISTIC_CONVERGED)
            status = out->point[k].status;
        if (is_enough(path, out, k))
            break;
    }
    return status;
}

enum emp_logistic_status emp__path_fit(const struct emp_logistic_data *data,
                                       const struct emp_path_options *options, struct emp_path *out,
                                       void *workspace)
{
    struct emp_carver carver = {.base = workspace};
    struct path path = path_of(data, options);
    struct emp_newton *newton = &path.proximal.newton;
    emp__proximal_carve(&carver, &path.proximal);
    newton->census = emp__pass_moments(&newton->pass);
    out->fitted = 0;
    out->rows = newton->census.rows;
    out->weight = newton->census.weight;
    out->events = newton->census.events;
    out->term = newton->census.term;
    enum emp_logistic_status status = emp__census_judge(&newton->census);
    if (status != EMP_LOGISTIC_CONVERGED)
        return status;
    const struct emp_null_model null = emp__null_model(newton);
    out->null_log_likelihood = null.log_likelihood;
    fit_without(&path, null.intercept);
    status = follow(&path, out);
    out->passes = newton->passes;
    out->full_passes = newton->full_passes;
    return status;
}
