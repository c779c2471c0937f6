// SPDX-License-Identifier: Apache-2.0
/*
 * With u the standardised score, eta = b + a u, p = 1 / (1 + e^-eta), and for a group of weight w
 * whose targets add up to t, its part of the sum is
 *     w log(1 + e^eta) - t eta = w log(1 + e^-|eta|) + (w - t) eta  for eta >= 0, ... - t eta
 * below, its gradient (p w - t) (u, 1), and its second derivative w p (1 - p) (u, 1)(u, 1)'.
 */
#include "evaluate/platt.h"

#include <math.h>
#include <stdbool.h>

#include "evaluate/inverse_logit.h"
#include "number/compensated_sum.h"
#include "random/portable_math.h"
#include "scale/moments.h"

/* How often a step is halved, and the decrease asked of one (Lin, Lin & Weng). */
enum { HALVINGS = 33 };
static const double enough = 1e-4;
/* Of the weight: what keeps the second derivatives from being singular, and a gradient of 0. */
static const double ridge = 1e-12, gradient_zero = 1e-12;

struct problem {
    const struct emp_ranking *ranking;
    double weight;
    double event_target, other_target;
    double unit, mean, deviation; /* u = (unit f - mean) / deviation */
};

struct line {
    double a, b;
};

struct slopes {
    double a, b;       /* gradient */
    double aa, ab, bb; /* second derivatives */
};

static double standard(const struct problem *problem, double score)
{
    return (score * problem->unit - problem->mean) / problem->deviation;
}

static double sum_at(const struct problem *problem, struct line line)
{
    struct emp_compensated sum = {0};
    for (uint32_t g = 0; g < problem->ranking->count; g++) {
        const struct emp_score_group *group = &problem->ranking->groups[g];
        double weight = group->events + group->non_events;
        double target =
            group->events * problem->event_target + group->non_events * problem->other_target;
        double eta = line.b + line.a * standard(problem, group->score);
        emp__add(&sum, weight * emp__log1p(emp__exp(-fabs(eta))));
        emp__add(&sum, eta >= 0.0 ? (weight - target) * eta : -target * eta);
    }
    return emp__total(sum);
}

static struct slopes slopes_at(const struct problem *problem, struct line line)
{
    struct emp_compensated a = {0}, b = {0}, aa = {0}, ab = {0}, bb = {0};
    for (uint32_t g = 0; g < problem->ranking->count; g++) {
        const struct emp_score_group *group = &problem->ranking->groups[g];
        double weight = group->events + group->non_events;
        double target =
            group->events * problem->event_target + group->non_events * problem->other_target;
        double u = standard(problem, group->score), p = emp__inverse_logit(line.b + line.a * u);
        double off = weight * p - target, curve = weight * p * (1.0 - p);
        emp__add(&a, off * u);
        emp__add(&b, off);
        emp__add(&aa, curve * u * u);
        emp__add(&ab, curve * u);
        emp__add(&bb, curve);
    }
    double added = ridge * problem->weight;
    return (struct slopes){emp__total(a), emp__total(b), emp__total(aa) + added, emp__total(ab),
                           emp__total(bb) + added};
}

/* Newton's step, and in *gain how fast the sum falls along it. */
static struct line newton(const struct slopes *at, double *gain)
{
    double determinant = at->aa * at->bb - at->ab * at->ab;
    struct line step = {
        .a = -(at->bb * at->a - at->ab * at->b) / determinant,
        .b = -(at->aa * at->b - at->ab * at->a) / determinant,
    };
    *gain = -(at->a * step.a + at->b * step.b);
    return step;
}

/* Goes along a step as far as the sum falls enough, up to rounding; false: it does not. */
static bool descend(const struct problem *problem, struct line step, double gain, struct line *line,
                    double *sum)
{
    double part = 1.0;
    for (int halved = 0; halved <= HALVINGS; halved++) {
        struct line next = {line->a + part * step.a, line->b + part * step.b};
        double there = sum_at(problem, next);
        if (there <= *sum - enough * part * gain + 1e-15 * *sum) {
            *line = next;
            *sum = there;
            return true;
        }
        part *= 0.5;
    }
    return false;
}

static struct emp_platt minimise(const struct problem *problem, double prior)
{
    struct line line = {0.0, prior};
    double sum = sum_at(problem, line), zero = gradient_zero * problem->weight;
    uint32_t steps = 0;
    for (; steps < EMP_PLATT_STEPS; steps++) {
        struct slopes at = slopes_at(problem, line);
        double gain;
        struct line step = newton(&at, &gain);
        if ((fabs(at.a) <= zero && fabs(at.b) <= zero) ||
            !descend(problem, step, gain, &line, &sum))
            break;
    }
    return (struct emp_platt){
        .slope = line.a / problem->deviation * problem->unit,
        .intercept = line.b - line.a * problem->mean / problem->deviation,
        .steps = steps,
    };
}

/* The weighted mean and deviation of the scores, near 1 by the unit; 0 if they are all equal. */
static void standardise(struct problem *problem)
{
    const struct emp_score_group *groups = problem->ranking->groups;
    uint32_t count = problem->ranking->count, used = 0;
    double ends = fmax(fabs(groups[0].score), fabs(groups[count - 1].score));
    struct emp_compensated sum = {0}, squares = {0};
    problem->unit = emp__unit(ends);
    for (uint32_t g = 0; g < count; g++) {
        double weight = groups[g].events + groups[g].non_events;
        emp__add(&sum, weight * (groups[g].score * problem->unit));
        used += weight > 0.0;
    }
    problem->mean = emp__total(sum) / problem->weight;
    for (uint32_t g = 0; g < count; g++) {
        double off = groups[g].score * problem->unit - problem->mean;
        emp__add(&squares, (groups[g].events + groups[g].non_events) * off * off);
    }
    problem->deviation = used > 1 ? sqrt(emp__total(squares) / problem->weight) : 0.0;
}

struct emp_platt emp__platt(const struct emp_ranking *ranking)
{
    double events = ranking->events, others = ranking->non_events;
    if (!(events + others > 0.0))
        return (struct emp_platt){NAN, NAN, 0};
    struct problem problem = {
        .ranking = ranking,
        .weight = events + others,
        .event_target = (events + 1.0) / (events + 2.0),
        .other_target = 1.0 / (others + 2.0),
    };
    double target = events * problem.event_target + others * problem.other_target;
    double prior = emp__log(target) - emp__log(problem.weight - target);
    standardise(&problem);
    if (!(problem.deviation > 0.0))
        return (struct emp_platt){.slope = 0.0, .intercept = prior};
    return minimise(&problem, prior);
}

double emp__platt_at(const struct emp_platt *platt, double score)
{
    return emp__inverse_logit(platt->intercept + platt->slope * score);
}
