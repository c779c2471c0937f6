// SPDX-License-Identifier: Apache-2.0
#include "history/summary.h"

#include "base/error.h"

struct emp_summary emp__summary_empty(void)
{
    return (struct emp_summary){.first_day = EMP_NO_DAY, .last_day = EMP_NO_DAY};
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

emp_status emp__summary_overflow(const struct emp_ids *ids, size_t i, emp_error *error)
{
    char scratch[24];
    size_t length;
    const char *id = emp__id_bytes(ids, i, scratch, &length);
    return emp__fail(error, EMP_ERR_DATA,
                     "the amounts of customer '%.*s' add up to more than 2^63 minor units, or "
                     "there are more than 2^32 of them",
                     (int)length, id);
}
