// SPDX-License-Identifier: Apache-2.0
/* Data for the tests of logistic regression, and its likelihood by the letter. Include cmocka
 * first. */
#ifndef EMP_TESTS_TEST_REGRESSION_H
#define EMP_TESTS_TEST_REGRESSION_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "logistic/logistic.h"
#include "test_folder.h"
#include "test_points.h"

/* A design in memory, column-major. */
struct test_regression {
    size_t n, d;
    double *x;
    uint8_t *label;
    double *weight, *offset; /* NULL: none */
    struct emp_matrix matrix;
    struct emp_logistic_data data;
};

static inline void test_regression_join(struct test_regression *r)
{
    r->matrix = (struct emp_matrix){.rows = r->n, .terms = r->d, .x = r->x, .stride = r->n};
    r->data = (struct emp_logistic_data){.design = emp__matrix_design(&r->matrix),
                                         .label = r->label,
                                         .weight = r->weight,
                                         .offset = r->offset,
                                         .left_out = -1};
}

/* Zeros, to be filled in; to be freed with test_regression_free(). */
static inline struct test_regression *test_regression_new(size_t n, size_t d)
{
    struct test_regression *r = calloc(1, sizeof *r);
    assert_non_null(r);
    r->n = n;
    r->d = d;
    r->x = calloc(n * d + 1, sizeof *r->x);
    r->label = calloc(n + 1, sizeof *r->label);
    assert_true(r->x && r->label);
    test_regression_join(r);
    return r;
}

static inline void test_regression_free(struct test_regression *r)
{
    free(r->x);
    free(r->label);
    free(r->weight);
    free(r->offset);
    free(r);
}

static inline double test_normal(uint64_t *seed)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += test_uniform(seed);
    return sum;
}

/* Labels of a model with slopes about `size` for terms of deviation 1. */
static inline void test_regression_labels(struct test_regression *r, const double *eta,
                                          uint64_t *seed)
{
    for (size_t i = 0; i < r->n; i++)
        r->label[i] = test_uniform(seed) < 1 / (1 + exp(-eta[i]));
}

/* Normal columns that overlap a little, every third one 0 or 1; labels with slopes of either
 * sign. */
static inline struct test_regression *test_regression_random(size_t n, size_t d, uint64_t seed)
{
    struct test_regression *r = test_regression_new(n, d);
    double *eta = calloc(n + 1, sizeof *eta);
    assert_non_null(eta);
    for (size_t i = 0; i < n; i++) {
        double shared = test_normal(&seed);
        eta[i] = -0.5;
        for (size_t j = 0; j < d; j++) {
            double value = test_normal(&seed) + 0.5 * shared;
            value = j % 3 == 2 ? value > 0.7 : value;
            r->x[j * n + i] = value;
            eta[i] += (j % 2 ? -0.6 : 0.8) / (1 + 0.2 * (double)j) * value;
        }
    }
    test_regression_labels(r, eta, &seed);
    free(eta);
    return r;
}

static inline double test_eta(const struct test_regression *r, size_t i, const double *b)
{
    long double eta = (r->offset ? r->offset[i] : 0) + (long double)b[0];
    for (size_t j = 0; j < r->d; j++)
        eta += (long double)b[1 + j] * r->x[j * r->n + i];
    return (double)eta;
}

/* L(b), and its gradient (d + 1) if that is wanted. */
static inline double test_likelihood(const struct test_regression *r, const double *b,
                                     double *gradient)
{
    long double sum = 0;
    for (size_t j = 0; gradient && j <= r->d; j++)
        gradient[j] = 0;
    for (size_t i = 0; i < r->n; i++) {
        double eta = test_eta(r, i, b), weight = r->weight ? r->weight[i] : 1;
        double m = r->label[i] ? eta : -eta;
        long double p = 1 / (1 + expl(-(long double)eta));
        sum -= (long double)weight *
               (m > 0 ? log1pl(expl(-(long double)m)) : -m + log1pl(expl((long double)m)));
        for (size_t j = 0; gradient && j <= r->d; j++)
            gradient[j] += weight * (double)(r->label[i] - p) * (j ? r->x[(j - 1) * r->n + i] : 1);
    }
    return (double)sum;
}

/* A fit with its memory. */
struct test_fit_result {
    struct emp_logistic_fit fit;
    enum emp_logistic_status status;
    double *coefficients, *covariance, *direction;
};

static inline struct test_fit_result test_logistic(const struct emp_logistic_data *data,
                                                   const struct emp_logistic_options *options)
{
    size_t columns = data->design.terms + 1;
    struct test_fit_result r = {0};
    r.coefficients = calloc(columns, sizeof(double));
    r.covariance = calloc(columns * columns, sizeof(double));
    r.direction = calloc(columns, sizeof(double));
    assert_true(r.coefficients && r.covariance && r.direction);
    r.fit = (struct emp_logistic_fit){
        .coefficients = r.coefficients, .covariance = r.covariance, .direction = r.direction};
    void *workspace = test_aligned(emp__logistic_workspace(data, options));
    r.status = emp__logistic_fit(data, options, &r.fit, workspace);
    free(workspace);
    return r;
}

static inline void test_logistic_free(struct test_fit_result *r)
{
    free(r->coefficients);
    free(r->covariance);
    free(r->direction);
}

static inline struct emp_logistic_options test_logistic_options(void)
{
    return (struct emp_logistic_options){.max_iterations = 50, .tolerance = 1e-8, .threads = 1};
}

#endif
