// SPDX-License-Identifier: Apache-2.0
#include "scale/minimum.h"

#include <math.h>
#include <stdbool.h>

/* The interval, and the three best points so far: f(x) <= f(second) <= f(third). */
struct search {
    double low, high;
    double x, second, third;
    double fx, f_second, f_third;
    double step, step_before; /* the last two */
};

/* The step to the bottom of the parabola through the three points; false if it is no good one. */
static bool parabolic_step(const struct search *s, double tolerance, double *step)
{
    double r = (s->x - s->second) * (s->fx - s->f_third);
    double q = (s->x - s->third) * (s->fx - s->f_second);
    double p = (s->x - s->third) * q - (s->x - s->second) * r;
    double divisor = 2.0 * (r - q);
    if (fabs(s->step_before) <= tolerance || divisor == 0.0)
        return false;
    *step = p / divisor;
    double to = s->x + *step;
    return fabs(*step) < 0.5 * fabs(s->step_before) && to > s->low && to < s->high;
}

static double choose_step(struct search *s, double tolerance)
{
    const double golden = 0.3819660112501051; /* (3 - sqrt 5) / 2 */
    double middle = 0.5 * (s->low + s->high), step = 0.0;
    bool parabola = parabolic_step(s, tolerance, &step);
    s->step_before = s->step;
    if (!parabola) {
        s->step_before = s->x < middle ? s->high - s->x : s->low - s->x;
        step = golden * s->step_before;
    } else if (s->x + step - s->low < 2.0 * tolerance || s->high - s->x - step < 2.0 * tolerance) {
        step = copysign(tolerance, middle - s->x);
    }
    s->step = step;
    return fabs(step) >= tolerance ? step : copysign(tolerance, step);
}

static void keep_as_best(struct search *s, double u, double fu)
{
    *(u < s->x ? &s->high : &s->low) = s->x;
    s->third = s->second;
    s->f_third = s->f_second;
    s->second = s->x;
    s->f_second = s->fx;
    s->x = u;
    s->fx = fu;
}

static void keep_as_bound(struct search *s, double u, double fu)
{
    *(u < s->x ? &s->low : &s->high) = u;
    if (fu <= s->f_second || s->second == s->x) {
        s->third = s->second;
        s->f_third = s->f_second;
        s->second = u;
        s->f_second = fu;
    } else if (fu <= s->f_third || s->third == s->x || s->third == s->second) {
        s->third = u;
        s->f_third = fu;
    }
}

double emp__minimum(double (*f)(void *user, double x), void *user, double low, double high,
                    double tolerance)
{
    const double golden = 0.3819660112501051;
    double x = low + golden * (high - low), fx = f(user, x);
    struct search s = {.low = low, .high = high, .x = x, .second = x, .third = x};
    s.fx = s.f_second = s.f_third = fx;
    /* Half of what is asked for on either side of x. */
    double least = 0.5 * tolerance;
    for (int i = 1; i < EMP_MINIMUM_STEPS; i++) {
        if (fmax(s.x - s.low, s.high - s.x) <= 2.0 * least)
            break;
        double u = s.x + choose_step(&s, least);
        double fu = f(user, u);
        if (fu <= s.fx)
            keep_as_best(&s, u, fu);
        else
            keep_as_bound(&s, u, fu);
    }
    return s.x;
}
