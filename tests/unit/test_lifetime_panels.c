// SPDX-License-Identifier: Apache-2.0
/* Likelihoods in lanes: each variant against the plain one byte by byte, and against the terms of
 * the patterns one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../lib/test_folder.h"
#include "../lib/test_lifetime.h"
#include "lifetime/bgnbd.h"
#include "lifetime/nbd.h"
#include "lifetime/panel_kernels.h"
#include "lifetime/paretonbd.h"

static double uniform(uint64_t *seed)
{
    return (double)(test_random(seed) >> 11) * 0x1p-53;
}

static double decades(uint64_t *seed, double low, double high)
{
    return low * pow(high / low, uniform(seed));
}

static void random_parameters(uint64_t *seed, double *parameter)
{
    for (int i = 0; i < EMP_LIFETIME_PARAMETERS; i++)
        parameter[i] = decades(seed, 1e-3, 1e3);
}

/* Ordinary customers, and those at the edges: who came once, at once, always, a million times. */
static void random_customer(uint64_t *seed, uint32_t *x, double *t_x, double *age)
{
    static const uint32_t purchases[] = {0, 0, 1, 2, 5, 40, 5000, 1000000};
    *x = purchases[test_random(seed) % 8];
    *age = test_random(seed) % 9 ? decades(seed, 1e-3, 1e4) : 0.0;
    *t_x = *x == 0 ? 0.0 : test_random(seed) % 5 ? *age * uniform(seed) : *age;
}

static void variants(void **state)
{
    (void)state;
    static struct emp_lifetime_panel panel;
    const char *const names[] = {"avx2", "avx512"};
    uint64_t seed = 5;
    for (size_t round = 0; round < 300; round++) {
        double parameter[EMP_LIFETIME_PARAMETERS];
        random_parameters(&seed, parameter);
        panel.count = EMP_LIFETIME_PANEL >> test_random(&seed) % 8;
        for (size_t i = 0; i < panel.count; i++) {
            uint32_t x;
            random_customer(&seed, &x, &panel.t_x[i], &panel.age[i]);
            panel.x[i] = x;
            panel.weight[i] = (double)(test_random(&seed) % 3);
        }
        for (size_t v = 0; v < 2; v++) {
            const struct emp_lifetime_kernels *kernels = emp__lifetime_kernels(names[v]);
            struct emp_derivatives plain = {0}, other = {0};
            if (!kernels)
                continue;
            emp__lifetime_plain.bgnbd(parameter, (double)(round % 2), &panel, &plain);
            kernels->bgnbd(parameter, (double)(round % 2), &panel, &other);
            assert_memory_equal(&plain, &other, sizeof plain);
        }
    }
    assert_null(emp__lifetime_kernels("none"));
}

/* As paretonbd_odds.c makes it, but that no care is taken of what is small. */
static struct emp_paretonbd_integrand random_integrand(uint64_t *seed)
{
    uint32_t x;
    struct emp_paretonbd_integrand f = {.alpha = decades(seed, 1e-3, 1e3),
                                        .s = decades(seed, 1e-3, 30.0)};
    do {
        random_customer(seed, &x, &f.t_x, &f.age);
    } while (f.age == f.t_x || x > 5000);
    f.beta = test_random(seed) % 4 ? decades(seed, 1e-3, 1e3) : f.alpha;
    f.purchases = x + decades(seed, 1e-3, 10.0);
    f.least = fmin(f.alpha, f.beta) + f.t_x;
    f.log_alpha = log((f.alpha + f.age) / (f.alpha + f.t_x));
    f.log_beta = log((f.beta + f.age) / (f.beta + f.t_x));
    f.of_alpha = f.alpha / (f.alpha + f.age);
    f.of_beta = f.beta / (f.beta + f.age);
    f.start[0] = f.log_alpha;
    f.start[2] = f.log_beta;
    f.start[3] = f.of_beta;
    return f;
}

static void variants_of_integrals(void **state)
{
    (void)state;
    const char *const names[] = {"avx2", "avx512"};
    uint64_t seed = 8;
    for (size_t round = 0; round < 20000; round++) {
        const struct emp_paretonbd_integrand f = random_integrand(&seed);
        const struct emp_gauss_rule *rule = round % 2 ? &emp__gauss_8 : &emp__gauss_16;
        double to = 3.0 * uniform(&seed), sums[2][EMP_PARETONBD_SUMS];
        for (size_t v = 0; v < 2; v++) {
            const struct emp_lifetime_kernels *kernels = emp__lifetime_kernels(names[v]);
            if (!kernels)
                continue;
            memset(sums, 0, sizeof sums);
            emp__lifetime_plain.paretonbd(&f, 0.1 * to, to, rule, sums[0]);
            kernels->paretonbd(&f, 0.1 * to, to, rule, sums[1]);
            assert_memory_equal(sums[0], sums[1], sizeof sums[0]);
            assert_true(sums[0][EMP_PARETONBD_WEIGHT] > 0.0);
        }
    }
}

/* The terms one by one, and the sum of their sizes, which bounds what rounding does. */
static void sum_terms(const struct emp_lifetime_model *model, const double *parameter,
                      const struct emp_lifetime_data *data, struct emp_derivatives *sum,
                      struct emp_derivatives *size)
{
    struct emp_lifetime_point at = {.table_size = 0};
    memcpy(at.parameter, parameter, sizeof at.parameter);
    for (size_t i = 0; i < data->n; i++) {
        struct emp_derivatives term = {0}, absolute;
        model->term(&at, data, i, &term);
        absolute.value = fabs(term.value);
        for (int j = 0; j < EMP_LIFETIME_PARAMETERS; j++) {
            absolute.gradient[j] = fabs(term.gradient[j]);
            for (int k = 0; k < EMP_LIFETIME_PARAMETERS; k++)
                absolute.hessian[j][k] = fabs(term.hessian[j][k]);
        }
        emp__derivatives_add(sum, data->weight[i], &term);
        emp__derivatives_add(size, data->weight[i], &absolute);
    }
}

/* Each term is right to some eps (r + x) (1 + log), in either way. */
static void like_terms(void **state)
{
    (void)state;
    enum { MANY = 2500 };
    const struct emp_lifetime_model *const models[] = {&emp__bgnbd, &emp__mbgnbd, &emp__nbd,
                                                       &emp__paretonbd};
    struct test_patterns patterns = test_patterns_new(MANY);
    const struct emp_lifetime_data data = test_lifetime_data(&patterns);
    uint64_t seed = 6;
    for (size_t i = 0; i < MANY; i++) {
        random_customer(&seed, &patterns.x[i], &patterns.t_x[i], &patterns.age[i]);
        patterns.weight[i] = 1.0 + (double)(test_random(&seed) % 3);
    }
    for (size_t round = 0; round < 60; round++) {
        const struct emp_lifetime_model *model = models[round % 4];
        double parameter[EMP_LIFETIME_PARAMETERS];
        struct emp_derivatives sum = {0}, size = {0}, found;
        random_parameters(&seed, parameter);
        sum_terms(model, parameter, &data, &sum, &size);
        found = test_likelihood(model, parameter, &patterns, 1);
        double scale = size.value;
        test_near(found.value, sum.value, 1e-13 * scale, model->name);
        for (int j = 0; j < EMP_LIFETIME_PARAMETERS; j++) {
            test_near(found.gradient[j], sum.gradient[j], 1e-13 * (scale + size.gradient[j]),
                      model->parameter_name[j]);
            for (int k = j; k < EMP_LIFETIME_PARAMETERS; k++)
                test_near(found.hessian[j][k], sum.hessian[j][k],
                          1e-13 * (scale + size.hessian[j][k]), model->parameter_name[j]);
        }
    }
    test_patterns_free(&patterns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variants),
        cmocka_unit_test(variants_of_integrals),
        cmocka_unit_test(like_terms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
