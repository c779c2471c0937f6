// SPDX-License-Identifier: Apache-2.0
/*
 * Compression of a file piece by piece: each piece becomes a gzip member or a zstd frame of its
 * own, so that pieces can be compressed in parallel. A file of several members (RFC 1952, 2.2) or
 * frames (RFC 8878, 3.1) unpacks to the pieces one after the other.
 */
#ifndef EMP_GENERATE_ENCODER_H
#define EMP_GENERATE_ENCODER_H

#include <stdbool.h>

#include <zlib.h>
#include <zstd.h>

#include "base/buffer.h"

enum emp_encoding { EMP_ENCODING_PLAIN, EMP_ENCODING_GZIP, EMP_ENCODING_ZSTD };

/* All zero can be freed. */
struct emp_generate_encoder {
    enum emp_encoding encoding;
    bool open;
    z_stream gzip;
    ZSTD_CCtx *zstd;
    struct emp_buffer packed;
};

/* By the end of the name: .gz, .zst or anything else. */
enum emp_encoding emp__encoding_of(const char *path);

emp_status emp__encoder_open(enum emp_encoding encoding, struct emp_generate_encoder *out,
                             emp_error *error);

/* The piece as it stands in the file: in encoder->packed, or the text itself where it is plain. */
emp_status emp__encoder_pack(struct emp_generate_encoder *encoder, const struct emp_buffer *text,
                             const struct emp_buffer **out, emp_error *error);

void emp__encoder_free(struct emp_generate_encoder *encoder);

#endif
