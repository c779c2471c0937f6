// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/tracking.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/ltv/sample.h"
#include "base/memory.h"
#include "sink/table_fields.h"

/* More than a century of days is not tracked: nobody reads 5,000 weeks. */
enum { DAYS_MAX = 36525, WEEK = 7, SEASON_MONTHS = 6 };

struct row {
    uint64_t period;
    int32_t from, until; /* both days belong to it */
    const char *set;
    double actual, expected, actual_sum, expected_sum;
};

static const struct emp_table_field fields[] = {
    {"period", EMP_FIELD_COUNT, offsetof(struct row, period)},
    {"from", EMP_FIELD_DATE, offsetof(struct row, from)},
    {"until", EMP_FIELD_DATE, offsetof(struct row, until)},
    {"set", EMP_FIELD_TEXT, offsetof(struct row, set)},
    {"actual", EMP_FIELD_REAL, offsetof(struct row, actual)},
    {"expected", EMP_FIELD_REAL, offsetof(struct row, expected)},
    {"actual_cumulative", EMP_FIELD_REAL, offsetof(struct row, actual_sum)},
    {"expected_cumulative", EMP_FIELD_REAL, offsetof(struct row, expected_sum)},
    {.name = NULL},
};

struct tracking {
    const struct emp_ltv_work *work;
    bool months;         /* periods are those of the calendar */
    int32_t first, last; /* the days */
    uint64_t *births;    /* by day */
    struct row *rows;
    size_t count;
    double *expected; /* by days since the first purchase, where they tell; -1: not yet known */
};

static int32_t last_of_period(const struct tracking *t, int32_t from)
{
    int32_t until = from + WEEK - 1;
    if (t->months) {
        int32_t month = emp__span_of_day(EMP_SPAN_MONTH, from);
        for (until = from; emp__span_of_day(EMP_SPAN_MONTH, until + 1) == month;)
            until++;
    }
    return until < t->last ? until : t->last;
}

/* A period that has days of both is of the holdout. */
static void list_periods(struct tracking *t)
{
    const struct emp_ltv_work *work = t->work;
    for (int32_t from = t->first; from <= t->last; t->count++) {
        int32_t until = last_of_period(t, from);
        bool holdout = work->has_holdout && until > work->calibration.day;
        t->rows[t->count] = (struct row){.period = t->count + 1,
                                         .from = from,
                                         .until = until,
                                         .set = holdout ? "holdout" : "calibration"};
        from = until + 1;
    }
}

/* Expected by the end of a day of one who came on another. */
static double expected_by(struct tracking *t, int32_t birth, int32_t day)
{
    const struct emp_ltv_rule *rule = &t->work->rule;
    const struct emp_ltv_params *params = t->work->params;
    const struct emp_lifetime_customer new_one = {0.0, 0.0, 0.0};
    bool by_days = params->unit != EMP_SPAN_MONTH && params->model != EMP_LTV_BGBB;
    double *known = by_days ? &t->expected[day - birth] : NULL;
    if (known && *known >= 0.0)
        return *known;
    double time = emp__ltv_time_seen(params, birth, day);
    double expected = emp__lifetime_expected(rule->model, rule->parameter, &new_one, time);
    if (known)
        *known = expected;
    return expected;
}

static void fill_rows(struct tracking *t)
{
    double before = 0.0, actual_sum = 0.0;
    for (size_t r = 0; r < t->count; r++) {
        struct row *row = &t->rows[r];
        uint64_t repeats = 0;
        double sum = 0.0;
        for (int32_t day = row->from; day <= row->until; day++)
            repeats += t->work->calendar.repeats[day - t->first];
        for (int32_t birth = t->first; birth <= row->until; birth++)
            if (t->births[birth - t->first] > 0)
                sum += (double)t->births[birth - t->first] * expected_by(t, birth, row->until);
        row->actual = (double)repeats;
        row->expected = sum - before;
        row->actual_sum = actual_sum += row->actual;
        row->expected_sum = before = sum;
    }
}

/* Lists the periods and fills them; to be released in any case. */
static emp_status track(const struct emp_ltv_work *work, bool months, struct tracking *out,
                        emp_error *error)
{
    size_t days = work->calendar.days;
    *out = (struct tracking){.work = work,
                             .months = months,
                             .first = work->calendar.first_day,
                             .last = work->calendar.first_day + (int32_t)days - 1};
    emp_status status = emp__new_array(&out->births, days, sizeof *out->births, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->rows, days, sizeof *out->rows, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->expected, days, sizeof(double), error);
    for (size_t d = 0; d < days && status == EMP_OK; d++)
        out->expected[d] = -1.0;
    for (size_t i = 0; i < work->observation.count && status == EMP_OK; i++)
        out->births[work->observation.birth[i] - out->first]++;
    if (status == EMP_OK)
        list_periods(out);
    if (status == EMP_OK)
        fill_rows(out);
    return status;
}

static void release(struct tracking *t)
{
    free(t->births);
    free(t->rows);
    free(t->expected);
}

static bool can_be_tracked(const struct emp_ltv_work *work)
{
    size_t days = work->calendar.days;
    return work->rule.model && work->observation.birth && days > 0 && days <= DAYS_MAX;
}

/* A month of the calibration from its first to its last day, in which purchases are expected. */
static bool is_whole_month(const struct tracking *t, const struct row *row)
{
    int32_t month = emp__span_of_day(EMP_SPAN_MONTH, row->from);
    return row->expected > 0.0 && row->until <= t->work->calibration.day &&
           emp__span_of_day(EMP_SPAN_MONTH, row->from - 1) != month &&
           emp__span_of_day(EMP_SPAN_MONTH, row->until + 1) != month;
}

static struct emp_ltv_season season_of(const struct tracking *t)
{
    struct emp_ltv_season season = {.spread = NAN};
    double actual = 0.0, expected = 0.0, squares = 0.0;
    for (size_t r = 0; r < t->count; r++)
        if (is_whole_month(t, &t->rows[r])) {
            season.months++;
            actual += t->rows[r].actual;
            expected += t->rows[r].expected;
        }
    for (size_t r = 0; r < t->count; r++)
        if (is_whole_month(t, &t->rows[r])) {
            double off = t->rows[r].actual / t->rows[r].expected - actual / expected;
            squares += t->rows[r].expected * off * off;
        }
    if (season.months < SEASON_MONTHS || !(actual > 0.0))
        return season;
    season.spread = sqrt(squares / expected) / (actual / expected);
    season.by_chance = sqrt((double)(season.months - 1) / actual);
    return season;
}

emp_status emp__ltv_season(const struct emp_ltv_work *work, struct emp_ltv_season *out,
                           emp_error *error)
{
    struct tracking t = {.count = 0};
    *out = (struct emp_ltv_season){.spread = NAN};
    if (!can_be_tracked(work))
        return EMP_OK;
    emp_status status = track(work, true, &t, error);
    if (status == EMP_OK)
        *out = season_of(&t);
    release(&t);
    return status;
}

emp_status emp__ltv_tracking(const struct emp_ltv_work *work, struct emp_result *result,
                             emp_error *error)
{
    struct tracking t = {.count = 0};
    struct emp_table *table = NULL;
    emp_status status = EMP_OK;
    if (can_be_tracked(work))
        status = track(work, work->params->unit == EMP_SPAN_MONTH, &t, error);
    if (status == EMP_OK)
        status = emp__result_add_table(result, "ltv_tracking", t.count, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_fields(table, fields,
                                       (struct emp_table_items){t.rows, sizeof *t.rows}, error);
    release(&t);
    return status;
}
