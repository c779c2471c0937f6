// SPDX-License-Identifier: Apache-2.0
/*
 * Panels of the integral of Pareto/NBD (panel_kernels.h), a node in each lane: to be included once,
 * after the lanes of one instruction set.
 */
#ifndef EMP_LIFETIME_PARETONBD_BODY_H
#define EMP_LIFETIME_PARETONBD_BODY_H

#include <stddef.h>

#include "lanes/functions.h"
#include "lifetime/panel_kernels.h"

/* Times at the nodes, and the logarithms of (alpha + t) / (alpha + t_x) and of beta. */
struct nodes {
    lanes t, left, log_alpha, log_beta;
};

LANES_INLINE struct nodes nodes_at(const struct emp_paretonbd_integrand *f, lanes w)
{
    struct nodes n = {.log_alpha = w, .log_beta = w};
    lanes since = all(f->least) * growth(w);
    n.t = all(f->t_x) + since;
    n.left = greater_of(all(f->age - f->t_x) - since, all(0));
    if (f->alpha > f->beta)
        n.log_alpha = log_one_plus(since / all(f->alpha + f->t_x));
    if (f->beta > f->alpha)
        n.log_beta = log_one_plus(since / all(f->beta + f->t_x));
    return n;
}

/* Of alpha or of beta: what their header calls f and v. */
struct factor {
    lanes over, fall, bend;
};

LANES_INLINE struct factor factor_at(const struct nodes *n, double alpha, double age, double share)
{
    struct factor out = {.over = all(1) / (all(alpha) + n->t)};
    out.fall = all(share) * n->left * out.over;
    out.bend = (all(share * alpha) - all(age / (alpha + age)) * n->t) * out.over;
    return out;
}

LANES_INLINE void add_nodes(const struct emp_paretonbd_integrand *f, lanes w, lanes weight,
                            lanes sum[EMP_PARETONBD_SUMS])
{
    struct nodes n = nodes_at(f, w);
    struct factor alpha = factor_at(&n, f->alpha, f->age, f->of_alpha);
    struct factor beta = factor_at(&n, f->beta, f->age, f->of_beta);
    lanes s = all(f->s), share = all(f->beta) * beta.over;
    /* dt / (beta + t), of which dw is taken out. */
    lanes measure = w - n.log_beta;
    weight = weight * exponential(measure - all(f->purchases) * n.log_alpha - s * n.log_beta);
    const lanes off[4] = {
        all(f->log_alpha - f->start[0]) - n.log_alpha,
        alpha.fall - all(f->start[1]),
        all(f->log_beta - f->start[2]) - n.log_beta,
        s * beta.fall + share - all(f->start[3]),
    };
    int product = EMP_PARETONBD_PRODUCTS;
    sum[EMP_PARETONBD_WEIGHT] += weight;
    for (int i = 0; i < 4; i++) {
        lanes weighed = weight * off[i];
        sum[EMP_PARETONBD_FIRST + i] += weighed;
        for (int j = i; j < 4; j++)
            sum[product++] += weighed * off[j];
    }
    sum[EMP_PARETONBD_ALPHA_BEND] += weight * (alpha.fall * alpha.bend);
    sum[EMP_PARETONBD_BETA_FALL] += weight * beta.fall;
    sum[EMP_PARETONBD_BETA_BEND] +=
        weight * (s * beta.fall * beta.bend - share * (n.t * beta.over));
}

LANES static void paretonbd_panel(const struct emp_paretonbd_integrand *f, double from, double to,
                                  const struct emp_gauss_rule *rule,
                                  double sums[EMP_PARETONBD_SUMS])
{
    lanes sum[PARTS][EMP_PARETONBD_SUMS], centre = all(0.5 * (from + to)),
                                          half = all(0.5 * (to - from));
    for (size_t p = 0; p < PARTS; p++)
        for (int k = 0; k < EMP_PARETONBD_SUMS; k++)
            sum[p][k] = all(0);
    for (int i = 0; i < rule->count; i += EMP_LANES)
        for (int p = 0; p < PARTS; p++) {
            int node = i + p * WIDTH;
            add_nodes(f, centre + half * load(rule->place + node), half * load(rule->weight + node),
                      sum[p]);
        }
    for (int k = 0; k < EMP_PARETONBD_SUMS; k += 4) {
        lanes four[4][PARTS];
        for (int i = 0; i < 4; i++)
            for (int p = 0; p < PARTS; p++)
                four[i][p] = sum[p][k + i];
        add_sums(four, sums + k);
    }
}

#endif
