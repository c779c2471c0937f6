// SPDX-License-Identifier: Apache-2.0
/* How fast zlib and libzstd alone unpack the histories that the stages read. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>
#include <zstd.h>

#include "bench_data.h"
#include "bench_files.h"
#include "benchmarks.h"

enum { WINDOW_BYTES = 256 << 10 };

struct unpacking {
    struct bench_input input;
    char *packed, *window;
    size_t packed_length, unpacked;
};

static bool setup(struct bench_case *c)
{
    struct unpacking *u = c->state = bench_alloc(c, 1, sizeof *u);
    if (!u || !bench_input(c, c->benchmark->variant, &u->input))
        return false;
    u->packed = bench_read_file(c, u->input.data, &u->packed_length);
    u->window = bench_alloc(c, WINDOW_BYTES, 1);
    c->items = c->bytes = (double)u->input.report.bytes;
    return u->packed && u->window && u->packed_length <= UINT_MAX;
}

/* Several gzip members may stand one behind the other. */
static bool gunzip(struct unpacking *u)
{
    enum { GZIP_WINDOW = 15 + 16 };
    z_stream stream = {.next_in = (Bytef *)u->packed, .avail_in = (uInt)u->packed_length};
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return false;
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = (Bytef *)u->window;
        stream.avail_out = WINDOW_BYTES;
        status = inflate(&stream, Z_NO_FLUSH);
        u->unpacked += WINDOW_BYTES - stream.avail_out;
        if (status == Z_STREAM_END && stream.avail_in > 0)
            status = inflateReset(&stream);
    }
    inflateEnd(&stream);
    return status == Z_STREAM_END;
}

static bool unzstd(struct unpacking *u)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer in = {.src = u->packed, .size = u->packed_length};
    size_t left = context ? 1 : 0;
    while (context && left > 0 && !ZSTD_isError(left)) {
        ZSTD_outBuffer out = {.dst = u->window, .size = WINDOW_BYTES};
        left = ZSTD_decompressStream(context, &out, &in);
        u->unpacked += out.pos;
        /* A frame has ended; another may follow. */
        if (left == 0 && in.pos < in.size)
            left = 1;
    }
    ZSTD_freeDCtx(context);
    return context && left == 0;
}

static bool run(struct bench_case *c)
{
    struct unpacking *u = c->state;
    u->unpacked = 0;
    bool done = strcmp(c->benchmark->variant, "gz") == 0 ? gunzip(u) : unzstd(u);
    return done || bench_fail(c, "%s: unpacking failed", u->input.data);
}

static bool verify(struct bench_case *c)
{
    const struct unpacking *u = c->state;
    return u->unpacked == u->input.report.bytes ||
           bench_fail(c, "%zu bytes, not those that were packed", u->unpacked);
}

static void teardown(struct bench_case *c)
{
    struct unpacking *u = c->state;
    if (!u)
        return;
    free(u->packed);
    free(u->window);
    free(u);
}

const struct bench_body bench_limit_unpack = {
    .setup = setup, .run = run, .verify = verify, .teardown = teardown, .sharing = BENCH_SERIAL};
