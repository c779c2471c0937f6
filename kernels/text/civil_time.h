// SPDX-License-Identifier: Apache-2.0
/*
 * Days of the calendar as numbers: the proleptic Gregorian calendar, years 0001..9999, day 0 being
 * 1970-01-01. The method is Howard Hinnant's ("chrono-compatible low-level date algorithms", 2013):
 * a year that starts in March has its leap day at the end, so the day of the year is a straight
 * line through the months.
 */
#ifndef EMP_TEXT_CIVIL_TIME_H
#define EMP_TEXT_CIVIL_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define EMP_DAY_SECONDS INT64_C(86400)
#define EMP_FIRST_DAY   INT64_C(-719162) /* 0001-01-01 */
#define EMP_LAST_DAY    INT64_C(2932896) /* 9999-12-31 */
#define EMP_MARCH_0000  INT64_C(719468)  /* days from 0000-03-01, where the count of years begins */

static inline bool emp__is_leap_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* 1 <= month <= 12 */
static inline int emp__days_in_month(int year, int month)
{
    if (month == 2)
        return 28 + emp__is_leap_year(year);
    return 30 + ((month ^ month >> 3) & 1);
}

/* 1 <= year <= 9999, 1 <= month <= 12; inline because every row of a file has a date */
static inline int64_t emp__days_from_civil(int year, int month, int day)
{
    bool early = month <= 2;
    uint32_t y = (uint32_t)(year - early);
    uint32_t m = (uint32_t)(early ? month + 9 : month - 3);
    uint32_t day_of_year = (153 * m + 2) / 5 + (uint32_t)day - 1;
    uint32_t century = y / 100;
    uint32_t days = 365 * y + y / 4 - century + century / 4 + day_of_year;
    return (int64_t)days - EMP_MARCH_0000;
}

/* EMP_FIRST_DAY <= days <= EMP_LAST_DAY */
void emp__civil_from_days(int64_t days, int *year, int *month, int *day);

/* The day in which a second lies: floor(seconds / 86400), before 1970 as well. */
static inline int64_t emp__day_of_seconds(int64_t seconds)
{
    int64_t day = seconds / EMP_DAY_SECONDS;
    return day - (seconds % EMP_DAY_SECONDS < 0);
}

/* The same for the years 0001..9999, where the seconds / 128 from the first day on fit 32 bits. */
static inline int32_t emp__day_of_time(int64_t seconds)
{
    uint32_t units = (uint32_t)((uint64_t)(seconds - EMP_FIRST_DAY * EMP_DAY_SECONDS) >> 7);
    return (int32_t)(units / (uint32_t)(EMP_DAY_SECONDS >> 7)) + (int32_t)EMP_FIRST_DAY;
}

#endif
