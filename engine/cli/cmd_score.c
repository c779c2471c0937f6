// SPDX-License-Identifier: Apache-2.0
/* emptor score: customers of today by the models of an earlier run. */
#include <stdio.h>

#include "command.h"
#include "run_command.h"

static int run(struct cli_line *line)
{
    emp_error error = {0};
    emp_params *params = NULL;
    if (line->model_count == 0) {
        fprintf(stderr, "emptor: 'score' needs --model FILE; see 'emptor help score'\n");
        return emp_status_exit(EMP_ERR_USAGE);
    }
    emp_status status = emp_params_load_scoring(line->arguments[0], line->sets, line->set_count,
                                                line->models, line->model_count, &params, &error);
    return status == EMP_OK ? cli_run_params(line, params) : cli_report(&error);
}

const struct cli_command cli_score = {
    .name = "score",
    .arguments = "PARAMS.yaml",
    .summary = "Score customers by models that earlier runs have left",
    .text =
        "Reads the input of the parameter file and writes a run folder, as 'run' does. What is\n"
        "computed stands in the models; the sections of analyses in the file are not run.\n",
    .arguments_min = 1,
    .arguments_max = 1,
    .options = {CLI_MODEL, CLI_SET, CLI_OUT, CLI_THREADS, CLI_MEMORY, CLI_QUIET, CLI_VERBOSE},
    .option_count = 7,
    .run = run,
};
