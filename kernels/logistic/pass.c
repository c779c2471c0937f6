// SPDX-License-Identifier: Apache-2.0
#include "logistic/pass.h"

#include <math.h>
#include <string.h>

#define HEAVIEST 1e40

void emp__pass_carve(struct emp_carver *carver, struct emp_pass *pass)
{
    size_t columns = pass->walk.columns, stripes = pass->walk.stripes;
    size_t stride = emp__gram_stride(columns);
    emp__walk_carve(carver, &pass->walk);
    pass->standard.mean = emp__carve(carver, columns, sizeof(double));
    pass->standard.scale = emp__carve(carver, columns, sizeof(double));
    pass->census = emp__carve(carver, stripes, sizeof *pass->census);
    pass->moments = emp__carve(carver, stripes * 2, columns * sizeof(double));
    pass->losses = emp__carve(carver, stripes, sizeof(double));
    pass->gradients = emp__carve(carver, stripes, stride * sizeof(double));
    pass->grams = emp__carve(carver, stripes * columns, stride * sizeof(double));
}

/* Counts the rows of a panel; returns their weight. */
static double take_census(const struct emp_panel *panel, const struct emp_panel_kernels *kernels,
                          struct emp_census *census)
{
    double weight = 0, events = 0;
    for (size_t i = 0; i < panel->rows; i++) {
        census->rows += panel->weight[i] > 0;
        weight += panel->weight[i];
        events += panel->sign[i] > 0 ? panel->weight[i] : 0;
    }
    if (kernels->beyond(panel->eta, panel->groups, EMP_LOGISTIC_LARGEST))
        census->term = EMP_LOGISTIC_OFFSET;
    for (size_t i = 0; i < panel->rows; i++)
        if (!(panel->weight[i] >= 0 && panel->weight[i] <= HEAVIEST))
            census->term = EMP_LOGISTIC_WEIGHT;
    census->weight += weight;
    census->events += events;
    return weight;
}

/* Two sets of weights before and together with the second; its moments join the first's. */
static void join(double before, double together, struct emp_column_moments second, double *mean,
                 double *squares)
{
    double weight = together - before, off = second.mean - *mean;
    *mean += off * (weight / together);
    *squares += second.squares + off * off * (before * (weight / together));
}

static void visit_moments(const void *user, const struct emp_panel *panel, size_t stripe)
{
    const struct emp_pass *pass = user;
    const struct emp_panel_kernels *kernels = pass->walk.kernels;
    struct emp_census *census = &pass->census[stripe];
    double *mean = pass->moments + stripe * 2 * panel->columns, *squares = mean + panel->columns;
    double before = census->weight, weight = take_census(panel, kernels, census);
    for (size_t j = 1; j < panel->columns; j++) {
        const double *column = panel->z + j * EMP_PANEL_STRIDE;
        if (kernels->beyond(column, panel->groups, EMP_LOGISTIC_LARGEST) && j - 1 < census->term)
            census->term = j - 1;
        if (weight > 0)
            join(before, census->weight, kernels->moments(panel, j, weight), &mean[j], &squares[j]);
    }
}

/* The least term is what is named: it does not depend on the order in which they are found. */
static struct emp_census add_censuses(const struct emp_pass *pass)
{
    struct emp_census all = {.term = EMP_LOGISTIC_NO_TERM};
    for (size_t s = 0; s < pass->walk.stripes; s++) {
        const struct emp_census *part = &pass->census[s];
        all.rows += part->rows;
        all.weight += part->weight;
        all.events += part->events;
        all.term = part->term < all.term ? part->term : all.term;
    }
    return all;
}

static void set_standard(const struct emp_pass *pass, size_t j)
{
    const double least = 1e-13;
    size_t columns = pass->walk.columns;
    double mean = 0, squares = 0, weight = 0;
    for (size_t s = 0; s < pass->walk.stripes; s++) {
        const double *part = pass->moments + s * 2 * columns;
        if (!(pass->census[s].weight > 0))
            continue;
        struct emp_column_moments second = {part[j], part[columns + j]};
        join(weight, weight + pass->census[s].weight, second, &mean, &squares);
        weight += pass->census[s].weight;
    }
    double deviation = sqrt(squares / weight);
    bool constant = !(deviation > least * fabs(mean) && deviation > 0);
    pass->standard.mean[j] = mean;
    pass->standard.scale[j] = constant ? 0 : 1 / deviation;
}

struct emp_census emp__pass_moments(const struct emp_pass *pass)
{
    size_t columns = pass->walk.columns, stripes = pass->walk.stripes;
    memset(pass->moments, 0, stripes * 2 * columns * sizeof(double));
    for (size_t s = 0; s < stripes; s++)
        pass->census[s] = (struct emp_census){.term = EMP_LOGISTIC_NO_TERM};
    emp__walk_visit(&pass->walk, visit_moments, pass);
    struct emp_census census = add_censuses(pass);
    pass->standard.mean[0] = 0;
    pass->standard.scale[0] = 1;
    if (census.term == EMP_LOGISTIC_NO_TERM && census.weight > 0)
        for (size_t j = 1; j < columns; j++)
            set_standard(pass, j);
    return census;
}

struct likelihood_visit {
    const struct emp_pass *pass;
    const double *c;
    bool information;
};

static void visit_likelihood(const void *user, const struct emp_panel *panel, size_t stripe)
{
    const struct likelihood_visit *visit = user;
    const struct emp_pass *pass = visit->pass;
    const struct emp_panel_kernels *kernels = pass->walk.kernels;
    size_t stride = emp__gram_stride(panel->columns);
    for (size_t i = 0; i < panel->groups * EMP_LANES; i++)
        panel->eta[i] += visit->c[0];
    kernels->centre(panel, &pass->standard, visit->c);
    pass->losses[stripe] += kernels->link(panel);
    kernels->gradient(panel, visit->information, pass->gradients + stripe * stride);
    if (visit->information)
        kernels->gram(panel, pass->grams + stripe * panel->columns * stride);
}

void emp__pass(const struct emp_pass *pass, const double *c, struct emp_pass_sums *out)
{
    size_t columns = pass->walk.columns, stripes = pass->walk.stripes;
    size_t stride = emp__gram_stride(columns);
    const struct likelihood_visit visit = {pass, c, out->information != NULL};
    memset(pass->losses, 0, stripes * sizeof(double));
    memset(pass->gradients, 0, stripes * stride * sizeof(double));
    if (out->information)
        memset(pass->grams, 0, stripes * columns * stride * sizeof(double));
    emp__walk_visit(&pass->walk, visit_likelihood, &visit);
    emp__stripe_sums(&pass->walk, pass->losses, 1, &out->loss);
    emp__stripe_sums(&pass->walk, pass->gradients, stride, out->gradient);
    for (size_t j = 0; j < columns; j++) /* L grows by the residuals, -L falls */
        out->gradient[j] = -out->gradient[j];
    if (!out->information)
        return;
    emp__stripe_sums(&pass->walk, pass->grams, columns * stride, out->information);
    for (size_t i = 0; i < columns; i++)
        for (size_t j = 0; j < i; j++)
            out->information[i * stride + j] = out->information[j * stride + i];
}

void emp__pass_scaled(const struct emp_pass *pass, const double *b, double *c)
{
    double intercept = b[0];
    for (size_t j = 1; j < pass->walk.columns; j++) {
        intercept += b[j] * pass->standard.mean[j];
        c[j] = pass->standard.scale[j] > 0 ? b[j] / pass->standard.scale[j] : 0;
    }
    c[0] = intercept;
}

void emp__pass_raw(const struct emp_pass *pass, const double *c, double *b)
{
    double intercept = c[0];
    for (size_t j = 1; j < pass->walk.columns; j++) {
        b[j] = c[j] * pass->standard.scale[j];
        intercept -= b[j] * pass->standard.mean[j];
    }
    b[0] = intercept;
}
