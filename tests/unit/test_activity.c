// SPDX-License-Identifier: Apache-2.0
/* What a customer's rows tell beyond sums: by hand, and against every pair of rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "../lib/test_folder.h"
#include "history/activity.h"
#include "text/civil_time.h"

static struct emp_event event(int64_t day, int64_t second, int64_t amount, uint64_t product)
{
    return (struct emp_event){
        .time = day * EMP_DAY_SECONDS + second,
        .amount = amount,
        .token = {[EMP_TOKEN_PRODUCT] = product, [EMP_TOKEN_CHANNEL] = product % 2}};
}

static void expect(const struct emp_event *events, size_t count, int32_t day,
                   struct emp_activity expected)
{
    uint64_t scratch[64];
    struct emp_activity found = emp__activity(events, count, day, scratch);
    assert_memory_equal(&found, &expected, sizeof found);
}

static void by_hand(void **state)
{
    (void)state;
    /* Days -3, 0, 0, 7 with purchases, returns on -5, 0 and 8. */
    const struct emp_event events[] = {
        event(-5, 0, -1, 9),     event(-3, 86399, 10, 1), event(0, 0, 20, 2),   event(0, 0, 40, 1),
        event(0, 86399, -80, 8), event(7, 0, 160, 0),     event(8, 0, -320, 7),
    };
    expect(NULL, 0, 10, (struct emp_activity){0});
    expect(events, 1, 10, (struct emp_activity){0});
    expect(events, 2, 10,
           (struct emp_activity){.earlier = 10, .days = 1, .products = 1, .channels = 1});
    /* From -3 to 10 the middle is 3.5; to 8 it is 2.5; to 4 it is 0.5, the middle of day 0. */
    const struct emp_activity whole = {9 + 49, 70, 160, 3, 7, 2, 1};
    expect(events, 7, 10, whole);
    expect(events, 7, 8, whole);
    expect(events, 5, 4, (struct emp_activity){9, 10, 0, 2, 3, 2, 1});
    expect(events, 5, 3, (struct emp_activity){9, 10, 60, 2, 3, 2, 1});
    /* Seen from the day of the only purchase, which has no earlier half. */
    expect(events + 5, 1, 7, (struct emp_activity){.later = 160, .days = 1});
}

/* The longest time there is, and the largest sums. */
static void extremes(void **state)
{
    (void)state;
    const struct emp_event events[] = {event(EMP_FIRST_DAY, 0, INT64_MAX - 1, UINT64_MAX),
                                       event(EMP_LAST_DAY, 86399, 1, UINT64_MAX)};
    const int64_t all = EMP_LAST_DAY - EMP_FIRST_DAY;
    expect(events, 2, (int32_t)EMP_LAST_DAY + 1,
           (struct emp_activity){all * all, INT64_MAX - 1, 1, 2, (int32_t)all, 1, 1});
}

static void events_before_a_day(void **state)
{
    (void)state;
    enum { MOST = 40 };
    struct emp_event events[MOST];
    uint64_t seed = 3;
    for (int round = 0; round < 500; round++) {
        size_t count = test_random(&seed) % (MOST + 1);
        int64_t time = -20 * EMP_DAY_SECONDS;
        for (size_t i = 0; i < count; i++) {
            time += (int64_t)(test_random(&seed) % 3 * 30000);
            events[i] = event(0, time, 1, 0);
        }
        for (int32_t cut = -22; cut < 25; cut++) {
            size_t before = emp__events_before(events, count, cut);
            assert_true(before <= count);
            for (size_t i = 0; i < count; i++)
                assert_int_equal(events[i].time < cut * EMP_DAY_SECONDS, i < before);
        }
    }
}

/* Is the event the first purchase row of its day? */
static bool opens_day(const struct emp_event *events, size_t i)
{
    bool opens = events[i].amount >= 0;
    for (size_t k = 0; k < i; k++)
        opens = opens && (events[k].amount < 0 || emp__day_of_seconds(events[k].time) !=
                                                      emp__day_of_seconds(events[i].time));
    return opens;
}

/* The day of the purchase row before, on another day; or `none`. */
static int64_t day_before(const struct emp_event *events, size_t i, int64_t none)
{
    int64_t found = none, own = emp__day_of_seconds(events[i].time);
    for (size_t k = 0; k < i; k++)
        if (events[k].amount >= 0 && emp__day_of_seconds(events[k].time) < own)
            found = emp__day_of_seconds(events[k].time);
    return found;
}

static struct emp_activity twin(const struct emp_event *events, size_t count, int64_t day)
{
    const int64_t none = INT64_MIN;
    struct emp_activity sum = {0};
    int64_t first = none;
    for (size_t i = 0; i < count; i++) {
        int64_t own = emp__day_of_seconds(events[i].time);
        if (events[i].amount < 0)
            continue;
        first = first == none ? own : first;
        double place = (double)(own - first) + 0.5, middle = (double)(day - first) / 2;
        sum.earlier += place < middle ? events[i].amount : 0;
        sum.later += place > middle ? events[i].amount : 0;
        bool new_product = events[i].token[EMP_TOKEN_PRODUCT] != 0;
        bool new_channel = events[i].token[EMP_TOKEN_CHANNEL] != 0;
        for (size_t k = 0; k < i; k++) {
            const uint64_t *token = events[k].token;
            bool buys = events[k].amount >= 0;
            new_product &= !buys || token[EMP_TOKEN_PRODUCT] != events[i].token[EMP_TOKEN_PRODUCT];
            new_channel &= !buys || token[EMP_TOKEN_CHANNEL] != events[i].token[EMP_TOKEN_CHANNEL];
        }
        sum.products += new_product;
        sum.channels += new_channel;
        if (!opens_day(events, i))
            continue;
        int64_t before = day_before(events, i, none);
        int64_t interval = before == none ? 0 : own - before;
        sum.days++;
        sum.interval_squares += interval * interval;
        if (interval > sum.longest_interval)
            sum.longest_interval = (int32_t)interval;
    }
    return sum;
}

static void random_events(void **state)
{
    (void)state;
    enum { MOST = 60 };
    struct emp_event events[MOST];
    uint64_t seed = 17;
    for (int round = 0; round < 3000; round++) {
        size_t count = test_random(&seed) % (MOST + 1);
        uint64_t steps = 1 + test_random(&seed) % 5, products = 1 + test_random(&seed) % 30;
        int64_t time = -9 * EMP_DAY_SECONDS;
        for (size_t i = 0; i < count; i++) {
            time += (int64_t)(test_random(&seed) % steps * 40000);
            events[i] = event(0, time, (int64_t)(test_random(&seed) % 90) - 20,
                              test_random(&seed) % products);
        }
        int32_t last = (int32_t)emp__day_of_seconds(time);
        int32_t day = last + (int32_t)(test_random(&seed) % 10);
        expect(events, count, day, twin(events, count, day));
        /* Seen from a day in between, only what was before it counts. */
        int32_t cut = last - (int32_t)(test_random(&seed) % 10);
        size_t before = emp__events_before(events, count, cut);
        expect(events, before, cut, twin(events, before, cut));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(extremes),
        cmocka_unit_test(events_before_a_day),
        cmocka_unit_test(random_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
