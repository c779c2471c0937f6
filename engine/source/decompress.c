// SPDX-License-Identifier: Apache-2.0
/* The decompressing stages of a byte stream: gzip through zlib, zstd through libzstd. */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/stream_stage.h"

enum {
    INPUT_BYTES = 1 << 17,
    GZIP_WINDOW_BITS = 15 + 16, /* 16: expect a gzip header */
    GZIP_WINDOW_BYTES = 1 << 15
};

struct inflater {
    struct emp_stage *below;
    const char *path;
    z_stream zlib;
    bool ended; /* at the end of a member */
    unsigned char input[INPUT_BYTES];
};

static emp_status damaged(const char *path, const char *what, emp_error *error)
{
    return emp__fail_at(error, EMP_ERR_DATA, (struct emp_place){.file = path},
                        "the compressed data %s", what);
}

/* More input for zlib; *end says that there is none. */
static emp_status gzip_fill(struct inflater *self, bool *end, emp_error *error)
{
    size_t got = 0;
    *end = false;
    if (self->zlib.avail_in > 0)
        return EMP_OK;
    emp_status status =
        self->below->read(self->below, (char *)self->input, sizeof self->input, &got, error);
    self->zlib.next_in = self->input;
    self->zlib.avail_in = (uInt)got;
    *end = got == 0;
    return status;
}

static emp_status gzip_read(struct emp_stage *stage, char *out, size_t size, size_t *length,
                            emp_error *error)
{
    struct inflater *self = stage->state;
    uInt room = size > UINT_MAX ? UINT_MAX : (uInt)size;
    self->zlib.next_out = (unsigned char *)out;
    self->zlib.avail_out = room;
    while (self->zlib.avail_out == room) {
        bool end;
        emp_status status = gzip_fill(self, &end, error);
        if (status != EMP_OK)
            return status;
        if (end && self->ended)
            break;
        if (end)
            return damaged(self->path, "end early: the file is cut off", error);
        if (self->ended && inflateReset(&self->zlib) != Z_OK)
            return damaged(self->path, "are damaged", error);
        int result = inflate(&self->zlib, Z_NO_FLUSH);
        self->ended = result == Z_STREAM_END;
        if (result == Z_MEM_ERROR)
            return emp__fail_memory(error, GZIP_WINDOW_BYTES);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return damaged(self->path, "are damaged", error);
    }
    *length = room - self->zlib.avail_out;
    return EMP_OK;
}

static void gzip_close(struct emp_stage *stage)
{
    struct inflater *self = stage->state;
    inflateEnd(&self->zlib);
    free(self);
}

emp_status emp__gzip_stage(struct emp_stage *stage, struct emp_stage *below, const char *path,
                           emp_error *error)
{
    struct inflater *self;
    emp_status status = emp__new_array(&self, 1, sizeof *self, error);
    if (status != EMP_OK)
        return status;
    self->below = below;
    self->path = path;
    if (inflateInit2(&self->zlib, GZIP_WINDOW_BITS) != Z_OK) {
        free(self);
        return emp__fail_memory(error, sizeof(z_stream));
    }
    *stage = (struct emp_stage){.read = gzip_read, .close = gzip_close, .state = self};
    return EMP_OK;
}

struct zstd_reader {
    struct emp_stage *below;
    const char *path;
    ZSTD_DStream *zstd;
    ZSTD_inBuffer input;
    bool ended; /* at the end of a frame */
    unsigned char bytes[INPUT_BYTES];
};

static emp_status zstd_fill(struct zstd_reader *self, bool *end, emp_error *error)
{
    size_t got = 0;
    *end = false;
    if (self->input.pos < self->input.size)
        return EMP_OK;
    emp_status status =
        self->below->read(self->below, (char *)self->bytes, sizeof self->bytes, &got, error);
    self->input = (ZSTD_inBuffer){.src = self->bytes, .size = got};
    *end = got == 0;
    return status;
}

static emp_status zstd_read(struct emp_stage *stage, char *out, size_t size, size_t *length,
                            emp_error *error)
{
    struct zstd_reader *self = stage->state;
    ZSTD_outBuffer output = {.dst = out, .size = size};
    while (output.pos == 0) {
        bool end;
        emp_status status = zstd_fill(self, &end, error);
        if (status != EMP_OK)
            return status;
        if (end && self->ended)
            break;
        /* What is left in zstd's own buffers comes out without new input. */
        size_t result = ZSTD_decompressStream(self->zstd, &output, &self->input);
        if (ZSTD_isError(result))
            return damaged(self->path, "are damaged", error);
        self->ended = result == 0;
        if (end && output.pos == 0 && !self->ended)
            return damaged(self->path, "end early: the file is cut off", error);
    }
    *length = output.pos;
    return EMP_OK;
}

static void zstd_close(struct emp_stage *stage)
{
    struct zstd_reader *self = stage->state;
    ZSTD_freeDStream(self->zstd);
    free(self);
}

emp_status emp__zstd_stage(struct emp_stage *stage, struct emp_stage *below, const char *path,
                           emp_error *error)
{
    struct zstd_reader *self;
    emp_status status = emp__new_array(&self, 1, sizeof *self, error);
    if (status != EMP_OK)
        return status;
    self->below = below;
    self->path = path;
    self->zstd = ZSTD_createDStream();
    if (!self->zstd) {
        free(self);
        return emp__fail_memory(error, 1 << 20);
    }
    *stage = (struct emp_stage){.read = zstd_read, .close = zstd_close, .state = self};
    return EMP_OK;
}
