// SPDX-License-Identifier: Apache-2.0
/*
 * Dates and times of day as seconds since 1970-01-01T00:00:00Z.
 *
 * A format is either NULL, for ISO 8601:
 *
 *     date     := YYYY-MM-DD or YYYYMMDD
 *     time     := HH:MM[:SS[fraction]], behind YYYYMMDD also HHMM[SS[fraction]]
 *     fraction := . or , and digits, which are dropped
 *     offset   := Z, +HH:MM, +HHMM or +HH (or -), up to 23:59
 *     text     := date [(T or one space) time [offset]]
 *
 * or a text with the conversions of strptime: %Y %y (69..99 are 1969..1999, 00..68 are 2000..2068)
 * %m %d %e %j, %b %B %h (English names, any case), %H %I %p %M %S, %z (offset as above, with its
 * hours and optional minutes), %F (%Y-%m-%d), %D (%m/%d/%y), %T (%H:%M:%S), %R (%H:%M), %n %t %%.
 * Numbers have one digit up to the most their field can have, and blanks before them are skipped;
 * blanks in the format match any run of blanks, also none; any other byte matches itself.
 *
 * Where strptime would guess or accept what is no date, this refuses:
 *   - the whole text must match, but for blanks around it;
 *   - numbers side by side, as in %Y%m%d, have exactly all their digits;
 *   - a format must say the year and the day, and nothing twice; %I and %p need each other;
 *   - the day must exist in its month and year.
 *
 * A clock without offset is taken as UTC. 24:00:00 is the start of the next day in ISO 8601 only.
 * A leap second, 60, is the first second of the next minute. The result lies in the years
 * 0001..9999, so it can be printed; a text whose offset leads beyond them is refused.
 */
#ifndef EMP_TEXT_TIME_PARSE_H
#define EMP_TEXT_TIME_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/slack.h"

enum {
    EMP_TIME_STEPS = 64,  /* conversions and literal bytes of a format */
    EMP_TIME_WORDS = 3,   /* words of 8 bytes that a layout covers */
    EMP_TIME_LAYOUTS = 5, /* the common shapes of ISO 8601 */
};

/* What a number, a name or an offset in the text says. */
enum emp_time_field {
    EMP_TIME_YEAR,
    EMP_TIME_MONTH,
    EMP_TIME_DAY,
    EMP_TIME_HOUR,
    EMP_TIME_MINUTE,
    EMP_TIME_SECOND,
    EMP_TIME_SHORT_YEAR,
    EMP_TIME_YEARDAY,
    EMP_TIME_HOUR12,
    EMP_TIME_HALF_DAY, /* 0 for AM, 1 for PM */
    EMP_TIME_OFFSET,   /* seconds east of Greenwich */
    EMP_TIME_FIELDS,
    EMP_TIME_FIXED_FIELDS = EMP_TIME_SECOND + 1, /* the first ones may stand in a layout */
};

enum emp_time_step_kind {
    EMP_TIME_LITERAL,
    EMP_TIME_BLANKS,
    EMP_TIME_NUMBER,
    EMP_TIME_MONTH_NAME,
    EMP_TIME_HALF_NAME,
    EMP_TIME_OFFSET_TEXT,
};

struct emp_time_step {
    uint8_t kind;  /* enum emp_time_step_kind */
    uint8_t field; /* enum emp_time_field */
    bool exact;    /* a number that has all its digits */
    char byte;     /* of a literal */
};

/* A shape in which every byte has its place, checked a word at a time. */
struct emp_time_layout {
    uint64_t expected[EMP_TIME_WORDS]; /* literals, and '0' where a digit stands */
    uint64_t excess[EMP_TIME_WORDS];   /* reaches the high bit of a byte that is not as expected */
    uint64_t mask[EMP_TIME_WORDS];     /* the bytes of the layout */
    uint8_t length;
    bool has_clock;
    uint8_t at[EMP_TIME_FIXED_FIELDS]; /* offset of each field; EMP_TIME_ABSENT: not there */
};

#define EMP_TIME_ABSENT (8 * EMP_TIME_WORDS) /* behind the last byte that a layout can have */

/* A compiled format: a plain value without pointers, free to be copied. */
struct emp_time_format {
    bool iso; /* ISO 8601: no steps, only layouts */
    uint8_t step_count;
    uint8_t layout_count;
    struct emp_time_step steps[EMP_TIME_STEPS];
    struct emp_time_layout layouts[EMP_TIME_LAYOUTS];
};

/*
 * False, with the position of the offending conversion in *bad and *out undefined, if the format is
 * none of ours; *bad is the length of the format if a year or a day is missing.
 */
bool emp__time_compile(const char *format, struct emp_time_format *out, size_t *bad);

/*
 * True if the whole text is a real date and time of the format; *out is untouched otherwise. Texts
 * of fixed width, such as 2024-01-05, 2024-01-05 10:11:12 or 05.01.2024, take about 7 to 9 ns;
 * others are handed to the plain twin, 10 to 40 ns. Reads up to EMP_TEXT_SLACK bytes behind the
 * text; the plain twin reads none.
 */
bool emp__time_parse(const struct emp_time_format *format, const char *text, size_t length,
                     int64_t *out);
bool emp__time_parse_plain(const struct emp_time_format *format, const char *text, size_t length,
                           int64_t *out);

/* The layout that this text has, if the format has one of its shape; NULL otherwise. */
const struct emp_time_layout *emp__time_layout_of(const struct emp_time_format *format,
                                                  const char *text, size_t length);

/* As emp__time_parse(), for a text of that layout alone; any other text is refused, and a text may
   be refused that has a value at the edge, such as 24:00:00. */
bool emp__time_parse_layout(const struct emp_time_layout *layout, const char *text, size_t length,
                            int64_t *out);

/* The most digits a number has in that field. */
int emp__time_digits(enum emp_time_field field);

#endif
