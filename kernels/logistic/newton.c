// SPDX-License-Identifier: Apache-2.0
#include "logistic/newton.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Less of its own information than this and an unknown has none. */
#define PIVOT_LEAST 1e-13
/* F is known no better, relatively. */
#define VALUE_ROUNDING 1e-13
/* An old Hessian is no good if a step with it leaves more than this share of the distance. */
#define SHARE_MOST 0.3
/* A fit that runs off leaves exp(-1/2) = .61 of the distance each time. */
#define SHARE_SUSPECT 0.4
/* At the minimum the step is as short as the distance; this is long, in deviations of a term. */
#define STEP_SUSPECT 1e-4
/* Where rounding keeps the distance from getting smaller, it may be so much. */
#define DISTANCE_STUCK 1e-4

void emp__newton_carve(struct emp_carver *carver, struct emp_newton *newton)
{
    emp__pass_carve(carver, &newton->pass);
    size_t columns = newton->pass.walk.columns, stride = emp__gram_stride(columns);
    newton->penalty = emp__carve(carver, stride, sizeof(double));
    newton->c = emp__carve(carver, stride, sizeof(double));
    newton->trial = emp__carve(carver, stride, sizeof(double));
    newton->step = emp__carve(carver, stride, sizeof(double));
    newton->gradient = emp__carve(carver, stride, sizeof(double));
    newton->trial_gradient = emp__carve(carver, stride, sizeof(double));
    newton->hessian = emp__carve(carver, columns, stride * sizeof(double));
    newton->factor = emp__carve(carver, columns, stride * sizeof(double));
    newton->skipped = emp__carve(carver, columns, sizeof(bool));
}

struct emp_symmetric emp__newton_factor(const struct emp_newton *newton)
{
    size_t columns = newton->pass.walk.columns;
    return (struct emp_symmetric){newton->factor, columns, emp__gram_stride(columns)};
}

static void factor(struct emp_newton *newton)
{
    const struct emp_symmetric copy = emp__newton_factor(newton);
    memcpy(copy.a, newton->hessian, copy.n * copy.stride * sizeof *copy.a);
    newton->skips = emp__symmetric_factor(&copy, PIVOT_LEAST, newton->skipped);
}

double emp__newton_evaluate(struct emp_newton *newton, const double *c, double *gradient, bool full)
{
    struct emp_pass_sums sums = {.gradient = gradient,
                                 .information = full ? newton->hessian : NULL};
    size_t columns = newton->pass.walk.columns, stride = emp__gram_stride(columns);
    emp__pass(&newton->pass, c, &sums);
    double penalty = 0;
    for (size_t j = 0; j < columns; j++) {
        penalty += 0.5 * newton->penalty[j] * c[j] * c[j];
        gradient[j] += newton->penalty[j] * c[j];
    }
    newton->passes++;
    newton->full_passes += full;
    if (full) {
        newton->intercept = newton->hessian[0];
        for (size_t j = 0; j < columns; j++)
            newton->hessian[j * stride + j] += newton->penalty[j];
        factor(newton);
    }
    return sums.loss + penalty;
}

void emp__newton_measure(struct emp_newton *newton)
{
    size_t columns = newton->pass.walk.columns;
    const struct emp_symmetric factored = emp__newton_factor(newton);
    memcpy(newton->step, newton->gradient, columns * sizeof(double));
    emp__symmetric_solve(&factored, newton->step);
    double square = 0;
    for (size_t j = 0; j < columns; j++)
        square += newton->gradient[j] * newton->step[j];
    newton->distance = sqrt(square > 0 ? square : 0);
}

void emp__newton_start(struct emp_newton *newton)
{
    newton->value = emp__newton_evaluate(newton, newton->c, newton->gradient, true);
    newton->stale = false;
    newton->distance_before = INFINITY;
    emp__newton_measure(newton);
}

/* Steps until the distance is at most the tolerance if each leaves a share of it. */
static double steps_to_end(const struct emp_newton *newton, double distance, double share)
{
    const double most = 50;
    double steps = 0;
    while (distance > newton->options.tolerance && steps < most) {
        distance *= share;
        steps++;
    }
    return steps;
}

/* Shall the next pass be one with the information? See the head of newton.h. */
static bool full_is_cheaper(const struct emp_newton *newton)
{
    const double columns_as_costly = 16; /* as all the rest of a pass */
    double unit = sqrt(newton->intercept), squared = newton->distance / unit;
    double share = newton->stale ? newton->distance / newton->distance_before : squared;
    if (!(share <= SHARE_MOST))
        return true;
    double next = newton->distance * share * (newton->stale ? 1 : 0.5);
    if (next <= newton->options.tolerance)
        return newton->information;
    double full = 1 + (double)newton->pass.walk.columns / columns_as_costly;
    double next_share = next / unit;
    double with_old = 1 + steps_to_end(newton, next, share);
    double with_new = full + 1 + steps_to_end(newton, next * next_share * 0.5, next_share);
    return with_new < with_old;
}

static void swap(double **a, double **b)
{
    double *kept = *a;
    *a = *b;
    *b = kept;
}

void emp__newton_move(struct emp_newton *newton, bool full)
{
    size_t columns = newton->pass.walk.columns;
    swap(&newton->c, &newton->trial);
    swap(&newton->gradient, &newton->trial_gradient);
    if (full)
        return;
    const struct emp_symmetric hessian = {newton->hessian, columns, emp__gram_stride(columns)};
    for (size_t j = 0; j < columns; j++) {
        newton->trial[j] = newton->c[j] - newton->trial[j];
        newton->trial_gradient[j] = newton->gradient[j] - newton->trial_gradient[j];
    }
    emp__symmetric_secant(&hessian, newton->trial, newton->trial_gradient, newton->step);
}

/* Goes as much of the step as does not raise F; false if nothing of it does. */
static bool advance(struct emp_newton *newton)
{
    enum { HALVINGS = 40 };
    bool full = full_is_cheaper(newton);
    double share = 1, most = newton->value + VALUE_ROUNDING * fabs(newton->value);
    for (int i = 0; i < HALVINGS; i++, share *= 0.5) {
        for (size_t j = 0; j < newton->pass.walk.columns; j++)
            newton->trial[j] = newton->c[j] - share * newton->step[j];
        double value =
            emp__newton_evaluate(newton, newton->trial, newton->trial_gradient, full && i == 0);
        if (!(value <= most))
            continue;
        newton->value = value;
        newton->stale = !(full && i == 0);
        emp__newton_move(newton, !newton->stale);
        if (newton->stale)
            factor(newton);
        newton->distance_before = i == 0 ? newton->distance : 0;
        newton->iterations++;
        emp__newton_measure(newton);
        return true;
    }
    return false;
}

static void refresh(struct emp_newton *newton)
{
    newton->value = emp__newton_evaluate(newton, newton->c, newton->gradient, true);
    newton->stale = false;
    emp__newton_measure(newton);
}

/* The longest part of the step. */
static double step_length(const struct emp_newton *newton)
{
    double most = 0;
    for (size_t j = 0; j < newton->pass.walk.columns; j++)
        most = fmax(most, fabs(newton->step[j]));
    return most;
}

static bool runs_off(const struct emp_newton *newton)
{
    if (newton->stale || newton->iterations < newton->suspect_from)
        return false;
    return newton->distance > SHARE_SUSPECT * newton->distance_before &&
           step_length(newton) > STEP_SUSPECT;
}

/* Rounding has the last word: a step with a new Hessian has gained nothing. */
static bool is_stuck(const struct emp_newton *newton)
{
    return !newton->stale && newton->distance <= DISTANCE_STUCK &&
           newton->distance > 0.5 * newton->distance_before;
}

enum emp_logistic_status emp__newton(struct emp_newton *newton)
{
    for (;;) {
        bool near = newton->distance <= newton->options.tolerance || is_stuck(newton);
        bool useless = newton->distance > SHARE_MOST * newton->distance_before;
        if (newton->stale && (near ? newton->information : useless)) {
            refresh(newton);
            continue;
        }
        bool vanished =
            near && newton->suspect_from < INT_MAX && step_length(newton) > STEP_SUSPECT;
        if (vanished || runs_off(newton))
            return EMP_LOGISTIC_SEPARATED;
        if (near)
            return EMP_LOGISTIC_CONVERGED;
        if (newton->iterations >= newton->options.max_iterations)
            return EMP_LOGISTIC_LIMIT;
        if (!advance(newton)) {
            if (!newton->stale)
                return EMP_LOGISTIC_LIMIT;
            refresh(newton);
        }
    }
}
