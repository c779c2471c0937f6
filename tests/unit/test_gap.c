// SPDX-License-Identifier: Apache-2.0
/* Reference sets: that they depend on what they should and on nothing else, and are uniform. The
 * statistic: by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "cluster/gap.h"

enum { ROWS = 2000, COLUMNS = 5 };

static double low[COLUMNS] = {0.0, -3.0, 7.25, 1e6, -1e-9};
static double high[COLUMNS] = {1.0, 5.0, 7.25, 1e6 + 1.0, 1e-9};
static const struct emp_box box = {low, high, COLUMNS};

static double points[ROWS * COLUMNS], again[ROWS * COLUMNS];

static void bounding_box(void **state)
{
    (void)state;
    const double data[] = {1.0, -2.0, 3.0, 8.0, -4.0, 8.0}; /* 3 x 2 */
    double least[2], greatest[2];
    emp__box_of(data, 3, &(struct emp_box){least, greatest, 2});
    assert_true(least[0] == -4.0 && greatest[0] == 3.0);
    assert_true(least[1] == -2.0 && greatest[1] == 8.0);
    emp__box_of(data, 1, &(struct emp_box){least, greatest, 2});
    assert_true(least[1] == -2.0 && greatest[1] == -2.0);
}

static void functions_of_the_place(void **state)
{
    (void)state;
    const struct emp_reference_set set = {4711, 9, 2};
    emp__reference_points(&set, &box, ROWS, 1, points);
    for (int threads = 2; threads <= 7; threads++) {
        memset(again, 0, sizeof again);
        emp__reference_points(&set, &box, ROWS, threads, again);
        assert_memory_equal(again, points, sizeof points);
    }
    memset(again, 0, sizeof again);
    emp__reference_points(&set, &box, 100, 3, again); /* fewer rows: the same ones */
    assert_memory_equal(again, points, 100 * COLUMNS * sizeof *again);
    static const struct emp_reference_set others[] = {{4712, 9, 2}, {4711, 8, 2}, {4711, 9, 3}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t equal = 0;
        emp__reference_points(&others[i], &box, ROWS, 2, again);
        for (size_t row = 0; row < ROWS; row++)
            equal += again[row * COLUMNS] == points[row * COLUMNS];
        assert_int_equal(equal, 0);
    }
}

/* Ten cells of 200 points in expectation, with a standard deviation of 13.4: five of them. */
static void uniform_in_the_box(void **state)
{
    (void)state;
    enum { CELLS = 10 };
    emp__reference_points(&(struct emp_reference_set){1, 2, 3}, &box, ROWS, 2, points);
    for (size_t f = 0; f < COLUMNS; f++) {
        int cells[CELLS] = {0};
        for (size_t i = 0; i < ROWS; i++) {
            double value = points[i * COLUMNS + f];
            assert_true(value >= low[f] && value <= high[f]);
            if (high[f] > low[f])
                cells[(int)fmin((value - low[f]) / (high[f] - low[f]) * CELLS, CELLS - 1)]++;
        }
        for (int cell = 0; cell < CELLS && high[f] > low[f]; cell++)
            assert_true(abs(cells[cell] - ROWS / CELLS) < 67);
    }
}

/* Columns are drawn apart: their correlation is below 5 / sqrt(2000). */
static void independent_columns(void **state)
{
    (void)state;
    double sum = 0.0;
    emp__reference_points(&(struct emp_reference_set){5, 2, 1}, &box, ROWS, 2, points);
    for (size_t i = 0; i < ROWS; i++)
        sum += (points[i * COLUMNS] - 0.5) * ((points[i * COLUMNS + 1] + 3.0) / 8.0 - 0.5);
    assert_true(fabs(sum / ROWS * 12.0) < 5.0 / sqrt(ROWS));
}

/* log 8 and log 2 are 3 and 1 times log 2: mean 2, deviation 1; and sqrt(1 + 1/2) of it. */
static void statistic(void **state)
{
    (void)state;
    const double log_2 = 0.69314718055994531;
    const double references[] = {8.0, 2.0};
    struct emp_gap gap = emp__gap_statistic(1.0, references, 2);
    assert_true(fabs(gap.gap - 2.0 * log_2) < 1e-15);
    assert_true(fabs(gap.standard_error - log_2 * sqrt(1.5)) < 1e-15);
    gap = emp__gap_statistic(16.0, references, 1);
    assert_true(fabs(gap.gap + log_2) < 1e-15 && gap.standard_error == 0.0);
}

static void no_statistic(void **state)
{
    (void)state;
    const double good[] = {8.0, 2.0}, bad[] = {8.0, 0.0}, worse[] = {INFINITY, 1.0};
    assert_true(isnan(emp__gap_statistic(0.0, good, 2).gap));
    assert_true(isnan(emp__gap_statistic(NAN, good, 2).standard_error));
    assert_true(isnan(emp__gap_statistic(1.0, bad, 2).gap));
    assert_true(isnan(emp__gap_statistic(1.0, worse, 2).gap));
}

static void choice(void **state)
{
    (void)state;
    const struct emp_gap rising[] = {{0.1, 0.02}, {0.3, 0.02}, {0.5, 0.02}};
    const struct emp_gap peak[] = {{0.1, 0.02}, {0.5, 0.02}, {0.51, 0.02}, {0.2, 0.0}};
    const struct emp_gap holes[] = {{0.9, 0.1}, {NAN, NAN}, {0.5, 0.1}, {0.4, 0.1}};
    assert_int_equal(emp__gap_choose(rising, 3), 3);
    assert_int_equal(emp__gap_choose(peak, 4), 1);
    assert_int_equal(emp__gap_choose(holes, 4), 2);
    assert_int_equal(emp__gap_choose(peak, 1), 1);
    assert_int_equal(emp__gap_choose(peak, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounding_box),
        cmocka_unit_test(functions_of_the_place),
        cmocka_unit_test(uniform_in_the_box),
        cmocka_unit_test(statistic),
        cmocka_unit_test(independent_columns),
        cmocka_unit_test(no_statistic),
        cmocka_unit_test(choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
