// SPDX-License-Identifier: Apache-2.0
#include "history/visits.h"

int32_t emp__span_of_day(enum emp_span span, int32_t day)
{
    enum { WEEK = 7, MONDAY = 3, MONTHS = 12 }; /* 1970-01-01 was a Thursday */
    int year, month, of_month;
    int32_t monday;
    switch (span) {
    case EMP_SPAN_WEEK:
        monday = day + MONDAY;
        return monday / WEEK - (monday % WEEK < 0);
    case EMP_SPAN_MONTH:
        emp__civil_from_days(day, &year, &month, &of_month);
        return MONTHS * year + month - 1;
    default:
        return day;
    }
}

/* A purchase on a day that none was on before: begins a visit if it is in a span of its own. */
static void add_day(struct emp_visits *visits, enum emp_span span, int32_t *last_span, int32_t day)
{
    int32_t own = emp__span_of_day(span, day);
    if (visits->count > 0 && own == *last_span)
        return;
    int64_t interval = visits->count > 0 ? (int64_t)day - visits->last_day : 0;
    visits->interval_squares += interval * interval;
    visits->last_day = day;
    visits->count++;
    *last_span = own;
}

struct emp_visits emp__visits(const struct emp_event *events, size_t count, enum emp_span span,
                              uint32_t *by_day, int32_t first_day)
{
    struct emp_visits visits = {0};
    int32_t last_span = 0, last_day = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t amount = events[i].amount;
        int32_t day = emp__event_day(&events[i]);
        uint32_t before = visits.count;
        if (amount >= 0 && (before == 0 || day != last_day))
            add_day(&visits, span, &last_span, day);
        if (amount >= 0)
            last_day = day;
        if (by_day && before > 0 && visits.count > before)
            by_day[day - first_day]++;
        if (visits.count > 1) {
            visits.bought += amount >= 0 ? amount : 0;
            visits.returned += amount < 0 ? amount : 0;
        }
    }
    return visits;
}
