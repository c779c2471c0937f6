// SPDX-License-Identifier: Apache-2.0
/* What coefficients say of rows: eta, p, and likelihoods. */
#include <string.h>

#include "logistic/panel_walk.h"

static struct emp_walk walk_all(const struct emp_design *design, const double *offset, int threads)
{
    const struct emp_logistic_data data = {.design = *design, .offset = offset};
    return emp__walk(&data, threads, NULL);
}

size_t emp__logistic_predict_workspace(const struct emp_design *design, int threads)
{
    struct emp_carver carver = {0};
    struct emp_walk walk = walk_all(design, NULL, threads);
    emp__walk_carve(&carver, &walk);
    return emp__carved(&carver);
}

struct prediction_visit {
    const struct emp_panel_kernels *kernels;
    const struct emp_logistic_prediction *prediction;
};

static void visit_prediction(const void *user, const struct emp_panel *panel, size_t stripe)
{
    const struct prediction_visit *visit = user;
    const struct emp_logistic_prediction *prediction = visit->prediction;
    size_t bytes = panel->rows * sizeof(double);
    (void)stripe;
    visit->kernels->linear(panel, prediction->coefficients);
    if (prediction->linear)
        memcpy(prediction->linear + panel->first, panel->eta, bytes);
    if (!prediction->probability)
        return;
    visit->kernels->probability(panel, panel->residual);
    memcpy(prediction->probability + panel->first, panel->residual, bytes);
}

void emp__logistic_predict(const struct emp_design *design, const double *offset,
                           const struct emp_logistic_prediction *prediction, int threads,
                           void *workspace)
{
    struct emp_carver carver = {.base = workspace};
    struct emp_walk walk = walk_all(design, offset, threads);
    const struct prediction_visit visit = {walk.kernels, prediction};
    emp__walk_carve(&carver, &walk);
    emp__walk_visit(&walk, visit_prediction, &visit);
}

struct likelihoods {
    struct emp_walk walk;
    double *offsets; /* of a panel, for each stripe */
    double *losses;  /* stripes x count */
    const double *coefficients;
    size_t count;
};

static void carve(struct emp_carver *carver, struct likelihoods *l)
{
    emp__walk_carve(carver, &l->walk);
    l->offsets = emp__carve(carver, l->walk.stripes, EMP_PANEL_STRIDE * sizeof(double));
    l->losses = emp__carve(carver, l->walk.stripes * l->count, sizeof(double));
}

size_t emp__logistic_likelihoods_workspace(const struct emp_logistic_data *data, size_t count,
                                           int threads)
{
    struct emp_carver carver = {0};
    struct likelihoods l = {.walk = emp__walk(data, threads, NULL), .count = count};
    carve(&carver, &l);
    return emp__carved(&carver);
}

static void visit_likelihoods(const void *user, const struct emp_panel *panel, size_t stripe)
{
    const struct likelihoods *l = user;
    double *offset = l->offsets + stripe * EMP_PANEL_STRIDE;
    size_t bytes = panel->groups * EMP_LANES * sizeof(double);
    memcpy(offset, panel->eta, bytes);
    for (size_t k = 0; k < l->count; k++) {
        memcpy(panel->eta, offset, bytes);
        l->walk.kernels->linear(panel, l->coefficients + k * panel->columns);
        l->losses[stripe * l->count + k] += l->walk.kernels->link(panel);
    }
}

void emp__logistic_likelihoods(const struct emp_logistic_data *data, const double *coefficients,
                               size_t count, int threads, double *out, void *workspace)
{
    struct emp_carver carver = {.base = workspace};
    struct likelihoods l = {
        .walk = emp__walk(data, threads, NULL), .coefficients = coefficients, .count = count};
    carve(&carver, &l);
    memset(l.losses, 0, l.walk.stripes * count * sizeof *l.losses);
    emp__walk_visit(&l.walk, visit_likelihoods, &l);
    emp__stripe_sums(&l.walk, l.losses, count, out);
    for (size_t k = 0; k < count; k++)
        out[k] = -out[k];
}
