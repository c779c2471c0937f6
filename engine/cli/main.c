// SPDX-License-Identifier: Apache-2.0
/* The command emptor: finds the command of the first word and runs it. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

const struct cli_command *const cli_commands[] = {&cli_run,      &cli_score, &cli_check,
                                                  &cli_generate, &cli_help,  NULL};

const struct cli_command *cli_find_command(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++)
        if (strcmp(cli_commands[i]->name, name) == 0)
            return cli_commands[i];
    return NULL;
}

int cli_report(const emp_error *error)
{
    char text[2048];
    fprintf(stderr, "emptor: %s\n", emp_error_text(error, text, sizeof text));
    return emp_status_exit(error->status);
}

int cli_finish_output(void)
{
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) == 0 && !failed)
        return 0;
    perror("emptor: cannot write to standard output");
    return emp_status_exit(EMP_ERR_IO);
}

void cli_print_overview(void)
{
    printf("emptor %s: batch analysis of customer histories\n\nusage: emptor COMMAND ...\n\n",
           EMP_VERSION);
    for (size_t i = 0; cli_commands[i]; i++)
        printf("  %-9s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
    printf(
        "\n'emptor help COMMAND' tells more of a command, 'emptor help params' of the parameter\n"
        "file, 'emptor help features' of what describes a customer, 'emptor help samples' of what\n"
        "'generate' takes, 'emptor help exit' of the exit statuses.\n");
}

/*
 * A standard stream that the caller has closed is opened the wrong way round, so that using it
 * fails: else the next file that is opened, one of the results even, would be mistaken for it.
 */
static bool occupy_closed_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        if (fcntl(stream, F_GETFD) >= 0)
            continue;
        int occupied = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        if (occupied != stream)
            return false;
    }
    return true;
}

int main(int count, char **words)
{
    const int usage = emp_status_exit(EMP_ERR_USAGE);
    if (!occupy_closed_streams())
        return emp_status_exit(EMP_ERR_IO);
    if (count < 2) {
        fprintf(stderr, "emptor: a command is missing; see 'emptor help'\n");
        return usage;
    }
    if (strcmp(words[1], "--version") == 0) {
        printf("emptor %s\n", EMP_VERSION);
        return cli_finish_output();
    }
    bool help = strcmp(words[1], "--help") == 0 || strcmp(words[1], "-h") == 0;
    const struct cli_command *command = help ? &cli_help : cli_find_command(words[1]);
    if (!command) {
        fprintf(stderr, "emptor: unknown command '%s'; see 'emptor help'\n", words[1]);
        return usage;
    }
    for (int i = 2; i < count && strcmp(words[i], "--") != 0; i++) {
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) {
            cli_print_command_help(command);
            return cli_finish_output();
        }
    }
    struct cli_line line;
    return cli_parse(command, count - 2, words + 2, &line) ? command->run(&line) : usage;
}
