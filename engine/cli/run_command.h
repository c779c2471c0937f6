// SPDX-License-Identifier: Apache-2.0
/* What the commands that write a run folder have in common. */
#ifndef EMP_CLI_RUN_COMMAND_H
#define EMP_CLI_RUN_COMMAND_H

#include "command.h"

/* Runs the parameters, frees them, and says what was done. Returns the exit status. */
int cli_run_params(struct cli_line *line, emp_params *params);

#endif
