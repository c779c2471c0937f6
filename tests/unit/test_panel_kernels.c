// SPDX-License-Identifier: Apache-2.0
/* The kernels on panels: each variant against the plain one byte by byte, and the plain one against
 * formulas in long double. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_regression.h"
#include "logistic/panel_kernels.h"

enum { COLUMNS_MOST = 30, ARRAYS = 5 };

/* Panels of any number of columns and groups; eta of all sizes, weights with zeros. */
static struct emp_panel panel_new(size_t columns, size_t groups, uint64_t seed)
{
    size_t size = (columns + ARRAYS) * EMP_PANEL_STRIDE;
    double *space = test_aligned(size * sizeof *space);
    struct emp_panel panel = {.z = space + ARRAYS * EMP_PANEL_STRIDE,
                              .columns = columns,
                              .groups = groups,
                              .rows = groups * EMP_LANES,
                              .eta = space,
                              .sign = space + EMP_PANEL_STRIDE,
                              .weight = space + EMP_PANEL_STRIDE * 2,
                              .residual = space + EMP_PANEL_STRIDE * 3,
                              .root = space + EMP_PANEL_STRIDE * 4};
    for (size_t i = 0; i < panel.rows; i++) {
        panel.eta[i] = test_normal(&seed) * exp(4 * test_normal(&seed));
        panel.sign[i] = test_random(&seed) % 2 ? 1 : -1;
        panel.weight[i] = test_random(&seed) % 5 ? 3 * test_uniform(&seed) : 0;
        for (size_t j = 0; j < columns; j++)
            panel.z[j * EMP_PANEL_STRIDE + i] = j ? test_normal(&seed) : 1;
    }
    return panel;
}

static void panel_free(struct emp_panel *panel)
{
    free(panel->eta);
}

static size_t panel_bytes(const struct emp_panel *panel)
{
    return (panel->columns + ARRAYS) * EMP_PANEL_STRIDE * sizeof(double);
}

struct outcome {
    struct emp_panel panel;
    double loss;
    struct emp_column_moments moments;
    double probability[EMP_PANEL_STRIDE] __attribute__((aligned(64)));
    double gradient[COLUMNS_MOST + EMP_GRAM_QUAD];
    double gram[COLUMNS_MOST * (COLUMNS_MOST + EMP_GRAM_QUAD)];
};

/* A whole pass over a panel; the triangle below the Gram matrix's diagonal is cleared. */
static void run(const struct emp_panel_kernels *kernels, struct outcome *out)
{
    struct emp_panel *panel = &out->panel;
    double mean[COLUMNS_MOST], scale[COLUMNS_MOST], c[COLUMNS_MOST];
    const struct emp_standard standard = {mean, scale};
    for (size_t j = 0; j < COLUMNS_MOST; j++) {
        mean[j] = 0.1 * (double)j;
        scale[j] = 1 + 0.3 * (double)j;
        c[j] = sin((double)j + 1);
    }
    memset(out->gradient, 0, sizeof out->gradient);
    memset(out->gram, 0, sizeof out->gram);
    double weight = 0;
    for (size_t i = 0; i < panel->rows; i++)
        weight += panel->weight[i];
    out->moments = kernels->moments(panel, panel->columns - 1, weight);
    kernels->centre(panel, &standard, c);
    kernels->linear(panel, c);
    out->loss = kernels->link(panel);
    kernels->probability(panel, out->probability);
    kernels->gradient(panel, false, out->gradient);
    kernels->gradient(panel, true, out->gradient);
    kernels->gram(panel, out->gram);
    for (size_t i = 0; i < panel->columns; i++)
        memset(out->gram + i * emp__gram_stride(panel->columns), 0, i * sizeof(double));
}

static void same_outcome(const struct outcome *a, const struct outcome *b)
{
    size_t columns = a->panel.columns, stride = emp__gram_stride(columns);
    assert_memory_equal(a->panel.eta, b->panel.eta, panel_bytes(&a->panel));
    assert_memory_equal(&a->loss, &b->loss, sizeof a->loss);
    assert_memory_equal(&a->moments, &b->moments, sizeof a->moments);
    assert_memory_equal(a->probability, b->probability, a->panel.rows * sizeof(double));
    assert_memory_equal(a->gradient, b->gradient, columns * sizeof(double));
    for (size_t i = 0; i < columns; i++)
        assert_memory_equal(a->gram + i * stride, b->gram + i * stride, columns * sizeof(double));
}

static void variants(void **state)
{
    (void)state;
    const char *const names[] = {"avx2", "avx512"};
    for (size_t v = 0; v < 2; v++) {
        const struct emp_panel_kernels *kernels = emp__panel_kernels(names[v]);
        if (!kernels)
            continue;
        for (size_t columns = 1; columns <= COLUMNS_MOST; columns++) {
            size_t groups = columns % 3 ? EMP_DESIGN_PANEL / EMP_LANES : columns;
            static struct outcome plain, other;
            plain.panel = panel_new(columns, groups, columns);
            other.panel = panel_new(columns, groups, columns);
            run(&emp__panel_plain, &plain);
            run(kernels, &other);
            same_outcome(&plain, &other);
            panel_free(&plain.panel);
            panel_free(&other.panel);
        }
    }
}

static void is_close(double found, long double expected, double relative)
{
    if (!(fabsl(found - expected) <= relative * fabsl(expected)))
        fail_msg("%.17g is not within %g of %.17Lg", found, relative, expected);
}

/* The link, one row at a time: the loss of a panel of one row with a weight. */
static void link_accuracy(void **state)
{
    (void)state;
    struct emp_panel panel = panel_new(1, 1, 1);
    for (int step = -80000; step <= 80000; step += 7) {
        double eta = step * 0.01 / (step % 3 ? 1.0 : 1000.0);
        memset(panel.weight, 0, EMP_LANES * sizeof(double));
        panel.eta[3] = eta;
        panel.sign[3] = step % 2 ? 1 : -1;
        panel.weight[3] = 2;
        long double m = panel.sign[3] * eta, wrong = 1 / (1 + expl(m));
        long double loss = m > 0 ? log1pl(expl(-m)) : -m + log1pl(expl(m));
        double found = emp__panel_plain.link(&panel);
        if (m > 708) {
            assert_true(found >= 0 && found < 1e-300);
            continue;
        }
        is_close(found, 2 * loss, 5e-16);
        is_close(panel.residual[3], 2 * panel.sign[3] * wrong, 6e-16);
        if (fabs(eta) < 700)
            is_close(panel.root[3], sqrtl(2 * wrong * (1 / (1 + expl(-m)))), 6e-16);
    }
    panel_free(&panel);
}

/* Sums against long double, by the sizes of what is added up. */
static void sums(void **state)
{
    (void)state;
    enum { COLUMNS = 11, STRIDE = 12 };
    struct emp_panel panel = panel_new(COLUMNS, EMP_DESIGN_PANEL / EMP_LANES, 9);
    double gradient[STRIDE] = {0}, gram[COLUMNS * STRIDE] = {0};
    emp__panel_plain.link(&panel);
    emp__panel_plain.gradient(&panel, false, gradient);
    emp__panel_plain.gram(&panel, gram);
    for (size_t i = 0; i < COLUMNS; i++) {
        const double *a = panel.z + i * EMP_PANEL_STRIDE;
        long double sum = 0, size = 0;
        for (size_t r = 0; r < panel.rows; r++) {
            sum += (long double)a[r] * panel.residual[r];
            size += fabsl((long double)a[r] * panel.residual[r]);
        }
        assert_true(fabsl(gradient[i] - sum) < 1e-15L * size);
        for (size_t j = i; j < COLUMNS; j++) {
            const double *b = panel.z + j * EMP_PANEL_STRIDE;
            sum = size = 0;
            for (size_t r = 0; r < panel.rows; r++) {
                sum += (long double)a[r] * b[r];
                size += fabsl((long double)a[r] * b[r]);
            }
            assert_true(fabsl(gram[i * STRIDE + j] - sum) < 1e-15L * size);
        }
    }
    panel_free(&panel);
}

static void moments(void **state)
{
    (void)state;
    struct emp_panel panel = panel_new(2, EMP_DESIGN_PANEL / EMP_LANES, 5);
    double *x = panel.z + EMP_PANEL_STRIDE;
    long double weight = 0, mean = 0, squares = 0;
    for (size_t i = 0; i < panel.rows; i++) {
        x[i] += 1e9;
        weight += panel.weight[i];
        mean += (long double)panel.weight[i] * x[i];
    }
    mean /= weight;
    for (size_t i = 0; i < panel.rows; i++)
        squares += panel.weight[i] * (x[i] - mean) * (x[i] - mean);
    struct emp_column_moments found = emp__panel_plain.moments(&panel, 1, (double)weight);
    is_close(found.mean, mean, 1e-15);
    is_close(found.squares, squares, 1e-12);
    panel_free(&panel);
}

/* Any value, in any lane. */
static void beyond(void **state)
{
    (void)state;
    const char *const names[] = {"plain", "avx2", "avx512"};
    const double bad[] = {NAN, INFINITY, -INFINITY, 1.1e100, -1e308};
    struct emp_panel panel = panel_new(1, 2, 5);
    for (size_t v = 0; v < 3; v++) {
        const struct emp_panel_kernels *kernels = emp__panel_kernels(names[v]);
        if (!kernels)
            continue;
        panel.z[0] = -1e100;
        assert_false(kernels->beyond(panel.z, 2, 1e100));
        for (size_t i = 0; i < 16 * 5; i++) {
            panel.z[i % 16] = bad[i / 16];
            assert_true(kernels->beyond(panel.z, 2, 1e100));
            assert_int_equal(kernels->beyond(panel.z, 1, 1e100), i % 16 < 8);
            panel.z[i % 16] = 1;
        }
    }
    panel_free(&panel);
}

static void table(void **state)
{
    (void)state;
    assert_ptr_equal(emp__panel_kernels("plain"), &emp__panel_plain);
    assert_null(emp__panel_kernels("neon"));
    assert_non_null(emp__panel_kernels(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variants), cmocka_unit_test(link_accuracy), cmocka_unit_test(sums),
        cmocka_unit_test(moments),  cmocka_unit_test(beyond),        cmocka_unit_test(table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
