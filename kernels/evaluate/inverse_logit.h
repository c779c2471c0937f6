// SPDX-License-Identifier: Apache-2.0
#ifndef EMP_EVALUATE_INVERSE_LOGIT_H
#define EMP_EVALUATE_INVERSE_LOGIT_H

#include <math.h>

#include "random/portable_math.h"

/* 1 / (1 + e^-eta), without overflow. */
static inline double emp__inverse_logit(double eta)
{
    double small = emp__exp(-fabs(eta));
    return (eta < 0.0 ? small : 1.0) / (1.0 + small);
}

#endif
