// SPDX-License-Identifier: Apache-2.0
/* What counts as one purchase: rows, days or orders, with returns among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_history.h"
#include "features/purchases.h"

static void build(const struct test_event *events, size_t count, size_t partitions,
                  bool keep_orders, struct emp_customers *out)
{
    struct emp_scatter_plan plan = {.partitions = partitions,
                                    .threads = 2,
                                    .keep = EMP_KEEP_EVENTS,
                                    .keep_orders = keep_orders,
                                    .memory = UINT64_C(1) << 30};
    assert_int_equal(test_build(events, count, &plan, out, NULL), EMP_OK);
}

static void expect(const struct test_event *events, size_t count, enum emp_merge merge,
                   const struct emp_summary *expected, size_t customers)
{
    struct emp_customers built;
    struct emp_summary *found = malloc((customers + 1) * sizeof *found);
    assert_non_null(found);
    build(events, count, 4, true, &built);
    assert_int_equal(built.ids.count, customers);
    assert_int_equal(emp__purchases(&built, merge, 2, found, NULL), EMP_OK);
    for (size_t i = 0; i < customers; i++)
        assert_memory_equal(&found[built.by_id[i]], &expected[i], sizeof *expected);
    free(found);
    emp__customers_free(&built);
}

/* Customer 1 buys order 5 on days 1 and 2 with order 6 in between, and 7 at night of day 2; gives
   back on day 9. Customer 2 gives back only. Customer 3 buys for nothing. */
static const struct test_event events[] = {
    {"1", 1, 0, 10, 5},      {"1", 1, 100, 20, 6}, {"1", 2, 0, 30, 5}, {"1", 2, 86399, 40, 7},
    {"1", 2, 86399, -15, 7}, {"1", 9, 0, -1, 8},   {"2", 4, 0, -9, 1}, {"3", 7, 0, 0, 1},
    {"1", 1, 100, 2, 6},     {"3", 7, 1, 0, 1},
};
enum { EVENTS = sizeof events / sizeof *events };

static void rows_days_and_orders(void **state)
{
    (void)state;
    struct emp_summary expected[] = {
        {1, 2, 5, 2, 102, -16}, {EMP_NO_DAY, EMP_NO_DAY, 0, 1, 0, -9}, {7, 7, 2, 0, 0, 0}};
    expect(events, EVENTS, EMP_MERGE_ROW, expected, 3);
    expected[0].purchases = 2;
    expected[2].purchases = 1;
    expect(events, EVENTS, EMP_MERGE_DAY, expected, 3);
    expected[0].purchases = 3;
    expect(events, EVENTS, EMP_MERGE_ORDER, expected, 3);
    expect(NULL, 0, EMP_MERGE_ORDER, NULL, 0);
}

/* An order all of whose rows are returns is none; one with a purchase row among them is one. */
static void orders_of_returns(void **state)
{
    (void)state;
    const struct test_event mixed[] = {{"1", 1, 0, -5, 1},
                                       {"1", 1, 1, -5, 2},
                                       {"1", 1, 2, 5, 2},
                                       {"1", 1, 3, -5, 2},
                                       {"1", 1, 4, 5, 2}};
    const struct emp_summary expected = {1, 1, 1, 3, 10, -15};
    expect(mixed, 5, EMP_MERGE_ORDER, &expected, 1);
}

static void days_before_1970(void **state)
{
    (void)state;
    const struct test_event old[] = {
        {"1", -1, 0, 1, 0}, {"1", -1, 86399, 1, 0}, {"1", 0, 0, 1, 0}, {"1", -2, 86399, 1, 0}};
    const struct emp_summary expected = {-2, 0, 3, 0, 4, 0};
    expect(old, 4, EMP_MERGE_DAY, &expected, 1);
}

enum { MANY = 4000 };

/* Counted from the definition: a purchase is told apart from every earlier one. */
static void random_histories(void **state)
{
    (void)state;
    static char names[40][8];
    struct test_event *many = malloc(MANY * sizeof *many);
    assert_non_null(many);
    uint64_t seed = 111;
    for (size_t i = 0; i < MANY; i++) {
        size_t who = test_random(&seed) % 40;
        sprintf(names[who], "%d", 100 + (int)who);
        many[i] =
            (struct test_event){names[who], (int64_t)(test_random(&seed) % 60),
                                (int64_t)(test_random(&seed) % 3 * 40000),
                                (int64_t)(test_random(&seed) % 100) - 30, test_random(&seed) % 50};
    }
    struct emp_summary expected[3][40];
    for (int merge = 0; merge < 3; merge++)
        for (int who = 0; who < 40; who++) {
            struct emp_summary *sum = &expected[merge][who];
            *sum = emp__summary_empty();
            uint32_t purchases = 0;
            for (size_t i = 0; i < MANY; i++) {
                if (atoi(many[i].id) != 100 + who)
                    continue;
                assert_true(emp__summary_add(sum, (int32_t)many[i].day, many[i].amount));
                bool repeated = many[i].amount < 0;
                for (size_t j = 0; j < i && merge != EMP_MERGE_ROW; j++)
                    if (atoi(many[j].id) == 100 + who && many[j].amount >= 0)
                        repeated =
                            repeated || (merge == EMP_MERGE_DAY ? many[j].day == many[i].day
                                                                : many[j].order == many[i].order);
                purchases += !repeated;
            }
            sum->purchases = purchases;
        }
    for (int merge = 0; merge < 3; merge++)
        expect(many, MANY, (enum emp_merge)merge, expected[merge], 40);
    free(many);
}

static void from_summaries(void **state)
{
    (void)state;
    struct emp_scatter_plan plan = {
        .partitions = 2, .threads = 1, .keep = EMP_KEEP_SUMMARIES, .memory = 1 << 20};
    struct emp_customers customers;
    struct emp_summary found[3];
    assert_int_equal(test_build(events, EVENTS, &plan, &customers, NULL), EMP_OK);
    assert_int_equal(emp__purchases(&customers, EMP_MERGE_ROW, 1, found, NULL), EMP_OK);
    assert_memory_equal(found, customers.summary, sizeof found);
    emp__customers_free(&customers);
    assert_false(emp__merge_needs_events(EMP_MERGE_ROW));
    assert_true(emp__merge_needs_events(EMP_MERGE_DAY));
    assert_true(emp__merge_needs_events(EMP_MERGE_ORDER));
}

static void sums_that_do_not_fit(void **state)
{
    (void)state;
    const struct test_event large[] = {{"7", 1, 0, -INT64_MAX, 0}, {"7", 2, 0, -2, 0}};
    struct emp_customers customers;
    struct emp_summary found;
    emp_error error;
    build(large, 2, 2, false, &customers);
    assert_int_equal(emp__purchases(&customers, EMP_MERGE_DAY, 1, &found, &error), EMP_ERR_DATA);
    assert_non_null(strstr(error.message, "add up to more than 2^63 minor units"));
    emp__customers_free(&customers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_days_and_orders), cmocka_unit_test(orders_of_returns),
        cmocka_unit_test(days_before_1970),     cmocka_unit_test(random_histories),
        cmocka_unit_test(from_summaries),       cmocka_unit_test(sums_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
