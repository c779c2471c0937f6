// SPDX-License-Identifier: Apache-2.0
/* Compiles formats of dates: first to steps, then, where every field has its place, to a layout. */
#include "text/time_parse.h"

#include <string.h>

/* What a conversion tells; a second one that tells the same is refused. */
enum {
    SAYS_YEAR = 1,
    SAYS_MONTH = 2,
    SAYS_DAY = 4,
    SAYS_HOUR = 8,
    SAYS_MINUTE = 16,
    SAYS_SECOND = 32,
    SAYS_HALF = 64,
    SAYS_OFFSET = 128,
    SAYS_HOUR12 = 256,
    SAYS_DATE = SAYS_YEAR | SAYS_MONTH | SAYS_DAY,
};

struct conversion {
    char letter;
    uint8_t kind, field;
    uint16_t says;
};

static const struct conversion conversions[] = {
    {'Y', EMP_TIME_NUMBER, EMP_TIME_YEAR, SAYS_YEAR},
    {'y', EMP_TIME_NUMBER, EMP_TIME_SHORT_YEAR, SAYS_YEAR},
    {'m', EMP_TIME_NUMBER, EMP_TIME_MONTH, SAYS_MONTH},
    {'b', EMP_TIME_MONTH_NAME, EMP_TIME_MONTH, SAYS_MONTH},
    {'B', EMP_TIME_MONTH_NAME, EMP_TIME_MONTH, SAYS_MONTH},
    {'h', EMP_TIME_MONTH_NAME, EMP_TIME_MONTH, SAYS_MONTH},
    {'d', EMP_TIME_NUMBER, EMP_TIME_DAY, SAYS_DAY},
    {'e', EMP_TIME_NUMBER, EMP_TIME_DAY, SAYS_DAY},
    {'j', EMP_TIME_NUMBER, EMP_TIME_YEARDAY, SAYS_MONTH | SAYS_DAY},
    {'H', EMP_TIME_NUMBER, EMP_TIME_HOUR, SAYS_HOUR},
    {'I', EMP_TIME_NUMBER, EMP_TIME_HOUR12, SAYS_HOUR | SAYS_HOUR12},
    {'p', EMP_TIME_HALF_NAME, EMP_TIME_HALF_DAY, SAYS_HALF},
    {'M', EMP_TIME_NUMBER, EMP_TIME_MINUTE, SAYS_MINUTE},
    {'S', EMP_TIME_NUMBER, EMP_TIME_SECOND, SAYS_SECOND},
    {'z', EMP_TIME_OFFSET_TEXT, EMP_TIME_OFFSET, SAYS_OFFSET},
    {'n', EMP_TIME_BLANKS, 0, 0},
    {'t', EMP_TIME_BLANKS, 0, 0},
    {'%', EMP_TIME_LITERAL, 0, 0},
};

static const struct {
    char letter;
    const char *format;
} composites[] = {{'F', "%Y-%m-%d"}, {'D', "%m/%d/%y"}, {'T', "%H:%M:%S"}, {'R', "%H:%M"}};

struct compiler {
    struct emp_time_format *format;
    unsigned said;
    size_t hour12_at, half_at; /* where %I and %p stand */
};

static bool add_step(struct compiler *compiler, struct emp_time_step step)
{
    struct emp_time_format *format = compiler->format;
    if (format->step_count == EMP_TIME_STEPS)
        return false;
    struct emp_time_step *last = format->steps + format->step_count - 1;
    if (format->step_count && step.kind == EMP_TIME_NUMBER && last->kind == EMP_TIME_NUMBER)
        step.exact = last->exact = true;
    format->steps[format->step_count++] = step;
    return true;
}

static bool add_conversion(struct compiler *compiler, char letter, size_t position)
{
    for (size_t i = 0; i < sizeof conversions / sizeof *conversions; i++) {
        const struct conversion *row = conversions + i;
        if (row->letter != letter)
            continue;
        if (compiler->said & row->says)
            return false;
        compiler->said |= row->says;
        if (row->field == EMP_TIME_HOUR12)
            compiler->hour12_at = position;
        if (row->field == EMP_TIME_HALF_DAY)
            compiler->half_at = position;
        return add_step(compiler, (struct emp_time_step){row->kind, row->field, false, letter});
    }
    return false;
}

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* One byte, or % and a letter that stands for no other conversions. */
static bool add_simple(struct compiler *compiler, const char *at, size_t position)
{
    if (*at == '%')
        return add_conversion(compiler, at[1], position);
    uint8_t kind = is_blank(*at) ? EMP_TIME_BLANKS : EMP_TIME_LITERAL;
    return add_step(compiler, (struct emp_time_step){kind, 0, false, *at});
}

/* `text` has only simple parts. */
static bool add_all(struct compiler *compiler, const char *text, size_t position)
{
    for (; *text; text += *text == '%' ? 2 : 1) {
        if (!add_simple(compiler, text, position))
            return false;
    }
    return true;
}

static const char *find_composite(const char *at)
{
    for (size_t i = 0; *at == '%' && i < sizeof composites / sizeof *composites; i++) {
        if (composites[i].letter == at[1])
            return composites[i].format;
    }
    return NULL;
}

static bool compile_steps(const char *text, struct emp_time_format *format, size_t *bad)
{
    struct compiler compiler = {.format = format};
    format->step_count = 0;
    const char *at = text;
    for (; *at; at += *at == '%' ? 2 : 1) {
        *bad = (size_t)(at - text);
        const char *composite = find_composite(at);
        if (composite ? !add_all(&compiler, composite, *bad) : !add_simple(&compiler, at, *bad))
            return false;
    }
    *bad = (size_t)(at - text);
    if ((compiler.said & SAYS_DATE) != SAYS_DATE)
        return false;
    bool has_half = compiler.said & SAYS_HALF;
    *bad = has_half ? compiler.half_at : compiler.hour12_at;
    return has_half == !!(compiler.said & SAYS_HOUR12);
}

static void layout_byte(struct emp_time_layout *layout, char byte, bool digit)
{
    int word = layout->length / 8, shift = layout->length % 8 * 8;
    layout->expected[word] |= (uint64_t)(unsigned char)byte << shift;
    layout->excess[word] |= (uint64_t)(digit ? 0x80 - 10 : 0x80 - 1) << shift;
    layout->mask[word] |= (uint64_t)0xff << shift;
    layout->length++;
}

/* The layout of the steps; false if some field has no fixed place, or there are too many bytes. */
static bool layout_steps(const struct emp_time_format *format, struct emp_time_layout *layout)
{
    *layout = (struct emp_time_layout){0};
    memset(layout->at, EMP_TIME_ABSENT, sizeof layout->at);
    for (int i = 0; i < format->step_count; i++) {
        const struct emp_time_step *step = format->steps + i;
        bool digits = step->kind == EMP_TIME_NUMBER;
        if (step->kind > EMP_TIME_NUMBER || step->field >= EMP_TIME_FIXED_FIELDS)
            return false;
        int bytes = digits ? emp__time_digits(step->field) : 1;
        if (layout->length + bytes > 8 * EMP_TIME_WORDS)
            return false;
        if (digits)
            layout->at[step->field] = layout->length;
        layout->has_clock |= digits && step->field >= EMP_TIME_HOUR;
        for (int k = 0; k < bytes; k++)
            layout_byte(layout,
                        digits                          ? '0'
                        : step->kind == EMP_TIME_BLANKS ? ' '
                                                        : step->byte,
                        digits);
    }
    return true;
}

static void compile_iso(struct emp_time_format *out)
{
    static const char *const shapes[EMP_TIME_LAYOUTS] = {
        "%Y-%m-%d", "%Y-%m-%d %T", "%Y-%m-%dT%T", "%Y-%m-%dT%TZ", "%Y%m%d",
    };
    size_t unused;
    for (int i = 0; i < EMP_TIME_LAYOUTS; i++) {
        compile_steps(shapes[i], out, &unused);
        layout_steps(out, out->layouts + i);
    }
    out->iso = true;
    out->step_count = 0;
    out->layout_count = EMP_TIME_LAYOUTS;
}

bool emp__time_compile(const char *format, struct emp_time_format *out, size_t *bad)
{
    *out = (struct emp_time_format){0};
    *bad = 0;
    if (!format)
        compile_iso(out);
    else if (!compile_steps(format, out, bad))
        return false;
    else if (layout_steps(out, out->layouts))
        out->layout_count = 1;
    return true;
}
