// SPDX-License-Identifier: Apache-2.0
/*
 * Logistic regression on columns of doubles in memory, every third of them 0 or 1. The variant is
 * the number of terms, and which kernels where it is not the fastest.
 *
 * Flops are those of the information matrix X'WX, of whose triangle each element takes 2 a row. For
 * a fit: of as many of them as a minimum needs at least, one.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "logistic/logistic.h"
#include "logistic/pass.h"

struct regression {
    struct emp_matrix matrix;
    struct emp_logistic_data data;
    struct emp_logistic_options options;
    const struct emp_panel_kernels *kernels;
    double *x, *c, *sums, *expected;
    uint8_t *label;
    void *workspace;
    size_t columns; /* terms + 1 */
    size_t panels;  /* gram: how many lie behind each other */
    struct emp_pass pass;
};

/* Of two numbers of 32 bits: noise with a triangular density on -1 .. 1. */
static double noise(struct emp_stream *stream)
{
    uint64_t draw = emp__stream_u64(stream);
    return ((double)(draw >> 32) + (double)(uint32_t)draw) * 0x1p-32 - 1;
}

/* What all have: the terms of the variant, its kernels, and room for sums. */
static struct regression *regression_new(struct bench_case *c)
{
    struct regression *r = c->state = bench_alloc(c, 1, sizeof *r);
    const char *variant = c->benchmark->variant;
    unsigned d = 0;
    if (!r || sscanf(variant, "%u", &d) != 1)
        return NULL;
    const char *name = strchr(variant, '-');
    r->kernels = emp__panel_kernels(name ? name + 1 : NULL);
    if (!r->kernels)
        return bench_skip(c, "this machine has no %s", name + 1), NULL;
    r->columns = d + 1;
    size_t sums = r->columns * emp__gram_stride(r->columns);
    r->c = bench_alloc(c, r->columns, sizeof *r->c);
    r->sums = bench_alloc(c, sums, sizeof *r->sums);
    r->expected = bench_alloc(c, sums, sizeof *r->expected);
    return r->c && r->sums && r->expected ? r : NULL;
}

static void teardown(struct bench_case *c)
{
    struct regression *r = c->state;
    if (r) {
        free(r->x);
        free(r->label);
        free(r->c);
        free(r->sums);
        free(r->expected);
        free(r->workspace);
    }
    free(r);
}

/* The Gram matrices of panels that lie behind each other; of 100 columns in all. */
static bool gram_setup(struct bench_case *c)
{
    struct regression *r = regression_new(c);
    if (!r)
        return false;
    r->columns--;
    size_t values = r->columns * EMP_PANEL_STRIDE;
    r->panels = bench_bytes(c->size) / (values * sizeof(double)) + 1;
    r->x = bench_alloc(c, r->panels * values, sizeof *r->x);
    if (!r->x)
        return false;
    struct emp_stream stream = bench_stream();
    for (size_t i = 0; i < r->panels * values; i++)
        r->x[i] = noise(&stream);
    c->items = (double)(r->panels * EMP_DESIGN_PANEL);
    c->flops = c->items * (double)(r->columns * (r->columns + 1));
    return true;
}

static void add_grams(const struct regression *r, const struct emp_panel_kernels *kernels,
                      size_t panels, double *sums)
{
    memset(sums, 0, r->columns * emp__gram_stride(r->columns) * sizeof *sums);
    for (size_t k = 0; k < panels; k++) {
        const struct emp_panel panel = {.z = r->x + k * r->columns * EMP_PANEL_STRIDE,
                                        .columns = r->columns,
                                        .groups = EMP_DESIGN_PANEL / EMP_LANES};
        kernels->gram(&panel, sums);
    }
}

static bool gram_run(struct bench_case *c)
{
    struct regression *r = c->state;
    add_grams(r, r->kernels, r->panels, r->sums);
    return true;
}

/* A few panels by both kernels: the triangles are the same bytes. */
static bool gram_verify(struct bench_case *c)
{
    enum { SOME = 4 };
    struct regression *r = c->state;
    size_t panels = r->panels < SOME ? r->panels : SOME, stride = emp__gram_stride(r->columns);
    add_grams(r, r->kernels, panels, r->sums);
    add_grams(r, &emp__panel_plain, panels, r->expected);
    for (size_t i = 0; i < r->columns; i++) {
        size_t at = i * stride + i;
        if (memcmp(r->sums + at, r->expected + at, (r->columns - i) * sizeof *r->sums) != 0)
            return bench_fail(c, "row %zu differs from that of the plain kernel", i);
    }
    return true;
}

const struct bench_body bench_gram = {
    .setup = gram_setup, .run = gram_run, .verify = gram_verify, .teardown = teardown};

/* Slopes that make eta about 1.5 in size, and labels to go with them. */
static void fill(struct regression *r)
{
    size_t n = r->matrix.rows, d = r->matrix.terms;
    struct emp_stream stream = bench_stream();
    for (size_t j = 0; j < d; j++) {
        r->c[j + 1] = (j % 2 ? -3.6 : 3.6) / sqrt((double)d);
        for (size_t i = 0; i < n; i++) {
            double value = noise(&stream);
            r->x[j * n + i] = j % 3 == 2 ? value > 0.2 : value;
        }
    }
    for (size_t i = 0; i < n; i++) {
        double eta = 0;
        for (size_t j = 0; j < d; j++)
            eta += r->c[j + 1] * r->x[j * n + i];
        r->label[i] = (double)(uint32_t)emp__stream_u64(&stream) * 0x1p-32 < 1 / (1 + exp(-eta));
    }
}

static struct regression *rows_new(struct bench_case *c)
{
    struct regression *r = regression_new(c);
    if (!r)
        return NULL;
    size_t d = r->columns - 1, n = bench_bytes(c->size) / (d * sizeof(double));
    r->x = bench_alloc(c, n * d, sizeof *r->x);
    r->label = bench_alloc(c, n, 1);
    if (!r->x || !r->label)
        return NULL;
    r->matrix = (struct emp_matrix){.rows = n, .terms = d, .x = r->x, .stride = n};
    r->data = (struct emp_logistic_data){
        .design = emp__matrix_design(&r->matrix), .label = r->label, .left_out = -1};
    fill(r);
    c->items = (double)n;
    c->flops = c->items * (double)(r->columns * (r->columns + 1));
    return r;
}

/* One pass with the information matrix. */
static bool pass_setup(struct bench_case *c)
{
    struct regression *r = rows_new(c);
    if (!r)
        return false;
    struct emp_carver carver = {0};
    r->pass.walk = emp__walk(&r->data, c->threads, r->kernels->name);
    emp__pass_carve(&carver, &r->pass);
    r->workspace = bench_alloc(c, emp__carved(&carver), 1);
    if (!r->workspace)
        return false;
    carver = (struct emp_carver){.base = r->workspace};
    emp__pass_carve(&carver, &r->pass);
    emp__pass_moments(&r->pass);
    memset(r->c, 0, r->columns * sizeof *r->c);
    return true;
}

static bool pass_run(struct bench_case *c)
{
    struct regression *r = c->state;
    struct emp_pass_sums sums = {.gradient = r->expected, .information = r->sums};
    emp__pass(&r->pass, r->c, &sums);
    return true;
}

/* With no slopes, p (1 - p) is 1/4, and scaled terms have a mean square of 1. */
static bool pass_verify(struct bench_case *c)
{
    const struct regression *r = c->state;
    for (size_t j = 0; j < r->columns; j++) {
        double square = r->sums[j * (emp__gram_stride(r->columns) + 1)] * 4 / c->items;
        if (!(fabs(square - 1) < 1e-9))
            return bench_fail(c, "the mean square of column %zu is %g", j, square);
    }
    return true;
}

const struct bench_body bench_pass = {.setup = pass_setup,
                                      .run = pass_run,
                                      .verify = pass_verify,
                                      .teardown = teardown,
                                      .sharing = BENCH_SHARED};

/* A fit without a penalty, from nothing, without a covariance. */
static bool fit_setup(struct bench_case *c)
{
    enum { ITERATIONS = 50 };
    struct regression *r = rows_new(c);
    if (!r)
        return false;
    r->options = (struct emp_logistic_options){
        .max_iterations = ITERATIONS, .tolerance = 1e-8, .threads = c->threads};
    r->workspace = bench_alloc(c, emp__logistic_workspace(&r->data, &r->options), 1);
    return r->workspace != NULL;
}

static bool fit_run(struct bench_case *c)
{
    struct regression *r = c->state;
    struct emp_logistic_fit fit = {.coefficients = r->c};
    enum emp_logistic_status status = emp__logistic_fit(&r->data, &r->options, &fit, r->workspace);
    return status == EMP_LOGISTIC_CONVERGED || bench_fail(c, "status %d", (int)status);
}

/* At the maximum the residuals add up to 0 over all rows, and over those where a term is 1. */
static bool fit_verify(struct bench_case *c)
{
    const struct regression *r = c->state;
    size_t n = r->matrix.rows;
    double *residual = bench_alloc(c, n, sizeof *residual);
    void *workspace = bench_alloc(c, emp__logistic_predict_workspace(&r->data.design, 1), 1);
    const struct emp_logistic_prediction prediction = {r->c, NULL, residual};
    double all = 0, third = 0;
    if (residual && workspace)
        emp__logistic_predict(&r->data.design, NULL, &prediction, 1, workspace);
    for (size_t i = 0; residual && i < n; i++) {
        all += r->label[i] - residual[i];
        third += (r->label[i] - residual[i]) * r->x[2 * n + i];
    }
    free(residual);
    free(workspace);
    double most = 1e-6 * sqrt((double)n);
    return (fabs(all) < most && fabs(third) < most) ||
           bench_fail(c, "the residuals add up to %g and %g", all, third);
}

const struct bench_body bench_logistic = {.setup = fit_setup,
                                          .run = fit_run,
                                          .verify = fit_verify,
                                          .teardown = teardown,
                                          .sharing = BENCH_SHARED};
