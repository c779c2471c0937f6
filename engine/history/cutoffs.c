// SPDX-License-Identifier: Apache-2.0
#include "history/cutoffs.h"

#include <stdio.h>

#include "base/error.h"
#include "text/civil_time.h"

enum { DATE_BYTES = 16 };

static const char *date(int32_t day, char out[DATE_BYTES])
{
    int year, month, of_month;
    emp__civil_from_days(day, &year, &month, &of_month);
    snprintf(out, DATE_BYTES, "%04d-%02d-%02d", year, month, of_month);
    return out;
}

static emp_status check_cutoff(const struct emp_cutoffs *cutoffs, int32_t cut, int32_t from,
                               emp_error *error)
{
    char one[DATE_BYTES], other[DATE_BYTES];
    if (cut <= EMP_FIRST_DAY || cut > EMP_LAST_DAY || from > EMP_LAST_DAY)
        return emp__fail(error, EMP_ERR_PARAMS,
                         "the past cannot be looked at from a day outside of the calendar, which "
                         "goes from 0001-01-02 to 9999-12-31");
    if (from < cut)
        return emp__fail(error, EMP_ERR_PARAMS,
                         "what is to be foretold begins on %s, before the cut-off %s",
                         date(from, one), date(cut, other));
    if (from > cutoffs->end)
        return emp__fail(error, EMP_ERR_PARAMS,
                         "what is to be foretold begins on %s, but from %s on nothing is known",
                         date(from, one), date(cutoffs->end, other));
    return EMP_OK;
}

emp_status emp__cutoffs_add(struct emp_cutoffs *cutoffs, int32_t cut, int32_t from,
                            emp_error *error)
{
    emp_status status = check_cutoff(cutoffs, cut, from, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < cutoffs->count; i++)
        if (cutoffs->items[i].cut == cut && cutoffs->items[i].from == from)
            return EMP_OK;
    if (cutoffs->count == EMP_CUTOFFS_MAX)
        return emp__fail(error, EMP_ERR_PARAMS, "more than %d days of the past are asked for",
                         EMP_CUTOFFS_MAX);
    cutoffs->items[cutoffs->count++] =
        (struct emp_cutoff){.cut = cut, .from = from, .day = cut - (cutoffs->end - cutoffs->day)};
    return EMP_OK;
}
