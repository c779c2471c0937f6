// SPDX-License-Identifier: Apache-2.0
/*
 * The standard normal distribution. Of + - * / and random/portable_math.h only: the same bits on
 * every machine.
 *
 * Phi(x) is the distribution function. Within |x| < 1 it is 1/2 + phi(x) (x + x^3 / 3 + x^5 / 15 +
 * ...) (DLMF 7.6.2); beyond, the tail is Laplace's continued fraction phi(x) / (x + 1 / (x + 2 / (x
 * + 3 / ...))) (DLMF 7.9.3). Relative error of either tail at most 2e-15 down to the least normal
 * double (|x| < 37.5). The quantile is Wichura's rational approximation (AS 241, Applied
 * Statistics 37, 1988), of relative error about 1e-15.
 */
#ifndef EMP_NUMBER_NORMAL_H
#define EMP_NUMBER_NORMAL_H

/* P(X <= x) and P(X > x), each with all its digits in its own tail; NaN for NaN. */
double emp__normal_cdf(double x);
double emp__normal_tail(double x);

/* P(|X| > |z|), the p-value of a z statistic. */
double emp__normal_two_sided(double z);

/* x with P(X <= x) = p; -+infinity for 0 and 1, NaN for what is not between. */
double emp__normal_quantile(double p);

/* z with P(|X| <= z) = confidence: 1.96 for 0.95. */
double emp__normal_two_sided_quantile(double confidence);

#endif
