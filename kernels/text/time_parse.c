// SPDX-License-Identifier: Apache-2.0
/*
 * The fast reader of dates and times: a text whose bytes all stand where a layout has them is
 * checked a word at a time and its digits are picked from their places. Every other text, and every
 * value out of range, goes to the plain twin.
 */
#include "text/time_parse.h"

#include "text/civil_time.h"
#include "text/word.h"

/*
 * A byte XOR what is expected is 0 for the literal and 0..9 for a digit; `excess` carries anything
 * larger into the byte's high bit, and no further. Those values are left in *digits; the result has
 * the high bit of every byte that does not fit.
 */
static inline uint64_t misfits(const struct emp_time_layout *layout, const char *text, int word,
                               uint64_t *digits)
{
    uint64_t bytes = emp__word_load(text + 8 * word) ^ layout->expected[word];
    bytes &= layout->mask[word];
    *digits = bytes;
    return (bytes | ((bytes & ~EMP_WORD_HIGHS) + layout->excess[word])) & EMP_WORD_HIGHS;
}

/* For all eight k at once, pair k is 10 digit(k) + digit(k + 1). */
static inline uint64_t join_pairs(uint64_t digits, uint64_t next_digits)
{
    return digits * 10 + (digits >> 8 | next_digits << 56);
}

/* Writes the two-digit numbers that begin at each byte of the text; false if it does not fit. */
static inline bool read_numbers(const struct emp_time_layout *layout, const char *text,
                                unsigned char numbers[EMP_TIME_ABSENT + 1])
{
    uint64_t first, second, third = 0;
    uint64_t wrong = misfits(layout, text, 0, &first) | misfits(layout, text, 1, &second);
    if (layout->length > 16)
        wrong |= misfits(layout, text, 2, &third);
    if (wrong)
        return false;
    emp__word_store(numbers, join_pairs(first, second));
    emp__word_store(numbers + 8, join_pairs(second, third));
    if (layout->has_clock)
        emp__word_store(numbers + 16, join_pairs(third, 0));
    numbers[EMP_TIME_ABSENT] = 0;
    return true;
}

static inline bool find_day(const uint8_t *at, const unsigned char *numbers, int64_t *day)
{
    static const uint8_t longest[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = numbers[at[EMP_TIME_YEAR]] * 100 + numbers[at[EMP_TIME_YEAR] + 2];
    unsigned month = numbers[at[EMP_TIME_MONTH]], of_month = numbers[at[EMP_TIME_DAY]];
    if (year == 0 || month - 1 > 11 || of_month == 0 || of_month > longest[month - 1])
        return false;
    if (of_month == 29 && month == 2 && !emp__is_leap_year(year))
        return false;
    *day = emp__days_from_civil(year, (int)month, (int)of_month);
    return true;
}

/* False for what the plain reader refuses, and for the rare 24:00:00 and 60th seconds. */
static inline bool find_clock(const uint8_t *at, const unsigned char *numbers, int64_t *clock)
{
    int hour = numbers[at[EMP_TIME_HOUR]];
    int minute = numbers[at[EMP_TIME_MINUTE]];
    int second = numbers[at[EMP_TIME_SECOND]];
    *clock = hour * 3600 + minute * 60 + second;
    return hour < 24 && minute < 60 && second < 60;
}

static inline bool read_layout(const struct emp_time_layout *layout, const char *text, int64_t *out)
{
    unsigned char numbers[EMP_TIME_ABSENT + 1];
    int64_t day, clock = 0;
    if (!read_numbers(layout, text, numbers) || !find_day(layout->at, numbers, &day) ||
        (layout->has_clock && !find_clock(layout->at, numbers, &clock)))
        return false;
    *out = day * EMP_DAY_SECONDS + clock;
    return true;
}

bool emp__time_parse_layout(const struct emp_time_layout *layout, const char *text, size_t length,
                            int64_t *out)
{
    return layout->length == length && read_layout(layout, text, out);
}

const struct emp_time_layout *emp__time_layout_of(const struct emp_time_format *format,
                                                  const char *text, size_t length)
{
    int64_t ignored;
    for (int i = 0; i < format->layout_count; i++) {
        const struct emp_time_layout *layout = format->layouts + i;
        if (emp__time_parse_layout(layout, text, length, &ignored))
            return layout;
    }
    return NULL;
}

bool emp__time_parse(const struct emp_time_format *format, const char *text, size_t length,
                     int64_t *out)
{
    for (int i = 0; i < format->layout_count; i++) {
        const struct emp_time_layout *layout = format->layouts + i;
        if (layout->length == length && read_layout(layout, text, out))
            return true;
    }
    return emp__time_parse_plain(format, text, length, out);
}
