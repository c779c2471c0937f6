// SPDX-License-Identifier: Apache-2.0
#include "source/transactions.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "source/chunk_rows.h"
#include "source/file_list.h"

static emp_status prepare(const struct emp_transactions_request *request,
                          struct emp_transactions *out, emp_error *error)
{
    *out = (struct emp_transactions){0};
    emp_status status = emp__file_list(&request->input->files, request->folder, &out->paths, error);
    emp__wanted_columns(request->input, request->tokens, &out->wanted);
    if (status == EMP_OK)
        status = emp__chunk_reader_new(request->input, &out->paths, &out->wanted, request->options,
                                       &out->reader, error);
    if (status == EMP_OK)
        status = emp__reject_log_new(request->threads, &out->rejects, error);
    return status;
}

/* What the threads share. */
struct reading {
    struct emp_chunk_reader *reader;
    struct emp_chunk_worker **workers;
};

/* One thread's share of the work, until there are no more chunks. */
static emp_status work(void *user, size_t thread, emp_error *error)
{
    const struct reading *reading = user;
    struct emp_chunk chunk = {0};
    size_t file_count;
    const struct emp_input_file *files = emp__chunk_reader_files(reading->reader, &file_count);
    emp_status status;
    for (;;) {
        bool more = false;
        status = emp__chunk_reader_take(reading->reader, &chunk, &more, error);
        if (status != EMP_OK || !more)
            break;
        uint64_t rows = 0, lines = 0;
        status = emp__chunk_rows(reading->workers[thread], &chunk, &files[chunk.file].columns,
                                 &rows, &lines, error);
        emp__chunk_reader_done(reading->reader, &chunk, rows, lines);
        if (status != EMP_OK)
            break;
    }
    if (status != EMP_OK)
        emp__chunk_reader_stop(reading->reader);
    emp__chunk_free(&chunk);
    return status;
}

static void add_balance(struct emp_balance *sum, const struct emp_balance *part)
{
    for (int i = 0; i < EMP_FATES; i++) {
        sum->rows[i] += part->rows[i];
        sum->money[i] += part->money[i];
    }
}

static emp_status read_parallel(const struct emp_chunk_work *shared, struct emp_transactions *out,
                                int threads, emp_error *error)
{
    struct reading reading = {.reader = out->reader};
    emp_status status =
        emp__new_array(&reading.workers, (size_t)threads, sizeof *reading.workers, error);
    for (int i = 0; i < threads && status == EMP_OK; i++)
        status = emp__chunk_worker_new(shared, i, &reading.workers[i], error);
    if (status == EMP_OK)
        status = emp__parallel(threads, (size_t)threads, work, &reading, error);
    emp__chunk_reader_number(out->reader);
    for (int i = 0; reading.workers && i < threads; i++) {
        if (reading.workers[i])
            add_balance(&out->balance, emp__chunk_worker_balance(reading.workers[i]));
        emp__chunk_worker_free(reading.workers[i]);
    }
    free(reading.workers);
    return status;
}

emp_status emp__transactions_read(const struct emp_transactions_request *request,
                                  const struct emp_row_sink *sink, struct emp_transactions *out,
                                  emp_error *error)
{
    emp_status status = prepare(request, out, error);
    if (status != EMP_OK)
        return status;
    struct emp_row_decoder decoder;
    emp__row_decoder_init(&decoder, request->input, &out->wanted, request->analysis_date);
    const char *forced = getenv("EMPTOR_KERNELS");
    struct emp_chunk_work shared = {
        .decoder = &decoder,
        .kernels = emp__text_kernels(forced),
        .sink = sink,
        .rejects = out->rejects,
    };
    if (!shared.kernels)
        return emp__fail(error, EMP_ERR_USAGE,
                         "EMPTOR_KERNELS is '%s'; on this machine it may be plain, portable or the "
                         "name of an instruction set that it has",
                         forced);
    emp__chunk_reader_use(out->reader, shared.kernels);
    return read_parallel(&shared, out, request->threads, error);
}

emp_status emp__transactions_check(const struct emp_transactions_request *request,
                                   struct emp_transactions *out, emp_error *error)
{
    emp_status status = prepare(request, out, error);
    if (status != EMP_OK)
        return status;
    return emp__chunk_reader_check(out->reader, error);
}

void emp__transactions_free(struct emp_transactions *transactions)
{
    emp__chunk_reader_free(transactions->reader);
    emp__reject_log_free(transactions->rejects);
    emp__texts_free(&transactions->paths);
    *transactions = (struct emp_transactions){0};
}

/* Turns a place in a chunk into a place in a file. */
struct placing {
    const struct emp_chunk_reader *reader;
    emp_status (*visit)(void *user, const struct emp_bad_row *row, emp_error *error);
    void *user;
};

static emp_status place_reject(void *user, const struct emp_reject *reject, emp_error *error)
{
    const struct placing *placing = user;
    size_t count;
    const struct emp_input_file *files = emp__chunk_reader_files(placing->reader, &count);
    struct emp_bad_row row = {
        .path = files[emp__chunk_reader_file(placing->reader, reject->chunk)].path,
        .line = emp__chunk_reader_line(placing->reader, reject->chunk) + reject->line,
        .reject = reject,
    };
    return placing->visit(placing->user, &row, error);
}

emp_status emp__transactions_bad_rows(const struct emp_transactions *transactions,
                                      emp_status (*visit)(void *user, const struct emp_bad_row *row,
                                                          emp_error *error),
                                      void *user, emp_error *error)
{
    struct placing placing = {.reader = transactions->reader, .visit = visit, .user = user};
    return emp__reject_log_each(transactions->rejects, place_reject, &placing, error);
}
