// SPDX-License-Identifier: Apache-2.0
/* Builds the customers of a history from rows given in a test. Include cmocka first. */
#ifndef EMP_TESTS_TEST_HISTORY_H
#define EMP_TESTS_TEST_HISTORY_H

#include <xxhash.h>

#include "base/parallel.h"
#include "history/history.h"
#include "history/id_order.h"
#include "test_folder.h"
#include "text/civil_time.h"

struct test_event {
    const char *id;
    int64_t day, second; /* of the day */
    int64_t amount;
    uint64_t order; /* its token is one more */
    uint64_t product, channel;
};

/* A history, and what it took to build it. To be freed in any case; the folder must be empty. */
struct test_history {
    struct emp_customers customers;
    struct test_folder folder;
    struct emp_store *store;
    size_t partitions_out; /* how many were out of memory when the last row had come */
    uint64_t spilled, file_bytes;
};

static inline struct emp_row test_row(const struct test_event *event)
{
    size_t length = strlen(event->id);
    struct emp_row row = {.time = event->day * EMP_DAY_SECONDS + event->second,
                          .amount = event->amount,
                          .token = {event->order + 1, event->product, event->channel}};
    if (emp__id_number(event->id, length, &row.customer))
        return row;
    row.customer = XXH3_64bits(event->id, length) | EMP_ID_TEXT;
    row.customer_text = event->id;
    row.customer_length = (uint32_t)length;
    return row;
}

struct test_feed {
    const struct test_event *events;
    size_t count, threads;
    struct emp_row_sink sink;
    bool with_tokens; /* the sink keeps them */
};

enum { TEST_FEED_CHUNK = 5 };

/* Gives rows to a sink, without their tokens by columns if they can be and `columns` asks for it.
 */
static inline emp_status test_give(const struct emp_row_sink *sink, int thread, bool columns,
                                   const struct emp_row *rows, size_t count, emp_error *error)
{
    uint64_t customer[TEST_FEED_CHUNK];
    int64_t time[TEST_FEED_CHUNK], amount[TEST_FEED_CHUNK];
    for (size_t i = 0; i < count; i++) {
        columns = columns && !rows[i].customer_text;
        customer[i] = rows[i].customer;
        time[i] = rows[i].time;
        amount[i] = rows[i].amount;
    }
    if (!columns)
        return sink->take(sink->user, thread, rows, count, error);
    const struct emp_row_columns all = {count, customer, time, amount};
    return sink->take_columns(sink->user, thread, &all, error);
}

/* The rows of one thread: each `threads`-th, a few at a time. */
static inline emp_status test_feed_rows(void *user, size_t thread, emp_error *error)
{
    enum { CHUNK = TEST_FEED_CHUNK };
    const struct test_feed *feed = user;
    struct emp_row rows[CHUNK];
    emp_status status = EMP_OK;
    for (size_t i = thread, n = 0; i < feed->count && status == EMP_OK; i += feed->threads) {
        rows[n++] = test_row(&feed->events[i]);
        if (n < CHUNK && i + feed->threads < feed->count)
            continue;
        status =
            test_give(&feed->sink, (int)thread, !feed->with_tokens && i % 2 == 0, rows, n, error);
        n = 0;
    }
    return status;
}

static inline emp_status test_fill(struct test_feed *feed, const struct emp_cutoffs *cutoffs,
                                   struct emp_scatter *scatter, struct test_history *out,
                                   emp_error *error)
{
    const struct emp_scatter_plan *plan = emp__scatter_plan(scatter);
    feed->threads = (size_t)plan->threads;
    feed->sink = emp__scatter_sink(scatter);
    feed->with_tokens = emp__needs_tokens(plan->needs) != 0;
    emp_status status = emp__parallel(plan->threads, feed->threads, test_feed_rows, feed, error);
    if (status == EMP_OK)
        status = emp__scatter_drain(scatter, error);
    for (size_t p = 0; p < plan->partitions; p++)
        out->partitions_out += emp__scatter_partitions(scatter)[p].is_out;
    int32_t end = emp__scatter_last_day(scatter) + 1;
    const struct emp_cutoffs present = {.day = end, .end = end};
    if (status == EMP_OK)
        status = emp__customers_finish(scatter, cutoffs ? cutoffs : &present, out->store,
                                       &out->customers, error);
    return status;
}

/* The rows come from all threads of the plan at once. The plan's memory is also the store's.
   Without cut-offs the day is the one after the last row. */
static inline emp_status test_build_at(const struct test_event *events, size_t count,
                                       const struct emp_scatter_plan *plan,
                                       const struct emp_cutoffs *cutoffs, struct test_history *out,
                                       emp_error *error)
{
    struct test_feed feed = {.events = events, .count = count};
    struct emp_scatter *scatter = NULL;
    struct emp_scatter_plan full = *plan;
    *out = (struct test_history){.folder = test_folder_new()};
    emp_status status = emp__spill_new(out->folder.path, &full.spill, error);
    if (status == EMP_OK)
        status = emp__store_new(out->folder.path, plan->memory, &out->store, error);
    if (status == EMP_OK)
        status = emp__scatter_new(&full, &scatter, error);
    if (status == EMP_OK)
        status = test_fill(&feed, cutoffs, scatter, out, error);
    if (full.spill)
        out->spilled = emp__spill_bytes(full.spill);
    if (out->store)
        out->file_bytes = emp__store_file_bytes(out->store);
    emp__scatter_free(scatter);
    emp__spill_free(full.spill);
    return status;
}

static inline emp_status test_build(const struct test_event *events, size_t count,
                                    const struct emp_scatter_plan *plan, struct test_history *out,
                                    emp_error *error)
{
    return test_build_at(events, count, plan, NULL, out, error);
}

/* The customers in order of id, to be freed. */
static inline uint32_t *test_by_id(const struct emp_customers *customers)
{
    uint32_t *by_id = malloc((customers->ids.count + 1) * sizeof *by_id);
    struct emp_id_runs runs = {customers->first, customers->partitions, customers->store};
    assert_non_null(by_id);
    assert_int_equal(emp__id_order_runs(&customers->ids, runs, 2, by_id, NULL), EMP_OK);
    return by_id;
}

static inline void test_history_free(struct test_history *history)
{
    assert_int_equal(rmdir(history->folder.path), 0);
    emp__customers_free(&history->customers);
    emp__store_free(history->store);
}

#endif
