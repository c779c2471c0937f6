// SPDX-License-Identifier: Apache-2.0
/* Visits by day, week and month: by hand, and against every pair of rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "../lib/test_history.h"
#include "../lib/test_memory.h"

static struct emp_event event(int64_t day, int64_t second, int64_t amount)
{
    return (struct emp_event){.time = day * EMP_DAY_SECONDS + second, .amount = amount};
}

static void expect(const struct emp_event *events, size_t count, enum emp_calendar_span span,
                   struct emp_visits expected)
{
    struct emp_visits found = emp__visits(events, count, span);
    assert_memory_equal(&found, &expected, sizeof found);
}

static void spans_of_days(void **state)
{
    (void)state;
    /* 1970-01-05 was a Monday, 1970-02-01 a Sunday. */
    assert_int_equal(emp__span_of_day(EMP_SPAN_WEEK, 3), 0);
    assert_int_equal(emp__span_of_day(EMP_SPAN_WEEK, 4), 1);
    assert_int_equal(emp__span_of_day(EMP_SPAN_WEEK, -3), 0);
    assert_int_equal(emp__span_of_day(EMP_SPAN_WEEK, -4), -1);
    assert_int_equal(emp__span_of_day(EMP_SPAN_MONTH, 31) - emp__span_of_day(EMP_SPAN_MONTH, 30),
                     1);
    assert_int_equal(emp__span_of_day(EMP_SPAN_DAY, -7), -7);
    for (int32_t day = -400000; day < 400000; day++)
        for (int span = 0; span < EMP_SPANS; span++) {
            int32_t step = emp__span_of_day((enum emp_calendar_span)span, day + 1) -
                           emp__span_of_day((enum emp_calendar_span)span, day);
            assert_in_range(step, 0, 1);
        }
    int year, month, of_month;
    for (int32_t day = -400000; day < 400000; day++) {
        emp__civil_from_days(day + 1, &year, &month, &of_month);
        assert_int_equal(emp__span_of_day(EMP_SPAN_MONTH, day + 1) !=
                             emp__span_of_day(EMP_SPAN_MONTH, day),
                         of_month == 1);
    }
}

static void by_hand(void **state)
{
    (void)state;
    /* Purchases on the days 2, 3, 3, 4, 33; returns on 1, 2, 40. Day 4 begins a week. */
    const struct emp_event events[] = {event(1, 0, -1),       event(2, 0, 10), event(2, 5, -2),
                                       event(3, 0, 20),       event(3, 9, 40), event(4, 0, 80),
                                       event(33, 86399, 160), event(40, 0, -4)};
    expect(events, 0, EMP_SPAN_DAY, (struct emp_visits){0});
    expect(events, 1, EMP_SPAN_DAY, (struct emp_visits){0});
    expect(events, 3, EMP_SPAN_DAY, (struct emp_visits){1, 2, 0, 0, 0});
    expect(events, 8, EMP_SPAN_DAY, (struct emp_visits){4, 33, 300, -4, 1 + 1 + 29 * 29});
    expect(events, 5, EMP_SPAN_WEEK, (struct emp_visits){1, 2, 0, 0, 0});
    expect(events, 8, EMP_SPAN_WEEK, (struct emp_visits){3, 33, 240, -4, 4 + 29 * 29});
    expect(events, 8, EMP_SPAN_MONTH, (struct emp_visits){2, 33, 160, -4, 31 * 31});
}

/* Is there a purchase before row i in the span of row i? */
static bool span_is_taken(const struct emp_event *events, size_t i, enum emp_calendar_span span)
{
    int32_t own = emp__span_of_day(span, emp__event_day(&events[i]));
    bool taken = false;
    for (size_t k = 0; k < i; k++)
        taken = taken || (events[k].amount >= 0 &&
                          emp__span_of_day(span, emp__event_day(&events[k])) == own);
    return taken;
}

static struct emp_visits twin(const struct emp_event *events, size_t count,
                              enum emp_calendar_span span, uint32_t *by_day)
{
    struct emp_visits sum = {0};
    int32_t second = 0;
    for (size_t i = 0; i < count; i++) {
        int32_t day = emp__event_day(&events[i]);
        if (events[i].amount >= 0 && !span_is_taken(events, i, span)) {
            int64_t interval = sum.count > 0 ? day - sum.last_day : 0;
            sum.interval_squares += interval * interval;
            by_day[day] += sum.count > 0;
            second = sum.count == 1 ? day : second;
            sum.last_day = day;
            sum.count++;
        }
        if (sum.count > 1 && events[i].amount >= 0)
            sum.bought += events[i].amount;
    }
    /* Returns from the day of the second visit on. */
    for (size_t i = 0; i < count && sum.count > 1; i++)
        if (events[i].amount < 0 && emp__event_day(&events[i]) >= second)
            sum.returned += events[i].amount;
    return sum;
}

static void random_events(void **state)
{
    (void)state;
    enum { MOST = 60, DAYS = 1000 };
    struct emp_event events[MOST];
    uint64_t seed = 5;
    for (int round = 0; round < 3000; round++) {
        size_t count = test_random(&seed) % (MOST + 1);
        uint64_t steps = 1 + test_random(&seed) % 40;
        int64_t time = 0;
        for (size_t i = 0; i < count; i++) {
            time += (int64_t)(test_random(&seed) % steps * 30000);
            events[i] = event(0, time, (int64_t)(test_random(&seed) % 90) - 20);
        }
        for (int span = 0; span < EMP_SPANS; span++) {
            uint32_t found[DAYS] = {0}, expected[DAYS] = {0};
            struct emp_visits plain = twin(events, count, (enum emp_calendar_span)span, expected);
            expect(events, count, (enum emp_calendar_span)span, plain);
            emp__visits_by_day(events, count, (enum emp_calendar_span)span, 0, found);
            assert_memory_equal(found, expected, sizeof found);
        }
    }
}

/* Of a history, in memory and with every partition out: the days add up to the repeat visits. */
static void days_of_a_history(void **state)
{
    (void)state;
    enum { ROWS = 4000, PEOPLE = 300 };
    static char names[PEOPLE][8];
    static struct test_event events[ROWS];
    uint64_t seed = 9, *first = NULL;
    for (int who = 0; who < PEOPLE; who++)
        sprintf(names[who], "%d", who);
    for (size_t i = 0; i < ROWS; i++)
        events[i] = (struct test_event){.id = names[test_random(&seed) % PEOPLE],
                                        .day = -30 + (int64_t)(test_random(&seed) % 200),
                                        .amount = (int64_t)(test_random(&seed) % 90) - 9};
    for (int way = 0; way < 4; way++) {
        struct emp_scatter_plan plan = {.partitions = 16,
                                        .threads = 1 + way,
                                        .needs = {.visits = 1u << EMP_SPAN_WEEK},
                                        .memory = way % 2 ? 0 : UINT64_C(1) << 40};
        struct test_history history;
        uint64_t sum = 0, visits = 0;
        assert_int_equal(test_build(events, ROWS, &plan, &history, NULL), EMP_OK);
        const struct emp_customers *customers = &history.customers;
        size_t days = (size_t)(customers->last_day - customers->first_day) + 1;
        assert_null(customers->visits[EMP_SPAN_DAY]);
        assert_null(customers->repeats[EMP_SPAN_DAY]);
        for (size_t d = 0; d < days; d++)
            sum += customers->repeats[EMP_SPAN_WEEK][d];
        for (size_t c = 0; c < customers->ids.count; c++)
            visits += customers->visits[EMP_SPAN_WEEK][c].count - 1;
        assert_int_equal(sum, visits);
        if (!first)
            first = memcpy(malloc(days * sizeof *first), customers->repeats[EMP_SPAN_WEEK],
                           days * sizeof *first);
        assert_memory_equal(first, customers->repeats[EMP_SPAN_WEEK], days * sizeof *first);
        test_history_free(&history);
    }
    free(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_of_days),
        cmocka_unit_test(by_hand),
        cmocka_unit_test(random_events),
        cmocka_unit_test(days_of_a_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
