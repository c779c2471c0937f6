// SPDX-License-Identifier: Apache-2.0
/*
 * The purchases of one customer: the "buy till you die" process.
 *
 *   first purchase    evenly over the first share of the period
 *   rate              lambda ~ gamma(shape r, rate alpha), in purchases a week
 *   next purchase     exponential(lambda) later
 *   leaves for good   geometric: with probability p ~ beta(a, b) after each repeat purchase
 *                     (BG/NBD; Fader, Hardie & Lee, Marketing Science 24, 2005);
 *                     modified: after the first one too (MBG/NBD; Batislam, Denizel & Filiztekin,
 *                     Int. J. Research in Marketing 24, 2007);
 *                     exponential: at the rate mu ~ gamma(shape s, rate beta) a week (Pareto/NBD;
 *                     Schmittlein, Morrison & Colombo, Management Science 33, 1987)
 *
 * Cost: one exponential draw a purchase, about 25 ns.
 */
#include <math.h>

#include "generate/generate_events.h"

enum { DAY_SECONDS = 86400 };

/* What a customer is like, in days. */
struct customer {
    double first;     /* the moment of the first purchase */
    double last;      /* no purchase from this moment on */
    double rate;      /* purchases a day */
    double purchases; /* no more purchases than this, the first one included */
};

static struct customer draw_customer(const struct emp_generate_plan *plan,
                                     struct emp_stream *stream)
{
    const struct emp_generate_params *params = plan->params;
    struct customer customer = {.last = plan->length, .purchases = (double)params->purchase_most};
    customer.first = emp__stream_uniform(stream) * params->acquisition_share * plan->length;
    customer.rate =
        emp__stream_gamma(stream, params->purchase_shape) / (7.0 * params->purchase_scale);
    if (params->dropout == EMP_DROPOUT_EXPONENTIAL) {
        double mu = emp__stream_gamma(stream, params->dropout_shape) / params->dropout_scale;
        double weeks = emp__stream_exponential(stream) / mu; /* infinite for a mu of 0 */
        customer.last = fmin(customer.last, customer.first + 7.0 * weeks);
    } else if (params->dropout != EMP_DROPOUT_NONE) {
        double p = emp__stream_beta(stream, params->dropout_a, params->dropout_b);
        double spared = (double)emp__stream_geometric(stream, p); /* purchases survived */
        double kept = params->dropout == EMP_DROPOUT_MODIFIED ? 1.0 : 2.0;
        customer.purchases = fmin(customer.purchases, kept + spared);
    }
    return customer;
}

/* Even time to seconds of the calendar since the start of the period (see generate_plan.c). */
static uint32_t calendar_seconds(const struct emp_generate_plan *plan, double moment)
{
    if (!plan->season) {
        double seconds = moment * DAY_SECONDS, end = plan->length * DAY_SECONDS;
        return (uint32_t)(seconds < end ? seconds : end - 1.0);
    }
    uint32_t index = (uint32_t)moment;
    uint32_t day = plan->guide[index < plan->days ? index : plan->days - 1];
    while (day + 1 < plan->days && plan->season[day + 1] <= moment)
        day++;
    double part = (moment - plan->season[day]) / (plan->season[day + 1] - plan->season[day]);
    double seconds = part * DAY_SECONDS;
    return day * DAY_SECONDS + (uint32_t)(seconds < DAY_SECONDS - 1 ? seconds : DAY_SECONDS - 1);
}

/* Adds the return of the purchase in front of `out`, if there is one. Returns how many: 0 or 1. */
static size_t add_return(const struct emp_generate_plan *plan, struct emp_event *out)
{
    const struct emp_generate_params *params = plan->params;
    struct emp_event event = out[-1];
    struct emp_stream stream;
    emp__draw_open(&stream, plan, EMP_DRAW_RETURN, event.customer, event.order >> 1);
    if (emp__stream_uniform(&stream) >= params->returns_share)
        return 0;
    double days = 1.0 + (double)emp__stream_geometric(&stream, 1.0 / params->returns_delay);
    double time = event.time + days * DAY_SECONDS;
    if (time >= plan->length * DAY_SECONDS)
        return 0;
    event.time = (uint32_t)time;
    event.order |= 1;
    *out = event;
    return 1;
}

size_t emp__customer_events(const struct emp_generate_plan *plan, uint32_t customer,
                            struct emp_event *out)
{
    struct emp_stream stream;
    emp__draw_open(&stream, plan, EMP_DRAW_HISTORY, customer, 0);
    struct customer is = draw_customer(plan, &stream);
    double moment = is.first;
    size_t count = 0;
    uint32_t order = 0;
    do {
        out[count++] = (struct emp_event){calendar_seconds(plan, moment), customer, 2 * order};
        if (plan->params->returns_share > 0.0)
            count += add_return(plan, out + count);
        order++;
        moment += emp__stream_exponential(&stream) / is.rate;
    } while (moment < is.last && order < is.purchases);
    return count;
}
