// SPDX-License-Identifier: Apache-2.0
/*
 * Firth's correction (Firth 1993, Biometrika 80; Heinze & Schemper 2002, Statist. Med. 21): in
 * place of L, L* = L + log det I / 2 is made greatest, I being the information X'WX. It takes away
 * the bias of order 1/n, and its maximum is finite whatever is separated. Its score is
 *
 *     U*_j = sum of (w_i (y_i - p_i) + h_i (1/2 - p_i)) x_ij,
 *
 * h_i being the diagonal of the hat matrix W^1/2 X I^-1 X'W^1/2. With R'R = I and u_i the rows of
 * W^1/2 X, t_i = R^-T u_i:  h_i = |t_i|^2.
 *
 * Steps are I^-1 U*, halved as long as L* does not go up; they end where sqrt(U*' I^-1 U*) is at
 * most the tolerance.
 *
 * Cost: of a step a full pass, and one for h that takes another n d^2 flops, in plain loops: this
 * is for rows by the thousand, where the bias is, rather than by the million.
 */
#ifndef EMP_LOGISTIC_FIRTH_H
#define EMP_LOGISTIC_FIRTH_H

#include "logistic/fit_state.h"

/* From a start of Newton's method to the end: CONVERGED or LIMIT. */
enum emp_logistic_status emp__firth(struct emp_logistic_state *state);

#endif
