// SPDX-License-Identifier: Apache-2.0
/* From partitions in order of arrival to customers in order of id, with rows in order of time. */
#include "history/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "history/id_order.h"

struct finishing {
    struct emp_partition *partitions;
    struct emp_customers *out;
    size_t *text_first; /* where the text ids of a partition begin in ids.text */
};

/* The customers of a partition, in the order of their ids once they are sorted. */
struct roll {
    uint64_t *word; /* their ids, as struct emp_ids has them */
    struct emp_entry **entry;
    uint32_t *order; /* the i-th customer is number order[i] of the two above */
};

static emp_status call_roll(const struct emp_partition *partition, struct roll *out,
                            emp_error *error)
{
    size_t n = partition->customers, found = 0;
    emp_status status = emp__new_array(&out->word, n, sizeof *out->word, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->entry, n, sizeof(struct emp_entry *), error);
    if (status == EMP_OK)
        status = emp__new_array(&out->order, n, sizeof *out->order, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < partition->slot_count; i++) {
        if (partition->slots[i].key == 0)
            continue;
        out->entry[found] = &partition->slots[i];
        out->word[found++] = emp__partition_id(partition, &partition->slots[i], 0);
    }
    struct emp_ids ids = {n, out->word, partition->bytes.data};
    return emp__id_order(&ids, out->order, error);
}

static void free_roll(struct roll *roll)
{
    free(roll->order);
    free(roll->entry);
    free(roll->word);
}

/* Copies the ids, and the summaries if they are kept, of partition p in their order. */
static void place_customers(const struct finishing *finishing, size_t p, const struct roll *roll)
{
    const struct emp_partition *partition = &finishing->partitions[p];
    struct emp_customers *out = finishing->out;
    size_t first = out->first[p], text = finishing->text_first[p];
    if (partition->bytes.length > 0)
        memcpy(out->ids.text + text, partition->bytes.data, partition->bytes.length);
    for (size_t i = 0; i < partition->customers; i++) {
        const struct emp_entry *entry = roll->entry[roll->order[i]];
        out->ids.word[first + i] = emp__partition_id(partition, entry, text);
        if (out->summary)
            out->summary[first + i] = emp__partition_summary(partition, entry);
    }
}

struct event {
    int64_t time;
    uint64_t order;
    int64_t amount;
};

/* Every field counts, so that rows that differ at all have one order, and equal rows no need of it.
 */
static int compare_events(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return (x->amount > y->amount) - (x->amount < y->amount);
}

/* Sorts the rows of one customer, which stand behind each other in `events`. */
static void order_rows(struct event *events, size_t count)
{
    enum { INSERTION_COUNT = 16 };
    if (count > INSERTION_COUNT) {
        qsort(events, count, sizeof *events, compare_events);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct event event = events[i];
        size_t at = i;
        for (; at > 0 && compare_events(&events[at - 1], &event) > 0; at--)
            events[at] = events[at - 1];
        events[at] = event;
    }
}

/* Groups the rows of a partition by customer: a counting sort by the customer's final number. */
static void group_rows(const struct emp_partition *partition, const uint32_t *rank,
                       struct emp_events *out, struct event *grouped)
{
    size_t customers = partition->customers;
    for (size_t i = 0; i < partition->rows; i++)
        out->first[rank[partition->customer[i]] + 1]++;
    for (size_t c = 0; c < customers; c++)
        out->first[c + 1] += out->first[c];
    for (size_t i = 0; i < partition->rows; i++) {
        uint64_t at = out->first[rank[partition->customer[i]]]++;
        grouped[at] =
            (struct event){partition->time[i], partition->keep_orders ? partition->order[i] : 0,
                           partition->amount[i]};
    }
    /* Each first[c] has moved to the end of its customer: one step back. */
    memmove(out->first + 1, out->first, customers * sizeof *out->first);
    out->first[0] = 0;
}

static emp_status new_events(const struct emp_partition *partition, struct emp_events *out,
                             emp_error *error)
{
    emp_status status =
        emp__new_array(&out->first, partition->customers + 1, sizeof *out->first, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->time, partition->rows, sizeof *out->time, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->amount, partition->rows, sizeof *out->amount, error);
    if (status == EMP_OK && partition->keep_orders)
        status = emp__new_array(&out->order, partition->rows, sizeof *out->order, error);
    return status;
}

static emp_status place_rows(const struct emp_partition *partition, const struct roll *roll,
                             struct emp_events *out, emp_error *error)
{
    uint32_t *rank = NULL;
    struct event *grouped = NULL;
    emp_status status = new_events(partition, out, error);
    if (status == EMP_OK)
        status = emp__new_array(&rank, partition->customers, sizeof *rank, error);
    if (status == EMP_OK)
        status = emp__new_array(&grouped, partition->rows, sizeof *grouped, error);
    if (status != EMP_OK)
        goto done;
    for (size_t i = 0; i < partition->customers; i++)
        rank[roll->entry[roll->order[i]]->count] = (uint32_t)i;
    group_rows(partition, rank, out, grouped);
    for (size_t c = 0; c < partition->customers; c++)
        order_rows(grouped + out->first[c], out->first[c + 1] - out->first[c]);
    for (size_t i = 0; i < partition->rows; i++) {
        out->time[i] = grouped[i].time;
        out->amount[i] = grouped[i].amount;
        if (out->order)
            out->order[i] = grouped[i].order;
    }
done:
    free(grouped);
    free(rank);
    return status;
}

static emp_status finish_partition(void *user, size_t p, emp_error *error)
{
    struct finishing *finishing = user;
    struct emp_partition *partition = &finishing->partitions[p];
    struct roll roll = {0};
    emp_status status = call_roll(partition, &roll, error);
    if (status == EMP_OK) {
        place_customers(finishing, p, &roll);
        if (finishing->out->events)
            status = place_rows(partition, &roll, &finishing->out->events[p], error);
    }
    free_roll(&roll);
    emp__partition_free(partition);
    return status;
}

/* Room for all customers of all partitions. */
static emp_status make_room(struct finishing *finishing, emp_error *error)
{
    struct emp_customers *out = finishing->out;
    size_t customers = 0, text = 0;
    bool events = finishing->partitions[0].keep == EMP_KEEP_EVENTS;
    for (size_t p = 0; p < out->partitions; p++) {
        const struct emp_partition *partition = &finishing->partitions[p];
        out->first[p] = customers;
        finishing->text_first[p] = text;
        customers += partition->customers;
        text += partition->bytes.length;
        out->rows += partition->rows;
        out->money += partition->money;
        emp__widen_days(&out->first_day, &out->last_day, partition->first_day);
        emp__widen_days(&out->first_day, &out->last_day, partition->last_day);
    }
    out->first[out->partitions] = customers;
    if (customers > UINT32_MAX)
        return emp__fail(error, EMP_ERR_DATA, "more than 2^32 customers");
    out->ids.count = customers;
    emp_status status = emp__new_array(&out->ids.word, customers, sizeof *out->ids.word, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->ids.text, text, 1, error);
    if (status == EMP_OK && events)
        status = emp__new_array(&out->events, out->partitions, sizeof *out->events, error);
    if (status == EMP_OK && !events)
        status = emp__new_array(&out->summary, customers, sizeof *out->summary, error);
    return status;
}

emp_status emp__customers_finish(struct emp_scatter *scatter, size_t partitions, int threads,
                                 struct emp_customers *out, emp_error *error)
{
    struct finishing finishing = {.partitions = emp__scatter_partitions(scatter), .out = out};
    *out = (struct emp_customers){
        .partitions = partitions, .first_day = EMP_NO_DAY, .last_day = EMP_NO_DAY};
    emp_status status = emp__new_array(&out->first, partitions + 1, sizeof *out->first, error);
    if (status == EMP_OK)
        status = emp__new_array(&finishing.text_first, partitions, sizeof(size_t), error);
    if (status == EMP_OK)
        status = make_room(&finishing, error);
    if (status == EMP_OK)
        status = emp__parallel(threads, partitions, finish_partition, &finishing, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->by_id, out->ids.count, sizeof *out->by_id, error);
    if (status == EMP_OK)
        status = emp__id_order(&out->ids, out->by_id, error);
    free(finishing.text_first);
    return status;
}

void emp__customers_free(struct emp_customers *customers)
{
    for (size_t p = 0; customers->events && p < customers->partitions; p++) {
        free(customers->events[p].first);
        free(customers->events[p].time);
        free(customers->events[p].amount);
        free(customers->events[p].order);
    }
    free(customers->events);
    free(customers->summary);
    free(customers->first);
    free(customers->by_id);
    emp__ids_free(&customers->ids);
    *customers = (struct emp_customers){0};
}
