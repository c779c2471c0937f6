// SPDX-License-Identifier: Apache-2.0
/*
 * log-gamma, digamma, trigamma, log-beta for positive arguments, and their differences over a step.
 *
 * All are Stirling's series (DLMF 5.11.1, 5.11.2) at z >= 16, where eight terms leave out less
 * than 2e-18, and for smaller z the recurrence Gamma(z + 1) = z Gamma(z). A difference is not the
 * difference of two values: it is put together from the differences of the terms, each in a form
 * without cancellation, such as 1/c - 1/(c + h) = h / (c (c + h)). So log (c)_h stays right where
 * c is 1e15 and h is 1, and where h is 1e-15.
 *
 * Error, for arguments from 1e-8 to 1e12: relative 1e-14 for the steps of digamma, trigamma and
 * log-beta and for trigamma itself; 1e-14 of 1 + |value| for log-gamma, digamma, log-beta;
 * 1e-14 h (1 + |log(c + h)|) + 1e-14 |value| for log (c)_h, which has zeros. Cost: 60 to 200 flops.
 */
#ifndef EMP_SPECIAL_GAMMA_FUNCTIONS_H
#define EMP_SPECIAL_GAMMA_FUNCTIONS_H

/* log Gamma(x), its first and its second derivative; x > 0. */
double emp__log_gamma(double x);
double emp__digamma(double x);
double emp__trigamma(double x);

/* log B(a, b) = log Gamma(a) + log Gamma(b) - log Gamma(a + b); a, b > 0. */
double emp__log_beta(double a, double b);

/* log of the rising factorial (c)_h = Gamma(c + h) / Gamma(c); c > 0, h >= 0. */
double emp__log_rising(double c, double h);

/* psi(c + h) - psi(c) >= 0 and psi'(c + h) - psi'(c) <= 0; c > 0, h >= 0. */
double emp__digamma_step(double c, double h);
double emp__trigamma_step(double c, double h);

/*
 * log B(a, b + h) - log B(a, b) <= 0; a, b > 0, h >= 0. For whole h it is
 * -sum of log(1 + a / (b + j)) over 0 <= j < h.
 */
double emp__log_beta_step(double a, double b, double h);

#endif
