// SPDX-License-Identifier: Apache-2.0
/*
 * A synthetic history from options to file: options -> plan -> events in order -> pieces of text,
 * made and compressed in parallel, written one after the other.
 *
 * A piece is a fixed number of events, whatever the number of threads; counts are whole numbers. So
 * the file and the report are the same for any number of threads.
 */
#include <omp.h>
#include <stdatomic.h>

#include <emptor/generate.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/turns.h"
#include "generate/generate_encoder.h"
#include "generate/generate_file.h"
#include "generate/generate_rows.h"

enum { PIECE_EVENTS = 32768 };

/* One thread's own things. */
struct worker {
    struct emp_generate_rows rows;
    struct emp_generate_encoder encoder;
    const struct emp_buffer *packed; /* the piece that is ready to be written */
    emp_status status;
    emp_error error;
};

struct job {
    const struct emp_generate_plan *plan;
    struct emp_generate_crew crew;
    const struct emp_event *events;
    size_t count, piece_events, pieces;
    struct worker *workers;
    struct emp_generate_file file;
    uint64_t rows, bytes; /* written so far */
    emp_status status;    /* of the first piece that failed; changed in the order of the pieces */
    atomic_bool stop;
    struct emp_turns turns;
};

/* The text of a piece, ready to be written. */
static emp_status make_piece(const struct job *job, size_t piece, struct worker *worker)
{
    size_t begin = piece * job->piece_events;
    size_t end = job->count - begin < job->piece_events ? job->count : begin + job->piece_events;
    emp_error *error = &worker->error;
    emp_status status = EMP_OK;
    emp__buffer_clear(&worker->rows.text);
    if (piece == 0)
        status = emp__rows_header(&worker->rows, error);
    for (size_t i = begin; i < end && status == EMP_OK; i++)
        status = emp__rows_event(&worker->rows, &job->events[i], error);
    if (status == EMP_OK && end == job->count && job->plan->params->dirty_open_quote)
        status = emp__rows_open_quote(&worker->rows, error);
    if (status == EMP_OK)
        status = emp__encoder_pack(&worker->encoder, &worker->rows.text, &worker->packed, error);
    return status;
}

/* Called in the order of the pieces, by one thread at a time. */
static emp_status write_piece(struct job *job, struct worker *worker, uint64_t rows)
{
    const emp_options *options = job->crew.options;
    if (options && options->cancelled && options->cancelled(options->user))
        return EMP_ERR_CANCELLED;
    emp_status status = emp__generate_file_write(&job->file, worker->packed->data,
                                                 worker->packed->length, &worker->error);
    if (status != EMP_OK)
        return status;
    job->rows += rows;
    job->bytes += worker->rows.text.length;
    if (options && options->progress)
        options->progress(options->user, &(emp_progress){.rows = job->rows, .bytes = job->bytes});
    return EMP_OK;
}

/* When a piece has its turn: it is written, unless it or an earlier one has failed. */
static void finish_piece(struct job *job, struct worker *worker, uint64_t rows)
{
    if (atomic_load(&job->stop))
        return;
    if (worker->status == EMP_OK)
        worker->status = write_piece(job, worker, rows);
    job->status = worker->status;
    atomic_store(&job->stop, worker->status != EMP_OK);
}

static void run_pieces(struct job *job)
{
    emp__turns_init(&job->turns);
#pragma omp parallel for schedule(static, 1) num_threads(job->crew.threads)
    for (size_t piece = 0; piece < job->pieces; piece++) {
        struct worker *worker = &job->workers[omp_get_thread_num()];
        uint64_t before = worker->rows.tally.rows;
        if (!atomic_load(&job->stop))
            worker->status = make_piece(job, piece, worker);
        emp__turns_begin(&job->turns, piece);
        finish_piece(job, worker, worker->rows.tally.rows - before);
        emp__turns_end(&job->turns);
    }
    emp__turns_destroy(&job->turns);
}

static emp_status hire(struct job *job, enum emp_encoding encoding, emp_error *error)
{
    emp_status status =
        emp__new_array(&job->workers, (size_t)job->crew.threads, sizeof *job->workers, error);
    for (int i = 0; i < job->crew.threads && status == EMP_OK; i++) {
        struct worker *worker = &job->workers[i];
        worker->rows.plan = job->plan;
        status = emp__buffer_reserve(&worker->rows.text, job->piece_events * 32, error);
        if (status == EMP_OK)
            status = emp__encoder_open(encoding, &worker->encoder, error);
    }
    return status;
}

static void dismiss(struct job *job)
{
    for (int i = 0; job->workers && i < job->crew.threads; i++) {
        emp__buffer_free(&job->workers[i].rows.text);
        emp__encoder_free(&job->workers[i].encoder);
    }
    free(job->workers);
}

static void add_tally(emp_generate_report *sum, const emp_generate_report *tally)
{
    sum->orders += tally->orders;
    sum->rows += tally->rows;
    sum->return_rows += tally->return_rows;
    sum->dirty_rows += tally->dirty_rows;
    sum->amount_minor += tally->amount_minor;
    for (int i = 0; i < EMP_FAULT_COUNT; i++)
        sum->faults[i] += tally->faults[i];
}

/* The status of the whole, with the message of the worker that failed first. */
static emp_status outcome(const struct job *job, emp_generate_report *report, emp_error *error)
{
    emp_generate_report sum = {.customers = job->plan->customers, .bytes = job->bytes};
    for (int i = 0; i < job->crew.threads; i++) {
        const struct worker *worker = &job->workers[i];
        if (job->status != EMP_OK && worker->status == job->status && error)
            *error = worker->error;
        add_tally(&sum, &worker->rows.tally);
    }
    if (job->status == EMP_OK)
        *report = sum;
    return job->status;
}

static emp_status write_events(struct job *job, const char *path, emp_generate_report *report,
                               emp_error *error)
{
    emp_generate_report found = {0};
    job->piece_events = PIECE_EVENTS / (size_t)job->plan->params->basket_lines;
    job->pieces = (job->count + job->piece_events - 1) / job->piece_events;
    emp_status status = emp__generate_file_open(path, &job->file, error);
    if (status == EMP_OK)
        status = hire(job, emp__encoding_of(path), error);
    if (status == EMP_OK) {
        run_pieces(job);
        status = outcome(job, &found, error);
    }
    if (status == EMP_OK)
        status = emp__generate_file_commit(&job->file, error);
    if (status == EMP_OK)
        *report = found;
    dismiss(job);
    emp__generate_file_discard(&job->file);
    return status;
}

static emp_status generate(const struct emp_generate_params *params, const char *path,
                           const emp_options *options, emp_generate_report *report,
                           emp_error *error)
{
    struct emp_generate_plan plan = {0};
    struct emp_event *events = NULL;
    int threads = options && options->threads > 0 ? options->threads : omp_get_num_procs();
    struct job job = {.plan = &plan, .crew = {.threads = threads, .options = options}};
    emp_status status = emp__generate_plan_make(params, &plan, error);
    if (status == EMP_OK)
        status = emp__generate_events(&plan, &job.crew, &events, &job.count, error);
    job.events = events;
    if (status == EMP_OK)
        status = write_events(&job, path, report, error);
    free(events);
    emp__generate_plan_free(&plan);
    if (status == EMP_ERR_CANCELLED)
        return emp__fail(error, status, "cancelled");
    return status;
}

static emp_status read_options(const char *path, const char *const *sets, size_t set_count,
                               struct emp_generate_params *out, emp_error *error)
{
    static const struct emp_schema *const schemas[] = {&emp__generate_schema};
    struct emp_node *root = NULL;
    emp_status status = path ? emp__node_read_file(path, &root, error)
                             : emp__node_read_text("(default)", "", 0, &root, error);
    for (size_t i = 0; i < set_count && status == EMP_OK; i++)
        status = emp__schema_set(root, sets[i], error);
    if (status == EMP_OK)
        status = emp__schema_check_keys(schemas, 1, root, error);
    if (status == EMP_OK)
        status = emp__schema_load(&emp__generate_schema, root, out, error);
    emp__node_free(root);
    return status;
}

emp_status emp_generate(const char *options_path, const char *const *sets, size_t set_count,
                        const char *out_path, const emp_options *options,
                        emp_generate_report *report, emp_error *error)
{
    struct emp_generate_params params = {0};
    emp_generate_report found = {0};
    emp_status status = read_options(options_path, sets, set_count, &params, error);
    if (status == EMP_OK)
        status = generate(&params, out_path, options, &found, error);
    if (status == EMP_OK && report)
        *report = found;
    emp__schema_release(&emp__generate_schema, &params);
    return status;
}

emp_status emp_generate_reference(char **out, emp_error *error)
{
    static const struct emp_schema *const schemas[] = {&emp__generate_schema};
    return emp__schema_reference(schemas, 1, out, error);
}
