// SPDX-License-Identifier: Apache-2.0
#include "logistic/firth.h"

#include <math.h>
#include <string.h>

#include "random/portable_math.h"

/* L* is known no better, relatively. */
#define VALUE_ROUNDING 1e-13
/* Where rounding keeps L* from going up, the distance may be so much. */
#define DISTANCE_STUCK 1e-4

struct hat_visit {
    const struct emp_newton *newton;
    struct emp_symmetric factor;
    double *corrections; /* stripes x gram stride */
};

static void multiply_subtract(double *restrict to, const double *restrict from, double factor,
                              size_t rows)
{
    for (size_t i = 0; i < rows; i++)
        to[i] -= factor * from[i];
}

/* t in place of u; returns h in the array of signs. */
static void solve_rows(const struct emp_symmetric *factor, const struct emp_panel *panel)
{
    size_t rows = panel->groups * EMP_LANES;
    double *h = panel->sign;
    memset(h, 0, rows * sizeof *h);
    for (size_t j = 0; j < panel->columns; j++) {
        double *t = panel->z + j * EMP_PANEL_STRIDE;
        double pivot = factor->a[j * factor->stride + j];
        for (size_t k = 0; k < j; k++)
            multiply_subtract(t, panel->z + k * EMP_PANEL_STRIDE, factor->a[k * factor->stride + j],
                              rows);
        for (size_t i = 0; i < rows; i++) {
            t[i] = pivot > 0 ? t[i] / pivot : 0;
            h[i] += t[i] * t[i];
        }
    }
}

/*
 * The score U, and what is to be added: as z = u / root and u = R't, it is R' times the sum of
 * (h / root) (1/2 - p) t.
 */
static void visit_hat(const void *user, const struct emp_panel *panel, size_t stripe)
{
    const struct hat_visit *visit = user;
    const struct emp_pass *pass = &visit->newton->pass;
    const struct emp_panel_kernels *kernels = pass->walk.kernels;
    const double *c = visit->newton->c;
    size_t rows = panel->groups * EMP_LANES, stride = emp__gram_stride(panel->columns);
    for (size_t i = 0; i < rows; i++)
        panel->eta[i] += c[0];
    kernels->centre(panel, &pass->standard, c);
    kernels->link(panel);
    kernels->gradient(panel, true, pass->gradients + stripe * stride);
    kernels->probability(panel, panel->eta);
    solve_rows(&visit->factor, panel);
    for (size_t i = 0; i < rows; i++) {
        double h = panel->sign[i], root = panel->root[i];
        panel->residual[i] = root > 0 ? h / root * (0.5 - panel->eta[i]) : 0;
    }
    kernels->gradient(panel, false, visit->corrections + stripe * stride);
}

/* -U* at c, whose Hessian is factored. */
static void set_gradient(struct emp_newton *newton)
{
    const struct emp_pass *pass = &newton->pass;
    size_t columns = pass->walk.columns, stride = emp__gram_stride(columns);
    const struct hat_visit visit = {newton, emp__newton_factor(newton), pass->grams};
    double *corrections = newton->trial_gradient;
    memset(pass->gradients, 0, pass->walk.stripes * stride * sizeof(double));
    memset(visit.corrections, 0, pass->walk.stripes * stride * sizeof(double));
    emp__walk_visit(&pass->walk, visit_hat, &visit);
    emp__stripe_sums(&pass->walk, pass->gradients, stride, newton->gradient);
    emp__stripe_sums(&pass->walk, visit.corrections, stride, corrections);
    for (size_t j = 0; j < columns; j++) {
        double sum = newton->gradient[j];
        for (size_t k = 0; k <= j; k++)
            sum += visit.factor.a[k * stride + j] * corrections[k];
        newton->gradient[j] = -sum;
    }
    newton->passes++;
    emp__newton_measure(newton);
}

static double half_log_det(const struct emp_newton *newton)
{
    const struct emp_symmetric factor = emp__newton_factor(newton);
    return 0.5 * emp__symmetric_log_det(&factor);
}

/* Goes as much of the step as does not lower L*; false if nothing of it does. */
static bool advance(struct emp_logistic_state *state)
{
    enum { HALVINGS = 40 };
    struct emp_newton *newton = &state->newton;
    double before = newton->value - state->half_log_det, share = 1;
    for (int i = 0; i < HALVINGS; i++, share *= 0.5) {
        for (size_t j = 0; j < newton->pass.walk.columns; j++)
            newton->trial[j] = newton->c[j] - share * newton->step[j];
        double value = emp__newton_evaluate(newton, newton->trial, newton->trial_gradient, true);
        double correction = half_log_det(newton);
        if (!(value - correction <= before + VALUE_ROUNDING * fabs(before)))
            continue;
        double *kept = newton->c;
        newton->c = newton->trial;
        newton->trial = kept;
        newton->value = value;
        state->half_log_det = correction;
        newton->iterations++;
        return true;
    }
    return false;
}

static enum emp_logistic_status climb(struct emp_logistic_state *state)
{
    struct emp_newton *newton = &state->newton;
    state->half_log_det = half_log_det(newton);
    for (;;) {
        set_gradient(newton);
        if (newton->distance <= newton->options.tolerance)
            return EMP_LOGISTIC_CONVERGED;
        if (newton->iterations >= newton->options.max_iterations)
            return EMP_LOGISTIC_LIMIT;
        if (!advance(state))
            return newton->distance <= DISTANCE_STUCK ? EMP_LOGISTIC_CONVERGED : EMP_LOGISTIC_LIMIT;
    }
}

enum emp_logistic_status emp__firth(struct emp_logistic_state *state)
{
    enum emp_logistic_status status = climb(state);
    const struct emp_newton *newton = &state->newton;
    /* det I of b is that of c times the squares of db/dc. */
    for (size_t j = 1; j < newton->pass.walk.columns; j++)
        if (newton->pass.standard.scale[j] > 0)
            state->half_log_det -= emp__log(newton->pass.standard.scale[j]);
    return status;
}
