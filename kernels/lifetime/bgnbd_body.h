// SPDX-License-Identifier: Apache-2.0
/*
 * The likelihood of BG/NBD in lanes: to be included once, after the lanes of one instruction set.
 * The formulae are those of bgnbd.c, whose term() is the twin; what stands there as a function of x
 * alone (rising factorials, survival) is left out.
 */
#ifndef EMP_LIFETIME_BGNBD_BODY_H
#define EMP_LIFETIME_BGNBD_BODY_H

#include <stddef.h>

#include "lanes/functions.h"
#include "lifetime/panel_kernels.h"

/* Sums, in lanes: the value, the gradient, the upper triangle of the Hessian. */
enum { VALUE, OF_R, OF_ALPHA, OF_A, OF_B, R_R, R_ALPHA, R_A, R_B, ALPHA_ALPHA, ALPHA_A, ALPHA_B };
enum { A_A = ALPHA_B + 1, A_B, B_B, SUMS };

struct bgnbd_sums {
    lanes of[SUMS];
};

/* Parameters, and what is made of them alone. */
struct bgnbd_at {
    lanes r, alpha, inverse_alpha, log_alpha, a, b, first;
};

/* A pattern for each lane. */
struct bgnbd_lanes {
    lanes x, t_x, age, weight;
};

/* What does not depend on the chances to leave: NBD. */
LANES_INLINE void add_purchases(const struct bgnbd_at *at, const struct bgnbd_lanes *c,
                                struct bgnbd_sums *sum)
{
    lanes over_all = all(1) / (at->alpha + c->age), w = c->weight, *of = sum->of;
    lanes of_alpha = at->alpha * over_all, of_age = c->age * over_all;
    lanes log = log_one_plus(c->age * at->inverse_alpha), grown = at->r * log;
    of[VALUE] -= w * (grown + c->x * (at->log_alpha + log));
    of[OF_R] -= w * grown;
    of[OF_ALPHA] += w * (at->r * of_age - c->x * of_alpha);
    of[R_R] -= w * grown;
    of[R_ALPHA] += w * (at->r * of_age);
    of[ALPHA_ALPHA] -= w * ((at->r + c->x) * of_alpha * of_age);
}

/* log(1 + e^u), e^u being the odds of having left; 0 where there was no chance to leave. */
LANES_INLINE void add_mixture(const struct bgnbd_at *at, const struct bgnbd_lanes *c,
                              struct bgnbd_sums *sum)
{
    const lanes one = all(1), none = all(0);
    lanes m = c->x + at->first, chance = where_negative(m - one, none, one);
    lanes before = one / (at->alpha + c->t_x), since = (c->age - c->t_x) * before;
    lanes of_alpha = at->alpha / (at->alpha + c->age), shape = at->r + c->x;
    lanes log = log_one_plus(since);
    /* 1 where there was no chance, so that all is finite. */
    lanes survived = where_negative(m - one, one, at->b + (m - one)), of_b = at->b / survived;
    lanes u = logarithm(at->a / survived) + shape * log;
    lanes e = exponential(none - size_of(u)), q = one / (one + e), eq = e * q;
    lanes left = c->weight * chance * where_negative(u, eq, q), both = c->weight * chance * eq * q;
    lanes fall = of_alpha * since;
    lanes bend = of_alpha * (at->alpha * before) - (one - of_alpha) * (c->t_x * before);
    lanes by_r = at->r * log, by_alpha = none - shape * fall, by_b = none - of_b, *of = sum->of;
    of[VALUE] += c->weight * chance * (greater_of(u, none) + log_one_plus_small(e));
    of[OF_R] += left * by_r;
    of[OF_ALPHA] += left * by_alpha;
    of[OF_A] += left;
    of[OF_B] += left * by_b;
    of[R_R] += left * by_r + both * by_r * by_r;
    of[R_ALPHA] += both * by_r * by_alpha - left * at->r * fall;
    of[R_A] += both * by_r;
    of[R_B] += both * by_r * by_b;
    of[ALPHA_ALPHA] += both * by_alpha * by_alpha - left * by_alpha * bend;
    of[ALPHA_A] += both * by_alpha;
    of[ALPHA_B] += both * by_alpha * by_b;
    of[A_A] += both;
    of[A_B] += both * by_b;
    of[B_B] += both * by_b * by_b - left * of_b * (one - of_b);
}

/* From the lanes to the sum. */
LANES_INLINE double sum_up(const struct bgnbd_sums sums[PARTS], int which)
{
    lanes of[PARTS];
    for (int p = 0; p < PARTS; p++)
        of[p] = sums[p].of[which];
    return sum_of(of);
}

LANES_INLINE void conclude(const struct bgnbd_sums sums[PARTS], struct emp_derivatives *out)
{
    int next = R_R;
    out->value += sum_up(sums, VALUE);
    for (int i = 0; i < 4; i++)
        out->gradient[i] += sum_up(sums, OF_R + i);
    for (int i = 0; i < 4; i++)
        for (int j = i; j < 4; j++)
            out->hessian[i][j] += sum_up(sums, next++);
}

LANES static void bgnbd_panel(const double *parameter, double first,
                              const struct emp_lifetime_panel *panel, struct emp_derivatives *sum)
{
    const struct bgnbd_at at = {
        .r = all(parameter[0]),
        .alpha = all(parameter[1]),
        .inverse_alpha = all(1.0 / parameter[1]),
        .log_alpha = logarithm(all(parameter[1])),
        .a = all(parameter[2]),
        .b = all(parameter[3]),
        .first = all(first),
    };
    struct bgnbd_sums sums[PARTS];
    for (int p = 0; p < PARTS; p++)
        for (int k = 0; k < SUMS; k++)
            sums[p].of[k] = all(0);
    for (size_t i = 0; i < panel->count; i += EMP_LANES)
        for (size_t p = 0; p < PARTS; p++) {
            size_t row = i + p * WIDTH;
            const struct bgnbd_lanes c = {load(panel->x + row), load(panel->t_x + row),
                                          load(panel->age + row), load(panel->weight + row)};
            add_purchases(&at, &c, &sums[p]);
            add_mixture(&at, &c, &sums[p]);
        }
    conclude(sums, sum);
}

#endif
