// SPDX-License-Identifier: Apache-2.0
/*
 * The power transform of Yeo & Johnson (2000, Biometrika 87: 954-959) for values of either sign:
 *
 *     y = ((1 + x)^lambda - 1) / lambda                    x >= 0;  log(1 + x) for lambda = 0
 *     y = -((1 - x)^(2 - lambda) - 1) / (2 - lambda)       x < 0;  -log(1 - x) for lambda = 2
 *
 * With L = log(1 + |x|) and the power p = lambda or 2 - lambda, |y| = (e^(p L) - 1) / p =
 * L expm1(p L) / (p L), which keeps its digits near every limit.
 *
 * lambda is where the profile likelihood of a normal distribution of the y is greatest, so where
 *     log sd(y) - (lambda - 1) mean(sign(x) L)
 * is least. Where all values have one sign, sd is taken of y' = (e^(p (L - A)) - 1) / p instead,
 * sd(y) = e^(p A) sd(y'), with A the L at which e^(p L) is greatest: y' neither overflows nor do
 * its differences drown in a constant. Where both signs are there, A = 0.
 */
#ifndef EMP_SCALE_YEO_JOHNSON_H
#define EMP_SCALE_YEO_JOHNSON_H

#include <stddef.h>

/* y; infinite where it is too large for a double. */
double emp__yeo_johnson(double x, double lambda);

/* sign(x) L of n values. About 40 flops each. */
void emp__signed_logs(const double *x, size_t n, double *out);

/* What signed logs become, as y with A = `anchor`. About 40 flops each. */
void emp__yeo_johnson_curve(const double *logs, size_t n, double lambda, double anchor,
                            double *out);

/* The range of the signed logs of a column, and what it means for lambda. */
struct emp_yeo_johnson_range {
    double least, greatest; /* of the signed logs */
};

/*
 * The lambdas that are looked at: [-5, 5], but none that makes e^(p L) greater than e^700 or, where
 * all values have one sign, less than 10^-6 for all of them: then the y would be so close to their
 * limit 1 / |p| that they lost six digits. 1 is always among them if |x| <= 1e300.
 */
void emp__yeo_johnson_interval(struct emp_yeo_johnson_range range, double *low, double *high);

/* A for a lambda; in *scale p A, the logarithm of sd(y) / sd(y'). */
double emp__yeo_johnson_anchor(struct emp_yeo_johnson_range range, double lambda, double *scale);

#endif
