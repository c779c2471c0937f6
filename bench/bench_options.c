// SPDX-License-Identifier: Apache-2.0
#include "bench_options.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const size_names[BENCH_SIZES] = {
    [BENCH_SMALL] = "small", [BENCH_MEDIUM] = "medium", [BENCH_LARGE] = "large"};

const char *bench_size_name(enum bench_size size)
{
    return size_names[size];
}

static bool parse_number(const char *text, int most, int *out)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || !isdigit((unsigned char)text[0]) || value < 1 || value > most)
        return false;
    *out = (int)value;
    return true;
}

/* Cuts the next word of a list off at its comma, into `word`. False at the end of the list. */
static bool next_word(const char **list, char word[32])
{
    if (!*list)
        return false;
    const char *comma = strchr(*list, ',');
    size_t length = comma ? (size_t)(comma - *list) : strlen(*list);
    snprintf(word, 32, "%.*s", (int)length, *list);
    *list = comma ? comma + 1 : NULL;
    return true;
}

static bool take_filter(struct bench_options *options, const char *value)
{
    options->filter = value;
    return value[0] != '\0';
}

static bool take_folder(struct bench_options *options, const char *value)
{
    options->folder = value;
    return value[0] != '\0' && access(value, W_OK) == 0;
}

static bool take_sizes(struct bench_options *options, const char *value)
{
    char word[32];
    memset(options->sizes, 0, sizeof options->sizes);
    while (next_word(&value, word)) {
        int size = 0;
        while (size < BENCH_SIZES && strcmp(size_names[size], word) != 0)
            size++;
        if (size == BENCH_SIZES)
            return false;
        options->sizes[size] = true;
    }
    return true;
}

static bool take_threads(struct bench_options *options, const char *value)
{
    enum { THREADS_MOST = 1024 };
    char word[32];
    options->thread_count = 0;
    while (next_word(&value, word)) {
        if (options->thread_count == BENCH_THREAD_COUNTS_MOST ||
            !parse_number(word, THREADS_MOST, &options->threads[options->thread_count]))
            return false;
        options->thread_count++;
    }
    return true;
}

static bool take_repeats(struct bench_options *options, const char *value)
{
    enum { REPEATS_MOST = 10000 };
    return parse_number(value, REPEATS_MOST, &options->repeats);
}

static bool take_json(struct bench_options *options, const char *value)
{
    (void)value;
    return options->json = true;
}

static bool take_list(struct bench_options *options, const char *value)
{
    (void)value;
    return options->list = true;
}

static bool take_help(struct bench_options *options, const char *value)
{
    (void)value;
    return options->help = true;
}

/* One row for each option: how it is written, what it must be, what it does. */
static const struct row {
    const char *name;
    const char *value; /* NULL: it takes none */
    const char *expected, *doc;
    bool (*take)(struct bench_options *options, const char *value);
} rows[] = {
    {"filter", "PATTERN", "a part of a name or a pattern such as 'text/scan-*'",
     "measure only the benchmarks of such names", take_filter},
    {"sizes", "LIST", "a list of small, medium and large",
     "how large the jobs are (default: medium)", take_sizes},
    {"threads", "LIST", "a list of whole numbers from 1 to 1024",
     "numbers of threads (default: 1 and one for each processor)", take_threads},
    {"repeats", "N", "a whole number from 1 to 10000", "samples of each benchmark (default: 7)",
     take_repeats},
    {"folder", "PATH", "a folder that can be written to",
     "where files are made and removed (default: TMPDIR, or /tmp)", take_folder},
    {"json", NULL, NULL, "print JSON instead of a table", take_json},
    {"list", NULL, NULL, "print the names and measure nothing", take_list},
    {"help", NULL, NULL, "print this", take_help},
};
enum { ROWS = sizeof rows / sizeof *rows };

static const struct row *find_row(const char *word, size_t length)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strncmp(word, "--", 2) == 0 && strlen(rows[i].name) == length - 2 &&
            strncmp(word + 2, rows[i].name, length - 2) == 0)
            return &rows[i];
    return NULL;
}

static bool usage_error(const char *what, const char *word)
{
    fprintf(stderr, "emptor-bench: %s '%s'; see 'emptor-bench --help'\n", what, word);
    return false;
}

/* Takes the option words[*at], and its value behind "=" or in the next word. */
static bool take_word(int count, char *const *words, int *at, struct bench_options *out)
{
    const char *word = words[*at];
    size_t length = strcspn(word, "=");
    const struct row *row = length >= 2 ? find_row(word, length) : NULL;
    if (!row)
        return usage_error("unknown option", word);
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    if (!row->value && value)
        return usage_error("this option takes no value:", word);
    if (row->value && !value) {
        if (*at + 1 == count)
            return usage_error("a value is missing behind", word);
        value = words[++*at];
    }
    if (row->take(out, value))
        return true;
    fprintf(stderr, "emptor-bench: --%s must be %s; found '%s'\n", row->name, row->expected, value);
    return false;
}

static void set_defaults(struct bench_options *out)
{
    enum { REPEATS = 7 };
    const char *folder = getenv("TMPDIR");
    *out =
        (struct bench_options){.folder = folder && folder[0] ? folder : "/tmp", .repeats = REPEATS};
    out->sizes[BENCH_MEDIUM] = true;
    int processors = (int)sysconf(_SC_NPROCESSORS_ONLN);
    out->threads[out->thread_count++] = 1;
    if (processors > 1)
        out->threads[out->thread_count++] = processors;
}

bool bench_options_parse(int count, char *const *words, struct bench_options *out)
{
    set_defaults(out);
    for (int i = 1; i < count; i++)
        if (!take_word(count, words, &i, out))
            return false;
    return true;
}

void bench_options_help(void)
{
    printf("usage: emptor-bench [OPTIONS]\n\n"
           "Measures what this machine can do, then kernels and stages of emptor against it, and\n"
           "verifies what they compute. bench/README.md explains the columns.\n\noptions:\n");
    for (size_t i = 0; i < ROWS; i++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", rows[i].name, rows[i].value ? " " : "",
                 rows[i].value ? rows[i].value : "");
        printf("  %-18s %s\n", left, rows[i].doc);
    }
    printf("\nExit status: 0; 64 if the command line is wrong; 70 if a benchmark failed or gave a\n"
           "wrong result; 74 if the output could not be written.\n");
}

bool bench_options_ask_for(const struct bench_options *options, const struct benchmark *benchmark)
{
    if (!options->filter)
        return true;
    if (strpbrk(options->filter, "*?["))
        return fnmatch(options->filter, benchmark->name, 0) == 0;
    return strstr(benchmark->name, options->filter) != NULL;
}
