// SPDX-License-Identifier: Apache-2.0
#include "history/purchase_counts.h"

#include <stdbool.h>
#include <stdlib.h>

#include "text/civil_time.h"

uint32_t emp__count_days(const struct emp_event *events, size_t count)
{
    uint32_t days = 0;
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        int64_t day = emp__day_of_seconds(events[i].time);
        if (events[i].amount >= 0 && day != last) {
            days++;
            last = day;
        }
    }
    return days;
}

static int compare_orders(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint32_t emp__count_orders(const struct emp_event *events, size_t count, uint64_t *scratch)
{
    size_t purchases = 0;
    for (size_t i = 0; i < count; i++) {
        bool repeated = purchases > 0 && scratch[purchases - 1] == events[i].order;
        if (events[i].amount >= 0 && !repeated)
            scratch[purchases++] = events[i].order;
    }
    /* The lines of an order mostly stand together, so that few are left to sort. */
    if (purchases > 1)
        qsort(scratch, purchases, sizeof *scratch, compare_orders);
    uint32_t different = purchases > 0;
    for (size_t i = 1; i < purchases; i++)
        different += scratch[i] != scratch[i - 1];
    return different;
}
