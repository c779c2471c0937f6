// SPDX-License-Identifier: Apache-2.0
/* What counts as one purchase: rows, days or orders, with returns among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_history.h"
#include "features/purchases.h"

static void build(const struct test_event *events, size_t count, bool out_of_memory,
                  struct test_history *out)
{
    struct emp_scatter_plan plan = {.partitions = 4,
                                    .threads = 2,
                                    .needs = {.days = true, .orders = true},
                                    .memory = out_of_memory ? 0 : UINT64_C(1) << 30};
    assert_int_equal(test_build(events, count, &plan, out, NULL), EMP_OK);
}

static void expect(const struct test_event *events, size_t count, enum emp_merge merge,
                   const struct emp_summary *expected, size_t customers)
{
    for (int out_of_memory = 0; out_of_memory < 2; out_of_memory++) {
        struct test_history built;
        build(events, count, out_of_memory, &built);
        assert_int_equal(built.customers.ids.count, customers);
        struct emp_purchases purchases = emp__purchases(&built.customers, merge);
        uint32_t *by_id = test_by_id(&built.customers);
        for (size_t i = 0; i < customers; i++) {
            struct emp_summary found = purchases.summary[by_id[i]];
            found.purchases = emp__purchase_count(&purchases, by_id[i]);
            assert_memory_equal(&found, &expected[i], sizeof found);
        }
        free(by_id);
        test_history_free(&built);
    }
}

/* Customer 1 buys order 5 on days 1 and 2 with order 6 in between, and 7 at night of day 2; gives
   back on day 9. Customer 2 gives back only. Customer 3 buys for nothing. */
static const struct test_event events[] = {
    {"1", 1, 0, 10, 5, 0, 0},     {"1", 1, 100, 20, 6, 0, 0},    {"1", 2, 0, 30, 5, 0, 0},
    {"1", 2, 86399, 40, 7, 0, 0}, {"1", 2, 86399, -15, 7, 0, 0}, {"1", 9, 0, -1, 8, 0, 0},
    {"2", 4, 0, -9, 1, 0, 0},     {"3", 7, 0, 0, 1, 0, 0},       {"1", 1, 100, 2, 6, 0, 0},
    {"3", 7, 1, 0, 1, 0, 0},
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
    const struct test_event mixed[] = {{"1", 1, 0, -5, 1, 0, 0},
                                       {"1", 1, 1, -5, 2, 0, 0},
                                       {"1", 1, 2, 5, 2, 0, 0},
                                       {"1", 1, 3, -5, 2, 0, 0},
                                       {"1", 1, 4, 5, 2, 0, 0}};
    const struct emp_summary expected = {1, 1, 1, 3, 10, -15};
    expect(mixed, 5, EMP_MERGE_ORDER, &expected, 1);
}

static void days_before_1970(void **state)
{
    (void)state;
    const struct test_event old[] = {{"1", -1, 0, 1, 0, 0, 0},
                                     {"1", -1, 86399, 1, 0, 0, 0},
                                     {"1", 0, 0, 1, 0, 0, 0},
                                     {"1", -2, 86399, 1, 0, 0, 0}};
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
        many[i] = (struct test_event){names[who],
                                      (int64_t)(test_random(&seed) % 60),
                                      (int64_t)(test_random(&seed) % 3 * 40000),
                                      (int64_t)(test_random(&seed) % 100) - 30,
                                      test_random(&seed) % 50,
                                      0,
                                      0};
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

/* Where only rows are counted, no rows are kept. */
static void from_summaries(void **state)
{
    (void)state;
    struct emp_scatter_plan plan = {.partitions = 2, .threads = 1, .memory = 1 << 20};
    struct test_history history;
    assert_int_equal(test_build(events, EVENTS, &plan, &history, NULL), EMP_OK);
    assert_null(history.customers.days);
    assert_null(history.customers.orders);
    struct emp_purchases purchases = emp__purchases(&history.customers, EMP_MERGE_ROW);
    assert_ptr_equal(purchases.summary, history.customers.summary);
    for (size_t i = 0; i < history.customers.ids.count; i++)
        assert_int_equal(emp__purchase_count(&purchases, i), purchases.summary[i].purchases);
    test_history_free(&history);
}

/* The counts alone, against every pair of rows. */
static void counts_of_events(void **state)
{
    (void)state;
    enum { MOST = 40 };
    uint64_t seed = 5, scratch[MOST];
    struct emp_event list[MOST];
    assert_int_equal(emp__count_days(NULL, 0), 0);
    for (int t = 0; t < EMP_TOKENS; t++)
        assert_int_equal(emp__count_tokens(NULL, 0, (enum emp_token)t, NULL), 0);
    for (int round = 0; round < 2000; round++) {
        size_t count = test_random(&seed) % (MOST + 1), kinds = 1 + test_random(&seed) % 20;
        uint32_t days = 0, tokens[EMP_TOKENS] = {0};
        for (size_t i = 0; i < count; i++) {
            /* In order of time, over the days about 1970. */
            int64_t time = ((int64_t)(i * kinds / MOST) - 10) * EMP_DAY_SECONDS;
            list[i] = (struct emp_event){.time = time + (int64_t)i * 1000,
                                         .amount = (int64_t)(test_random(&seed) % 5) - 1};
            bool new_day = list[i].amount >= 0, new_token[EMP_TOKENS];
            for (int t = 0; t < EMP_TOKENS; t++) {
                list[i].token[t] = test_random(&seed) % kinds; /* 0 is none */
                new_token[t] = list[i].amount >= 0 && list[i].token[t] != 0;
            }
            for (size_t k = 0; k < i; k++) {
                if (list[k].amount < 0)
                    continue;
                for (int t = 0; t < EMP_TOKENS; t++)
                    new_token[t] = new_token[t] && list[k].token[t] != list[i].token[t];
                new_day = new_day &&
                          emp__day_of_seconds(list[k].time) != emp__day_of_seconds(list[i].time);
            }
            days += new_day;
            for (int t = 0; t < EMP_TOKENS; t++)
                tokens[t] += new_token[t];
        }
        assert_int_equal(emp__count_days(list, count), days);
        for (int t = 0; t < EMP_TOKENS; t++)
            assert_int_equal(emp__count_tokens(list, count, (enum emp_token)t, scratch), tokens[t]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_days_and_orders), cmocka_unit_test(orders_of_returns),
        cmocka_unit_test(days_before_1970),     cmocka_unit_test(random_histories),
        cmocka_unit_test(from_summaries),       cmocka_unit_test(counts_of_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
