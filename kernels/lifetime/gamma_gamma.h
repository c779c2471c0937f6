// SPDX-License-Identifier: Apache-2.0
/*
 * Gamma-Gamma spend (P. Fader & B. Hardie, "The Gamma-Gamma model of monetary value", note 025,
 * 2013): a purchase is gamma(p, nu) distributed, nu being gamma(q, gamma) distributed over the
 * customers; independent of how often they buy.
 *
 *     x, z    number of purchases and their mean; m = x z their sum
 *     log L = -log B(p x, q) - log z - p x log(1 + gamma / m) - q log(1 + m / gamma)
 *     E[spend a purchase | x, z] = p (gamma + m) / (p x + q - 1)
 *
 * which is eq. 1a and eq. 5 of the note. Without a purchase the expectation is that of the
 * population, p gamma / (q - 1). It exists for p x + q > 1 only.
 *
 * Reads x, spend: patterns with x > 0 and spend > 0 (the others tell nothing: leave them out).
 * Error: 1e-14 (1 + p x + q) (1 + |log B|). Cost: 0.4 microseconds a pattern; what depends on x
 * alone is tabled.
 */
#ifndef EMP_LIFETIME_GAMMA_GAMMA_H
#define EMP_LIFETIME_GAMMA_GAMMA_H

#include "lifetime/lifetime.h"

extern const struct emp_lifetime_model emp__gamma_gamma;

/* E[spend a purchase] and, unless NULL, the gradient of its logarithm in those of the parameters;
 * false, and both untouched, where it does not exist. x = 0: `spend` is not looked at. */
bool emp__gamma_gamma_expected(const double *parameter, double x, double spend, double *out,
                               double *gradient);

#endif
