// SPDX-License-Identifier: Apache-2.0
/*
 * How fast matrices are multiplied, by OpenBLAS with the case's threads: C = A B of order n takes
 * 2 n^3 flops. a[i][k] = 1 + i mod 7 and b[k][j] = 1 + j mod 5, so that c[i][j] is n times their
 * product, exactly, even in single precision.
 */
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"

enum { N = 1024, ELEMENTS = N * N };

struct product {
    bool single;
    void *a, *b, *c;
};

static void put(const struct product *p, void *matrix, int i, int value)
{
    if (p->single)
        ((float *)matrix)[i] = (float)value;
    else
        ((double *)matrix)[i] = value;
}

static int row_factor(int i)
{
    enum { CYCLE = 7 };
    return 1 + i / N % CYCLE;
}

static int column_factor(int i)
{
    enum { CYCLE = 5 };
    return 1 + i % N % CYCLE;
}

static bool setup(struct bench_case *c)
{
    struct product *p = c->state = bench_alloc(c, 1, sizeof *p);
    if (!p)
        return false;
    p->single = strcmp(c->benchmark->variant, "single") == 0;
    size_t size = p->single ? sizeof(float) : sizeof(double);
    p->a = bench_alloc(c, ELEMENTS, size);
    p->b = bench_alloc(c, ELEMENTS, size);
    p->c = bench_alloc(c, ELEMENTS, size);
    if (!p->a || !p->b || !p->c)
        return false;
    for (int i = 0; i < ELEMENTS; i++) {
        put(p, p->a, i, row_factor(i));
        put(p, p->b, i, column_factor(i));
    }
    c->items = 1;
    c->flops = 2.0 * N * N * N;
    openblas_set_num_threads(c->threads);
    return true;
}

static bool run(struct bench_case *c)
{
    const struct product *p = c->state;
    if (p->single)
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1.0F, p->a, N, p->b, N,
                    0.0F, p->c, N);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, N, N, N, 1.0, p->a, N, p->b, N, 0.0,
                    p->c, N);
    return true;
}

static bool verify(struct bench_case *c)
{
    const struct product *p = c->state;
    for (int i = 0; i < ELEMENTS; i++) {
        double found = p->single ? (double)((float *)p->c)[i] : ((double *)p->c)[i];
        if ((int)found != N * row_factor(i) * column_factor(i))
            return bench_fail(c, "row %d, column %d of the product is wrong", i / N, i % N);
    }
    return true;
}

static void teardown(struct bench_case *c)
{
    struct product *p = c->state;
    if (!p)
        return;
    free(p->a);
    free(p->b);
    free(p->c);
    free(p);
}

const struct bench_body bench_limit_product = {
    .setup = setup, .run = run, .verify = verify, .teardown = teardown, .sharing = BENCH_SHARED};
