// SPDX-License-Identifier: Apache-2.0
/*
 * Rows by descending score, and the groups of rows with equal scores: sorted once, all that is said
 * of a classifier comes from it in one pass over the groups.
 *
 * Invariance: the groups, and so whatever comes from them alone, do not depend on the order of the
 * rows, to the last bit. Weights are added as integers (number/exact_sum.h): multiples of 2^-78 of
 * the power of two above the greatest weight. Within a group `order` holds rows by ascending index:
 * with the rows in the order of their ids, it is a function of the data as well.
 * Both zeros are equal scores; infinite scores are allowed.
 *
 * Cost: that of a radix sort of n pairs over the bytes in which the scores differ (up to 8 passes
 * of 24 bytes a row), and one pass more.
 */
#ifndef EMP_EVALUATE_RANKING_H
#define EMP_EVALUATE_RANKING_H

#include <stddef.h>

#include "evaluate/scored.h"

/* The rows of one score. */
struct emp_score_group {
    double score;
    double events;     /* weight of the rows with label 1 */
    double non_events; /* weight of the rows with label 0 */
    uint32_t end;      /* the place in `order` behind its last row */
};

struct emp_ranking {
    uint32_t *order;                /* n: rows by descending score, then ascending index */
    struct emp_score_group *groups; /* room for n; by descending score */
    uint32_t n;                     /* rows */
    uint32_t count;                 /* groups */
    double events, non_events;      /* weight of all rows with label 1, with label 0 */
};

/* The bytes of workspace: 20 n. */
size_t emp__ranking_work(uint32_t n);

/*
 * Fills a ranking, whose arrays are the caller's. `work` is aligned as malloc() does and may be
 * reused afterwards.
 */
void emp__rank(const struct emp_scored *scored, void *work, struct emp_ranking *ranking);

/*
 * For each group the sum of weight * values over its events (rows with label 1), in sums[count]:
 * added as integers, so that the order of the rows does not matter. values: n, finite, and so are
 * the products.
 */
void emp__rank_event_sums(const struct emp_ranking *ranking, const struct emp_scored *scored,
                          const double *values, double *sums);

#endif
