// SPDX-License-Identifier: Apache-2.0
/*
 * Four ways through a chunk. Lines of which little is needed, and that are as usual in all ways,
 * are read whole (usual_lines.h). Else a vectorised scanner marks every delimiter and line end of a
 * window that fits the cache, outside quotes if there are any and as far as they are in order; a
 * record of the expected shape is a run of marks with the line feed in the right place. Such
 * records are decoded many at once (usual_rows.h), those that are unusual in their content one by
 * one (row_decoder.h). Every other record goes through text/record.h, and to libcsv if it holds
 * quotes, as does one with pairs of quotes in a field that is needed. All ways find the same rows.
 */
#include "source/chunk_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "source/record_fields.h"
#include "source/usual_lines.h"

enum { WINDOW_BYTES = 1 << 15 };

struct emp_chunk_worker {
    struct emp_chunk_work work;
    int thread;
    char delimiter;
    struct emp_field_splitter splitter;
    uint32_t *marks; /* 1 + WINDOW_BYTES + EMP_SCAN_SPARE offsets */
    uint32_t *pairs; /* 2 * EMP_USUAL_ROWS offsets for each slot of a role */
    struct emp_usual_rows batch;
    struct emp_row rows[EMP_USUAL_ROWS];
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
    worker->delimiter = work->decoder->input->format.delimiter;
    status = emp__new_array(&worker->marks, 1 + WINDOW_BYTES + EMP_SCAN_SPARE,
                            sizeof *worker->marks, error);
    if (status == EMP_OK)
        status = emp__new_array(&worker->pairs, (size_t)EMP_SLOT_CONDITIONS * 2 * EMP_USUAL_ROWS,
                                sizeof *worker->pairs, error);
    if (status == EMP_OK)
        status = emp__field_splitter_init(&worker->splitter, worker->delimiter, error);
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
    emp__field_splitter_free(&worker->splitter);
    free(worker->marks);
    free(worker->pairs);
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
    return worker->row_count == EMP_USUAL_ROWS || !lasts ? flush(worker, error) : EMP_OK;
}

/* Picks the needed fields among all fields of a record. */
static emp_status take_fields(struct emp_chunk_worker *worker, const struct emp_fields *all,
                              const char *raw, size_t length, emp_error *error)
{
    char reason[EMP_REASON_MAX];
    if (!emp__check_field_count(all->count, worker->columns->total, reason, sizeof reason))
        return reject(worker, raw, length, reason, error);
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

/* A record that has to be taken apart on its own. */
static emp_status take_apart(struct emp_chunk_worker *worker, struct emp_record_text record,
                             emp_error *error)
{
    struct emp_fields all;
    emp_status status =
        emp__record_fields(&worker->splitter, record, worker->columns->total, &all, error);
    return status == EMP_OK ? take_fields(worker, &all, record.text, record.length, error) : status;
}

/* The general way: one record, whatever it looks like. */
static emp_status take_any(struct emp_chunk_worker *worker, const char *text, size_t length,
                           size_t *next, emp_error *error)
{
    emp_status status = EMP_OK;
    struct emp_record record =
        emp__record_next(text, length, worker->delimiter, worker->splitter.quote, true);
    if (!emp__is_blank_record(text, record.length, worker->delimiter)) {
        struct emp_record_text whole = {record.kind, text, record.length};
        const char *fault = emp__record_fault(record.kind);
        worker->records++;
        status = fault ? reject(worker, text, record.length, fault, error)
                       : take_apart(worker, whole, error);
    }
    worker->lines +=
        record.kind == EMP_RECORD_QUOTED ? worker->work.kernels->count(text, record.next, '\n') : 1;
    *next = record.next;
    return status;
}

/* The end of a record's text that ends at the line feed `end`. */
static size_t cut_return(const char *text, size_t begin, size_t end)
{
    return end > begin && text[end - 1] == '\r' ? end - 1 : end;
}

/*
 * Are marks[1] .. marks[total] those of a record of the expected shape: total - 1 delimiters, then
 * a line feed? A blank line is none. marks[0] stands before the record.
 */
static bool has_shape(const char *text, const uint32_t *marks, size_t total)
{
    size_t begin = (uint32_t)(marks[0] + 1), end = marks[total];
    for (size_t i = 1; i < total; i++)
        if (text[marks[i]] == '\n')
            return false;
    return text[end] == '\n' && cut_return(text, begin, end) > begin;
}

/* The pairs of offsets that stand for the fields of a column without their quotes. */
static void strip(const struct emp_field_batch *all, bool last, uint32_t *pairs)
{
    for (size_t i = 0; i < all->count; i++) {
        size_t from = emp__batch_begin(all, i), to = from + emp__batch_length(all, i);
        if (last)
            to = cut_return(all->text, from, to);
        bool quoted = to > from + 1 && all->text[from] == '"';
        pairs[2 * i] = (uint32_t)(from + quoted - 1);
        pairs[2 * i + 1] = (uint32_t)(to - quoted);
    }
}

/*
 * Where the field of a slot stands in `count` records. Fields usually are all quoted or none is,
 * and all lines end alike: the first one tells. Those that are different will be found unusual.
 */
static struct emp_field_batch locate(const struct emp_chunk_worker *worker, const char *text,
                                     const uint32_t *marks, size_t slot, size_t count)
{
    size_t total = worker->columns->total, column = worker->columns->slot[slot];
    bool last = column + 1 == total;
    struct emp_field_batch all = {text, marks + column, total, count};
    size_t from = emp__batch_begin(&all, 0), to = from + emp__batch_length(&all, 0);
    bool quoted = worker->chunk->has_quote && text[from] == '"';
    if (!quoted && !(last && cut_return(text, from, to) < to))
        return all;
    uint32_t *pairs = worker->pairs + slot * 2 * EMP_USUAL_ROWS;
    strip(&all, last, pairs);
    return (struct emp_field_batch){text, pairs, 2, count};
}

/* How many records of the expected shape there are at the front of `count` marks. */
static size_t shaped_records(const struct emp_chunk_worker *worker, const char *text,
                             const uint32_t *marks, size_t count)
{
    size_t total = worker->columns->total, records = 0;
    while ((records + 1) * total <= count && has_shape(text, marks + records * total, total))
        records++;
    return records;
}

/*
 * Are all records of the marks of the expected shape? They are if as many line feeds as there are
 * records stand where they must: then there is none elsewhere.
 */
static bool all_are_shaped(const struct emp_chunk_worker *worker, const char *text,
                           const uint32_t *marks, size_t records)
{
    size_t total = worker->columns->total, end = (uint32_t)(marks[records * total] + 1);
    bool ends = total > 1; /* a line feed alone is a blank line */
    for (size_t i = 1; i <= records; i++)
        ends &= text[marks[i * total]] == '\n';
    return ends && worker->work.kernels->count(text, end, '\n') == records;
}

/* Takes off the quotes of a field; false if there are pairs of quotes inside. */
static bool unquote(struct emp_field *field)
{
    if (field->length < 2 || field->text[0] != '"')
        return true;
    field->text++;
    field->length -= 2;
    return memchr(field->text, '"', field->length) == NULL;
}

/*
 * The text of a record of the expected shape and its fields, which lie between the marks; *simple
 * is false if some have to be put together, so that they are not found as they are.
 */
static struct emp_field marked_record(const struct emp_chunk_worker *worker, const char *text,
                                      const uint32_t *marks, struct emp_field *fields, bool *simple)
{
    const struct emp_wanted_columns *wanted = worker->work.decoder->wanted;
    size_t begin = (uint32_t)(marks[0] + 1);
    size_t end = cut_return(text, begin, marks[worker->columns->total]);
    *simple = true;
    for (size_t i = 0; i < wanted->count; i++) {
        if (!wanted->slots[i])
            continue;
        uint32_t column = worker->columns->slot[i];
        size_t from = (uint32_t)(marks[column] + 1);
        size_t to = column + 1 == worker->columns->total ? end : marks[column + 1];
        fields[i] = (struct emp_field){text + from, to - from};
        if (worker->chunk->has_quote)
            *simple &= unquote(&fields[i]);
    }
    return (struct emp_field){text + begin, end - begin};
}

/* A record that is unusual: its row is decoded on its own. */
static emp_status take_marked(struct emp_chunk_worker *worker, const char *text,
                              const uint32_t *marks, emp_error *error)
{
    struct emp_field fields[EMP_SLOTS_MAX];
    bool simple;
    struct emp_field record = marked_record(worker, text, marks, fields, &simple);
    struct emp_record_text whole = {EMP_RECORD_QUOTED, record.text, record.length};
    return simple ? take_record(worker, fields, record.text, record.length, error)
                  : take_apart(worker, whole, error);
}

/* How many lines the first `records` records have. */
static uint64_t count_lines(const struct emp_chunk_worker *worker, const char *text,
                            const uint32_t *marks, size_t records)
{
    size_t begin = (uint32_t)(marks[0] + 1),
           end = marks[records * worker->columns->total] + (size_t)1;
    if (!worker->chunk->has_quote || records == 0)
        return records;
    return worker->work.kernels->count(text + begin, end - begin, '\n');
}

/* A text with a quote in it has to be put together: its row is unusual. */
static void check_texts(struct emp_usual_rows *batch, size_t slot, const uint8_t *good)
{
    const struct emp_field_batch *fields = &batch->fields[slot];
    for (size_t i = 0; i < fields->count; i++)
        if (batch->usual[i] && !good[i] &&
            memchr(fields->text + emp__batch_begin(fields, i), '"', emp__batch_length(fields, i)))
            batch->usual[i] = 0;
}

/* Rows that do not meet the conditions are unusual. */
static void check_conditions(struct emp_chunk_worker *worker, const char *text,
                             const uint32_t *marks, size_t count)
{
    struct emp_field fields[EMP_SLOTS_MAX];
    bool simple;
    for (size_t i = 0; i < count; i++) {
        (void)marked_record(worker, text, marks + i * worker->columns->total, fields, &simple);
        worker->batch.usual[i] &= simple && emp__row_meets(worker->work.decoder, fields);
    }
}

/* Takes rows of the batch from `from` on; returns the index of the first that is unusual. */
static size_t take_usual(struct emp_chunk_worker *worker, size_t from)
{
    struct emp_row_run run = {.rows = worker->rows, .count = worker->row_count};
    size_t next = emp__usual_rows_take(worker->work.decoder, &worker->batch, from, &run);
    worker->balance.rows[EMP_ROW_USED] += run.count - worker->row_count;
    worker->balance.money[EMP_ROW_USED] += run.money;
    worker->row_count = run.count;
    return next;
}

/* Hands columns of rows that are used to the sink. */
static emp_status hand_columns(struct emp_chunk_worker *worker,
                               const struct emp_row_columns *columns, emp_int128 money,
                               emp_error *error)
{
    const struct emp_row_sink *sink = worker->work.sink;
    emp_status status = flush(worker, error);
    if (status == EMP_OK)
        status = sink->take_columns(sink->user, worker->thread, columns, error);
    worker->balance.rows[EMP_ROW_USED] += columns->count;
    worker->balance.money[EMP_ROW_USED] += money;
    return status;
}

/* Takes all rows of the batch at once, if the sink takes columns and none of them is unusual. */
static bool take_columns(struct emp_chunk_worker *worker, emp_status *status, emp_error *error)
{
    struct emp_row_columns columns;
    emp_int128 money;
    if (!worker->work.sink->take_columns ||
        !emp__usual_rows_columns(worker->work.decoder, &worker->batch, &columns, &money))
        return false;
    *status = hand_columns(worker, &columns, money, error);
    return true;
}

/* Decodes the columns of up to EMP_USUAL_ROWS records of the expected shape. */
static void decode_batch(struct emp_chunk_worker *worker, const char *text, const uint32_t *marks,
                         size_t count)
{
    const struct emp_row_decoder *decoder = worker->work.decoder;
    for (size_t slot = 0; slot < EMP_SLOT_CONDITIONS; slot++)
        if (decoder->wanted->slots[slot])
            worker->batch.fields[slot] = locate(worker, text, marks, slot, count);
    emp__usual_rows_decode(decoder, worker->work.kernels->batch, &worker->batch);
    if (worker->chunk->has_quote)
        check_texts(&worker->batch, EMP_SLOT_CUSTOMER, worker->batch.customer_good);
    for (size_t t = 0; t < EMP_TOKENS && worker->chunk->has_quote; t++)
        if (decoder->wanted->slots[EMP_SLOT_TOKENS + t])
            check_texts(&worker->batch, EMP_SLOT_TOKENS + t, worker->batch.token_good[t]);
    if (decoder->input->where.count > 0)
        check_conditions(worker, text, marks, count);
}

/* Takes records of the expected shape, up to EMP_USUAL_ROWS of them. */
static emp_status take_batch(struct emp_chunk_worker *worker, const char *text,
                             const uint32_t *marks, size_t count, emp_error *error)
{
    uint64_t lines = worker->lines;
    emp_status status = worker->row_count + count > EMP_USUAL_ROWS ? flush(worker, error) : EMP_OK;
    decode_batch(worker, text, marks, count);
    bool taken = status == EMP_OK && take_columns(worker, &status, error);
    for (size_t i = taken ? count : 0; i < count && status == EMP_OK; i++) {
        i = take_usual(worker, i);
        if (i == count)
            break;
        worker->lines = lines + count_lines(worker, text, marks, i);
        status = take_marked(worker, text, marks + i * worker->columns->total, error);
    }
    worker->records += count;
    worker->lines = lines + count_lines(worker, text, marks, count);
    return status;
}

static emp_status take_shaped(struct emp_chunk_worker *worker, const char *text,
                              const uint32_t *marks, size_t records, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < records && status == EMP_OK; i += EMP_USUAL_ROWS) {
        size_t count = records - i < EMP_USUAL_ROWS ? records - i : EMP_USUAL_ROWS;
        status = take_batch(worker, text, marks + i * worker->columns->total, count, error);
    }
    return status;
}

/* A record that has not the expected shape; *used marks are its own, 0 if its end is not there. */
static emp_status take_unshaped(struct emp_chunk_worker *worker, const char *text,
                                const uint32_t *marks, size_t count, size_t *used, emp_error *error)
{
    size_t begin = (uint32_t)(marks[0] + 1), end = 0, next;
    *used = 0;
    while (end < count && text[marks[end + 1]] != '\n')
        end++;
    if (end == count)
        return EMP_OK;
    *used = end + 1;
    return take_any(worker, text + begin, marks[*used] + 1 - begin, &next, error);
}

/* Marks the window's delimiters and line ends; *shaped says that all are those of usual records. */
static size_t mark_window(struct emp_chunk_worker *worker, const char *text, size_t length,
                          bool *shaped)
{
    const struct emp_text_kernels *kernels = worker->work.kernels;
    uint32_t *marks = worker->marks;
    marks[0] = UINT32_MAX; /* so that the first record begins at 0 */
    *shaped = false;
    if (worker->chunk->has_quote) {
        const struct emp_quoted_text quoted = {text, length, worker->delimiter, false};
        return kernels->scan_quoted(&quoted, marks + 1).marked;
    }
    const char set[4] = {worker->delimiter, '\n', '\n', '\n'};
    size_t count = kernels->scan(text, length, set, marks + 1);
    *shaped = all_are_shaped(worker, text, marks, count / worker->columns->total);
    return count;
}

/* Takes lines that are as usual in all ways, batch by batch; returns how many. */
static size_t take_usual_lines(struct emp_chunk_worker *worker, const struct emp_lines *lines,
                               const struct emp_line_layout *layout, emp_status *status,
                               emp_error *error)
{
    struct emp_row_columns columns;
    emp_int128 money;
    size_t done = 0;
    while (done < lines->count && *status == EMP_OK) {
        size_t left = lines->count - done;
        const struct emp_lines batch = {lines->text, lines->ends + done,
                                        left < EMP_USUAL_ROWS ? left : EMP_USUAL_ROWS};
        if (!emp__usual_lines_read(worker->work.decoder, worker->work.kernels->lines, &batch,
                                   layout, &worker->batch, &columns, &money))
            break;
        *status = hand_columns(worker, &columns, money, error);
        done += batch.count;
    }
    return done;
}

/*
 * The fastest way: the lines of a window up to the first batch of which one is unusual. *next is
 * where that begins, or the first line that does not end in the window.
 */
static emp_status take_lines(struct emp_chunk_worker *worker, const char *text, size_t length,
                             size_t *next, emp_error *error)
{
    static const char set[4] = {'\n', '\n', '\n', '\n'};
    const struct emp_text_kernels *kernels = worker->work.kernels;
    struct emp_lines lines = {.text = text, .ends = worker->marks + 1};
    struct emp_line_layout layout;
    emp_status status = EMP_OK;
    size_t window = length < WINDOW_BYTES ? length : WINDOW_BYTES, done = 0;
    worker->marks[0] = UINT32_MAX; /* so that the first line begins at 0 */
    lines.count = kernels->scan(text, window, set, worker->marks + 1);
    if (lines.count > 0 &&
        emp__usual_lines_layout(worker->work.decoder, worker->columns,
                                (struct emp_field){text, worker->marks[1]}, &layout))
        done = take_usual_lines(worker, &lines, &layout, &status, error);
    worker->records += done;
    worker->lines += done;
    *next = (uint32_t)(worker->marks[done] + 1);
    return status;
}

/*
 * The fast way: the records of a window that fits the cache, up to the first that is malformed.
 * *next is where that one begins, or the first that does not end in the window.
 */
static emp_status take_window(struct emp_chunk_worker *worker, const char *text, size_t length,
                              size_t *next, emp_error *error)
{
    size_t window = length < WINDOW_BYTES ? length : WINDOW_BYTES;
    size_t total = worker->columns->total, at = 0;
    bool shaped;
    size_t count = mark_window(worker, text, window, &shaped);
    const uint32_t *marks = worker->marks;
    emp_status status = EMP_OK;
    while (at < count && status == EMP_OK) {
        size_t records =
            shaped ? (count - at) / total : shaped_records(worker, text, marks + at, count - at);
        size_t used = records * total;
        status = records > 0 ? take_shaped(worker, text, marks + at, records, error)
                             : take_unshaped(worker, text, marks + at, count - at, &used, error);
        if (used == 0)
            break;
        at += used;
    }
    *next = (uint32_t)(marks[at] + 1);
    return status;
}

static bool may_have_usual_lines(const struct emp_chunk_worker *worker)
{
    return worker->work.kernels->lines && worker->work.sink->take_columns &&
           !worker->chunk->has_quote && worker->columns->total > 1;
}

emp_status emp__chunk_rows(struct emp_chunk_worker *worker, const struct emp_chunk *chunk,
                           const struct emp_file_columns *columns, uint64_t *rows, uint64_t *lines,
                           emp_error *error)
{
    emp_status status = EMP_OK;
    bool fast = !worker->work.one_by_one && worker->delimiter != EMP_DELIMITER_BLANKS;
    worker->chunk = chunk;
    worker->columns = columns;
    worker->records = worker->lines = 0;
    for (size_t at = 0; at < chunk->length && status == EMP_OK && !chunk->too_long;) {
        size_t next = 0;
        if (fast && may_have_usual_lines(worker))
            status = take_lines(worker, chunk->text + at, chunk->length - at, &next, error);
        if (fast && status == EMP_OK && next == 0)
            status = take_window(worker, chunk->text + at, chunk->length - at, &next, error);
        if (status == EMP_OK && next == 0)
            status = take_any(worker, chunk->text + at, chunk->length - at, &next, error);
        at += next;
    }
    if (chunk->too_long) {
        status = reject(worker, chunk->text, chunk->length, EMP_RECORD_TOO_LONG_FAULT, error);
        worker->records = worker->lines = 1;
    }
    if (status == EMP_OK)
        status = flush(worker, error);
    *rows = worker->records;
    *lines = worker->lines;
    return status;
}
