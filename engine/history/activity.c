// SPDX-License-Identifier: Apache-2.0
#include "history/activity.h"

/* A purchase row on a day that none was on before. */
static void add_day(struct emp_activity *activity, int32_t last, int32_t day)
{
    if (activity->days++ == 0)
        return;
    int64_t interval = (int64_t)day - last;
    activity->interval_squares += interval * interval;
    if (interval > activity->longest_interval)
        activity->longest_interval = (int32_t)interval;
}

struct emp_activity emp__activity(const struct emp_event *events, size_t count, int32_t day,
                                  uint64_t *scratch)
{
    struct emp_activity activity = {0};
    int32_t first = 0, last = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t own = emp__event_day(&events[i]);
        if (events[i].amount < 0)
            continue;
        if (activity.days == 0)
            first = own;
        if (activity.days == 0 || own != last)
            add_day(&activity, last, own);
        last = own;
        /* Twice the time from the first day on, and twice the middle. */
        int64_t twice = 2 * ((int64_t)own - first) + 1, middle = (int64_t)day - first;
        activity.earlier += twice < middle ? events[i].amount : 0;
        activity.later += twice > middle ? events[i].amount : 0;
    }
    activity.products = emp__count_tokens(events, count, EMP_TOKEN_PRODUCT, scratch);
    activity.channels = emp__count_tokens(events, count, EMP_TOKEN_CHANNEL, scratch);
    return activity;
}

size_t emp__events_before(const struct emp_event *events, size_t count, int32_t cut)
{
    size_t from = 0, to = count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (emp__event_day(&events[middle]) < cut)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}
