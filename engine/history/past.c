// SPDX-License-Identifier: Apache-2.0
#include "history/past.h"

struct emp_past emp__past_empty(struct emp_cutoff cutoff)
{
    return (struct emp_past){
        .cutoff = cutoff,
        .totals = {.first_day = EMP_NO_DAY, .last_day = EMP_NO_DAY, .first_after = EMP_NO_DAY},
    };
}

/* Brings *first forward to `day`; EMP_NO_DAY is none. */
static void bring_forward(int32_t *first, int32_t day)
{
    if (*first == EMP_NO_DAY || (day != EMP_NO_DAY && day < *first))
        *first = day;
}

/* The day of the first purchase among events in order of time. */
static int32_t first_purchase(const struct emp_event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].amount >= 0)
            return emp__event_day(&events[i]);
    return EMP_NO_DAY;
}

/* The events of a customer before the cut, whose summary is this. */
static void add_known(struct emp_past_totals *totals, const struct emp_summary *summary,
                      const struct emp_event *events, size_t count)
{
    totals->known++;
    totals->rows += count;
    totals->money += (emp_int128)summary->bought + summary->returned;
    emp__widen_days(&totals->first_day, &totals->last_day, emp__event_day(&events[0]));
    emp__widen_days(&totals->first_day, &totals->last_day, emp__event_day(&events[count - 1]));
}

bool emp__past_add(struct emp_past *past, size_t c, const struct emp_event *events, size_t count,
                   uint64_t *scratch)
{
    const struct emp_cutoff *cutoff = &past->cutoff;
    struct emp_past_totals *totals = &past->totals;
    size_t before = emp__events_before(events, count, cutoff->cut);
    size_t from = emp__events_before(events, count, cutoff->from);
    if (!emp__figures_count(&past->figures, c, events, before, cutoff->day, scratch))
        return false;
    past->figures.next_day[c] = first_purchase(events + from, count - from);
    if (before > 0)
        add_known(totals, &past->figures.summary[c], events, before);
    totals->later += before == 0 && count > 0;
    if (from < count)
        bring_forward(&totals->first_after, emp__event_day(&events[from]));
    return true;
}

void emp__past_totals_add(struct emp_past_totals *totals, const struct emp_past_totals *others)
{
    totals->rows += others->rows;
    totals->money += others->money;
    emp__widen_days(&totals->first_day, &totals->last_day, others->first_day);
    emp__widen_days(&totals->first_day, &totals->last_day, others->last_day);
    bring_forward(&totals->first_after, others->first_after);
    totals->known += others->known;
    totals->later += others->later;
}
