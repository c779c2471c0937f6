// SPDX-License-Identifier: Apache-2.0
/* Folds of a cross-validation: even, and a function of the customers alone. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "evaluate/folds.h"

enum { MOST = 20000 };

struct customers {
    uint64_t keys[MOST];
    uint8_t labels[MOST];
    uint16_t folds[MOST];
    uint32_t n;
};

static struct customers *customers_new(uint32_t n, unsigned one_in, uint64_t *seed)
{
    struct customers *c = calloc(1, sizeof *c);
    assert_true(c && n <= MOST);
    c->n = n;
    for (uint32_t i = 0; i < n; i++) {
        c->keys[i] = test_random(seed);
        c->labels[i] = test_random(seed) % one_in == 0;
    }
    return c;
}

static void stratify(struct customers *c, const struct emp_folds *folds)
{
    void *work = malloc(emp__stratified_folds_work(c->n) + 1);
    assert_non_null(work);
    emp__stratified_folds(folds, c->keys, c->labels, c->n, work, c->folds);
    free(work);
}

/* Sizes that differ by one at most: of the rows with a label, or of all (label 2). */
static void expect_even(const struct customers *c, unsigned folds, unsigned label)
{
    uint32_t sizes[64] = {0}, all = 0;
    for (uint32_t i = 0; i < c->n; i++)
        if (label == 2 || c->labels[i] == label) {
            assert_true(c->folds[i] < folds);
            sizes[c->folds[i]]++;
            all++;
        }
    for (unsigned f = 0; f < folds; f++)
        assert_true(sizes[f] == all / folds || sizes[f] == all / folds + 1);
}

static void stratified(void **state)
{
    (void)state;
    uint64_t seed = 161;
    for (uint16_t count = 1; count < 30; count += 3)
        for (uint32_t n = 0; n < 3000; n = 2 * n + count) {
            const struct emp_folds folds = {test_random(&seed), count};
            struct customers *c = customers_new(n, 1 + (unsigned)(n % 7), &seed);
            stratify(c, &folds);
            for (unsigned label = 0; label <= 2; label++)
                expect_even(c, count, label);
            free(c);
        }
}

/* Rows in another order, and in the order from the definition: sorted by draw. */
static void row_order(void **state)
{
    (void)state;
    uint64_t seed = 162;
    const struct emp_folds folds = {4711, 7};
    struct customers *c = customers_new(5000, 3, &seed), *other = customers_new(5000, 3, &seed);
    for (uint32_t i = 0; i < c->n; i++) {
        other->keys[c->n - 1 - i] = c->keys[i];
        other->labels[c->n - 1 - i] = c->labels[i];
    }
    stratify(c, &folds);
    stratify(other, &folds);
    unsigned moved = 0;
    const struct emp_folds reseeded = {4712, 7};
    for (uint32_t i = 0; i < c->n; i++) {
        assert_int_equal(c->folds[i], other->folds[c->n - 1 - i]);
        assert_int_equal(emp__fold(&folds, c->keys[i]), emp__fold(&folds, c->keys[i]));
        moved += emp__fold(&folds, c->keys[i]) != emp__fold(&reseeded, c->keys[i]);
    }
    assert_in_range(moved, 4100, 4450); /* 6/7 of 5000 is 4286, five deviations are 124 */
    free(c);
    free(other);
}

/* By hand, from the draws: those below one of its class and the events before it. */
static void by_draws(void **state)
{
    (void)state;
    uint64_t seed = 163;
    /* So many folds that a fold is a place, of draws that the unstratified fold's order shows. */
    const struct emp_folds places = {99, 400}, fine = {99, UINT16_MAX};
    struct customers *c = customers_new(400, 4, &seed);
    stratify(c, &places);
    for (uint32_t i = 0; i < c->n; i++)
        for (uint32_t j = 0; j < c->n; j++) {
            uint16_t one = emp__fold(&fine, c->keys[i]), two = emp__fold(&fine, c->keys[j]);
            if (c->labels[i] > c->labels[j] || (c->labels[i] == c->labels[j] && one < two))
                assert_true(c->folds[i] < c->folds[j]);
        }
    free(c);
}

/* Chi-square of the sizes of 11 folds, with keys that are consecutive numbers: 10 degrees, 1e-6. */
static void unstratified(void **state)
{
    (void)state;
    const struct emp_folds folds = {1, 11}, one = {1, 1};
    double sizes[11] = {0.0}, statistic = 0.0;
    for (uint64_t key = 0; key < 110000; key++) {
        uint16_t fold = emp__fold(&folds, key);
        assert_true(fold < 11 && emp__fold(&one, key) == 0);
        sizes[fold]++;
    }
    for (int f = 0; f < 11; f++)
        statistic += (sizes[f] - 10000.0) * (sizes[f] - 10000.0) / 10000.0;
    assert_true(statistic > 0.5 && statistic < 45.0);
}

/* The same folds for ever. */
static void pinned(void **state)
{
    (void)state;
    const struct emp_folds folds = {42, 5};
    const uint16_t expected[] = {0, 0, 4, 1, 3, 3, 4, 0, 4, 3};
    for (uint64_t key = 0; key < 10; key++)
        assert_int_equal(emp__fold(&folds, key), expected[key]);
}

/* Customers of one key stand by their index. */
static void equal_keys(void **state)
{
    (void)state;
    uint64_t seed = 164;
    const struct emp_folds folds = {5, 10};
    struct customers *c = customers_new(2000, 2, &seed);
    for (uint32_t i = 0; i < c->n; i++) {
        c->keys[i] = 7;
        c->labels[i] = 0;
    }
    stratify(c, &folds);
    for (uint32_t i = 0; i < c->n; i++)
        assert_int_equal(c->folds[i], i % 10);
    free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stratified), cmocka_unit_test(row_order),    cmocka_unit_test(by_draws),
        cmocka_unit_test(pinned),     cmocka_unit_test(unstratified), cmocka_unit_test(equal_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
