// SPDX-License-Identifier: Apache-2.0
/*
 * Probabilities from scores by the ascending function nearest to the labels: sum w (y - p)^2 least
 * over all p that never fall as the score rises (Ayer et al., Annals of Math. Statistics 26, 1955;
 * for calibration: Zadrozny & Elkan, KDD 2002). By pooling adjacent violators: equal scores are
 * pooled first, then blocks of neighbours whose rates do not rise. O(groups).
 *
 * The result is the unique optimum at the scores that were there: a table of blocks. Between two
 * blocks it is interpolated from the highest score of the one to the lowest of the other; below the
 * first and above the last it is as at the ends.
 */
#ifndef EMP_EVALUATE_ISOTONIC_H
#define EMP_EVALUATE_ISOTONIC_H

#include "evaluate/ranking.h"

struct emp_isotonic_block {
    double low;  /* its lowest score */
    double high; /* its highest score */
    double events;
    double weight;
    double value; /* events / weight; rises from block to block */
};

/*
 * Fills blocks (room for ranking->count) by ascending score and returns how many there are: none
 * without weight, and groups without weight are left out. Scores must be finite.
 */
uint32_t emp__isotonic(const struct emp_ranking *ranking, struct emp_isotonic_block *blocks);

/* From at least one block. O(log count). */
double emp__isotonic_at(const struct emp_isotonic_block *blocks, uint32_t count, double score);

#endif
