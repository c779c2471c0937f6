// SPDX-License-Identifier: Apache-2.0
/*
 * Events: who bought when, and which purchase came back. Everything else about an order is drawn
 * when its rows are written, so that an event takes 12 bytes.
 */
#ifndef EMP_GENERATE_EVENTS_H
#define EMP_GENERATE_EVENTS_H

#include <emptor/options.h>

#include "generate/generate_plan.h"

struct emp_event {
    uint32_t time;     /* seconds since the start of the period */
    uint32_t customer; /* from 0 */
    uint32_t order;    /* 2 x the number of the customer's order, from 0; + 1: it is returned */
};

/* How the work is done: threads and whether it is still wanted. */
struct emp_generate_crew {
    int threads;
    const emp_options *options;
};

/* Has the caller cancelled? One thread asks at a time. */
bool emp__generate_cancelled(const struct emp_generate_crew *crew);

/*
 * The events of one customer in the order of the purchases, each return behind its purchase; `out`
 * has room for 2 x purchase.most. Returns how many there are: at least 1.
 */
size_t emp__customer_events(const struct emp_generate_plan *plan, uint32_t customer,
                            struct emp_event *out);

/* All events in the order of the file in *out (to be released with free()), *count of them. */
emp_status emp__generate_events(const struct emp_generate_plan *plan,
                                const struct emp_generate_crew *crew, struct emp_event **out,
                                size_t *count, emp_error *error);

#endif
