// SPDX-License-Identifier: Apache-2.0
#include "evaluate/profit.h"

#include <math.h>

#include "number/compensated_sum.h"

double emp__profit_threshold(const struct emp_contact_costs *costs)
{
    double gain = costs->success * costs->margin;
    if (gain > 0.0)
        return costs->contact / gain;
    return costs->contact > 0.0 ? INFINITY : -INFINITY;
}

/* Those contacted so far. */
struct top {
    struct emp_compensated customers, events, saved;
    double threshold;
};

static void contact(struct top *top, const struct emp_ranking *ranking,
                    const struct emp_contact_costs *costs, uint32_t g)
{
    const struct emp_score_group *group = &ranking->groups[g];
    double at_stake =
        costs->event_margins ? costs->event_margins[g] : costs->margin * group->events;
    emp__add(&top->customers, group->events + group->non_events);
    emp__add(&top->events, group->events);
    emp__add(&top->saved, at_stake);
    top->threshold = group->score;
}

static struct emp_profit profit_of(const struct top *top, const struct emp_contact_costs *costs)
{
    double customers = emp__total(top->customers);
    return (struct emp_profit){
        .customers = customers,
        .events = emp__total(top->events),
        .threshold = top->threshold,
        .profit = costs->success * emp__total(top->saved) - costs->contact * customers,
    };
}

static const struct top nobody = {.threshold = INFINITY};

void emp__profit_curve(const struct emp_ranking *ranking, const struct emp_contact_costs *costs,
                       uint32_t steps, struct emp_profit *curve)
{
    /* Added up as below, so that the last group reaches the whole to the last digit. */
    struct emp_compensated all = {0};
    for (uint32_t g = 0; g < ranking->count; g++)
        emp__add(&all, ranking->groups[g].events + ranking->groups[g].non_events);
    struct top top = nobody;
    uint32_t g = 0;
    for (uint32_t k = 0; k <= steps; k++) {
        double wanted = k * emp__total(all);
        while (g < ranking->count && emp__total(top.customers) * steps < wanted)
            contact(&top, ranking, costs, g++);
        curve[k] = profit_of(&top, costs);
    }
}

struct emp_profit emp__best_profit(const struct emp_ranking *ranking,
                                   const struct emp_contact_costs *costs)
{
    struct top top = nobody;
    struct emp_profit best = profit_of(&top, costs);
    for (uint32_t g = 0; g < ranking->count; g++) {
        contact(&top, ranking, costs, g);
        struct emp_profit here = profit_of(&top, costs);
        if (here.profit > best.profit)
            best = here;
    }
    return best;
}
