// SPDX-License-Identifier: Apache-2.0
/* The integral R of paretonbd.h with its derivatives. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "lifetime/paretonbd.h"
#include "random/portable_math.h"
#include "special/log_integral.h"

enum { R, ALPHA, S, BETA, PARAMETERS };

/* h falls by no more over a panel; past NEGLIGIBLE nothing counts; 8 points do for short panels. */
static const double panel_widest = 3.0, panel_fall = 6.0, negligible = 42.0;
static const double short_width = 1.0, short_fall = 3.0;

/* The integrand, and what of it is the same at all t. */
struct integrand {
    double r, alpha, s, beta; /* r without x */
    double purchases;         /* r + x */
    double t_x, age, least;   /* least: min(alpha, beta) */
    double log_alpha;         /* log((alpha + T) / (alpha + t_x)) */
    double log_beta;
};

/* At a place w: t - t_x, log((alpha + t) / (alpha + t_x)) and the same for beta, and h. */
struct place {
    double since, log_alpha, log_beta, h;
};

static struct place place_at(const struct integrand *f, double w)
{
    struct place p = {.since = (f->least + f->t_x) * emp__expm1(w)};
    p.log_alpha = f->alpha <= f->beta ? w : emp__log1p(p.since / (f->alpha + f->t_x));
    p.log_beta = f->beta <= f->alpha ? w : emp__log1p(p.since / (f->beta + f->t_x));
    /* dt / (beta + t), of which dw is taken out. */
    double measure = f->beta <= f->alpha ? 0.0 : w - p.log_beta;
    p.h = measure - f->purchases * p.log_alpha - f->s * p.log_beta;
    return p;
}

/* Sums over the nodes of weight, weight first_i, weight first_i first_j and weight second_ij: first
 * and second derivatives of the logarithm of the integrand, the first less their values at t_x. */
struct moments {
    double weight, first[PARAMETERS], product[PARAMETERS][PARAMETERS],
        second[PARAMETERS][PARAMETERS];
};

/* The derivatives of r log((alpha + T) / (alpha + t)) in log r and log alpha, x being part of `all`
 * but not of r; the same serves s, beta. `log`: that logarithm, `left`: T - t. */
static void factor_derivatives(double r, double all, double alpha, const double at[4], int index,
                               struct emp_derivatives *out)
{
    double log = at[0], left = at[1], t = at[2], age = at[3];
    double share = alpha / (alpha + age), fall = share * (left / (alpha + t));
    double bend = share * (alpha / (alpha + t)) - age / (alpha + age) * (t / (alpha + t));
    out->gradient[index] = r * log;
    out->gradient[index + 1] = -all * fall;
    out->hessian[index][index] = r * log;
    out->hessian[index][index + 1] = -r * fall;
    out->hessian[index + 1][index + 1] = all * fall * bend;
}

/* Of log s + (r + x) log(..) + s log(..) - log(beta + t). */
static struct emp_derivatives log_derivatives(const struct integrand *f, const struct place *p)
{
    struct emp_derivatives out = {0};
    double left = fmax(f->age - f->t_x - p->since, 0.0), t = f->t_x + p->since;
    const double at_alpha[4] = {f->log_alpha - p->log_alpha, left, t, f->age};
    const double at_beta[4] = {f->log_beta - p->log_beta, left, t, f->age};
    factor_derivatives(f->r, f->purchases, f->alpha, at_alpha, R, &out);
    factor_derivatives(f->s, f->s, f->beta, at_beta, S, &out);
    double share = f->beta / (f->beta + t);
    out.gradient[S] += 1.0;
    out.gradient[BETA] -= share;
    out.hessian[BETA][BETA] -= share * (t / (f->beta + t));
    return out;
}

static void add_node(const struct integrand *f, double w, double weight,
                     const struct emp_derivatives *start, struct moments *sum)
{
    struct place p = place_at(f, w);
    struct emp_derivatives d = log_derivatives(f, &p);
    weight *= emp__exp(p.h);
    sum->weight += weight;
    for (int i = 0; i < PARAMETERS; i++) {
        double off = d.gradient[i] - start->gradient[i];
        sum->first[i] += weight * off;
        for (int j = i; j < PARAMETERS; j++) {
            sum->product[i][j] += weight * off * (d.gradient[j] - start->gradient[j]);
            sum->second[i][j] += weight * d.hessian[i][j];
        }
    }
}

static void add_panel(const struct integrand *f, double from, double to, bool short_rule,
                      const struct emp_derivatives *start, struct moments *sum)
{
    const struct emp_gauss_node *nodes = short_rule ? emp__gauss_8 : emp__gauss_16;
    double centre = 0.5 * (from + to), half = 0.5 * (to - from);
    for (int i = 0; i < (short_rule ? 4 : 8); i++) {
        add_node(f, centre - half * nodes[i].place, half * nodes[i].weight, start, sum);
        add_node(f, centre + half * nodes[i].place, half * nodes[i].weight, start, sum);
    }
}

static void add_panels(const struct integrand *f, double end, const struct emp_derivatives *start,
                       struct moments *sum)
{
    double step = panel_widest, w = 0.0, h = 0.0, highest = 0.0;
    while (w < end && h > highest - negligible) {
        double to = end - w > step ? w + step : end;
        double h_to = place_at(f, to).h, change = fabs(h_to - h);
        if (change > panel_fall && w + 0.5 * step > w) {
            step *= 0.5;
            continue;
        }
        add_panel(f, w, to, to - w <= short_width && change <= short_fall, start, sum);
        if (change < 0.25 * panel_fall && step < panel_widest)
            step *= 2.0;
        w = to;
        h = h_to;
        highest = fmax(highest, h);
    }
}

/* Means and covariances, plus the derivatives at t_x that were taken off. */
static void conclude(const struct moments *sum, const struct emp_derivatives *start,
                     struct emp_derivatives *out)
{
    for (int i = 0; i < PARAMETERS; i++)
        out->gradient[i] = start->gradient[i] + sum->first[i] / sum->weight;
    for (int i = 0; i < PARAMETERS; i++)
        for (int j = i; j < PARAMETERS; j++)
            out->hessian[i][j] = (sum->second[i][j] + sum->product[i][j]) / sum->weight -
                                 sum->first[i] / sum->weight * (sum->first[j] / sum->weight);
}

void emp__paretonbd_log_odds(const double *parameter, const struct emp_lifetime_customer *c,
                             struct emp_derivatives *out)
{
    const double *p = parameter;
    struct integrand f = {.r = p[R],
                          .alpha = p[ALPHA],
                          .s = p[S],
                          .beta = p[BETA],
                          .purchases = p[R] + c->x,
                          .t_x = c->t_x,
                          .age = c->age,
                          .least = fmin(p[ALPHA], p[BETA])};
    double span = c->age - c->t_x;
    memset(out, 0, sizeof *out);
    out->value = -INFINITY;
    if (!(span > 0.0))
        return;
    f.log_alpha = emp__log1p(span / (f.alpha + c->t_x));
    f.log_beta = emp__log1p(span / (f.beta + c->t_x));
    struct place first = place_at(&f, 0.0);
    struct emp_derivatives start = log_derivatives(&f, &first);
    struct moments sum = {0};
    add_panels(&f, fmax(f.log_alpha, f.log_beta), &start, &sum);
    double least_at_start = (f.least + c->t_x) / (f.beta + c->t_x); /* of the measure */
    out->value =
        emp__log(f.s * least_at_start * sum.weight) + f.purchases * f.log_alpha + f.s * f.log_beta;
    conclude(&sum, &start, out);
}
