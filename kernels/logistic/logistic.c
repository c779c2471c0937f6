// SPDX-License-Identifier: Apache-2.0
/* The order of the work of a fit: census, start, Newton's method, what its end means, results. */
#include "logistic/logistic.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "logistic/firth.h"
#include "logistic/fit_state.h"
#include "logistic/null_model.h"

enum {
    SAMPLE_STEP = 16,
    SAMPLE_ITERATIONS = 8, /* a sample that needs more is no help */
    SUSPICION = 6,         /* iterations after which a fit that is well behaved is nearly there */
};

/* Dependent terms have a pivot below this: see collinearity.h. */
#define PIVOT_DEPENDENT 1e-12

static void carve(struct emp_carver *carver, struct emp_logistic_state *state)
{
    size_t columns = state->newton.pass.walk.columns;
    emp__newton_carve(carver, &state->newton);
    emp__dependence_carve(carver, &state->dependence, columns);
    state->candidate = emp__carve(carver, columns, sizeof(double));
    state->margins = emp__carve(carver, state->newton.pass.walk.stripes, sizeof *state->margins);
}

static struct emp_logistic_state state_of(const struct emp_logistic_data *data,
                                          const struct emp_logistic_options *options)
{
    return (struct emp_logistic_state){
        .newton = {.pass.walk = emp__walk(data, options->threads, options->variant),
                   .options = *options,
                   .suspect_from = SUSPICION}};
}

size_t emp__logistic_workspace(const struct emp_logistic_data *data,
                               const struct emp_logistic_options *options)
{
    struct emp_carver carver = {0};
    struct emp_logistic_state state = state_of(data, options);
    carve(&carver, &state);
    return emp__carved(&carver);
}

enum emp_logistic_status emp__census_judge(const struct emp_census *census)
{
    if (census->term != EMP_LOGISTIC_NO_TERM)
        return EMP_LOGISTIC_RANGE;
    if (!(census->weight > 0))
        return EMP_LOGISTIC_EMPTY;
    if (!(census->events > 0 && census->events < census->weight))
        return EMP_LOGISTIC_ONE_CLASS;
    return EMP_LOGISTIC_CONVERGED;
}

static void set_penalty(struct emp_newton *newton)
{
    const struct emp_logistic_options *options = &newton->options;
    double size = newton->census.weight * options->lambda;
    newton->penalty[0] = 0;
    for (size_t j = 1; j < newton->pass.walk.columns; j++) {
        double factor = options->penalty_factor ? options->penalty_factor[j - 1] : 1;
        double scale = newton->pass.standard.scale[j];
        newton->penalty[j] = size * factor * scale * scale;
    }
}

/* Whether the fit of a sample of the rows, from c on, ended well; then c is its end. */
static bool fit_sample(const struct emp_newton *newton)
{
    struct emp_newton sample = *newton;
    size_t columns = newton->pass.walk.columns;
    sample.pass.walk = emp__walk_sample(&newton->pass.walk, SAMPLE_STEP);
    sample.options.max_iterations = SAMPLE_ITERATIONS;
    sample.options.tolerance = 1;
    sample.suspect_from = INT_MAX;
    sample.information = false;
    for (size_t j = 0; j < columns; j++)
        sample.penalty[j] /= SAMPLE_STEP;
    emp__newton_start(&sample);
    bool well = emp__newton(&sample) == EMP_LOGISTIC_CONVERGED;
    for (size_t j = 0; j < columns; j++)
        sample.penalty[j] *= SAMPLE_STEP;
    if (sample.c != newton->c)
        memcpy(newton->c, sample.c, columns * sizeof *sample.c);
    return well;
}

static void start_plainly(const struct emp_newton *newton, double intercept)
{
    memset(newton->c, 0, newton->pass.walk.columns * sizeof *newton->c);
    newton->c[0] = intercept;
}

static void start(struct emp_newton *newton, double null_intercept)
{
    if (newton->options.start) {
        emp__pass_scaled(&newton->pass, newton->options.start, newton->c);
    } else {
        start_plainly(newton, null_intercept);
        bool many = newton->pass.walk.data.design.rows >= EMP_LOGISTIC_SAMPLE_FROM;
        if (many && !fit_sample(newton))
            start_plainly(newton, null_intercept);
    }
    emp__newton_start(newton);
}

/* The first term that no penalty holds and that depends on those before it. */
static size_t dependent_term(const struct emp_logistic_state *state)
{
    const struct emp_newton *newton = &state->newton;
    struct emp_dependence dependence = state->dependence;
    emp__dependence(&newton->pass, NULL, PIVOT_DEPENDENT, &dependence);
    for (size_t j = 1; j < newton->pass.walk.columns; j++) {
        const double *factor = newton->options.penalty_factor;
        bool held = newton->options.lambda > 0 && (!factor || factor[j - 1] > 0);
        if (dependence.skipped[j] && !held)
            return j - 1;
    }
    return EMP_LOGISTIC_NO_TERM;
}

/* Newton's method, and the question of separation as often as it arises. */
static enum emp_logistic_status run(struct emp_logistic_state *state)
{
    struct emp_newton *newton = &state->newton;
    for (;;) {
        enum emp_logistic_status status = emp__newton(newton);
        if (status == EMP_LOGISTIC_CONVERGED)
            return status;
        if (newton->stale)
            emp__newton_start(newton);
        if (emp__separation_find(state))
            return EMP_LOGISTIC_SEPARATED;
        if (status == EMP_LOGISTIC_LIMIT)
            return status;
        bool at_end = newton->distance <= newton->options.tolerance;
        newton->suspect_from = at_end ? INT_MAX : newton->iterations + SUSPICION;
    }
}

/* With b_j = s_j c_j and b_0 = c_0 - sum of m_j b_j: first the slopes, then the intercept. */
static void write_covariance(struct emp_logistic_state *state, double *out)
{
    const struct emp_newton *newton = &state->newton;
    const struct emp_standard *standard = &newton->pass.standard;
    size_t n = newton->pass.walk.columns;
    const struct emp_symmetric factor = emp__newton_factor(newton);
    emp__symmetric_invert(&factor, out);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            out[i * n + j] *= standard->scale[i] * standard->scale[j];
    for (size_t j = 0; j < n; j++)
        for (size_t i = 1; i < n; i++)
            out[j] -= standard->mean[i] * out[i * n + j];
    for (size_t i = 1; i < n; i++)
        out[0] -= standard->mean[i] * out[i];
    for (size_t j = 1; j < n; j++)
        out[j * n] = out[j];
}

/* An intercept that is rounding is 0: else rows of which all terms are 0 would not be undecided. */
static void write_direction(const struct emp_logistic_state *state, double *out)
{
    const struct emp_pass *pass = &state->newton.pass;
    double size = fabs(state->candidate[0]);
    emp__pass_raw(pass, state->candidate, out);
    for (size_t j = 1; j < pass->walk.columns; j++)
        size += fabs(out[j] * pass->standard.mean[j]);
    if (fabs(out[0]) <= EMP_SEPARATION_ROUNDING * size)
        out[0] = 0;
}

static void write_results(struct emp_logistic_state *state, struct emp_logistic_fit *out)
{
    const struct emp_newton *newton = &state->newton;
    size_t columns = newton->pass.walk.columns;
    double penalty = 0, steepest = 0;
    for (size_t j = 0; j < columns; j++) {
        penalty += 0.5 * newton->penalty[j] * newton->c[j] * newton->c[j];
        steepest = fmax(steepest, fabs(newton->gradient[j]));
    }
    emp__pass_raw(&newton->pass, newton->c, out->coefficients);
    out->log_likelihood = penalty - newton->value;
    out->objective = (newton->value - state->half_log_det) / newton->census.weight;
    out->gradient = steepest / newton->census.weight;
    out->iterations = newton->iterations;
    out->passes = newton->passes;
    out->full_passes = newton->full_passes;
    if (out->covariance)
        write_covariance(state, out->covariance);
}

enum emp_logistic_status emp__logistic_fit(const struct emp_logistic_data *data,
                                           const struct emp_logistic_options *options,
                                           struct emp_logistic_fit *out, void *workspace)
{
    struct emp_carver carver = {.base = workspace};
    struct emp_logistic_state state = state_of(data, options);
    struct emp_newton *newton = &state.newton;
    carve(&carver, &state);
    newton->information = out->covariance != NULL;
    newton->census = emp__pass_moments(&newton->pass);
    out->rows = newton->census.rows;
    out->weight = newton->census.weight;
    out->events = newton->census.events;
    out->term = newton->census.term;
    enum emp_logistic_status status = emp__census_judge(&newton->census);
    if (status != EMP_LOGISTIC_CONVERGED)
        return status;
    set_penalty(newton);
    struct emp_null_model null = emp__null_model(newton);
    start(newton, null.intercept);
    if (newton->skips && (out->term = dependent_term(&state)) != EMP_LOGISTIC_NO_TERM)
        return EMP_LOGISTIC_SINGULAR;
    status = options->firth ? emp__firth(&state) : run(&state);
    out->null_log_likelihood = null.log_likelihood;
    write_results(&state, out);
    if (status == EMP_LOGISTIC_SEPARATED && out->direction)
        write_direction(&state, out->direction);
    return status;
}
