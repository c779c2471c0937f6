// SPDX-License-Identifier: Apache-2.0
/*
 * The regularised incomplete gamma functions P(a, x) = gamma(a, x) / Gamma(a) and Q = 1 - P, and
 * from them the tails of the gamma and chi-square distributions. Of + - * / and
 * random/portable_math.h only: the same bits on every machine.
 *
 * For x < a + 1 the series P = D sum_k x^k / ((a + 1) ... (a + k)) (DLMF 8.11.4), else Legendre's
 * continued fraction for Q (DLMF 8.9.2) by Lentz's method. The factor D = x^a e^-x / Gamma(a + 1)
 * is taken as Loader does (Fast and Accurate Computation of Binomial Probabilities, 2000):
 *     D = exp(-s(a) - a (x / a - 1 - log(x / a))) / sqrt(2 pi a),   s Stirling's error
 * which loses no digits where a is large. Cost: O(sqrt(a) + 30) steps of a few flops.
 *
 * Relative error for a <= 1e4: 1e-15 (4 - log P) of P at most and 1e-15 (4 - log Q) of Q; three
 * times that up to a = 1e6. But where Q is small and x < a + 1, as it may be for a < 1/2, Q = 1 - P
 * is right to 1e-15 absolutely.
 */
#ifndef EMP_NUMBER_CHI_SQUARE_H
#define EMP_NUMBER_CHI_SQUARE_H

/* 0 < a <= 1e12, x >= 0; NaN if not so, or for NaN. */
double emp__gamma_lower(double a, double x);
double emp__gamma_upper(double a, double x);

/* P(X > x) for `degrees` > 0 of freedom: Q(degrees / 2, x / 2); 1 for x <= 0. */
double emp__chi_square_tail(double x, double degrees);

#endif
