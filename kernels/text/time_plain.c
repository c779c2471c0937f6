// SPDX-License-Identifier: Apache-2.0
/* The reference reader of dates and times: byte by byte, one step of the format after the other. */
#include "text/time_parse.h"

#include <string.h>

#include "text/civil_time.h"

/* The digits and the range of each number; the fields without a number are all zero. */
static const struct {
    int digits, low, high;
} numbers[EMP_TIME_FIELDS] = {
    [EMP_TIME_YEAR] = {4, 1, 9999},     [EMP_TIME_MONTH] = {2, 1, 12},
    [EMP_TIME_DAY] = {2, 1, 31},        [EMP_TIME_HOUR] = {2, 0, 23},
    [EMP_TIME_MINUTE] = {2, 0, 59},     [EMP_TIME_SECOND] = {2, 0, 60},
    [EMP_TIME_SHORT_YEAR] = {2, 0, 99}, [EMP_TIME_YEARDAY] = {3, 1, 366},
    [EMP_TIME_HOUR12] = {2, 1, 12},
};

struct cursor {
    const char *at, *end;
};

int emp__time_digits(enum emp_time_field field)
{
    return numbers[field].digits;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool at_digit(const struct cursor *text)
{
    return text->at < text->end && is_digit(*text->at);
}

static void skip_blanks(struct cursor *text)
{
    while (text->at < text->end && (*text->at == ' ' || (*text->at >= '\t' && *text->at <= '\r')))
        text->at++;
}

static bool take_byte(struct cursor *text, char byte)
{
    if (text->at == text->end || *text->at != byte)
        return false;
    text->at++;
    return true;
}

/* A number of `least` to `most` digits, as many as there are. */
static bool take_digits(struct cursor *text, int least, int most, int *out)
{
    int digits = 0, value = 0;
    for (; digits < most && at_digit(text); digits++)
        value = value * 10 + (*text->at++ - '0');
    *out = value;
    return digits >= least;
}

/* Takes the first `length` letters of `name`, in either case: 0x20 is all that tells them apart. */
static bool take_name(struct cursor *text, const char *name, size_t length)
{
    if ((size_t)(text->end - text->at) < length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if ((text->at[i] | 0x20) != (name[i] | 0x20))
            return false;
    }
    text->at += length;
    return true;
}

static bool take_month_name(struct cursor *text, int *month)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    for (int i = 0; i < 12; i++) {
        if (take_name(text, names[i], strlen(names[i])) || take_name(text, names[i], 3)) {
            *month = i + 1;
            return true;
        }
    }
    return false;
}

static bool take_half_name(struct cursor *text, int *half)
{
    *half = take_name(text, "PM", 2);
    return *half || take_name(text, "AM", 2);
}

/* Z, or a sign, hours, and minutes with or without a colon. */
static bool take_offset(struct cursor *text, int *seconds)
{
    *seconds = 0;
    if (take_byte(text, 'Z'))
        return true;
    int sign = take_byte(text, '-') ? -1 : 1;
    int hours, minutes = 0;
    if ((sign > 0 && !take_byte(text, '+')) || !take_digits(text, 2, 2, &hours))
        return false;
    if (text->end - text->at >= 2 && *text->at == ':' && is_digit(text->at[1]))
        text->at++;
    if (at_digit(text) && !take_digits(text, 2, 2, &minutes))
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return hours <= 23 && minutes <= 59;
}

static bool take_number(struct cursor *text, enum emp_time_field field, bool exact, int *out)
{
    int digits = numbers[field].digits;
    if (!exact)
        skip_blanks(text);
    return take_digits(text, exact ? digits : 1, digits, out) && *out >= numbers[field].low &&
           *out <= numbers[field].high;
}

static bool take_step(struct cursor *text, const struct emp_time_step *step, int *out)
{
    switch ((enum emp_time_step_kind)step->kind) {
    case EMP_TIME_LITERAL:
        return take_byte(text, step->byte);
    case EMP_TIME_BLANKS:
        skip_blanks(text);
        return true;
    case EMP_TIME_NUMBER:
        return take_number(text, step->field, step->exact, out);
    case EMP_TIME_MONTH_NAME:
        return take_month_name(text, out);
    case EMP_TIME_HALF_NAME:
        return take_half_name(text, out);
    case EMP_TIME_OFFSET_TEXT:
        skip_blanks(text);
        return take_offset(text, out);
    }
    return false;
}

static bool take_steps(struct cursor *text, const struct emp_time_format *format, int *fields)
{
    for (int i = 0; i < format->step_count; i++) {
        if (!take_step(text, format->steps + i, fields + format->steps[i].field))
            return false;
    }
    return true;
}

static bool take_iso_date(struct cursor *text, int *fields, bool *basic)
{
    if (!take_digits(text, 4, 4, fields + EMP_TIME_YEAR))
        return false;
    *basic = !take_byte(text, '-');
    return take_digits(text, 2, 2, fields + EMP_TIME_MONTH) && (*basic || take_byte(text, '-')) &&
           take_digits(text, 2, 2, fields + EMP_TIME_DAY);
}

/* An optional fraction of a second; *zero tells whether all its digits are 0. */
static bool take_fraction(struct cursor *text, bool *zero)
{
    *zero = true;
    if (!take_byte(text, '.') && !take_byte(text, ','))
        return true;
    bool any = at_digit(text);
    for (; at_digit(text); text->at++)
        *zero &= *text->at == '0';
    return any;
}

static bool take_iso_time(struct cursor *text, int *fields, bool basic)
{
    int *hour = fields + EMP_TIME_HOUR;
    int *minute = fields + EMP_TIME_MINUTE;
    int *second = fields + EMP_TIME_SECOND;
    bool whole = true;
    if (!take_digits(text, 2, 2, hour))
        return false;
    bool colons = take_byte(text, ':');
    if ((!colons && !basic) || !take_digits(text, 2, 2, minute))
        return false;
    if (colons ? take_byte(text, ':') : at_digit(text)) {
        if (!take_digits(text, 2, 2, second) || !take_fraction(text, &whole))
            return false;
    }
    if (*hour == 24)
        return *minute == 0 && *second == 0 && whole;
    return *hour <= 23 && *minute <= 59 && *second <= 60;
}

static bool take_iso(struct cursor *text, int *fields)
{
    bool basic;
    if (!take_iso_date(text, fields, &basic))
        return false;
    if (!take_byte(text, 'T')) {
        struct cursor behind = *text;
        if (!take_byte(&behind, ' ') || !at_digit(&behind))
            return true;
        *text = behind;
    }
    if (!take_iso_time(text, fields, basic))
        return false;
    if (text->at == text->end || !strchr("Z+-", *text->at))
        return true;
    return take_offset(text, fields + EMP_TIME_OFFSET);
}

/* The day that the fields name; false if it isn't in the calendar. */
static bool find_day(const int *fields, int64_t *day)
{
    int year = fields[EMP_TIME_YEAR];
    if (fields[EMP_TIME_SHORT_YEAR] >= 0)
        year = fields[EMP_TIME_SHORT_YEAR] + (fields[EMP_TIME_SHORT_YEAR] < 69 ? 2000 : 1900);
    if (year < 1)
        return false;
    if (fields[EMP_TIME_YEARDAY]) {
        *day = emp__days_from_civil(year, 1, 1) + fields[EMP_TIME_YEARDAY] - 1;
        return fields[EMP_TIME_YEARDAY] <= 365 + emp__is_leap_year(year);
    }
    int month = fields[EMP_TIME_MONTH];
    if (month < 1 || month > 12 || fields[EMP_TIME_DAY] < 1 ||
        fields[EMP_TIME_DAY] > emp__days_in_month(year, month))
        return false;
    *day = emp__days_from_civil(year, month, fields[EMP_TIME_DAY]);
    return true;
}

bool emp__time_parse_plain(const struct emp_time_format *format, const char *text, size_t length,
                           int64_t *out)
{
    int fields[EMP_TIME_FIELDS] = {[EMP_TIME_SHORT_YEAR] = -1};
    struct cursor cursor = {text, text + length};
    skip_blanks(&cursor);
    if (format->iso ? !take_iso(&cursor, fields) : !take_steps(&cursor, format, fields))
        return false;
    skip_blanks(&cursor);
    int64_t day;
    if (cursor.at != cursor.end || !find_day(fields, &day))
        return false;
    int hour =
        fields[EMP_TIME_HOUR] + fields[EMP_TIME_HOUR12] % 12 + 12 * fields[EMP_TIME_HALF_DAY];
    int64_t seconds = day * EMP_DAY_SECONDS + hour * 3600 + fields[EMP_TIME_MINUTE] * 60 +
                      fields[EMP_TIME_SECOND] - fields[EMP_TIME_OFFSET];
    if (emp__day_of_seconds(seconds) < EMP_FIRST_DAY || emp__day_of_seconds(seconds) > EMP_LAST_DAY)
        return false;
    *out = seconds;
    return true;
}
