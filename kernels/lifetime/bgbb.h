// SPDX-License-Identifier: Apache-2.0
/*
 * BG/BB: opportunities to buy, one in each unit of time (P. Fader, B. Hardie & J. Shang,
 * "Customer-base analysis in a discrete-time noncontractual setting", Marketing Science 29, 2010).
 * A customer who is alive takes an opportunity with a probability p, which is beta(alpha, beta)
 * distributed, and before each leaves with a probability q, which is beta(gamma, delta)
 * distributed.
 *
 *     x        opportunities taken; t_x: the last of them; n: how many there were (age)
 *     A(k)     = B(alpha + x, beta + k - x) / B(alpha, beta): what was seen if alive for k of them
 *     S(k)     = B(gamma, delta + k) / B(gamma, delta): alive at the k-th
 *     D(k)     = B(gamma + 1, delta + k) / B(gamma, delta): left after the k-th
 *     L        = A(n) S(n) + sum over k from t_x to n - 1 of A(k) D(k)                (eq. 5)
 *
 * P(alive) = A(n) S(n) / L: not gone by the n-th, where eq. 11 asks for the one after it. Given
 * that the customer is alive, p is beta(alpha + x, beta + n - x) and q is beta(gamma, delta + n)
 * distributed, and S, with these, the probability to be alive at the k-th from now on:
 *
 *     E = (alpha + x) / (alpha + beta + n) times the sum of S(k) over k from 1 to t
 *     discounted: the same with e^(-rate k) S(k)
 *
 * Reads x, t_x, age, which are whole numbers, x <= t_x <= age. Error of log L and its derivatives:
 * 1e-14 (1 + n); of predictions 1e-12 relative. Cost: 2 microseconds for each of the n - t_x + 1
 * terms; of predictions 0.3 for each opportunity ahead.
 */
#ifndef EMP_LIFETIME_BGBB_H
#define EMP_LIFETIME_BGBB_H

#include "lifetime/lifetime.h"

extern const struct emp_lifetime_model emp__bgbb;

#endif
