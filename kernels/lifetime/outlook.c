// SPDX-License-Identifier: Apache-2.0
#include "lifetime/outlook.h"

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
    double expected = emp__lifetime_expected(f->model, f->parameter, f->customer, t);
    return emp__exp(-f->rate * t) * expected * (f->scale + t);
}

/* From `from` to `to`. */
static double gauss(const struct integrand *f, double from, double to, bool few)
{
    const struct emp_gauss_node *nodes = few ? emp__gauss_8 : emp__gauss_16;
    double centre = 0.5 * (from + to), half = 0.5 * (to - from), sum = 0.0;
    for (int i = 0; i < (few ? 4 : 8); i++)
        sum += nodes[i].weight * (integrand_at(f, centre - half * nodes[i].place) +
                                  integrand_at(f, centre + half * nodes[i].place));
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
    struct pair out = {.expected = emp__lifetime_expected(model, parameter, c, h)};
    out.discounted = out.expected;
    if (rate > 0.0 && model->predict.discounted_within)
        out.discounted = emp__lifetime_alive(model, parameter, c, 0.0) *
                         model->predict.discounted_within(parameter, c, h, rate);
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

/* d log y / d log parameter from the values at both ends of a step of the logarithm. */
static double slope(double low, double high, double step)
{
    return low > 0.0 && high > 0.0 ? (emp__log(high) - emp__log(low)) / (2.0 * step) : 0.0;
}

static void find_errors(const struct emp_lifetime_fitted *fitted,
                        const struct emp_lifetime_customer *c,
                        const struct emp_lifetime_request *request,
                        struct emp_lifetime_outlook *out)
{
    const double step = 1e-4;
    double expected[MOST] = {0.0}, moved[MOST];
    int n = fitted->model->parameters;
    for (int i = 0; i < n; i++) {
        if (!(fitted->covariance[i][i] > 0.0))
            continue;
        memcpy(moved, fitted->parameter, (size_t)n * sizeof *moved);
        moved[i] = fitted->parameter[i] * emp__exp(-step);
        struct pair low = look_ahead(fitted->model, moved, c, request);
        moved[i] = fitted->parameter[i] * emp__exp(step);
        struct pair high = look_ahead(fitted->model, moved, c, request);
        expected[i] = slope(low.expected, high.expected, step);
        out->gradient[i] = slope(low.discounted, high.discounted, step);
    }
    out->expected_error = emp__lifetime_error(expected, fitted->covariance, n);
    out->discounted_error = emp__lifetime_error(out->gradient, fitted->covariance, n);
}

void emp__lifetime_outlook(const struct emp_lifetime_fitted *fitted,
                           const struct emp_lifetime_customer *c,
                           const struct emp_lifetime_request *request,
                           struct emp_lifetime_outlook *out)
{
    const struct emp_lifetime_model *model = fitted->model;
    const double *parameter = fitted->parameter;
    struct pair ahead = look_ahead(model, parameter, c, request);
    *out = (struct emp_lifetime_outlook){
        .p_alive = emp__lifetime_alive(model, parameter, c, 0.0),
        .no_purchase = emp__lifetime_probability(model, parameter, c, request->horizon, 0),
        .expected = ahead.expected,
        .discounted = ahead.discounted,
        .unlimited = NAN,
    };
    emp__lifetime_discounted(model, parameter, c, request->rate, &out->unlimited);
    if (fitted->covariance)
        find_errors(fitted, c, request, out);
}

void emp__lifetime_outlooks(const struct emp_lifetime_fitted *fitted,
                            const struct emp_lifetime_data *data,
                            const struct emp_lifetime_request *request,
                            struct emp_lifetime_outlook *out)
{
#pragma omp parallel for num_threads(request->threads) schedule(dynamic, 64)
    for (size_t i = 0; i < data->n; i++) {
        const struct emp_lifetime_customer c = {data->x[i], data->t_x[i], data->age[i]};
        emp__lifetime_outlook(fitted, &c, request, &out[i]);
    }
}
