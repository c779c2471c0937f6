// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_fit.h"

#include <math.h>
#include <stdlib.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/memory.h"

/* What a penalty's fit may take, beside the iterations of the parameters. */
#define PATH_TOLERANCE 1e-9

emp_status emp__logistic_problem(const struct emp_logistic_sample *sample,
                                 const struct emp_term_columns *columns,
                                 struct emp_logistic_problem *out, emp_error *error)
{
    const struct emp_terms *terms = columns->terms;
    *out = (struct emp_logistic_problem){
        .sample = sample,
        .terms = terms,
        .design = emp__terms_design(columns, sample->rows.count),
    };
    emp_status status = emp__new_array(&out->penalty, terms->count, sizeof(double), error);
    for (size_t j = 0; j < terms->count && status == EMP_OK; j++)
        out->penalty[j] = terms->items[j].penalty;
    return status;
}

void emp__logistic_problem_free(struct emp_logistic_problem *problem)
{
    free(problem->penalty);
    *problem = (struct emp_logistic_problem){0};
}

struct emp_logistic_data emp__logistic_data(const struct emp_logistic_problem *problem, int fold)
{
    const struct emp_logistic_sample *sample = problem->sample;
    return (struct emp_logistic_data){
        .design = problem->design,
        .label = sample->label,
        .weight = sample->weight,
        .offset = sample->offset,
        .fold = fold >= 0 ? sample->fold : NULL,
        .left_out = fold,
    };
}

/* --- One fit --- */

static emp_status new_estimate(const struct emp_logistic_problem *problem, bool covariance,
                               struct emp_logistic_estimate *out, emp_error *error)
{
    size_t d = problem->terms->count + 1;
    emp_status status = emp__new_array(&out->fit.coefficients, d, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->fit.direction, d, sizeof(double), error);
    if (status == EMP_OK && covariance)
        status = emp__new_array(&out->fit.covariance, d * d, sizeof(double), error);
    return status;
}

static struct emp_logistic_options options_of(const struct emp_logistic_problem *problem,
                                              const struct emp_logistic_request *request)
{
    const struct emp_logistic_params *params = problem->sample->rows.params;
    return (struct emp_logistic_options){
        .lambda = request->lambda,
        .penalty_factor = problem->penalty,
        .firth = request->firth,
        .max_iterations = (int)params->max_iterations,
        .tolerance = params->tolerance < 1e-14 ? 1e-14 : params->tolerance,
        .threads = problem->sample->rows.input->threads,
        .start = request->start,
    };
}

static emp_status fit_once(const struct emp_logistic_problem *problem,
                           const struct emp_logistic_request *request,
                           struct emp_logistic_estimate *out, emp_error *error)
{
    struct emp_logistic_data data = emp__logistic_data(problem, request->left_out);
    struct emp_logistic_options options = options_of(problem, request);
    void *memory = NULL;
    out->firth = request->firth;
    emp_status status = emp__check_cancelled(problem->sample->rows.input->options, error);
    if (status == EMP_OK)
        status = emp__new_workspace(&memory, emp__logistic_workspace(&data, &options), error);
    if (status == EMP_OK)
        out->status = emp__logistic_fit(&data, &options, &out->fit, memory);
    free(memory);
    return status;
}

/* A penalty of which a part is absolute values: a path of one. */
static emp_status fit_sparse(const struct emp_logistic_problem *problem,
                             const struct emp_logistic_request *request,
                             struct emp_logistic_estimate *out, emp_error *error)
{
    const struct emp_logistic_params *params = problem->sample->rows.params;
    struct emp_logistic_data data = emp__logistic_data(problem, request->left_out);
    struct emp_path_point point = {0};
    struct emp_path path = {.coefficients = out->fit.coefficients, .point = &point};
    struct emp_path_options options = {
        .alpha = params->alpha,
        .penalty_factor = problem->penalty,
        .count = 1,
        .lambda = &request->lambda,
        .complete = true,
        .max_passes = (int)params->max_iterations,
        .tolerance = PATH_TOLERANCE,
        .threads = problem->sample->rows.input->threads,
    };
    void *memory = NULL;
    emp_status status = emp__check_cancelled(problem->sample->rows.input->options, error);
    if (status == EMP_OK)
        status = emp__new_workspace(&memory, emp__path_workspace(&data, &options), error);
    if (status == EMP_OK)
        out->status = emp__path_fit(&data, &options, &path, memory);
    free(memory);
    out->fit.rows = path.rows;
    out->fit.weight = path.weight;
    out->fit.events = path.events;
    out->fit.term = path.term;
    out->fit.log_likelihood = point.log_likelihood;
    out->fit.null_log_likelihood = path.null_log_likelihood;
    out->fit.objective = point.objective;
    out->fit.gradient = point.kkt;
    out->fit.iterations = point.passes;
    return status;
}

emp_status emp__logistic_estimate(const struct emp_logistic_problem *problem,
                                  const struct emp_logistic_request *request,
                                  struct emp_logistic_estimate *out, emp_error *error)
{
    const struct emp_logistic_params *params = problem->sample->rows.params;
    struct emp_logistic_request again = *request;
    *out = (struct emp_logistic_estimate){.firth = false};
    emp_status status = new_estimate(problem, request->covariance, out, error);
    if (status != EMP_OK)
        return status;
    if (params->alpha > 0.0 && params->penalty != EMP_PENALTY_NONE)
        return fit_sparse(problem, request, out, error);
    status = fit_once(problem, request, out, error);
    if (status != EMP_OK || out->status != EMP_LOGISTIC_SEPARATED)
        return status;
    out->separated = true;
    out->direction = out->fit.direction;
    out->fit.direction = NULL;
    if (params->firth != EMP_FIRTH_AUTO || params->penalty != EMP_PENALTY_NONE)
        return EMP_OK;
    again.firth = true;
    again.start = NULL;
    return fit_once(problem, &again, out, error);
}

void emp__logistic_estimate_free(struct emp_logistic_estimate *estimate)
{
    free(estimate->fit.coefficients);
    free(estimate->fit.covariance);
    free(estimate->fit.direction);
    free(estimate->direction);
    *estimate = (struct emp_logistic_estimate){.firth = false};
}

/* --- A path --- */

static emp_status new_path(const struct emp_logistic_problem *problem, struct emp_path *out,
                           emp_error *error)
{
    size_t d = problem->terms->count + 1;
    emp_status status =
        emp__new_array(&out->coefficients, EMP_PATH_COUNT * d, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->point, EMP_PATH_COUNT, sizeof *out->point, error);
    return status;
}

static void free_path(struct emp_path *path)
{
    free(path->coefficients);
    free(path->point);
    *path = (struct emp_path){0};
}

/* `lambda` (count of them): NULL for those that suit the data. */
static emp_status fit_path(const struct emp_logistic_problem *problem, int fold,
                           const double *lambda, size_t count, struct emp_path *out,
                           emp_error *error)
{
    const struct emp_logistic_rows *rows = &problem->sample->rows;
    struct emp_logistic_data data = emp__logistic_data(problem, fold);
    struct emp_path_options options = {
        .alpha = rows->params->alpha,
        .penalty_factor = problem->penalty,
        .count = count,
        .lambda = lambda,
        .complete = lambda != NULL,
        .max_passes = (int)rows->params->max_iterations,
        .tolerance = lambda ? 1e-6 : PATH_TOLERANCE,
        .threads = rows->input->threads,
    };
    void *memory = NULL;
    emp_status status = new_path(problem, out, error);
    if (status == EMP_OK)
        status = emp__check_cancelled(rows->input->options, error);
    if (status == EMP_OK)
        status = emp__new_workspace(&memory, emp__path_workspace(&data, &options), error);
    if (status == EMP_OK)
        emp__path_fit(&data, &options, out, memory);
    free(memory);
    return status;
}

/* The weights of the rows of a fold. */
static double fold_weight(const struct emp_logistic_sample *sample, int fold)
{
    double sum = 0.0;
    for (size_t i = 0; i < sample->rows.count; i++)
        if (sample->fold[i] == fold)
            sum += sample->weight ? sample->weight[i] : 1.0;
    return sum;
}

/* Mean deviances of the fits without a fold, of the rows in it; NaN where there are none. */
static emp_status judge_fold(const struct emp_logistic_problem *problem, int fold,
                             const double *lambda, size_t count, double *deviance, emp_error *error)
{
    struct emp_logistic_data data = emp__logistic_data(problem, fold);
    int threads = problem->sample->rows.input->threads;
    double weight = fold_weight(problem->sample, fold);
    struct emp_path path = {0};
    void *memory = NULL;
    data.left_out_instead = true;
    emp_status status = fit_path(problem, fold, lambda, count, &path, error);
    if (status == EMP_OK && path.fitted == count && weight > 0.0) {
        size_t bytes = emp__logistic_likelihoods_workspace(&data, count, threads);
        status = emp__new_workspace(&memory, bytes, error);
        if (status == EMP_OK)
            emp__logistic_likelihoods(&data, path.coefficients, count, threads, deviance, memory);
    }
    for (size_t l = 0; l < count && status == EMP_OK; l++)
        deviance[l] = memory ? -2.0 * deviance[l] / weight : NAN;
    free(memory);
    free_path(&path);
    return status;
}

/* Adds a fold to the means and squares so far (West 1979), by its weight. */
static void add_fold(struct emp_penalty_path *path, const double *deviance, double weight,
                     double total)
{
    for (size_t l = 0; l < path->path.fitted; l++) {
        double step = deviance[l] - path->deviance[l];
        path->deviance[l] += step * weight / total;
        path->error[l] += weight * step * (deviance[l] - path->deviance[l]);
    }
}

static emp_status judge_path(const struct emp_logistic_problem *problem,
                             struct emp_penalty_path *out, emp_error *error)
{
    const struct emp_logistic_sample *sample = problem->sample;
    size_t count = out->path.fitted, folds = 0;
    double *lambda = NULL, *deviance = NULL, total = 0.0;
    emp_status status = emp__new_array(&lambda, count, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&deviance, count, sizeof(double), error);
    for (size_t l = 0; l < count && status == EMP_OK; l++)
        lambda[l] = out->path.point[l].lambda;
    for (size_t f = 0; f < sample->folds && status == EMP_OK; f++) {
        double weight = fold_weight(sample, (int)f);
        status = judge_fold(problem, (int)f, lambda, count, deviance, error);
        if (status != EMP_OK || isnan(deviance[0]))
            continue;
        total += weight;
        folds++;
        add_fold(out, deviance, weight, total);
    }
    for (size_t l = 0; l < count && status == EMP_OK; l++)
        out->error[l] = folds > 1 ? sqrt(out->error[l] / total / (double)(folds - 1)) : NAN;
    free(lambda);
    free(deviance);
    return status;
}

static void choose(struct emp_penalty_path *path, int rule)
{
    for (size_t l = 1; l < path->path.fitted; l++)
        if (path->deviance[l] < path->deviance[path->minimum])
            path->minimum = l;
    double most = path->deviance[path->minimum] + path->error[path->minimum];
    while (path->one_error < path->minimum && !(path->deviance[path->one_error] <= most))
        path->one_error++;
    path->chosen = rule == EMP_LAMBDA_ONE_SE ? path->one_error : path->minimum;
}

emp_status emp__penalty_path(const struct emp_logistic_problem *problem,
                             struct emp_penalty_path *out, emp_error *error)
{
    *out = (struct emp_penalty_path){.chosen = 0};
    emp_status status = fit_path(problem, -1, NULL, EMP_PATH_COUNT, &out->path, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->deviance, out->path.fitted, sizeof(double), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->error, out->path.fitted, sizeof(double), error);
    if (status == EMP_OK && out->path.fitted > 0)
        status = judge_path(problem, out, error);
    if (status == EMP_OK && out->path.fitted > 0)
        choose(out, problem->sample->rows.params->lambda_rule);
    return status;
}

void emp__penalty_path_free(struct emp_penalty_path *path)
{
    free_path(&path->path);
    free(path->deviance);
    free(path->error);
    *path = (struct emp_penalty_path){.chosen = 0};
}
