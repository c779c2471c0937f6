// SPDX-License-Identifier: Apache-2.0
#include "lifetime/lifetime.h"

#include <string.h>

#include "lifetime/bgbb.h"
#include "lifetime/bgnbd.h"
#include "lifetime/contract.h"
#include "lifetime/gamma_gamma.h"
#include "lifetime/nbd.h"
#include "lifetime/panel_kernels.h"
#include "lifetime/paretonbd.h"

const struct emp_lifetime_model *const emp__lifetime_models[] = {
    &emp__nbd, &emp__bgnbd, &emp__mbgnbd, &emp__paretonbd, &emp__bgbb, NULL,
};

const struct emp_lifetime_model *emp__lifetime_model(const char *name)
{
    for (size_t m = 0; emp__lifetime_models[m]; m++)
        if (strcmp(emp__lifetime_models[m]->name, name) == 0)
            return emp__lifetime_models[m];
    return NULL;
}

enum { BLOCK = EMP_LIFETIME_PANEL };

static size_t step_of(const struct emp_lifetime_data *data)
{
    return data->step > 1 ? data->step : 1;
}

/* The patterns that count. */
static size_t count_of(const struct emp_lifetime_data *data)
{
    return (data->n + step_of(data) - 1) / step_of(data);
}

static size_t block_count(const struct emp_lifetime_data *data)
{
    return (count_of(data) + BLOCK - 1) / BLOCK;
}

/* x and x + 1 are looked up. */
static uint32_t table_size(const struct emp_lifetime_data *data)
{
    uint32_t most = 0;
    for (size_t i = 0; i < data->n; i++)
        most = data->x[i] > most ? data->x[i] : most;
    return most < EMP_LIFETIME_TABLE_MOST - 2 ? most + 2 : EMP_LIFETIME_TABLE_MOST;
}

size_t emp__lifetime_work(const struct emp_lifetime_model *model,
                          const struct emp_lifetime_data *data)
{
    return block_count(data) * sizeof(struct emp_derivatives) + table_size(data) * model->table_row;
}

static double weight_of(const struct emp_lifetime_data *data, size_t i)
{
    return data->weight ? data->weight[i] : 1.0;
}

double emp__lifetime_time_unit(const struct emp_lifetime_data *data)
{
    double time = 0.0, purchases = 0.5;
    for (size_t i = 0; i < data->n; i++) {
        time += weight_of(data, i) * data->age[i];
        purchases += weight_of(data, i) * data->x[i];
    }
    return time > 0.0 ? time / purchases : 1.0;
}

/* The patterns that count from `begin` on, `count` of them. */
struct block {
    const struct emp_lifetime_data *data;
    size_t begin, count;
};

static struct block block_of(const struct emp_lifetime_data *data, size_t block)
{
    size_t left = count_of(data) - block * BLOCK;
    return (struct block){data, block * BLOCK * step_of(data), left < BLOCK ? left : BLOCK};
}

typedef void term_fn(const struct emp_lifetime_point *at, const struct emp_lifetime_data *data,
                     size_t i, struct emp_derivatives *out);

static void sum_terms(term_fn *term_of, const struct emp_lifetime_point *at,
                      const struct block *block, struct emp_derivatives *sum)
{
    for (size_t k = 0; k < block->count; k++) {
        size_t i = block->begin + k * step_of(block->data);
        struct emp_derivatives term = {0};
        term_of(at, block->data, i, &term);
        emp__derivatives_add(sum, weight_of(block->data, i), &term);
    }
}

/* What is shared, from one change of x or T to the next. */
static void sum_shared(const struct emp_lifetime_model *model, const struct emp_lifetime_point *at,
                       const struct block *block, struct emp_derivatives *sum)
{
    const struct emp_lifetime_data *data = block->data;
    size_t step = step_of(data), i = block->begin, end = i + block->count * step;
    while (i < end) {
        uint32_t x = data->x[i];
        double age = model->shared_by_x ? 0.0 : data->age[i], weight = 0.0;
        struct emp_derivatives alike = {0};
        for (; i < end && data->x[i] == x && (model->shared_by_x || data->age[i] == age); i += step)
            weight += weight_of(data, i);
        model->shared(at, x, age, &alike);
        emp__derivatives_add(sum, weight, &alike);
    }
}

static void fill_panel(const struct block *block, struct emp_lifetime_panel *out)
{
    const struct emp_lifetime_data *data = block->data;
    for (size_t k = 0; k < block->count; k++) {
        size_t i = block->begin + k * step_of(data);
        out->x[k] = data->x[i];
        out->t_x[k] = data->t_x[i];
        out->age[k] = data->age[i];
        out->weight[k] = weight_of(data, i);
    }
    out->count = block->count;
    for (; out->count % EMP_LANES != 0; out->count++) {
        size_t k = out->count;
        out->x[k] = out->t_x[k] = out->age[k] = out->weight[k] = 0.0;
    }
}

static void sum_panel(const struct emp_lifetime_model *model, const struct emp_lifetime_point *at,
                      const struct block *block, struct emp_derivatives *sum)
{
    struct emp_lifetime_panel panel;
    fill_panel(block, &panel);
    model->panel(at, &panel, sum);
}

static void sum_block(const struct emp_lifetime_model *model, const struct emp_lifetime_point *at,
                      const struct block *block, struct emp_derivatives *sum)
{
    memset(sum, 0, sizeof *sum);
    if (!model->shared) {
        sum_terms(model->term, at, block, sum);
        return;
    }
    sum_shared(model, at, block, sum);
    if (model->panel)
        sum_panel(model, at, block, sum);
    else if (model->rest)
        sum_terms(model->rest, at, block, sum);
}

static void mirror(struct emp_derivatives *d)
{
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
        for (int j = 0; j < i; j++)
            d->hessian[i][j] = d->hessian[j][i];
}

void emp__lifetime_likelihood(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_data *data, int threads, void *work,
                              struct emp_derivatives *out)
{
    struct emp_derivatives *sums = work;
    size_t blocks = block_count(data);
    struct emp_lifetime_point at = {.kernels = emp__lifetime_kernels(NULL),
                                    .table_size = table_size(data),
                                    .table = sums + blocks};
    memcpy(at.parameter, parameter, (size_t)model->parameters * sizeof *parameter);
    if (model->fill_table)
        model->fill_table(parameter, at.table_size, sums + blocks);
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (size_t b = 0; b < blocks; b++) {
        const struct block block = block_of(data, b);
        sum_block(model, &at, &block, &sums[b]);
    }
    memset(out, 0, sizeof *out);
    for (size_t block = 0; block < blocks; block++)
        emp__derivatives_add(out, 1.0, &sums[block]);
    mirror(out);
}
