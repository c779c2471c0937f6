// SPDX-License-Identifier: Apache-2.0
/*
 * The generalised exponential integral E_s(z) times e^z (DLMF 8.19.2 and 8.19.3):
 *
 *     e^z E_s(z) = integral of (1 + y)^-s e^(-z y) over y > 0 = U(1, 2 - s, z)
 *
 * with Tricomi's confluent function U (DLMF 13.4.4). For z >= 1 by its continued fraction (DLMF
 * 8.19.17, contracted; Lentz's algorithm), below by the integral over log(1 + y) (log_integral.h),
 * which has no trouble with whole s. Relative error 1e-13. Cost: 20 to 100 steps of 10 flops, or 10
 * to 30 microseconds below 1.
 */
#ifndef EMP_SPECIAL_EXPONENTIAL_INTEGRAL_H
#define EMP_SPECIAL_EXPONENTIAL_INTEGRAL_H

/* s >= 0; z > 0; a value, not a logarithm. For z = 0 it is 1 / (s - 1) where s > 1, else infinite.
 */
double emp__scaled_exponential_integral(double s, double z);

#endif
