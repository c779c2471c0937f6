// SPDX-License-Identifier: Apache-2.0
/* Kept rows, customer by customer and in order of time, order and amount. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_memory.h"
#include "history/row_order.h"

struct ranked {
    uint32_t rank;
    struct emp_event event;
};

static int compare(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->event.time != y->event.time)
        return x->event.time < y->event.time ? -1 : 1;
    if (x->event.order != y->event.order)
        return x->event.order < y->event.order ? -1 : 1;
    return (x->event.amount > y->event.amount) - (x->event.amount < y->event.amount);
}

static struct emp_packed_row random_row(uint64_t *seed, size_t customers)
{
    /* A few have most of the rows, many have one; times repeat, and some are before 1970. */
    uint64_t who = test_random(seed) % customers;
    who = test_random(seed) % 2 ? who % 5 : who;
    return (struct emp_packed_row){who << 5 | 7, (int64_t)(test_random(seed) % 200) - 100,
                                   (int64_t)(test_random(seed) % 5) - 2};
}

/* The rows of a partition and where they have to be; returns how many customers there are. */
static size_t fill(struct emp_partition *partition, size_t rows, size_t customers,
                   struct ranked *expected)
{
    uint64_t seed = rows + customers;
    uint32_t *number = malloc(customers * sizeof *number), known = 0;
    assert_non_null(number);
    memset(number, 0xFF, customers * sizeof *number);
    for (size_t i = 0; i < rows; i++) {
        struct emp_row_log log = {0};
        struct emp_packed_row row = random_row(&seed, customers);
        uint64_t order = test_random(&seed) % 3;
        struct emp_packed_batch batch = {.count = 1, .rows = &row, .texts = ""};
        batch.orders = partition->plan->keep_orders ? &order : NULL;
        assert_int_equal(emp__row_log_add(&log, &batch, partition->plan->arena, NULL), EMP_OK);
        assert_int_equal(emp__partition_take(partition, &log, NULL), EMP_OK);
        uint32_t *own = &number[row.customer >> 5];
        if (*own == UINT32_MAX)
            *own = known++;
        expected[i].rank = *own;
        expected[i].event = (struct emp_event){row.time, batch.orders ? order : 0, row.amount};
    }
    free(number);
    return known;
}

static void check(size_t rows, size_t customers, bool orders)
{
    struct test_memory memory;
    struct emp_partition partition;
    struct emp_events events;
    test_memory_new(&memory);
    struct emp_partition_plan plan = {
        .keep = EMP_KEEP_ROWS, .keep_orders = orders, .arena = memory.arena, .spill = memory.spill};
    struct ranked *expected = malloc((rows + 1) * sizeof *expected);
    uint32_t *rank = malloc((customers + 1) * sizeof *rank);
    assert_true(expected && rank);
    emp__partition_init(&partition, &plan);
    size_t known = fill(&partition, rows, customers, expected);
    assert_int_equal(partition.table.customers, known);
    /* Places in another order than that of arrival. */
    for (size_t c = 0; c < known; c++)
        rank[c] = (uint32_t)(known - 1 - (c ^ (known % 2 ? 0 : 1)));
    for (size_t i = 0; i < rows; i++)
        expected[i].rank = rank[expected[i].rank];
    if (rows > 0)
        qsort(expected, rows, sizeof *expected, compare);
    assert_int_equal(emp__rows_order(&partition, rank, &events, NULL), EMP_OK);
    assert_int_equal(events.first[0], 0);
    assert_int_equal(events.first[known], rows);
    for (size_t c = 0; c < known; c++)
        for (size_t i = events.first[c]; i < events.first[c + 1]; i++) {
            assert_int_equal(expected[i].rank, c);
            assert_memory_equal(&events.event[i], &expected[i].event, sizeof *events.event);
        }
    emp__events_free(&events);
    assert_null(events.event);
    free(rank);
    free(expected);
    emp__partition_free(&partition);
    test_memory_free(&memory);
}

static void rows_in_order(void **state)
{
    (void)state;
    for (int orders = 0; orders < 2; orders++) {
        check(0, 1, orders);
        check(1, 1, orders);
        /* About the number from which on rows are sorted in another way. */
        for (size_t rows = 2; rows < 40; rows++)
            check(rows, 1, orders);
        check(1000, 100, orders);
        check(20000, 3000, orders);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
