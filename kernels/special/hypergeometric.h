// SPDX-License-Identifier: Apache-2.0
/*
 * The logarithm of the Gauss hypergeometric function 2F1(a, b; c; z) for a >= 0, 0 < b < c, z < 1,
 * where it is positive: it is the mean of (1 - z p)^-a over a beta distribution of p with
 * parameters b and c - b (Euler's integral, DLMF 15.6.1).
 *
 * Where |z| <= 1/2 and the terms are few it is the power series (DLMF 15.2.1), for negative z after
 * Pfaff's transformation (DLMF 15.8.1), so that all terms are positive. Elsewhere it is Euler's
 * integral over y = log(p / (1 - p)) by log_integral.h: analytic within pi of the real line for
 * every z < 1, so it is as good near z = 1, for a of 1e6, and for c = a + b + k, where the
 * connection formulae have poles (J. Pearson, S. Olver & M. Porter, "Numerical methods for the
 * computation of the confluent and Gauss hypergeometric functions", Numer. Algorithms 74, 2017; R.
 * Forrey, J. Comput. Phys. 137, 1997).
 *
 * `rest` is c - b: given apart, it keeps its digits where it is small beside b. Error: 1e-13 of
 * 1 + |value| + a |log(1 - z)| eps / 1e-16; of one point in some 100,000, where a exceeds 100 and
 * the integrand is steep, up to 1e-11. Cost: some 50 flops a term; the integral 20 to 50
 * microseconds.
 */
#ifndef EMP_SPECIAL_HYPERGEOMETRIC_H
#define EMP_SPECIAL_HYPERGEOMETRIC_H

/* log 2F1(a, b; b + rest; z). */
double emp__log_hypergeometric(double a, double b, double rest, double z);

#endif
