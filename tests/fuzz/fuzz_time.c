// SPDX-License-Identifier: Apache-2.0
/*
 * Fuzzes the readers of dates and times. The data are a format, a line feed, and a text; an empty
 * format is ISO 8601. Fast equals plain, what is read prints and reads back as itself, and where
 * strptime's rules are the same as ours its result is, too.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/civil_time.h"
#include "text/number_format.h"
#include "text/time_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

static const char *skip_blanks(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* Whether a number may take digits that strptime leaves to what follows, or the other way round:
 * where numbers, blanks and digits stand side by side in the format. */
static bool splits_digits_differently(const struct emp_time_format *format)
{
    bool behind_number = false;
    for (int i = 0; i < format->step_count; i++) {
        const struct emp_time_step *step = format->steps + i;
        bool digits = step->kind == EMP_TIME_NUMBER ||
                      (step->kind == EMP_TIME_LITERAL && isdigit((unsigned char)step->byte));
        if (behind_number && digits)
            return true;
        if (step->kind != EMP_TIME_BLANKS)
            behind_number = step->kind == EMP_TIME_NUMBER || step->kind == EMP_TIME_OFFSET_TEXT;
    }
    return false;
}

/* Whether a date that strptime has read is one that we refuse all the same. */
static bool is_beyond(const struct tm *tm)
{
    struct tm normal = *tm;
    long offset = tm->tm_gmtoff;
    int64_t seconds = timegm(&normal) - offset;
    int64_t day = emp__day_of_seconds(seconds);
    int year = tm->tm_year + 1900;
    return year < 1 || tm->tm_mon > 11 || tm->tm_mday > emp__days_in_month(year, tm->tm_mon + 1) ||
           tm->tm_sec > 60 || labs(offset) >= EMP_DAY_SECONDS || day < EMP_FIRST_DAY ||
           day > EMP_LAST_DAY;
}

static void compare_with_strptime(const struct emp_time_format *format, const char *format_text,
                                  const char *text, bool ok, int64_t seconds)
{
    struct tm tm = {.tm_mday = 1};
    const char *end = strptime(skip_blanks(text), format_text, &tm);
    bool theirs = end && !*skip_blanks(end);
    if (ok) {
        long offset = tm.tm_gmtoff;
        require(theirs);
        require(timegm(&tm) - offset == seconds);
    } else if (theirs && !splits_digits_differently(format)) {
        require(is_beyond(&tm));
    }
}

static void check_round_trip(int64_t seconds)
{
    int64_t day = emp__day_of_seconds(seconds), clock = seconds - day * EMP_DAY_SECONDS, again;
    char text[64 + EMP_TEXT_SLACK];
    size_t length = emp__format_date(day, text);
    length += (size_t)snprintf(text + length, 32, "T%02d:%02d:%02d", (int)(clock / 3600),
                               (int)(clock / 60 % 60), (int)(clock % 60));
    struct emp_time_format iso;
    size_t bad;
    require(emp__time_compile(NULL, &iso, &bad));
    require(emp__time_parse(&iso, text, length, &again) && again == seconds);
}

static void check_text(const struct emp_time_format *format, const char *format_text,
                       const char *text, size_t length)
{
    char *slack = malloc(length + EMP_TEXT_SLACK), *exact = malloc(length ? length : 1);
    require(slack && exact);
    memcpy(slack, text, length);
    memset(slack + length, '1', EMP_TEXT_SLACK);
    memcpy(exact, text, length);
    int64_t fast = 4711, plain = 4711;
    bool ok = emp__time_parse(format, slack, length, &fast);
    require(ok == emp__time_parse_plain(format, exact, length, &plain) && fast == plain);
    if (ok)
        check_round_trip(fast);
    if (!format->iso && !memchr(text, 0, length))
        compare_with_strptime(format, format_text, text, ok, fast);
    free(slack);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *feed = size ? memchr(data, '\n', size) : NULL;
    if (!feed)
        return 0;
    size_t format_length = (size_t)(feed - data), length = size - format_length - 1;
    char *format_text = strndup((const char *)data, format_length);
    char *text = malloc(length + 1);
    require(format_text && text);
    memcpy(text, feed + 1, length);
    text[length] = '\0';
    struct emp_time_format format;
    size_t bad = 0;
    if (emp__time_compile(format_length ? format_text : NULL, &format, &bad))
        check_text(&format, format_text, text, length);
    else
        require(bad <= strlen(format_text));
    free(format_text);
    free(text);
    return 0;
}
