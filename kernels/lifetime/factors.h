// SPDX-License-Identifier: Apache-2.0
/*
 * The two factors of which the likelihoods are made, with derivatives in log-parameters.
 *
 * Rising: log (r)_k = log Gamma(r + k) - log Gamma(r), the part of k purchases whose rate is gamma
 * distributed:                         in log r
 *     first = sum r / (r + j)          second = sum r j / (r + j)^2          0 <= j < k
 *
 * Survival: log S = log B(a, b + k) / B(a, b), the probability to survive k chances to drop out,
 * each with a probability that is beta(a, b) distributed:
 *     log S = -sum log(1 + a / (b + j))
 *     a: -sum a / (a + b + j)          b: sum a b / ((b + j) (a + b + j))
 *     aa: -sum a (b + j) / (a + b + j)^2           ab: sum a b / (a + b + j)^2
 *     bb: sum a b (a j + (b + j) (j - b)) / ((b + j)^2 (a + b + j)^2)
 *
 * For whole k up to the size of a table these sums are carried along from k to k + 1: terms of one
 * sign (bb apart), each right to a few eps, so the error is some k eps / 2 at most. Beyond, and for
 * k that is no whole number, the functions of special/gamma_functions.h take their place. A table
 * costs some 40 flops a row.
 */
#ifndef EMP_LIFETIME_FACTORS_H
#define EMP_LIFETIME_FACTORS_H

#include <stdint.h>

struct emp_rising {
    double log, first, second;
};

struct emp_survival {
    double log, a, b, aa, ab, bb;
};

/* k >= 0. */
struct emp_rising emp__rising(double r, double k);
struct emp_survival emp__survival(double a, double b, double k);

/* Rows for k = 0 .. size - 1. */
void emp__rising_table(double r, uint32_t size, struct emp_rising *out);
void emp__survival_table(double a, double b, uint32_t size, struct emp_survival *out);

#endif
