// SPDX-License-Identifier: Apache-2.0
/*
 * exp, log, pow, expm1 and log1p with the same bits on every machine: made of + - * / and integer
 * work on the bits only, which IEEE 754 fixes to the last bit. The functions of libm differ between
 * versions and between variants for one processor or another, so they cannot stand behind random
 * numbers that must repeat. Needs a compiler that contracts nothing (-ffp-contract=off) and
 * evaluates double as double (x86-64, arm64).
 *
 * Relative error against the true value: exp and log at most 4e-16 over their whole ranges (normal
 * results); pow at most 4e-16 (1 + |y log x|); expm1 and log1p at most 6e-16, near 0 too. Cost:
 * about 30 flops each.
 */
#ifndef EMP_RANDOM_PORTABLE_MATH_H
#define EMP_RANDOM_PORTABLE_MATH_H

/* e^x; 0 below the range, infinity above it, NaN for NaN. */
double emp__exp(double x);

/* The natural logarithm; -infinity for 0, NaN below 0 and for NaN. */
double emp__log(double x);

/* e^x - 1, and log(1 + x), which keep their digits where x is small. */
double emp__expm1(double x);
double emp__log1p(double x);

/* x^y = exp(y log x) for x >= 0 and y != 0; 1 for y = 0. */
double emp__pow(double x, double y);

#endif
