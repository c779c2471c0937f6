// SPDX-License-Identifier: Apache-2.0
/* Data for the models of lifetimes, and fits of them. Include cmocka first. */
#ifndef EMP_TESTS_TEST_LIFETIME_H
#define EMP_TESTS_TEST_LIFETIME_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lifetime/fit.h"
#include "lifetime/lifetime.h"
#include "lifetime/predict.h"

/* Columns with room for `n` patterns; all are there. */
struct test_patterns {
    size_t n;
    uint32_t *x;
    double *t_x, *age, *spend, *weight;
    uint8_t *ended;
};

static inline struct test_patterns test_patterns_new(size_t n)
{
    struct test_patterns out = {.n = n};
    out.x = calloc(n + 1, sizeof *out.x);
    out.t_x = calloc(n + 1, sizeof *out.t_x);
    out.age = calloc(n + 1, sizeof *out.age);
    out.spend = calloc(n + 1, sizeof *out.spend);
    out.weight = calloc(n + 1, sizeof *out.weight);
    out.ended = calloc(n + 1, sizeof *out.ended);
    assert_true(out.x && out.t_x && out.age && out.spend && out.weight && out.ended);
    for (size_t i = 0; i < n; i++)
        out.weight[i] = 1.0;
    return out;
}

static inline void test_patterns_free(struct test_patterns *p)
{
    free(p->x);
    free(p->t_x);
    free(p->age);
    free(p->spend);
    free(p->weight);
    free(p->ended);
}

static inline struct emp_lifetime_data test_lifetime_data(const struct test_patterns *p)
{
    return (struct emp_lifetime_data){.n = p->n,
                                      .x = p->x,
                                      .t_x = p->t_x,
                                      .age = p->age,
                                      .spend = p->spend,
                                      .ended = p->ended,
                                      .weight = p->weight};
}

static inline const struct emp_lifetime_model *test_model(const char *name)
{
    const struct emp_lifetime_model *model = emp__lifetime_model(name);
    assert_non_null(model);
    return model;
}

static inline struct emp_derivatives test_likelihood(const struct emp_lifetime_model *model,
                                                     const double *parameter,
                                                     const struct test_patterns *patterns,
                                                     int threads)
{
    struct emp_lifetime_data data = test_lifetime_data(patterns);
    struct emp_derivatives out;
    size_t bytes = emp__lifetime_work(model, &data);
    void *work = malloc(bytes + 1);
    assert_non_null(work);
    memset(work, 0xA5, bytes + 1);
    emp__lifetime_likelihood(model, parameter, &data, threads, work, &out);
    free(work);
    return out;
}

static inline struct emp_lifetime_fit test_lifetime_fit_with(
    const struct emp_lifetime_model *model, const struct test_patterns *patterns,
    const struct emp_lifetime_options *options)
{
    struct emp_lifetime_data data = test_lifetime_data(patterns);
    struct emp_lifetime_fit out;
    void *work = malloc(emp__lifetime_work(model, &data) + 1);
    assert_non_null(work);
    emp__lifetime_fit(model, &data, options, work, &out);
    free(work);
    return out;
}

static inline struct emp_lifetime_fit test_lifetime_fit(const char *name,
                                                        const struct test_patterns *patterns)
{
    struct emp_lifetime_options options = emp__lifetime_defaults();
    return test_lifetime_fit_with(test_model(name), patterns, &options);
}

static inline void test_near(double got, double expected, double bound, const char *what)
{
    if (!(fabs(got - expected) <= bound))
        fail_msg("%s: %.17g instead of %.17g, off by %.3g, allowed %.3g", what, got, expected,
                 got - expected, bound);
}

#endif
