// SPDX-License-Identifier: Apache-2.0
/* Pieces of text through zlib and libzstd (see generate_encoder.h). */
#include "generate/generate_encoder.h"

#include <string.h>

#include "base/error.h"

enum { GZIP_LEVEL = 6, ZSTD_LEVEL = 3, GZIP_WINDOW = 15 + 16 }; /* + 16: gzip, not zlib */

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

enum emp_encoding emp__encoding_of(const char *path)
{
    if (ends_with(path, ".gz"))
        return EMP_ENCODING_GZIP;
    return ends_with(path, ".zst") ? EMP_ENCODING_ZSTD : EMP_ENCODING_PLAIN;
}

emp_status emp__encoder_open(enum emp_encoding encoding, struct emp_generate_encoder *out,
                             emp_error *error)
{
    *out = (struct emp_generate_encoder){.encoding = encoding};
    if (encoding == EMP_ENCODING_GZIP)
        out->open = deflateInit2(&out->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8,
                                 Z_DEFAULT_STRATEGY) == Z_OK;
    else if (encoding == EMP_ENCODING_ZSTD)
        out->open = (out->zstd = ZSTD_createCCtx()) != NULL;
    else
        out->open = true;
    return out->open ? EMP_OK : emp__fail_memory(error, 1 << 18);
}

static emp_status pack_gzip(struct emp_generate_encoder *encoder, const struct emp_buffer *text,
                            emp_error *error)
{
    if (text->length > UINT32_MAX / 2 || deflateReset(&encoder->gzip) != Z_OK)
        return emp__fail(error, EMP_ERR_INTERNAL, "zlib takes no piece of %zu bytes", text->length);
    size_t bound = deflateBound(&encoder->gzip, (uLong)text->length);
    emp_status status = emp__buffer_reserve(&encoder->packed, bound, error);
    if (status != EMP_OK)
        return status;
    encoder->gzip.next_in = (Bytef *)text->data;
    encoder->gzip.avail_in = (uInt)text->length;
    encoder->gzip.next_out = (Bytef *)encoder->packed.data;
    encoder->gzip.avail_out = (uInt)bound;
    if (deflate(&encoder->gzip, Z_FINISH) != Z_STREAM_END)
        return emp__fail(error, EMP_ERR_INTERNAL, "zlib did not finish a piece");
    encoder->packed.length = encoder->gzip.total_out;
    return EMP_OK;
}

static emp_status pack_zstd(struct emp_generate_encoder *encoder, const struct emp_buffer *text,
                            emp_error *error)
{
    size_t bound = ZSTD_compressBound(text->length);
    emp_status status = emp__buffer_reserve(&encoder->packed, bound, error);
    if (status != EMP_OK)
        return status;
    size_t length = ZSTD_compressCCtx(encoder->zstd, encoder->packed.data, bound, text->data,
                                      text->length, ZSTD_LEVEL);
    if (ZSTD_isError(length))
        return emp__fail(error, EMP_ERR_INTERNAL, "libzstd: %s", ZSTD_getErrorName(length));
    encoder->packed.length = length;
    return EMP_OK;
}

emp_status emp__encoder_pack(struct emp_generate_encoder *encoder, const struct emp_buffer *text,
                             const struct emp_buffer **out, emp_error *error)
{
    emp_status status = EMP_OK;
    emp__buffer_clear(&encoder->packed);
    if (encoder->encoding == EMP_ENCODING_GZIP)
        status = pack_gzip(encoder, text, error);
    else if (encoder->encoding == EMP_ENCODING_ZSTD)
        status = pack_zstd(encoder, text, error);
    if (status == EMP_OK)
        *out = encoder->encoding == EMP_ENCODING_PLAIN ? text : &encoder->packed;
    return status;
}

void emp__encoder_free(struct emp_generate_encoder *encoder)
{
    if (encoder->open && encoder->encoding == EMP_ENCODING_GZIP)
        deflateEnd(&encoder->gzip);
    ZSTD_freeCCtx(encoder->zstd);
    emp__buffer_free(&encoder->packed);
    *encoder = (struct emp_generate_encoder){0};
}
