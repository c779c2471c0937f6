// SPDX-License-Identifier: Apache-2.0
#include "run/run_history.h"

#include <inttypes.h>
#include <stdlib.h>

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

struct emp_scatter_plan emp__history_plan(const struct emp_params *params,
                                          const emp_options *options)
{
    return (struct emp_scatter_plan){
        .partitions = (size_t)params->general.partitions,
        .threads = emp__thread_count(options),
        .needs = emp__params_needs(params),
    };
}

/* Nothing is lost: what was used stands in the history, in rows and in money. */
static emp_status check_rows(const struct emp_history *history, emp_error *error)
{
    const struct emp_balance *balance = &history->transactions.balance;
    uint64_t read = 0, fates = 0;
    size_t files;
    const struct emp_input_file *file =
        emp__chunk_reader_files(history->transactions.reader, &files);
    for (size_t i = 0; i < files; i++)
        read += file[i].rows;
    for (int i = 0; i < EMP_FATES; i++)
        fates += balance->rows[i];
    uint64_t kept = history->customers.rows;
    bool money = history->customers.money == balance->money[EMP_ROW_USED];
    if (read == fates && kept == balance->rows[EMP_ROW_USED] && money)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_INTERNAL,
                     "the rows do not balance: %" PRIu64 " read, %" PRIu64
                     " accounted for; %" PRIu64 " used, %" PRIu64
                     " in the history, and the money %s",
                     read, fates, balance->rows[EMP_ROW_USED], kept, money ? "agrees" : "differs");
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

static emp_status read_rows(struct emp_history *history, const emp_options *options,
                            struct emp_scatter *scatter, emp_error *error)
{
    struct emp_transactions_request request = emp__history_request(history->params, options);
    struct emp_row_sink sink = emp__scatter_sink(scatter);
    emp_status status = emp__transactions_read(&request, &sink, &history->transactions, error);
    if (status == EMP_OK)
        status = emp__scatter_drain(scatter, error);
    history->analysis_day = analysis_day(history->params, scatter);
    if (status == EMP_OK)
        status = emp__customers_finish(scatter, history->analysis_day, history->store,
                                       &history->customers, error);
    if (status == EMP_OK)
        status = check_rows(history, error);
    return status;
}

static emp_status read_into(struct emp_history *history, const emp_options *options,
                            emp_error *error)
{
    struct emp_scatter_plan plan = emp__history_plan(history->params, options);
    struct emp_run_memory *memory = &history->memory;
    struct emp_scatter *scatter = NULL;
    struct emp_spill *spill = NULL;
    emp_status status = emp__run_memory(history->params, options, &plan, memory, error);
    if (status == EMP_OK)
        status = emp__spill_new(history->temporary_folder, &spill, error);
    if (status == EMP_OK)
        status = emp__store_new(history->temporary_folder, memory->arrays, &history->store, error);
    plan.memory = memory->partitions;
    plan.spill = spill;
    if (status == EMP_OK)
        status = emp__scatter_new(&plan, &scatter, error);
    if (status == EMP_OK)
        status = read_rows(history, options, scatter, error);
    if (status == EMP_OK) {
        history->spilled = emp__spill_bytes(spill);
        emp__store_set_limit(history->store, memory->limit - memory->fixed);
    }
    emp__scatter_free(scatter);
    emp__spill_free(spill);
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

/* The message about too many bad rows, told at the first of them: the visit ends there. */
static emp_status tell_first(void *user, const struct emp_bad_row *row, emp_error *error)
{
    const struct emp_history *history = user;
    emp_row_counts rows = emp_history_rows(history);
    struct emp_place place = {.file = row->path, .line = row->line};
    return emp__fail_at(error, EMP_ERR_DATA, place,
                        "%.*s (the first of %" PRIu64 " bad rows among %" PRIu64
                        "; input.bad_rows.max_share allows a share of %g)",
                        (int)row->reject->reason_length, row->reject->reason, rows.rejected,
                        rows.read, history->params->input.max_bad_share);
}

/* A history without a row is mostly a mistake, and without a date it has no day to look back from.
 */
static emp_status judge_emptiness(const struct emp_history *history, emp_error *error)
{
    emp_row_counts rows = emp_history_rows(history);
    if (rows.used > 0)
        return EMP_OK;
    if (!history->params->input.allow_empty)
        return emp__fail(error, EMP_ERR_DATA,
                         "none of %" PRIu64 " rows can be used (%" PRIu64 " rejected, %" PRIu64
                         " filtered); set input.allow_empty if that is fine",
                         rows.read, rows.rejected, rows.filtered);
    if (history->params->general.analysis_date == EMP_NO_DATE)
        return emp__fail(error, EMP_ERR_DATA,
                         "analysis_date is 'last', but no row has a date: give a date");
    return EMP_OK;
}

emp_status emp__history_judge(const struct emp_history *history, emp_error *error)
{
    emp_row_counts rows = emp_history_rows(history);
    double share = rows.read ? (double)rows.rejected / (double)rows.read : 0;
    if (rows.rejected == 0 || share <= history->params->input.max_bad_share)
        return judge_emptiness(history, error);
    return emp__transactions_bad_rows(&history->transactions, tell_first, (void *)history, error);
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
    emp__customers_free(&history->customers);
    emp__store_free(history->store);
    emp__transactions_free(&history->transactions);
    free(history->temporary_folder);
    free(history);
}

uint64_t emp_history_customers(const emp_history *history)
{
    return history->customers.ids.count;
}

emp_row_counts emp_history_rows(const emp_history *history)
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
