// SPDX-License-Identifier: Apache-2.0
/* emptor check: the effective parameters and the plan, without touching anything. */
#include <stdio.h>
#include <stdlib.h>

#include "command.h"

static int run(struct cli_line *line)
{
    emp_error error = {0};
    emp_params *params = NULL;
    char *effective = NULL, *plan = NULL;
    emp_status status = emp_params_load_scoring(line->arguments[0], line->sets, line->set_count,
                                                line->models, line->model_count, &params, &error);
    if (status == EMP_OK)
        status = emp_params_effective(params, &effective, &error);
    if (status == EMP_OK)
        status = emp_check(params, &line->options, &plan, &error);
    if (status == EMP_OK)
        printf("# effective parameters\n%s\n# plan\n%s", effective, plan);
    int exit_status = status == EMP_OK ? cli_finish_output() : cli_report(&error);
    free(plan);
    free(effective);
    emp_params_free(params);
    return exit_status;
}

const struct cli_command cli_check = {
    .name = "check",
    .arguments = "PARAMS.yaml",
    .summary = "Check parameters and input headers; print what a run would do",
    .text =
        "Prints the effective parameters and the plan, and touches nothing. With --model: those\n"
        "of 'score' by these models.\n",
    .arguments_min = 1,
    .arguments_max = 1,
    .options = {CLI_MODEL, CLI_SET, CLI_THREADS, CLI_MEMORY},
    .option_count = 4,
    .run = run,
};
