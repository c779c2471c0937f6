// SPDX-License-Identifier: Apache-2.0
/*
 * What one column alone says of the event: the weight of evidence of its levels and its
 * information value (Kullback & Leibler's divergence between the classes, both ways; Siddiqi,
 * Credit Risk Scorecards, 2006). With e_k and o_k the weights of events and of others in level k:
 *     woe_k = log((e_k / E) / (o_k / O)),     IV = sum_k (e_k / E - o_k / O) woe_k
 * so a level above 0 has more events than all rows have.
 *
 * Where a level with rows has no event, or none but events, woe would be infinite: then `smoothing`
 * (0.5 is usual) is added to both weights of each level that has rows, and to E and O as often.
 * Otherwise nothing is smoothed, and the table is the textbook's. With smoothing 0 woe and IV are
 * infinite there. Levels without rows have 0. NaN where there is one class only.
 *
 * Missing values are a level of their own, the last. Sums are of integers (number/exact_sum.h): the
 * order of the rows does not matter. O(n + levels).
 */
#ifndef EMP_EVALUATE_EVIDENCE_H
#define EMP_EVALUATE_EVIDENCE_H

#include <stddef.h>

#include "evaluate/scored.h"

#define EMP_EVIDENCE_MISSING UINT32_MAX

struct emp_evidence_level {
    double events;     /* weight */
    double non_events; /* weight */
    double woe;
    double value; /* its part of the information value */
};

/* The bytes of workspace of emp__evidence(). */
size_t emp__evidence_work(uint32_t levels);

/*
 * Fills table[levels + 1], the last being the missing ones, and returns the information value.
 * codes[n] are below `levels` or EMP_EVIDENCE_MISSING. Of `rows` the scores are not read. `work` is
 * aligned as malloc() does.
 */
double emp__evidence(const struct emp_scored *rows, const uint32_t *codes, uint32_t levels,
                     double smoothing, void *work, struct emp_evidence_level *table);

/*
 * Levels of a numeric column: bins between its type-7 quantiles at k / bins (order/bins.h), closed
 * on the right; equal cuts are one, so that no bin is empty. NaN is missing. Fills codes[n] and
 * cuts[bins - 1] (the greatest value in each bin but the last) and returns how many levels there
 * are: 0 if all is missing. 2 <= bins <= 65535. Rows are counted without weights. `work` is as
 * large as emp__quantile_codes_work(n, bins) says.
 */
uint32_t emp__quantile_codes(const double *values, uint32_t n, uint32_t bins, void *work,
                             uint32_t *codes, double *cuts);
size_t emp__quantile_codes_work(uint32_t n, uint32_t bins);

#endif
