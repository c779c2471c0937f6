// SPDX-License-Identifier: Apache-2.0
#include "source/chunk_reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/cancel.h"
#include "base/memory.h"
#include "source/byte_stream.h"
#include "source/quoted_record.h"
#include "source/reject_log.h"
#include "text/slack.h"

enum {
    CHUNK_BYTES = 1 << 19, /* a chunk stays in the cache of the thread that takes it apart */
    SAMPLE_BYTES = EMP_REJECT_RAW_MAX, /* of a line that is too long */
    CHARACTER_BYTES = 16,              /* a converter can always go on with this much room */
    HEADER_FIELDS_MAX = 65536
};

/* What is kept of a chunk, to number the lines once all are counted. */
struct chunk_lines {
    size_t file;
    uint64_t lines;
    uint64_t first; /* the number of its first line in the file, once all are counted */
};

struct emp_chunk_reader {
    pthread_mutex_t lock;
    const struct emp_input_params *input;
    const struct emp_wanted_columns *wanted;
    const emp_options *options;
    char quote;
    struct emp_input_file *files;
    uint64_t *header_lines; /* of each file */
    size_t file_count, file;
    struct emp_byte_stream *stream; /* of files[file], or NULL */
    bool at_end;                    /* of the stream */
    struct emp_buffer carry;        /* read, but not yet in a chunk */
    struct chunk_lines *chunks;
    size_t chunk_count, chunk_capacity;
    emp_progress progress;
    uint64_t bytes_before; /* of the files already closed */
    bool stopped;
};

static uint64_t total_bytes(const struct emp_texts *files)
{
    uint64_t total = 0;
    for (size_t i = 0; i < files->count; i++) {
        struct stat facts;
        if (stat(files->items[i], &facts) != 0 || !S_ISREG(facts.st_mode))
            return 0;
        total += (uint64_t)facts.st_size;
    }
    return total;
}

emp_status emp__chunk_reader_new(const struct emp_input_params *input,
                                 const struct emp_texts *files,
                                 const struct emp_wanted_columns *wanted,
                                 const emp_options *options, struct emp_chunk_reader **out,
                                 emp_error *error)
{
    struct emp_chunk_reader *reader;
    emp_status status = emp__new_array(&reader, 1, sizeof *reader, error);
    if (status != EMP_OK)
        return status;
    pthread_mutex_init(&reader->lock, NULL);
    reader->input = input;
    reader->wanted = wanted;
    reader->options = options;
    reader->quote = input->delimiter == EMP_DELIMITER_BLANKS ? 0 : '"';
    reader->file_count = files->count;
    reader->progress.bytes_total = total_bytes(files);
    status = emp__new_array(&reader->files, files->count, sizeof *reader->files, error);
    if (status == EMP_OK)
        status = emp__new_array(&reader->header_lines, files->count, sizeof *reader->header_lines,
                                error);
    if (status != EMP_OK) {
        emp__chunk_reader_free(reader);
        return status;
    }
    for (size_t i = 0; i < files->count; i++)
        reader->files[i].path = files->items[i];
    *out = reader;
    return EMP_OK;
}

/* Reads more behind the carried bytes, at least one byte unless the end is reached. */
static emp_status read_more(struct emp_chunk_reader *reader, struct emp_buffer *to, size_t bytes,
                            emp_error *error)
{
    emp_status status = emp__buffer_reserve(to, bytes + EMP_TEXT_SLACK, error);
    if (status != EMP_OK)
        return status;
    size_t goal = to->length + bytes;
    while (!reader->at_end && goal - to->length >= CHARACTER_BYTES) {
        size_t got = 0;
        status = emp__byte_stream_read(reader->stream, to->data + to->length, goal - to->length,
                                       &got, error);
        if (status != EMP_OK)
            return status;
        to->length += got;
        reader->at_end = got == 0;
    }
    return EMP_OK;
}

static void drop_front(struct emp_buffer *buffer, size_t bytes)
{
    if (bytes == 0)
        return;
    memmove(buffer->data, buffer->data + bytes, buffer->length - bytes);
    buffer->length -= bytes;
}

static emp_status header_error(const struct emp_chunk_reader *reader, const char *what,
                               emp_error *error)
{
    struct emp_place place = {.file = reader->files[reader->file].path, .line = 1};
    return emp__fail_at(error, EMP_ERR_DATA, place, "%s", what);
}

static emp_status locate_columns(struct emp_chunk_reader *reader, const struct emp_fields *fields,
                                 emp_error *error)
{
    struct emp_input_file *file = &reader->files[reader->file];
    if (fields->count > HEADER_FIELDS_MAX)
        return header_error(reader, "the first record has more than 65536 fields", error);
    if (reader->wanted->by_number)
        return emp__columns_by_number(reader->wanted, file->path, fields->count, &file->columns,
                                      error);
    return emp__columns_by_name(reader->wanted, file->path, fields, &file->columns, error);
}

/* Takes the fields of a record without quotes apart. */
static emp_status plain_fields(const struct emp_chunk_reader *reader, struct emp_record record,
                               struct emp_span **spans, size_t *count, emp_error *error)
{
    const char *text = reader->carry.data;
    char delimiter = reader->input->delimiter;
    size_t room = 0;
    for (;;) {
        *count = emp__split(text, record.length, delimiter, *spans, room);
        if (*count <= room)
            return EMP_OK;
        emp_status status = emp__grow_array(spans, &room, *count, sizeof **spans, error);
        if (status != EMP_OK)
            return status;
    }
}

static emp_status first_record(struct emp_chunk_reader *reader, struct emp_record record,
                               emp_error *error)
{
    struct emp_fields fields = {.text = reader->carry.data};
    struct emp_quoted_parser *parser = NULL;
    struct emp_span *spans = NULL;
    bool well_formed = true;
    emp_status status = EMP_OK;
    if (record.kind == EMP_RECORD_PLAIN) {
        status = plain_fields(reader, record, &spans, &fields.count, error);
        fields.spans = spans;
    } else if (record.kind == EMP_RECORD_QUOTED) {
        status = emp__quoted_parser_new(reader->input->delimiter, &parser, error);
        if (status == EMP_OK)
            status = emp__quoted_record(parser, reader->carry.data, record.length, &fields,
                                        &well_formed, error);
    } else {
        well_formed = false;
    }
    if (status == EMP_OK && !well_formed)
        status = header_error(reader, "the first record has a quote in the wrong place", error);
    if (status == EMP_OK)
        status = locate_columns(reader, &fields, error);
    emp__quoted_parser_free(parser);
    free(spans);
    return status;
}

static uint64_t count_lines(const char *text, size_t length)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

/*
 * The first record of a newly opened file that is not blank, at the front of the carried bytes; the
 * lines before it are dropped and counted. *record is all zero where there is none.
 */
static emp_status find_record(struct emp_chunk_reader *reader, struct emp_record *record,
                              emp_error *error)
{
    struct emp_buffer *carry = &reader->carry;
    char delimiter = reader->input->delimiter;
    size_t at = 0;
    emp_status status = EMP_OK;
    *record = (struct emp_record){0};
    while (status == EMP_OK && (at < carry->length || !reader->at_end)) {
        const char *text = carry->data + at;
        struct emp_record found = {.kind = EMP_RECORD_NEED_MORE};
        if (at < carry->length)
            found = emp__record_next(text, carry->length - at, delimiter, reader->quote,
                                     reader->at_end);
        if (found.kind == EMP_RECORD_NEED_MORE) {
            drop_front(carry, at);
            at = 0;
            status = read_more(reader, carry, CHUNK_BYTES, error);
            continue;
        }
        if (!emp__is_blank_record(text, found.length, delimiter)) {
            *record = found;
            break;
        }
        reader->header_lines[reader->file]++;
        at += found.next;
    }
    if (status == EMP_OK)
        drop_front(carry, at);
    return status;
}

/* Looks at the first record of a newly opened file and, if it is the header, takes it off. */
static emp_status read_header(struct emp_chunk_reader *reader, emp_error *error)
{
    struct emp_buffer *carry = &reader->carry;
    struct emp_record record;
    emp__buffer_clear(carry);
    emp_status status = read_more(reader, carry, CHUNK_BYTES, error);
    if (status == EMP_OK && carry->length >= 3 && memcmp(carry->data, "\xEF\xBB\xBF", 3) == 0)
        drop_front(carry, 3);
    if (status == EMP_OK)
        status = find_record(reader, &record, error);
    if (status == EMP_OK && record.next == 0 && reader->input->header)
        return header_error(reader, "the file is empty, expected a header", error);
    if (status != EMP_OK || record.next == 0)
        return status;
    if (record.kind == EMP_RECORD_TOO_LONG)
        return header_error(reader, "the first line is longer than 1 MiB", error);
    status = first_record(reader, record, error);
    if (status == EMP_OK && reader->input->header) {
        reader->header_lines[reader->file] += count_lines(carry->data, record.next);
        drop_front(carry, record.next);
    }
    return status;
}

static void close_file(struct emp_chunk_reader *reader)
{
    struct emp_stream_facts facts = emp__byte_stream_facts(reader->stream);
    struct emp_input_file *file = &reader->files[reader->file];
    file->bytes = facts.bytes;
    file->digest = facts.digest;
    file->replacements = facts.replacements;
    reader->bytes_before += facts.bytes;
    emp__byte_stream_close(reader->stream);
    reader->stream = NULL;
    reader->file++;
}

static emp_status open_file(struct emp_chunk_reader *reader, emp_error *error)
{
    emp_status status =
        emp__byte_stream_open(reader->files[reader->file].path, reader->input->encoding,
                              reader->options, &reader->stream, error);
    reader->at_end = false;
    return status == EMP_OK ? read_header(reader, error) : status;
}

/*
 * How many bytes at the front of `text` are whole records; 0 if that cannot be told, or if the
 * first line is too long and its end not in sight.
 */
static size_t whole_records(const struct emp_chunk_reader *reader, const char *text, size_t length,
                            bool has_quote)
{
    if (!has_quote) {
        const char *last = memrchr(text, '\n', length);
        if (reader->at_end)
            return length;
        return last ? (size_t)(last - text) + 1 : 0;
    }
    size_t whole = 0;
    while (whole < length) {
        struct emp_record record = emp__record_next(
            text + whole, length - whole, reader->input->delimiter, reader->quote, reader->at_end);
        bool endless =
            record.kind == EMP_RECORD_TOO_LONG && whole + record.next == length && !reader->at_end;
        if (record.kind == EMP_RECORD_NEED_MORE || endless)
            break;
        whole += record.next;
    }
    return whole;
}

static emp_status report(struct emp_chunk_reader *reader, emp_error *error)
{
    const emp_options *options = reader->options;
    uint64_t here = reader->stream ? emp__byte_stream_bytes(reader->stream) : 0;
    reader->progress.bytes = reader->bytes_before + here;
    if (options->progress)
        options->progress(options->user, &reader->progress);
    return emp__check_cancelled(options, error);
}

/* Reads on to the end of a line that is too long, keeping its beginning as the chunk's text. */
static emp_status skip_line(struct emp_chunk_reader *reader, struct emp_buffer *text,
                            emp_error *error)
{
    size_t from = SAMPLE_BYTES;
    for (;;) {
        const char *end = memchr(text->data + from, '\n', text->length - from);
        if (end || reader->at_end) {
            size_t next = end ? (size_t)(end - text->data) + 1 : text->length;
            emp_status status =
                emp__buffer_add(&reader->carry, text->data + next, text->length - next, error);
            text->length = SAMPLE_BYTES;
            return status;
        }
        text->length = SAMPLE_BYTES;
        emp_status status = report(reader, error);
        if (status == EMP_OK)
            status = read_more(reader, text, CHUNK_BYTES, error);
        if (status != EMP_OK)
            return status;
    }
}

/* Fills `text` with whole records of the open file, or leaves it empty at its end. */
static emp_status fill(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                       struct emp_buffer *text, emp_error *error)
{
    emp__buffer_clear(text);
    emp_status status = emp__buffer_add(text, reader->carry.data, reader->carry.length, error);
    emp__buffer_clear(&reader->carry);
    while (status == EMP_OK) {
        status = read_more(reader, text, CHUNK_BYTES, error);
        if (status != EMP_OK || text->length == 0)
            return status;
        chunk->has_quote = reader->quote && memchr(text->data, reader->quote, text->length);
        size_t whole = whole_records(reader, text->data, text->length, chunk->has_quote);
        if (whole > 0) {
            status =
                emp__buffer_add(&reader->carry, text->data + whole, text->length - whole, error);
            text->length = whole;
            return status;
        }
        chunk->too_long = text->length > EMP_RECORD_MAX;
        if (chunk->too_long)
            return skip_line(reader, text, error);
    }
    return status;
}

static emp_status add_chunk(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                            emp_error *error)
{
    emp_status status = emp__grow_array(&reader->chunks, &reader->chunk_capacity,
                                        reader->chunk_count + 1, sizeof *reader->chunks, error);
    if (status != EMP_OK)
        return status;
    reader->chunks[reader->chunk_count] = (struct chunk_lines){.file = reader->file};
    chunk->index = reader->chunk_count++;
    chunk->file = reader->file;
    return EMP_OK;
}

/* The next chunk, file after file; with the lock held. */
static emp_status take(struct emp_chunk_reader *reader, struct emp_chunk *chunk, bool *more,
                       emp_error *error)
{
    struct emp_buffer text = {.data = chunk->memory, .capacity = chunk->capacity};
    emp_status status = report(reader, error);
    *more = false;
    chunk->too_long = false;
    while (status == EMP_OK && !*more && reader->file < reader->file_count) {
        if (!reader->stream)
            status = open_file(reader, error);
        if (status == EMP_OK)
            status = fill(reader, chunk, &text, error);
        if (status != EMP_OK)
            break;
        if (text.length > 0) {
            *more = true;
            status = add_chunk(reader, chunk, error);
        } else {
            close_file(reader);
        }
    }
    chunk->memory = text.data;
    chunk->capacity = text.capacity;
    chunk->text = text.data;
    chunk->length = text.length;
    return status;
}

emp_status emp__chunk_reader_take(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                                  bool *more, emp_error *error)
{
    pthread_mutex_lock(&reader->lock);
    emp_status status = reader->stopped ? emp__fail(error, EMP_ERR_CANCELLED, "stopped")
                                        : take(reader, chunk, more, error);
    if (status != EMP_OK)
        reader->stopped = true;
    pthread_mutex_unlock(&reader->lock);
    return status;
}

emp_status emp__chunk_reader_check(struct emp_chunk_reader *reader, emp_error *error)
{
    emp_status status = EMP_OK;
    while (status == EMP_OK && reader->file < reader->file_count) {
        if (strcmp(reader->files[reader->file].path, "-") == 0) {
            reader->file++;
            continue;
        }
        status = open_file(reader, error);
        if (status == EMP_OK)
            close_file(reader);
    }
    return status;
}

void emp__chunk_reader_done(struct emp_chunk_reader *reader, const struct emp_chunk *chunk,
                            uint64_t rows, uint64_t lines)
{
    pthread_mutex_lock(&reader->lock);
    reader->files[chunk->file].rows += rows;
    reader->chunks[chunk->index].lines = lines;
    reader->progress.rows += rows;
    pthread_mutex_unlock(&reader->lock);
}

void emp__chunk_reader_stop(struct emp_chunk_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    reader->stopped = true;
    pthread_mutex_unlock(&reader->lock);
}

void emp__chunk_reader_number(struct emp_chunk_reader *reader)
{
    uint64_t next = 0;
    for (size_t i = 0; i < reader->chunk_count; i++) {
        struct chunk_lines *chunk = &reader->chunks[i];
        if (i == 0 || chunk->file != reader->chunks[i - 1].file)
            next = 1 + reader->header_lines[chunk->file];
        chunk->first = next;
        next += chunk->lines;
    }
}

uint64_t emp__chunk_reader_line(const struct emp_chunk_reader *reader, uint64_t chunk)
{
    return reader->chunks[chunk].first;
}

size_t emp__chunk_reader_file(const struct emp_chunk_reader *reader, uint64_t chunk)
{
    return reader->chunks[chunk].file;
}

const struct emp_input_file *emp__chunk_reader_files(const struct emp_chunk_reader *reader,
                                                     size_t *count)
{
    *count = reader->file_count;
    return reader->files;
}

void emp__chunk_free(struct emp_chunk *chunk)
{
    free(chunk->memory);
    *chunk = (struct emp_chunk){0};
}

void emp__chunk_reader_free(struct emp_chunk_reader *reader)
{
    if (!reader)
        return;
    emp__byte_stream_close(reader->stream);
    emp__buffer_free(&reader->carry);
    free(reader->files);
    free(reader->header_lines);
    free(reader->chunks);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}
