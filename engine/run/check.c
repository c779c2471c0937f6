// SPDX-License-Identifier: Apache-2.0
/* The rehearsal of a run: what it would do, from the parameters and the headers alone. */
#include <emptor/run.h>

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "run/run_history.h"

static emp_status explain_files(const struct emp_texts *paths, struct emp_buffer *out,
                                emp_error *error)
{
    emp_status status = emp__buffer_printf(out, error, "input\n");
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

static emp_status explain_plan(const struct emp_params *params, const emp_options *options,
                               struct emp_buffer *out, emp_error *error)
{
    struct emp_scatter_plan plan = emp__history_plan(params, options);
    const char *kept = plan.keep == EMP_KEEP_SUMMARIES
                           ? "a summary of each customer; the rows are not kept"
                       : plan.keep_orders ? "all rows, with their orders"
                                          : "all rows";
    return emp__buffer_printf(out, error,
                              "history\n  keeps %s\n  %zu partitions, at most %" PRIu64
                              " MiB of memory, %d threads\n",
                              kept, plan.partitions, plan.memory >> 20, plan.threads);
}

static emp_status explain_analyses(const struct emp_params *params, struct emp_buffer *out,
                                   emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; emp__analyses[i] && status == EMP_OK; i++) {
        const struct emp_analysis *analysis = emp__analyses[i];
        if (!params->sections[i])
            continue;
        status = emp__buffer_printf(out, error, "%s\n", analysis->schema->section);
        if (status == EMP_OK && analysis->explain)
            status = analysis->explain(params->sections[i], out, error);
    }
    return status;
}

emp_status emp_check(const emp_params *params, const emp_options *options, char **out,
                     emp_error *error)
{
    struct emp_transactions transactions;
    struct emp_buffer text = {0};
    struct emp_transactions_request request = emp__history_request(params, options);
    emp_status status = emp__transactions_check(&request, &transactions, error);
    if (status == EMP_OK)
        status = explain_files(&transactions.paths, &text, error);
    if (status == EMP_OK)
        status = explain_plan(params, options, &text, error);
    if (status == EMP_OK)
        status = explain_analyses(params, &text, error);
    if (status == EMP_OK)
        status = emp__buffer_printf(&text, error, "output\n  %s\n", params->output);
    emp__transactions_free(&transactions);
    if (status == EMP_OK)
        *out = text.data;
    else
        emp__buffer_free(&text);
    return status;
}
