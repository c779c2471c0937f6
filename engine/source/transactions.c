// SPDX-License-Identifier: Apache-2.0
#include "source/transactions.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "source/chunk_loop.h"
#include "source/chunk_rows.h"
#include "source/file_list.h"

static emp_status prepare(const struct emp_transactions_request *request,
                          struct emp_transactions *out, emp_error *error)
{
    *out = (struct emp_transactions){0};
    emp_status status = emp__file_list(&request->input->files, request->folder, &out->paths, error);
    emp__wanted_columns(request->input, request->tokens, &out->wanted);
    if (status == EMP_OK)
        status = emp__chunk_reader_new(&request->input->format, &out->paths, &out->wanted,
                                       request->options, &out->reader, error);
    if (status == EMP_OK)
        status = emp__reject_log_new(request->threads, &out->rejects, error);
    return status;
}

/* What the threads share. */
struct reading {
    const struct emp_input_file *files;
    struct emp_chunk_worker **workers;
};

static emp_status take(void *user, int thread, const struct emp_chunk *chunk, uint64_t *rows,
                       uint64_t *lines, emp_error *error)
{
    const struct reading *reading = user;
    return emp__chunk_rows(reading->workers[thread], chunk, &reading->files[chunk->file].columns,
                           rows, lines, error);
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
    size_t file_count;
    struct reading reading = {.files = emp__chunk_reader_files(out->reader, &file_count)};
    const struct emp_chunk_taker taker = {&reading, take};
    emp_status status =
        emp__new_array(&reading.workers, (size_t)threads, sizeof *reading.workers, error);
    for (int i = 0; i < threads && status == EMP_OK; i++)
        status = emp__chunk_worker_new(shared, i, &reading.workers[i], error);
    if (status == EMP_OK)
        status = emp__chunks_take(out->reader, threads, &taker, error);
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
    struct emp_chunk_work shared = {.decoder = &decoder, .sink = sink, .rejects = out->rejects};
    status = emp__kernels_choose(&shared.kernels, error);
    if (status != EMP_OK)
        return status;
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

emp_status emp__transactions_bad_rows(const struct emp_transactions *transactions,
                                      emp_status (*visit)(void *user, const struct emp_bad_row *row,
                                                          emp_error *error),
                                      void *user, emp_error *error)
{
    const struct emp_bad_row_visitor visitor = {user, visit};
    const struct emp_bad_rows rows = {transactions->reader, transactions->rejects};
    return emp__bad_rows_each(rows, visitor, error);
}
