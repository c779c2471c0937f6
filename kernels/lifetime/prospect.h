// SPDX-License-Identifier: Apache-2.0
/*
 * What a customer who is alive at T will do: the same for all who have the same x and T
 * (outlook.h, which says how it is computed).
 */
#ifndef EMP_LIFETIME_PROSPECT_H
#define EMP_LIFETIME_PROSPECT_H

#include "lifetime/outlook.h"

struct emp_lifetime_prospect {
    double expected, discounted; /* within the horizon */
    double unlimited;            /* discounted, without end; infinite where it diverges */
    double none, lives;          /* P(no purchase within it), P(alive at its end) */
    /* Gradients of the logarithms of the first two in those of the parameters. */
    double expected_slope[EMP_LIFETIME_PARAMETERS], discounted_slope[EMP_LIFETIME_PARAMETERS];
};

/* `c`: t_x is not looked at; T may lie below 0 as long as parameters that are times are above -T.
 */
struct emp_lifetime_prospect emp__lifetime_prospect(const struct emp_lifetime_fitted *fitted,
                                                    const struct emp_lifetime_customer *c,
                                                    const struct emp_lifetime_request *request);

/* Does the data tell anything of parameter i? */
bool emp__lifetime_is_told(const struct emp_lifetime_fitted *fitted, int i);

#endif
