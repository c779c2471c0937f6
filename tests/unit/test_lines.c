// SPDX-License-Identifier: Apache-2.0
/* Lines read whole, by every variant that runs here, against the reference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "text/scan.h"

static const char *const names[] = {"plain", "portable", "avx2", "avx512", "avx512_vbmi2"};
enum { VARIANTS = sizeof names / sizeof *names, LINES = 61, LONGEST = 400, AT_ONCE = 8 };

/* Lines side by side, in a block that ends where the slack does. */
struct text {
    uint32_t ends[1 + LINES];
    size_t count, length;
    char bytes[LINES * LONGEST];
};

static void begin(struct text *text)
{
    text->count = text->length = 0;
    text->ends[0] = UINT32_MAX;
}

static void add(struct text *text, const char *line, size_t length)
{
    memcpy(text->bytes + text->length, line, length);
    text->length += length;
    text->bytes[text->length] = '\n';
    text->ends[++text->count] = (uint32_t)text->length++;
}

struct columns {
    uint64_t number[LINES];
    int64_t time[LINES], decimal[LINES];
};

static size_t read_lines(emp_lines_fn *lines, const char *bytes, const struct text *text,
                         const struct emp_line_layout *layout, struct columns *out)
{
    const struct emp_lines all = {bytes, text->ends + 1, text->count};
    const struct emp_line_columns columns = {out->number, out->time, out->decimal};
    return lines(&all, layout, &columns);
}

/*
 * A variant reads no more lines than the reference, and finds the same in them. Where lines are
 * `common`, it stops no sooner than at the eight of which one is unusual.
 */
static void check(const struct text *text, const struct emp_line_layout *layout, bool common)
{
    char *bytes = malloc(text->length + EMP_TEXT_SLACK);
    assert_non_null(bytes);
    memcpy(bytes, text->bytes, text->length);
    memset(bytes + text->length, '7', EMP_TEXT_SLACK);
    struct columns expected, found;
    size_t good = read_lines(emp__lines_plain, bytes, text, layout, &expected);
    for (int v = 0; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        if (!kernels || !kernels->lines)
            continue;
        size_t count = read_lines(kernels->lines, bytes, text, layout, &found);
        assert_in_range(count, common ? good - (good < text->count ? good % AT_ONCE : 0) : 0, good);
        for (size_t i = 0; i < count; i++)
            if (found.number[i] != expected.number[i] || found.time[i] != expected.time[i] ||
                found.decimal[i] != expected.decimal[i])
                fail_msg("%s reads '%.*s' wrongly", names[v],
                         (int)(text->ends[i + 1] - text->ends[i] - 1),
                         bytes + (uint32_t)(text->ends[i] + 1));
    }
    free(bytes);
}

/* A layout of so many fields, of which any three are read. */
struct shape {
    struct emp_time_format format;
    struct emp_line_layout layout;
    const char *time;
};

static const char *const times[] = {"%F",           "%F %T",          "%d.%m.%Y",
                                    "%Y%m%d",       "%m/%d/%Y %H:%M", "%H:%M %F",
                                    "%d.%m.%Y  %T", "%Y----%m----%d"};

static void choose_shape(uint64_t *seed, struct shape *out)
{
    size_t bad;
    uint32_t total = 3 + (uint32_t)(test_random(seed) % 6);
    out->time = times[test_random(seed) % (sizeof times / sizeof *times)];
    assert_true(emp__time_compile(out->time, &out->format, &bad));
    assert_int_equal(out->format.layout_count, 1);
    uint32_t first = (uint32_t)(test_random(seed) % total);
    uint32_t step = test_random(seed) % 2 ? 1 : total - 1;
    out->layout = (struct emp_line_layout){
        .delimiter = ",;\t|"[test_random(seed) % 4],
        .total = total,
        .number = first,
        .time = (first + step) % total,
        .decimal = (first + 2 * step) % total,
        .time_layout = out->format.layouts,
        .format = {.mark = test_random(seed) % 4 ? '.' : '\''},
        .decimals = (int)(test_random(seed) % 10),
    };
}

static size_t put_digits(uint64_t *seed, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (char)('0' + test_random(seed) % 10);
    return count;
}

static size_t put_time(uint64_t *seed, const char *shape, bool common, char *out)
{
    int beyond = common ? 0 : test_random(seed) % 16 == 0;
    int month = 1 + (int)(test_random(seed) % 12), day = 1 + (int)(test_random(seed) % 28);
    int year = 1900 + (int)(test_random(seed) % 200), second = (int)(test_random(seed) % 60);
    size_t length = 0;
    for (const char *at = shape; *at; at++) {
        int number = 0, digits = 2;
        if (*at != '%') {
            out[length++] = *at;
            continue;
        }
        at++;
        if (*at == 'F' || *at == 'T') {
            length +=
                (size_t)(*at == 'F' ? sprintf(out + length, "%04d-%02d-%02d", year, month, day)
                                    : sprintf(out + length, "%02d:%02d:%02d", second % 24, second,
                                              second + beyond));
            continue;
        }
        digits = *at == 'Y' ? 4 : 2;
        number = *at == 'Y'   ? year
                 : *at == 'm' ? month + beyond
                 : *at == 'd' ? day + 3 * beyond
                 : *at == 'H' ? second % 24
                              : second;
        length += (size_t)sprintf(out + length, "%0*d", digits, number);
    }
    return length;
}

static size_t put_decimal(uint64_t *seed, const struct emp_line_layout *layout, bool common,
                          char *out)
{
    size_t length = 0, most = (size_t)layout->decimals + !common;
    size_t whole = (size_t) !!common + test_random(seed) % (common ? 6 : 9);
    if (test_random(seed) % 4 == 0)
        out[length++] = '-';
    length += put_digits(seed, whole, out + length);
    if (test_random(seed) % 4)
        out[length++] = layout->format.mark;
    else
        return length;
    return length + put_digits(seed, test_random(seed) % (most + 1), out + length);
}

static size_t put_line(uint64_t *seed, const struct shape *shape, bool common, char *out)
{
    const struct emp_line_layout *layout = &shape->layout;
    size_t length = 0;
    for (uint32_t c = 0; c < layout->total; c++) {
        if (c > 0)
            out[length++] = layout->delimiter;
        if (c == layout->number)
            length += put_digits(seed, common ? 1 + test_random(seed) % 16 : test_random(seed) % 18,
                                 out + length);
        else if (c == layout->time)
            length += put_time(seed, shape->time, common, out + length);
        else if (c == layout->decimal)
            length += put_decimal(seed, layout, common, out + length);
        else if (c > layout->number && c > layout->time && c > layout->decimal)
            /* Behind what is read a line may be as long as it likes. */
            length += put_digits(seed, test_random(seed) % 60, out + length);
        else if (!common)
            length += put_digits(seed, test_random(seed) % 12, out + length);
    }
    return length;
}

/* One byte of a line is another one now and then. */
static void lines_at_random(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 6000; round++) {
        static struct text text;
        struct shape shape;
        bool common = round % 2;
        begin(&text);
        choose_shape(&seed, &shape);
        while (text.count < LINES - (size_t)round % 12) {
            static const char pool[] = "0123456789-.,;: +\r\t'/\x80";
            char line[LONGEST];
            size_t length = put_line(&seed, &shape, common, line);
            if (length > 0 && test_random(&seed) % 64 == 0)
                line[test_random(&seed) % length] = pool[test_random(&seed) % (sizeof pool - 1)];
            add(&text, line, length - (length > 0 && test_random(&seed) % 128 == 0));
        }
        /* Common lines of up to 63 bytes at most end within the block that is looked at. */
        check(&text, &shape.layout, false);
    }
}

/* The lines of a usual file are all read, leap days and lines longer than a block among them. */
static void usual_lines_are_read(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "268,2022-01-01,32.54,P00996,shop", "1,2024-02-29,-3.5,,",
        "1234567890123456,2000-02-29,12345678901234.99,a,b",
        "7,1999-12-31,5,a product whose name is long enough to end behind the block,b",
        "007,2024-12-31,.5,P00001,a channel of which the same is true, if only one would count"
        " further than that"};
    struct shape shape;
    size_t bad;
    static struct text text;
    assert_true(emp__time_compile("%F", &shape.format, &bad));
    shape.layout = (struct emp_line_layout){.delimiter = ',',
                                            .total = 5,
                                            .time = 1,
                                            .decimal = 2,
                                            .time_layout = shape.format.layouts,
                                            .format = {.mark = '.'},
                                            .decimals = 2};
    for (size_t odd = 0; odd <= LINES; odd++) {
        begin(&text);
        for (size_t i = 0; i < LINES; i++) {
            const char *line = i == odd ? "1,2023-02-29,3.50,," : lines[(i + odd) % 4];
            add(&text, line, strlen(line));
        }
        check(&text, &shape.layout, true);
    }
    begin(&text);
    add(&text, lines[4], strlen(lines[4])); /* six fields */
    check(&text, &shape.layout, false);
    struct columns found;
    assert_int_equal(read_lines(emp__lines_plain, text.bytes, &text, &shape.layout, &found), 0);
}

/* Every byte at every place of a line. */
static void every_byte_at_every_place(void **state)
{
    (void)state;
    static const char line[] = "1204,2024-02-28 23:59:59,-17.30,x,";
    struct shape shape;
    size_t bad;
    static struct text text;
    assert_true(emp__time_compile("%F %T", &shape.format, &bad));
    shape.layout = (struct emp_line_layout){.delimiter = ',',
                                            .total = 5,
                                            .time = 1,
                                            .decimal = 2,
                                            .time_layout = shape.format.layouts,
                                            .format = {.mark = '.'},
                                            .decimals = 2};
    for (size_t place = 0; place + 1 < sizeof line; place++)
        for (int byte = 0; byte < 256; byte++) {
            char changed[sizeof line];
            memcpy(changed, line, sizeof line);
            changed[place] = (char)byte;
            begin(&text);
            add(&text, line, sizeof line - 1);
            if (byte != '\n')
                add(&text, changed, sizeof line - 1);
            check(&text, &shape.layout, false);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_at_random),
        cmocka_unit_test(usual_lines_are_read),
        cmocka_unit_test(every_byte_at_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
