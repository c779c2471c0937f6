// SPDX-License-Identifier: Apache-2.0
#include "lifetime/prospect.h"

#include <math.h>
#include <string.h>

#include "random/portable_math.h"
#include "special/log_integral.h"

enum { MOST = EMP_LIFETIME_PARAMETERS };

/* The purchases that are expected, and discounted. */
struct pair {
    double expected, discounted;
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

/* How long a customer's next purchase, or leaving, is away: the shortest of the mean times, a rate
 * of which the parameter that is a time, and the shape before it, are the gamma distribution. */
static double time_scale(const struct emp_lifetime_model *model, const double *parameter,
                         const struct emp_lifetime_customer *c)
{
    double least = INFINITY, purchases = c->x;
    for (int i = 1; i < model->parameters; i++) {
        if (!(model->in_unit >> i & 1))
            continue;
        least = fmin(least, (parameter[i] + c->age) / (1.0 + parameter[i - 1] + purchases));
        purchases = 0.0; /* they tell nothing of when customers leave */
    }
    return least;
}

static struct pair look_ahead(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_customer *c,
                              const struct emp_lifetime_request *request)
{
    double h = request->horizon, rate = request->rate;
    const struct integrand f = {model, parameter, c, rate, time_scale(model, parameter, c)};
    struct pair out = {.expected = model->predict.expected(parameter, c, h)};
    out.discounted = out.expected;
    if (rate > 0.0 && model->predict.discounted_within)
        out.discounted = model->predict.discounted_within(parameter, c, h, rate);
    else if (rate > 0.0)
        out.discounted = emp__exp(-rate * h) * out.expected + rate * integrate(&f, h);
    return out;
}

bool emp__lifetime_is_told(const struct emp_lifetime_fitted *fitted, int i)
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
                        const struct emp_lifetime_request *request,
                        struct emp_lifetime_prospect *out)
{
    const double step = 1e-4;
    double moved[MOST];
    int n = fitted->model->parameters;
    for (int i = 0; i < n; i++) {
        if (!emp__lifetime_is_told(fitted, i))
            continue;
        memcpy(moved, fitted->parameter, (size_t)n * sizeof *moved);
        moved[i] = fitted->parameter[i] * emp__exp(-step);
        struct pair low = look_ahead(fitted->model, moved, c, request);
        moved[i] = fitted->parameter[i] * emp__exp(step);
        struct pair high = look_ahead(fitted->model, moved, c, request);
        out->expected_slope[i] = slope(low.expected, high.expected, step);
        out->discounted_slope[i] = slope(low.discounted, high.discounted, step);
    }
}

struct emp_lifetime_prospect emp__lifetime_prospect(const struct emp_lifetime_fitted *fitted,
                                                    const struct emp_lifetime_customer *c,
                                                    const struct emp_lifetime_request *request)
{
    const struct emp_lifetime_model *model = fitted->model;
    const double *parameter = fitted->parameter;
    struct pair ahead = look_ahead(model, parameter, c, request);
    struct emp_lifetime_prospect out = {
        .expected = ahead.expected,
        .discounted = ahead.discounted,
        .lives = model->predict.survives(parameter, c, request->horizon),
        .none = model->predict.probability(parameter, c, request->horizon, 0),
        .unlimited = model->predict.discounted(parameter, c, request->rate),
    };
    if (fitted->covariance)
        find_slopes(fitted, c, request, &out);
    return out;
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
