// SPDX-License-Identifier: Apache-2.0
/*
 * Models of customer lifetimes: what one is, the data it is fitted to, and its log-likelihood.
 *
 *     x        repeat purchases (frequency); contractual: whole periods survived
 *     t_x      time of the last one since the first purchase (recency); 0 if x = 0
 *     T        time from the first purchase to the end of observation (age): `age` in the code
 *     weight   how many customers have the same numbers
 *
 * The models, each a file and a row of emp__lifetime_models:
 *
 *     nbd         Ehrenberg 1959                                  nbd.h
 *     bgnbd       Fader, Hardie & Lee 2005                        bgnbd.h
 *     mbgnbd      Batislam, Denizel & Filiztekin 2007             bgnbd.h
 *     paretonbd   Schmittlein, Morrison & Colombo 1987            paretonbd.h
 *     bgbb        Fader, Hardie & Shang 2010                      bgbb.h
 *     sbg, bdw    Fader & Hardie 2007; Fader et al. 2018          contract.h
 *     gammagamma  Fader & Hardie 2013: spend, not lifetimes       gamma_gamma.h
 *
 * All parameters are positive; likelihoods are differentiated in their logarithms.
 */
#ifndef EMP_LIFETIME_LIFETIME_H
#define EMP_LIFETIME_LIFETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lifetime/derivatives.h"

/* Columns of n patterns. A model reads those that its header names; the others may be NULL. */
struct emp_lifetime_data {
    size_t n;
    const uint32_t *x;
    const double *t_x, *age;
    const double *spend;  /* mean of the x purchases */
    const uint8_t *ended; /* 1: cancelled in period x + 1 */
    const double *weight; /* NULL: 1 each; > 0 */
    size_t step;          /* every how manieth pattern counts in a likelihood; 0 or 1: all */
};

struct emp_lifetime_panel;
struct emp_lifetime_kernels;

/* Parameters, and tables over whole numbers made of them. */
struct emp_lifetime_point {
    const struct emp_lifetime_kernels *kernels; /* panel_kernels.h */
    double parameter[EMP_LIFETIME_PARAMETERS];
    uint32_t table_size; /* tables have the rows 0 .. table_size - 1 */
    const void *table;
};

/* Tables end here: beyond, functions are computed for each pattern. */
enum { EMP_LIFETIME_TABLE_MOST = 4096 };

/* A customer to predict. {0, 0, 0} is one who has just made the first purchase, so that what is
 * predicted for them is the expectation for anyone. */
struct emp_lifetime_customer {
    double x, t_x, age;
};

/* Who is alive at T, and what they will do; see predict.h. NULL in models of contracts and spend.
 * All but the odds are of a customer who is alive, and do not depend on t_x. */
struct emp_lifetime_prediction {
    /* The logarithm of P(dead at T) / P(alive at T), and, unless NULL, its gradient in the
     * logarithms of the parameters (0 where the odds are). */
    double (*log_odds_dead)(const double *parameter, const struct emp_lifetime_customer *c,
                            double *gradient);
    double (*expected)(const double *parameter, const struct emp_lifetime_customer *c, double t);
    double (*survives)(const double *parameter, const struct emp_lifetime_customer *c, double t);
    double (*probability)(const double *parameter, const struct emp_lifetime_customer *c, double t,
                          uint32_t n);
    /* Infinite where it diverges. */
    double (*discounted)(const double *parameter, const struct emp_lifetime_customer *c,
                         double rate);
    /* Within t; NULL: by quadrature of `expected` (outlook.h). */
    double (*discounted_within)(const double *parameter, const struct emp_lifetime_customer *c,
                                double t, double rate);
    /* P(no purchase in t) in two parts, each of which is smooth where the sum is not: alive at the
     * end; and left meanwhile, NULL where nobody leaves but with a purchase. For models of times.
     */
    double (*stays_quietly)(const double *parameter, const struct emp_lifetime_customer *c,
                            double t);
    double (*leaves_quietly)(const double *parameter, const struct emp_lifetime_customer *c,
                             double t);
};

struct emp_lifetime_model {
    const char *name;
    int parameters;
    const char *parameter_name[EMP_LIFETIME_PARAMETERS];
    /* Bit i: parameter i is measured in time or money. A fit counts it in a unit of the data's own,
     * so that nothing depends on days, weeks, cents. NULL: no parameter is. */
    unsigned in_unit;
    double (*unit)(const struct emp_lifetime_data *data);
    size_t table_row; /* bytes; 0: no table */
    void (*fill_table)(const double *parameter, uint32_t size, void *table);
    /* The log-likelihood of one customer of pattern i; `out` is zero before. */
    void (*term)(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, struct emp_derivatives *out);
    /* The same in two parts: what x, or x and T, tell of a customer; and the rest, of one pattern
     * or of a panel of them at once (panel_kernels.h), if there is any. NULL: `term` does it all.
     */
    void (*shared)(const struct emp_lifetime_point *at, uint32_t x, double age,
                   struct emp_derivatives *out);
    bool shared_by_x; /* T is not looked at */
    void (*rest)(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                 size_t i, struct emp_derivatives *out);
    void (*panel)(const struct emp_lifetime_point *at, const struct emp_lifetime_panel *panel,
                  struct emp_derivatives *out);
    /* Places to start from, in units; at most 8. */
    const double (*starts)[EMP_LIFETIME_PARAMETERS];
    int start_count;
    struct emp_lifetime_prediction predict;
};

extern const struct emp_lifetime_model *const emp__lifetime_models[]; /* ends with NULL */

/* NULL if there is none of that name. */
const struct emp_lifetime_model *emp__lifetime_model(const char *name);

/* The mean time of one purchase: sum of T / (sum of x + 1/2), so that there is one if nobody came
 * back; 1 if all T are 0. */
double emp__lifetime_time_unit(const struct emp_lifetime_data *data);

/* Bytes that emp__lifetime_likelihood() works in, aligned as malloc() does. */
size_t emp__lifetime_work(const struct emp_lifetime_model *model,
                          const struct emp_lifetime_data *data);

/*
 * The log-likelihood of all data with its derivatives (a full Hessian). Summed over blocks of 1024
 * patterns, each in order or in lanes, and then over the blocks in order: the same bytes for any
 * number of threads. Cost of a pattern: 0.1 to 1 microseconds where it is taken by itself, some 20
 * ns in a panel if patterns of the same x follow each other.
 */
void emp__lifetime_likelihood(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_data *data, int threads, void *work,
                              struct emp_derivatives *out);

#endif
