// SPDX-License-Identifier: Apache-2.0
#include "history/purchase_counts.h"

#include <stdbool.h>
#include <stdlib.h>

uint32_t emp__count_days(const struct emp_event *events, size_t count)
{
    uint32_t days = 0;
    int64_t last = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        int64_t day = emp__event_day(&events[i]);
        if (events[i].amount >= 0 && day != last) {
            days++;
            last = day;
        }
    }
    return days;
}

static int compare_tokens(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint32_t emp__count_tokens(const struct emp_event *events, size_t count, enum emp_token token,
                           uint64_t *scratch)
{
    size_t found = 0;
    uint64_t last = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t own = events[i].token[token];
        if (events[i].amount < 0 || own == 0 || own == last)
            continue;
        scratch[found++] = last = own;
    }
    /* Equal ones often stand together, as the lines of an order do, so that few are left to sort.
     */
    if (found > 1)
        qsort(scratch, found, sizeof *scratch, compare_tokens);
    uint32_t different = found > 0;
    for (size_t i = 1; i < found; i++)
        different += scratch[i] != scratch[i - 1];
    return different;
}
