// SPDX-License-Identifier: Apache-2.0
/* The model of an intercept alone, with the offset. */
#ifndef EMP_LOGISTIC_NULL_MODEL_H
#define EMP_LOGISTIC_NULL_MODEL_H

#include "logistic/newton.h"

struct emp_null_model {
    double intercept, log_likelihood;
};

/* Of a fit with labels of both kinds, before it is started; spoils c. Without an offset it is known
 * at once; with one it takes a few passes that expand nothing. */
struct emp_null_model emp__null_model(const struct emp_newton *newton);

#endif
