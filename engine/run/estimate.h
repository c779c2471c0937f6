// SPDX-License-Identifier: Apache-2.0
/* How large a history will be, from its first records. */
#ifndef EMP_RUN_ESTIMATE_H
#define EMP_RUN_ESTIMATE_H

#include "run/run_params.h"
#include "source/transactions.h"

struct emp_estimate {
    bool known; /* false: nothing can be told (standard input, no usable row) */
    uint64_t rows, customers;
};

/*
 * Reads some megabytes and concludes from them: as many rows as the files' size allows; as many
 * customers as capture and recapture tells, but no more than if the rest were like the sample and
 * all of it new. Customers are not all alike, so they are taken to have Poisson rates that are
 * exponentially distributed: of two samples with a customers each, c are in both; with the mean
 * m of a rate, a = N m / (1 + m) and c = 2 N m^2 / ((1 + m) (1 + 2 m)), which gives N.
 */
emp_status emp__estimate(const struct emp_params *params, const emp_options *options,
                         struct emp_estimate *out, emp_error *error);

/* The same of the customers file, whose rows are its customers. */
emp_status emp__estimate_customer_file(const struct emp_params *params, const emp_options *options,
                                       struct emp_estimate *out, emp_error *error);

#endif
