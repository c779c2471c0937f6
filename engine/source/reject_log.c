// SPDX-License-Identifier: Apache-2.0
/*
 * Each thread writes its rejects one behind the other into a buffer that is emptied into a
 * temporary file without a name; an index of (chunk, where) is all that stays in memory.
 */
#include "source/reject_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

enum { BUFFER_BYTES = 1 << 18 };

/* The rejects of one chunk, as they lie in a thread's spool. */
struct run {
    uint64_t chunk;
    int thread;
    uint64_t begin, end;
};

struct spool {
    struct emp_buffer buffer;
    int descriptor; /* -1: nothing was too much for the buffer yet */
    uint64_t written;
    struct run *runs;
    size_t count, capacity;
};

struct emp_reject_log {
    int threads;
    struct spool *spools;
};

struct entry {
    uint64_t line;
    uint32_t reason_length, raw_length;
};

emp_status emp__reject_log_new(int threads, struct emp_reject_log **out, emp_error *error)
{
    struct emp_reject_log *log;
    emp_status status = emp__new_array(&log, 1, sizeof *log, error);
    if (status != EMP_OK)
        return status;
    status = emp__new_array(&log->spools, (size_t)threads, sizeof *log->spools, error);
    if (status != EMP_OK) {
        free(log);
        return status;
    }
    log->threads = threads;
    for (int i = 0; i < threads; i++)
        log->spools[i].descriptor = -1;
    *out = log;
    return EMP_OK;
}

void emp__reject_log_free(struct emp_reject_log *log)
{
    if (!log)
        return;
    for (int i = 0; i < log->threads; i++) {
        emp__buffer_free(&log->spools[i].buffer);
        free(log->spools[i].runs);
        if (log->spools[i].descriptor >= 0)
            close(log->spools[i].descriptor);
    }
    free(log->spools);
    free(log);
}

int emp__reject_log_threads(const struct emp_reject_log *log)
{
    return log->threads;
}

static const char *temporary_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && folder[0] ? folder : "/tmp";
}

static emp_status empty_buffer(struct spool *spool, emp_error *error)
{
    const char *folder = temporary_folder();
    if (spool->descriptor < 0)
        spool->descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (spool->descriptor < 0)
        return emp__fail_errno(error, EMP_ERR_CREATE, folder, "make a temporary file in");
    size_t done = 0;
    while (done < spool->buffer.length) {
        ssize_t n =
            write(spool->descriptor, spool->buffer.data + done, spool->buffer.length - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return emp__fail_errno(error, EMP_ERR_IO, folder, "write a temporary file in");
        done += (size_t)n;
    }
    spool->written += done;
    emp__buffer_clear(&spool->buffer);
    return EMP_OK;
}

static emp_status append(struct spool *spool, const struct emp_reject *reject, emp_error *error)
{
    size_t raw = reject->raw_length < EMP_REJECT_RAW_MAX ? reject->raw_length : EMP_REJECT_RAW_MAX;
    struct entry entry = {reject->line, (uint32_t)reject->reason_length, (uint32_t)raw};
    emp_status status = emp__buffer_add(&spool->buffer, &entry, sizeof entry, error);
    if (status == EMP_OK)
        status = emp__buffer_add(&spool->buffer, reject->reason, entry.reason_length, error);
    if (status == EMP_OK)
        status = emp__buffer_add(&spool->buffer, reject->raw, raw, error);
    return status;
}

emp_status emp__reject_log_add(struct emp_reject_log *log, int thread,
                               const struct emp_reject *reject, emp_error *error)
{
    struct spool *spool = &log->spools[thread];
    struct run *last = spool->count > 0 ? &spool->runs[spool->count - 1] : NULL;
    emp_status status = EMP_OK;
    if (!last || last->chunk != reject->chunk) {
        uint64_t here = spool->written + spool->buffer.length;
        status = emp__grow_array(&spool->runs, &spool->capacity, spool->count + 1,
                                 sizeof *spool->runs, error);
        if (status != EMP_OK)
            return status;
        last = &spool->runs[spool->count++];
        *last = (struct run){reject->chunk, thread, here, here};
    }
    status = append(spool, reject, error);
    last->end = spool->written + spool->buffer.length;
    if (status == EMP_OK && spool->buffer.length >= BUFFER_BYTES)
        status = empty_buffer(spool, error);
    return status;
}

static int compare_runs(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    return (x->chunk > y->chunk) - (x->chunk < y->chunk);
}

/* `length` bytes of a spool from `begin`, whether they still lie in the buffer or in the file. */
static emp_status fetch(const struct spool *spool, uint64_t begin, void *out, size_t length,
                        emp_error *error)
{
    char *to = out;
    while (length > 0 && begin < spool->written) {
        size_t left = (size_t)(spool->written - begin);
        ssize_t n = pread(spool->descriptor, to, left < length ? left : length, (off_t)begin);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return emp__fail_errno(error, EMP_ERR_IO, temporary_folder(),
                                   "read a temporary file in");
        to += n;
        begin += (uint64_t)n;
        length -= (size_t)n;
    }
    if (length > 0)
        memcpy(to, spool->buffer.data + (begin - spool->written), length);
    return EMP_OK;
}

struct visitor {
    emp_status (*visit)(void *user, const struct emp_reject *reject, emp_error *error);
    void *user;
    struct emp_buffer text;
};

/* The line of the first reject that is left of a run. */
static emp_status first_line(const struct emp_reject_log *log, const struct run *run,
                             uint64_t *line, emp_error *error)
{
    struct entry entry = {0};
    emp_status status = fetch(&log->spools[run->thread], run->begin, &entry, sizeof entry, error);
    *line = entry.line;
    return status;
}

/* Visits the first reject that is left of a run, and takes it off. */
static emp_status visit_first(const struct emp_reject_log *log, struct run *run,
                              struct visitor *visitor, emp_error *error)
{
    const struct spool *spool = &log->spools[run->thread];
    struct entry entry = {0};
    emp_status status = fetch(spool, run->begin, &entry, sizeof entry, error);
    size_t length = (size_t)entry.reason_length + entry.raw_length;
    emp__buffer_clear(&visitor->text);
    if (status == EMP_OK)
        status = emp__buffer_reserve(&visitor->text, length, error);
    if (status == EMP_OK)
        status = fetch(spool, run->begin + sizeof entry, visitor->text.data, length, error);
    if (status != EMP_OK)
        return status;
    struct emp_reject reject = {run->chunk,
                                entry.line,
                                visitor->text.data,
                                entry.reason_length,
                                visitor->text.data + entry.reason_length,
                                entry.raw_length};
    run->begin += sizeof entry + length;
    return visitor->visit(visitor->user, &reject, error);
}

/* Visits the runs of one chunk, each of which is in order of line, in order of line. */
static emp_status visit_chunk(const struct emp_reject_log *log, struct run *runs, size_t count,
                              struct visitor *visitor, emp_error *error)
{
    emp_status status = EMP_OK;
    for (;;) {
        struct run *next = NULL;
        uint64_t least = 0;
        for (size_t i = 0; i < count && status == EMP_OK; i++) {
            uint64_t line = 0;
            if (runs[i].begin == runs[i].end)
                continue;
            if (count > 1)
                status = first_line(log, &runs[i], &line, error);
            if (next && line >= least)
                continue;
            next = &runs[i];
            least = line;
        }
        if (status != EMP_OK || !next)
            return status;
        status = visit_first(log, next, visitor, error);
        if (status != EMP_OK)
            return status;
    }
}

emp_status emp__reject_log_each(struct emp_reject_log *log,
                                emp_status (*visit)(void *user, const struct emp_reject *reject,
                                                    emp_error *error),
                                void *user, emp_error *error)
{
    struct visitor visitor = {.visit = visit, .user = user};
    struct run *runs = NULL;
    size_t count = 0, filled = 0;
    for (int i = 0; i < log->threads; i++)
        count += log->spools[i].count;
    emp_status status = emp__new_array(&runs, count, sizeof *runs, error);
    for (int i = 0; i < log->threads && status == EMP_OK; i++) {
        if (log->spools[i].count > 0)
            memcpy(runs + filled, log->spools[i].runs, log->spools[i].count * sizeof *runs);
        filled += log->spools[i].count;
    }
    if (status == EMP_OK)
        qsort(runs, count, sizeof *runs, compare_runs);
    for (size_t i = 0, end = 0; i < count && status == EMP_OK; i = end) {
        while (end < count && runs[end].chunk == runs[i].chunk)
            end++;
        status = visit_chunk(log, runs + i, end - i, &visitor, error);
    }
    emp__buffer_free(&visitor.text);
    free(runs);
    return status;
}
