// SPDX-License-Identifier: Apache-2.0
/*
 * NBD (A. Ehrenberg, "The pattern of consumer purchases", Appl. Statistics 8, 1959): purchases come
 * at random at a rate that is gamma(r, alpha) distributed over the customers, who never leave.
 *
 *     r, alpha   shape and rate of that distribution: mean rate r / alpha
 *     L(r, alpha | x, T) = (r)_x alpha^r / (alpha + T)^(r + x)
 *     log L = log (r)_x - r log(1 + T / alpha) - x log(alpha + T)
 *
 * the likelihood of the x moments of purchase, as in the other models, so that their
 * log-likelihoods compare; that of the count alone is greater by x log T - log x!. It is the limit
 * of BG/NBD, MBG/NBD and Pareto/NBD without dropout, and their first factor.
 *
 * After x purchases in T the rate is gamma(r + x, alpha + T) distributed, which all predictions
 * follow from: (r + x) t / (alpha + T) purchases are expected in t, a negative binomial number, and
 * at a rate of discount they are worth (r + x) / (alpha + T) / rate (infinite without discount).
 *
 * Reads x, age. Error: 1e-15 (r + x) (1 + |log(alpha + T)|). Cost: 3 logarithms.
 */
#ifndef EMP_LIFETIME_NBD_H
#define EMP_LIFETIME_NBD_H

#include "lifetime/factors.h"
#include "lifetime/lifetime.h"

extern const struct emp_lifetime_model emp__nbd;

/* out += the log-likelihood and its derivatives; parameters 0 and 1 are r and alpha. */
void emp__nbd_add(double r, double alpha, const struct emp_rising *rising, double x, double age,
                  struct emp_derivatives *out);

/* log P(K = n) and P(K >= n) for the number K of purchases in t by a rate gamma(r, alpha). */
double emp__nbd_log_probability(double r, double alpha, double t, double n);
double emp__nbd_at_least(double r, double alpha, double t, double n);

#endif
