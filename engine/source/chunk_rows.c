// SPDX-License-Identifier: Apache-2.0
/*
 * Two ways through a chunk. Where no record can have a quote, the vectorised scanner marks every
 * delimiter and line end of a window that fits the cache, and a record is a run of marks with the
 * line feed in the right place. Every other record, and every line that does not fit that pattern,
 * goes through text/record.h, and to libcsv if it holds quotes. Both ways find the same fields.
 */
#include "source/chunk_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { WINDOW_BYTES = 1 << 15, BATCH_ROWS = 256 };

struct emp_chunk_worker {
    struct emp_chunk_work work;
    int thread;
    char delimiter, quote;
    struct emp_quoted_parser *parser;
    uint32_t *marks; /* WINDOW_BYTES + EMP_SCAN_SPARE offsets */
    struct emp_span *spans;
    size_t span_capacity;
    struct emp_row rows[BATCH_ROWS];
    size_t row_count;
    struct emp_balance balance;
    /* of the chunk at hand */
    const struct emp_chunk *chunk;
    const struct emp_file_columns *columns;
    uint64_t records, lines;
};

emp_status emp__chunk_worker_new(const struct emp_chunk_work *work, int thread,
                                 struct emp_chunk_worker **out, emp_error *error)
{
    struct emp_chunk_worker *worker;
    emp_status status = emp__new_array(&worker, 1, sizeof *worker, error);
    if (status != EMP_OK)
        return status;
    worker->work = *work;
    worker->thread = thread;
    worker->delimiter = work->decoder->input->delimiter;
    worker->quote = worker->delimiter == EMP_DELIMITER_BLANKS ? 0 : '"';
    status =
        emp__new_array(&worker->marks, WINDOW_BYTES + EMP_SCAN_SPARE, sizeof *worker->marks, error);
    if (status == EMP_OK)
        status = emp__quoted_parser_new(worker->delimiter, &worker->parser, error);
    if (status == EMP_OK)
        *out = worker;
    else
        emp__chunk_worker_free(worker);
    return status;
}

void emp__chunk_worker_free(struct emp_chunk_worker *worker)
{
    if (!worker)
        return;
    emp__quoted_parser_free(worker->parser);
    free(worker->marks);
    free(worker->spans);
    free(worker);
}

const struct emp_balance *emp__chunk_worker_balance(const struct emp_chunk_worker *worker)
{
    return &worker->balance;
}

static emp_status flush(struct emp_chunk_worker *worker, emp_error *error)
{
    const struct emp_row_sink *sink = worker->work.sink;
    size_t count = worker->row_count;
    worker->row_count = 0;
    return count == 0 ? EMP_OK : sink->take(sink->user, worker->thread, worker->rows, count, error);
}

/* A bad record: into the log with its line, its reason and the raw text. */
static emp_status reject(struct emp_chunk_worker *worker, const char *raw, size_t length,
                         const char *reason, emp_error *error)
{
    struct emp_reject entry = {
        .chunk = worker->chunk->index,
        .line = worker->lines,
        .reason = reason,
        .reason_length = strlen(reason),
        .raw = raw,
        .raw_length = length,
    };
    worker->balance.rows[EMP_ROW_REJECTED]++;
    return emp__reject_log_add(worker->work.rejects, worker->thread, &entry, error);
}

/* Decodes the fields of one record and keeps its row for the next batch. */
static emp_status take_record(struct emp_chunk_worker *worker, const struct emp_field *fields,
                              const char *raw, size_t length, emp_error *error)
{
    char reason[EMP_REASON_MAX];
    struct emp_row *row = &worker->rows[worker->row_count];
    enum emp_fate fate = emp__row_decode(worker->work.decoder, fields, row, reason);
    if (fate == EMP_ROW_REJECTED)
        return reject(worker, raw, length, reason, error);
    worker->balance.rows[fate]++;
    if (fate >= EMP_ROW_USED)
        worker->balance.money[fate] += row->amount;
    if (fate != EMP_ROW_USED)
        return EMP_OK;
    worker->row_count++;
    /* The text of an id that libcsv decoded lasts until the next record only. */
    bool lasts = row->customer_text == NULL ||
                 (row->customer_text >= worker->chunk->text &&
                  row->customer_text < worker->chunk->text + worker->chunk->length);
    return worker->row_count == BATCH_ROWS || !lasts ? flush(worker, error) : EMP_OK;
}

/* Picks the needed fields among all fields of a record. */
static emp_status take_fields(struct emp_chunk_worker *worker, const struct emp_fields *all,
                              const char *raw, size_t length, emp_error *error)
{
    if (all->count != worker->columns->total) {
        char reason[EMP_REASON_MAX];
        snprintf(reason, sizeof reason, "expected %" PRIu32 " fields, found %zu",
                 worker->columns->total, all->count);
        return reject(worker, raw, length, reason, error);
    }
    struct emp_field fields[EMP_SLOTS_MAX];
    const struct emp_wanted_columns *wanted = worker->work.decoder->wanted;
    for (size_t i = 0; i < wanted->count; i++) {
        if (!wanted->slots[i])
            continue;
        struct emp_span span = all->spans[worker->columns->slot[i]];
        fields[i] = (struct emp_field){all->text + span.begin, span.length};
    }
    return take_record(worker, fields, raw, length, error);
}

static emp_status take_plain(struct emp_chunk_worker *worker, const char *text, size_t length,
                             emp_error *error)
{
    struct emp_fields all = {.text = text};
    emp_status status = emp__grow_array(&worker->spans, &worker->span_capacity,
                                        worker->columns->total, sizeof *worker->spans, error);
    if (status != EMP_OK)
        return status;
    all.spans = worker->spans;
    all.count = emp__split(text, length, worker->delimiter, worker->spans, worker->span_capacity);
    return take_fields(worker, &all, text, length, error);
}

static emp_status take_quoted(struct emp_chunk_worker *worker, const char *text, size_t length,
                              emp_error *error)
{
    struct emp_fields all;
    bool well_formed = false;
    emp_status status = emp__quoted_record(worker->parser, text, length, &all, &well_formed, error);
    if (status != EMP_OK)
        return status;
    if (!well_formed)
        return emp__fail(error, EMP_ERR_INTERNAL,
                         "libcsv refuses a record that the splitter takes for well-formed");
    return take_fields(worker, &all, text, length, error);
}

/* The general way: one record, whatever it looks like. */
static emp_status take_any(struct emp_chunk_worker *worker, const char *text, size_t length,
                           size_t *next, emp_error *error)
{
    emp_status status = EMP_OK;
    struct emp_record record =
        emp__record_next(text, length, worker->delimiter, worker->quote, true);
    if (!emp__is_blank_record(text, record.length, worker->delimiter)) {
        worker->records++;
        switch (record.kind) {
        case EMP_RECORD_PLAIN:
            status = take_plain(worker, text, record.length, error);
            break;
        case EMP_RECORD_QUOTED:
            status = take_quoted(worker, text, record.length, error);
            break;
        case EMP_RECORD_STRAY_QUOTE:
            status = reject(worker, text, record.length,
                            "a quote inside a field that does not begin with one, or text behind "
                            "a closing quote",
                            error);
            break;
        case EMP_RECORD_OPEN_QUOTE:
            status = reject(worker, text, record.length, "a quote that is not closed", error);
            break;
        default:
            status = reject(worker, text, record.length,
                            "the line is longer than 1 MiB (1048576 bytes)", error);
        }
    }
    worker->lines +=
        record.kind == EMP_RECORD_QUOTED ? worker->work.kernels->count(text, record.next, '\n') : 1;
    *next = record.next;
    return status;
}

/*
 * Is the record whose marks begin at marks[0] of the expected shape: total - 1 delimiters, then a
 * line feed?
 */
static bool has_shape(const char *text, const uint32_t *marks, size_t total)
{
    for (size_t i = 0; i + 1 < total; i++)
        if (text[marks[i]] == '\n')
            return false;
    return text[marks[total - 1]] == '\n';
}

/* A record of the expected shape: its fields lie between the marks. */
static emp_status take_marked(struct emp_chunk_worker *worker, const char *text, size_t begin,
                              const uint32_t *marks, emp_error *error)
{
    struct emp_field fields[EMP_SLOTS_MAX];
    const struct emp_wanted_columns *wanted = worker->work.decoder->wanted;
    size_t end = marks[worker->columns->total - 1];
    if (end > begin && text[end - 1] == '\r')
        end--;
    for (size_t i = 0; i < wanted->count; i++) {
        if (!wanted->slots[i])
            continue;
        uint32_t column = worker->columns->slot[i];
        size_t from = column == 0 ? begin : marks[column - 1] + (size_t)1;
        size_t to = column + 1 == worker->columns->total ? end : marks[column];
        fields[i] = (struct emp_field){text + from, to - from};
    }
    worker->records++;
    emp_status status = take_record(worker, fields, text + begin, end - begin, error);
    worker->lines++;
    return status;
}

/*
 * The fast way: as many records of the expected shape as the window holds. *next is where the
 * first record begins that is not one of them.
 */
static emp_status take_window(struct emp_chunk_worker *worker, const char *text, size_t length,
                              size_t *next, emp_error *error)
{
    const char set[4] = {worker->delimiter, '\n', '\n', '\n'};
    size_t window = length < WINDOW_BYTES ? length : WINDOW_BYTES;
    size_t total = worker->columns->total;
    size_t count = worker->work.kernels->scan(text, window, set, worker->marks);
    size_t begin = 0;
    emp_status status = EMP_OK;
    for (size_t i = 0; i + total <= count && status == EMP_OK; i += total) {
        size_t end = worker->marks[i + total - 1];
        bool blank = end == begin || (end == begin + 1 && text[begin] == '\r');
        if (blank || !has_shape(text, worker->marks + i, total))
            break;
        status = take_marked(worker, text, begin, worker->marks + i, error);
        begin = end + 1;
    }
    *next = begin;
    return status;
}

emp_status emp__chunk_rows(struct emp_chunk_worker *worker, const struct emp_chunk *chunk,
                           const struct emp_file_columns *columns, uint64_t *rows, uint64_t *lines,
                           emp_error *error)
{
    emp_status status = EMP_OK;
    bool fast = !chunk->has_quote && worker->delimiter != EMP_DELIMITER_BLANKS;
    worker->chunk = chunk;
    worker->columns = columns;
    worker->records = worker->lines = 0;
    for (size_t at = 0; at < chunk->length && status == EMP_OK && !chunk->too_long;) {
        size_t next = 0;
        if (fast)
            status = take_window(worker, chunk->text + at, chunk->length - at, &next, error);
        if (status == EMP_OK && next == 0)
            status = take_any(worker, chunk->text + at, chunk->length - at, &next, error);
        at += next;
    }
    if (chunk->too_long) {
        status = reject(worker, chunk->text, chunk->length,
                        "the line is longer than 1 MiB (1048576 bytes)", error);
        worker->records = worker->lines = 1;
    }
    if (status == EMP_OK)
        status = flush(worker, error);
    *rows = worker->records;
    *lines = worker->lines;
    return status;
}
