// SPDX-License-Identifier: Apache-2.0
#include "source/chunk_loop.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/parallel.h"

struct loop {
    struct emp_chunk_reader *reader;
    const struct emp_chunk_taker *taker;
};

/* One thread's share of the work. */
static emp_status work(void *user, size_t thread, emp_error *error)
{
    const struct loop *loop = user;
    struct emp_chunk chunk = {0};
    emp_status status;
    for (;;) {
        bool more = false;
        status = emp__chunk_reader_take(loop->reader, &chunk, &more, error);
        if (status != EMP_OK || !more)
            break;
        uint64_t rows = 0, lines = 0;
        status = loop->taker->take(loop->taker->user, (int)thread, &chunk, &rows, &lines, error);
        emp__chunk_reader_done(loop->reader, &chunk, rows, lines);
        if (status != EMP_OK)
            break;
    }
    if (status != EMP_OK)
        emp__chunk_reader_stop(loop->reader);
    emp__chunk_free(&chunk);
    return status;
}

emp_status emp__chunks_take(struct emp_chunk_reader *reader, int threads,
                            const struct emp_chunk_taker *taker, emp_error *error)
{
    struct loop loop = {reader, taker};
    emp_status status = emp__parallel(threads, (size_t)threads, work, &loop, error);
    emp__chunk_reader_number(reader);
    return status;
}

emp_status emp__kernels_choose(const struct emp_text_kernels **out, emp_error *error)
{
    const char *forced = getenv("EMPTOR_KERNELS");
    *out = emp__text_kernels(forced);
    if (*out)
        return EMP_OK;
    return emp__fail(
        error, EMP_ERR_USAGE,
        "EMPTOR_KERNELS is '%s'; on this machine it may be plain, portable or the name "
        "of an instruction set that it has",
        forced);
}
