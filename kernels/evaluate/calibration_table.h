// SPDX-License-Identifier: Apache-2.0
/*
 * Do as many events happen as the probabilities say? Rows in bins of about equal weight, by
 * ascending probability; equal probabilities stay together: a group goes into the bin of its
 * middle, bin = floor(bins (W_below + W_group / 2) / W) (the quotient of integers where there are
 * no weights). So the table does not depend on the order of the rows. Bins in which no group falls
 * are left out: there may be fewer than asked for.
 *
 * The observed rate has Wilson's interval (Wilson, JASA 22, 1927):
 *     (q + z^2 / 2n -+ z sqrt(q (1 - q) / n + z^2 / 4n^2)) / (1 + z^2 / n)
 *
 * Hosmer & Lemeshow (Communications in Statistics 9, 1980): with n, O, P the weight, events and
 * mean probability of a bin
 *     H = sum (O - n P)^2 / (n P (1 - P)),   chi-square with (bins there are - 2) degrees of
 * freedom for rows that were in the fit. For rows that were not, the degrees are the number of
 * bins. A bin of P = 0 or 1 adds nothing if all came so, and makes H infinite (p = 0) if not.
 */
#ifndef EMP_EVALUATE_CALIBRATION_TABLE_H
#define EMP_EVALUATE_CALIBRATION_TABLE_H

#include "evaluate/ranking.h"

struct emp_calibration_bin {
    double customers;             /* weight */
    double events;                /* weight */
    double predicted;             /* mean probability */
    double observed;              /* events / customers */
    struct emp_interval interval; /* of `observed` */
};

/*
 * Fills table (room for `bins` >= 1) from a ranking whose scores are probabilities, and returns how
 * many rows it has; 0 < confidence < 1. O(groups).
 */
uint32_t emp__calibration_table(const struct emp_ranking *ranking, uint32_t bins, double confidence,
                                struct emp_calibration_bin *table);

/* Wilson's interval of a share of n; both ends NaN for n = 0. */
struct emp_interval emp__wilson_interval(double events, double n, double confidence);

struct emp_hosmer_lemeshow {
    double statistic;
    uint32_t degrees;
    double p_value; /* NaN with 0 degrees */
};

/* `fitted`: how many degrees the fit took, 2 or 0. */
struct emp_hosmer_lemeshow emp__hosmer_lemeshow(const struct emp_calibration_bin *table,
                                                uint32_t count, uint32_t fitted);

/*
 * The expected calibration error: sum over `bins` bins of equal width, [0, 1/bins), ...,
 * [1 - 1/bins, 1], of the share of the rows in it times |observed - predicted|. NaN without weight.
 */
double emp__calibration_error(const struct emp_ranking *ranking, uint32_t bins);

#endif
