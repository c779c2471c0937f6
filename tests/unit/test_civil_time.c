// SPDX-License-Identifier: Apache-2.0
/* The calendar, day by day from 0001-01-01 to 9999-12-31, against one that only counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "text/civil_time.h"

struct date {
    int year, month, day;
};

/* The length of a month, from the rule as it is taught. */
static int month_length(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    return lengths[month - 1] + (month == 2 && leap);
}

static void step(struct date *date)
{
    if (++date->day <= month_length(date->year, date->month))
        return;
    date->day = 1;
    if (++date->month <= 12)
        return;
    date->month = 1;
    date->year++;
}

static void every_day_has_its_number(void **state)
{
    (void)state;
    struct date date = {1, 1, 1};
    int64_t days = EMP_FIRST_DAY;
    for (; date.year <= 9999; step(&date), days++) {
        struct date back;
        emp__civil_from_days(days, &back.year, &back.month, &back.day);
        if (emp__days_from_civil(date.year, date.month, date.day) != days ||
            back.year != date.year || back.month != date.month || back.day != date.day)
            fail_msg("%04d-%02d-%02d", date.year, date.month, date.day);
        int64_t begin = days * EMP_DAY_SECONDS, end = begin + EMP_DAY_SECONDS;
        if (emp__day_of_time(begin) != days || emp__day_of_time(end - 1) != days)
            fail_msg("the seconds of %04d-%02d-%02d", date.year, date.month, date.day);
        if (date.day == 1)
            assert_int_equal(emp__days_in_month(date.year, date.month),
                             month_length(date.year, date.month));
    }
    assert_true(days == EMP_LAST_DAY + 1);
}

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(emp__days_from_civil(1970, 1, 1), 0);
    assert_int_equal(emp__days_from_civil(1969, 12, 31), -1);
    assert_int_equal(emp__days_from_civil(2000, 2, 29), 11016);
    assert_int_equal(emp__days_from_civil(2038, 1, 19), 24855);
}

static void seconds_belong_to_the_day_they_lie_in(void **state)
{
    (void)state;
    assert_int_equal(emp__day_of_seconds(0), 0);
    assert_int_equal(emp__day_of_seconds(86399), 0);
    assert_int_equal(emp__day_of_seconds(86400), 1);
    assert_int_equal(emp__day_of_seconds(-1), -1);
    assert_int_equal(emp__day_of_seconds(-86400), -1);
    assert_int_equal(emp__day_of_seconds(-86401), -2);
    assert_true(emp__day_of_seconds(INT64_MIN) == -106751991167301);
    assert_true(emp__day_of_seconds(INT64_MAX) == 106751991167300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_has_its_number),
        cmocka_unit_test(known_days),
        cmocka_unit_test(seconds_belong_to_the_day_they_lie_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
