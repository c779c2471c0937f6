// SPDX-License-Identifier: Apache-2.0
#include "source/customer_file.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "source/byte_stream.h"
#include "source/chunk_loop.h"
#include "source/file_list.h"
#include "source/ids.h"
#include "source/number_field.h"
#include "source/record_fields.h"

enum { SINK_ROWS = 256 };

/* What the threads share. */
struct reading {
    const struct emp_customer_file_request *request;
    const struct emp_customer_file *file;
    const struct emp_input_file *files;
    const struct emp_text_kernels *kernels;
    const struct emp_row_sink *sink;
    struct emp_attribute_rows *rows; /* NULL: nobody wants the values */
    struct emp_number_reader numbers;
    bool converted;
    struct worker *workers;
};

/* One thread's own. */
struct worker {
    struct emp_field_splitter splitter;
    struct emp_row rows[SINK_ROWS]; /* on their way to the sink */
    size_t row_count;
    union emp_attribute_field *values; /* of one row */
    uint64_t used, rejected;
    /* of the chunk at hand */
    const struct emp_chunk *chunk;
    int thread;
    uint64_t records, lines;
};

static void want_columns(const struct emp_customer_file_request *request,
                         struct emp_wanted_columns *out)
{
    *out = (struct emp_wanted_columns){.count = 1 + request->column_count,
                                       .by_number = !request->params->format.header};
    out->slots[0] = &request->params->customer;
    for (size_t i = 0; i < request->column_count; i++)
        out->slots[i + 1] = request->columns[i].ref;
}

static emp_status prepare(const struct emp_customer_file_request *request,
                          struct emp_customer_file *out, emp_error *error)
{
    *out = (struct emp_customer_file){0};
    want_columns(request, &out->wanted);
    emp_status status =
        emp__file_list(&request->params->files, request->folder, &out->paths, error);
    if (status == EMP_OK)
        status = emp__chunk_reader_new(&request->params->format, &out->paths, &out->wanted,
                                       request->options, &out->reader, error);
    /* Each thread has one place for the rows that it reads, and one for those that are repeated. */
    if (status == EMP_OK)
        status = emp__reject_log_new(2 * request->threads, &out->rejects, error);
    return status;
}

static emp_status flush(const struct reading *reading, struct worker *worker, emp_error *error)
{
    size_t count = worker->row_count;
    worker->row_count = 0;
    return count == 0 ? EMP_OK
                      : reading->sink->take(reading->sink->user, worker->thread, worker->rows,
                                            count, error);
}

static emp_status reject(const struct reading *reading, struct worker *worker,
                         struct emp_field record, const char *reason, emp_error *error)
{
    struct emp_reject entry = {
        .chunk = worker->chunk->index,
        .line = worker->lines,
        .reason = reason,
        .reason_length = strlen(reason),
        .raw = record.text,
        .raw_length = record.length,
    };
    worker->rejected++;
    return emp__reject_log_add(reading->file->rejects, worker->thread, &entry, error);
}

static bool is_missing(const struct emp_texts *missing, struct emp_field field)
{
    if (emp__field_is_blank(field))
        return true;
    for (size_t i = 0; i < missing->count; i++)
        if (strlen(missing->items[i]) == field.length &&
            memcmp(missing->items[i], field.text, field.length) == 0)
            return true;
    return false;
}

/* What is wrong with a field that should be a number. */
static void number_fault(const struct reading *reading, enum emp_decimal_result result, char *out,
                         size_t size)
{
    if (result == EMP_DECIMAL_TOO_FINE)
        snprintf(out, size, "has more than %d characters", EMP_NUMBER_BYTES_MAX);
    else if (result == EMP_DECIMAL_OVERFLOW)
        snprintf(out, size, "is too large");
    else
        snprintf(out, size, "is not a number with the decimal mark '%c'",
                 reading->numbers.format.mark);
}

static struct emp_field field_at(const struct emp_fields *fields, size_t column)
{
    struct emp_span span = fields->spans[column];
    return (struct emp_field){fields->text + span.begin, span.length};
}

static bool read_number(const struct reading *reading, const char *name, struct emp_field field,
                        double *out, char *reason)
{
    char what[100];
    *out = NAN;
    if (is_missing(&reading->request->params->missing, field))
        return true;
    enum emp_decimal_result result = emp__number_read(&reading->numbers, field, out);
    if (result == EMP_DECIMAL_OK)
        return true;
    number_fault(reading, result, what, sizeof what);
    emp__field_reason(name, field, what, reason);
    return false;
}

static bool read_category(const struct reading *reading, const char *name, struct emp_field field,
                          struct emp_field *out, char *reason)
{
    char what[EMP_ID_FAULT_MAX];
    *out = (struct emp_field){NULL, 0};
    if (is_missing(&reading->request->params->missing, field))
        return true;
    enum emp_id_result result = emp__field_text(field, reading->converted);
    *out = field;
    if (result == EMP_ID_OK)
        return true;
    emp__id_fault(result, "category", "input.customers", what);
    emp__field_reason(name, field, what, reason);
    return false;
}

/* The named columns of a row; false, and the reason, if one is neither what it should be nor
   missing. */
static bool read_values(const struct reading *reading, const struct emp_fields *fields,
                        const struct emp_file_columns *columns, union emp_attribute_field *out,
                        char *reason)
{
    const struct emp_customer_file_request *request = reading->request;
    bool fine = true;
    for (size_t i = 0; i < request->column_count && fine; i++) {
        const struct emp_attribute_column *column = &request->columns[i];
        struct emp_field field = field_at(fields, columns->slot[i + 1]);
        fine = column->kind == EMP_ATTRIBUTE_CATEGORY
                   ? read_category(reading, column->ref->name, field, &out[i].text, reason)
                   : read_number(reading, column->ref->name, field, &out[i].number, reason);
    }
    return fine;
}

/* The customer and the values of a record's fields; false, and the reason, for a bad row. */
static bool decode(const struct reading *reading, const struct emp_fields *fields,
                   const struct emp_file_columns *columns, struct emp_row *row,
                   union emp_attribute_field *values, char *reason)
{
    if (!emp__check_field_count(fields->count, columns->total, reason, EMP_REASON_MAX))
        return false;
    struct emp_field id = field_at(fields, columns->slot[0]);
    *row = (struct emp_row){.amount = EMP_NO_AMOUNT};
    enum emp_id_result result = emp__field_customer(id, reading->converted, row);
    if (result == EMP_ID_OK)
        return read_values(reading, fields, columns, values, reason);
    char what[EMP_ID_FAULT_MAX];
    emp__field_reason(reading->request->params->customer.name, id,
                      emp__id_fault(result, "customer id", "input.customers", what), reason);
    return false;
}

static emp_status take_fields(const struct reading *reading, struct worker *worker,
                              struct emp_field record, const struct emp_fields *fields,
                              emp_error *error)
{
    char reason[EMP_REASON_MAX];
    const struct emp_chunk *chunk = worker->chunk;
    struct emp_row *row = &worker->rows[worker->row_count];
    const struct emp_file_columns *columns = &reading->files[chunk->file].columns;
    if (!decode(reading, fields, columns, row, worker->values, reason))
        return reject(reading, worker, record, reason, error);
    worker->used++;
    worker->row_count++;
    emp_status status = EMP_OK;
    if (reading->rows)
        status = emp__attribute_rows_add(reading->rows, worker->thread, row,
                                         emp__row_place(chunk->index, worker->lines),
                                         worker->values, error);
    /* The text of an id that libcsv decoded lasts until the next record only. */
    bool lasts = fields->text == record.text || !row->customer_text;
    if (status == EMP_OK && (worker->row_count == SINK_ROWS || !lasts))
        status = flush(reading, worker, error);
    return status;
}

/* One record, whatever it looks like; *next is where the one behind it begins. */
static emp_status take_record(const struct reading *reading, struct worker *worker,
                              const char *text, size_t length, size_t *next, emp_error *error)
{
    const struct emp_field_splitter *splitter = &worker->splitter;
    struct emp_record record =
        emp__record_next(text, length, splitter->delimiter, splitter->quote, true);
    struct emp_record_text whole = {record.kind, text, record.length};
    struct emp_field raw = {text, record.length};
    const char *fault = emp__record_fault(record.kind);
    emp_status status = EMP_OK;
    *next = record.next;
    if (!emp__is_blank_record(text, record.length, splitter->delimiter)) {
        struct emp_fields fields;
        uint32_t expected = reading->files[worker->chunk->file].columns.total;
        worker->records++;
        if (!fault)
            status = emp__record_fields(&worker->splitter, whole, expected, &fields, error);
        if (status == EMP_OK)
            status = fault ? reject(reading, worker, raw, fault, error)
                           : take_fields(reading, worker, raw, &fields, error);
    }
    worker->lines +=
        record.kind == EMP_RECORD_QUOTED ? reading->kernels->count(text, record.next, '\n') : 1;
    return status;
}

static emp_status take_chunk(void *user, int thread, const struct emp_chunk *chunk, uint64_t *rows,
                             uint64_t *lines, emp_error *error)
{
    const struct reading *reading = user;
    struct worker *worker = &reading->workers[thread];
    emp_status status = EMP_OK;
    worker->chunk = chunk;
    worker->thread = thread;
    worker->records = worker->lines = 0;
    for (size_t at = 0, next; at < chunk->length && status == EMP_OK && !chunk->too_long;
         at += next)
        status = take_record(reading, worker, chunk->text + at, chunk->length - at, &next, error);
    if (chunk->too_long) {
        struct emp_field raw = {chunk->text, chunk->length};
        status = reject(reading, worker, raw, EMP_RECORD_TOO_LONG_FAULT, error);
        worker->records = worker->lines = 1;
    }
    if (status == EMP_OK)
        status = flush(reading, worker, error);
    *rows = worker->records;
    *lines = worker->lines;
    return status;
}

static emp_status new_workers(struct reading *reading, emp_error *error)
{
    const struct emp_customer_file_request *request = reading->request;
    size_t threads = (size_t)request->threads;
    emp_status status = emp__new_array(&reading->workers, threads, sizeof(struct worker), error);
    for (size_t t = 0; t < threads && status == EMP_OK; t++) {
        struct worker *worker = &reading->workers[t];
        status =
            emp__field_splitter_init(&worker->splitter, request->params->format.delimiter, error);
        if (status == EMP_OK)
            status = emp__new_array(&worker->values, request->column_count, sizeof *worker->values,
                                    error);
    }
    return status;
}

/* Adds up what the workers have counted, and frees them. */
static void end_workers(struct reading *reading, struct emp_customer_file *out)
{
    for (int t = 0; reading->workers && t < reading->request->threads; t++) {
        struct worker *worker = &reading->workers[t];
        out->used += worker->used;
        out->rejected += worker->rejected;
        emp__field_splitter_free(&worker->splitter);
        free(worker->values);
    }
    free(reading->workers);
}

emp_status emp__customer_file_read(const struct emp_customer_file_request *request,
                                   struct emp_attribute_rows *rows, const struct emp_row_sink *sink,
                                   struct emp_customer_file *out, emp_error *error)
{
    const struct emp_text_format *format = &request->params->format;
    struct reading reading = {
        .request = request,
        .file = out,
        .sink = sink,
        .rows = rows,
        .converted = !emp__encoding_is_utf8(format->encoding),
    };
    struct emp_decimal_format decimal = {format->decimal, format->thousands};
    const struct emp_chunk_taker taker = {&reading, take_chunk};
    size_t file_count;
    emp_status status = prepare(request, out, error);
    if (status == EMP_OK)
        status = emp__kernels_choose(&reading.kernels, error);
    if (status == EMP_OK)
        status = emp__number_reader_init(&reading.numbers, decimal, error);
    if (status == EMP_OK)
        status = new_workers(&reading, error);
    if (status == EMP_OK) {
        emp__chunk_reader_use(out->reader, reading.kernels);
        reading.files = emp__chunk_reader_files(out->reader, &file_count);
        status = emp__chunks_take(out->reader, request->threads, &taker, error);
    }
    if (status == EMP_OK && rows)
        status = emp__attribute_rows_end(rows, error);
    end_workers(&reading, out);
    emp__number_reader_free(&reading.numbers);
    return status;
}

emp_status emp__customer_file_check(const struct emp_customer_file_request *request,
                                    struct emp_customer_file *out, emp_error *error)
{
    emp_status status = prepare(request, out, error);
    return status == EMP_OK ? emp__chunk_reader_check(out->reader, error) : status;
}

void emp__customer_file_free(struct emp_customer_file *file)
{
    emp__chunk_reader_free(file->reader);
    emp__reject_log_free(file->rejects);
    emp__texts_free(&file->paths);
    *file = (struct emp_customer_file){0};
}

/* "is on line 12 already", or "is on line 12 of other.csv already". */
static void tell_first(const struct emp_customer_file *file, uint64_t first, uint64_t second,
                       char *out, size_t size)
{
    size_t count;
    const struct emp_input_file *files = emp__chunk_reader_files(file->reader, &count);
    uint64_t chunk = emp__row_place_chunk(first);
    uint64_t line = emp__chunk_reader_line(file->reader, chunk) + emp__row_place_line(first);
    size_t at = emp__chunk_reader_file(file->reader, chunk);
    if (at == emp__chunk_reader_file(file->reader, emp__row_place_chunk(second)))
        snprintf(out, size, "is on line %" PRIu64 " already", line);
    else
        snprintf(out, size, "is on line %" PRIu64 " of %.100s already", line, files[at].path);
}

emp_status emp__customer_file_repeated(const struct emp_customer_file *file, int thread,
                                       const struct emp_attribute_row *row, uint64_t first,
                                       emp_error *error)
{
    char digits[24], what[150], reason[EMP_REASON_MAX];
    const char *text = emp__attribute_row_text(row, file->wanted.count - 1);
    struct emp_field id = {text + 1, row->text_bytes ? (unsigned char)text[0] : 0};
    if (row->text_bytes == 0)
        id = (struct emp_field){digits, emp__id_print_digits(row->customer, digits)};
    tell_first(file, first, row->place, what, sizeof what);
    emp__field_reason(file->wanted.slots[0]->name, id, what, reason);
    int threads = emp__reject_log_threads(file->rejects) / 2;
    struct emp_reject entry = {
        .chunk = emp__row_place_chunk(row->place),
        .line = emp__row_place_line(row->place),
        .reason = reason,
        .reason_length = strlen(reason),
        .raw = id.text,
        .raw_length = id.length,
    };
    return emp__reject_log_add(file->rejects, threads + thread, &entry, error);
}
