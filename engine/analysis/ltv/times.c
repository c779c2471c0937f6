// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/work.h"
#include "text/civil_time.h"

enum { WEEK = 7, MONTHS = 12 };

/* The day `months` months after a day; the last one of the month where there is no such day. */
static int32_t months_later(int32_t day, int32_t months)
{
    int year, month, of_month;
    emp__civil_from_days(day, &year, &month, &of_month);
    int32_t count = MONTHS * year + month - 1 + months;
    int most = emp__days_in_month(count / MONTHS, count % MONTHS + 1);
    return (int32_t)emp__days_from_civil(count / MONTHS, count % MONTHS + 1,
                                         of_month < most ? of_month : most);
}

/* The whole months, and of the one that has begun the share of its days. */
static double months_between(int32_t from, int32_t to)
{
    int32_t whole = emp__span_of_day(EMP_SPAN_MONTH, to) - emp__span_of_day(EMP_SPAN_MONTH, from);
    if (months_later(from, whole) > to)
        whole--;
    int32_t begun = months_later(from, whole), over = months_later(from, whole + 1);
    return whole + (double)(to - begun) / (double)(over - begun);
}

double emp__ltv_time(int unit, int32_t from, int32_t to)
{
    if (unit == EMP_SPAN_MONTH)
        return months_between(from, to);
    double days = (double)((int64_t)to - from);
    return unit == EMP_SPAN_WEEK ? days / WEEK : days;
}

double emp__ltv_time_seen(const struct emp_ltv_params *params, int32_t from, int32_t to)
{
    enum emp_calendar_span span = (enum emp_calendar_span)params->unit;
    if (params->model == EMP_LTV_BGBB)
        return emp__span_of_day(span, to) - emp__span_of_day(span, from);
    return emp__ltv_time(params->unit, from, to);
}

double emp__ltv_units_a_year(int unit)
{
    const double year = 365.25;
    return unit == EMP_SPAN_MONTH ? MONTHS : unit == EMP_SPAN_WEEK ? year / WEEK : year;
}
