// SPDX-License-Identifier: Apache-2.0
#include "bench_files.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench_isolate.h"

static const struct kind {
    const char *name, *extension;
    const char *sets[4]; /* besides the common ones */
    const char *order;   /* a further column of the parameters */
} kinds[] = {
    {"plain", "csv", {"columns=minimal"}, ""},
    {"text", "csv", {"columns=minimal", "ids=text", "times=datetime"}, ""},
    {"orders", "csv", {"columns=full", "basket.lines=1.5"}, ", order: order_id"},
    {"quoted", "csv", {"ids=text", "quoted.rows=1", "quoted.products=0.5"}, ""},
    {"gz", "csv.gz", {"columns=minimal"}, ""},
    {"zst", "csv.zst", {"columns=minimal"}, ""},
};

/* About ten rows for each customer. */
static const char *const common_sets[] = {
    "purchase.shape=0.8", "purchase.scale=6", "dropout.kind=geometric",
    "dropout.a=0.5",      "dropout.b=6.5",    "returns.share=0.02",
};

static const char *const customers[BENCH_SIZES] = {
    [BENCH_SMALL] = "2000", [BENCH_MEDIUM] = "100000", [BENCH_LARGE] = "1000000"};

static const struct kind *find_kind(const char *name)
{
    const struct kind *kind = kinds;
    while (strcmp(kind->name, name) != 0)
        kind++;
    return kind;
}

void bench_path(const struct bench_case *c, const char *name, char out[BENCH_PATH_BYTES])
{
    snprintf(out, BENCH_PATH_BYTES, "%s/%s", c->folder, name);
}

size_t bench_generator_sets(const struct bench_case *c, const char *kind,
                            const char *sets[BENCH_SETS_MOST], char room[64])
{
    size_t count = 0;
    const struct kind *found = find_kind(kind);
    snprintf(room, 64, "customers=%s", customers[c->size]);
    sets[count++] = room;
    for (size_t i = 0; i < sizeof common_sets / sizeof *common_sets; i++)
        sets[count++] = common_sets[i];
    for (size_t i = 0; i < sizeof found->sets / sizeof *found->sets && found->sets[i]; i++)
        sets[count++] = found->sets[i];
    return count;
}

/* What the process that generates is given, and what it gives back. */
struct generation {
    struct bench_case *c;
    const char *kind, *path;
};

struct generated {
    bool done;
    emp_generate_report report;
    char message[512];
};

static void generate(void *user, void *result)
{
    const struct generation *g = user;
    struct generated *out = result;
    const char *sets[BENCH_SETS_MOST];
    char room[64];
    emp_error error = {0};
    size_t count = bench_generator_sets(g->c, g->kind, sets, room);
    out->done = emp_generate(NULL, sets, count, g->path, NULL, &out->report, &error) == EMP_OK;
    if (!out->done)
        emp_error_text(&error, out->message, sizeof out->message);
}

static bool write_params(struct bench_case *c, const struct kind *kind,
                         const struct bench_input *input)
{
    FILE *file = fopen(input->params, "we");
    if (!file)
        return bench_fail(c, "%s cannot be created", input->params);
    fprintf(file,
            "input:\n"
            "  transactions:\n"
            "    files: \"%s\"\n"
            "    columns: {customer: customer_id, time: date, amount: amount%s}\n"
            "analysis_date: 2025-01-01\n"
            "rfm: {}\n"
            "output: {folder: run}\n",
            input->data, kind->order);
    return fclose(file) == 0 || bench_fail(c, "%s cannot be written", input->params);
}

/* The report of a history stands beside it. */
static bool read_report(const char *path, emp_generate_report *out)
{
    FILE *file = fopen(path, "re");
    bool read = file && fread(out, sizeof *out, 1, file) == 1;
    if (file)
        fclose(file);
    return read;
}

static bool write_report(struct bench_case *c, const char *path, const emp_generate_report *report)
{
    FILE *file = fopen(path, "we");
    bool written = file && fwrite(report, sizeof *report, 1, file) == 1;
    bool closed = file && fclose(file) == 0;
    return (written && closed) || bench_fail(c, "%s cannot be written", path);
}

bool bench_input(struct bench_case *c, const char *kind, struct bench_input *out)
{
    const struct kind *found = find_kind(kind);
    char name[64], report[BENCH_PATH_BYTES];
    snprintf(name, sizeof name, "%s-%s.%s", kind, customers[c->size], found->extension);
    bench_path(c, name, out->data);
    snprintf(name, sizeof name, "%s-%s.yaml", kind, customers[c->size]);
    bench_path(c, name, out->params);
    snprintf(name, sizeof name, "%s-%s.report", kind, customers[c->size]);
    bench_path(c, name, report);
    if (read_report(report, &out->report))
        return true;

    struct generation generation = {.c = c, .kind = kind, .path = out->data};
    struct generated generated = {0};
    if (!bench_isolated(generate, &generation, &generated, sizeof generated))
        return bench_fail(c, "generating %s ended early", out->data);
    if (!generated.done)
        return bench_fail(c, "%s", generated.message);
    out->report = generated.report;
    return write_params(c, found, out) && write_report(c, report, &out->report);
}

char *bench_read_file(struct bench_case *c, const char *path, size_t *length)
{
    FILE *file = fopen(path, "re");
    struct stat status;
    char *bytes = NULL;
    if (file && fstat(fileno(file), &status) == 0) {
        *length = (size_t)status.st_size;
        bytes = malloc(*length + 1);
        if (bytes && fread(bytes, 1, *length, file) == *length) {
            bytes[*length] = '\0';
        } else {
            free(bytes);
            bytes = NULL;
        }
    }
    if (file)
        fclose(file);
    if (!bytes)
        bench_fail(c, "%s cannot be read", path);
    return bytes;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0;
}

void bench_remove(const char *path)
{
    enum { FILES_OPEN = 8 };
    (void)nftw(path, remove_one, FILES_OPEN, FTW_DEPTH | FTW_PHYS);
}
