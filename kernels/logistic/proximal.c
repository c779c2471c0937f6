// SPDX-License-Identifier: Apache-2.0
#include "logistic/proximal.h"

#include <math.h>
#include <string.h>

#include "logistic/coordinate_descent.h"

/* F is known no better, relatively. */
#define VALUE_ROUNDING 1e-13
/* A Hessian is worn if a step with it leaves more than this share of the violation. */
#define SHARE_WORN 0.1
/* Coordinates rest at this share of the violation that there is, or that is allowed. */
#define SHARE_PRESENT 0.01
#define SHARE_ALLOWED 0.1

enum { ROUNDS_MOST = 2000 };

void emp__proximal_carve(struct emp_carver *carver, struct emp_proximal *proximal)
{
    emp__newton_carve(carver, &proximal->newton);
    size_t stride = emp__gram_stride(proximal->newton.pass.walk.columns);
    proximal->absolute = emp__carve(carver, stride, sizeof(double));
    proximal->square = emp__carve(carver, stride, sizeof(double));
    proximal->slope = emp__carve(carver, stride, sizeof(double));
}

/* The likelihood at c and the gradient; with the Hessian, if that is wanted. */
static double evaluate(struct emp_proximal *proximal, const double *c, double *gradient, bool full)
{
    struct emp_newton *newton = &proximal->newton;
    struct emp_pass_sums sums = {.gradient = gradient,
                                 .information = full ? newton->hessian : NULL};
    emp__pass(&newton->pass, c, &sums);
    newton->passes++;
    newton->full_passes += full;
    if (full)
        proximal->worn = false;
    return -sums.loss;
}

void emp__proximal_start(struct emp_proximal *proximal)
{
    struct emp_newton *newton = &proximal->newton;
    proximal->likelihood = evaluate(proximal, newton->c, newton->gradient, true);
}

double emp__proximal_violation(const struct emp_proximal *proximal)
{
    const struct emp_newton *newton = &proximal->newton;
    double most = 0;
    for (size_t j = 0; j < newton->pass.walk.columns; j++) {
        double c = newton->c[j], slope = newton->gradient[j] + proximal->square[j] * c;
        double bound = proximal->absolute[j];
        double off = c == 0 ? fabs(slope) - bound : fabs(slope + copysign(bound, c));
        most = fmax(most, off);
    }
    return most / proximal->unit;
}

static double penalty_at(const struct emp_proximal *proximal, const double *c)
{
    double sum = 0;
    for (size_t j = 0; j < proximal->newton.pass.walk.columns; j++)
        if (c[j] != 0)
            sum += proximal->absolute[j] * fabs(c[j]) + 0.5 * proximal->square[j] * c[j] * c[j];
    return sum;
}

double emp__proximal_value(const struct emp_proximal *proximal)
{
    return penalty_at(proximal, proximal->newton.c) - proximal->likelihood;
}

/* The step to the minimum of the approximation. */
static void find_step(struct emp_proximal *proximal, double violation)
{
    struct emp_newton *newton = &proximal->newton;
    size_t columns = newton->pass.walk.columns;
    const struct emp_quadratic quadratic = {.n = columns,
                                            .hessian = newton->hessian,
                                            .stride = emp__gram_stride(columns),
                                            .absolute = proximal->absolute,
                                            .square = proximal->square};
    double rest = fmax(SHARE_PRESENT * violation, SHARE_ALLOWED * proximal->tolerance);
    memcpy(newton->step, newton->c, columns * sizeof(double));
    memcpy(proximal->slope, newton->gradient, columns * sizeof(double));
    emp__coordinate_descent(&quadratic, newton->step, proximal->slope, rest * proximal->unit,
                            ROUNDS_MOST);
}

/* Goes as much of the way to where the step leads as does not raise F; whole steps land on zeros.
 * False if nothing of it does. */
static bool advance(struct emp_proximal *proximal)
{
    enum { HALVINGS = 40 };
    struct emp_newton *newton = &proximal->newton;
    double before = emp__proximal_value(proximal), share = 1;
    double most = before + VALUE_ROUNDING * fabs(before);
    for (int i = 0; i < HALVINGS; i++, share *= 0.5) {
        for (size_t j = 0; j < newton->pass.walk.columns; j++) {
            double way = newton->step[j] - newton->c[j];
            newton->trial[j] = i == 0 ? newton->step[j] : newton->c[j] + share * way;
        }
        bool full = proximal->worn;
        double likelihood = evaluate(proximal, newton->trial, newton->trial_gradient, full);
        if (!(penalty_at(proximal, newton->trial) - likelihood <= most)) {
            proximal->worn = true;
            continue;
        }
        emp__newton_move(newton, full);
        proximal->likelihood = likelihood;
        return true;
    }
    return false;
}

bool emp__proximal(struct emp_proximal *proximal, int passes)
{
    int last = proximal->newton.passes + passes;
    double violation = emp__proximal_violation(proximal);
    while (violation > proximal->tolerance) {
        if (proximal->newton.passes >= last)
            return false;
        find_step(proximal, violation);
        if (!advance(proximal))
            return false;
        double before = violation;
        violation = emp__proximal_violation(proximal);
        if (violation > SHARE_WORN * before)
            proximal->worn = true;
    }
    return true;
}
