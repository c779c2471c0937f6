// SPDX-License-Identifier: Apache-2.0
#include "evaluate/proper_scores.h"

#include <math.h>
#include <stdbool.h>

#include "number/compensated_sum.h"
#include "number/normal.h"
#include "random/portable_math.h"

/* What a probability costs if the event came, and if it did not. */
struct losses {
    double event;
    double non_event;
};

static struct losses log_losses(double p, double clip)
{
    double clipped = p < clip ? clip : p > 1.0 - clip ? 1.0 - clip : p;
    return (struct losses){-emp__log(clipped), -emp__log1p(-clipped)};
}

static struct losses squared_losses(double p, double unused)
{
    (void)unused;
    return (struct losses){(1.0 - p) * (1.0 - p), p * p};
}

/* weight * value, 0 without weight, however large the value. */
static void add_weighted(struct emp_compensated *to, double weight, double value)
{
    if (weight > 0.0)
        emp__add(to, weight * value);
}

/* The mean of the losses, with its error. */
static struct emp_measure mean_loss(const struct emp_ranking *ranking,
                                    struct losses (*losses)(double p, double clip), double clip)
{
    double weight = ranking->events + ranking->non_events;
    struct emp_compensated sum = {0}, squares = {0};
    for (uint32_t g = 0; g < ranking->count; g++) {
        const struct emp_score_group *group = &ranking->groups[g];
        struct losses of = losses(group->score, clip);
        add_weighted(&sum, group->events, of.event);
        add_weighted(&sum, group->non_events, of.non_event);
    }
    double mean = emp__total(sum) / weight;
    if (!(weight > 1.0) || isinf(mean))
        return (struct emp_measure){mean, NAN};
    for (uint32_t g = 0; g < ranking->count; g++) {
        const struct emp_score_group *group = &ranking->groups[g];
        struct losses of = losses(group->score, clip);
        add_weighted(&squares, group->events, (of.event - mean) * (of.event - mean));
        add_weighted(&squares, group->non_events, (of.non_event - mean) * (of.non_event - mean));
    }
    return (struct emp_measure){mean, sqrt(emp__total(squares) / (weight - 1.0) / weight)};
}

struct emp_proper_scores emp__proper_scores(const struct emp_ranking *ranking, double clip)
{
    struct emp_compensated certain_wrong = {0}, predicted = {0};
    for (uint32_t g = 0; g < ranking->count; g++) {
        const struct emp_score_group *group = &ranking->groups[g];
        emp__add(&predicted, (group->events + group->non_events) * group->score);
        if (group->score == 0.0 || group->score == 1.0)
            emp__add(&certain_wrong, group->score == 0.0 ? group->events : group->non_events);
    }
    double weight = ranking->events + ranking->non_events;
    double share = ranking->events / weight;
    struct emp_measure brier = mean_loss(ranking, squared_losses, 0.0);
    bool both = ranking->events > 0.0 && ranking->non_events > 0.0;
    return (struct emp_proper_scores){
        .log_loss = mean_loss(ranking, log_losses, clip),
        .brier = brier,
        .brier_skill = both ? 1.0 - brier.value / (share * (1.0 - share)) : NAN,
        .certain_wrong = emp__total(certain_wrong),
        .mean = emp__total(predicted) / weight,
    };
}

struct emp_interval emp__normal_interval(struct emp_measure measure, double confidence)
{
    double reach = emp__normal_two_sided_quantile(confidence) * measure.std_error;
    return (struct emp_interval){measure.value - reach, measure.value + reach};
}
