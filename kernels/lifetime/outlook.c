// SPDX-License-Identifier: Apache-2.0
#include "lifetime/outlook.h"

#include <math.h>
#include <string.h>

#include "random/portable_math.h"
#include "special/log_integral.h"
#include "special/log_space.h"

enum { MOST = EMP_LIFETIME_PARAMETERS, BLOCK = 1024 };

/* The purchases that are expected, and discounted. */
struct pair {
    double expected, discounted;
};

/* What a customer who is alive at T will do: the same for all who have the same x and T. The
 * gradients are those of logarithms in the logarithms of the parameters. */
struct prospect {
    struct pair ahead;
    double lives, none, unlimited; /* P(alive at T + h); P(no purchase); D without end */
    double expected[MOST], discounted[MOST];
};

/* What is integrated: e^(-d t) E(t), as a function of u = log(1 + t / scale), times dt / du. */
struct integrand {
    const struct emp_lifetime_model *model;
    const double *parameter;
    const struct emp_lifetime_customer *customer;
    double rate, scale;
};

static double integrand_at(const struct integrand *f, double u)
{
    double t = f->scale * emp__expm1(u);
    double expected = f->model->predict.expected(f->parameter, f->customer, t);
    return emp__exp(-f->rate * t) * expected * (f->scale + t);
}

/* From `from` to `to`. */
static double gauss(const struct integrand *f, double from, double to, bool few)
{
    const struct emp_gauss_rule *rule = few ? &emp__gauss_8 : &emp__gauss_16;
    double centre = 0.5 * (from + to), half = 0.5 * (to - from), sum = 0.0;
    for (int i = 0; i < rule->count; i++)
        sum += rule->weight[i] * integrand_at(f, centre + half * rule->place[i]);
    return half * sum;
}

/* From 0 to a horizon, in pieces that are short against the distance of the singularities, pi. */
static double integrate(const struct integrand *f, double horizon)
{
    const double piece = 2.5;
    double end = emp__log1p(horizon / f->scale), sum = 0.0;
    int pieces = 1 + (int)(end / piece);
    for (int k = 0; k < pieces; k++)
        sum += gauss(f, end * k / pieces, end * (k + 1) / pieces, f->rate * horizon <= 1.0);
    return sum;
}

static struct pair look_ahead(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_customer *c,
                              const struct emp_lifetime_request *request)
{
    double h = request->horizon, rate = request->rate;
    const struct integrand f = {model, parameter, c, rate, c->age + parameter[1]};
    struct pair out = {.expected = model->predict.expected(parameter, c, h)};
    out.discounted = out.expected;
    if (rate > 0.0 && model->predict.discounted_within)
        out.discounted = model->predict.discounted_within(parameter, c, h, rate);
    else if (rate > 0.0)
        out.discounted = emp__exp(-rate * h) * out.expected + rate * integrate(&f, h);
    return out;
}

double emp__lifetime_error(const double *gradient, const double (*covariance)[MOST], int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            sum += gradient[i] * covariance[i][j] * gradient[j];
    return sum > 0.0 ? sqrt(sum) : 0.0;
}

static bool is_told(const struct emp_lifetime_fitted *fitted, int i)
{
    return fitted->covariance[i][i] > 0.0;
}

/* d log y / d log parameter from the values at both ends of a step of the logarithm. */
static double slope(double low, double high, double step)
{
    return low > 0.0 && high > 0.0 ? (emp__log(high) - emp__log(low)) / (2.0 * step) : 0.0;
}

static void find_slopes(const struct emp_lifetime_fitted *fitted,
                        const struct emp_lifetime_customer *c,
                        const struct emp_lifetime_request *request, struct prospect *out)
{
    const double step = 1e-4;
    double moved[MOST];
    int n = fitted->model->parameters;
    for (int i = 0; i < n; i++) {
        if (!is_told(fitted, i))
            continue;
        memcpy(moved, fitted->parameter, (size_t)n * sizeof *moved);
        moved[i] = fitted->parameter[i] * emp__exp(-step);
        struct pair low = look_ahead(fitted->model, moved, c, request);
        moved[i] = fitted->parameter[i] * emp__exp(step);
        struct pair high = look_ahead(fitted->model, moved, c, request);
        out->expected[i] = slope(low.expected, high.expected, step);
        out->discounted[i] = slope(low.discounted, high.discounted, step);
    }
}

static struct prospect prospect_of(const struct emp_lifetime_fitted *fitted,
                                   const struct emp_lifetime_customer *c,
                                   const struct emp_lifetime_request *request)
{
    const struct emp_lifetime_model *model = fitted->model;
    const double *parameter = fitted->parameter;
    struct prospect out = {
        .ahead = look_ahead(model, parameter, c, request),
        .lives = model->predict.survives(parameter, c, request->horizon),
        .none = model->predict.probability(parameter, c, request->horizon, 0),
        .unlimited = model->predict.discounted(parameter, c, request->rate),
    };
    if (fitted->covariance)
        find_slopes(fitted, c, request, &out);
    return out;
}

/* log P(alive) = -log(1 + e^odds), whose gradient is -P(dead) times that of the odds. */
static void find_errors(const struct emp_lifetime_fitted *fitted, const struct prospect *prospect,
                        double dead, const double *odds, struct emp_lifetime_outlook *out)
{
    double expected[MOST] = {0.0};
    int n = fitted->model->parameters;
    for (int i = 0; i < n; i++) {
        if (!is_told(fitted, i))
            continue;
        expected[i] = prospect->expected[i] - dead * odds[i];
        out->gradient[i] = prospect->discounted[i] - dead * odds[i];
    }
    out->expected_error = emp__lifetime_error(expected, fitted->covariance, n);
    out->discounted_error = emp__lifetime_error(out->gradient, fitted->covariance, n);
}

static void conclude(const struct emp_lifetime_fitted *fitted, const struct prospect *prospect,
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
        .expected = alive * prospect->ahead.expected,
        .discounted = alive * prospect->ahead.discounted,
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
    struct prospect prospect = prospect_of(fitted, c, request);
    conclude(fitted, &prospect, c, out);
}

/* From one change of x or T to the next the prospect is the same. */
static void outlook_block(const struct emp_lifetime_fitted *fitted,
                          const struct emp_lifetime_data *data,
                          const struct emp_lifetime_request *request, size_t block,
                          struct emp_lifetime_outlook *out)
{
    size_t start = block * BLOCK, end = start + BLOCK < data->n ? start + BLOCK : data->n;
    struct prospect prospect;
    for (size_t i = start; i < end; i++) {
        const struct emp_lifetime_customer c = {data->x[i], data->t_x[i], data->age[i]};
        if (i == start || data->x[i] != data->x[i - 1] || data->age[i] != data->age[i - 1])
            prospect = prospect_of(fitted, &c, request);
        conclude(fitted, &prospect, &c, &out[i]);
    }
}

void emp__lifetime_outlooks(const struct emp_lifetime_fitted *fitted,
                            const struct emp_lifetime_data *data,
                            const struct emp_lifetime_request *request,
                            struct emp_lifetime_outlook *out)
{
    size_t blocks = (data->n + BLOCK - 1) / BLOCK;
#pragma omp parallel for num_threads(request->threads) schedule(dynamic)
    for (size_t block = 0; block < blocks; block++)
        outlook_block(fitted, data, request, block, out);
}

void emp__lifetime_discounted_within(const struct emp_lifetime_model *model,
                                     const double *parameter, const struct emp_lifetime_data *data,
                                     const struct emp_lifetime_request *request, double *out)
{
    struct pair ahead = {0.0, 0.0};
    for (size_t i = 0; i < data->n; i++) {
        const struct emp_lifetime_customer c = {data->x[i], data->t_x[i], data->age[i]};
        if (i == 0 || data->x[i] != data->x[i - 1] || data->age[i] != data->age[i - 1])
            ahead = look_ahead(model, parameter, &c, request);
        out[i] = emp__lifetime_alive(model, parameter, &c, 0.0) * ahead.discounted;
    }
}
