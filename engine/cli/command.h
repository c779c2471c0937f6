// SPDX-License-Identifier: Apache-2.0
/*
 * The commands: each is one file that exports one struct, and one row of the table in main.c.
 * Parsing, usage and help are all made from the tables of options.
 */
#ifndef EMP_CLI_COMMAND_H
#define EMP_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include <emptor/emptor.h>

/* Every option that some command has; a command lists those it takes. */
enum cli_option {
    CLI_SET,
    CLI_MODEL,
    CLI_OUT,
    CLI_THREADS,
    CLI_MEMORY,
    CLI_QUIET,
    CLI_VERBOSE,
    CLI_OPTION_COUNT
};

enum { CLI_ARGUMENTS_MAX = 8, CLI_SETS_MAX = 256, CLI_MODELS_MAX = 8 };

/* A command line, taken apart. Texts are those of argv. */
struct cli_line {
    const char *arguments[CLI_ARGUMENTS_MAX];
    size_t argument_count;
    const char *sets[CLI_SETS_MAX];
    size_t set_count;
    const char *models[CLI_MODELS_MAX];
    size_t model_count;
    const char *out;
    bool quiet, verbose;
    emp_options options; /* threads and memory */
};

struct cli_command {
    const char *name;
    const char *arguments; /* for the usage line: "PARAMS.yaml" */
    const char *summary;   /* one line */
    const char *text;      /* further paragraphs of its help page */
    size_t arguments_min, arguments_max;
    enum cli_option options[CLI_OPTION_COUNT]; /* the options it takes */
    size_t option_count;
    int (*run)(struct cli_line *line); /* returns the exit status */
};

extern const struct cli_command cli_run, cli_score, cli_check, cli_generate, cli_help;
extern const struct cli_command *const cli_commands[]; /* ends with NULL */

/* The command of that name, or NULL. */
const struct cli_command *cli_find_command(const char *name);

/* Takes the words behind the command apart. False, with the message printed, if they are wrong. */
bool cli_parse(const struct cli_command *command, int count, char *const *words,
               struct cli_line *out);

/* The help page of a command, and the overview of all, on standard output. */
void cli_print_command_help(const struct cli_command *command);
void cli_print_overview(void);

/* "emptor: MESSAGE" on standard error; returns the exit status that goes with the error. */
int cli_report(const emp_error *error);

/* Flushes standard output: 0, or the exit status of a failed write, with a message. */
int cli_finish_output(void);

/* The value of a size such as 512M, 2G, 64K or a plain number of bytes. False if it is none. */
bool cli_parse_size(const char *text, uint64_t *out);

#endif
