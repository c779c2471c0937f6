// SPDX-License-Identifier: Apache-2.0
#include "source/chunk_reader.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cancel.h"
#include "base/memory.h"
#include "base/turns.h"
#include "source/byte_stream.h"
#include "source/file_header.h"

enum {
    PIECE_BYTES = 1 << 17,       /* stays in the cache of the thread that takes it apart */
    STREAM_PIECE_BYTES = 1 << 20 /* more, for its turns take longer, and to hand over takes time */
};

/* What is kept of a chunk, to number the lines once all are counted. */
struct chunk_lines {
    size_t file;
    uint64_t lines;
    uint64_t first; /* the number of its first line in the file, once all are counted */
};

/*
 * Each taking has a ticket. Its turn comes in the order of the tickets; what follows `turns` is
 * used in a turn only. What follows `lock` is guarded by it.
 *
 * While a file is read directly, a ticket is for a piece of it, which is read before the turn. The
 * last such piece ends that; whoever takes a ticket after that finds all pieces dealt with in his
 * turn, and may close the file.
 */
struct emp_chunk_reader {
    const struct emp_text_format *format;
    const struct emp_wanted_columns *wanted;
    const emp_options *options;
    struct emp_input_file *files;
    uint64_t *header_lines; /* of each file */
    size_t file_count;

    struct emp_turns turns;
    size_t file;
    struct emp_byte_stream *stream; /* of files[file], or NULL */
    bool at_end;                    /* of the stream */
    struct emp_chunk_cutter cutter;
    uint64_t bytes_before; /* of the files already closed */

    pthread_mutex_t lock;
    size_t tickets;
    bool direct;     /* files[file] is read directly: */
    uint64_t offset; /* the next piece of it */
    struct chunk_lines *chunks;
    size_t chunk_count, chunk_capacity;
    emp_progress progress;
    bool stopped;
};

/* The right to a turn, and to a piece of the file, if it is read directly. */
struct ticket {
    size_t number;
    bool direct;
    const struct emp_byte_stream *stream;
    uint64_t offset, bytes; /* up to a multiple of PIECE_BYTES */
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

emp_status emp__chunk_reader_new(const struct emp_text_format *format,
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
    emp__turns_init(&reader->turns);
    reader->format = format;
    reader->wanted = wanted;
    reader->options = options;
    reader->cutter.kernels = emp__text_kernels(NULL);
    reader->cutter.delimiter = format->delimiter;
    reader->cutter.quote = format->delimiter == EMP_DELIMITER_BLANKS ? 0 : '"';
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

void emp__chunk_reader_use(struct emp_chunk_reader *reader, const struct emp_text_kernels *kernels)
{
    reader->cutter.kernels = kernels;
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

/* Opens the next file; what was read with its header is in the cutter. */
static emp_status open_file(struct emp_chunk_reader *reader, emp_error *error)
{
    struct emp_input_file *file = &reader->files[reader->file];
    const struct emp_header_request request = {file->path, reader->format, reader->wanted};
    struct emp_file_header header = {.text = reader->cutter.rest};
    emp_status status = emp__byte_stream_open(file->path, reader->format->encoding, reader->options,
                                              &reader->stream, error);
    if (status != EMP_OK)
        return status;
    status = emp__file_header_read(&request, reader->stream, &header, error);
    reader->cutter.rest = header.text;
    reader->at_end = header.at_end;
    reader->header_lines[reader->file] = header.lines;
    file->columns = header.columns;
    return status;
}

/* From now on the open file is read directly, if it can be, or no longer. */
static void set_direct(struct emp_chunk_reader *reader, bool direct)
{
    pthread_mutex_lock(&reader->lock);
    reader->direct = direct;
    reader->offset = emp__byte_stream_bytes(reader->stream);
    pthread_mutex_unlock(&reader->lock);
}

static emp_status report(struct emp_chunk_reader *reader, emp_error *error)
{
    const emp_options *options = reader->options;
    uint64_t here = reader->stream ? emp__byte_stream_bytes(reader->stream) : 0;
    pthread_mutex_lock(&reader->lock);
    reader->progress.bytes = reader->bytes_before + here;
    emp_progress progress = reader->progress;
    pthread_mutex_unlock(&reader->lock);
    if (options->progress)
        options->progress(options->user, &progress);
    return emp__check_cancelled(options, error);
}

static emp_status add_chunk(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                            emp_error *error)
{
    pthread_mutex_lock(&reader->lock);
    emp_status status = emp__grow_array(&reader->chunks, &reader->chunk_capacity,
                                        reader->chunk_count + 1, sizeof *reader->chunks, error);
    if (status == EMP_OK) {
        reader->chunks[reader->chunk_count] = (struct chunk_lines){.file = reader->file};
        chunk->index = reader->chunk_count++;
        chunk->file = reader->file;
    }
    pthread_mutex_unlock(&reader->lock);
    return status;
}

/* A ticket, and the piece that is its own; *piece is empty if there is none. */
static emp_status prepare(struct emp_chunk_reader *reader, struct ticket *ticket,
                          struct emp_chunk *chunk, struct emp_text_piece *piece, emp_error *error)
{
    pthread_mutex_lock(&reader->lock);
    *ticket = (struct ticket){.number = reader->tickets++, .direct = reader->direct};
    if (ticket->direct) {
        ticket->stream = reader->stream;
        ticket->offset = reader->offset;
        ticket->bytes = PIECE_BYTES - reader->offset % PIECE_BYTES;
        reader->offset += ticket->bytes;
    }
    pthread_mutex_unlock(&reader->lock);
    *piece = (struct emp_text_piece){0};
    if (!ticket->direct)
        return EMP_OK;
    size_t length = 0;
    emp_status status = emp__chunk_reserve(chunk, PIECE_BYTES, error);
    if (status == EMP_OK)
        status = emp__byte_stream_read_at(ticket->stream, ticket->offset,
                                          chunk->memory + EMP_CHUNK_FRONT, ticket->bytes, &length,
                                          error);
    if (status == EMP_OK)
        *piece = emp__text_piece_look(&reader->cutter, chunk, length);
    piece->at_end = length < ticket->bytes;
    return status;
}

/* The turn of a piece that was read directly. Behind the end of the file there is none. */
static emp_status take_direct(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                              struct emp_text_piece piece, emp_error *error)
{
    if (reader->at_end)
        return EMP_OK;
    emp__byte_stream_note(reader->stream, chunk->memory + EMP_CHUNK_FRONT, piece.length);
    reader->at_end = piece.at_end;
    if (piece.at_end)
        set_direct(reader, false);
    return emp__chunk_cut(&reader->cutter, chunk, piece, error);
}

/* Reads the next piece of a stream; of a file that was just opened, what came with its header. */
static emp_status take_stream(struct emp_chunk_reader *reader, struct emp_chunk *chunk, bool opened,
                              emp_error *error)
{
    size_t length = 0;
    emp_status status = emp__chunk_reserve(chunk, STREAM_PIECE_BYTES, error);
    if (status == EMP_OK && !opened) {
        struct emp_buffer text = {chunk->memory, EMP_CHUNK_FRONT, chunk->capacity};
        status = emp__byte_stream_fill(reader->stream, &text, STREAM_PIECE_BYTES, &reader->at_end,
                                       error);
        chunk->memory = text.data;
        chunk->capacity = text.capacity;
        length = text.length - EMP_CHUNK_FRONT;
    }
    if (status != EMP_OK)
        return status;
    struct emp_text_piece piece = emp__text_piece_look(&reader->cutter, chunk, length);
    piece.at_end = reader->at_end;
    return emp__chunk_cut(&reader->cutter, chunk, piece, error);
}

/* The turn of a ticket without a piece: opens and closes files, and reads streams. */
static emp_status take_serial(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                              emp_error *error)
{
    emp_status status = EMP_OK;
    while (status == EMP_OK && chunk->length == 0 && !reader->direct) {
        bool opened = !reader->stream;
        if (opened && reader->file == reader->file_count)
            break;
        if (opened)
            status = open_file(reader, error);
        if (status == EMP_OK)
            status = take_stream(reader, chunk, opened, error);
        if (status == EMP_OK && opened && !reader->at_end &&
            emp__byte_stream_is_direct(reader->stream))
            set_direct(reader, true);
        if (status == EMP_OK && reader->at_end && chunk->length == 0)
            close_file(reader);
    }
    return status;
}

/* What is done in the turn of a ticket. */
static emp_status take_turn(struct emp_chunk_reader *reader, const struct ticket *ticket,
                            struct emp_chunk *chunk, struct emp_text_piece piece, emp_error *error)
{
    chunk->length = 0;
    emp_status status = report(reader, error);
    if (status == EMP_OK)
        status = ticket->direct ? take_direct(reader, chunk, piece, error)
                                : take_serial(reader, chunk, error);
    if (status == EMP_OK && chunk->length > 0)
        status = add_chunk(reader, chunk, error);
    return status;
}

static bool is_stopped(struct emp_chunk_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    bool stopped = reader->stopped;
    pthread_mutex_unlock(&reader->lock);
    return stopped;
}

emp_status emp__chunk_reader_take(struct emp_chunk_reader *reader, struct emp_chunk *chunk,
                                  bool *more, emp_error *error)
{
    emp_status status = EMP_OK;
    bool ended = false;
    *more = false;
    while (status == EMP_OK && !ended && !*more) {
        struct ticket ticket;
        struct emp_text_piece piece;
        status = prepare(reader, &ticket, chunk, &piece, error);
        emp__turns_begin(&reader->turns, ticket.number);
        if (is_stopped(reader))
            status = emp__fail(error, EMP_ERR_CANCELLED, "cancelled");
        else if (status == EMP_OK)
            status = take_turn(reader, &ticket, chunk, piece, error);
        if (status != EMP_OK)
            emp__chunk_reader_stop(reader);
        *more = status == EMP_OK && chunk->length > 0;
        ended = reader->file == reader->file_count;
        emp__turns_end(&reader->turns);
    }
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
    emp__buffer_free(&reader->cutter.rest);
    free(reader->files);
    free(reader->header_lines);
    free(reader->chunks);
    pthread_mutex_destroy(&reader->lock);
    emp__turns_destroy(&reader->turns);
    free(reader);
}
