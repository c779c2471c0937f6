// SPDX-License-Identifier: Apache-2.0
/* emptor help: the overview, a command's page, or a topic. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static int print_generated(emp_status (*make)(char **out, emp_error *error))
{
    char *text = NULL;
    emp_error error;
    if (make(&text, &error) != EMP_OK)
        return cli_report(&error);
    fputs(text, stdout);
    free(text);
    return cli_finish_output();
}

static int print_params(void)
{
    return print_generated(emp_params_reference);
}

static int print_features(void)
{
    return print_generated(emp_features_reference);
}

static int print_samples(void)
{
    return print_generated(emp_generate_reference);
}

static int print_exit_statuses(void)
{
#define PRINT_STATUS(name, exit_status, text) printf("%3d  %s\n", exit_status, text);
    EMP_STATUS_LIST(PRINT_STATUS)
#undef PRINT_STATUS
    printf("\nA run that SIGINT or SIGTERM ends cleans up first and then dies of that signal, as\n"
           "its parent expects (a shell says 130 or 143).\n");
    return cli_finish_output();
}

static const struct {
    const char *name;
    int (*print)(void);
} topics[] = {
    {"params", print_params},
    {"features", print_features},
    {"samples", print_samples},
    {"exit", print_exit_statuses},
};

static int run(struct cli_line *line)
{
    if (line->argument_count == 0) {
        cli_print_overview();
        return cli_finish_output();
    }
    const char *topic = line->arguments[0];
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        if (strcmp(topics[i].name, topic) == 0)
            return topics[i].print();
    const struct cli_command *command = cli_find_command(topic);
    if (command) {
        cli_print_command_help(command);
        return cli_finish_output();
    }
    fprintf(stderr,
            "emptor: no help on '%s'; there is help on the commands, and on params, "
            "features, samples and exit\n",
            topic);
    return emp_status_exit(EMP_ERR_USAGE);
}

const struct cli_command cli_help = {
    .name = "help",
    .arguments = "[COMMAND | TOPIC]",
    .summary = "Tell more: of a command, or of params, features, samples or exit",
    .arguments_max = 1,
    .run = run,
};
