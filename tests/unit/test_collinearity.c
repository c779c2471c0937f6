// SPDX-License-Identifier: Apache-2.0
/* Dependent terms and inflation factors, against what the data were made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_regression.h"
#include "logistic/collinearity.h"

enum { D_MOST = 8 };

struct found {
    struct emp_collinearity result;
    enum emp_logistic_status status;
    bool dependent[D_MOST];
    double relation[D_MOST * (D_MOST + 1)], inflation[D_MOST], mean[D_MOST], deviation[D_MOST];
};

static void look(const struct test_regression *r, int threads, struct found *out)
{
    out->result = (struct emp_collinearity){.dependent = out->dependent,
                                            .relation = out->relation,
                                            .inflation = out->inflation,
                                            .mean = out->mean,
                                            .deviation = out->deviation};
    void *workspace = test_aligned(emp__collinearity_workspace(&r->data, threads));
    out->status = emp__collinearity(&r->data, threads, &out->result, workspace);
    free(workspace);
}

static void is_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.17g is not within %g of %.17g", found, tolerance, expected);
}

/* Term 2 is constant, 4 made of 0 and 3, 6 of 1, 4 (so of 0 and 3) and 5. */
static void relations(void **state)
{
    (void)state;
    enum { N = 5000, D = 7 };
    struct test_regression *r = test_regression_random(N, D, 3);
    for (size_t i = 0; i < N; i++) {
        double *x = r->x + i;
        x[3 * N] = 1e5 * x[3 * N] + 4e5;
        x[2 * N] = -12.5;
        x[4 * N] = 2 * x[0] - 1e-5 * x[3 * N] + 3;
        x[6 * N] = x[N] + x[4 * N] - 0.5 * x[5 * N];
    }
    struct found found;
    look(r, 1, &found);
    const bool expected[D] = {false, false, true, false, true, false, true};
    assert_int_equal(found.status, EMP_LOGISTIC_CONVERGED);
    assert_memory_equal(found.dependent, expected, sizeof expected);
    assert_int_equal(found.result.dependent_terms, 3);
    const double of_4[D + 1] = {3, 2, 0, 0, -1e-5}, of_6[D + 1] = {3, 2, 1, 0, -1e-5, 0, -0.5};
    const double of_2[D + 1] = {-12.5};
    for (size_t k = 0; k <= D; k++) {
        is_near(found.relation[2 * (D + 1) + k], of_2[k], 1e-12);
        is_near(found.relation[4 * (D + 1) + k], of_4[k], 1e-9 * fabs(of_4[k]));
        is_near(found.relation[6 * (D + 1) + k], of_6[k], 1e-9 * fabs(of_6[k]));
        assert_true(found.relation[k] == 0);
    }
    assert_true(found.inflation[2] == 0 && found.inflation[4] == 0 && found.inflation[0] >= 1);
    struct found other;
    look(r, 3, &other);
    assert_memory_equal(other.relation, found.relation, D * (D + 1) * sizeof(double));
    assert_memory_equal(other.inflation, found.inflation, D * sizeof(double));
    test_regression_free(r);
}

/* Of two terms the factor is 1 / (1 - correlation^2); nearly equal ones are not dependent. */
static void inflation(void **state)
{
    (void)state;
    enum { N = 3000 };
    const double apart[] = {1, 1e-2, 1e-5};
    for (size_t k = 0; k < 3; k++) {
        struct test_regression *r = test_regression_random(N, 2, 4 + k);
        long double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
        for (size_t i = 0; i < N; i++) {
            r->x[N + i] = r->x[i] + apart[k] * r->x[N + i];
            a += r->x[i];
            b += r->x[N + i];
        }
        a /= N;
        b /= N;
        for (size_t i = 0; i < N; i++) {
            long double da = r->x[i] - a, db = r->x[N + i] - b;
            aa += da * da;
            bb += db * db;
            ab += da * db;
        }
        struct found found;
        look(r, 2, &found);
        assert_int_equal(found.result.dependent_terms, 0);
        double expected = (double)(aa * bb / (aa * bb - ab * ab));
        is_near(found.inflation[0] / expected, 1, 1e-14 * expected);
        is_near(found.inflation[1] / expected, 1, 1e-14 * expected);
        is_near(found.mean[0], (double)a, 1e-14);
        is_near(found.deviation[1], (double)sqrtl(bb / N), 1e-13);
        test_regression_free(r);
    }
}

/* Rows that take no part do not count; nor do labels. */
static void rows_used(void **state)
{
    (void)state;
    enum { N = 1000, D = 3 };
    struct test_regression *r = test_regression_random(N, D, 9);
    uint8_t fold[N];
    for (size_t i = 0; i < N; i++) {
        fold[i] = i % 4 == 0;
        if (!fold[i])
            r->x[2 * N + i] = r->x[i] - r->x[N + i];
    }
    r->data.label = NULL;
    struct found found;
    look(r, 1, &found);
    assert_int_equal(found.result.dependent_terms, 0);
    r->data.fold = fold;
    r->data.left_out = 1;
    look(r, 1, &found);
    assert_true(found.dependent[2] && found.result.dependent_terms == 1);
    r->data.left_out = 7;
    r->data.left_out_instead = true;
    look(r, 1, &found);
    assert_int_equal(found.status, EMP_LOGISTIC_EMPTY);
    r->x[N + 3] = NAN;
    r->data.fold = NULL;
    look(r, 1, &found);
    assert_int_equal(found.status, EMP_LOGISTIC_RANGE);
    assert_int_equal(found.result.term, 1);
    test_regression_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(relations),
        cmocka_unit_test(inflation),
        cmocka_unit_test(rows_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
