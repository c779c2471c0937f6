// SPDX-License-Identifier: Apache-2.0
/* Fields read in batches, by every variant that runs here, against the readers of one text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "text/scan.h"

static const char *const names[] = {"plain", "portable", "avx2", "avx512", "avx512_vbmi2"};
enum { VARIANTS = sizeof names / sizeof *names, FIELDS = 61, LONGEST = 40 };

/* Fields side by side, a comma behind each, in a block that ends where the slack does. */
struct column {
    char *text;
    uint32_t marks[FIELDS + 1];
    size_t count, length;
    char bytes[FIELDS * (LONGEST + 1)];
};

static void begin(struct column *column)
{
    column->count = column->length = 0;
    column->marks[0] = UINT32_MAX;
}

static void add(struct column *column, const char *field, size_t length)
{
    memcpy(column->bytes + column->length, field, length);
    column->length += length;
    column->bytes[column->length] = ',';
    column->marks[++column->count] = (uint32_t)column->length++;
}

static struct emp_field_batch finish(struct column *column)
{
    column->text = malloc(column->length + EMP_TEXT_SLACK);
    assert_non_null(column->text);
    memcpy(column->text, column->bytes, column->length);
    memset(column->text + column->length, '7', EMP_TEXT_SLACK);
    return (struct emp_field_batch){column->text, column->marks, 1, column->count};
}

static void fail_field(const struct column *column, size_t i, const char *variant)
{
    size_t from = (uint32_t)(column->marks[i] + 1);
    fail_msg("%s reads '%.*s' wrongly", variant, (int)(column->marks[i + 1] - from),
             column->bytes + from);
}

/* What the batch says of each field, by the rules of its header. */
static bool right_digits(const char *text, size_t length, uint64_t found, bool good)
{
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return !good;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    bool fits = length > 0 && length <= 17;
    return !good || (fits && found == (value << 5 | length));
}

/* `common`: every field must be good. */
static void check_digits(struct column *column, bool common)
{
    struct emp_field_batch batch = finish(column);
    for (int v = 0; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        uint64_t out[FIELDS];
        uint8_t good[FIELDS];
        if (!kernels)
            continue;
        memset(good, 7, sizeof good);
        kernels->batch->digits(&batch, out, good);
        for (size_t i = 0; i < batch.count; i++)
            if (good[i] > 1 || (common && !good[i]) ||
                !right_digits(column->text + emp__batch_begin(&batch, i),
                              emp__batch_length(&batch, i), out[i], good[i]))
                fail_field(column, i, names[v]);
    }
    free(column->text);
}

static void check_decimals(struct column *column, struct emp_decimal_format format, int decimals,
                           bool common)
{
    struct emp_field_batch batch = finish(column);
    for (int v = 0; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        int64_t out[FIELDS], expected = 0;
        uint8_t good[FIELDS];
        if (!kernels)
            continue;
        memset(good, 7, sizeof good);
        kernels->batch->decimals(&batch, format, decimals, out, good);
        for (size_t i = 0; i < batch.count; i++) {
            bool exists = emp__decimal_parse_plain(column->text + emp__batch_begin(&batch, i),
                                                   emp__batch_length(&batch, i), format, decimals,
                                                   &expected) == EMP_DECIMAL_OK;
            if (good[i] > 1 || (good[i] && !(exists && out[i] == expected)) ||
                ((common || v == 0) && exists && !good[i]))
                fail_field(column, i, names[v]);
        }
    }
    free(column->text);
}

static void check_times(struct column *column, const struct emp_time_format *format,
                        const struct emp_time_layout *layout, bool common)
{
    struct emp_field_batch batch = finish(column);
    for (int v = 0; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        int64_t out[FIELDS], expected = 0;
        uint8_t good[FIELDS];
        if (!kernels)
            continue;
        memset(good, 7, sizeof good);
        kernels->batch->times(&batch, layout, out, good);
        for (size_t i = 0; i < batch.count; i++) {
            bool exists = emp__time_parse_plain(format, column->text + emp__batch_begin(&batch, i),
                                                emp__batch_length(&batch, i), &expected);
            if (good[i] > 1 || (good[i] && !(exists && out[i] == expected)) ||
                (common && exists && !good[i]))
                fail_field(column, i, names[v]);
        }
    }
    free(column->text);
}

/* A number of `digits` digits that may begin with zeros. */
static size_t random_digits(uint64_t *seed, size_t digits, char *out)
{
    for (size_t i = 0; i < digits; i++)
        out[i] = (char)('0' + test_random(seed) % 10);
    return digits;
}

static void digits_of_every_length(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 300; round++) {
        struct column column;
        char field[LONGEST];
        bool common = round % 2;
        begin(&column);
        while (column.count < FIELDS - (size_t)round % 5) {
            size_t digits = common ? 1 + test_random(&seed) % 8 : test_random(&seed) % 20;
            size_t length = random_digits(&seed, digits, field);
            if (!common && length > 0 && test_random(&seed) % 16 == 0)
                field[test_random(&seed) % length] = (char)test_random(&seed);
            add(&column, field, length);
        }
        check_digits(&column, common);
    }
}

/* Each byte at each place of a field, which is surrounded by digits. */
static void every_byte_at_every_place(void **state)
{
    (void)state;
    static const char *const fields[] = {"12345678", "1234567890123456", "1234.56",
                                         "-12.34",   "2024-02-28",       "2024-12-31 23:59:59"};
    struct emp_time_format iso;
    size_t bad;
    assert_true(emp__time_compile(NULL, &iso, &bad));
    for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
        for (size_t place = 0; place < strlen(fields[f]); place++)
            for (int first = 0; first < 256; first += 32) {
                struct column column;
                char slack[LONGEST + EMP_TEXT_SLACK] = "";
                memcpy(slack, fields[f], strlen(fields[f]));
                const struct emp_time_layout *layout =
                    emp__time_layout_of(&iso, slack, strlen(fields[f]));
                begin(&column);
                for (int byte = first; byte < first + 32; byte++) {
                    char field[LONGEST];
                    memcpy(field, fields[f], strlen(fields[f]));
                    field[place] = (char)byte;
                    add(&column, field, strlen(fields[f]));
                }
                check_digits(&column, false);
                check_decimals(&column, (struct emp_decimal_format){.mark = '.'}, 2, false);
                if (layout)
                    check_times(&column, &iso, layout, false);
            }
}

static void decimals_at_random(void **state)
{
    (void)state;
    static const struct emp_decimal_format formats[] = {{'.', 0}, {',', ' '}, {'.', ','}};
    uint64_t seed = 2;
    for (int round = 0; round < 2000; round++) {
        struct column column;
        struct emp_decimal_format format = formats[round % 3];
        begin(&column);
        while (column.count < FIELDS - (size_t)round % 5) {
            char field[LONGEST], pool[] = "0123456789-.,+ ";
            size_t length = 0;
            if (test_random(&seed) % 2)
                field[length++] = '-';
            length += random_digits(&seed, test_random(&seed) % 9, field + length);
            if (test_random(&seed) % 4)
                field[length++] = format.mark;
            length += random_digits(&seed, test_random(&seed) % 5, field + length);
            if (length > 0 && test_random(&seed) % 32 == 0)
                field[test_random(&seed) % length] = pool[test_random(&seed) % 15];
            add(&column, field, length);
        }
        check_decimals(&column, format, round % 10, false);
    }
}

/* Every text of up to five bytes of those that matter, at every number of decimals. */
static void every_short_decimal(void **state)
{
    (void)state;
    static const char pool[] = {'1', '0', '.', '-'};
    for (int decimals = 0; decimals <= 9; decimals += 3)
        for (size_t length = 0; length <= 5; length++) {
            size_t texts = (size_t)1 << 2 * length;
            struct column column;
            begin(&column);
            for (size_t t = 0; t < texts; t++) {
                char field[LONGEST];
                for (size_t i = 0; i < length; i++)
                    field[i] = pool[t >> 2 * i & 3];
                /* Usual ones around it: they are read together. */
                add(&column, "2.5", 3);
                add(&column, field, length);
                if (column.count + 2 > FIELDS || t + 1 == texts) {
                    check_decimals(&column, (struct emp_decimal_format){.mark = '.'}, decimals,
                                   false);
                    begin(&column);
                }
            }
        }
}

static void common_decimals_are_read(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int round = 0; round < 200; round++) {
        struct column column;
        begin(&column);
        while (column.count < FIELDS) {
            char field[LONGEST];
            int length =
                sprintf(field, "%s%d.%02d", test_random(&seed) % 5 ? "" : "-",
                        (int)(test_random(&seed) % 100000), (int)(test_random(&seed) % 100));
            add(&column, field, (size_t)length);
        }
        check_decimals(&column, (struct emp_decimal_format){.mark = '.'}, 2, true);
    }
}

static const char *const shapes[] = {"%F",           "%F %T",          "%d.%m.%Y",
                                     "%Y%m%d",       "%m/%d/%Y %H:%M", "%H:%M %d.%m.%Y",
                                     "%Y%m%d%H%M%S", "%d.%m.%Y  %T"};

/* Numbers that are mostly such as a date has. */
static int odd_number(uint64_t *seed, int most, int beyond)
{
    int limit = test_random(seed) % 8 ? most : beyond;
    return (int)(test_random(seed) % ((uint64_t)limit + 1));
}

static size_t random_time(uint64_t *seed, const char *shape, char *out)
{
    int year = test_random(seed) % 8 ? 1970 + odd_number(seed, 80, 80) : odd_number(seed, 9999, 9);
    int month = odd_number(seed, 12, 19), day = odd_number(seed, 31, 39);
    int hour = odd_number(seed, 23, 29), minute = odd_number(seed, 59, 69),
        second = odd_number(seed, 59, 69);
    size_t length = 0;
    for (const char *at = shape; *at; at++) {
        const char *format = *at == '%' ? at++ : NULL;
        int n = 1;
        if (!format)
            out[length] = *at;
        else if (*at == 'F')
            n = sprintf(out + length, "%04d-%02d-%02d", year, month, day);
        else if (*at == 'T')
            n = sprintf(out + length, "%02d:%02d:%02d", hour, minute, second);
        else
            n = sprintf(out + length, *at == 'Y' ? "%04d" : "%02d",
                        *at == 'Y'   ? year
                        : *at == 'm' ? month
                        : *at == 'd' ? day
                        : *at == 'H' ? hour
                        : *at == 'M' ? minute
                                     : second);
        length += (size_t)n;
    }
    return length;
}

static void times_of_every_shape(void **state)
{
    (void)state;
    uint64_t seed = 4;
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        struct emp_time_format format;
        size_t bad;
        assert_true(emp__time_compile(shapes[s], &format, &bad));
        assert_int_equal(format.layout_count, 1);
        for (int round = 0; round < 1000; round++) {
            struct column column;
            begin(&column);
            while (column.count < FIELDS - (size_t)round % 5) {
                char field[LONGEST];
                size_t length = random_time(&seed, shapes[s], field);
                if (test_random(&seed) % 64 == 0)
                    field[test_random(&seed) % length] = (char)test_random(&seed);
                add(&column, field, length - (test_random(&seed) % 64 == 0));
            }
            check_times(&column, &format, format.layouts, false);
        }
    }
}

/* Every day of 800 years; the four years around a turn of a century are among them. */
static void every_day(void **state)
{
    (void)state;
    struct emp_time_format format;
    size_t bad;
    assert_true(emp__time_compile("%F", &format, &bad));
    struct column column;
    begin(&column);
    for (int year = 1600; year < 2400; year++)
        for (int day = 0; day < 12 * 31; day++) {
            char field[LONGEST];
            add(&column, field,
                (size_t)sprintf(field, "%04d-%02d-%02d", year, day / 31 + 1, day % 31 + 1));
            if (column.count < FIELDS)
                continue;
            check_times(&column, &format, format.layouts, true);
            begin(&column);
        }
}

/* The fields of one column among three. */
static void a_column_of_several(void **state)
{
    (void)state;
    char text[3 * 6 + EMP_TEXT_SLACK] = "11,12\n21,22\n31,32\n";
    uint32_t marks[] = {UINT32_MAX, 2, 5, 8, 11, 14, 17};
    for (int v = 0; v < VARIANTS; v++) {
        const struct emp_text_kernels *kernels = emp__text_kernels(names[v]);
        if (!kernels)
            continue;
        for (size_t c = 0; c < 2; c++) {
            struct emp_field_batch batch = {text, marks + c, 2, 3};
            uint64_t out[3];
            uint8_t good[3];
            kernels->batch->digits(&batch, out, good);
            for (size_t i = 0; i < 3; i++) {
                assert_true(good[i]);
                assert_int_equal(out[i] >> 5, 10 * (i + 1) + c + 1);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_of_every_length),
        cmocka_unit_test(every_byte_at_every_place),
        cmocka_unit_test(decimals_at_random),
        cmocka_unit_test(every_short_decimal),
        cmocka_unit_test(common_decimals_are_read),
        cmocka_unit_test(times_of_every_shape),
        cmocka_unit_test(every_day),
        cmocka_unit_test(a_column_of_several),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
