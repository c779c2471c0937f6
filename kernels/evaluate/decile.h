// SPDX-License-Identifier: Apache-2.0
/*
 * Gains and lift by deciles (or any number of bins) of the ranking: bin 1 holds the highest scores.
 *
 * Of n rows the one at place r (0 .. n - 1) of ranking->order is in bin floor(r bins / n) + 1: the
 * sizes differ by one at most, and where n is not divisible the greater ones are spread evenly.
 * Equal scores at a cut are parted by the row's index, so the rows should be in the order of their
 * ids. With weights, r and n are the weight of the rows ranked before and of all: a row is never
 * split, and stands where its first copy would. (With all weights 0, all rows are in bin 1.)
 * The division is of integers, so that no rounding moves a row.
 *
 * A bin without rows (n < bins, or weights) has zeros, and NaN for rate, lift and
 * min_probability.
 */
#ifndef EMP_EVALUATE_DECILE_H
#define EMP_EVALUATE_DECILE_H

#include "evaluate/ranking.h"

struct emp_decile {
    uint32_t customers; /* rows */
    double weight;      /* of the rows: customers, without weights */
    double events;      /* weight of the events among them */
    double rate;        /* events / weight */
    double lift;        /* rate / the rate of all rows; NaN without events */
    double
        cumulative_gain; /* share of all events in this bin and those above; NaN without events */
    double min_probability; /* the least score in it */
};

/* The bin (1 .. bins, bins <= 65535) of each row, by index, in of_row[n]. O(n). */
void emp__decile_of_rows(const struct emp_ranking *ranking, const struct emp_scored *scored,
                         uint32_t bins, uint16_t *of_row);

/* table[bins]. The rows' weights are added in the order of the ranking. O(n + bins). */
void emp__decile_table(const struct emp_ranking *ranking, const struct emp_scored *scored,
                       const uint16_t *of_row, uint32_t bins, struct emp_decile *table);

#endif
