// SPDX-License-Identifier: Apache-2.0
/*
 * What contacting the top of the ranking earns. Of those contacted, an event (one who would leave)
 * is kept with probability `success`, which saves its margin; each contact costs `contact`:
 *     profit(top) = sum_{i in top} (success margin_i event_i - contact)
 * Equal scores are never parted: a cut is after a whole group.
 *
 * With one margin for all, contacting a customer whose probability of the event is p is worth it if
 * success margin p > contact: the threshold is p = contact / (success margin). With margins of
 * their own, customers should be ranked by p margin instead of by p; any score will do here.
 */
#ifndef EMP_EVALUATE_PROFIT_H
#define EMP_EVALUATE_PROFIT_H

#include "evaluate/ranking.h"

struct emp_contact_costs {
    double margin;               /* at stake, for each customer, if event_margins is NULL */
    const double *event_margins; /* of each group: emp__rank_event_sums() of the margins, or NULL */
    double contact;              /* cost of one contact */
    double success;              /* probability that a contacted event is kept, 0 .. 1 */
};

struct emp_profit {
    double customers; /* weight of those contacted */
    double events;    /* weight of the events among them */
    double threshold; /* the least score among them; infinite if nobody is contacted */
    double profit;
};

/*
 * contact / (success margin), also where it is above 1 (contact nobody). Where success margin is 0
 * or less no contact pays: infinity, unless contacts are free (contact <= 0): then -infinity.
 */
double emp__profit_threshold(const struct emp_contact_costs *costs);

/*
 * curve[k], k = 0 .. steps: contacting the fewest that are at least the share k / steps of all (by
 * weight; 0: nobody). steps > 0. O(groups + steps).
 */
void emp__profit_curve(const struct emp_ranking *ranking, const struct emp_contact_costs *costs,
                       uint32_t steps, struct emp_profit *curve);

/* The best of all cuts, nobody being one; of equal profits that with the fewest groups. */
struct emp_profit emp__best_profit(const struct emp_ranking *ranking,
                                   const struct emp_contact_costs *costs);

#endif
