// SPDX-License-Identifier: Apache-2.0
/*
 * What is to be expected of a customer who has made x repeat purchases, the last at t_x, by the
 * time T, under a model of struct emp_lifetime_model that predicts. Everything is P(alive at T)
 * times what a customer does who is alive (formulae in the header of the model), so nothing is a
 * difference of large numbers. For the customer {0, 0, 0} these are the expectations for a new one:
 * E[X(t)] and P(X(t) = n).
 *
 * Every value is finite but for a discounted value that diverges, which is said.
 */
#ifndef EMP_LIFETIME_PREDICT_H
#define EMP_LIFETIME_PREDICT_H

#include "lifetime/lifetime.h"

/* P(alive at T + t | x, t_x, T), t >= 0. */
double emp__lifetime_alive(const struct emp_lifetime_model *model, const double *parameter,
                           const struct emp_lifetime_customer *c, double t);

/* The purchases expected in (T, T + t]. */
double emp__lifetime_expected(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_customer *c, double t);

/* P(n purchases in (T, T + t]); n = 0 is the customer who does not come back by then. */
double emp__lifetime_probability(const struct emp_lifetime_model *model, const double *parameter,
                                 const struct emp_lifetime_customer *c, double t, uint32_t n);

/* Discounted expected residual transactions (DERT): each purchase at T + t counts e^(-rate t), for
 * ever. False if that diverges: without a rate, where too many live too long; *out is then
 * untouched. */
bool emp__lifetime_discounted(const struct emp_lifetime_model *model, const double *parameter,
                              const struct emp_lifetime_customer *c, double rate, double *out);

/* What is asked of each of many customers; a column that is NULL is not wanted. */
struct emp_lifetime_columns {
    double *p_alive;     /* at T */
    double *expected;    /* in (T, T + horizon] */
    double *no_purchase; /* P(none in (T, T + horizon]) */
    double *discounted;  /* without end; NaN where it diverges */
};

struct emp_lifetime_request {
    double horizon;
    double rate; /* of discount, for a unit of time */
    int threads;
};

/* Fills columns of data->n values from x, t_x, age: the same bytes for any number of threads. All
 * but P(alive) is computed once for those of the same x and age who follow each other. */
void emp__lifetime_predict(const struct emp_lifetime_model *model, const double *parameter,
                           const struct emp_lifetime_data *data,
                           const struct emp_lifetime_request *request,
                           const struct emp_lifetime_columns *out);

#endif
