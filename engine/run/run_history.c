// SPDX-License-Identifier: Apache-2.0
#include "run/run_history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/path.h"

struct emp_transactions_request emp__history_request(const struct emp_params *params,
                                                     const emp_options *options)
{
    return (struct emp_transactions_request){
        .input = &params->input,
        .folder = params->folder,
        .analysis_date = params->general.analysis_date,
        .tokens = emp__needs_tokens(emp__params_needs(params)),
        .threads = emp__thread_count(options),
        .options = options,
    };
}

struct emp_customer_file_request emp__history_customer_request(const struct emp_params *params,
                                                               const emp_options *options)
{
    return (struct emp_customer_file_request){
        .params = &params->input.customers,
        .columns = params->attributes.columns,
        .column_count = params->attributes.count,
        .folder = params->folder,
        .threads = emp__thread_count(options),
        .options = options,
    };
}

struct emp_scatter_plan emp__history_plan(const struct emp_params *params,
                                          const emp_options *options)
{
    return (struct emp_scatter_plan){
        .partitions = (size_t)params->general.partitions,
        .threads = emp__thread_count(options),
        .needs = emp__params_needs(params),
    };
}

static emp_row_counts transaction_rows(const struct emp_history *history)
{
    const struct emp_balance *balance = &history->transactions.balance;
    emp_row_counts counts = {
        .used = balance->rows[EMP_ROW_USED],
        .rejected = balance->rows[EMP_ROW_REJECTED],
    };
    for (int i = 0; i < EMP_FATES; i++)
        counts.read += balance->rows[i];
    counts.filtered = counts.read - counts.used - counts.rejected;
    return counts;
}

static emp_row_counts customer_file_rows(const struct emp_history *history)
{
    const struct emp_customer_file *file = &history->customer_file;
    return (emp_row_counts){
        .read = file->used + file->rejected, .used = file->used, .rejected = file->rejected};
}

size_t emp__history_inputs(const struct emp_history *history,
                           struct emp_history_input out[EMP_HISTORY_INPUTS])
{
    const struct emp_input_params *params = &history->params->input;
    size_t count = 0;
    if (emp__has_transactions(params))
        out[count++] = (struct emp_history_input){
            .name = "transactions",
            .encoding = params->format.encoding,
            .bad_rows = {history->transactions.reader, history->transactions.rejects},
            .rows = transaction_rows(history),
        };
    if (emp__has_customer_file(params))
        out[count++] = (struct emp_history_input){
            .name = "customers",
            .encoding = params->customers.format.encoding,
            .bad_rows = {history->customer_file.reader, history->customer_file.rejects},
            .rows = customer_file_rows(history),
        };
    for (size_t i = 0; i < count; i++)
        out[i].files = emp__chunk_reader_files(out[i].bad_rows.reader, &out[i].file_count);
    return count;
}

uint64_t emp__history_rejected(const struct emp_history *history)
{
    struct emp_history_input inputs[EMP_HISTORY_INPUTS];
    uint64_t rejected = 0;
    for (size_t i = emp__history_inputs(history, inputs); i > 0; i--)
        rejected += inputs[i - 1].rows.rejected;
    return rejected;
}

/* Every row of the files has its fate. */
static emp_status check_input(const struct emp_history_input *input, emp_error *error)
{
    uint64_t read = 0;
    for (size_t i = 0; i < input->file_count; i++)
        read += input->files[i].rows;
    if (read == input->rows.read)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_INTERNAL,
                     "the rows of input.%s do not balance: %" PRIu64 " read, %" PRIu64
                     " accounted for",
                     input->name, read, input->rows.read);
}

/* Nothing is lost: what was used stands in the history, in rows and in money. */
static emp_status check_rows(const struct emp_history *history, emp_error *error)
{
    struct emp_history_input inputs[EMP_HISTORY_INPUTS];
    size_t count = emp__history_inputs(history, inputs);
    const struct emp_balance *balance = &history->transactions.balance;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = check_input(&inputs[i], error);
    if (status != EMP_OK)
        return status;
    uint64_t used = balance->rows[EMP_ROW_USED], kept = history->customers.rows;
    bool money = history->customers.money == balance->money[EMP_ROW_USED];
    if (kept != used || !money)
        return emp__fail(error, EMP_ERR_INTERNAL,
                         "the rows do not balance: %" PRIu64 " used, %" PRIu64
                         " in the history, and the money %s",
                         used, kept, money ? "agrees" : "differs");
    if (history->attributes.customers != history->customer_file.used)
        return emp__fail(error, EMP_ERR_INTERNAL,
                         "the customers file does not balance: %" PRIu64
                         " rows used, but %zu customers have one",
                         history->customer_file.used, history->attributes.customers);
    return EMP_OK;
}

/* `last`: the day after the last transaction, or none if there is no transaction. */
static int32_t analysis_day(const struct emp_params *params, const struct emp_scatter *scatter)
{
    int64_t given = params->general.analysis_date;
    if (given != EMP_NO_DATE)
        return (int32_t)given;
    int32_t last = emp__scatter_last_day(scatter);
    return last == EMP_NO_DAY ? EMP_NO_DAY : last + 1;
}

/* What there is while rows are read. */
struct reading {
    struct emp_history *history;
    const emp_options *options;
    struct emp_spill *spill;
    struct emp_scatter *scatter;
    struct emp_attribute_rows *attributes; /* NULL: there is no customers file */
};

/* The customers file comes first: its rows only say which customers there are. */
static emp_status read_customer_file(struct reading *reading, emp_error *error)
{
    struct emp_history *history = reading->history;
    struct emp_customer_file_request request =
        emp__history_customer_request(history->params, reading->options);
    struct emp_row_sink sink = emp__scatter_sink(reading->scatter);
    struct emp_attribute_plan plan = {
        .columns = request.columns,
        .column_count = request.column_count,
        .threads = request.threads,
        .memory = history->memory.file_rows,
        .spill = reading->spill,
    };
    emp_status status = emp__attribute_rows_new(&plan, &reading->attributes, error);
    if (status == EMP_OK)
        status = emp__customer_file_read(&request, reading->attributes, &sink,
                                         &history->customer_file, error);
    return status == EMP_OK ? emp__scatter_hand_over(reading->scatter, error) : status;
}

static emp_status read_transactions(struct reading *reading, emp_error *error)
{
    struct emp_history *history = reading->history;
    struct emp_transactions_request request =
        emp__history_request(history->params, reading->options);
    struct emp_row_sink sink = emp__scatter_sink(reading->scatter);
    return emp__transactions_read(&request, &sink, &history->transactions, error);
}

/* From rows to customers; the partitions are gone then. */
static emp_status read_rows(struct reading *reading, emp_error *error)
{
    struct emp_history *history = reading->history;
    const struct emp_input_params *input = &history->params->input;
    emp_status status = EMP_OK;
    if (emp__has_customer_file(input))
        status = read_customer_file(reading, error);
    if (status == EMP_OK && emp__has_transactions(input))
        status = read_transactions(reading, error);
    if (status == EMP_OK)
        status = emp__scatter_drain(reading->scatter, error);
    history->analysis_day = analysis_day(history->params, reading->scatter);
    struct emp_cutoffs cutoffs;
    if (status == EMP_OK)
        status = emp__params_cutoffs(history->params, history->analysis_day, &cutoffs, error);
    if (status == EMP_OK)
        status = emp__customers_finish(reading->scatter, &cutoffs, history->store,
                                       &history->customers, error);
    emp__scatter_free(reading->scatter);
    reading->scatter = NULL;
    return status;
}

/* The columns of the customers file to the customers. */
static emp_status join_attributes(struct reading *reading, emp_error *error)
{
    struct emp_history *history = reading->history;
    const struct emp_run_memory *memory = &history->memory;
    emp__store_set_limit(history->store, memory->limit - memory->fixed - memory->file_rows);
    return emp__attributes_join(&history->customers, &history->customer_file, reading->attributes,
                                &history->params->attributes, &history->attributes, error);
}

/*
 * What the store may keep in memory once all is read. Where the customers lie in files, a walk in
 * order of id is at one place of each partition at once, and the kernel maps so much around a place
 * that is read, of each of two arrays.
 */
static uint64_t memory_for_results(const struct emp_history *history, size_t partitions)
{
    enum { MAPPED_AROUND = 16 * 4096, ARRAYS = 2 };
    uint64_t rest = history->memory.limit - history->memory.fixed;
    uint64_t mapped = (uint64_t)partitions * ARRAYS * MAPPED_AROUND;
    if (emp__store_file_bytes(history->store) == 0)
        return rest;
    return rest > mapped ? rest - mapped : 0;
}

static emp_status read_all(struct reading *reading, emp_error *error)
{
    struct emp_history *history = reading->history;
    const struct emp_run_memory *memory = &history->memory;
    struct emp_scatter_plan plan = emp__history_plan(history->params, reading->options);
    plan.memory = memory->partitions;
    plan.spill = reading->spill;
    emp_status status = emp__scatter_new(&plan, &reading->scatter, error);
    if (status == EMP_OK)
        status = read_rows(reading, error);
    if (status == EMP_OK && reading->attributes)
        status = join_attributes(reading, error);
    if (status == EMP_OK)
        status = check_rows(history, error);
    if (status != EMP_OK)
        return status;
    history->spilled = emp__spill_bytes(reading->spill);
    emp__store_set_limit(history->store, memory_for_results(history, plan.partitions));
    return EMP_OK;
}

static emp_status read_into(struct emp_history *history, const emp_options *options,
                            emp_error *error)
{
    struct reading reading = {.history = history, .options = options};
    struct emp_scatter_plan plan = emp__history_plan(history->params, options);
    struct emp_run_memory *memory = &history->memory;
    emp_status status = emp__run_memory(history->params, options, &plan, memory, error);
    if (status == EMP_OK)
        status = emp__spill_new(history->temporary_folder, &reading.spill, error);
    if (status == EMP_OK)
        status = emp__store_new(history->temporary_folder, memory->arrays, &history->store, error);
    if (status == EMP_OK)
        status = read_all(&reading, error);
    emp__scatter_free(reading.scatter);
    emp__attribute_rows_free(reading.attributes);
    emp__spill_free(reading.spill);
    return status;
}

/* Files that are made for want of memory go where the run folder goes, unless told otherwise. */
static emp_status temporary_folder(const struct emp_params *params, const char *target, char **out,
                                   emp_error *error)
{
    const char *given = params->general.temporary_folder;
    return given ? emp__path_from(params->folder, given, out, error)
                 : emp__path_above(target, out, error);
}

emp_status emp__history_read_all(const struct emp_params *params, const emp_options *options,
                                 const char *target, struct emp_history **out, emp_error *error)
{
    struct emp_history *history = NULL;
    emp_status status = emp__new_array(&history, 1, sizeof *history, error);
    if (status != EMP_OK)
        return status;
    history->params = params;
    status = temporary_folder(params, target, &history->temporary_folder, error);
    if (status == EMP_OK)
        status = read_into(history, options, error);
    if (status == EMP_OK)
        *out = history;
    else
        emp_history_free(history);
    return status;
}

uint64_t emp__history_spilled(const struct emp_history *history)
{
    return history->spilled + emp__store_file_bytes(history->store);
}

/* What is said of too many bad rows. */
struct verdict {
    const struct emp_history_input *input;
    double max_share;
};

/* Told at the first of them: the visit ends there. */
static emp_status tell_first(void *user, const struct emp_bad_row *row, emp_error *error)
{
    const struct verdict *verdict = user;
    const emp_row_counts *rows = &verdict->input->rows;
    struct emp_place place = {.file = row->path, .line = row->line};
    return emp__fail_at(error, EMP_ERR_DATA, place,
                        "%.*s (the first of %" PRIu64 " bad rows among %" PRIu64
                        "; input.bad_rows.max_share allows a share of %g)",
                        (int)row->reject->reason_length, row->reject->reason, rows->rejected,
                        rows->read, verdict->max_share);
}

static emp_status judge_share(const struct emp_history_input *input, double max_share,
                              emp_error *error)
{
    const emp_row_counts *rows = &input->rows;
    double share = rows->read ? (double)rows->rejected / (double)rows->read : 0;
    struct verdict verdict = {input, max_share};
    const struct emp_bad_row_visitor visitor = {&verdict, tell_first};
    if (rows->rejected == 0 || share <= max_share)
        return EMP_OK;
    return emp__bad_rows_each(input->bad_rows, visitor, error);
}

/* An input without a row is mostly a mistake. */
static emp_status judge_emptiness(const struct emp_history_input *input, bool allow_empty,
                                  emp_error *error)
{
    const emp_row_counts *rows = &input->rows;
    if (rows->used > 0 || allow_empty)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_DATA,
                     "none of %" PRIu64 " rows%s can be used (%" PRIu64 " rejected, %" PRIu64
                     " filtered); set input.allow_empty if that is fine",
                     rows->read,
                     strcmp(input->name, "customers") == 0 ? " of the customers file" : "",
                     rows->rejected, rows->filtered);
}

emp_status emp__history_judge(const struct emp_history *history, emp_error *error)
{
    const struct emp_input_params *params = &history->params->input;
    struct emp_history_input inputs[EMP_HISTORY_INPUTS];
    size_t count = emp__history_inputs(history, inputs);
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = judge_share(&inputs[i], params->max_bad_share, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = judge_emptiness(&inputs[i], params->allow_empty, error);
    bool dated = history->analysis_day != EMP_NO_DAY;
    if (status == EMP_OK && !dated && emp__params_needs(history->params).transactions)
        return emp__fail(error, EMP_ERR_DATA,
                         "analysis_date is 'last', but no row has a date: give a date");
    return status;
}

emp_status emp_history_read(const emp_params *params, const emp_options *options, emp_history **out,
                            emp_error *error)
{
    struct emp_history *history = NULL;
    emp_status status = emp__history_read_all(params, options, params->output, &history, error);
    if (status != EMP_OK)
        return status;
    status = emp__history_judge(history, error);
    if (status == EMP_OK)
        *out = history;
    else
        emp_history_free(history);
    return status;
}

void emp_history_free(emp_history *history)
{
    if (!history)
        return;
    emp__attributes_free(&history->attributes, history->store);
    emp__customers_free(&history->customers);
    emp__store_free(history->store);
    emp__transactions_free(&history->transactions);
    emp__customer_file_free(&history->customer_file);
    free(history->temporary_folder);
    free(history);
}

uint64_t emp_history_customers(const emp_history *history)
{
    return history->customers.ids.count;
}

emp_row_counts emp_history_rows(const emp_history *history)
{
    return emp__has_transactions(&history->params->input) ? transaction_rows(history)
                                                          : customer_file_rows(history);
}
