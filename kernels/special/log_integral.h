// SPDX-License-Identifier: Apache-2.0
/*
 * The logarithm of the integral of e^h(y) for an h with one mode, as the integral representations
 * of the hypergeometric functions have it (Euler's, DLMF 15.6.1, with p = 1 / (1 + e^-y)).
 *
 * The mode is looked for on a grid of step 2, then by golden sections. From it panels go out in
 * both directions, none wider than 3 and none over which h falls by more than 8, until h is 42
 * below the mode; each is a Gauss-Legendre sum of 16 points (DLMF 3.5.v). For an h that is analytic
 * within pi of the real line, which those representations are, the error is about 1e-14 relative.
 * All terms are positive: nothing cancels. Beyond `low` and `high` h may go on as a straight line
 * for ever: e^h(low) / low_rate and e^h(high) / high_rate are added.
 *
 * Cost: 50 to 700 evaluations of h; a narrow peak costs no more than a wide one.
 */
#ifndef EMP_SPECIAL_LOG_INTEGRAL_H
#define EMP_SPECIAL_LOG_INTEGRAL_H

struct emp_log_density {
    double (*log_value)(double y, const void *of); /* h; finite between low and high */
    const void *of;
    double low, high;           /* finite, low <= high */
    double low_rate, high_rate; /* of the tails beyond; 0: the integral ends there */
};

/* Minus infinity if low = high and there are no tails. */
double emp__log_integral(const struct emp_log_density *density);

/* Gauss-Legendre sums on [-1, 1] with 8 and 16 points: places in ascending order, and weights. */
struct emp_gauss_rule {
    int count;
    _Alignas(64) double place[16];
    _Alignas(64) double weight[16];
};

extern const struct emp_gauss_rule emp__gauss_8, emp__gauss_16;

#endif
