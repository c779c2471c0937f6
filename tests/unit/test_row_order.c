// SPDX-License-Identifier: Apache-2.0
/* Kept rows, customer by customer and in order of time, order, amount and the other tokens. */
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
    const uint64_t *a_token = x->event.token, *b_token = y->event.token;
    if (a_token[EMP_TOKEN_ORDER] != b_token[EMP_TOKEN_ORDER])
        return a_token[EMP_TOKEN_ORDER] < b_token[EMP_TOKEN_ORDER] ? -1 : 1;
    if (x->event.amount != y->event.amount)
        return x->event.amount < y->event.amount ? -1 : 1;
    if (a_token[EMP_TOKEN_PRODUCT] != b_token[EMP_TOKEN_PRODUCT])
        return a_token[EMP_TOKEN_PRODUCT] < b_token[EMP_TOKEN_PRODUCT] ? -1 : 1;
    return (a_token[EMP_TOKEN_CHANNEL] > b_token[EMP_TOKEN_CHANNEL]) -
           (a_token[EMP_TOKEN_CHANNEL] < b_token[EMP_TOKEN_CHANNEL]);
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
        uint64_t token[EMP_TOKENS];
        for (int t = 0; t < EMP_TOKENS; t++)
            token[t] = test_random(&seed) % 3;
        struct emp_packed_batch batch = {.count = 1, .rows = &row, .texts = ""};
        for (int t = 0; t < EMP_TOKENS; t++)
            batch.token[t] = partition->plan->tokens >> t & 1 ? &token[t] : NULL;
        assert_int_equal(emp__row_log_add(&log, &batch, partition->plan->arena, NULL), EMP_OK);
        assert_int_equal(emp__partition_take(partition, &log, NULL), EMP_OK);
        uint32_t *own = &number[row.customer >> 5];
        if (*own == UINT32_MAX)
            *own = known++;
        expected[i].rank = *own;
        expected[i].event = (struct emp_event){.time = row.time, .amount = row.amount};
        for (int t = 0; t < EMP_TOKENS; t++)
            expected[i].event.token[t] = batch.token[t] ? token[t] : 0;
    }
    free(number);
    return known;
}

static void check(size_t rows, size_t customers, unsigned tokens)
{
    struct test_memory memory;
    struct emp_partition partition;
    struct emp_events events;
    test_memory_new(&memory);
    struct emp_partition_plan plan = {.keep = EMP_KEEP_ROWS,
                                      .tokens = tokens,
                                      .arena = memory.arena,
                                      .logs = memory.arena,
                                      .spill = memory.spill};
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
    for (unsigned tokens = 0; tokens < 1u << EMP_TOKENS; tokens++) {
        check(0, 1, tokens);
        check(1, 1, tokens);
        /* About the number from which on rows are sorted in another way. */
        for (size_t rows = 2; rows < 40; rows++)
            check(rows, 1, tokens);
        check(1000, 100, tokens);
        check(20000, 3000, tokens);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
