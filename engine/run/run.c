// SPDX-License-Identifier: Apache-2.0
/* A whole run, in the order of the data: read, analyse, write, put in place. */
#include <emptor/run.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/error.h"
#include "base/machine.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "run/manifest.h"
#include "sink/csv_writer.h"
#include "sink/json_writer.h"
#include "sink/reject_writer.h"
#include "sink/run_folder.h"

/* Nothing is lost on the way from the history to the tables, neither a customer nor a cent. */
static emp_status check_stages(const struct emp_result *result, const emp_history *history,
                               emp_error *error)
{
    const struct emp_customers *customers = &history->customers;
    for (size_t i = 0; i < result->account_count; i++) {
        const struct emp_account *stage = &result->accounts[i];
        if (stage->customers == customers->ids.count && stage->money == customers->money)
            continue;
        return emp__fail(error, EMP_ERR_INTERNAL,
                         "'%s' does not balance: %" PRIu64 " customers of %zu, and the money %s",
                         stage->name, stage->customers, customers->ids.count,
                         stage->money == customers->money ? "agrees" : "differs");
    }
    return EMP_OK;
}

emp_status emp_analyse(const emp_params *params, const emp_history *history,
                       const emp_options *options, emp_result **out, emp_error *error)
{
    struct emp_result *result = NULL;
    int threads = emp__thread_count(options);
    emp_status status = emp__result_new(&history->customers, threads, &result, error);
    for (size_t i = 0; emp__analyses[i] && status == EMP_OK; i++) {
        if (!params->sections[i])
            continue;
        struct emp_analysis_input input = {
            .kind = emp__analyses[i]->kind,
            .section = params->sections[i],
            .parameters = emp__node_get(params->root, emp__analyses[i]->schema->section),
            .input = &params->input,
            .customers = &history->customers,
            .attributes = emp__has_customer_file(&params->input) ? &history->attributes : NULL,
            .by_id = result->by_id,
            .analysis_day = history->analysis_day,
            .threads = threads,
            .seed = (uint64_t)params->general.seed,
            .folder = params->folder,
            .options = options,
        };
        status = params->models[i]
                     ? emp__analyses[i]->score(&input, params->models[i], result, error)
                     : emp__analyses[i]->run(&input, result, error);
    }
    if (status == EMP_OK)
        status = check_stages(result, history, error);
    if (status == EMP_OK)
        *out = result;
    else
        emp_result_free(result);
    return status;
}

/* What is on its way through a run. */
struct run {
    const struct emp_params *params;
    const emp_options *options;
    const char *target;
    struct emp_run_folder *folder;
    struct emp_history *history;
    struct emp_result *result;
    struct emp_timings timings;
};

/* "OUT.rejects.csv": where the bad rows are listed if they make the run fail. */
static emp_status sidecar_path(const char *target, char **out, emp_error *error)
{
    size_t length = strlen(target);
    while (length > 1 && target[length - 1] == '/')
        length--;
    return emp__format_text(out, error, "%.*s.rejects.csv", (int)length, target);
}

static emp_status write_rejects(const struct run *run, const char *path, emp_error *error)
{
    struct emp_history_input inputs[EMP_HISTORY_INPUTS];
    struct emp_bad_rows bad_rows[EMP_HISTORY_INPUTS];
    size_t count = emp__history_inputs(run->history, inputs);
    for (size_t i = 0; i < count; i++)
        bad_rows[i] = inputs[i].bad_rows;
    return emp__rejects_write(path, bad_rows, count, error);
}

/* Written beside and renamed, so that it is whole too. */
static emp_status write_sidecar(const struct run *run, const char *path, emp_error *error)
{
    char *unfinished = NULL;
    emp_status status = emp__format_text(&unfinished, error, "%s.part", path);
    if (status == EMP_OK)
        status = write_rejects(run, unfinished, error);
    if (status == EMP_OK && rename(unfinished, path) != 0)
        status = emp__fail_errno(error, EMP_ERR_IO, path, "rename to");
    if (status != EMP_OK && unfinished)
        unlink(unfinished);
    free(unfinished);
    return status;
}

/* Too many bad rows: the run fails, but not without saying which they are. */
static emp_status judge(const struct run *run, emp_error *error)
{
    char text[512];
    emp_error verdict = {0}, trouble = {0};
    emp_status status = emp__history_judge(run->history, &verdict);
    if (status == EMP_OK)
        return EMP_OK;
    char *path = NULL;
    bool listed = status == EMP_ERR_DATA && emp__history_rejected(run->history) > 0;
    emp_status written = listed ? sidecar_path(run->target, &path, &trouble) : status;
    if (written == EMP_OK)
        written = write_sidecar(run, path, &trouble);
    size_t length = strlen(verdict.message);
    if (written == EMP_OK)
        snprintf(verdict.message + length, sizeof verdict.message - length,
                 "; all are listed in %s", path);
    else if (listed)
        snprintf(verdict.message + length, sizeof verdict.message - length,
                 "; and the list of them failed: %.400s",
                 emp_error_text(&trouble, text, sizeof text));
    if (error)
        *error = verdict;
    free(path);
    return status;
}

/* The list that a failed run has left is out of date once a run succeeds. */
static void remove_sidecar(const struct run *run)
{
    char *path = NULL;
    if (sidecar_path(run->target, &path, NULL) == EMP_OK)
        unlink(path);
    free(path);
}

static void say(const struct run *run, emp_log_level level, const char *message)
{
    if (run->options->log)
        run->options->log(run->options->user, level, message);
}

static emp_status write_table(const struct run *run, const struct emp_table *table,
                              emp_error *error)
{
    char name[256], *path = NULL;
    snprintf(name, sizeof name, "%s.csv", table->name);
    emp_status status = emp__check_cancelled(run->options, error);
    if (status == EMP_OK)
        status = emp__run_folder_file(run->folder, name, &path, error);
    if (status == EMP_OK)
        status = emp__csv_write(path, table, run->timings.threads, error);
    free(path);
    return status;
}

/* models/NAME.json */
static emp_status write_model(const struct run *run, const struct emp_result_model *model,
                              emp_error *error)
{
    char name[256], *path = NULL;
    snprintf(name, sizeof name, "models/%s.json", model->name);
    emp_status status = emp__run_folder_file(run->folder, name, &path, error);
    if (status == EMP_OK)
        status = emp__json_write(path, model->json, error);
    free(path);
    return status;
}

static emp_status warn_of_input(const struct emp_history_input *input, struct emp_result *result,
                                emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < input->file_count && status == EMP_OK; i++)
        if (input->files[i].replacements > 0)
            status = emp__result_warn(result, error,
                                      "%s: %" PRIu64 " byte sequences are not %s; U+FFFD stands "
                                      "in their place",
                                      input->files[i].path, input->files[i].replacements,
                                      input->encoding);
    return status;
}

/* Files whose bytes were not all of the declared encoding: a warning each. */
static emp_status warn_of_replacements(const struct run *run, struct emp_result *result,
                                       emp_error *error)
{
    struct emp_history_input inputs[EMP_HISTORY_INPUTS];
    size_t count = emp__history_inputs(run->history, inputs);
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = warn_of_input(&inputs[i], result, error);
    return status;
}

static emp_status write_all(struct run *run, double begun, emp_error *error)
{
    char *rejects = NULL, *manifest_path = NULL;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < run->result->table_count && status == EMP_OK; i++)
        status = write_table(run, run->result->tables[i], error);
    for (size_t i = 0; i < run->result->model_count && status == EMP_OK; i++)
        status = write_model(run, &run->result->models[i], error);
    if (status == EMP_OK)
        status = emp__run_folder_file(run->folder, "rejects.csv", &rejects, error);
    if (status == EMP_OK)
        status = write_rejects(run, rejects, error);
    if (status == EMP_OK)
        status = emp__run_folder_file(run->folder, EMP_RUN_FILE, &manifest_path, error);
    if (status == EMP_OK) {
        run->timings.write = emp__clock_seconds() - begun;
        struct emp_manifest manifest = {run->history, run->result, run->timings};
        status = emp__manifest_write(&manifest, manifest_path, error);
    }
    free(manifest_path);
    free(rejects);
    return status;
}

/* Reads, judges and analyses. */
static emp_status compute(struct run *run, emp_error *error)
{
    double begun = emp__clock_seconds();
    say(run, EMP_LOG_INFO, "reading");
    emp_status status =
        emp__history_read_all(run->params, run->options, run->target, &run->history, error);
    if (status == EMP_OK)
        status = judge(run, error);
    run->timings.read = emp__clock_seconds() - begun;
    begun = emp__clock_seconds();
    if (status == EMP_OK)
        say(run, EMP_LOG_INFO, "analysing");
    if (status == EMP_OK)
        status = emp_analyse(run->params, run->history, run->options, &run->result, error);
    if (status == EMP_OK)
        status = warn_of_replacements(run, run->result, error);
    run->timings.analyse = emp__clock_seconds() - begun;
    return status;
}

static emp_status finish(struct run *run, emp_error *error)
{
    say(run, EMP_LOG_INFO, "writing");
    emp_status status = write_all(run, emp__clock_seconds(), error);
    if (status == EMP_OK)
        status = emp__check_cancelled(run->options, error);
    if (status == EMP_OK)
        status = emp__run_folder_commit(run->folder, error);
    if (status != EMP_OK)
        return status;
    remove_sidecar(run);
    for (size_t i = 0; i < run->result->warning_count; i++)
        say(run, EMP_LOG_WARNING, run->result->warnings[i]);
    return EMP_OK;
}

static emp_run_report summarise(const struct emp_history *history)
{
    emp_run_report report = {
        .rows = emp_history_rows(history),
        .customers = emp_history_customers(history),
    };
    struct emp_history_input inputs[EMP_HISTORY_INPUTS];
    size_t count = emp__history_inputs(history, inputs);
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < inputs[i].file_count; f++)
            report.bytes += inputs[i].files[f].bytes;
    return report;
}

emp_status emp_run(const emp_params *params, const emp_options *options, const char *folder,
                   emp_run_report *report, emp_error *error)
{
    struct run run = {
        .params = params,
        .options = options,
        .target = folder ? folder : emp_params_folder(params),
        .timings = {.threads = emp__thread_count(options)},
    };
    emp_status status = emp__run_folder_begin(run.target, &run.folder, error);
    if (status == EMP_OK)
        status = compute(&run, error);
    if (status == EMP_OK)
        status = finish(&run, error);
    if (status == EMP_OK && report)
        *report = summarise(run.history);
    emp__run_folder_abandon(run.folder);
    emp_result_free(run.result);
    emp_history_free(run.history);
    return status;
}
