// SPDX-License-Identifier: Apache-2.0
/* Assignments against all permutations, and against optima that are planted. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "cluster/optimal_assignment.h"

enum { MOST = 80, BRUTE_MOST = 7 };

static void assign(const struct emp_costs *costs, uint32_t *assigned)
{
    void *work = malloc(emp__optimal_assignment_work(costs) + 1); /* never of 0 bytes */
    assert_non_null(work);
    emp__optimal_assignment(costs, work, assigned);
    free(work);
}

/* Each column at most once, as many as there can be; the sum of the costs. */
static double check_assignment(const struct emp_costs *costs, const uint32_t *assigned)
{
    bool used[MOST] = {false};
    uint32_t count = 0;
    double sum = 0.0;
    for (uint32_t i = 0; i < costs->rows; i++) {
        if (assigned[i] == EMP_UNASSIGNED)
            continue;
        assert_true(assigned[i] < costs->columns && !used[assigned[i]]);
        used[assigned[i]] = true;
        sum += costs->values[i * costs->columns + assigned[i]];
        count++;
    }
    assert_int_equal(count, costs->rows < costs->columns ? costs->rows : costs->columns);
    return sum;
}

/* The least sum for the rows from `row` on, by trying all columns that are left; `skips` rows may
 * stay without one. */
static double least(const struct emp_costs *costs, uint32_t row, unsigned used, uint32_t skips)
{
    if (row == costs->rows)
        return 0.0;
    double best = skips > 0 ? least(costs, row + 1, used, skips - 1) : INFINITY;
    for (uint32_t j = 0; j < costs->columns; j++)
        if (!(used & 1U << j))
            best = fmin(best, costs->values[row * costs->columns + j] +
                                  least(costs, row + 1, used | 1U << j, skips));
    return best;
}

static void all_permutations(void **state)
{
    (void)state;
    uint64_t seed = 41;
    for (uint32_t rows = 1; rows <= BRUTE_MOST; rows++)
        for (uint32_t columns = 1; columns <= BRUTE_MOST; columns++)
            for (int round = 0; round < 20; round++) {
                double values[BRUTE_MOST * BRUTE_MOST];
                uint32_t assigned[BRUTE_MOST];
                bool integers = round % 2; /* small ones: many ties */
                for (uint32_t i = 0; i < rows * columns; i++)
                    values[i] = integers ? (double)(test_random(&seed) % 4) - 1.0
                                         : (double)(test_random(&seed) >> 11) * 0x1p-50 - 3.0;
                const struct emp_costs costs = {values, rows, columns};
                assign(&costs, assigned);
                double expected = least(&costs, 0, 0, rows > columns ? rows - columns : 0);
                /* Sums of at most seven numbers below 8; those of integers are exact. */
                assert_true(fabs(check_assignment(&costs, assigned) - expected) <=
                            (integers ? 0.0 : 1e-13));
            }
}

/* Costs u_i + v_j, and more than that but for the pairs of a permutation: this is the optimum. */
static void planted(void **state)
{
    (void)state;
    uint64_t seed = 43;
    static double values[MOST * MOST];
    for (uint32_t n = 1; n <= MOST; n = n * 3 / 2 + 1) {
        uint32_t order[MOST], assigned[MOST];
        double u[MOST], v[MOST];
        for (uint32_t i = 0; i < n; i++) {
            uint32_t j = (uint32_t)(test_random(&seed) % (i + 1));
            order[i] = order[j];
            order[j] = i;
            u[i] = (double)(test_random(&seed) % 1000);
            v[i] = (double)(test_random(&seed) % 1000);
        }
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t j = 0; j < n; j++)
                values[i * n + j] =
                    u[i] + v[j] + (order[i] == j ? 0.0 : 1.0 + (double)(test_random(&seed) % 9));
        assign(&(struct emp_costs){values, n, n}, assigned);
        assert_memory_equal(assigned, order, n * sizeof *order);
    }
}

static void ties(void **state)
{
    (void)state;
    const double values[20] = {0.0};
    uint32_t assigned[5];
    assign(&(struct emp_costs){values, 4, 5}, assigned);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(assigned[i], i);
    assign(&(struct emp_costs){values, 5, 4}, assigned);
    for (uint32_t i = 0; i < 4; i++)
        assert_int_equal(assigned[i], i);
    assert_true(assigned[4] == EMP_UNASSIGNED);
}

static void nothing_to_assign(void **state)
{
    (void)state;
    uint32_t assigned[3] = {7, 7, 7};
    const double none[1] = {0.0};
    assign(&(struct emp_costs){none, 0, 3}, assigned);
    assert_int_equal(assigned[0], 7);
    assign(&(struct emp_costs){none, 3, 0}, assigned);
    for (int i = 0; i < 3; i++)
        assert_true(assigned[i] == EMP_UNASSIGNED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_permutations),
        cmocka_unit_test(planted),
        cmocka_unit_test(ties),
        cmocka_unit_test(nothing_to_assign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
