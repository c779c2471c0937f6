// SPDX-License-Identifier: Apache-2.0
/* Dates and times: cases by hand, against timegm and strptime, and the fast reader against its
 * plain twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text/civil_time.h"
#include "text/time_parse.h"

/* splitmix64 (Steele, Lea, Flood 2014) */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static struct emp_time_format compile(const char *text)
{
    struct emp_time_format format;
    size_t bad;
    if (!emp__time_compile(text, &format, &bad))
        fail_msg("\"%s\" does not compile: position %zu", text ? text : "ISO 8601", bad);
    return format;
}

/* Both twins, which must agree; the fast one on a text with exactly the slack behind it, filled
 * with digits, the plain one without any. */
static bool parse(const struct emp_time_format *format, const char *text, size_t length,
                  int64_t *out)
{
    char *slack = malloc(length + EMP_TEXT_SLACK), *exact = malloc(length ? length : 1);
    assert_true(slack && exact);
    memcpy(slack, text, length);
    memset(slack + length, '1', EMP_TEXT_SLACK);
    memcpy(exact, text, length);
    int64_t fast = 4711, plain = 4711;
    bool ok = emp__time_parse(format, slack, length, &fast);
    if (emp__time_parse_plain(format, exact, length, &plain) != ok || fast != plain)
        fail_msg("\"%.*s\": fast %d %" PRId64 ", plain %" PRId64, (int)length, text, ok, fast,
                 plain);
    if (!ok)
        assert_int_equal(fast, 4711);
    free(slack);
    free(exact);
    *out = fast;
    return ok;
}

static void expect(const char *format_text, const char *text, int64_t seconds)
{
    struct emp_time_format format = compile(format_text);
    int64_t found;
    if (!parse(&format, text, strlen(text), &found) || found != seconds)
        fail_msg("\"%s\" by %s: %" PRId64, text, format_text ? format_text : "ISO 8601", found);
}

static void refuse(const char *format_text, const char *text)
{
    struct emp_time_format format = compile(format_text);
    int64_t found;
    if (parse(&format, text, strlen(text), &found))
        fail_msg("\"%s\" by %s: %" PRId64, text, format_text ? format_text : "ISO 8601", found);
}

/* 2024-01-05T10:11:12Z is 1704449472. */
enum { DAY = 1704412800, CLOCK = 10 * 3600 + 11 * 60, MOMENT = DAY + CLOCK + 12 };

static void iso_texts(void **state)
{
    (void)state;
    expect(NULL, "1970-01-01", 0);
    expect(NULL, "2024-01-05", DAY);
    expect(NULL, "20240105", DAY);
    expect(NULL, " 2024-01-05\t", DAY);
    expect(NULL, "2024-01-05T10:11:12", MOMENT);
    expect(NULL, "2024-01-05 10:11:12", MOMENT);
    expect(NULL, "2024-01-05T10:11:12Z", MOMENT);
    expect(NULL, "2024-01-05 10:11", DAY + CLOCK);
    expect(NULL, "2024-01-05T10:11Z", DAY + CLOCK);
    expect(NULL, "2024-01-05T10:11:12.999999999", MOMENT);
    expect(NULL, "2024-01-05T10:11:12,5+00", MOMENT);
    expect(NULL, "1969-12-31T23:59:59.5", -1);
    expect(NULL, "20240105T101112", MOMENT);
    expect(NULL, "20240105T1011", DAY + CLOCK);
    expect(NULL, "20240105T101112.5Z", MOMENT);
    expect(NULL, "20240105 10:11:12", MOMENT);
    expect(NULL, "2024-01-05T10:11:12+01:30", MOMENT - 5400);
    expect(NULL, "2024-01-05T10:11:12-0130", MOMENT + 5400);
    expect(NULL, "2024-01-05T10:11:12+23:59", MOMENT - 86340);
    expect(NULL, "2024-01-05 10:11-05", DAY + CLOCK + 18000);
    expect(NULL, "2024-01-05T24:00:00", DAY + 86400);
    expect(NULL, "2024-01-05T24:00", DAY + 86400);
    expect(NULL, "2024-01-05T24:00:00.000Z", DAY + 86400);
    expect(NULL, "2016-12-31T23:59:60Z", 1483228800);
    expect(NULL, "2000-02-29", 951782400);
    expect(NULL, "0001-01-01", -62135596800);
    expect(NULL, "9999-12-31T23:59:59", 253402300799);
}

static void texts_that_are_not_iso(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        " ",
                                        "2024",
                                        "2024-01",
                                        "2024-1-5",
                                        "2024-01-5",
                                        "24-01-05",
                                        "2024/01/05",
                                        "2024-01-05x",
                                        "2024-01-05T",
                                        "2024-01-05 x",
                                        "2024-01-05T10",
                                        "2024-01-05T1011",
                                        "2024-01-05T10:1",
                                        "2024-01-05T10:11:",
                                        "2024-01-05T10:11:1",
                                        "2024-01-05T10:1112",
                                        "2024-01-05T10:11:12.",
                                        "2024-01-05T10:11.5",
                                        "2024-01-05  10:11",
                                        "2024-01-05t10:11",
                                        "2024-01-05T10:11:12z",
                                        "2024-01-05Z",
                                        "2024-01-05+01:00",
                                        "2024-01-05T10:11:12 Z",
                                        "2024-01-05T10:11:12+1",
                                        "2024-01-05T10:11:12+123",
                                        "2024-01-05T10:11:12+01:",
                                        "2024-01-05T10:11:12+24:00",
                                        "2024-01-05T10:11:12+01:60",
                                        "2024-01-05T10:11:12ZZ",
                                        "202401-05",
                                        "2024-0105",
                                        "20240105T",
                                        "2024010510",
                                        "20240105T10:1112",
                                        "0000-01-01",
                                        "2024-00-05",
                                        "2024-13-05",
                                        "2024-01-00",
                                        "2024-01-32",
                                        "2023-02-29",
                                        "1900-02-29",
                                        "2024-04-31",
                                        "2024-01-05T24:00:01",
                                        "2024-01-05T24:01:00",
                                        "2024-01-05T24:00:00.5",
                                        "2024-01-05T25:00:00",
                                        "2024-01-05T10:60:00",
                                        "2024-01-05T10:11:61",
                                        "0001-01-01T00:00:00+00:01",
                                        "9999-12-31T24:00:00",
                                        "9999-12-31T23:59:60",
                                        "9999-12-31T23:59:59-00:01",
                                        "2024-01-05T10:11:12\v1",
                                        "-2024-01-05",
                                        "+2024-01-05",
                                        "2024-01-0:",
                                        "2024-01-0/",
                                        "2024-01-\xb0\xb5"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuse(NULL, texts[i]);
    struct emp_time_format iso = compile(NULL);
    int64_t found;
    assert_false(parse(&iso, "2024-01-05\0", 11, &found));
    assert_false(parse(&iso, "2024-01-05T10:11:12\0", 20, &found));
}

static void explicit_formats(void **state)
{
    (void)state;
    expect("%m/%d/%Y", "1/5/2024", DAY);
    expect("%m/%d/%Y", "01/05/2024", DAY);
    expect("%d.%m.%Y", "05.01.2024", DAY);
    expect("%d.%m.%y", "5.1.24", DAY);
    expect("%d.%m.%y", "5.1.69", -31190400);
    expect("%D", "1/5/24", DAY);
    expect("%F %T", "2024-01-05 10:11:12", MOMENT);
    expect("%F %T", "2024-1-5\n\n10:11:12", MOMENT);
    expect("%F%T", "2024-01-0510:11:12", MOMENT);
    expect("%Y%m%d%H%M%S", "20240105101112", MOMENT);
    expect("%FT%R", "2024-01-05T10:11", DAY + CLOCK);
    expect("%FT%T%z", "2024-01-05T10:11:12+0130", MOMENT - 5400);
    expect("%FT%T%z", "2024-01-05T10:11:12 -01:30", MOMENT + 5400);
    expect("%FT%T%z", "2024-01-05T10:11:12Z", MOMENT);
    expect("%b %e, %Y", "Jan  5, 2024", DAY);
    expect("%B %d %Y", "JANUARY 5 2024", DAY);
    expect("%B %d %Y", "jan 5 2024", DAY);
    expect("%d%h%Y", "05may2024", 1714867200);
    expect("%Y-%j", "2024-366", 1735603200);
    expect("%Y%j", "2024005", DAY);
    expect("%Y-%m-%d %I:%M %p", "2024-01-05 10:11 am", DAY + CLOCK);
    expect("%Y-%m-%d %I:%M %p", "2024-01-05 10:11 PM", DAY + CLOCK + 43200);
    expect("%Y-%m-%d %I %p", "2024-01-05 12 AM", DAY);
    expect("%Y-%m-%d %I %p", "2024-01-05 12 PM", DAY + 43200);
    expect("%Y-%m-%d %I%p", "2024-01-05 1pm", DAY + 13 * 3600);
    expect("100%% %Y%n%m%t%d", "100% 2024 01 05", DAY);
    expect("%Y %m %d", "20240105", DAY);
    expect("\xc3\xa9%F",
           "\xc3\xa9"
           "2024-01-05",
           DAY);
    expect("%F", "  2024-01-05  ", DAY);
    expect("%F %T", "2024-01-05 10:11:60", DAY + CLOCK + 60);
    expect("%Y-%m-%d", "33-1-5", -61125408000);
}

static void refused_texts(void **state)
{
    (void)state;
    refuse("%m/%d/%Y", "13/5/2024");
    refuse("%m/%d/%Y", "2/30/2024");
    refuse("%m/%d/%Y", "1/5/2024 ?");
    refuse("%m/%d/%Y", "1/5/12024");
    refuse("%m/%d/%Y", "/5/2024");
    refuse("%m/%d/%Y", "1/5/0");
    refuse("%m/%d/%Y", "1/5/");
    refuse("%Y%m%d", "2024111");
    refuse("%Y%m%d", "2024 1 5");
    refuse("x%Y%m%d", "x 20240105");
    refuse("%Y-%j", "2023-366");
    refuse("%Y-%j", "2023-0");
    refuse("%F %T", "2024-01-05 24:00:00");
    refuse("%F %T", "2024-01-05 10:11:61");
    refuse("%F %I %p", "2024-01-05 0 AM");
    refuse("%F %I %p", "2024-01-05 13 PM");
    refuse("%F %I %p", "2024-01-05 1 XM");
    refuse("%b %d %Y", "Sept 5 2024");
    refuse("%b %d %Y", "J\x01n 5 2024");
    refuse("%FT%z", "2024-01-05T0100");
    refuse("%F", "2024_01_05");
    refuse("%F", "");
    refuse("\xc3\xa9%F", "\x43\xa9"
                         "2024-01-05");
}

static void bad_formats_are_located(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        size_t bad;
    } cases[] = {
        {"", 0},         {"%", 0},        {"%Y-%m", 5},       {"%m-%d", 5},    {"%Y-%d", 5},
        {"%H:%M", 5},    {"%Y-%m-%q", 6}, {"%F %f", 3},       {"%F %Ey", 3},   {"%F %", 3},
        {"%F %-d", 3},   {"%F %a", 3},    {"%Y-%m-%d %y", 9}, {"%F %D", 3},    {"%F %j", 3},
        {"%Y %j %d", 6}, {"%F %T %M", 6}, {"%F %H %I %p", 6}, {"%F %I:%M", 3}, {"%F %H %p", 6},
        {"%F x %p", 5},  {"%F %z%z", 5},  {"%F %b", 3},       {"%s", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct emp_time_format format;
        size_t bad = 4711;
        if (emp__time_compile(cases[i].format, &format, &bad) || bad != cases[i].bad)
            fail_msg("\"%s\": position %zu", cases[i].format, bad);
    }
    char longest[2 + EMP_TIME_STEPS + 1] = "%F"; /* five steps */
    memset(longest + 2, 'x', EMP_TIME_STEPS - 5);
    struct emp_time_format format;
    size_t bad;
    assert_true(emp__time_compile(longest, &format, &bad));
    memset(longest + 2, 'x', EMP_TIME_STEPS - 4);
    assert_false(emp__time_compile(longest, &format, &bad));
    assert_int_equal(bad, EMP_TIME_STEPS - 3);
}

/* Writes a random moment of the years 1..9999 by strftime and reads it back. */
static void moments_read_back(void **state)
{
    (void)state;
    static const struct {
        const char *write, *read;
        int64_t step; /* what the text can tell */
    } shapes[] = {
        {"%Y-%m-%d", NULL, 86400},
        {"%Y%m%d", NULL, 86400},
        {"%Y-%m-%d %H:%M:%S", NULL, 1},
        {"%Y-%m-%dT%H:%M:%S", NULL, 1},
        {"%Y-%m-%dT%H:%M:%SZ", NULL, 1},
        {"%Y-%m-%dT%H:%M", NULL, 60},
        {"%Y-%m-%d", "%Y-%m-%d", 86400},
        {"%Y%m%d", "%Y%m%d", 86400},
        {"%d.%m.%Y", "%d.%m.%Y", 86400},
        {"%m/%d/%Y %H:%M", "%m/%d/%Y %R", 60},
        {"%e %B %Y %I:%M:%S %p", "%e %B %Y %I:%M:%S %p", 1},
        {"%Y.%j", "%Y.%j", 86400},
    };
    uint64_t seed = 1;
    for (int i = 0; i < 120000; i++) {
        int k = i % (int)(sizeof shapes / sizeof *shapes);
        int64_t span = (EMP_LAST_DAY - EMP_FIRST_DAY + 1) * EMP_DAY_SECONDS;
        int64_t moment = (int64_t)(next_random(&seed) % (uint64_t)span);
        moment = moment - moment % shapes[k].step + EMP_FIRST_DAY * EMP_DAY_SECONDS;
        struct tm tm;
        time_t time = moment;
        assert_non_null(gmtime_r(&time, &tm));
        char text[64], padded[65];
        size_t length = strftime(text, sizeof text, shapes[k].write, &tm);
        if (tm.tm_year + 1900 < 1000) /* %Y of strftime has no leading zeros */
            continue;
        struct emp_time_format format = compile(shapes[k].read);
        int64_t found;
        if (!parse(&format, text, length, &found) || found != moment)
            fail_msg("\"%s\": %" PRId64 " instead of %" PRId64, text, found, moment);
        snprintf(padded, sizeof padded, " %s", text);
        assert_true(parse(&format, padded, length + 1, &found));
        assert_true(found == moment);
    }
}

/* All changes of one or two bytes of good texts. */
static void fast_equals_plain_on_changed_texts(void **state)
{
    (void)state;
    static const struct {
        const char *format, *text;
    } cases[] = {
        {NULL, "2024-02-29"},
        {NULL, "20240229"},
        {NULL, "2024-02-29 23:59:59"},
        {NULL, "2024-02-29T23:59:59"},
        {NULL, "2024-02-29T23:59:59Z"},
        {NULL, "2024-02-29T23:59:59.25+01:00"},
        {"%Y-%m-%d", "2024-02-29"},
        {"%Y%m%d", "20240229"},
        {"%d.%m.%Y %H:%M", "29.02.2024 23:59"},
        {"%Y%m%d%H%M%S", "20240229235959"},
        {" %S\xff%M%H %d%m%Y%%%%%%%%", " 59\xff"
                                       "5923 29022024%%%%"},
    };
    static const char bytes[] = "0123456789 -:/.TZ\t\x80\xb2\xff\0A+,";
    uint64_t seed = 2;
    int accepted = 0;
    for (int i = 0; i < 400000; i++) {
        int k = i % (int)(sizeof cases / sizeof *cases);
        struct emp_time_format format = compile(cases[k].format);
        char text[32];
        size_t length = strlen(cases[k].text);
        memcpy(text, cases[k].text, length);
        for (uint64_t changes = next_random(&seed) % 3; changes > 0; changes--)
            text[next_random(&seed) % length] = bytes[next_random(&seed) % (sizeof bytes - 1)];
        length -= next_random(&seed) % 16 == 0;
        int64_t found;
        accepted += parse(&format, text, length, &found);
    }
    assert_in_range(accepted, 100000, 300000);
}

/* What is read by a format of strptime's is read by strptime, with the same result. */
static void strptime_agrees(void **state)
{
    (void)state;
    static const char *const formats[] = {"%Y-%m-%d", "%m/%d/%Y", "%d %b %y",    "%Y %j",
                                          "%F %T",    "%D %R",    "%F %I:%M %p", "%FT%T%z"};
    static const char bytes[] = "0011223456789 /-:+TPAMZJanFebMay";
    uint64_t seed = 3;
    int accepted = 0;
    for (int i = 0; i < 60000; i++) {
        const char *format_text = formats[i % 8];
        struct emp_time_format format = compile(format_text);
        struct tm tm = {.tm_year = (int)(next_random(&seed) % 200),
                        .tm_mon = (int)(next_random(&seed) % 12),
                        .tm_mday = (int)(next_random(&seed) % 31 + 1),
                        .tm_hour = (int)(next_random(&seed) % 24),
                        .tm_min = (int)(next_random(&seed) % 60),
                        .tm_sec = (int)(next_random(&seed) % 60),
                        .tm_yday = (int)(next_random(&seed) % 366)};
        char text[64];
        size_t length = strftime(text, sizeof text, format_text, &tm);
        if (next_random(&seed) % 2)
            text[next_random(&seed) % length] = bytes[next_random(&seed) % (sizeof bytes - 1)];
        int64_t found;
        if (!parse(&format, text, length, &found))
            continue;
        accepted++;
        struct tm read = {0};
        const char *end = strptime(text + strspn(text, " "), format_text, &read);
        assert_non_null(end);
        assert_int_equal(end[strspn(end, " ")], 0);
        long offset = read.tm_gmtoff;
        if (timegm(&read) - offset != found)
            fail_msg("\"%s\" by %s: %" PRId64, text, format_text, found);
    }
    assert_in_range(accepted, 20000, 59000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_texts),
        cmocka_unit_test(texts_that_are_not_iso),
        cmocka_unit_test(explicit_formats),
        cmocka_unit_test(refused_texts),
        cmocka_unit_test(bad_formats_are_located),
        cmocka_unit_test(moments_read_back),
        cmocka_unit_test(fast_equals_plain_on_changed_texts),
        cmocka_unit_test(strptime_agrees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
