// SPDX-License-Identifier: Apache-2.0
#include "history/figures.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* One for each array of the struct: what is done with all of them is done by this table. */
static const struct {
    size_t offset, size; /* of the array in the struct, and of an item in the array */
} kinds_of[EMP_FIGURES] = {
    {offsetof(struct emp_figures, summary), sizeof(struct emp_summary)},
    {offsetof(struct emp_figures, days), sizeof(uint32_t)},
    {offsetof(struct emp_figures, orders), sizeof(uint32_t)},
    {offsetof(struct emp_figures, activity), sizeof(struct emp_activity)},
    {offsetof(struct emp_figures, next_day), sizeof(int32_t)},
    {offsetof(struct emp_figures, visits[EMP_SPAN_DAY]), sizeof(struct emp_visits)},
    {offsetof(struct emp_figures, visits[EMP_SPAN_WEEK]), sizeof(struct emp_visits)},
    {offsetof(struct emp_figures, visits[EMP_SPAN_MONTH]), sizeof(struct emp_visits)},
};
enum { SUMMARY, DAYS, ORDERS, ACTIVITY, NEXT_DAY, VISITS };

unsigned emp__figures_visits(struct emp_needs needs)
{
    return needs.visits << VISITS;
}

unsigned emp__figures_present(struct emp_needs needs)
{
    return 1u << SUMMARY | (unsigned)needs.days << DAYS | (unsigned)needs.orders << ORDERS |
           (unsigned)emp__needs_activity(needs) << ACTIVITY | emp__figures_visits(needs);
}

unsigned emp__figures_past(struct emp_needs needs)
{
    return emp__figures_present(needs) | 1u << NEXT_DAY;
}

size_t emp__figures_bytes(unsigned kinds)
{
    size_t bytes = 0;
    for (int k = 0; k < EMP_FIGURES; k++)
        bytes += kinds >> k & 1 ? kinds_of[k].size : 0;
    return bytes;
}

/* Where the struct has the array, and the array. */
static void *place_of(struct emp_figures *figures, int kind)
{
    return (char *)figures + kinds_of[kind].offset;
}

static char *array_of(const struct emp_figures *figures, int kind)
{
    char *array;
    memcpy(&array, (const char *)figures + kinds_of[kind].offset, sizeof array);
    return array;
}

emp_status emp__figures_new(unsigned kinds, size_t customers, struct emp_figures *out,
                            emp_error *error)
{
    emp_status status = EMP_OK;
    for (int k = 0; k < EMP_FIGURES && status == EMP_OK; k++)
        if (kinds >> k & 1)
            status = emp__new_array(place_of(out, k), customers, kinds_of[k].size, error);
    return status;
}

void emp__figures_free(struct emp_figures *figures)
{
    for (int k = 0; k < EMP_FIGURES; k++)
        free(array_of(figures, k));
    *figures = (struct emp_figures){0};
}

emp_status emp__figures_take(struct emp_store *store, unsigned kinds, size_t customers,
                             struct emp_figures *out, emp_error *error)
{
    emp_status status = EMP_OK;
    for (int k = 0; k < EMP_FIGURES && status == EMP_OK; k++)
        if (kinds >> k & 1)
            status = emp__store_take(store, customers, kinds_of[k].size, place_of(out, k), error);
    return status;
}

void emp__figures_give(struct emp_store *store, struct emp_figures *figures)
{
    for (int k = 0; k < EMP_FIGURES; k++)
        emp__store_give(store, array_of(figures, k));
    *figures = (struct emp_figures){0};
}

struct emp_figures emp__figures_from(const struct emp_figures *figures, size_t first)
{
    struct emp_figures from = {0};
    for (int k = 0; k < EMP_FIGURES; k++) {
        char *array = array_of(figures, k);
        array = array ? array + first * kinds_of[k].size : NULL;
        memcpy(place_of(&from, k), &array, sizeof array);
    }
    return from;
}

emp_status emp__figures_write(const struct emp_figures *figures, size_t customers,
                              struct emp_spill *spill, struct emp_figure_places *out,
                              emp_error *error)
{
    emp_status status = EMP_OK;
    for (int k = 0; k < EMP_FIGURES && status == EMP_OK; k++)
        if (array_of(figures, k))
            status = emp__spill_write(spill, array_of(figures, k), customers * kinds_of[k].size,
                                      &out->place[k], error);
    return status;
}

emp_status emp__figures_read(const struct emp_figures *figures, size_t customers,
                             struct emp_spill *spill, const struct emp_figure_places *places,
                             emp_error *error)
{
    emp_status status = EMP_OK;
    for (int k = 0; k < EMP_FIGURES && status == EMP_OK; k++)
        if (array_of(figures, k))
            status = emp__spill_read(spill, places->place[k], array_of(figures, k),
                                     customers * kinds_of[k].size, error);
    return status;
}

bool emp__figures_count(const struct emp_figures *figures, size_t c, const struct emp_event *events,
                        size_t count, int32_t day, uint64_t *scratch)
{
    struct emp_summary *summary = &figures->summary[c];
    *summary = emp__summary_empty();
    for (size_t i = 0; i < count; i++)
        if (!emp__summary_add(summary, emp__event_day(&events[i]), events[i].amount))
            return false;
    if (figures->days)
        figures->days[c] = emp__count_days(events, count);
    if (figures->orders)
        figures->orders[c] = emp__count_tokens(events, count, EMP_TOKEN_ORDER, scratch);
    if (figures->activity)
        figures->activity[c] = emp__activity(events, count, day, scratch);
    for (int span = 0; span < EMP_SPANS; span++)
        if (figures->visits[span])
            figures->visits[span][c] = emp__visits(events, count, (enum emp_calendar_span)span);
    return true;
}
