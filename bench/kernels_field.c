// SPDX-License-Identifier: Apache-2.0
/* Decoding fields: decimals and times. Bytes: those of the text, with a delimiter each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "text/decimal.h"
#include "text/time_parse.h"

struct fields {
    struct bench_text text;
    int64_t *values;
    struct emp_decimal_format decimal;
    enum emp_decimal_result (*parse_decimal)(const char *text, size_t length,
                                             struct emp_decimal_format format, int decimals,
                                             int64_t *out);
    struct emp_time_format time;
    const char *c_format; /* the same for strptime */
    bool (*parse_time)(const struct emp_time_format *format, const char *text, size_t length,
                       int64_t *out);
};

static struct fields *fields_new(struct bench_case *c, bench_put_fn *put)
{
    struct fields *f = c->state = bench_alloc(c, 1, sizeof *f);
    if (!f || !bench_text_make(c, put, &f->text))
        return NULL;
    f->values = bench_alloc(c, f->text.count, sizeof *f->values);
    return f->values ? f : NULL;
}

static void teardown(struct bench_case *c)
{
    struct fields *f = c->state;
    if (!f)
        return;
    bench_text_free(&f->text);
    free(f->values);
    free(f);
}

static bool is_plain(const struct bench_case *c)
{
    return strstr(c->benchmark->variant, "-plain") != NULL;
}

enum { CENTS = 100, THOUSAND = 1000 };

/* Amounts of up to 9999.99, every tenth of them negative. */
static char *put_decimal(struct emp_stream *stream, char *out)
{
    unsigned minor = (unsigned)bench_below(stream, 1000000);
    const char *sign = minor % 10 == 0 ? "-" : "";
    return out + snprintf(out, BENCH_ITEM_MOST, "%s%u.%02u\n", sign, minor / CENTS, minor % CENTS);
}

/* Amounts such as 1.234.567,89. */
static char *put_grouped(struct emp_stream *stream, char *out)
{
    unsigned whole = 1000000 + (unsigned)bench_below(stream, 9000000);
    return out + snprintf(out, BENCH_ITEM_MOST, "%u.%03u.%03u,%02u\n", whole / THOUSAND / THOUSAND,
                          whole / THOUSAND % THOUSAND, whole % THOUSAND, whole % CENTS);
}

static bool decimal_setup(struct bench_case *c)
{
    bool grouped = strcmp(c->benchmark->variant, "grouped") == 0;
    struct fields *f = fields_new(c, grouped ? put_grouped : put_decimal);
    if (!f)
        return false;
    f->decimal = grouped ? (struct emp_decimal_format){.mark = ',', .thousands = '.'}
                         : (struct emp_decimal_format){.mark = '.'};
    f->parse_decimal = is_plain(c) ? emp__decimal_parse_plain : emp__decimal_parse;
    return true;
}

static bool decimal_run(struct bench_case *c)
{
    struct fields *f = c->state;
    int bad = 0;
    for (size_t i = 0; i < f->text.count; i++)
        bad += f->parse_decimal(f->text.bytes + f->text.begin[i], bench_text_length(&f->text, i),
                                f->decimal, 2, &f->values[i]) != EMP_DECIMAL_OK;
    return bad == 0 || bench_fail(c, "%d fields were refused", bad);
}

/* The digits of each field in their order, whatever stands between them, and its sign. */
static bool decimal_verify(struct bench_case *c)
{
    const struct fields *f = c->state;
    for (size_t i = 0; i < f->text.count; i++) {
        const char *text = f->text.bytes + f->text.begin[i];
        int64_t digits = 0;
        for (size_t j = 0; j < bench_text_length(&f->text, i); j++)
            if (text[j] >= '0' && text[j] <= '9')
                digits = 10 * digits + (text[j] - '0');
        if (f->values[i] != (text[0] == '-' ? -digits : digits))
            return bench_fail(c, "field %zu was read as %lld", i, (long long)f->values[i]);
    }
    return true;
}

const struct bench_body bench_decimal = {
    .setup = decimal_setup, .run = decimal_run, .verify = decimal_verify, .teardown = teardown};

static unsigned below(struct emp_stream *stream, unsigned count)
{
    return (unsigned)bench_below(stream, count);
}

static char *put_date(struct emp_stream *stream, char *out)
{
    unsigned year = 2000 + below(stream, 30), month = 1 + below(stream, 12);
    return out +
           snprintf(out, BENCH_ITEM_MOST, "%04u-%02u-%02u\n", year, month, 1 + below(stream, 28));
}

static char *put_datetime(struct emp_stream *stream, char *out)
{
    char *end = put_date(stream, out);
    unsigned hour = below(stream, 24), minute = below(stream, 60);
    return end - 1 +
           snprintf(end - 1, BENCH_ITEM_MOST / 2, "T%02u:%02u:%02u\n", hour, minute,
                    below(stream, 60));
}

static char *put_local(struct emp_stream *stream, char *out)
{
    unsigned day = 1 + below(stream, 28), month = 1 + below(stream, 12);
    return out +
           snprintf(out, BENCH_ITEM_MOST, "%02u.%02u.%04u\n", day, month, 2000 + below(stream, 30));
}

static bool time_setup(struct bench_case *c)
{
    static const struct {
        const char *variant, *c_format, *format; /* NULL: ISO 8601 */
        bench_put_fn *put;
    } kinds[] = {{"date", "%Y-%m-%d", NULL, put_date},
                 {"datetime", "%Y-%m-%dT%H:%M:%S", NULL, put_datetime},
                 {"local", "%d.%m.%Y", "%d.%m.%Y", put_local}};
    size_t kind = 0, length = strcspn(c->benchmark->variant, "-"), bad;
    while (strncmp(c->benchmark->variant, kinds[kind].variant, length) != 0 ||
           kinds[kind].variant[length] != '\0')
        kind++;
    struct fields *f = fields_new(c, kinds[kind].put);
    if (!f)
        return false;
    f->c_format = kinds[kind].c_format;
    f->parse_time = is_plain(c) ? emp__time_parse_plain : emp__time_parse;
    return emp__time_compile(kinds[kind].format, &f->time, &bad) ||
           bench_fail(c, "the format was refused");
}

static bool time_run(struct bench_case *c)
{
    struct fields *f = c->state;
    int bad = 0;
    for (size_t i = 0; i < f->text.count; i++)
        bad += !f->parse_time(&f->time, f->text.bytes + f->text.begin[i],
                              bench_text_length(&f->text, i), &f->values[i]);
    return bad == 0 || bench_fail(c, "%d fields were refused", bad);
}

/* What the C library reads. */
static bool time_verify(struct bench_case *c)
{
    const struct fields *f = c->state;
    for (size_t i = 0; i < f->text.count; i++) {
        const char *text = f->text.bytes + f->text.begin[i];
        struct tm parts = {0};
        const char *end = strptime(text, f->c_format, &parts);
        if (!end || (size_t)(end - text) != bench_text_length(&f->text, i) ||
            f->values[i] != timegm(&parts))
            return bench_fail(c, "field %zu was read as %lld", i, (long long)f->values[i]);
    }
    return true;
}

const struct bench_body bench_time = {
    .setup = time_setup, .run = time_run, .verify = time_verify, .teardown = teardown};
