// SPDX-License-Identifier: Apache-2.0
/* From rows in any order to customers in order of id, the same for any partitions and threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "../lib/test_history.h"
#include "base/buffer.h"

static struct emp_scatter_plan plan_of(size_t partitions, int threads, enum emp_keep keep)
{
    return (struct emp_scatter_plan){.partitions = partitions,
                                     .threads = threads,
                                     .keep = keep,
                                     .keep_orders = keep == EMP_KEEP_EVENTS,
                                     .memory = UINT64_C(1) << 30};
}

static size_t partition_of(const struct emp_customers *customers, size_t customer)
{
    size_t p = 0;
    while (customer >= customers->first[p + 1])
        p++;
    return p;
}

static void print_events(const struct emp_customers *customers, size_t customer,
                         struct emp_buffer *out)
{
    size_t p = partition_of(customers, customer), c = customer - customers->first[p];
    const struct emp_events *events = &customers->events[p];
    for (uint64_t i = events->first[c]; i < events->first[c + 1]; i++)
        assert_int_equal(emp__buffer_printf(out, NULL, " %" PRId64 "/%" PRIu64 "/%" PRId64,
                                            events->time[i], events->order[i], events->amount[i]),
                         EMP_OK);
}

/* All customers as text, in order of id. */
static struct emp_buffer print(const struct emp_customers *customers)
{
    struct emp_buffer out = {0};
    assert_int_equal(emp__buffer_text(&out, "", NULL), EMP_OK);
    for (size_t i = 0; i < customers->ids.count; i++) {
        char scratch[24];
        size_t length, customer = customers->by_id[i];
        const char *id = emp__id_bytes(&customers->ids, customer, scratch, &length);
        assert_int_equal(emp__buffer_printf(&out, NULL, "%.*s:", (int)length, id), EMP_OK);
        if (customers->events)
            print_events(customers, customer, &out);
        else {
            const struct emp_summary *s = &customers->summary[customer];
            assert_int_equal(emp__buffer_printf(&out, NULL, " %d..%d %u %u %" PRId64 " %" PRId64,
                                                s->first_day, s->last_day, s->purchases,
                                                s->return_rows, s->bought, s->returned),
                             EMP_OK);
        }
        assert_int_equal(emp__buffer_text(&out, "\n", NULL), EMP_OK);
    }
    return out;
}

static void build(const struct test_event *events, size_t count, struct emp_scatter_plan plan,
                  struct emp_customers *out)
{
    emp_error error;
    if (test_build(events, count, &plan, out, &error) != EMP_OK)
        fail_msg("%zu partitions, %d threads: %s", plan.partitions, plan.threads, error.message);
}

static void expect(const struct test_event *events, size_t count, enum emp_keep keep,
                   const char *expected)
{
    for (size_t partitions = 1; partitions <= 4; partitions *= 2) {
        struct emp_customers customers;
        build(events, count, plan_of(partitions, 1, keep), &customers);
        struct emp_buffer text = print(&customers);
        assert_string_equal(text.data, expected);
        emp__buffer_free(&text);
        emp__customers_free(&customers);
    }
}

static const struct test_event small[] = {
    {"Ivan", 3, 0, 30, 2}, {"7", 5, 10, 5, 1},  {"007", 1, 0, 1, 1},   {"7", 5, 9, -2, 1},
    {"7", 2, 0, 8, 9},     {"Iva", 1, 0, 2, 3}, {"Ivan", 3, 0, 29, 2}, {"Ivan", 3, 0, 40, 1},
    {"10", 0, 0, 0, 0},    {"7", 5, 9, -3, 1},  {"-1", -1, 0, -7, 1},
};
enum { SMALL = sizeof small / sizeof *small };

static void customers_and_rows_in_order(void **state)
{
    (void)state;
    expect(small, SMALL, EMP_KEEP_EVENTS,
           "7: 172800/9/8 432009/1/-3 432009/1/-2 432010/1/5\n"
           "007: 86400/1/1\n"
           "10: 0/0/0\n"
           "-1: -86400/1/-7\n"
           "Iva: 86400/3/2\n"
           "Ivan: 259200/1/40 259200/2/29 259200/2/30\n");
    expect(small, SMALL, EMP_KEEP_SUMMARIES,
           "7: 2..5 2 2 13 -5\n"
           "007: 1..1 1 0 1 0\n"
           "10: 0..0 1 0 0 0\n"
           "-1: -2147483648..-2147483648 0 1 0 -7\n"
           "Iva: 1..1 1 0 2 0\n"
           "Ivan: 3..3 3 0 99 0\n");
    expect(NULL, 0, EMP_KEEP_EVENTS, "");
    expect(NULL, 0, EMP_KEEP_SUMMARIES, "");
}

static void totals(void **state)
{
    (void)state;
    struct emp_customers customers;
    build(small, SMALL, plan_of(8, 2, EMP_KEEP_SUMMARIES), &customers);
    assert_int_equal(customers.rows, SMALL);
    assert_int_equal(customers.money, 103);
    assert_int_equal(customers.first_day, -1);
    assert_int_equal(customers.last_day, 5);
    assert_int_equal(customers.first[8], 6);
    emp__customers_free(&customers);
    build(NULL, 0, plan_of(8, 2, EMP_KEEP_SUMMARIES), &customers);
    assert_int_equal(customers.first_day, EMP_NO_DAY);
    assert_int_equal(customers.last_day, EMP_NO_DAY);
    assert_int_equal(customers.ids.count, 0);
    emp__customers_free(&customers);
}

enum { ROWS = 12000 };

static char names[ROWS][300];

/* Ids of digits and texts of every length, more rows for some; days before 1970 as well. */
static struct test_event *random_events(void)
{
    struct test_event *events = malloc(ROWS * sizeof *events);
    assert_non_null(events);
    uint64_t seed = 101;
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t who = test_random(&seed) % 1500;
        who = who < 100 ? who % 3 : who;
        memset(names[i], 'n', sizeof names[i] - 1);
        int n = sprintf(names[i], who % 3 ? "%" PRIu64 : "x%" PRIu64, who % 700);
        if (who % 50 == 49)
            names[i][n] = 'n', names[i][255 - who % 7] = 0;
        events[i] = (struct test_event){
            names[i], (int64_t)(test_random(&seed) % 900) - 300, (int64_t)(test_random(&seed) % 3),
            (int64_t)(test_random(&seed) % 2000) - 200, test_random(&seed) % 5};
    }
    return events;
}

static void shuffle(struct test_event *events, uint64_t seed)
{
    for (size_t i = ROWS - 1; i > 0; i--) {
        size_t j = test_random(&seed) % (i + 1);
        struct test_event event = events[i];
        events[i] = events[j];
        events[j] = event;
    }
}

/* Any order of rows, number of partitions and of threads, more threads than partitions included. */
static void the_same_history_every_way(void **state)
{
    (void)state;
    static const struct {
        size_t partitions;
        int threads;
    } ways[] = {{1, 1}, {1, 7}, {2, 3}, {16, 2}, {256, 3}, {4096, 1}, {65536, 2}};
    struct test_event *events = random_events();
    for (int keep = EMP_KEEP_SUMMARIES; keep <= EMP_KEEP_EVENTS; keep++) {
        struct emp_buffer first = {0};
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
            struct emp_customers customers;
            shuffle(events, i);
            build(events, ROWS, plan_of(ways[i].partitions, ways[i].threads, (enum emp_keep)keep),
                  &customers);
            assert_int_equal(customers.rows, ROWS);
            assert_true(customers.ids.count > 800);
            struct emp_buffer text = print(&customers);
            if (i == 0) {
                first = text;
            } else {
                assert_string_equal(text.data, first.data);
                emp__buffer_free(&text);
            }
            emp__customers_free(&customers);
        }
        emp__buffer_free(&first);
    }
    free(events);
}

/* Rows of one customer: ascending times, all of them, sums that agree with the summaries. */
static void events_agree_with_summaries(void **state)
{
    (void)state;
    struct test_event *events = random_events();
    struct emp_customers rows, sums;
    build(events, ROWS, plan_of(16, 3, EMP_KEEP_EVENTS), &rows);
    build(events, ROWS, plan_of(16, 3, EMP_KEEP_SUMMARIES), &sums);
    assert_int_equal(rows.ids.count, sums.ids.count);
    uint64_t seen = 0;
    for (size_t c = 0; c < rows.ids.count; c++) {
        size_t p = partition_of(&rows, c), own = c - rows.first[p];
        const struct emp_events *e = &rows.events[p];
        struct emp_summary sum = emp__summary_empty();
        for (uint64_t i = e->first[own]; i < e->first[own + 1]; i++, seen++) {
            assert_true(i == e->first[own] || e->time[i - 1] <= e->time[i]);
            assert_true(
                emp__summary_add(&sum, (int32_t)emp__day_of_seconds(e->time[i]), e->amount[i]));
        }
        assert_memory_equal(&sum, &sums.summary[c], sizeof sum);
    }
    assert_int_equal(seen, ROWS);
    emp__customers_free(&rows);
    emp__customers_free(&sums);
    free(events);
}

static void memory_and_sums_that_do_not_fit(void **state)
{
    (void)state;
    struct test_event *events = random_events();
    struct emp_customers customers;
    emp_error error;
    for (int keep = EMP_KEEP_SUMMARIES; keep <= EMP_KEEP_EVENTS; keep++) {
        struct emp_scatter_plan plan = plan_of(4, 2, (enum emp_keep)keep);
        plan.memory = 40000;
        assert_int_equal(test_build(events, ROWS, &plan, &customers, &error), EMP_ERR_MEMORY);
        assert_string_equal(error.message,
                            "the histories of the customers need more than the 39 KiB "
                            "of memory that they may take (--memory)");
        emp__customers_free(&customers);
    }
    free(events);
    const struct test_event large[] = {{"Ivan", 1, 0, INT64_MAX, 0}, {"Ivan", 1, 0, 1, 0}};
    struct emp_scatter_plan plan = plan_of(4, 1, EMP_KEEP_SUMMARIES);
    assert_int_equal(test_build(large, 2, &plan, &customers, &error), EMP_ERR_DATA);
    assert_string_equal(error.message, "the amounts of customer 'Ivan' add up to more than 2^63 "
                                       "minor units, or there are more than 2^32 of them");
    emp__customers_free(&customers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_and_rows_in_order),
        cmocka_unit_test(totals),
        cmocka_unit_test(the_same_history_every_way),
        cmocka_unit_test(events_agree_with_summaries),
        cmocka_unit_test(memory_and_sums_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
