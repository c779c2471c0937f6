// SPDX-License-Identifier: Apache-2.0
#include "history/visits.h"

#include <stdbool.h>

int32_t emp__span_of_day(enum emp_calendar_span span, int32_t day)
{
    enum { WEEK = 7, MONDAY = 3, MONTHS = 12 }; /* 1970-01-01 was a Thursday */
    int32_t from_monday = day + MONDAY;
    int year, month, of_month;
    switch (span) {
    case EMP_SPAN_WEEK:
        return from_monday / WEEK - (from_monday % WEEK < 0);
    case EMP_SPAN_MONTH:
        emp__civil_from_days(day, &year, &month, &of_month);
        return MONTHS * year + month - 1;
    default:
        return day;
    }
}

/* A walk through the events of a customer. */
struct walk {
    enum emp_calendar_span span;
    bool begun; /* a purchase was met: */
    int32_t last_day, last_span;
};

/* Does a visit begin with this event? It is the next one of the walk, on this day. */
static bool begins(struct walk *walk, const struct emp_event *event, int32_t day)
{
    if (event->amount < 0 || (walk->begun && day == walk->last_day))
        return false;
    int32_t span = emp__span_of_day(walk->span, day);
    bool is_new = !walk->begun || span != walk->last_span;
    walk->begun = true;
    walk->last_day = day;
    walk->last_span = span;
    return is_new;
}

struct emp_visits emp__visits(const struct emp_event *events, size_t count,
                              enum emp_calendar_span span)
{
    struct emp_visits visits = {0};
    struct walk walk = {.span = span};
    size_t first = 0; /* event of the day of the event */
    for (size_t i = 0; i < count; i++) {
        int32_t day = emp__event_day(&events[i]);
        first = i > 0 && day == emp__event_day(&events[i - 1]) ? first : i;
        if (begins(&walk, &events[i], day)) {
            int64_t interval = visits.count > 0 ? (int64_t)day - visits.last_day : 0;
            visits.interval_squares += interval * interval;
            visits.last_day = day;
            /* What was given back on that day stands before it where times are equal. */
            for (size_t k = first; k < i && visits.count == 1; k++)
                visits.returned += events[k].amount;
            visits.count++;
        }
        if (visits.count > 1 && events[i].amount >= 0)
            visits.bought += events[i].amount;
        if (visits.count > 1 && events[i].amount < 0)
            visits.returned += events[i].amount;
    }
    return visits;
}

void emp__visits_by_day(const struct emp_event *events, size_t count, enum emp_calendar_span span,
                        int32_t first_day, uint32_t *by_day)
{
    struct walk walk = {.span = span};
    bool first = true;
    for (size_t i = 0; i < count; i++) {
        int32_t day = emp__event_day(&events[i]);
        if (!begins(&walk, &events[i], day))
            continue;
        by_day[day - first_day] += !first;
        first = false;
    }
}
