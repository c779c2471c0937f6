// SPDX-License-Identifier: Apache-2.0
#include "evaluate/cutoff.h"

#include <math.h>

#include "number/compensated_sum.h"

struct emp_confusion emp__confusion(const struct emp_ranking *ranking, double threshold)
{
    struct emp_compensated cells[2][2] = {0}; /* predicted, actual */
    for (uint32_t g = 0; g < ranking->count; g++) {
        const struct emp_score_group *group = &ranking->groups[g];
        struct emp_compensated *predicted = cells[group->score >= threshold];
        emp__add(&predicted[0], group->non_events);
        emp__add(&predicted[1], group->events);
    }
    return (struct emp_confusion){
        .tp = emp__total(cells[1][1]),
        .fp = emp__total(cells[1][0]),
        .fn = emp__total(cells[0][1]),
        .tn = emp__total(cells[0][0]),
    };
}

struct emp_confusion_rates emp__confusion_rates(const struct emp_confusion *cells)
{
    double right = cells->tp + cells->tn, wrong = cells->fp + cells->fn;
    return (struct emp_confusion_rates){
        .precision = cells->tp / (cells->tp + cells->fp),
        .recall = cells->tp / (cells->tp + cells->fn),
        .specificity = cells->tn / (cells->tn + cells->fp),
        .f1 = 2.0 * cells->tp / (2.0 * cells->tp + wrong),
        .accuracy = right / (right + wrong),
    };
}

struct emp_ks emp__ks(const struct emp_ranking *ranking)
{
    double m = ranking->events, n = ranking->non_events;
    if (!(m > 0.0 && n > 0.0))
        return (struct emp_ks){NAN, NAN};
    struct emp_compensated events = {0}, non_events = {0};
    /* Over m n: so that counts are compared without rounding. */
    double greatest = -1.0, at = NAN;
    for (uint32_t g = ranking->count; g-- > 0;) {
        const struct emp_score_group *group = &ranking->groups[g];
        emp__add(&events, group->events);
        emp__add(&non_events, group->non_events);
        double distance = fabs(emp__total(events) * n - emp__total(non_events) * m);
        if (distance > greatest) {
            greatest = distance;
            at = group->score;
        }
    }
    return (struct emp_ks){greatest / (m * n), at};
}
