// SPDX-License-Identifier: Apache-2.0
/*
 * The bytes of one input file as UTF-8 text, whatever it lies in: read, decompressed (gzip, zstd,
 * told by their first bytes) and converted (iconv) as they are asked for, in bounded memory.
 */
#ifndef EMP_SOURCE_BYTE_STREAM_H
#define EMP_SOURCE_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emptor/options.h>
#include <emptor/status.h>

#include "base/buffer.h"

struct emp_byte_stream;

/*
 * Opens `path` ("-": standard input). `encoding` is an iconv name; utf-8 is passed through as it
 * is. Errors: EMP_ERR_NO_INPUT if it cannot be opened or is a folder, EMP_ERR_PARAMS for an
 * encoding that iconv does not know. `options` (for cancelling a read that waits) and `path` must
 * outlive the stream.
 */
emp_status emp__byte_stream_open(const char *path, const char *encoding, const emp_options *options,
                                 struct emp_byte_stream **out, emp_error *error);

/*
 * Reads up to `size` bytes of text (>= 16: room for any character); *length is 0 only at the end.
 * Errors: EMP_ERR_IO (reading fails), EMP_ERR_DATA (compressed data are damaged or end early),
 * EMP_ERR_CANCELLED.
 */
emp_status emp__byte_stream_read(struct emp_byte_stream *stream, char *out, size_t size,
                                 size_t *length, emp_error *error);

/*
 * Reads `bytes` more of text behind what the buffer holds, fewer only at the end, which *at_end
 * then says, or where the next character might have no room. EMP_TEXT_SLACK bytes of room follow.
 */
emp_status emp__byte_stream_fill(struct emp_byte_stream *stream, struct emp_buffer *buffer,
                                 size_t bytes, bool *at_end, emp_error *error);

/*
 * Can the text be read at any place, by many threads at once? So it is for a file on disk that is
 * UTF-8 as it lies there. From the first emp__byte_stream_read_at() on, emp__byte_stream_read() is
 * out of use, and every byte that is read must be passed to emp__byte_stream_note(), in order.
 */
bool emp__byte_stream_is_direct(const struct emp_byte_stream *stream);

/* Reads the bytes from `offset` on, `size` of them unless the file ends. Changes nothing. */
emp_status emp__byte_stream_read_at(const struct emp_byte_stream *stream, uint64_t offset,
                                    char *out, size_t size, size_t *length, emp_error *error);
void emp__byte_stream_note(struct emp_byte_stream *stream, const char *bytes, size_t length);

/* Do these bytes, the first four of a file, say that it is compressed? */
bool emp__is_compressed(const void *magic, size_t length);

/* Is this a name of UTF-8, which needs no conversion? */
bool emp__encoding_is_utf8(const char *encoding);

/* What is known of the file: valid at any time, complete once the end was read. */
struct emp_stream_facts {
    uint64_t bytes;        /* of the file, as it lies there */
    uint64_t digest;       /* XXH3-64 of those bytes */
    uint64_t replacements; /* byte sequences that `encoding` does not allow, now U+FFFD */
};
struct emp_stream_facts emp__byte_stream_facts(const struct emp_byte_stream *stream);

/* The bytes read of the file so far. */
uint64_t emp__byte_stream_bytes(const struct emp_byte_stream *stream);

/* Takes NULL. */
void emp__byte_stream_close(struct emp_byte_stream *stream);

#endif
