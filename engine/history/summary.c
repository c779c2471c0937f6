// SPDX-License-Identifier: Apache-2.0
#include "history/summary.h"

struct emp_summary emp__summary_empty(void)
{
    return (struct emp_summary){.first_day = EMP_NO_DAY, .last_day = EMP_NO_DAY};
}

void emp__widen_days(int32_t *first, int32_t *last, int32_t day)
{
    if (day == EMP_NO_DAY)
        return;
    if (*first == EMP_NO_DAY || day < *first)
        *first = day;
    if (day > *last)
        *last = day;
}

bool emp__summary_add(struct emp_summary *summary, int32_t day, int64_t amount)
{
    if (amount < 0) {
        summary->return_rows++;
        return !__builtin_add_overflow(summary->returned, amount, &summary->returned) &&
               summary->return_rows != 0;
    }
    emp__widen_days(&summary->first_day, &summary->last_day, day);
    summary->purchases++;
    return !__builtin_add_overflow(summary->bought, amount, &summary->bought) &&
           summary->purchases != 0;
}
