// SPDX-License-Identifier: Apache-2.0
/*
 * A stream is a pipe of up to three stages, each with `read(stage, out, size, &length)`:
 * the file itself, then a decompressor, then a converter to UTF-8. Each stage pulls from the one
 * below it into its own buffer. decompress.c and text_encoding.c hold the upper two.
 */
#include "source/byte_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(EMPTOR_XXHASH_DISPATCH)
#include <xxh_x86dispatch.h> /* the same digests, by the best instructions that the machine has */
#else
#include <xxhash.h>
#endif

#include "base/cancel.h"
#include "base/error.h"
#include "base/memory.h"
#include "source/stream_stage.h"
#include "text/slack.h"

enum {
    MAGIC_BYTES = 4,
    POLL_MILLISECONDS = 200,
    XXH3_STATE_BYTES = 576,
    CHARACTER_BYTES = 16 /* a converter can always go on with this much room */
};

struct emp_byte_stream {
    const char *path;
    const emp_options *options;
    int descriptor;
    bool may_wait; /* a pipe or terminal: reads can block for ever */
    bool seekable; /* a file on disk, read from its beginning */
    uint64_t bytes;
    XXH3_state_t *digest;
    unsigned char magic[MAGIC_BYTES]; /* read ahead to tell the compression */
    size_t magic_length, magic_used;
    struct emp_stage file;       /* reads the descriptor */
    struct emp_stage decompress; /* read is NULL where not needed */
    struct emp_stage encode;     /* the same */
    struct emp_stage *top;
};

/* Waits until there is something to read, looking now and then whether the run was cancelled. */
static emp_status wait_for_input(const struct emp_byte_stream *stream, emp_error *error)
{
    struct pollfd wanted = {.fd = stream->descriptor, .events = POLLIN};
    int ready = 0;
    while (ready == 0 || (ready < 0 && errno == EINTR)) {
        emp_status status = emp__check_cancelled(stream->options, error);
        if (status != EMP_OK)
            return status;
        ready = poll(&wanted, 1, POLL_MILLISECONDS);
    }
    /* A poll that failed otherwise is left to the read, which fails with a reason. */
    return EMP_OK;
}

void emp__byte_stream_note(struct emp_byte_stream *stream, const char *bytes, size_t length)
{
    stream->bytes += length;
    if (length > 0)
        XXH3_64bits_update(stream->digest, bytes, length);
}

static emp_status read_descriptor(struct emp_byte_stream *stream, char *out, size_t size,
                                  size_t *length, emp_error *error)
{
    for (;;) {
        emp_status status = stream->may_wait ? wait_for_input(stream, error) : EMP_OK;
        if (status != EMP_OK)
            return status;
        ssize_t got = read(stream->descriptor, out, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return emp__fail_errno(error, EMP_ERR_IO, stream->path, "read");
        emp__byte_stream_note(stream, out, (size_t)got);
        *length = (size_t)got;
        return EMP_OK;
    }
}

/* The lowest stage: the bytes that were read ahead, then the descriptor's. */
static emp_status file_read(struct emp_stage *stage, char *out, size_t size, size_t *length,
                            emp_error *error)
{
    struct emp_byte_stream *stream = stage->state;
    size_t ahead = stream->magic_length - stream->magic_used;
    if (ahead == 0)
        return read_descriptor(stream, out, size, length, error);
    size_t n = ahead < size ? ahead : size;
    memcpy(out, stream->magic + stream->magic_used, n);
    stream->magic_used += n;
    *length = n;
    return EMP_OK;
}

static emp_status read_magic(struct emp_byte_stream *stream, emp_error *error)
{
    while (stream->magic_length < MAGIC_BYTES) {
        size_t got = 0;
        emp_status status = read_descriptor(stream, (char *)stream->magic + stream->magic_length,
                                            MAGIC_BYTES - stream->magic_length, &got, error);
        if (status != EMP_OK)
            return status;
        if (got == 0)
            break;
        stream->magic_length += got;
    }
    return EMP_OK;
}

static emp_status open_file(struct emp_byte_stream *stream, emp_error *error)
{
    bool standard_input = strcmp(stream->path, "-") == 0;
    stream->descriptor =
        standard_input ? dup(STDIN_FILENO) : open(stream->path, O_RDONLY | O_CLOEXEC);
    if (stream->descriptor < 0)
        return emp__fail_errno(error, EMP_ERR_NO_INPUT, stream->path, "open");
    struct stat facts;
    if (fstat(stream->descriptor, &facts) != 0)
        return emp__fail_errno(error, EMP_ERR_IO, stream->path, "examine");
    if (S_ISDIR(facts.st_mode))
        return emp__fail_at(error, EMP_ERR_NO_INPUT, (struct emp_place){.file = stream->path},
                            "is a folder, expected a file");
    stream->may_wait = !S_ISREG(facts.st_mode);
    stream->seekable = !stream->may_wait && !standard_input;
    if (!stream->may_wait)
        (void)posix_fadvise(stream->descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
    stream->digest = XXH3_createState();
    if (!stream->digest)
        return emp__fail_memory(error, XXH3_STATE_BYTES);
    XXH3_64bits_reset(stream->digest);
    return read_magic(stream, error);
}

enum compression { NOT_COMPRESSED, GZIP, ZSTD };

static enum compression compression_of(const void *magic, size_t length)
{
    static const unsigned char gzip[] = {0x1f, 0x8b}, zstd[] = {0x28, 0xb5, 0x2f, 0xfd};
    if (length >= sizeof gzip && memcmp(magic, gzip, sizeof gzip) == 0)
        return GZIP;
    return length >= sizeof zstd && memcmp(magic, zstd, sizeof zstd) == 0 ? ZSTD : NOT_COMPRESSED;
}

bool emp__is_compressed(const void *magic, size_t length)
{
    return compression_of(magic, length) != NOT_COMPRESSED;
}

static emp_status add_decompressor(struct emp_byte_stream *stream, emp_error *error)
{
    emp_status status = EMP_OK;
    switch (compression_of(stream->magic, stream->magic_length)) {
    case GZIP:
        status = emp__gzip_stage(&stream->decompress, stream->top, stream->path, error);
        break;
    case ZSTD:
        status = emp__zstd_stage(&stream->decompress, stream->top, stream->path, error);
        break;
    default:
        break;
    }
    if (stream->decompress.read)
        stream->top = &stream->decompress;
    return status;
}

bool emp__encoding_is_utf8(const char *encoding)
{
    return strcasecmp(encoding, "utf-8") == 0 || strcasecmp(encoding, "utf8") == 0;
}

emp_status emp__byte_stream_open(const char *path, const char *encoding, const emp_options *options,
                                 struct emp_byte_stream **out, emp_error *error)
{
    struct emp_byte_stream *stream;
    emp_status status = emp__new_array(&stream, 1, sizeof *stream, error);
    if (status != EMP_OK)
        return status;
    stream->path = path;
    stream->options = options;
    stream->descriptor = -1;
    stream->file = (struct emp_stage){.read = file_read, .state = stream};
    stream->top = &stream->file;
    status = open_file(stream, error);
    if (status == EMP_OK)
        status = add_decompressor(stream, error);
    if (status == EMP_OK && !emp__encoding_is_utf8(encoding)) {
        status = emp__encoding_stage(&stream->encode, stream->top, encoding, error);
        stream->top = &stream->encode;
    }
    if (status == EMP_OK)
        *out = stream;
    else
        emp__byte_stream_close(stream);
    return status;
}

emp_status emp__byte_stream_read(struct emp_byte_stream *stream, char *out, size_t size,
                                 size_t *length, emp_error *error)
{
    return stream->top->read(stream->top, out, size, length, error);
}

emp_status emp__byte_stream_fill(struct emp_byte_stream *stream, struct emp_buffer *buffer,
                                 size_t bytes, bool *at_end, emp_error *error)
{
    emp_status status = emp__buffer_reserve(buffer, bytes + EMP_TEXT_SLACK, error);
    if (status != EMP_OK)
        return status;
    size_t goal = buffer->length + bytes;
    while (!*at_end && goal - buffer->length >= CHARACTER_BYTES) {
        size_t got = 0;
        status = emp__byte_stream_read(stream, buffer->data + buffer->length, goal - buffer->length,
                                       &got, error);
        if (status != EMP_OK)
            return status;
        buffer->length += got;
        *at_end = got == 0;
    }
    return EMP_OK;
}

bool emp__byte_stream_is_direct(const struct emp_byte_stream *stream)
{
    return stream->seekable && stream->top == &stream->file;
}

emp_status emp__byte_stream_read_at(const struct emp_byte_stream *stream, uint64_t offset,
                                    char *out, size_t size, size_t *length, emp_error *error)
{
    size_t at = 0;
    while (at < size) {
        ssize_t got = pread(stream->descriptor, out + at, size - at, (off_t)(offset + at));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return emp__fail_errno(error, EMP_ERR_IO, stream->path, "read");
        if (got == 0)
            break;
        at += (size_t)got;
    }
    *length = at;
    return EMP_OK;
}

struct emp_stream_facts emp__byte_stream_facts(const struct emp_byte_stream *stream)
{
    return (struct emp_stream_facts){
        .bytes = stream->bytes,
        .digest = XXH3_64bits_digest(stream->digest),
        .replacements = stream->encode.read ? emp__encoding_replacements(&stream->encode) : 0,
    };
}

uint64_t emp__byte_stream_bytes(const struct emp_byte_stream *stream)
{
    return stream->bytes;
}

static void close_stage(struct emp_stage *stage)
{
    if (stage->close)
        stage->close(stage);
}

void emp__byte_stream_close(struct emp_byte_stream *stream)
{
    if (!stream)
        return;
    close_stage(&stream->encode);
    close_stage(&stream->decompress);
    if (stream->digest)
        XXH3_freeState(stream->digest);
    if (stream->descriptor >= 0)
        close(stream->descriptor);
    free(stream);
}
