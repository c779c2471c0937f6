// SPDX-License-Identifier: Apache-2.0
/*
 * The hot loops of likelihoods, in lanes (lanes/machine.h): all variants are made of one source,
 * bgnbd_body.h and paretonbd_body.h, and give the same bytes.
 */
#ifndef EMP_LIFETIME_PANEL_KERNELS_H
#define EMP_LIFETIME_PANEL_KERNELS_H

#include "lanes/machine.h"
#include "lifetime/lifetime.h"
#include "special/log_integral.h"

enum { EMP_LIFETIME_PANEL = 1024 }; /* patterns; a multiple of EMP_LANES */

/* Patterns while they lie in the cache, filled up to a multiple of EMP_LANES with some of weight 0
 * and x = t_x = age = 0. */
struct emp_lifetime_panel {
    _Alignas(64) double x[EMP_LIFETIME_PANEL];
    _Alignas(64) double t_x[EMP_LIFETIME_PANEL];
    _Alignas(64) double age[EMP_LIFETIME_PANEL];
    _Alignas(64) double weight[EMP_LIFETIME_PANEL];
    size_t count; /* with those */
};

/*
 * sum += weight times the log-likelihood of BG/NBD (`first` 0) or MBG/NBD (1), with its
 * derivatives, but for what x alone tells. Row i is summed in lane i mod EMP_LANES.
 */
typedef void emp_bgnbd_panel_fn(const double *parameter, double first,
                                const struct emp_lifetime_panel *panel,
                                struct emp_derivatives *sum);

/*
 * The integrand e^h of paretonbd.h as a function of w, with t = t_x + least (e^w - 1), and what of
 * it is the same at all t. With
 *
 *     a = log((alpha + T) / (alpha + t))           b, f', v' of beta as a, f, v of alpha
 *     f = alpha (T - t) / ((alpha + T) (alpha + t))    g = s f' + beta / (beta + t)
 *     v = (alpha^2 - T t) / ((alpha + T) (alpha + t))
 *
 * the derivatives of its logarithm are linear in q = (a, f, b, g) and in f v, f' and s f' v' - beta
 * t / (beta + t)^2.
 */
struct emp_paretonbd_integrand {
    double alpha, s, beta;
    double purchases; /* r + x */
    double t_x, age;  /* t_x < age */
    double least;     /* min(alpha, beta) + t_x */
    double log_alpha; /* log((alpha + T) / (alpha + t_x)) */
    double log_beta;
    double of_alpha, of_beta; /* alpha / (alpha + T), beta / (beta + T) */
    double start[4];          /* q at t_x */
};

/* Sums over nodes of their weight e^h times: 1; o = q - start; o_i o_j, i <= j; the last three. */
enum emp_paretonbd_sum {
    EMP_PARETONBD_WEIGHT,
    EMP_PARETONBD_FIRST,
    EMP_PARETONBD_PRODUCTS = EMP_PARETONBD_FIRST + 4,
    EMP_PARETONBD_ALPHA_BEND = EMP_PARETONBD_PRODUCTS + 10,
    EMP_PARETONBD_BETA_FALL,
    EMP_PARETONBD_BETA_BEND,
    EMP_PARETONBD_FILLING, /* 0 */
    EMP_PARETONBD_SUMS = 20
};

/* Adds the sum of a rule on [from, to]. */
typedef void emp_paretonbd_panel_fn(const struct emp_paretonbd_integrand *f, double from, double to,
                                    const struct emp_gauss_rule *rule,
                                    double sums[EMP_PARETONBD_SUMS]);

struct emp_lifetime_kernels {
    const char *name;
    emp_bgnbd_panel_fn *bgnbd;
    emp_paretonbd_panel_fn *paretonbd;
};

extern const struct emp_lifetime_kernels emp__lifetime_plain, emp__lifetime_avx2,
    emp__lifetime_avx512;

/* The fastest that runs here, or the one of that name, NULL if that does not run here. */
const struct emp_lifetime_kernels *emp__lifetime_kernels(const char *name);

#endif
