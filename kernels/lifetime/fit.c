// SPDX-License-Identifier: Apache-2.0
#include "lifetime/fit.h"

#include <math.h>
#include <string.h>

#include "lifetime/trust_region.h"
#include "random/portable_math.h"

enum {
    MOST = EMP_LIFETIME_PARAMETERS,
    STARTS_MOST = 8,
    SAMPLE_STEP = 16,       /* every how manieth pattern is in the sample */
    SAMPLE_LEAST = 1 << 12, /* patterns; with fewer the fit begins with all */
};

struct emp_lifetime_options emp__lifetime_defaults(void)
{
    return (struct emp_lifetime_options){
        .max_iterations = 200,
        .starts = STARTS_MOST,
        .tolerance = 1e-18,
        .log_bound = 14.0,
        .flat_information = 0.01,
        .threads = 1,
    };
}

/* What all steps of a fit share. */
struct problem {
    const struct emp_lifetime_model *model;
    const struct emp_lifetime_data *data;
    const struct emp_lifetime_options *options;
    void *work;
    double unit, customers;
};

/* A place: logarithms of the parameters, counted in units, and the penalised likelihood there. */
struct place {
    double log[MOST];
    struct emp_derivatives at;
    int iterations;
    bool converged;
};

static double customers_of(const struct emp_lifetime_data *data)
{
    double sum = 0.0;
    for (size_t i = 0; i<data->n; i += data->step> 1 ? data->step : 1)
        sum += data->weight ? data->weight[i] : 1.0;
    return sum;
}

static void parameters_at(const struct problem *p, const double *log, double *parameter)
{
    for (int i = 0; i < p->model->parameters; i++)
        parameter[i] = emp__exp(log[i]) * (p->model->in_unit >> i & 1 ? p->unit : 1.0);
}

static void evaluate(const struct problem *p, struct place *place)
{
    double parameter[MOST], penalty = p->options->penalty;
    parameters_at(p, place->log, parameter);
    emp__lifetime_likelihood(p->model, parameter, p->data, p->options->threads, p->work,
                             &place->at);
    for (int i = 0; i < p->model->parameters; i++) {
        place->at.value -= penalty * place->log[i] * place->log[i];
        place->at.gradient[i] -= 2.0 * penalty * place->log[i];
        place->at.hessian[i][i] -= 2.0 * penalty;
    }
}

/* Bit i: parameter i is at a bound that the likelihood pushes it against. */
static unsigned held_at(const struct problem *p, const struct place *place)
{
    unsigned held = 0;
    for (int i = 0; i < p->model->parameters; i++) {
        bool low = place->log[i] <= -p->options->log_bound && place->at.gradient[i] < 0.0;
        bool high = place->log[i] >= p->options->log_bound && place->at.gradient[i] > 0.0;
        held |= (unsigned)(low || high) << i;
    }
    return held;
}

/* The information of the parameters that are not held: rows and columns of `which`. Returns how
 * many. */
static int free_information(const struct problem *p, const struct place *place, unsigned held,
                            double information[MOST][MOST], int which[MOST])
{
    int n = 0;
    for (int i = 0; i < p->model->parameters; i++)
        if (!(held >> i & 1))
            which[n++] = i;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            information[i][j] = -place->at.hessian[which[i]][which[j]];
    return n;
}

/* The step of the free parameters, and the gain that it promises. */
static double plan_step(const struct problem *p, const struct place *place, double radius,
                        double step[MOST])
{
    double information[MOST][MOST] = {{0}}, gradient[MOST], part[MOST];
    int which[MOST];
    int n = free_information(p, place, held_at(p, place), information, which);
    memset(step, 0, MOST * sizeof *step);
    for (int i = 0; i < n; i++)
        gradient[i] = place->at.gradient[which[i]];
    double gain = emp__trust_step(information, gradient, n, radius, part);
    for (int i = 0; i < n; i++)
        step[which[i]] = part[i];
    return gain;
}

static double steepest(const struct problem *p, const struct place *place)
{
    unsigned held = held_at(p, place);
    double most = 0.0;
    for (int i = 0; i < p->model->parameters; i++)
        if (!(held >> i & 1))
            most = fmax(most, fabs(place->at.gradient[i]));
    return most / p->customers;
}

/* A step that stays between the bounds; the gain that is left of the promise, and the length. */
static double bounded_step(const struct problem *p, const struct place *place, const double *step,
                           struct place *to, double *length)
{
    double bound = p->options->log_bound, gain = 0.0, square = 0.0, moved[MOST] = {0};
    for (int i = 0; i < p->model->parameters; i++) {
        to->log[i] = fmin(fmax(place->log[i] + step[i], -bound), bound);
        moved[i] = to->log[i] - place->log[i];
        gain += place->at.gradient[i] * moved[i];
        square += moved[i] * moved[i];
    }
    for (int i = 0; i < MOST; i++)
        for (int j = 0; j < MOST; j++)
            gain += 0.5 * place->at.hessian[i][j] * moved[i] * moved[j];
    *length = sqrt(square);
    return gain;
}

/* From `place` to a maximum. What sums of this size cannot tell apart is no loss. */
static void climb(const struct problem *p, struct place *place)
{
    const double widest = 4.0, good = 0.75, bad = 0.1, sum_noise = 1e-14;
    double radius = 1.0;
    for (place->iterations = 0; place->iterations < p->options->max_iterations;
         place->iterations++) {
        double step[MOST], length;
        double promised = plan_step(p, place, radius, step);
        double scale = 1.0 + fabs(place->at.value);
        place->converged = promised <= p->options->tolerance * scale &&
                           steepest(p, place) <= sqrt(p->options->tolerance);
        if (place->converged)
            return;
        struct place to = {0};
        double left = bounded_step(p, place, step, &to, &length);
        evaluate(p, &to);
        double gain = to.at.value - place->at.value;
        bool taken = gain >= bad * left - sum_noise * scale && isfinite(to.at.value);
        if (!taken)
            radius = 0.25 * length;
        else if (gain >= good * left && length > 0.9 * radius)
            radius = fmin(2.0 * radius, widest);
        if (taken) {
            memcpy(place->log, to.log, sizeof to.log);
            place->at = to.at;
        }
    }
}

/* The starts in order of their likelihood, the greatest first. */
static int sort_starts(const struct problem *p, struct place *places)
{
    int count =
        p->model->start_count < p->options->starts ? p->model->start_count : p->options->starts;
    count = count < STARTS_MOST ? count : STARTS_MOST;
    for (int s = 0; s < count; s++) {
        struct place place = {0};
        for (int i = 0; i < p->model->parameters; i++)
            place.log[i] = emp__log(p->model->starts[s][i]);
        evaluate(p, &place);
        int at = s;
        for (; at > 0 && places[at - 1].at.value < place.at.value; at--)
            places[at] = places[at - 1];
        places[at] = place;
    }
    return count;
}

/* The inverse of the information but for directions that are flat, whose parameters are named. */
static void judge_information(const struct problem *p, const struct place *place,
                              struct emp_lifetime_fit *out)
{
    const double takes_part = 0.1;
    double information[MOST][MOST] = {{0}};
    int which[MOST];
    int n = free_information(p, place, out->at_bound, information, which);
    struct emp_eigen eigen = emp__symmetric_eigen(information, n);
    for (int k = 0; k < n; k++) {
        bool flat = !(eigen.value[k] >= p->options->flat_information);
        for (int i = 0; i < n; i++) {
            if (flat && fabs(eigen.vector[i][k]) > takes_part)
                out->flat |= 1u << which[i];
            for (int j = 0; j < n && !flat; j++)
                out->covariance[which[i]][which[j]] +=
                    eigen.vector[i][k] * eigen.vector[j][k] / eigen.value[k];
        }
    }
    for (int i = 0; i < p->model->parameters; i++)
        out->std_error[i] = (out->flat | out->at_bound) >> i & 1
                                ? NAN
                                : out->parameter[i] * sqrt(out->covariance[i][i]);
}

static void conclude(const struct problem *p, const struct place *place,
                     struct emp_lifetime_fit *out)
{
    *out = (struct emp_lifetime_fit){.starts = out->starts, .iterations = place->iterations};
    parameters_at(p, place->log, out->parameter);
    out->log_likelihood = place->at.value;
    for (int i = 0; i < p->model->parameters; i++) {
        out->log_likelihood += p->options->penalty * place->log[i] * place->log[i];
        out->at_bound |= (unsigned)(fabs(place->log[i]) >= p->options->log_bound) << i;
    }
    out->gradient = steepest(p, place);
    judge_information(p, place, out);
    if (!place->converged)
        out->status = EMP_LIFETIME_LIMIT;
    else if (out->at_bound)
        out->status = EMP_LIFETIME_AT_BOUND;
    else
        out->status = out->flat ? EMP_LIFETIME_FLAT : EMP_LIFETIME_CONVERGED;
}

/* Follows the starts until one ends as it should; the best end is what is concluded. */
static void follow_starts(const struct problem *p, struct emp_lifetime_fit *out)
{
    struct place places[STARTS_MOST];
    int count = sort_starts(p, places), best = 0;
    for (int s = 0; s < count; s++) {
        climb(p, &places[s]);
        if (places[s].at.value > places[best].at.value)
            best = s;
        out->starts = s + 1;
        conclude(p, &places[best], out);
        if (out->status == EMP_LIFETIME_CONVERGED)
            return;
    }
}

/* Goes on from where a sample ends; false if there is none, or either does not end as it should. */
static bool follow_sample(const struct problem *p, struct emp_lifetime_fit *out)
{
    struct emp_lifetime_data some = *p->data;
    struct problem sampled = *p;
    struct emp_lifetime_fit guess = {.status = EMP_LIFETIME_NO_DATA};
    struct place place = {.iterations = 0};
    if (some.n / SAMPLE_STEP < SAMPLE_LEAST || some.step > 1)
        return false;
    some.step = SAMPLE_STEP;
    sampled.data = &some;
    sampled.customers = customers_of(&some);
    follow_starts(&sampled, &guess);
    if (guess.status != EMP_LIFETIME_CONVERGED)
        return false;
    for (int i = 0; i < p->model->parameters; i++)
        place.log[i] = emp__log(guess.parameter[i] / (p->model->in_unit >> i & 1 ? p->unit : 1.0));
    evaluate(p, &place);
    climb(p, &place);
    out->starts = guess.starts;
    conclude(p, &place, out);
    return out->status == EMP_LIFETIME_CONVERGED;
}

void emp__lifetime_fit(const struct emp_lifetime_model *model, const struct emp_lifetime_data *data,
                       const struct emp_lifetime_options *options, void *work,
                       struct emp_lifetime_fit *out)
{
    struct problem p = {model, data, options, work, 1.0, customers_of(data)};
    memset(out, 0, sizeof *out);
    out->status = EMP_LIFETIME_NO_DATA;
    if (!(p.customers > 0.0))
        return;
    p.unit = model->unit ? model->unit(data) : 1.0;
    if (!follow_sample(&p, out))
        follow_starts(&p, out);
}
