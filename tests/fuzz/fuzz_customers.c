// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a customers file. The first byte chooses the delimiter, the marks of numbers, the
 * header and the encoding; the rest is the file.
 *
 * Every row is used or rejected, and every reject has a reason; no value is infinite; levels are in
 * order; and plain kernels find the same as the fastest.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "source/customer_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NUMBER, CATEGORY, COLUMNS };

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* What came out of a file: sums that say whether two readings found the same. */
struct outcome {
    emp_status status;
    struct emp_attribute_rows *rows;
    uint64_t used, rejected, customers, places, missing, levels, reasons;
    double sum;
};

static void add(uint64_t *sum, uint64_t value)
{
    *sum = (*sum ^ value) * UINT64_C(0x9e3779b97f4a7c15);
}

static emp_status take(void *user, int thread, const struct emp_row *rows, size_t count,
                       emp_error *error)
{
    struct outcome *outcome = user;
    (void)thread;
    (void)error;
    for (size_t i = 0; i < count; i++) {
        require(rows[i].amount == EMP_NO_AMOUNT && rows[i].customer != 0);
        require((rows[i].customer_text != NULL) == (rows[i].customer >> 63 == 1));
        add(&outcome->customers, rows[i].customer);
    }
    return EMP_OK;
}

static emp_status visit(void *user, struct emp_attribute_row *row, emp_error *error)
{
    struct outcome *outcome = user;
    (void)error;
    add(&outcome->places, row->place);
    double number = row->values[NUMBER].number;
    require(!isinf(number));
    outcome->missing += isnan(number) ? 1 : 0;
    if (!isnan(number))
        outcome->sum += number / 1e10;
    add(&outcome->levels,
        emp__attribute_rows_level(outcome->rows, 0, CATEGORY, row->values[CATEGORY]));
    return EMP_OK;
}

static emp_status note(void *user, const struct emp_bad_row *row, emp_error *error)
{
    struct outcome *outcome = user;
    (void)error;
    require(row->line > 0 && row->reject->reason_length > 0);
    add(&outcome->reasons, row->line * 1000 + row->reject->reason_length);
    return EMP_OK;
}

static void check_levels(struct emp_attribute_rows *rows, struct outcome *outcome)
{
    struct emp_levels levels = emp__attribute_rows_take_levels(rows, CATEGORY);
    for (size_t i = 0; i < levels.count; i++) {
        require(levels.texts[i][0] != '\0');
        require(i == 0 || strcmp(levels.texts[i - 1], levels.texts[i]) < 0);
        add(&outcome->levels, strlen(levels.texts[i]));
    }
    emp__levels_free(&levels);
}

static void read_file(const struct emp_customer_file_request *request, struct outcome *outcome)
{
    struct emp_attribute_rows *rows;
    struct emp_customer_file file;
    struct emp_row_sink sink = {.user = outcome, .take = take};
    const struct emp_attribute_plan plan = {
        .columns = request->columns, .column_count = COLUMNS, .threads = 1, .memory = UINT64_MAX};
    require(emp__attribute_rows_new(&plan, &rows, NULL) == EMP_OK);
    outcome->rows = rows;
    outcome->status = emp__customer_file_read(request, rows, &sink, &file, NULL);
    if (outcome->status == EMP_OK) {
        const struct emp_bad_rows bad_rows = {file.reader, file.rejects};
        const struct emp_bad_row_visitor visitor = {outcome, note};
        size_t count;
        const struct emp_input_file *files = emp__chunk_reader_files(file.reader, &count);
        require(count == 1 && files[0].rows == file.used + file.rejected);
        const struct emp_attribute_visitor values = {outcome, visit};
        require(emp__attribute_rows_each(rows, 0, values, NULL) == EMP_OK);
        require(emp__bad_rows_each(bad_rows, visitor, NULL) == EMP_OK);
        check_levels(rows, outcome);
        outcome->used = file.used;
        outcome->rejected = file.rejected;
    }
    emp__customer_file_free(&file);
    emp__attribute_rows_free(rows);
}

static bool same(const struct outcome *a, const struct outcome *b)
{
    return a->status == b->status && a->used == b->used && a->rejected == b->rejected &&
           a->customers == b->customers && a->places == b->places && a->missing == b->missing &&
           a->levels == b->levels && a->reasons == b->reasons &&
           memcmp(&a->sum, &b->sum, sizeof a->sum) == 0;
}

/* Reads the file with the plain kernels and with the fastest. */
static void check_file(char *path, uint8_t choice)
{
    static const char delimiters[] = {',', ';', '\t', ' '};
    static char names[3][2] = {"1", "2", "3"}, utf8[] = "utf-8", cyrillic[] = "windows-1251";
    static char na[] = "NA";
    char *missing[] = {na};
    const struct emp_column_ref columns[] = {{.name = names[1], .number = 2},
                                             {.name = names[2], .number = 3}};
    const struct emp_attribute_column wanted[COLUMNS] = {
        [NUMBER] = {&columns[0], EMP_ATTRIBUTE_NUMBER},
        [CATEGORY] = {&columns[1], EMP_ATTRIBUTE_CATEGORY},
    };
    const struct emp_customer_file_params params = {
        .files = {&path, 1},
        .customer = {.name = names[0], .number = 1},
        .format = {.delimiter = delimiters[choice & 3],
                   .decimal = choice & 4 ? ',' : '.',
                   .thousands = choice & 8 ? '\'' : 0,
                   .encoding = choice & 16 ? cyrillic : utf8,
                   .header = choice & 32},
        .missing = {missing, 1},
    };
    const emp_options options = {.threads = 1};
    const struct emp_customer_file_request request = {
        .params = &params,
        .columns = wanted,
        .column_count = COLUMNS,
        .folder = "/",
        .threads = 1,
        .options = &options,
    };
    struct outcome plain = {.status = EMP_OK}, fast = {.status = EMP_OK};
    setenv("EMPTOR_KERNELS", "plain", 1);
    read_file(&request, &plain);
    unsetenv("EMPTOR_KERNELS");
    read_file(&request, &fast);
    require(same(&plain, &fast));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    if (size < 1)
        return 0;
    int file = memfd_create("customers", 0);
    require(file >= 0);
    require(write(file, data + 1, size - 1) == (ssize_t)(size - 1));
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)getpid(), file);
    check_file(path, data[0]);
    close(file);
    return 0;
}
