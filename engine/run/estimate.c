// SPDX-License-Identifier: Apache-2.0
#include "run/estimate.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/run_history.h"
#include "source/file_list.h"
#include "source/sample_file.h"

enum { SAMPLE_ROWS = 1 << 18, WINDOWS = 32 };

/* What was read so far; the options' callbacks get it as their user. */
struct sample {
    uint64_t *customers; /* SAMPLE_ROWS of them, in order of the rows */
    size_t count;
    emp_progress progress;
    const emp_options *options;
};

static emp_status take(void *user, int thread, const struct emp_row *rows, size_t count,
                       emp_error *error)
{
    struct sample *sample = user;
    (void)thread;
    (void)error;
    for (size_t i = 0; i < count && sample->count < SAMPLE_ROWS; i++)
        sample->customers[sample->count++] = rows[i].customer;
    return EMP_OK;
}

static void progress(void *user, const emp_progress *now)
{
    struct sample *sample = user;
    sample->progress = *now;
}

/* The reading ends once the sample is large enough, or the caller wants no more. */
static bool enough(void *user)
{
    const struct sample *sample = user;
    const emp_options *options = sample->options;
    return sample->count == SAMPLE_ROWS ||
           (options->cancelled && options->cancelled(options->user));
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts the customers and keeps one of each; returns how many there are. */
static size_t distinct(uint64_t *customers, size_t count)
{
    size_t kept = 0;
    qsort(customers, count, sizeof *customers, compare);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || customers[i] != customers[i - 1])
            customers[kept++] = customers[i];
    return kept;
}

static size_t common(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    size_t both = 0;
    for (size_t i = 0, j = 0; i < a_count && j < b_count;) {
        both += a[i] == b[j];
        bool step_a = a[i] <= b[j], step_b = b[j] <= a[i];
        i += step_a;
        j += step_b;
    }
    return both;
}

/*
 * Two samples out of one: every second window, so that both are from all over the files, and yet
 * rows of one customer that stand together are not torn apart. Returns the length of the first.
 */
static size_t deal(uint64_t *customers, size_t count, uint64_t *scratch)
{
    size_t first = 0, second = 0;
    for (size_t i = 0; i < count; i++) {
        if (i * WINDOWS / count % 2 == 0)
            customers[first++] = customers[i];
        else
            scratch[second++] = customers[i];
    }
    memcpy(customers + first, scratch, second * sizeof *customers);
    return first;
}

/* `part` is how much of the files the sample is. */
static struct emp_estimate conclude(const struct sample *sample, uint64_t *scratch, double part)
{
    size_t half = deal(sample->customers, sample->count, scratch);
    size_t a = distinct(sample->customers, half);
    size_t b = distinct(sample->customers + half, sample->count - half);
    size_t both = common(sample->customers, a, sample->customers + half, b);
    double seen = (double)(a + b - both), rows = (double)sample->count / part;
    double customers = seen / part;
    if (part < 1 && both > 0) {
        double in_one = (double)(a + b) / 2, in_both = (double)both;
        /* in_one (1 + rate) / rate, with rate = in_both / (2 (in_one - in_both)) */
        double recaptured = in_one * (2 * in_one - in_both) / in_both;
        customers = recaptured < customers ? recaptured : customers;
    }
    return (struct emp_estimate){
        .known = true, .rows = (uint64_t)rows, .customers = (uint64_t)customers};
}

static bool reads_standard_input(const struct emp_texts *files)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->items[i], "-") == 0)
            return true;
    return false;
}

/* Samples of all files, under whose names they are read instead. */
struct samples {
    struct emp_texts paths;
    struct emp_sample_file *files; /* paths.count */
    double part;                   /* of the bytes of those that have a sample */
};

static emp_status take_samples(const struct emp_texts *files, const char *folder,
                               struct samples *out, emp_error *error)
{
    emp_status status = emp__file_list(files, folder, &out->paths, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->files, out->paths.count, sizeof *out->files, error);
    uint64_t sampled = 0, all = 0;
    for (size_t i = 0; i < out->paths.count && status == EMP_OK; i++) {
        size_t windows = WINDOWS / out->paths.count + 1;
        struct emp_sample_file *file = &out->files[i];
        char *path = NULL;
        status = emp__sample_file(out->paths.items[i], windows, file, error);
        if (status != EMP_OK || file->descriptor < 0)
            continue;
        sampled += file->bytes;
        all += file->file_bytes;
        status = emp__copy_text(&path, file->path, strlen(file->path), error);
        if (status == EMP_OK) {
            free(out->paths.items[i]);
            out->paths.items[i] = path;
        }
    }
    out->part = sampled ? (double)sampled / (double)all : 1;
    return status;
}

static void free_samples(struct samples *samples)
{
    for (size_t i = 0; samples->files && i < samples->paths.count; i++)
        emp__sample_file_free(&samples->files[i]);
    free(samples->files);
    emp__texts_free(&samples->paths);
}

/* How a sample of an input is read: its rows go to the sink, its files are those of the sample. */
typedef emp_status read_rows_fn(const struct emp_params *params, const emp_options *options,
                                const struct emp_texts *files, const struct emp_row_sink *sink,
                                emp_error *error);

static emp_status read_transactions(const struct emp_params *params, const emp_options *options,
                                    const struct emp_texts *files, const struct emp_row_sink *sink,
                                    emp_error *error)
{
    struct emp_input_params input = params->input;
    struct emp_transactions_request request = emp__history_request(params, options);
    struct emp_transactions transactions;
    input.files = *files;
    request.input = &input;
    emp_status status = emp__transactions_read(&request, sink, &transactions, error);
    emp__transactions_free(&transactions);
    return status;
}

static emp_status read_customers(const struct emp_params *params, const emp_options *options,
                                 const struct emp_texts *files, const struct emp_row_sink *sink,
                                 emp_error *error)
{
    struct emp_customer_file_params sampled = params->input.customers;
    struct emp_customer_file_request request = emp__history_customer_request(params, options);
    struct emp_customer_file file;
    sampled.files = *files;
    request.params = &sampled;
    emp_status status = emp__customer_file_read(&request, NULL, sink, &file, error);
    emp__customer_file_free(&file);
    return status;
}

static emp_status read_sample(const struct emp_params *params, read_rows_fn *read,
                              const struct samples *samples, struct sample *sample, double *part,
                              emp_error *error)
{
    emp_options sampling = {
        .threads = 1, .cancelled = enough, .progress = progress, .user = sample};
    struct emp_row_sink sink = {.user = sample, .take = take};
    emp_status status = read(params, &sampling, &samples->paths, &sink, error);
    *part = samples->part;
    if (status == EMP_ERR_CANCELLED && sample->count == SAMPLE_ROWS) {
        const emp_progress *done = &sample->progress;
        status = EMP_OK;
        if (done->bytes > 0 && done->bytes < done->bytes_total)
            *part *= (double)done->bytes / (double)done->bytes_total;
    }
    return status;
}

/* Reads a sample of the files into `sample`, which has room for it. */
static emp_status sample_files(const struct emp_params *params, const struct emp_texts *files,
                               read_rows_fn *read, struct sample *sample, double *part,
                               emp_error *error)
{
    struct samples samples = {.files = NULL};
    emp_status status = take_samples(files, params->folder, &samples, error);
    if (status == EMP_OK)
        status = read_sample(params, read, &samples, sample, part, error);
    free_samples(&samples);
    return status;
}

emp_status emp__estimate(const struct emp_params *params, const emp_options *options,
                         struct emp_estimate *out, emp_error *error)
{
    struct sample sample = {.options = options};
    uint64_t *scratch = NULL;
    double part = 1;
    *out = (struct emp_estimate){.known = false};
    if (reads_standard_input(&params->input.files))
        return EMP_OK;
    emp_status status =
        emp__new_array(&sample.customers, SAMPLE_ROWS, sizeof *sample.customers, error);
    if (status == EMP_OK)
        status = emp__new_array(&scratch, SAMPLE_ROWS, sizeof *scratch, error);
    if (status == EMP_OK)
        status =
            sample_files(params, &params->input.files, read_transactions, &sample, &part, error);
    if (status == EMP_OK && sample.count > 0)
        *out = conclude(&sample, scratch, part);
    free(scratch);
    free(sample.customers);
    return status;
}

emp_status emp__estimate_customer_file(const struct emp_params *params, const emp_options *options,
                                       struct emp_estimate *out, emp_error *error)
{
    struct sample sample = {.options = options};
    const struct emp_texts *files = &params->input.customers.files;
    double part = 1;
    *out = (struct emp_estimate){.known = false};
    if (reads_standard_input(files))
        return EMP_OK;
    emp_status status =
        emp__new_array(&sample.customers, SAMPLE_ROWS, sizeof *sample.customers, error);
    if (status == EMP_OK)
        status = sample_files(params, files, read_customers, &sample, &part, error);
    if (status == EMP_OK && sample.count > 0) {
        uint64_t rows = (uint64_t)((double)sample.count / part);
        *out = (struct emp_estimate){.known = true, .rows = rows, .customers = rows};
    }
    free(sample.customers);
    return status;
}
