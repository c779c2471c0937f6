// SPDX-License-Identifier: Apache-2.0
/* Builds the customers of a history from rows given in a test. Include cmocka first. */
#ifndef EMP_TESTS_TEST_HISTORY_H
#define EMP_TESTS_TEST_HISTORY_H

#include <xxhash.h>

#include "history/history.h"
#include "test_folder.h"
#include "text/civil_time.h"

struct test_event {
    const char *id;
    int64_t day, second; /* of the day */
    int64_t amount;
    uint64_t order;
};

static inline struct emp_row test_row(const struct test_event *event)
{
    size_t length = strlen(event->id);
    struct emp_row row = {.time = event->day * EMP_DAY_SECONDS + event->second,
                          .amount = event->amount,
                          .order = event->order};
    if (emp__id_number(event->id, length, &row.customer))
        return row;
    row.customer = XXH3_64bits(event->id, length) | EMP_ID_TEXT;
    row.customer_text = event->id;
    row.customer_length = (uint32_t)length;
    return row;
}

/* The rows are handed to all threads of the plan in turn. *out is to be freed in any case. */
static inline emp_status test_build(const struct test_event *events, size_t count,
                                    const struct emp_scatter_plan *plan, struct emp_customers *out,
                                    emp_error *error)
{
    struct emp_scatter *scatter = NULL;
    *out = (struct emp_customers){.partitions = 0};
    emp_status status = emp__scatter_new(plan, &scatter, error);
    if (status != EMP_OK)
        return status;
    struct emp_row_sink sink = emp__scatter_sink(scatter);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        struct emp_row row = test_row(&events[i]);
        status = sink.take(sink.user, (int)(i % (size_t)plan->threads), &row, 1, error);
    }
    if (status == EMP_OK)
        status = emp__scatter_drain(scatter, error);
    if (status == EMP_OK)
        status = emp__customers_finish(scatter, plan->partitions, plan->threads, out, error);
    emp__scatter_free(scatter);
    return status;
}

#endif
