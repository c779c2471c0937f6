// SPDX-License-Identifier: Apache-2.0
/*
 * From rows in any order to customers in order of id: the same for any partitions and threads, and
 * however little memory there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "../lib/test_history.h"
#include "../lib/test_memory.h"
#include "base/buffer.h"

static const uint64_t unlimited = UINT64_C(1) << 40;

/* What is known beside the sums of rows. */
enum { ROWS_ONLY, BY_DAY, BY_ORDER, BY_BOTH, ACTIVITY, PRODUCTS, EVERYTHING, COUNTS };
static const struct emp_needs needs[COUNTS] = {
    [BY_DAY] = {.days = true},
    [BY_ORDER] = {.orders = true},
    [BY_BOTH] = {.days = true, .orders = true},
    [ACTIVITY] = {.intervals = true},
    [PRODUCTS] = {.products = true},
    [EVERYTHING] = {true, true, true, true, true},
};

static struct emp_scatter_plan plan_of(size_t partitions, int threads, int counts, uint64_t memory)
{
    return (struct emp_scatter_plan){
        .partitions = partitions, .threads = threads, .needs = needs[counts], .memory = memory};
}

static void print_customer(const struct emp_customers *customers, size_t customer,
                           struct emp_buffer *out)
{
    char scratch[24];
    size_t length;
    const char *id = emp__id_bytes(&customers->ids, customer, scratch, &length);
    const struct emp_summary *s = &customers->summary[customer];
    assert_int_equal(emp__buffer_printf(out, NULL, "%.*s: %d..%d %u %u %" PRId64 " %" PRId64,
                                        (int)length, id, s->first_day, s->last_day, s->purchases,
                                        s->return_rows, s->bought, s->returned),
                     EMP_OK);
    if (customers->days)
        assert_int_equal(emp__buffer_printf(out, NULL, " d%u", customers->days[customer]), EMP_OK);
    if (customers->orders)
        assert_int_equal(emp__buffer_printf(out, NULL, " o%u", customers->orders[customer]),
                         EMP_OK);
    if (customers->activity) {
        const struct emp_activity *a = &customers->activity[customer];
        assert_int_equal(emp__buffer_printf(out, NULL,
                                            " a%u %d %" PRId64 " %" PRId64 " %" PRId64 " %u %u",
                                            a->days, a->longest_interval, a->interval_squares,
                                            a->earlier, a->later, a->products, a->channels),
                         EMP_OK);
    }
    assert_int_equal(emp__buffer_text(out, "\n", NULL), EMP_OK);
}

/* All customers as text, in order of id; in each partition they are in that order, too. */
static struct emp_buffer print(const struct emp_customers *customers)
{
    struct emp_buffer out = {0};
    assert_int_equal(emp__buffer_text(&out, "", NULL), EMP_OK);
    uint32_t *by_id = test_by_id(customers);
    for (size_t i = 0; i < customers->ids.count; i++)
        print_customer(customers, by_id[i], &out);
    free(by_id);
    assert_int_equal(customers->first[0], 0);
    assert_int_equal(customers->first[customers->partitions], customers->ids.count);
    for (size_t p = 0; p < customers->partitions; p++)
        for (size_t c = customers->first[p]; c + 1 < customers->first[p + 1]; c++)
            assert_true(emp__id_compare(&customers->ids, c, &customers->ids, c + 1) < 0);
    return out;
}

static void build(const struct test_event *events, size_t count, struct emp_scatter_plan plan,
                  struct test_history *out)
{
    emp_error error;
    if (test_build(events, count, &plan, out, &error) != EMP_OK)
        fail_msg("%zu partitions, %d threads, %" PRIu64 " bytes: %s", plan.partitions, plan.threads,
                 plan.memory, error.message);
}

static void expect(const struct test_event *events, size_t count, int counts, const char *expected)
{
    for (size_t partitions = 1; partitions <= 4; partitions *= 2)
        for (int out = 0; out < 2; out++) {
            struct test_history history;
            build(events, count, plan_of(partitions, 1, counts, out ? 0 : unlimited), &history);
            struct emp_buffer text = print(&history.customers);
            assert_string_equal(text.data, expected);
            assert_int_equal(history.partitions_out, out ? partitions : 0);
            emp__buffer_free(&text);
            test_history_free(&history);
        }
}

static const struct test_event small[] = {
    {"Ivan", 3, 0, 30, 2, 8, 1},  {"7", 5, 10, 5, 1, 4, 1},   {"007", 1, 0, 1, 1, 3, 3},
    {"7", 5, 9, -2, 1, 5, 2},     {"7", 2, 0, 8, 9, 7, 1},    {"Iva", 1, 0, 2, 3, 0, 2},
    {"Ivan", 3, 0, 29, 2, 9, 1},  {"10", 0, 0, 0, 0, 0, 0},   {"7", 5, 9, -3, 1, 0, 0},
    {"Ivan", 3, 0, 40, 1, 8, 99}, {"-1", -1, 0, -7, 1, 1, 0},
};
enum { SMALL = sizeof small / sizeof *small };

static void customers_in_order(void **state)
{
    (void)state;
    expect(small, SMALL, BY_BOTH,
           "7: 2..5 2 2 13 -5 d2 o2\n"
           "007: 1..1 1 0 1 0 d1 o1\n"
           "10: 0..0 1 0 0 0 d1 o1\n"
           "-1: -2147483648..-2147483648 0 1 0 -7 d0 o0\n"
           "Iva: 1..1 1 0 2 0 d1 o1\n"
           "Ivan: 3..3 3 0 99 0 d1 o2\n");
    expect(small, SMALL, ROWS_ONLY,
           "7: 2..5 2 2 13 -5\n"
           "007: 1..1 1 0 1 0\n"
           "10: 0..0 1 0 0 0\n"
           "-1: -2147483648..-2147483648 0 1 0 -7\n"
           "Iva: 1..1 1 0 2 0\n"
           "Ivan: 3..3 3 0 99 0\n");
    expect(small, SMALL, EVERYTHING,
           "7: 2..5 2 2 13 -5 d2 o2 a2 3 9 8 5 2 1\n"
           "007: 1..1 1 0 1 0 d1 o1 a1 0 0 1 0 1 1\n"
           "10: 0..0 1 0 0 0 d1 o1 a1 0 0 0 0 0 0\n"
           "-1: -2147483648..-2147483648 0 1 0 -7 d0 o0 a0 0 0 0 0 0 0\n"
           "Iva: 1..1 1 0 2 0 d1 o1 a1 0 0 2 0 0 1\n"
           "Ivan: 3..3 3 0 99 0 d1 o2 a1 0 0 99 0 2 2\n");
    for (int counts = 0; counts < COUNTS; counts++)
        expect(NULL, 0, counts, "");
}

static void totals(void **state)
{
    (void)state;
    for (int way = 0; way < 2 * COUNTS; way++) {
        struct test_history history;
        const struct emp_customers *customers = &history.customers;
        build(small, SMALL, plan_of(8, 2, way / 2, way % 2 ? 0 : unlimited), &history);
        assert_int_equal(customers->rows, SMALL);
        assert_int_equal(customers->money, 103);
        assert_int_equal(customers->first_day, -1);
        assert_int_equal(customers->last_day, 5);
        assert_int_equal(customers->first[8], 6);
        test_history_free(&history);
        build(NULL, 0, plan_of(8, 2, way / 2, way % 2 ? 0 : unlimited), &history);
        assert_int_equal(customers->first_day, EMP_NO_DAY);
        assert_int_equal(customers->last_day, EMP_NO_DAY);
        assert_int_equal(customers->ids.count, 0);
        test_history_free(&history);
    }
}

enum { ROWS = 12000, PEOPLE = 1500 };

/* Ids of digits and texts of every length. */
static void write_name(uint64_t who, char out[EMP_ID_MAX + 1])
{
    memset(out, 'n', EMP_ID_MAX);
    int n = sprintf(out, who % 3 ? "%" PRIu64 : "x%" PRIu64, who % 700);
    if (who % 50 == 49) {
        out[n] = 'n';
        out[EMP_ID_MAX - who % 7] = '\0';
    }
}

/* More rows for some; days before 1970 as well. */
static struct test_event *random_events(void)
{
    static char names[PEOPLE][EMP_ID_MAX + 1];
    struct test_event *events = malloc(ROWS * sizeof *events);
    assert_non_null(events);
    uint64_t seed = 101;
    for (uint64_t who = 0; who < PEOPLE; who++)
        write_name(who, names[who]);
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t who = test_random(&seed) % PEOPLE;
        who = who < 100 ? who % 3 : who;
        events[i] = (struct test_event){names[who],
                                        (int64_t)(test_random(&seed) % 900) - 300,
                                        (int64_t)(test_random(&seed) % EMP_DAY_SECONDS),
                                        (int64_t)(test_random(&seed) % 2000) - 200,
                                        test_random(&seed) % 5,
                                        test_random(&seed) % 40,
                                        test_random(&seed) % 4};
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

/* Builds in one way, and compares with the first way's text, which it becomes if there is none. */
static size_t compare_with(struct emp_buffer *first, struct test_event *events,
                           struct emp_scatter_plan plan)
{
    struct test_history history;
    build(events, ROWS, plan, &history);
    assert_int_equal(history.customers.rows, ROWS);
    assert_true(history.customers.ids.count > 800);
    assert_true((history.partitions_out > 0) == (history.spilled > 0));
    struct emp_buffer text = print(&history.customers);
    size_t out = history.partitions_out;
    test_history_free(&history);
    if (!first->data) {
        *first = text;
        return out;
    }
    if (strcmp(text.data, first->data) != 0)
        fail_msg("%zu partitions, %d threads, %" PRIu64 " bytes: another history", plan.partitions,
                 plan.threads, plan.memory);
    emp__buffer_free(&text);
    return out;
}

/*
 * Any order of rows, number of partitions and of threads (more threads than partitions included),
 * and all, some or none of the partitions out of memory.
 */
static void the_same_history_every_way(void **state)
{
    (void)state;
    static const size_t partitions[] = {1, 2, 16, 256, 4096, 65536};
    static const int threads[] = {1, 2, 3, 7};
    struct test_event *events = random_events();
    for (int counts = 0; counts < COUNTS; counts++) {
        struct emp_buffer first = {0};
        for (size_t p = 0; p < 6; p++)
            for (size_t t = 0; t < 4; t++) {
                if (partitions[p] > 256 && (counts != EVERYTHING || t % 2 == 0))
                    continue; /* they take long */
                struct emp_scatter_plan plan =
                    plan_of(partitions[p], threads[t], counts, unlimited);
                shuffle(events, p * 10 + t);
                assert_int_equal(compare_with(&first, events, plan), 0);
                plan.memory = 0;
                assert_int_equal(compare_with(&first, events, plan), partitions[p]);
                plan.memory = 40 * EMP_PIECE_BYTES; /* the texts alone need that much */
                size_t out = compare_with(&first, events, plan);
                assert_true(out > 0 || partitions[p] < 16);
                assert_true(out < partitions[p] || partitions[p] < 256);
            }
        emp__buffer_free(&first);
    }
    free(events);
}

/* What is known of each customer, from its definition: row by row, and every row with all others.
 */
static void counts_agree_with_their_definition(void **state)
{
    (void)state;
    struct test_event *events = random_events();
    struct test_history history;
    const struct emp_customers *customers = &history.customers;
    build(events, ROWS, plan_of(16, 3, BY_BOTH, 40 * EMP_PIECE_BYTES), &history);
    assert_true(history.partitions_out > 0);
    for (size_t c = 0; c < customers->ids.count; c += 1 + c % 7) {
        char scratch[24];
        size_t length, own[ROWS], count = 0;
        const char *id = emp__id_bytes(&customers->ids, c, scratch, &length);
        struct emp_summary sum = emp__summary_empty();
        uint32_t days = 0, orders = 0;
        for (size_t i = 0; i < ROWS; i++) {
            const struct test_event *e = &events[i];
            if (strlen(e->id) != length || memcmp(e->id, id, length) != 0)
                continue;
            assert_true(emp__summary_add(&sum, (int32_t)e->day, e->amount));
            bool new_day = e->amount >= 0, new_order = new_day;
            for (size_t k = 0; k < count && e->amount >= 0; k++) {
                new_day = new_day && events[own[k]].day != e->day;
                new_order = new_order && events[own[k]].order != e->order;
            }
            if (e->amount >= 0)
                own[count++] = i;
            days += new_day;
            orders += new_order;
        }
        assert_memory_equal(&sum, &customers->summary[c], sizeof sum);
        assert_int_equal(customers->days[c], days);
        assert_int_equal(customers->orders[c], orders);
    }
    test_history_free(&history);
    free(events);
}

/* So many customers that their arrays are files where memory is short. */
static void large_arrays_in_files(void **state)
{
    (void)state;
    enum { MANY = 600000 };
    static char names[MANY][9];
    struct test_event *events = malloc(MANY * sizeof *events);
    assert_non_null(events);
    for (size_t i = 0; i < MANY; i++) {
        sprintf(names[i], i % 4 ? "%zu" : "t%zu", i * 7 % MANY);
        events[i] = (struct test_event){names[i], (int64_t)(i % 1000), 0, (int64_t)i, i, i, i};
    }
    struct test_history memory, files;
    build(events, MANY, plan_of(16, 2, EVERYTHING, unlimited), &memory);
    build(events, MANY, plan_of(16, 2, EVERYTHING, 0), &files);
    const struct emp_customers *a = &memory.customers, *b = &files.customers;
    assert_int_equal(memory.file_bytes, 0);
    assert_in_range(files.file_bytes, MANY * (sizeof *b->summary + sizeof *b->ids.word), 1 << 26);
    assert_int_equal(a->ids.count, MANY);
    assert_int_equal(b->ids.count, MANY);
    assert_memory_equal(a->first, b->first, 17 * sizeof *a->first);
    assert_memory_equal(a->summary, b->summary, MANY * sizeof *a->summary);
    assert_memory_equal(a->days, b->days, MANY * sizeof *a->days);
    assert_memory_equal(a->orders, b->orders, MANY * sizeof *a->orders);
    assert_memory_equal(a->activity, b->activity, MANY * sizeof *a->activity);
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(emp__id_compare(&a->ids, i, &b->ids, i), 0);
    test_history_free(&memory);
    test_history_free(&files);
    free(events);
}

/* The customer is named, wherever the sums are found not to fit. */
static void sums_that_do_not_fit(void **state)
{
    (void)state;
    const struct test_event large[][3] = {
        {{"Ivan", 1, 0, INT64_MAX, 0, 0, 0}, {"7", 1, 0, 5, 0, 0, 0}, {"Ivan", 1, 0, 1, 0, 0, 0}},
        {{"7", 1, 0, 5, 0, 0, 0}, {"Ivan", 1, 0, -INT64_MAX, 0, 0, 0}, {"Ivan", 2, 0, -2, 0, 0, 0}},
        {{"0042", 1, 0, INT64_MAX, 0, 0, 0},
         {"x", 1, 0, 5, 0, 0, 0},
         {"0042", 1, 0, INT64_MAX, 0, 0, 0}}};
    for (int way = 0; way < 3 * 2 * COUNTS; way++) {
        struct emp_scatter_plan plan = plan_of(4, 1, way / 6, way % 2 ? 0 : unlimited);
        struct test_history history;
        emp_error error = {.status = EMP_OK};
        assert_int_equal(test_build(large[way / 2 % 3], 3, &plan, &history, &error), EMP_ERR_DATA);
        assert_string_equal(error.message,
                            way / 2 % 3 == 2
                                ? "the amounts of customer '0042' add up to more than 2^63 minor "
                                  "units, or there are more than 2^32 of them"
                                : "the amounts of customer 'Ivan' add up to more than 2^63 minor "
                                  "units, or there are more than 2^32 of them");
        test_history_free(&history);
    }
    /* To the last unit they do fit. */
    const struct test_event just[] = {{"1", 1, 0, INT64_MAX, 0, 0, 0},
                                      {"1", 1, 0, -INT64_MAX, 0, 0, 0},
                                      {"1", 1, 0, -1, 0, 0, 0}};
    expect(just, 3, BY_DAY, "1: 1..1 1 2 9223372036854775807 -9223372036854775808 d1\n");
    expect(just, 3, ROWS_ONLY, "1: 1..1 1 2 9223372036854775807 -9223372036854775808\n");
}

/* The disk gets full sooner or later, with all threads at work. */
static void a_full_disk(void **state)
{
    (void)state;
    struct test_event *events = random_events();
    for (int counts = 0; counts < COUNTS; counts++)
        for (rlim_t room = 0; room < 1 << 20; room = room * 2 + 10000) {
            struct emp_scatter_plan plan = plan_of(16, 7, counts, 20 * EMP_PIECE_BYTES);
            struct test_history history;
            emp_error error = {.status = EMP_OK};
            test_limit_files(room);
            emp_status status = test_build(events, ROWS, &plan, &history, &error);
            test_limit_files(RLIM_INFINITY);
            if (status != EMP_OK || room < 100000) {
                assert_int_equal(status, EMP_ERR_IO);
                assert_string_equal(error.file, history.folder.path);
            }
            test_history_free(&history);
        }
    free(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(customers_in_order),
        cmocka_unit_test(totals),
        cmocka_unit_test(the_same_history_every_way),
        cmocka_unit_test(counts_agree_with_their_definition),
        cmocka_unit_test(large_arrays_in_files),
        cmocka_unit_test(sums_that_do_not_fit),
        cmocka_unit_test(a_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
