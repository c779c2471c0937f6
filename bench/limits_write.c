// SPDX-License-Identifier: Apache-2.0
/*
 * How fast a file is written into the page cache: blocks of one file, which the threads take in
 * turn. Nothing waits for the disk.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "bench_data.h"
#include "benchmarks.h"

enum { BLOCK_BYTES = 128 << 10 };

struct file {
    char path[4096];
    char *block;
    int blocks;
};

static bool setup(struct bench_case *c)
{
    struct file *file = c->state = bench_alloc(c, 1, sizeof *file);
    if (!file || !(file->block = bench_alloc(c, BLOCK_BYTES, 1)))
        return false;
    memset(file->block, 'x', BLOCK_BYTES);
    snprintf(file->path, sizeof file->path, "%s/limit-write", c->folder);
    file->blocks = (int)(bench_bytes(c->size) / BLOCK_BYTES);
    c->items = c->bytes = (double)bench_bytes(c->size);
    return true;
}

static void prepare(struct bench_case *c)
{
    const struct file *file = c->state;
    (void)unlink(file->path);
}

static bool run(struct bench_case *c)
{
    const struct file *file = c->state;
    int written = 0;
    int fd = open(file->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return bench_fail(c, "%s cannot be created", file->path);
#pragma omp parallel for num_threads(c->threads) reduction(+ : written) schedule(dynamic)
    for (int i = 0; i < file->blocks; i++)
        written += pwrite(fd, file->block, BLOCK_BYTES, (off_t)i * BLOCK_BYTES) == BLOCK_BYTES;
    bool closed = close(fd) == 0;
    return (written == file->blocks && closed) || bench_fail(c, "%s: writing failed", file->path);
}

/* The file holds its blocks and nothing more. */
static bool verify(struct bench_case *c)
{
    struct file *file = c->state;
    char *found = bench_alloc(c, BLOCK_BYTES, 1);
    FILE *stream = fopen(file->path, "re");
    int same = 0;
    while (found && stream && fread(found, BLOCK_BYTES, 1, stream) == 1)
        same += memcmp(found, file->block, BLOCK_BYTES) == 0;
    bool whole = stream && same == file->blocks && fgetc(stream) == EOF;
    if (stream)
        fclose(stream);
    free(found);
    return whole || bench_fail(c, "%s is not what was written", file->path);
}

static void teardown(struct bench_case *c)
{
    struct file *file = c->state;
    if (!file)
        return;
    (void)unlink(file->path);
    free(file->block);
    free(file);
}

const struct bench_body bench_limit_write = {.setup = setup,
                                             .prepare = prepare,
                                             .run = run,
                                             .verify = verify,
                                             .teardown = teardown,
                                             .sharing = BENCH_SHARED};
