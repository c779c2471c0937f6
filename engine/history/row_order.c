// SPDX-License-Identifier: Apache-2.0
#include "history/row_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Every field counts, so that rows that differ at all have one order, and equal rows no need of it.
 */
static int compare_events(const void *a, const void *b)
{
    const struct emp_event *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->token[EMP_TOKEN_ORDER] != y->token[EMP_TOKEN_ORDER])
        return x->token[EMP_TOKEN_ORDER] < y->token[EMP_TOKEN_ORDER] ? -1 : 1;
    if (x->amount != y->amount)
        return x->amount < y->amount ? -1 : 1;
    for (int t = 0; t < EMP_TOKENS; t++)
        if (x->token[t] != y->token[t])
            return x->token[t] < y->token[t] ? -1 : 1;
    return 0;
}

/* Sorts the rows of one customer, which stand behind each other. */
static void order_events(struct emp_event *events, size_t count)
{
    enum { INSERTION_COUNT = 16 };
    if (count > INSERTION_COUNT) {
        qsort(events, count, sizeof *events, compare_events);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct emp_event event = events[i];
        size_t at = i;
        for (; at > 0 && compare_events(&events[at - 1], &event) > 0; at--)
            events[at] = events[at - 1];
        events[at] = event;
    }
}

/* A counting sort by the customer's place. */
static void group_rows(const struct emp_partition *partition, const uint32_t *rank,
                       struct emp_events *out)
{
    size_t customers = partition->table.customers;
    for (size_t i = 0; i < partition->rows; i++)
        out->first[rank[emp__partition_customer(partition, i)] + 1]++;
    for (size_t c = 0; c < customers; c++)
        out->first[c + 1] += out->first[c];
    for (size_t i = 0; i < partition->rows; i++) {
        size_t at = out->first[rank[emp__partition_customer(partition, i)]]++;
        out->event[at] = (struct emp_event){
            .time = emp__partition_time(partition, i),
            .amount = emp__partition_amount(partition, i),
        };
        for (int t = 0; t < EMP_TOKENS; t++)
            if (partition->plan->tokens & emp__token_bit((enum emp_token)t))
                out->event[at].token[t] = emp__partition_token(partition, (enum emp_token)t, i);
    }
    /* Each first[c] has moved to the end of its customer: one step back. */
    memmove(out->first + 1, out->first, customers * sizeof *out->first);
    out->first[0] = 0;
}

emp_status emp__rows_order(const struct emp_partition *partition, const uint32_t *rank,
                           struct emp_events *out, emp_error *error)
{
    size_t customers = partition->table.customers;
    *out = (struct emp_events){0};
    emp_status status = emp__new_array(&out->first, customers + 1, sizeof *out->first, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->event, partition->rows, sizeof *out->event, error);
    if (status != EMP_OK)
        return status;
    group_rows(partition, rank, out);
    for (size_t c = 0; c < customers; c++)
        order_events(out->event + out->first[c], out->first[c + 1] - out->first[c]);
    return EMP_OK;
}

void emp__events_free(struct emp_events *events)
{
    free(events->first);
    free(events->event);
    *events = (struct emp_events){0};
}
