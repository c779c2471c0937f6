// SPDX-License-Identifier: Apache-2.0
#include "lifetime/outlook.h"

#include <math.h>
#include <string.h>

#include "lifetime/prospect_table.h"
#include "special/log_space.h"

enum { MOST = EMP_LIFETIME_PARAMETERS, BLOCK = 1024 };

double emp__lifetime_error(const double *gradient, const double (*covariance)[MOST], int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            sum += gradient[i] * covariance[i][j] * gradient[j];
    return sum > 0.0 ? sqrt(sum) : 0.0;
}

/* log P(alive) = -log(1 + e^odds), whose gradient is -P(dead) times that of the odds. */
static void find_errors(const struct emp_lifetime_fitted *fitted,
                        const struct emp_lifetime_prospect *prospect, double dead,
                        const double *odds, struct emp_lifetime_outlook *out)
{
    double expected[MOST] = {0.0};
    int n = fitted->model->parameters;
    for (int i = 0; i < n; i++) {
        if (!emp__lifetime_is_told(fitted, i))
            continue;
        expected[i] = prospect->expected_slope[i] - dead * odds[i];
        out->gradient[i] = prospect->discounted_slope[i] - dead * odds[i];
    }
    out->expected_error = emp__lifetime_error(expected, fitted->covariance, n);
    out->discounted_error = emp__lifetime_error(out->gradient, fitted->covariance, n);
}

static void conclude(const struct emp_lifetime_fitted *fitted,
                     const struct emp_lifetime_prospect *prospect,
                     const struct emp_lifetime_customer *c, struct emp_lifetime_outlook *out)
{
    double gradient[MOST];
    double odds = fitted->model->predict.log_odds_dead(fitted->parameter, c,
                                                       fitted->covariance ? gradient : NULL);
    double alive = emp__sigmoid(-odds), dead = emp__sigmoid(odds);
    *out = (struct emp_lifetime_outlook){
        .p_alive = alive,
        .p_alive_later = alive * prospect->lives,
        .no_purchase = dead + alive * prospect->none,
        .expected = alive * prospect->expected,
        .discounted = alive * prospect->discounted,
        .unlimited = isfinite(prospect->unlimited) ? alive * prospect->unlimited : NAN,
    };
    if (fitted->covariance)
        find_errors(fitted, prospect, dead, gradient, out);
}

void emp__lifetime_outlook(const struct emp_lifetime_fitted *fitted,
                           const struct emp_lifetime_customer *c,
                           const struct emp_lifetime_request *request,
                           struct emp_lifetime_outlook *out)
{
    struct emp_lifetime_prospect prospect = emp__lifetime_prospect(fitted, c, request);
    conclude(fitted, &prospect, c, out);
}

size_t emp__lifetime_outlooks_work(const struct emp_lifetime_fitted *fitted,
                                   const struct emp_lifetime_data *data)
{
    const struct emp_lifetime_request request = {.horizon = 0.0};
    const struct emp_prospect_table table = emp__prospect_table(fitted, &request, data);
    return emp__prospect_table_bytes(&table);
}

/* From one change of x or T to the next the prospect is the same. */
static void outlook_block(const struct emp_prospect_table *table,
                          const struct emp_lifetime_data *data, size_t block,
                          struct emp_lifetime_outlook *out)
{
    size_t start = block * BLOCK, end = start + BLOCK < data->n ? start + BLOCK : data->n;
    struct emp_lifetime_prospect prospect;
    for (size_t i = start; i < end; i++) {
        const struct emp_lifetime_customer c = {data->x[i], data->t_x[i], data->age[i]};
        if (i == start || data->x[i] != data->x[i - 1] || data->age[i] != data->age[i - 1])
            prospect = emp__prospect_at(table, data->x[i], data->age[i]);
        conclude(table->fitted, &prospect, &c, &out[i]);
    }
}

void emp__lifetime_outlooks(const struct emp_lifetime_fitted *fitted,
                            const struct emp_lifetime_data *data,
                            const struct emp_lifetime_request *request, void *work,
                            struct emp_lifetime_outlook *out)
{
    struct emp_prospect_table table = emp__prospect_table(fitted, request, data);
    size_t blocks = (data->n + BLOCK - 1) / BLOCK;
    table.cells = work;
    memset(work, 0, emp__prospect_table_bytes(&table));
    emp__prospect_table_fill(&table, data);
#pragma omp parallel for num_threads(request->threads) schedule(dynamic)
    for (size_t block = 0; block < blocks; block++)
        outlook_block(&table, data, block, out);
}
