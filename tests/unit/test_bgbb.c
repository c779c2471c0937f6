// SPDX-License-Identifier: Apache-2.0
/* BG/BB: probabilities of all that can happen add up to one, and expectations are their means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_lifetime.h"
#include "lifetime/bgbb.h"
#include "lifetime/outlook.h"

static const double parameters[][EMP_LIFETIME_PARAMETERS] = {
    {1.2035, 0.7497, 0.6567, 2.7834}, {0.01, 5.0, 0.3, 0.4},  {30.0, 2.0, 8.0, 900.0},
    {1e-6, 1e-6, 1e-6, 1e-6},         {1e6, 1e-3, 1e-3, 1e6}, {1.0, 1.0, 1.0, 1.0},
};
enum { SETS = sizeof parameters / sizeof *parameters };

static double choose(int n, int k)
{
    double ways = 1.0;
    for (int i = 1; i <= k; i++)
        ways *= (double)(n - k + i) / i;
    return ways;
}

/* Over all histories of n opportunities: of those with x taken, the last at t_x, there are as many
 * as there are ways to place the others before it. */
static void histories(void **state)
{
    (void)state;
    for (size_t s = 0; s < SETS; s++)
        for (int n = 0; n <= 12; n += 3) {
            double sum = 0.0;
            for (int x = 0; x <= n; x++)
                for (int t_x = x; t_x <= (x ? n : 0); t_x++) {
                    struct test_patterns one = test_patterns_new(1);
                    one.x[0] = (uint32_t)x;
                    one.t_x[0] = t_x;
                    one.age[0] = n;
                    double ways = x ? choose(t_x - 1, x - 1) : 1.0;
                    sum += ways * exp(test_likelihood(&emp__bgbb, parameters[s], &one, 1).value);
                    test_patterns_free(&one);
                }
            test_near(sum, 1.0, 1e-12, "all histories");
        }
}

/* P(alive) is the share of the likelihood that is of those who have not left: of one who took the
 * last opportunity it is 1. */
static void futures(void **state)
{
    (void)state;
    static const struct emp_lifetime_customer customers[] = {{0, 0, 0}, {0, 0, 9}, {3, 5, 9},
                                                             {9, 9, 9}, {1, 9, 9}, {2, 4, 200}};
    for (size_t s = 0; s < SETS; s++)
        for (size_t c = 0; c < sizeof customers / sizeof *customers; c++) {
            const struct emp_lifetime_customer *customer = &customers[c];
            const double *p = parameters[s];
            double sum = 0.0, mean = 0.0, alive = emp__lifetime_alive(&emp__bgbb, p, customer, 0.0);
            for (uint32_t m = 0; m <= 7; m++) {
                double probability = emp__lifetime_probability(&emp__bgbb, p, customer, 7.0, m);
                assert_true(probability >= 0.0);
                sum += probability;
                mean += m * probability;
            }
            double expected = emp__lifetime_expected(&emp__bgbb, p, customer, 7.0);
            test_near(sum, 1.0, 1e-12, "all futures");
            test_near(mean, expected, 1e-11 * (1.0 + expected), "expected");
            assert_true(alive >= 0.0 && alive <= 1.0);
            if (customer->t_x == customer->age)
                assert_true(alive == 1.0);
        }
}

/* What is discounted: one by one, and without end. */
static void discounted(void **state)
{
    (void)state;
    const struct emp_lifetime_customer customer = {3, 5, 9};
    for (size_t s = 0; s < SETS; s++) {
        const struct emp_lifetime_fitted fitted = {&emp__bgbb, parameters[s], NULL};
        struct emp_lifetime_outlook near, far;
        double sum = 0.0, before = 0.0;
        for (int k = 1; k <= 12; k++) {
            double now = emp__lifetime_expected(&emp__bgbb, parameters[s], &customer, k);
            sum += (now - before) * exp(-0.05 * k);
            before = now;
        }
        emp__lifetime_outlook(&fitted, &customer, &(struct emp_lifetime_request){12.0, 0.05, 1},
                              &near);
        emp__lifetime_outlook(&fitted, &customer, &(struct emp_lifetime_request){900.0, 0.05, 1},
                              &far);
        test_near(near.discounted, sum, 1e-12 * (1.0 + sum), "discounted");
        test_near(far.discounted, far.unlimited, 1e-10 * far.unlimited, "unlimited");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(histories),
        cmocka_unit_test(futures),
        cmocka_unit_test(discounted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
