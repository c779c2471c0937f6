// SPDX-License-Identifier: Apache-2.0
/* The rehearsal of a run: what it would do, from the parameters and the headers alone. */
#include <emptor/run.h>

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "run/estimate.h"
#include "run/run_history.h"

static emp_status explain_files(const struct emp_texts *paths, struct emp_buffer *out,
                                emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < paths->count && status == EMP_OK; i++) {
        struct stat facts;
        if (strcmp(paths->items[i], "-") == 0)
            status = emp__buffer_printf(out, error, "  standard input (its header is not read)\n");
        else if (stat(paths->items[i], &facts) == 0)
            status =
                emp__buffer_printf(out, error, "  %s: %lld bytes, the header has the columns\n",
                                   paths->items[i], (long long)facts.st_size);
    }
    return status;
}

/* "all rows, with their orders, products and channels" */
static emp_status explain_kept(struct emp_needs needs, struct emp_buffer *out, emp_error *error)
{
    static const char *const names[EMP_TOKENS] = {"orders", "products", "channels"};
    if (!emp__needs_rows(needs))
        return emp__buffer_text(out, "a summary of each customer; the rows are not kept", error);
    size_t left = emp__token_count(emp__needs_tokens(needs));
    const char *before = ", with their ";
    emp_status status = emp__buffer_text(out, "all rows", error);
    for (int t = 0; t < EMP_TOKENS && status == EMP_OK; t++) {
        if (!(emp__needs_tokens(needs) & emp__token_bit((enum emp_token)t)))
            continue;
        status = emp__buffer_printf(out, error, "%s%s", before, names[t]);
        before = --left == 1 ? " and " : ", ";
    }
    return status;
}

static emp_status explain_plan(const struct emp_scatter_plan *plan,
                               const struct emp_run_memory *memory, struct emp_buffer *out,
                               emp_error *error)
{
    emp_status status = emp__buffer_text(out, "history\n  keeps ", error);
    if (status == EMP_OK)
        status = explain_kept(plan->needs, out, error);
    if (status == EMP_OK && plan->needs.cutoffs > 0)
        status = emp__buffer_printf(
            out, error, "\n  and the customers as they were at up to %u days of the past",
            plan->needs.cutoffs);
    if (status != EMP_OK)
        return status;
    return emp__buffer_printf(out, error,
                              "\n  %zu partitions, at most %" PRIu64 " MiB of memory, %d threads\n",
                              plan->partitions, memory->limit >> 20, plan->threads);
}

/* Two significant digits: it is an estimate, and is to look like one. */
static uint64_t rounded(uint64_t value)
{
    uint64_t unit = 1;
    while (value / unit >= 100)
        unit *= 10;
    return (value + unit / 2) / unit * unit;
}

static emp_status explain_memory(const struct emp_estimate *estimate,
                                 const struct emp_scatter_plan *plan,
                                 const struct emp_run_memory *memory, struct emp_buffer *out,
                                 emp_error *error)
{
    if (!estimate->known)
        return emp__buffer_printf(out, error, "  expects an unknown number of rows\n");
    uint64_t needed = emp__run_memory_expected(memory, plan, estimate->rows, estimate->customers);
    const char *fits = needed <= memory->limit ? "" : "; what is too much waits in files";
    return emp__buffer_printf(
        out, error, "  expects about %" PRIu64 " rows, %" PRIu64 " customers, %" PRIu64 " MiB%s\n",
        rounded(estimate->rows), rounded(estimate->customers), rounded((needed >> 20) + 1), fits);
}

/* The files of the transactions are there, with the columns. */
static emp_status explain_transactions(const struct emp_params *params, const emp_options *options,
                                       struct emp_buffer *out, emp_error *error)
{
    struct emp_transactions transactions;
    struct emp_transactions_request request = emp__history_request(params, options);
    emp_status status = emp__transactions_check(&request, &transactions, error);
    if (status == EMP_OK)
        status = emp__buffer_text(out, "input\n", error);
    if (status == EMP_OK)
        status = explain_files(&transactions.paths, out, error);
    emp__transactions_free(&transactions);
    return status;
}

/* "  reads the columns id, age" */
static emp_status explain_columns(const struct emp_wanted_columns *wanted, struct emp_buffer *out,
                                  emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < wanted->count && status == EMP_OK; i++) {
        const char *before = i > 0               ? ", "
                             : wanted->count > 1 ? "  reads the columns "
                                                 : "  reads the column ";
        status = emp__buffer_printf(out, error, "%s%s", before, wanted->slots[i]->name);
    }
    return status == EMP_OK ? emp__buffer_text(out, "\n", error) : status;
}

static emp_status explain_listed(const struct emp_estimate *listed, struct emp_buffer *out,
                                 emp_error *error)
{
    if (!listed->known)
        return emp__buffer_text(out, "  expects an unknown number of rows\n", error);
    return emp__buffer_printf(out, error, "  expects about %" PRIu64 " rows\n",
                              rounded(listed->rows));
}

/* The files of the customers, and in *listed how many there are, about. */
static emp_status explain_customer_file(const struct emp_params *params, const emp_options *options,
                                        struct emp_estimate *listed, struct emp_buffer *out,
                                        emp_error *error)
{
    struct emp_customer_file file;
    struct emp_customer_file_request request = emp__history_customer_request(params, options);
    emp_status status = emp__customer_file_check(&request, &file, error);
    if (status == EMP_OK)
        status = emp__buffer_text(out, "customers file\n", error);
    if (status == EMP_OK)
        status = explain_files(&file.paths, out, error);
    if (status == EMP_OK)
        status = explain_columns(&file.wanted, out, error);
    if (status == EMP_OK)
        status = emp__estimate_customer_file(params, options, listed, error);
    if (status == EMP_OK)
        status = explain_listed(listed, out, error);
    emp__customer_file_free(&file);
    return status;
}

/* Transactions, and the customers file with so many rows, together: at least as many customers as
 * either has. */
static emp_status estimate(const struct emp_params *params, const emp_options *options,
                           const struct emp_estimate *listed, struct emp_estimate *out,
                           emp_error *error)
{
    struct emp_estimate rows = {.known = true};
    emp_status status = EMP_OK;
    if (emp__has_transactions(&params->input))
        status = emp__estimate(params, options, &rows, error);
    *out = (struct emp_estimate){
        .known = rows.known && listed->known,
        .rows = rows.rows,
        .customers = rows.customers > listed->customers ? rows.customers : listed->customers,
    };
    return status;
}

/* The cut-offs, as far as they can be known: the day `last` is not. */
static emp_status check_cutoffs(const struct emp_params *params, emp_error *error)
{
    struct emp_cutoffs cutoffs;
    int64_t given = params->general.analysis_date;
    return given == EMP_NO_DATE ? EMP_OK
                                : emp__params_cutoffs(params, (int32_t)given, &cutoffs, error);
}

static emp_status explain_history(const struct emp_params *params, const emp_options *options,
                                  const struct emp_estimate *listed, struct emp_buffer *out,
                                  emp_error *error)
{
    struct emp_scatter_plan plan = emp__history_plan(params, options);
    struct emp_run_memory memory;
    struct emp_estimate expected;
    emp_status status = emp__run_memory(params, options, &plan, &memory, error);
    if (status == EMP_OK)
        status = check_cutoffs(params, error);
    if (status == EMP_OK)
        status = explain_plan(&plan, &memory, out, error);
    if (status == EMP_OK)
        status = estimate(params, options, listed, &expected, error);
    if (status == EMP_OK)
        status = explain_memory(&expected, &plan, &memory, out, error);
    return status;
}

/* What an analysis would do, or what would be done by a model of it. */
static emp_status explain_analysis(const struct emp_params *params, size_t i,
                                   struct emp_buffer *out, emp_error *error)
{
    const struct emp_analysis *analysis = emp__analyses[i];
    const struct emp_model *model = params->models[i];
    emp_status status = emp__buffer_printf(out, error, "%s\n", analysis->schema->section);
    if (status == EMP_OK && model)
        status = emp__buffer_printf(out, error, "  by %s; nothing is fitted\n", model->file);
    if (status == EMP_OK && model && analysis->explain_model)
        status = analysis->explain_model(params->sections[i], model, out, error);
    if (status == EMP_OK && !model && analysis->explain)
        status = analysis->explain(params->sections[i], out, error);
    return status;
}

static emp_status explain_analyses(const struct emp_params *params, struct emp_buffer *out,
                                   emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; emp__analyses[i] && status == EMP_OK; i++)
        if (params->sections[i])
            status = explain_analysis(params, i, out, error);
    return status;
}

emp_status emp_check(const emp_params *params, const emp_options *options, char **out,
                     emp_error *error)
{
    struct emp_estimate listed = {.known = true};
    struct emp_buffer text = {0};
    emp_status status = EMP_OK;
    if (emp__has_transactions(&params->input))
        status = explain_transactions(params, options, &text, error);
    if (status == EMP_OK && emp__has_customer_file(&params->input))
        status = explain_customer_file(params, options, &listed, &text, error);
    if (status == EMP_OK)
        status = explain_history(params, options, &listed, &text, error);
    if (status == EMP_OK)
        status = explain_analyses(params, &text, error);
    if (status == EMP_OK)
        status = emp__buffer_printf(&text, error, "output\n  %s\n", params->output);
    if (status == EMP_OK)
        *out = text.data;
    else
        emp__buffer_free(&text);
    return status;
}
