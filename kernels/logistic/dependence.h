// SPDX-License-Identifier: Apache-2.0
/* Which columns (the intercept and scaled terms) depend on earlier ones, on some of the rows. */
#ifndef EMP_LOGISTIC_DEPENDENCE_H
#define EMP_LOGISTIC_DEPENDENCE_H

#include "logistic/pass.h"
#include "logistic/symmetric.h"

struct emp_dependence {
    struct emp_symmetric factor; /* of Z'WZ, W being the weights as they came */
    bool *skipped;               /* columns: depends on earlier ones */
};

void emp__dependence_carve(struct emp_carver *carver, struct emp_dependence *dependence,
                           size_t columns);

/* Which rows count, beside those that take part: of |c[0] + z'c| at most `most`. */
struct emp_face {
    const double *c; /* columns */
    double most;
};

/*
 * A column is dependent if its pivot (symmetric.h) is at most `tolerance` of its square. The
 * pass's standard is set. face NULL: all rows that take part. One full pass.
 */
void emp__dependence(const struct emp_pass *pass, const struct emp_face *face, double tolerance,
                     struct emp_dependence *out);

/* For a dependent column j: relation[k], k < j, with z_j = sum of relation[k] z_k; 0 for dependent
 * columns k. */
void emp__dependence_relation(const struct emp_dependence *dependence, size_t j, double *relation);

#endif
