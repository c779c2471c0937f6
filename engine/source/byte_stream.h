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
