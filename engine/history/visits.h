// SPDX-License-Identifier: Apache-2.0
/*
 * The visits of a customer: all purchases of one span of the calendar (a day, a week from Monday
 * on, a month) are one visit, on the day of the first of them. What was spent on a visit is what
 * was bought in its span. Returns belong to the visit of their day, or else to the one before them.
 *
 * Let v_1 < ... < v_n be the days of the visits.
 *
 *   interval_squares = sum over i > 1 of (v_i - v_{i-1})^2
 *   bought, returned = the purchase and the return rows from v_2 on: of the repeat visits
 *
 * Integers only. Cost: one pass over the events, and for spans beyond a day a conversion of each
 * day with a purchase.
 */
#ifndef EMP_HISTORY_VISITS_H
#define EMP_HISTORY_VISITS_H

#include "history/purchase_counts.h"

enum emp_calendar_span { EMP_SPAN_DAY, EMP_SPAN_WEEK, EMP_SPAN_MONTH };
enum { EMP_SPANS = 3 };

struct emp_visits {
    uint32_t count;
    int32_t last_day;         /* v_n; 0 without a visit */
    int64_t bought, returned; /* minor units; >= 0 and <= 0 */
    int64_t interval_squares; /* days^2 */
};

/* The number of the span in which a day lies; that of the next span is greater by one. */
int32_t emp__span_of_day(enum emp_calendar_span span, int32_t day);

/* The visits among events that are in order of time and do not overflow a sum. */
struct emp_visits emp__visits(const struct emp_event *events, size_t count,
                              enum emp_calendar_span span);

/* by_day[d - first_day] goes up by one for each repeat visit, on day d. */
void emp__visits_by_day(const struct emp_event *events, size_t count, enum emp_calendar_span span,
                        int32_t first_day, uint32_t *by_day);

#endif
