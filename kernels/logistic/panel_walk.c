// SPDX-License-Identifier: Apache-2.0
#include "logistic/panel_walk.h"

#include <assert.h>
#include <omp.h>
#include <string.h>

enum {
    STRIPES_MOST = 64,
    STRIPES_LEAST = 4,       /* whatever they cost in memory */
    STRIPE_PANELS = 4,       /* fewer are not worth a sum of their own */
    STRIPE_SUMS = 1 << 23,   /* doubles that the Gram matrices of all stripes may take */
    PANEL_ARRAYS = 5,        /* of a panel besides its columns */
    THREAD_VALUES = 1 << 17, /* fewer are done before another thread has woken up, above all where
                                the processors have other work */
};

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t most_of(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void divide(struct emp_walk *walk)
{
    size_t all = (walk->data.design.rows + EMP_DESIGN_PANEL - 1) / EMP_DESIGN_PANEL;
    size_t affordable = STRIPE_SUMS / (walk->columns * emp__gram_stride(walk->columns));
    size_t most = least_of(STRIPES_MOST, most_of(STRIPES_LEAST, affordable));
    walk->panels = (all + walk->step - 1) / walk->step;
    walk->stripes = most_of(1, least_of(most, walk->panels / STRIPE_PANELS));
}

struct emp_walk emp__walk(const struct emp_logistic_data *data, int threads, const char *variant)
{
    struct emp_walk walk = {.data = *data,
                            .kernels = emp__panel_kernels(variant),
                            .threads = threads,
                            .columns = data->design.terms + 1,
                            .step = 1};
    assert(walk.kernels && threads > 0);
    divide(&walk);
    return walk;
}

struct emp_walk emp__walk_sample(const struct emp_walk *whole, size_t step)
{
    struct emp_walk walk = *whole;
    walk.step = step;
    divide(&walk);
    return walk;
}

struct emp_walk emp__walk_intercept(const struct emp_walk *whole)
{
    struct emp_walk walk = *whole;
    walk.columns = 1;
    walk.data.design.terms = 0;
    return walk;
}

void emp__walk_carve(struct emp_carver *carver, struct emp_walk *walk)
{
    size_t columns = walk->columns + PANEL_ARRAYS;
    walk->space =
        emp__carve(carver, (size_t)walk->threads * columns, EMP_PANEL_STRIDE * sizeof(double));
}

static struct emp_panel panel_of(const struct emp_walk *walk, int thread)
{
    size_t columns = walk->columns + PANEL_ARRAYS;
    double *space = walk->space + (size_t)thread * columns * EMP_PANEL_STRIDE;
    return (struct emp_panel){.eta = space,
                              .sign = space + EMP_PANEL_STRIDE,
                              .weight = space + EMP_PANEL_STRIDE * 2,
                              .residual = space + EMP_PANEL_STRIDE * 3,
                              .root = space + EMP_PANEL_STRIDE * 4,
                              .z = space + EMP_PANEL_STRIDE * PANEL_ARRAYS,
                              .columns = walk->columns};
}

static bool takes_part(const struct emp_logistic_data *data, size_t row)
{
    if (!data->fold || data->left_out < 0)
        return true;
    return (data->fold[row] == data->left_out) == data->left_out_instead;
}

/* False if there is no weight in the panel. */
static bool fill_weights(const struct emp_logistic_data *data, const struct emp_panel *panel)
{
    bool some = false;
    for (size_t i = 0; i < panel->rows; i++) {
        size_t row = panel->first + i;
        double weight = data->weight ? data->weight[row] : 1;
        panel->weight[i] = takes_part(data, row) ? weight : 0;
        some |= panel->weight[i] != 0; /* NaN too: it is found out later */
    }
    return some;
}

static void fill_rows(const struct emp_logistic_data *data, const struct emp_panel *panel)
{
    for (size_t i = 0; i < panel->rows; i++) {
        size_t row = panel->first + i;
        panel->sign[i] = data->label && data->label[row] ? 1 : -1;
        panel->eta[i] = data->offset ? data->offset[row] : 0;
    }
}

/* What the last group of rows is filled up with. */
static void fill_rest(const struct emp_panel *panel)
{
    for (size_t i = panel->rows; i < panel->groups * EMP_LANES; i++) {
        panel->weight[i] = panel->eta[i] = 0;
        panel->sign[i] = 1;
        for (size_t j = 0; j < panel->columns; j++)
            panel->z[j * EMP_PANEL_STRIDE + i] = 0;
    }
}

static bool fill(const struct emp_walk *walk, struct emp_panel *panel, size_t number)
{
    const struct emp_design *design = &walk->data.design;
    panel->first = number * walk->step * EMP_DESIGN_PANEL;
    panel->rows = least_of(EMP_DESIGN_PANEL, design->rows - panel->first);
    panel->groups = (panel->rows + EMP_LANES - 1) / EMP_LANES;
    if (!fill_weights(&walk->data, panel))
        return false;
    fill_rows(&walk->data, panel);
    for (size_t i = 0; i < panel->rows; i++)
        panel->z[i] = 1;
    if (design->terms)
        design->expand(design->user, panel->first, panel->rows, panel->z + EMP_PANEL_STRIDE,
                       EMP_PANEL_STRIDE);
    fill_rest(panel);
    return true;
}

/* No more threads than there are pieces of work, of so many values all in all, or work for them. */
static int threads_for(const struct emp_walk *walk, size_t pieces, size_t values)
{
    size_t worth = least_of(pieces, values / THREAD_VALUES);
    return (int)most_of(1, least_of(worth, (size_t)walk->threads));
}

static size_t values_of(const struct emp_walk *walk)
{
    return walk->panels * EMP_DESIGN_PANEL * walk->columns;
}

void emp__walk_visit(const struct emp_walk *walk, emp_visit_fn *visit, const void *user)
{
    size_t stripes = walk->stripes;
#pragma omp parallel num_threads(threads_for(walk, stripes, values_of(walk)))
    {
        struct emp_panel panel = panel_of(walk, omp_get_thread_num());
#pragma omp for schedule(dynamic)
        for (size_t s = 0; s < stripes; s++) {
            size_t end = (s + 1) * walk->panels / stripes;
            for (size_t k = s * walk->panels / stripes; k < end; k++)
                if (fill(walk, &panel, k))
                    visit(user, &panel, s);
        }
    }
}

void emp__stripe_sums(const struct emp_walk *walk, const double *parts, size_t count, double *out)
{
    enum { CHUNK = 512 };
    size_t chunks = (count + CHUNK - 1) / CHUNK;
#pragma omp parallel for num_threads(threads_for(walk, chunks, count * walk->stripes))             \
    schedule(static)
    for (size_t chunk = 0; chunk < chunks; chunk++) {
        size_t from = chunk * CHUNK, to = least_of(from + CHUNK, count);
        memset(out + from, 0, (to - from) * sizeof *out);
        for (size_t s = 0; s < walk->stripes; s++)
            for (size_t i = from; i < to; i++)
                out[i] += parts[s * count + i];
    }
}
