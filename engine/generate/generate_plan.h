// SPDX-License-Identifier: Apache-2.0
/*
 * What a generation looks up: tables made once from the options, read by all threads, changed by
 * none of them.
 */
#ifndef EMP_GENERATE_PLAN_H
#define EMP_GENERATE_PLAN_H

#include "generate/generate_params.h"
#include "random/distributions.h"

/* What a stream of random numbers is for: each purpose its own, so that none moves another. */
enum emp_generate_purpose {
    EMP_DRAW_HISTORY = 1, /* of a customer: acquisition, rate, dropout, intervals */
    EMP_DRAW_RETURN,      /* of an order: is it taken back, and when */
    EMP_DRAW_WORTH,       /* of a customer: the rate of the order values */
    EMP_DRAW_VALUE,       /* of an order: its value */
    EMP_DRAW_LINES,       /* of an order: how many rows, and the division of the value */
    EMP_DRAW_BASKET,      /* of an order: channel, products, quantities */
    EMP_DRAW_PRODUCT,     /* of a product: its share of cost, its name */
    EMP_DRAW_SHUFFLE,     /* of an event: its place in the file */
    EMP_DRAW_QUOTES,      /* of an event: which rows stand in quotes */
    EMP_DRAW_FAULTS = 16, /* of an event: which rows are followed by broken ones */
};

/* A table for categorical draws that owns its arrays. */
struct emp_owned_alias {
    struct emp_alias table;
    double *accept;
    uint32_t *alias;
};

struct emp_generate_plan {
    const struct emp_generate_params *params;
    uint64_t seed;
    uint32_t customers, days;
    double length; /* of the period in days */
    char delimiter;
    double unit; /* of an amount: 10^decimals */
    char *dates; /* days x 10: YYYY-MM-DD of each day */
    /*
     * Season. Purchases happen in a time that runs evenly; the d-th day takes season[d]..season[d +
     * 1] of it, in days; guide[i] is the day in which its moment i lies. NULL: no season.
     */
    double *season;  /* days + 1 */
    uint32_t *guide; /* days */
    struct emp_owned_alias products, channels;
    double *cost;         /* products: the share of the price that it costs */
    bool *long_name;      /* products: does its name need quotes? */
    int faults[16];       /* the faults to draw from */
    uint32_t fault_count; /* of them */
};

/* `params` must outlive the plan. *out is untouched on failure. */
emp_status emp__generate_plan_make(const struct emp_generate_params *params,
                                   struct emp_generate_plan *out, emp_error *error);

void emp__generate_plan_free(struct emp_generate_plan *plan);

/* Opens the stream of a customer, or of one of the customer's orders (counted from 0). */
static inline void emp__draw_open(struct emp_stream *out, const struct emp_generate_plan *plan,
                                  uint32_t purpose, uint32_t customer, uint32_t order)
{
    emp__stream_open(out, plan->seed, purpose, (uint64_t)customer << 32 | order);
}

#endif
