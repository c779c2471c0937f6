// SPDX-License-Identifier: Apache-2.0
#include "evaluate/auc.h"

#include <math.h>

#include "evaluate/inverse_logit.h"
#include "number/compensated_sum.h"
#include "number/normal.h"
#include "random/portable_math.h"

/* What ranks below the group at hand, by ascending score. */
struct below {
    struct emp_compensated events, non_events;
};

static void pass(struct below *below, const struct emp_score_group *group)
{
    emp__add(&below->events, group->events);
    emp__add(&below->non_events, group->non_events);
}

/* sum_ij psi */
static double favourable_pairs(const struct emp_ranking *ranking)
{
    struct below below = {0};
    struct emp_compensated pairs = {0};
    for (uint32_t g = ranking->count; g-- > 0;) {
        const struct emp_score_group *group = &ranking->groups[g];
        emp__add(&pairs, group->events * (emp__total(below.non_events) + 0.5 * group->non_events));
        pass(&below, group);
    }
    return emp__total(pairs);
}

/* S10 / m + S01 / n */
static double variance(const struct emp_ranking *ranking, double auc)
{
    double m = ranking->events, n = ranking->non_events;
    struct below below = {0};
    struct emp_compensated s10 = {0}, s01 = {0};
    for (uint32_t g = ranking->count; g-- > 0;) {
        const struct emp_score_group *group = &ranking->groups[g];
        double v10 = (emp__total(below.non_events) + 0.5 * group->non_events) / n;
        double v01 = (m - (emp__total(below.events) + 0.5 * group->events)) / m;
        emp__add(&s10, group->events * (v10 - auc) * (v10 - auc));
        emp__add(&s01, group->non_events * (v01 - auc) * (v01 - auc));
        pass(&below, group);
    }
    return emp__total(s10) / (m - 1.0) / m + emp__total(s01) / (n - 1.0) / n;
}

struct emp_measure emp__auc(const struct emp_ranking *ranking)
{
    double m = ranking->events, n = ranking->non_events;
    if (!(m > 0.0 && n > 0.0))
        return (struct emp_measure){NAN, NAN};
    double auc = fmin(1.0, favourable_pairs(ranking) / (m * n));
    double error = m > 1.0 && n > 1.0 ? sqrt(variance(ranking, auc)) : NAN;
    return (struct emp_measure){auc, error};
}

struct emp_interval emp__auc_interval(struct emp_measure auc, double confidence)
{
    double a = auc.value;
    if (a == 0.0 || a == 1.0)
        return (struct emp_interval){a, a};
    double logit = emp__log(a) - emp__log1p(-a);
    double reach = emp__normal_two_sided_quantile(confidence) * auc.std_error / (a * (1.0 - a));
    return (struct emp_interval){emp__inverse_logit(logit - reach),
                                 emp__inverse_logit(logit + reach)};
}
