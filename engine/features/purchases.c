// SPDX-License-Identifier: Apache-2.0
#include "features/purchases.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "text/civil_time.h"

bool emp__merge_needs_events(enum emp_merge merge)
{
    return merge != EMP_MERGE_ROW;
}

static int compare_orders(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* How many different orders have a purchase row; `scratch` has room for `count` orders. */
static uint32_t count_orders(const uint64_t *order, const int64_t *amount, size_t count,
                             uint64_t *scratch)
{
    size_t purchases = 0;
    for (size_t i = 0; i < count; i++) {
        bool repeated = purchases > 0 && scratch[purchases - 1] == order[i];
        if (amount[i] >= 0 && !repeated)
            scratch[purchases++] = order[i];
    }
    /* The lines of an order mostly stand together, so that few are left to sort. */
    if (purchases > 1)
        qsort(scratch, purchases, sizeof *scratch, compare_orders);
    uint32_t different = purchases > 0;
    for (size_t i = 1; i < purchases; i++)
        different += scratch[i] != scratch[i - 1];
    return different;
}

/* How many different days have a purchase row; rows are in order of time. */
static uint32_t count_days(const int64_t *time, const int64_t *amount, size_t count)
{
    uint32_t days = 0;
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        int64_t day = emp__day_of_seconds(time[i]);
        if (amount[i] >= 0 && day != last) {
            days++;
            last = day;
        }
    }
    return days;
}

struct counting {
    const struct emp_customers *customers;
    enum emp_merge merge;
    struct emp_summary *out;
};

static emp_status summarise(const struct emp_customers *customers, size_t p, size_t c,
                            struct emp_summary *out, emp_error *error)
{
    const struct emp_events *events = &customers->events[p];
    *out = emp__summary_empty();
    for (uint64_t i = events->first[c]; i < events->first[c + 1]; i++) {
        int32_t day = (int32_t)emp__day_of_seconds(events->time[i]);
        if (!emp__summary_add(out, day, events->amount[i]))
            return emp__summary_overflow(&customers->ids, customers->first[p] + c, error);
    }
    return EMP_OK;
}

static uint64_t longest(const struct emp_events *events, size_t customers)
{
    uint64_t most = 0;
    for (size_t c = 0; c < customers; c++) {
        uint64_t rows = events->first[c + 1] - events->first[c];
        if (rows > most)
            most = rows;
    }
    return most;
}

static emp_status count_partition(void *user, size_t p, emp_error *error)
{
    const struct counting *counting = user;
    const struct emp_events *events = &counting->customers->events[p];
    size_t first = counting->customers->first[p];
    size_t customers = counting->customers->first[p + 1] - first;
    uint64_t *scratch = NULL;
    emp_status status =
        emp__new_array(&scratch, longest(events, customers), sizeof *scratch, error);
    for (size_t c = 0; c < customers && status == EMP_OK; c++) {
        struct emp_summary *out = &counting->out[first + c];
        uint64_t begin = events->first[c];
        size_t rows = events->first[c + 1] - begin;
        status = summarise(counting->customers, p, c, out, error);
        if (counting->merge == EMP_MERGE_ORDER)
            out->purchases =
                count_orders(events->order + begin, events->amount + begin, rows, scratch);
        else if (counting->merge == EMP_MERGE_DAY)
            out->purchases = count_days(events->time + begin, events->amount + begin, rows);
    }
    free(scratch);
    return status;
}

emp_status emp__purchases(const struct emp_customers *customers, enum emp_merge merge, int threads,
                          struct emp_summary *out, emp_error *error)
{
    if (customers->summary) {
        memcpy(out, customers->summary, customers->ids.count * sizeof *out);
        return EMP_OK;
    }
    struct counting counting = {customers, merge, out};
    return emp__parallel(threads, customers->partitions, count_partition, &counting, error);
}
