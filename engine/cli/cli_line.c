// SPDX-License-Identifier: Apache-2.0
/* The table of options, the taking apart of a command line by it, and the help made from it. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static bool take_set(struct cli_line *line, const char *value)
{
    if (line->set_count == CLI_SETS_MAX)
        return false;
    line->sets[line->set_count++] = value;
    return true;
}

static bool take_model(struct cli_line *line, const char *value)
{
    if (line->model_count == CLI_MODELS_MAX || value[0] == '\0')
        return false;
    line->models[line->model_count++] = value;
    return true;
}

static bool take_out(struct cli_line *line, const char *value)
{
    line->out = value;
    return value[0] != '\0';
}

static bool take_threads(struct cli_line *line, const char *value)
{
    enum { THREADS_MAX = 1024 };
    char *end;
    errno = 0;
    long threads = strtol(value, &end, 10);
    if (errno != 0 || *end != '\0' || !isdigit((unsigned char)value[0]) || threads < 1 ||
        threads > THREADS_MAX)
        return false;
    line->options.threads = (int)threads;
    return true;
}

static bool take_memory(struct cli_line *line, const char *value)
{
    return cli_parse_size(value, &line->options.memory) && line->options.memory > 0;
}

static bool take_quiet(struct cli_line *line, const char *value)
{
    (void)value;
    line->quiet = true;
    return true;
}

static bool take_verbose(struct cli_line *line, const char *value)
{
    (void)value;
    line->verbose = true;
    return true;
}

/* One row for each option: how it is written, what it takes, what it does. */
static const struct {
    const char *name;
    char letter;
    const char *value;    /* what its value is called; NULL: it takes none */
    const char *expected; /* what the value must be */
    const char *doc;
    bool (*take)(struct cli_line *line, const char *value);
} options[CLI_OPTION_COUNT] = {
    [CLI_SET] = {"set", 's', "KEY=VALUE", "KEY=VALUE, at most 256 times",
                 "override a key of the file; may be repeated", take_set},
    [CLI_MODEL] = {"model", 'M', "FILE", "the path of a model, at most 8 times",
                   "a model that a run has left: models/NAME.json in its folder; may be repeated",
                   take_model},
    [CLI_OUT] = {"out", 'o', "PATH", "a path", "where the output goes", take_out},
    [CLI_THREADS] = {"threads", 't', "N", "a whole number from 1 to 1024",
                     "how many threads work (default: one for each processor); the results do not "
                     "depend on it",
                     take_threads},
    [CLI_MEMORY] = {"memory", 'm', "SIZE", "a size such as 512M or 2G",
                    "how much memory the history may take (default: 80 % of the machine's)",
                    take_memory},
    [CLI_QUIET] = {"quiet", 'q', NULL, NULL,
                   "say nothing unless it fails (warnings are in run.json)", take_quiet},
    [CLI_VERBOSE] = {"verbose", 'v', NULL, NULL, "say what is being done", take_verbose},
};

bool cli_parse_size(const char *text, uint64_t *out)
{
    static const char units[] = "KMGT";
    char *end;
    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (errno != 0)
        return false;
    const char *unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
    int shift = unit ? 10 * (int)(unit - units + 1) : 0;
    if (unit)
        end++;
    if (*end != '\0' || value > UINT64_MAX >> shift)
        return false;
    *out = value << shift;
    return true;
}

/* The option a word names, among those of the command, or CLI_OPTION_COUNT. */
static enum cli_option find_option(const struct cli_command *command, const char *word,
                                   size_t length)
{
    for (size_t i = 0; i < command->option_count; i++) {
        enum cli_option option = command->options[i];
        const char *name = options[option].name;
        bool by_name = strncmp(word, "--", 2) == 0 && strlen(name) == length - 2 &&
                       strncmp(word + 2, name, length - 2) == 0;
        bool by_letter = word[0] == '-' && length == 2 && word[1] == options[option].letter;
        if (by_name || by_letter)
            return option;
    }
    return CLI_OPTION_COUNT;
}

static bool usage_error(const struct cli_command *command, const char *what, const char *word)
{
    fprintf(stderr, "emptor: %s '%s'; see 'emptor help %s'\n", what, word, command->name);
    return false;
}

/* Takes the option words[*at], and its value behind "=" or in the next word. */
static bool take_option(const struct cli_command *command, int count, char *const *words, int *at,
                        struct cli_line *out)
{
    const char *word = words[*at];
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    enum cli_option option = find_option(command, word, length);
    if (option == CLI_OPTION_COUNT)
        return usage_error(command, "unknown option", word);
    const char *value = equals ? equals + 1 : NULL;
    if (!options[option].value && value)
        return usage_error(command, "this option takes no value:", word);
    if (options[option].value && !value) {
        if (*at + 1 == count)
            return usage_error(command, "a value is missing behind", word);
        value = words[++*at];
    }
    if (options[option].take(out, value))
        return true;
    fprintf(stderr, "emptor: --%s must be %s; found '%s'\n", options[option].name,
            options[option].expected, value);
    return false;
}

bool cli_parse(const struct cli_command *command, int count, char *const *words,
               struct cli_line *out)
{
    bool options_end = false;
    *out = (struct cli_line){0};
    emp_options_defaults(&out->options);
    for (int i = 0; i < count; i++) {
        const char *word = words[i];
        if (!options_end && strcmp(word, "--") == 0) {
            options_end = true;
        } else if (!options_end && word[0] == '-' && word[1] != '\0') {
            if (!take_option(command, count, words, &i, out))
                return false;
        } else if (out->argument_count == command->arguments_max) {
            return usage_error(command, "one argument too many:", word);
        } else {
            out->arguments[out->argument_count++] = word;
        }
    }
    if (out->argument_count < command->arguments_min) {
        fprintf(stderr, "emptor: '%s' needs %s; see 'emptor help %s'\n", command->name,
                command->arguments, command->name);
        return false;
    }
    if (out->quiet && out->verbose)
        return usage_error(command, "--quiet does not go with", "--verbose");
    return true;
}

void cli_print_command_help(const struct cli_command *command)
{
    printf("usage: emptor %s%s%s%s\n\n%s.\n", command->name,
           command->option_count ? " [OPTIONS]" : "", command->arguments ? " " : "",
           command->arguments ? command->arguments : "", command->summary);
    if (command->text)
        printf("\n%s", command->text);
    if (command->option_count)
        printf("\noptions:\n");
    for (size_t i = 0; i < command->option_count; i++) {
        enum cli_option option = command->options[i];
        char left[64];
        snprintf(left, sizeof left, "-%c, --%s%s%s", options[option].letter, options[option].name,
                 options[option].value ? " " : "",
                 options[option].value ? options[option].value : "");
        printf("  %-24s %s\n", left, options[option].doc);
    }
}
