// SPDX-License-Identifier: Apache-2.0
/*
 * Models of lifetimes on patterns in memory, in order of x and T as a run has them. The variant is
 * the model, and for a likelihood which kernels where they are not the fastest.
 *
 * Flops are those of the formulae of a pattern, functions counted as in lanes/functions.h: of
 * BG/NBD two logarithms of 40, two of 45 and an exponential of 30, and some 100 around them; of
 * Pareto/NBD eight nodes of two functions and 70 operations.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_data.h"
#include "benchmarks.h"
#include "lifetime/bgnbd.h"
#include "lifetime/outlook.h"
#include "lifetime/panel_kernels.h"
#include "lifetime/paretonbd.h"

enum { MOST = EMP_LIFETIME_PARAMETERS, GROUP = 20, AGES = 300, PURCHASES = 40 };

static const double bgnbd[MOST] = {0.243, 4.414, 0.793, 2.426};
static const double paretonbd[MOST] = {0.553, 10.578, 0.606, 11.669};

struct lifetimes {
    const struct emp_lifetime_model *model;
    const double *parameter;
    uint32_t *x;
    double *t_x, *age;
    struct emp_lifetime_data data;
    void *work;
    struct emp_derivatives found;
    struct emp_lifetime_panel *panels;
    size_t panel_count;
    const struct emp_lifetime_kernels *kernels;
    struct emp_lifetime_outlook *outlooks;
    double covariance[MOST][MOST];
};

static void teardown(struct bench_case *c)
{
    struct lifetimes *l = c->state;
    if (l) {
        free(l->x);
        free(l->t_x);
        free(l->age);
        free(l->work);
        free(l->panels);
        free(l->outlooks);
    }
    free(l);
}

/* Times are whole days in weeks; GROUP patterns have the same x and T. */
static void fill(struct lifetimes *l)
{
    struct emp_stream stream = bench_stream();
    for (size_t i = 0; i < l->data.n; i++) {
        size_t group = i / GROUP;
        l->x[i] = (uint32_t)(group / AGES % PURCHASES);
        l->age[i] = (double)(70 + group % AGES) / 7.0;
        l->t_x[i] = l->x[i] ? floor(emp__stream_uniform(&stream) * l->age[i] * 7.0) / 7.0 : 0.0;
    }
}

static struct lifetimes *lifetimes_new(struct bench_case *c)
{
    struct lifetimes *l = c->state = bench_alloc(c, 1, sizeof *l);
    size_t n = bench_bytes(c->size) / (sizeof *l->x + sizeof *l->t_x + sizeof *l->age);
    if (!l)
        return NULL;
    bool pareto = strncmp(c->benchmark->variant, "pareto", strlen("pareto")) == 0;
    l->model = pareto ? &emp__paretonbd : &emp__bgnbd;
    l->parameter = pareto ? paretonbd : bgnbd;
    l->x = bench_alloc(c, n, sizeof *l->x);
    l->t_x = bench_alloc(c, n, sizeof *l->t_x);
    l->age = bench_alloc(c, n, sizeof *l->age);
    if (!l->x || !l->t_x || !l->age)
        return NULL;
    l->data = (struct emp_lifetime_data){.n = n, .x = l->x, .t_x = l->t_x, .age = l->age};
    fill(l);
    c->items = (double)n;
    c->flops = c->items * (pareto ? 8.0 * 140.0 : 300.0);
    return l;
}

/* --- The likelihood --- */

static bool likelihood_setup(struct bench_case *c)
{
    struct lifetimes *l = lifetimes_new(c);
    if (l)
        l->work = bench_alloc(c, emp__lifetime_work(l->model, &l->data), 1);
    return l && l->work;
}

static bool likelihood_run(struct bench_case *c)
{
    struct lifetimes *l = c->state;
    emp__lifetime_likelihood(l->model, l->parameter, &l->data, c->threads, l->work, &l->found);
    return true;
}

/* The first patterns alone, one term after the other. */
static bool likelihood_verify(struct bench_case *c)
{
    enum { SOME = 3000 };
    struct lifetimes *l = c->state;
    struct emp_lifetime_data some = l->data;
    struct emp_lifetime_point at = {.table_size = 0};
    double sum = 0.0;
    some.n = some.n < SOME ? some.n : SOME;
    memcpy(at.parameter, l->parameter, sizeof at.parameter);
    for (size_t i = 0; i < some.n; i++) {
        struct emp_derivatives term = {0};
        l->model->term(&at, &some, i, &term);
        sum += term.value;
    }
    emp__lifetime_likelihood(l->model, l->parameter, &some, 1, l->work, &l->found);
    if (!(fabs(l->found.value - sum) <= 1e-12 * fabs(sum)))
        return bench_fail(c, "the log-likelihood is %.17g, not %.17g", l->found.value, sum);
    return true;
}

const struct bench_body bench_likelihood = {.setup = likelihood_setup,
                                            .run = likelihood_run,
                                            .verify = likelihood_verify,
                                            .teardown = teardown,
                                            .sharing = BENCH_SHARED};

/* --- Its panels --- */

static bool panel_setup(struct bench_case *c)
{
    struct lifetimes *l = lifetimes_new(c);
    if (!l)
        return false;
    const char *name = strchr(c->benchmark->variant, '-');
    l->kernels = emp__lifetime_kernels(name ? name + 1 : NULL);
    if (!l->kernels)
        return bench_skip(c, "this machine has no %s", name + 1);
    l->panel_count = l->data.n / EMP_LIFETIME_PANEL + 1;
    l->panels = bench_alloc(c, l->panel_count, sizeof *l->panels);
    if (!l->panels)
        return false;
    for (size_t i = 0; i < l->data.n; i++) {
        struct emp_lifetime_panel *panel = &l->panels[i / EMP_LIFETIME_PANEL];
        size_t row = panel->count++;
        panel->x[row] = l->x[i];
        panel->t_x[row] = l->t_x[i];
        panel->age[row] = l->age[i];
        panel->weight[row] = 1.0;
    }
    for (size_t k = 0; k < l->panel_count; k++)
        l->panels[k].count = (l->panels[k].count + EMP_LANES - 1) / EMP_LANES * EMP_LANES;
    return true;
}

static void sum_panels(const struct lifetimes *l, const struct emp_lifetime_kernels *kernels,
                       size_t panels, struct emp_derivatives *out)
{
    memset(out, 0, sizeof *out);
    for (size_t k = 0; k < panels; k++)
        kernels->bgnbd(l->parameter, 0.0, &l->panels[k], out);
}

static bool panel_run(struct bench_case *c)
{
    struct lifetimes *l = c->state;
    sum_panels(l, l->kernels, l->panel_count, &l->found);
    return true;
}

/* A few panels by both kernels: the same bytes. */
static bool panel_verify(struct bench_case *c)
{
    enum { SOME = 4 };
    struct lifetimes *l = c->state;
    struct emp_derivatives plain;
    size_t panels = l->panel_count < SOME ? l->panel_count : SOME;
    sum_panels(l, l->kernels, panels, &l->found);
    sum_panels(l, &emp__lifetime_plain, panels, &plain);
    if (memcmp(&l->found, &plain, sizeof plain) != 0)
        return bench_fail(c, "the sums differ from those of the plain kernel");
    return true;
}

const struct bench_body bench_lifetime_panel = {
    .setup = panel_setup, .run = panel_run, .verify = panel_verify, .teardown = teardown};

/* --- Outlooks --- */

static const struct emp_lifetime_request outlook_request = {.horizon = 52.0, .rate = 0.0018};

static struct emp_lifetime_fitted fitted_of(const struct lifetimes *l)
{
    return (struct emp_lifetime_fitted){l->model, l->parameter,
                                        (const double(*)[MOST])l->covariance};
}

static bool outlook_setup(struct bench_case *c)
{
    struct lifetimes *l = lifetimes_new(c);
    if (!l)
        return false;
    for (int i = 0; i < MOST; i++)
        l->covariance[i][i] = 0.01;
    const struct emp_lifetime_fitted fitted = fitted_of(l);
    l->outlooks = bench_alloc(c, l->data.n, sizeof *l->outlooks);
    l->work = bench_alloc(c, emp__lifetime_outlooks_work(&fitted, &l->data), 1);
    c->flops = 0.0;
    c->bytes = c->items * (sizeof *l->outlooks + sizeof *l->x + 2 * sizeof(double));
    return l->outlooks && l->work;
}

static bool outlook_run(struct bench_case *c)
{
    struct lifetimes *l = c->state;
    const struct emp_lifetime_fitted fitted = fitted_of(l);
    struct emp_lifetime_request request = outlook_request;
    request.threads = c->threads;
    emp__lifetime_outlooks(&fitted, &l->data, &request, l->work, l->outlooks);
    return true;
}

/* Some of them one by one. */
static bool outlook_verify(struct bench_case *c)
{
    const struct lifetimes *l = c->state;
    const struct emp_lifetime_fitted fitted = fitted_of(l);
    for (size_t i = 0; i < l->data.n; i += l->data.n / 16) {
        const struct emp_lifetime_customer customer = {l->x[i], l->t_x[i], l->age[i]};
        struct emp_lifetime_outlook alone;
        emp__lifetime_outlook(&fitted, &customer, &outlook_request, &alone);
        if (!(fabs(l->outlooks[i].discounted - alone.discounted) <= 1e-9 * alone.discounted))
            return bench_fail(c, "pattern %zu: %.17g, not %.17g", i, l->outlooks[i].discounted,
                              alone.discounted);
    }
    return true;
}

const struct bench_body bench_outlooks = {.setup = outlook_setup,
                                          .run = outlook_run,
                                          .verify = outlook_verify,
                                          .teardown = teardown,
                                          .sharing = BENCH_SHARED};
