// SPDX-License-Identifier: Apache-2.0
#include "history/customer_block.h"

#include <stdlib.h>

#include "base/memory.h"
#include "history/id_order.h"
#include "history/row_order.h"
#include "source/ids.h"

/* The customers of a partition as the table has them, and their order by id. */
struct roll {
    uint64_t *word;
    uint32_t *order; /* the i-th customer is number order[i] of the table */
};

static emp_status call_roll(const struct emp_customer_table *table, char *text, struct roll *out,
                            emp_error *error)
{
    size_t n = table->customers;
    emp_status status = emp__new_array(&out->word, n, sizeof *out->word, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->order, n, sizeof *out->order, error);
    if (status != EMP_OK)
        return status;
    emp__customer_copy_texts(table, text);
    for (size_t i = 0; i < n; i++)
        out->word[i] = emp__customer_id(table, emp__customer_entry(table, i));
    struct emp_ids ids = {n, out->word, text};
    return emp__id_order(&ids, out->order, error);
}

static void free_roll(struct roll *roll)
{
    free(roll->order);
    free(roll->word);
}

static void list_summaries(const struct emp_customer_table *table, const struct roll *roll,
                           struct emp_summary *out)
{
    enum { AHEAD = 16 };
    for (size_t i = 0; i < table->customers; i++) {
        if (i + AHEAD < table->customers)
            __builtin_prefetch(emp__customer_entry(table, roll->order[i + AHEAD]));
        out[i] = emp__customer_summary(table, emp__customer_entry(table, roll->order[i]));
    }
}

/* The present and the past of one customer from its events; false if a sum does not fit. */
static bool count_events(const struct emp_events *events, size_t c,
                         const struct emp_customer_block *out, uint64_t *scratch)
{
    const struct emp_event *event = events->event + events->first[c];
    size_t count = events->first[c + 1] - events->first[c];
    bool fits = emp__figures_count(&out->figures, c, event, count, out->day, scratch);
    for (size_t m = 0; m < out->cutoffs && fits; m++)
        fits = emp__past_add(&out->past[m], c, event, count, scratch);
    return fits;
}

/* Adds the repeat visits of these customers. Other partitions do so at the same time: whole
 * numbers, so their order does not matter. */
static emp_status add_repeats(const struct emp_events *events, size_t customers,
                              enum emp_calendar_span span, const struct emp_customer_block *out,
                              emp_error *error)
{
    uint32_t *by_day = NULL;
    emp_status status = emp__new_array(&by_day, out->days, sizeof *by_day, error);
    for (size_t c = 0; c < customers && status == EMP_OK; c++)
        emp__visits_by_day(events->event + events->first[c],
                           events->first[c + 1] - events->first[c], span, out->first_day, by_day);
    for (size_t d = 0; d < out->days && status == EMP_OK; d++)
        if (by_day[d] > 0)
            __atomic_fetch_add(&out->repeats[span][d], by_day[d], __ATOMIC_RELAXED);
    free(by_day);
    return status;
}

static emp_status summarise_rows(const struct emp_partition *partition, const struct roll *roll,
                                 const struct emp_customer_block *out, emp_error *error)
{
    size_t customers = partition->table.customers;
    struct emp_events events = {0};
    uint32_t *rank = NULL;
    uint64_t *scratch = NULL;
    emp_status status = emp__new_array(&rank, customers, sizeof *rank, error);
    if (status == EMP_OK)
        status = emp__new_array(&scratch, partition->rows, sizeof *scratch, error);
    for (size_t i = 0; status == EMP_OK && i < customers; i++)
        rank[roll->order[i]] = (uint32_t)i;
    if (status == EMP_OK)
        status = emp__rows_order(partition, rank, &events, error);
    for (size_t c = 0; status == EMP_OK && c < customers; c++)
        if (!count_events(&events, c, out, scratch))
            status = emp__customer_overflow(
                &partition->table, emp__customer_entry(&partition->table, roll->order[c]), error);
    for (int span = 0; span < EMP_SPANS && status == EMP_OK; span++)
        if (out->repeats[span])
            status = add_repeats(&events, customers, (enum emp_calendar_span)span, out, error);
    emp__events_free(&events);
    free(scratch);
    free(rank);
    return status;
}

emp_status emp__customer_block_fill(const struct emp_partition *partition,
                                    const struct emp_customer_block *out, emp_error *error)
{
    struct roll roll = {0};
    emp_status status = call_roll(&partition->table, out->text, &roll, error);
    for (size_t i = 0; status == EMP_OK && i < partition->table.customers; i++)
        out->word[i] = roll.word[roll.order[i]];
    if (status == EMP_OK && partition->plan->keep == EMP_KEEP_SUMMARIES)
        list_summaries(&partition->table, &roll, out->figures.summary);
    if (status == EMP_OK && partition->plan->keep == EMP_KEEP_ROWS)
        status = summarise_rows(partition, &roll, out, error);
    free_roll(&roll);
    return status;
}
