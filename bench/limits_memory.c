// SPDX-License-Identifier: Apache-2.0
/*
 * How fast memory is read, copied, and touched for the first time. Each thread has memory of its
 * own.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench_data.h"
#include "benchmarks.h"

/* Memory that is read, copied, or mapped anew for each run. */
struct memory {
    uint64_t *from, *to;
    size_t count;
    uint64_t sum;
    char *pages;
};

static struct memory *memory_new(struct bench_case *c)
{
    struct memory *m = c->state = bench_alloc(c, 1, sizeof *m);
    if (m)
        m->count = bench_bytes(c->size) / sizeof *m->from;
    c->items = c->bytes = (double)bench_bytes(c->size);
    return m;
}

static void memory_teardown(struct bench_case *c)
{
    struct memory *m = c->state;
    if (m && m->pages)
        munmap(m->pages, bench_bytes(c->size));
    if (m) {
        free(m->from);
        free(m->to);
    }
    free(m);
}

/* Reading: all words are added up, several sums side by side, as wide as the processor can. */
static inline __attribute__((always_inline)) uint64_t add_up(const uint64_t *words, size_t count)
{
    enum { SUMS = 32 };
    uint64_t sums[SUMS] = {0}, sum = 0;
    for (size_t i = 0; i + SUMS <= count; i += SUMS)
        for (size_t s = 0; s < SUMS; s++)
            sums[s] += words[i + s];
    for (size_t s = 0; s < SUMS; s++)
        sum += sums[s];
    return sum;
}

static uint64_t add_up_anywhere(const uint64_t *words, size_t count)
{
    return add_up(words, count);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static uint64_t add_up_avx2(const uint64_t *words, size_t count)
{
    return add_up(words, count);
}
#endif

static bool read_setup(struct bench_case *c)
{
    struct memory *m = memory_new(c);
    if (!m || !(m->from = bench_alloc(c, m->count, sizeof *m->from)))
        return false;
    for (size_t i = 0; i < m->count; i++)
        m->from[i] = i;
    return true;
}

static bool read_run(struct bench_case *c)
{
    struct memory *m = c->state;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        m->sum = add_up_avx2(m->from, m->count);
        return true;
    }
#endif
    m->sum = add_up_anywhere(m->from, m->count);
    return true;
}

static bool read_verify(struct bench_case *c)
{
    const struct memory *m = c->state;
    return m->sum == m->count * (m->count - 1) / 2 || bench_fail(c, "the sum is wrong");
}

const struct bench_body bench_limit_read = {
    .setup = read_setup, .run = read_run, .verify = read_verify, .teardown = memory_teardown};

/* Copying: half of the bytes in use is read and the other half written. */
static bool copy_setup(struct bench_case *c)
{
    if (!read_setup(c))
        return false;
    struct memory *m = c->state;
    m->count /= 2;
    return (m->to = bench_alloc(c, m->count, sizeof *m->to)) != NULL;
}

static bool copy_run(struct bench_case *c)
{
    struct memory *m = c->state;
    memcpy(m->to, m->from, m->count * sizeof *m->to);
    return true;
}

static bool copy_verify(struct bench_case *c)
{
    const struct memory *m = c->state;
    return memcmp(m->to, m->from, m->count * sizeof *m->to) == 0 ||
           bench_fail(c, "the copy differs");
}

const struct bench_body bench_limit_copy = {
    .setup = copy_setup, .run = copy_run, .verify = copy_verify, .teardown = memory_teardown};

/* First touch: the system finds pages and zeroes them, in huge ones or in small ones. */
static bool fresh_setup(struct bench_case *c)
{
    return memory_new(c) != NULL;
}

static void fresh_prepare(struct bench_case *c)
{
    struct memory *m = c->state;
    size_t length = bench_bytes(c->size);
    if (m->pages)
        munmap(m->pages, length);
    m->pages = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m->pages == MAP_FAILED)
        m->pages = NULL;
    else if (strcmp(c->benchmark->variant, "huge") == 0)
        (void)madvise(m->pages, length, MADV_HUGEPAGE);
}

static bool fresh_run(struct bench_case *c)
{
    const size_t step = 4096;
    struct memory *m = c->state;
    if (!m->pages)
        return bench_fail(c, "no memory for %zu bytes", bench_bytes(c->size));
    for (size_t at = 0; at < bench_bytes(c->size); at += step)
        *(volatile char *)(m->pages + at) = 1;
    return true;
}

static bool fresh_verify(struct bench_case *c)
{
    const struct memory *m = c->state;
    size_t sum = 0;
    for (size_t at = 0; at < bench_bytes(c->size); at++)
        sum += (size_t)m->pages[at];
    return sum == bench_bytes(c->size) / 4096 || bench_fail(c, "the pages were not zero");
}

const struct bench_body bench_limit_fresh = {.setup = fresh_setup,
                                             .prepare = fresh_prepare,
                                             .run = fresh_run,
                                             .verify = fresh_verify,
                                             .teardown = memory_teardown};
