// SPDX-License-Identifier: Apache-2.0
/* Reads transactions through engine/source into text that a test can compare. Include cmocka first.
 */
#ifndef EMP_TESTS_TEST_SOURCE_H
#define EMP_TESTS_TEST_SOURCE_H

#include <inttypes.h>
#include <pthread.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "run/run_history.h"
#include "source/ids.h"
#include "test_folder.h"
#include "text/civil_time.h"
#include "text/number_format.h"

/* One reading: what the parameters were, what came of it. */
struct test_reading {
    emp_params *params;
    emp_options options;
    struct emp_transactions transactions;
    emp_status status;
    emp_error error;
    pthread_mutex_t lock;
    char **rows; /* "CUSTOMER DATE SECONDS AMOUNT ORDER pPRODUCT cCHANNEL", sorted bytewise; without
                    a time no SECONDS, and no tokens that are 0 */
    size_t count, capacity;
    struct emp_buffer
        rejects; /* a line "LINE REASON" for each; of other files "NAME:LINE REASON" */
};

static inline char *test_row_text(const struct emp_row *row)
{
    char digits[24], day_text[16], *text;
    size_t id_length = row->customer_length;
    const char *id = row->customer_text;
    if (!id) {
        id = digits;
        id_length = emp__id_print_digits(row->customer, digits);
    }
    int64_t day = emp__day_of_seconds(row->time), clock = row->time - day * EMP_DAY_SECONDS;
    day_text[emp__format_date(day, day_text)] = 0;
    text = malloc(id_length + 100);
    assert_non_null(text);
    memcpy(text, id, id_length);
    int n = sprintf(text + id_length, " %s", day_text);
    if (clock)
        n += sprintf(text + id_length + n, " %" PRId64, clock);
    n += sprintf(text + id_length + n, " %" PRId64, row->amount);
    for (int t = 0; t < EMP_TOKENS; t++)
        if (row->token[t])
            n += sprintf(text + id_length + n, " %s%" PRIx64, (const char *[]){"", "p", "c"}[t],
                         row->token[t]);
    return text;
}

static inline emp_status test_take(void *user, int thread, const struct emp_row *rows, size_t count,
                                   emp_error *error)
{
    struct test_reading *reading = user;
    (void)thread;
    pthread_mutex_lock(&reading->lock);
    emp_status status = emp__grow_array(&reading->rows, &reading->capacity, reading->count + count,
                                        sizeof *reading->rows, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        reading->rows[reading->count++] = test_row_text(&rows[i]);
    pthread_mutex_unlock(&reading->lock);
    return status;
}

static inline emp_status test_take_columns(void *user, int thread,
                                           const struct emp_row_columns *columns, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < columns->count && status == EMP_OK; i++) {
        const struct emp_row row = {.customer = columns->customer[i],
                                    .time = columns->time[i],
                                    .amount = columns->amount[i]};
        status = test_take(user, thread, &row, 1, error);
    }
    return status;
}

static inline int test_compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static inline emp_status test_note_reject(void *user, const struct emp_bad_row *row,
                                          emp_error *error)
{
    struct test_reading *reading = user;
    const char *slash = strrchr(row->path, '/');
    const char *name = slash ? slash + 1 : row->path;
    bool first = strcmp(name, "a.csv") == 0;
    return emp__buffer_printf(&reading->rejects, error, "%s%s%" PRIu64 " %.*s\n", first ? "" : name,
                              first ? "" : ":", row->line, (int)row->reject->reason_length,
                              row->reject->reason);
}

/* What `read` of the balance is: all fates together, which must be the rows of all files. */
static inline uint64_t test_rows_read(const struct test_reading *reading)
{
    uint64_t fates = 0, rows = 0;
    size_t count;
    const struct emp_input_file *files =
        emp__chunk_reader_files(reading->transactions.reader, &count);
    for (int i = 0; i < EMP_FATES; i++)
        fates += reading->transactions.balance.rows[i];
    for (size_t i = 0; i < count; i++)
        rows += files[i].rows;
    assert_int_equal(fates, rows);
    assert_int_equal(reading->count, reading->transactions.balance.rows[EMP_ROW_USED]);
    return rows;
}

/* Reads what `yaml` says, its files being relative to `folder`. The parameters must be right. */
static inline struct test_reading *test_read(const struct test_folder *folder, const char *yaml,
                                             int threads)
{
    struct test_reading *reading = calloc(1, sizeof *reading);
    assert_non_null(reading);
    test_write_text(folder, "params.yaml", yaml);
    pthread_mutex_init(&reading->lock, NULL);
    reading->options.threads = threads;
    if (emp_params_load(test_path(folder, "params.yaml").text, NULL, 0, &reading->params,
                        &reading->error) != EMP_OK)
        fail_msg("parameters: line %d: %s", (int)reading->error.line, reading->error.message);
    struct emp_transactions_request request =
        emp__history_request(reading->params, &reading->options);
    const struct emp_row_sink sink = {reading, test_take, test_take_columns};
    reading->status =
        emp__transactions_read(&request, &sink, &reading->transactions, &reading->error);
    if (reading->status != EMP_OK)
        return reading;
    if (reading->count > 1)
        qsort(reading->rows, reading->count, sizeof *reading->rows, test_compare_texts);
    assert_int_equal(emp__transactions_bad_rows(&reading->transactions, test_note_reject, reading,
                                                &reading->error),
                     EMP_OK);
    (void)test_rows_read(reading);
    return reading;
}

static inline void test_reading_free(struct test_reading *reading)
{
    emp__transactions_free(&reading->transactions);
    for (size_t i = 0; i < reading->count; i++)
        free(reading->rows[i]);
    free(reading->rows);
    emp__buffer_free(&reading->rejects);
    emp_params_free(reading->params);
    pthread_mutex_destroy(&reading->lock);
    free(reading);
}

/* `rows` is one text: the sorted rows, each with a line feed behind it. */
static inline void test_expect_rows(const struct test_reading *reading, const char *rows)
{
    struct emp_buffer all = {0};
    if (reading->status != EMP_OK)
        fail_msg("not read: %s", reading->error.message);
    assert_int_equal(emp__buffer_text(&all, "", NULL), EMP_OK);
    for (size_t i = 0; i < reading->count; i++)
        assert_int_equal(emp__buffer_printf(&all, NULL, "%s\n", reading->rows[i]), EMP_OK);
    assert_string_equal(all.data ? all.data : "", rows);
    emp__buffer_free(&all);
}

static inline void test_expect_rejects(const struct test_reading *reading, const char *rejects)
{
    assert_string_equal(reading->rejects.data ? reading->rejects.data : "", rejects);
}

/* The usual parameters: a.csv with the columns id, day and sum; `more` lines of transactions. */
#define TEST_YAML(more)                                                                            \
    "input:\n"                                                                                     \
    "  transactions:\n"                                                                            \
    "    files: [a.csv]\n"                                                                         \
    "    columns: {customer: id, time: day, amount: sum}\n" more "  bad_rows: {max_share: 1}\n"    \
    "rfm: {}\n"

#endif
