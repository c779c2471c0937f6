// SPDX-License-Identifier: Apache-2.0
/* emptor generate: a synthetic history of a declared process. */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "watch.h"

static void print_report(const emp_generate_report *report, const char *path)
{
    fprintf(stderr,
            "emptor: %" PRIu64 " customers, %" PRIu64 " orders, %" PRIu64 " rows (%" PRIu64
            " returns, %" PRIu64 " dirty) in %s\n",
            report->customers, report->orders, report->rows, report->return_rows,
            report->dirty_rows, path);
    for (int fault = 0; fault < EMP_FAULT_COUNT; fault++)
        if (report->faults[fault] > 0)
            fprintf(stderr, "emptor: %" PRIu64 " rows with %s\n", report->faults[fault],
                    emp_fault_text((emp_fault)fault));
}

static int run(struct cli_line *line)
{
    emp_error error = {0};
    emp_generate_report report;
    struct cli_watch watch;
    const char *options = line->argument_count > 0 ? line->arguments[0] : NULL;
    const char *out = line->out ? line->out : "-";
    cli_watch_begin(&watch, line);
    emp_status status =
        emp_generate(options, line->sets, line->set_count, out, &line->options, &report, &error);
    if (status == EMP_OK && !line->quiet)
        print_report(&report, line->out ? out : "standard output");
    int exit_status = status == EMP_OK ? 0 : cli_report(&error);
    cli_watch_end(&watch);
    return exit_status;
}

const struct cli_command cli_generate = {
    .name = "generate",
    .arguments = "[OPTIONS.yaml]",
    .summary = "Write a synthetic history of a declared process as CSV",
    .text = "The same options give the same bytes on any machine. --out names the file (.gz and\n"
            ".zst are compressed; without it, standard output). datasets/ holds the options of\n"
            "the named samples; 'emptor help samples' lists all options.\n",
    .arguments_max = 1,
    .options = {CLI_SET, CLI_OUT, CLI_THREADS, CLI_QUIET, CLI_VERBOSE},
    .option_count = 5,
    .run = run,
};
