// SPDX-License-Identifier: Apache-2.0
/*
 * Customers with a contract, who are seen to leave: the shifted beta-geometric (P. Fader & B.
 * Hardie, "How to project customer retention", J. Interactive Marketing 21, 2007) and the
 * beta-discrete-Weibull (P. Fader, B. Hardie, Y. Liu, J. Davin & T. Steenburgh, "'How to project
 * customer retention' revisited", J. Interactive Marketing 43, 2018).
 *
 *     t         renewals made: x
 *     ended     1: the renewal t + 1 was not made; 0: not known (yet)
 *     S(t) = B(a, b + t) / B(a, b)            sBG: a, b are the alpha, beta of the paper
 *     S(t) = B(a, b + t^c) / B(a, b)          BdW: the chance to leave rises with t for c > 1
 *     log L = log S(t), or log(S(t) - S(t + 1)) = log S(t) + log(1 - e^-D) where it ended
 *     D = log S(t) - log S(t + 1) = log B(a, b + t^c) - log B(a, b + (t + 1)^c)
 *
 * D is a step of log-beta (special/gamma_functions.h), right where S hardly changes. BdW with
 * c = 1 is sBG.
 *
 * A cohort table (customers left after 0, 1, ..., m periods) is m + 1 patterns: those lost in each
 * period, and those left at the end.
 *
 *     retention in period t: S(t) / S(t - 1);  residual value of one who has made n renewals, each
 *     later one counting (1 + d)^-k at the k-th:  DERL = sum over k >= 0 of S(n + k + 1) / S(n) (1
 * + d)^-k
 *
 * In sBG DERL is (b + n) / (a + b + n) 2F1(1, b + n + 1; a + b + n + 1; 1 / (1 + d)) (P. Fader & B.
 * Hardie, "Customer-base valuation in a contractual setting", Marketing Science 29, 2010); without
 * discount (b + n) / (a - 1), infinite for a <= 1.
 *
 * Reads x, ended. Error: 1e-14 of 1 + |log L|; DERL 1e-12 relative. Cost: 1 microsecond a pattern.
 */
#ifndef EMP_LIFETIME_CONTRACT_H
#define EMP_LIFETIME_CONTRACT_H

#include "lifetime/lifetime.h"

extern const struct emp_lifetime_model emp__sbg, emp__bdw;

/* S(t); c = 1 for sBG. */
double emp__contract_survival(double a, double b, double c, double t);

/* DERL of sBG, d >= 0; infinite where it diverges. */
double emp__sbg_residual(double a, double b, double renewals, double d);

/*
 * The value of a customer with a constant margin a period and a constant retention (S. Gupta & D.
 * Lehmann, "Customers as assets", J. Interactive Marketing 17, 2003): margin retention / (1 + d -
 * retention). False, and *out untouched, for retention >= 1 + d, where it diverges.
 */
bool emp__margin_value(double margin, double retention, double d, double *out);

#endif
