// SPDX-License-Identifier: Apache-2.0
/*
 * Separation (Albert & Anderson 1984, Biometrika 71): there is a direction (d_0, d) in which the
 * likelihood never falls, with (2 y - 1)(d_0 + x'd) >= 0 for all rows and > 0 for some; so the
 * likelihood has no maximum at finite coefficients. If it is > 0 for all rows the separation is
 * complete, else quasi-complete.
 *
 * Newton's method runs off in such a direction. When it looks like that, the direction is taken
 * from where it goes, freed from what belongs to the rows that are not separated, small parts of it
 * are set to 0, and the inequality is checked on all rows as they are: it must hold but for the
 * rounding of the sum, EMP_SEPARATION_ROUNDING times the sum of the sizes of its parts. Only a
 * direction that passes is reported: it is a certificate.
 */
#ifndef EMP_LOGISTIC_SEPARATION_H
#define EMP_LOGISTIC_SEPARATION_H

#include "logistic/logistic.h"

#define EMP_SEPARATION_ROUNDING 1e-9

struct emp_separation {
    bool separated;
    size_t rows;      /* on the right side, > 0 */
    size_t undecided; /* rows where it is 0; none: complete separation */
};

size_t emp__separation_workspace(const struct emp_logistic_data *data, int threads);

/* Checks a direction (terms + 1, the intercept first) on the rows that take part. One pass. */
struct emp_separation emp__separation_check(const struct emp_logistic_data *data,
                                            const double *direction, int threads, void *workspace);

#endif
