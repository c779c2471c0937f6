// SPDX-License-Identifier: Apache-2.0
/*
 * Contracts with the same retention r in every period: `margin` (S. Gupta & D. Lehmann, "Customers
 * as assets", J. Interactive Marketing 17, 2003).
 *
 *     log L = R log r + E log(1 - r),  r = R / (R + E),  std_error(r)^2 = r (1 - r) / (R + E)
 *
 * of R renewals that were made and E that were not. It is at a bound if there are none of one of
 * them, and flat if there are none of both.
 */
#ifndef EMP_ANALYSIS_LTV_MARGIN_H
#define EMP_ANALYSIS_LTV_MARGIN_H

#include "lifetime/fit.h"

/* Its name and the name of its parameter; the rest is empty. */
extern const struct emp_lifetime_model emp__ltv_margin;

/* Reads x, ended, weight. */
void emp__ltv_margin_fit(const struct emp_lifetime_data *data, struct emp_lifetime_fit *out);

#endif
