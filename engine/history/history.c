// SPDX-License-Identifier: Apache-2.0
#include "history/history.h"

#include <stdlib.h>

uint64_t emp__customers_overhead(const struct emp_scatter_plan *plan)
{
    uint64_t part = sizeof(struct emp_past) + sizeof(struct emp_figure_places);
    return (uint64_t)plan->partitions * plan->needs.cutoffs * part;
}

size_t emp__customers_cutoff(const struct emp_customers *customers, int32_t cut, int32_t from)
{
    size_t m = 0;
    while (m < customers->cutoffs &&
           (customers->past[m].cutoff.cut != cut || customers->past[m].cutoff.from != from))
        m++;
    return m;
}

struct emp_customers emp__customers_at(const struct emp_customers *customers, size_t cutoff)
{
    const struct emp_past *past = &customers->past[cutoff];
    return (struct emp_customers){
        .store = customers->store,
        .ids = customers->ids,
        .partitions = customers->partitions,
        .first = customers->first,
        .summary = past->figures.summary,
        .days = past->figures.days,
        .orders = past->figures.orders,
        .activity = past->figures.activity,
        .visits = {past->figures.visits[0], past->figures.visits[1], past->figures.visits[2]},
        .rows = past->totals.rows,
        .money = past->totals.money,
        .first_day = past->totals.first_day,
        .last_day = past->totals.last_day,
        .day = past->cutoff.day,
        .end = past->cutoff.cut,
    };
}

/* The partition of a hash, which its upper bits are: see scatter.c. */
static size_t partition_of(uint64_t hash, size_t partitions)
{
    return (size_t)((emp_int128)hash * (emp_int128)partitions >> 64);
}

size_t emp__customers_find(const struct emp_customers *customers, uint64_t key, const char *text)
{
    uint64_t word = key & EMP_ID_TEXT ? EMP_ID_TEXT : key;
    const struct emp_ids one = {.count = 1, .word = &word, .text = (char *)text};
    size_t p = partition_of(emp__customer_hash(key), customers->partitions);
    size_t low = customers->first[p], end = customers->first[p + 1], high = end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (emp__id_compare(&customers->ids, middle, &one, 0) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < end && emp__id_compare(&customers->ids, low, &one, 0) == 0;
    return found ? low : customers->ids.count;
}

void emp__customers_free(struct emp_customers *customers)
{
    struct emp_store *store = customers->store;
    emp__store_give(store, customers->ids.word);
    emp__store_give(store, customers->ids.text);
    emp__store_give(store, customers->summary);
    emp__store_give(store, customers->days);
    emp__store_give(store, customers->orders);
    emp__store_give(store, customers->activity);
    for (int span = 0; span < EMP_SPANS; span++) {
        emp__store_give(store, customers->visits[span]);
        emp__store_give(store, customers->repeats[span]);
    }
    for (size_t m = 0; m < customers->cutoffs; m++)
        emp__figures_give(store, &customers->past[m].figures);
    free(customers->past);
    free(customers->first);
    *customers = (struct emp_customers){0};
}
