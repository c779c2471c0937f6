// SPDX-License-Identifier: Apache-2.0
/* The integral R of paretonbd.h with its derivatives. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "lifetime/panel_kernels.h"
#include "lifetime/paretonbd.h"
#include "random/portable_math.h"
#include "special/log_integral.h"

enum { R, ALPHA, S, BETA, PARAMETERS };
enum { A, FALL, B, LEAVE }; /* q of panel_kernels.h */

/* h falls by no more over a panel; past NEGLIGIBLE nothing counts; 8 points do for short panels. */
static const double panel_widest = 3.0, panel_fall = 6.0, negligible = 42.0;
static const double short_width = 1.0, short_fall = 3.0;

/* h at a place w. */
static double h_at(const struct emp_paretonbd_integrand *f, double w)
{
    double since = f->least * emp__expm1(w);
    double log_alpha = f->alpha <= f->beta ? w : emp__log1p(since / (f->alpha + f->t_x));
    double log_beta = f->beta <= f->alpha ? w : emp__log1p(since / (f->beta + f->t_x));
    double measure = f->beta <= f->alpha ? 0.0 : w - log_beta;
    return measure - f->purchases * log_alpha - f->s * log_beta;
}

static void add_panels(const struct emp_paretonbd_integrand *f, double end, double *sums)
{
    const struct emp_lifetime_kernels *kernels = emp__lifetime_kernels(NULL);
    double step = panel_widest, w = 0.0, h = 0.0, highest = 0.0;
    while (w < end && h > highest - negligible) {
        double to = end - w > step ? w + step : end;
        double h_to = h_at(f, to), change = fabs(h_to - h);
        if (change > panel_fall && w + 0.5 * step > w) {
            step *= 0.5;
            continue;
        }
        bool few = to - w <= short_width && change <= short_fall;
        kernels->paretonbd(f, w, to, few ? &emp__gauss_8 : &emp__gauss_16, sums);
        if (change < 0.25 * panel_fall && step < panel_widest)
            step *= 2.0;
        w = to;
        h = h_to;
        highest = fmax(highest, h);
    }
}

/* Means and covariances of q, plus the start that was taken off: the derivatives of r a + x a + s b
 * - log(beta + t) + log s are linear in q, with these factors. */
static void conclude(const struct emp_paretonbd_integrand *f, double r, const double *sums,
                     struct emp_derivatives *out)
{
    const double factor[PARAMETERS] = {r, -f->purchases, f->s, -1.0};
    double mean[PARAMETERS], off[PARAMETERS], weight = sums[EMP_PARETONBD_WEIGHT];
    const double *product = sums + EMP_PARETONBD_PRODUCTS;
    for (int i = 0; i < PARAMETERS; i++) {
        off[i] = sums[EMP_PARETONBD_FIRST + i] / weight;
        mean[i] = f->start[i] + off[i];
        out->gradient[i] = factor[i] * mean[i];
    }
    out->gradient[S] += 1.0;
    for (int i = 0; i < PARAMETERS; i++)
        for (int j = i; j < PARAMETERS; j++)
            out->hessian[i][j] = factor[i] * factor[j] * (*product++ / weight - off[i] * off[j]);
    out->hessian[R][R] += r * mean[A];
    out->hessian[R][ALPHA] -= r * mean[FALL];
    out->hessian[ALPHA][ALPHA] += f->purchases * (sums[EMP_PARETONBD_ALPHA_BEND] / weight);
    out->hessian[S][S] += f->s * mean[B];
    out->hessian[S][BETA] -= f->s * (sums[EMP_PARETONBD_BETA_FALL] / weight);
    out->hessian[BETA][BETA] += sums[EMP_PARETONBD_BETA_BEND] / weight;
}

static struct emp_paretonbd_integrand integrand_of(const double *p,
                                                   const struct emp_lifetime_customer *c)
{
    double span = c->age - c->t_x, alpha = p[ALPHA], beta = p[BETA];
    struct emp_paretonbd_integrand f = {
        .alpha = alpha,
        .s = p[S],
        .beta = beta,
        .purchases = p[R] + c->x,
        .t_x = c->t_x,
        .age = c->age,
        .least = fmin(alpha, beta) + c->t_x,
        .log_alpha = emp__log1p(span / (alpha + c->t_x)),
        .log_beta = emp__log1p(span / (beta + c->t_x)),
        .of_alpha = alpha / (alpha + c->age),
        .of_beta = beta / (beta + c->age),
    };
    f.start[A] = f.log_alpha;
    f.start[FALL] = f.of_alpha * (span / (alpha + c->t_x));
    f.start[B] = f.log_beta;
    f.start[LEAVE] = f.s * f.of_beta * (span / (beta + c->t_x)) + beta / (beta + c->t_x);
    return f;
}

void emp__paretonbd_log_odds(const double *parameter, const struct emp_lifetime_customer *c,
                             struct emp_derivatives *out)
{
    double sums[EMP_PARETONBD_SUMS] = {0.0};
    memset(out, 0, sizeof *out);
    out->value = -INFINITY;
    if (!(c->age > c->t_x))
        return;
    const struct emp_paretonbd_integrand f = integrand_of(parameter, c);
    add_panels(&f, fmax(f.log_alpha, f.log_beta), sums);
    double least_at_start = f.least / (f.beta + c->t_x); /* of the measure */
    out->value = emp__log(f.s * least_at_start * sums[EMP_PARETONBD_WEIGHT]) +
                 f.purchases * f.log_alpha + f.s * f.log_beta;
    conclude(&f, parameter[R], sums, out);
}
