// SPDX-License-Identifier: Apache-2.0
/* emptor run: one parameter file in, one complete run folder out. */
#include <inttypes.h>
#include <stdio.h>

#include "command.h"
#include "run_command.h"
#include "watch.h"

int cli_run_params(struct cli_line *line, emp_params *params)
{
    emp_error error = {0};
    emp_run_report report;
    struct cli_watch watch;
    const char *folder = line->out ? line->out : emp_params_folder(params);
    cli_watch_begin(&watch, line);
    emp_status status = emp_run(params, &line->options, folder, &report, &error);
    if (status == EMP_OK && !line->quiet)
        fprintf(stderr,
                "emptor: %" PRIu64 " rows read, %" PRIu64 " used, %" PRIu64 " rejected, %" PRIu64
                " filtered; %" PRIu64 " customers in %s\n",
                report.rows.read, report.rows.used, report.rows.rejected, report.rows.filtered,
                report.customers, folder);
    int exit_status = status == EMP_OK ? 0 : cli_report(&error);
    cli_watch_end(&watch);
    emp_params_free(params);
    return exit_status;
}

static int run(struct cli_line *line)
{
    emp_error error = {0};
    emp_params *params = NULL;
    emp_status status =
        emp_params_load(line->arguments[0], line->sets, line->set_count, &params, &error);
    return status == EMP_OK ? cli_run_params(line, params) : cli_report(&error);
}

const struct cli_command cli_run = {
    .name = "run",
    .arguments = "PARAMS.yaml",
    .summary = "Read transactions, analyse them and write the run folder",
    .text = "The run folder appears when it is complete, or not at all; --out overrides the\n"
            "parameter output.folder. 'emptor help params' lists the parameters.\n",
    .arguments_min = 1,
    .arguments_max = 1,
    .options = {CLI_SET, CLI_OUT, CLI_THREADS, CLI_MEMORY, CLI_QUIET, CLI_VERBOSE},
    .option_count = 6,
    .run = run,
};
