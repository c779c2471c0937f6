// SPDX-License-Identifier: Apache-2.0
/* Year, month and day of a day number; see the header for the method. */
#include "text/civil_time.h"

#include <assert.h>

void emp__civil_from_days(int64_t days, int *year, int *month, int *day)
{
    assert(days >= EMP_FIRST_DAY && days <= EMP_LAST_DAY);
    uint32_t since_march_0000 = (uint32_t)(days + EMP_MARCH_0000);
    uint32_t era = since_march_0000 / 146097;
    uint32_t day_of_era = since_march_0000 % 146097;
    uint32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t march_month = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    *month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    *year = (int)(era * 400 + year_of_era) + (*month <= 2);
}
