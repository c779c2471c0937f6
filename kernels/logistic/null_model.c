// SPDX-License-Identifier: Apache-2.0
#include "logistic/null_model.h"

#include <limits.h>

#include "random/portable_math.h"

struct emp_null_model emp__null_model(const struct emp_newton *newton)
{
    enum { ITERATIONS_MOST = 100 };
    const double tolerance = 1e-9;
    const struct emp_census *census = &newton->census;
    double events = census->events, others = census->weight - events;
    double log_events = emp__log(events / census->weight);
    double log_others = emp__log(others / census->weight);
    struct emp_null_model model = {.intercept = log_events - log_others,
                                   .log_likelihood = events * log_events + others * log_others};
    if (!newton->pass.walk.data.offset)
        return model;
    struct emp_newton alone = *newton;
    alone.pass.walk = emp__walk_intercept(&newton->pass.walk);
    alone.options.max_iterations = ITERATIONS_MOST;
    alone.options.tolerance = tolerance;
    alone.suspect_from = INT_MAX;
    alone.information = false;
    alone.penalty[0] = 0;
    alone.c[0] = 0;
    emp__newton_start(&alone);
    emp__newton(&alone);
    return (struct emp_null_model){alone.c[0], -alone.value};
}
