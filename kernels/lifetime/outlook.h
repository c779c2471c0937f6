// SPDX-License-Identifier: Apache-2.0
/*
 * All that is to be said of a customer under a model that predicts (predict.h), with how sure it
 * is.
 *
 * Discounted purchases over a horizon h, each at T + t counting e^(-d t): with E(t) the purchases
 * expected in (T, T + t], by parts
 *
 *     D = e^(-d h) E(h) + d * integral from 0 to h of e^(-d t) E(t) dt
 *
 * by Gauss-Legendre sums in u = log(1 + t / scale). E has singularities where alpha + T + t or beta
 * + T + t is 0 or less, which in u is pi or more away from the real line. The scale is that of the
 * first purchase or of leaving, the lesser of (alpha + T) / (1 + r + x) and (beta + T) / (1 + s),
 * so that E changes as slowly in u as it goes. Pieces of at most 2.5 have 8 nodes each, or 16 where
 * d h exceeds 1.
 *
 * A model of opportunities adds up its own sum instead.
 *
 * Errors are those of the logarithms, by the delta method: with g the gradient of log E in the
 * logarithms of the parameters and C their covariance, sqrt(g' C g). So E exp(-z error) to E exp(z
 * error) is an interval that stays positive. Directions that are not in C (at a bound, flat) add
 * nothing to it. Of log P(alive) the gradient is exact, of the rest it is by central differences.
 *
 * Given that a customer is alive, everything depends on x and T alone (predict.h), and P(alive) is
 * all that t_x tells. So of many customers that rest is interpolated (prospect_table.h), which adds
 * a relative error of some 1e-13, and done once for those of the same x and T who follow each
 * other.
 *
 * Error of D: 1e-9 relative. Cost: that of P(alive) and its gradient; for each x and T, with n
 * parameters, 9 (2 n + 1) times that of E, and again 8 (2 n + 1) times for each factor of 12 by
 * which the horizon exceeds the scale.
 */
#ifndef EMP_LIFETIME_OUTLOOK_H
#define EMP_LIFETIME_OUTLOOK_H

#include "lifetime/predict.h"

struct emp_lifetime_fitted {
    const struct emp_lifetime_model *model;
    const double *parameter;
    /* Of the logarithms, as in struct emp_lifetime_fit; NULL: errors are not wanted, and 0. */
    const double (*covariance)[EMP_LIFETIME_PARAMETERS];
};

struct emp_lifetime_outlook {
    double p_alive, p_alive_later;       /* at T, at T + horizon */
    double no_purchase;                  /* P(none in (T, T + horizon]) */
    double expected, expected_error;     /* in (T, T + horizon] */
    double discounted, discounted_error; /* D */
    double unlimited;                    /* D without end; NaN where it diverges */
    /* Of log D in the logarithms of the parameters: sums of D have errors, too. */
    double gradient[EMP_LIFETIME_PARAMETERS];
};

/* The threads of the request are not looked at. */
void emp__lifetime_outlook(const struct emp_lifetime_fitted *fitted,
                           const struct emp_lifetime_customer *c,
                           const struct emp_lifetime_request *request,
                           struct emp_lifetime_outlook *out);

/*
 * Of data->n patterns, from x, t_x, age, best in order of x and age: the same bytes for any number
 * of threads, and for a customer whoever else is among them. `work`: emp__lifetime_outlooks_work()
 * bytes, aligned as malloc() does.
 */
size_t emp__lifetime_outlooks_work(const struct emp_lifetime_fitted *fitted,
                                   const struct emp_lifetime_data *data);
void emp__lifetime_outlooks(const struct emp_lifetime_fitted *fitted,
                            const struct emp_lifetime_data *data,
                            const struct emp_lifetime_request *request, void *work,
                            struct emp_lifetime_outlook *out);

/* The `discounted` of these patterns alone, on one thread. */
void emp__lifetime_discounted_within(const struct emp_lifetime_model *model,
                                     const double *parameter, const struct emp_lifetime_data *data,
                                     const struct emp_lifetime_request *request, double *out);

/* sqrt(g' C g) of the first n rows. */
double emp__lifetime_error(const double *gradient,
                           const double (*covariance)[EMP_LIFETIME_PARAMETERS], int n);

#endif
