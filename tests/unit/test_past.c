// SPDX-License-Identifier: Apache-2.0
/*
 * The customers at cut-offs in the past: against a plain count of raw rows, against a history that
 * ends at the cut-off, and blind to everything that comes later.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <math.h>

#include "../lib/test_history.h"
#include "../lib/test_memory.h"
#include "base/buffer.h"
#include "features/feature.h"
#include "run/run_memory.h"

static const uint64_t unlimited = UINT64_C(1) << 40;

enum { PEOPLE = 60, ROWS = 1500, DAYS = 400, FIRST_DAY = -50, END = FIRST_DAY + DAYS };

static const struct emp_needs everything = {.days = true,
                                            .orders = true,
                                            .products = true,
                                            .channels = true,
                                            .intervals = true,
                                            .visits = 7,
                                            .cutoffs = 8};

static struct emp_scatter_plan plan_of(size_t partitions, int threads, uint64_t memory)
{
    return (struct emp_scatter_plan){
        .partitions = partitions, .threads = threads, .needs = everything, .memory = memory};
}

static void build(const struct test_event *events, size_t count, struct emp_scatter_plan plan,
                  const struct emp_cutoffs *cutoffs, struct test_history *out)
{
    emp_error error;
    if (test_build_at(events, count, &plan, cutoffs, out, &error) != EMP_OK)
        fail_msg("%zu partitions, %d threads, %" PRIu64 " bytes: %s", plan.partitions, plan.threads,
                 plan.memory, error.message);
}

/* Before all, on the edges of the data and between them, with and without a gap, on and after the
   last day; `lag`: from the end of what is known back to the analysis date. */
static struct emp_cutoffs some_cutoffs(int32_t lag)
{
    static const int32_t cuts[][2] = {
        {-1000, -1000}, {FIRST_DAY, FIRST_DAY}, {-1, 0}, {100, 100}, {100, 130}, {251, 260},
        {END, END}};
    struct emp_cutoffs cutoffs = {.day = END - lag, .end = END};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++)
        assert_int_equal(emp__cutoffs_add(&cutoffs, cuts[i][0], cuts[i][1], NULL), EMP_OK);
    return cutoffs;
}

/*
 * Persons 0 to 9 come before day 100 only, 10 to 19 from day 251 on only, 20 to 24 only give back.
 * Times lie on the edges of days, too; many are equal.
 */
static struct test_event random_event(uint64_t *seed, char names[PEOPLE][8])
{
    static const int64_t seconds[] = {0, 1, 43200, 86399};
    uint64_t who = test_random(seed) % PEOPLE;
    uint64_t days = who < 10 ? 100 - FIRST_DAY : who < 20 ? END - 251 : DAYS;
    int64_t first = who >= 10 && who < 20 ? 251 : FIRST_DAY;
    int64_t amount = (int64_t)(test_random(seed) % 500) - 120;
    return (struct test_event){
        .id = names[who],
        .day = first + (int64_t)(test_random(seed) % days),
        .second = seconds[test_random(seed) % 4],
        .amount = who >= 20 && who < 25 ? -1 - (amount & 63) : amount,
        .order = test_random(seed) % 50,
        .product = test_random(seed) % (who < 30 ? 60 : 4),
        .channel = test_random(seed) % 4,
    };
}

/* The last three rows lie on the first day, on the last, and in a customer of his own. */
static struct test_event *random_events(uint64_t seed)
{
    static char names[PEOPLE][8];
    struct test_event *events = malloc(ROWS * sizeof *events);
    assert_non_null(events);
    for (int who = 0; who < PEOPLE; who++)
        sprintf(names[who], who % 3 ? "%d" : "x%d", who);
    for (size_t i = 0; i < ROWS; i++)
        events[i] = random_event(&seed, names);
    events[ROWS - 3] = (struct test_event){names[3], FIRST_DAY, 0, 5, 1, 1, 1};
    events[ROWS - 2] = (struct test_event){names[13], END - 1, 86399, 5, 1, 1, 1};
    events[ROWS - 1] = (struct test_event){"once", 99, 86399, 5, 1, 1, 1};
    return events;
}

static void print_figures(const struct emp_customers *at, size_t customer, struct emp_buffer *out)
{
    char scratch[24];
    size_t length;
    const char *id = emp__id_bytes(&at->ids, customer, scratch, &length);
    const struct emp_summary *s = &at->summary[customer];
    const struct emp_activity *a = &at->activity[customer];
    assert_int_equal(emp__buffer_printf(out, NULL,
                                        "%.*s: %d..%d %u %u %" PRId64 " %" PRId64 " d%u o%u a%u %d "
                                        "%" PRId64 " %" PRId64 " %" PRId64 " %u %u",
                                        (int)length, id, s->first_day, s->last_day, s->purchases,
                                        s->return_rows, s->bought, s->returned, at->days[customer],
                                        at->orders[customer], a->days, a->longest_interval,
                                        a->interval_squares, a->earlier, a->later, a->products,
                                        a->channels),
                     EMP_OK);
    for (int span = 0; span < EMP_SPANS; span++) {
        const struct emp_visits *v = &at->visits[span][customer];
        assert_int_equal(emp__buffer_printf(out, NULL,
                                            " v%u %d %" PRId64 " %" PRId64 " %" PRId64 "%s",
                                            v->count, v->last_day, v->bought, v->returned,
                                            v->interval_squares, span + 1 < EMP_SPANS ? "" : "\n"),
                         EMP_OK);
    }
}

static void print_totals(const struct emp_customers *at, struct emp_buffer *out)
{
    assert_int_equal(emp__buffer_printf(out, NULL, "%" PRIu64 " %" PRId64 " %d..%d from %d\n",
                                        at->rows, (int64_t)at->money, at->first_day, at->last_day,
                                        at->day),
                     EMP_OK);
}

static bool is_empty(const struct emp_customers *at, size_t customer)
{
    static const struct emp_activity nothing;
    struct emp_summary empty = emp__summary_empty();
    return memcmp(&at->summary[customer], &empty, sizeof empty) == 0 && at->days[customer] == 0 &&
           at->orders[customer] == 0 &&
           memcmp(&at->activity[customer], &nothing, sizeof nothing) == 0 &&
           at->visits[EMP_SPAN_DAY][customer].count == 0;
}

/* Totals and customers in order of id, but for those of whom nothing is known. */
static struct emp_buffer print_known(const struct emp_customers *at)
{
    struct emp_buffer out = {0};
    uint32_t *by_id = test_by_id(at);
    print_totals(at, &out);
    for (size_t i = 0; i < at->ids.count; i++)
        if (!is_empty(at, by_id[i]))
            print_figures(at, by_id[i], &out);
    free(by_id);
    return out;
}

/* Everything that is after a cut-off, too. */
static struct emp_buffer print_all(const struct emp_customers *customers)
{
    struct emp_buffer out = {0};
    uint32_t *by_id = test_by_id(customers);
    for (size_t m = 0; m < customers->cutoffs; m++) {
        const struct emp_past *past = &customers->past[m];
        const struct emp_customers at = emp__customers_at(customers, m);
        print_totals(&at, &out);
        assert_int_equal(emp__buffer_printf(&out, NULL, "%d %" PRIu64 " %" PRIu64 "\n",
                                            past->totals.first_after, past->totals.known,
                                            past->totals.later),
                         EMP_OK);
        for (size_t i = 0; i < customers->ids.count; i++) {
            print_figures(&at, by_id[i], &out);
            assert_int_equal(
                emp__buffer_printf(&out, NULL, "%d\n", past->figures.next_day[by_id[i]]), EMP_OK);
        }
    }
    free(by_id);
    return out;
}

/* The customers of `whole` at a cut-off are those of a history that ends there. */
static void compare_with_end(const struct test_event *events, size_t count,
                             const struct emp_customers *whole, size_t m)
{
    const struct emp_cutoff *cutoff = &whole->past[m].cutoff;
    const struct emp_cutoffs present = {.day = cutoff->day, .end = cutoff->cut};
    const struct emp_customers at = emp__customers_at(whole, m);
    struct test_event *before = malloc(count * sizeof *before);
    struct test_history history;
    size_t kept = 0;
    assert_non_null(before);
    for (size_t i = 0; i < count; i++)
        if (events[i].day < cutoff->cut)
            before[kept++] = events[i];
    build(before, kept, plan_of(4, 1, unlimited), &present, &history);
    struct emp_buffer expected = print_known(&history.customers), found = print_known(&at);
    assert_string_equal(found.data, expected.data);
    assert_int_equal(whole->past[m].totals.known, history.customers.ids.count);
    emp__buffer_free(&expected);
    emp__buffer_free(&found);
    test_history_free(&history);
    free(before);
}

static void a_history_that_ends_there(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 6; round++) {
        struct test_event *events = random_events(round);
        struct emp_cutoffs cutoffs = some_cutoffs(round % 2);
        struct test_history history;
        build(events, ROWS, plan_of(4, 2, round % 3 ? unlimited : 0), &cutoffs, &history);
        assert_int_equal(history.customers.cutoffs, cutoffs.count);
        for (size_t m = 0; m < cutoffs.count; m++)
            compare_with_end(events, ROWS, &history.customers, m);
        test_history_free(&history);
        free(events);
    }
}

/* What is counted plainly, row by row, of one customer; and of all, in the totals. */
struct plain {
    struct emp_summary sum;
    uint32_t days, orders;
    int32_t next_day;
    bool known, there;
};

static bool is_of(const struct test_event *event, const char *id, size_t length)
{
    return strlen(event->id) == length && memcmp(event->id, id, length) == 0;
}

/* Is a purchase row the first of its day? */
static bool opens_day(const struct test_event *events, size_t i)
{
    bool opens = true;
    for (size_t k = 0; k < i; k++)
        opens = opens && !(strcmp(events[k].id, events[i].id) == 0 && events[k].amount >= 0 &&
                           events[k].day == events[i].day);
    return opens;
}

/* The orders of rows before a cut, which need not be in order of time. */
static uint32_t count_orders(const struct test_event *events, const char *id, size_t length,
                             int32_t cut)
{
    bool seen[64] = {false};
    uint32_t orders = 0;
    for (size_t i = 0; i < ROWS; i++) {
        const struct test_event *e = &events[i];
        if (!is_of(e, id, length) || e->day >= cut || e->amount < 0)
            continue;
        orders += !seen[e->order];
        seen[e->order] = true;
    }
    return orders;
}

static struct plain count_plainly(const struct test_event *events, const char *id, size_t length,
                                  const struct emp_cutoff *cutoff)
{
    struct plain plain = {.sum = emp__summary_empty(), .next_day = EMP_NO_DAY};
    for (size_t i = 0; i < ROWS; i++) {
        const struct test_event *e = &events[i];
        int32_t day = (int32_t)e->day;
        if (!is_of(e, id, length))
            continue;
        plain.there = true;
        if (day >= cutoff->from && e->amount >= 0 &&
            (plain.next_day == EMP_NO_DAY || day < plain.next_day))
            plain.next_day = day;
        if (day >= cutoff->cut)
            continue;
        plain.known = true;
        if (e->amount < 0) {
            plain.sum.return_rows++;
            plain.sum.returned += e->amount;
            continue;
        }
        plain.sum.purchases++;
        plain.sum.bought += e->amount;
        plain.days += opens_day(events, i);
        if (plain.sum.first_day == EMP_NO_DAY || day < plain.sum.first_day)
            plain.sum.first_day = day;
        if (plain.sum.last_day == EMP_NO_DAY || day > plain.sum.last_day)
            plain.sum.last_day = day;
    }
    plain.orders = count_orders(events, id, length, cutoff->cut);
    return plain;
}

static void check_totals(const struct test_event *events, const struct emp_past *past)
{
    const struct emp_past_totals *totals = &past->totals;
    int32_t first = INT32_MAX, last = INT32_MIN, after = INT32_MAX;
    uint64_t rows = 0;
    int64_t money = 0;
    for (size_t i = 0; i < ROWS; i++) {
        int32_t day = (int32_t)events[i].day;
        after = day >= past->cutoff.from && day < after ? day : after;
        if (day >= past->cutoff.cut)
            continue;
        rows++;
        money += events[i].amount;
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    assert_int_equal(totals->rows, rows);
    assert_true(totals->money == money);
    assert_int_equal(totals->first_day, rows ? first : EMP_NO_DAY);
    assert_int_equal(totals->last_day, rows ? last : EMP_NO_DAY);
    assert_int_equal(totals->first_after, after == INT32_MAX ? EMP_NO_DAY : after);
    assert_true(totals->last_day == EMP_NO_DAY || totals->last_day < past->cutoff.cut);
    assert_true(totals->first_after == EMP_NO_DAY || totals->first_after >= past->cutoff.from);
}

static void check_past(const struct test_event *events, const struct emp_customers *customers,
                       size_t m)
{
    const struct emp_past *past = &customers->past[m];
    const struct emp_figures *figures = &past->figures;
    uint64_t known = 0, later = 0;
    for (size_t c = 0; c < customers->ids.count; c++) {
        char scratch[24];
        size_t length;
        const char *id = emp__id_bytes(&customers->ids, c, scratch, &length);
        struct plain plain = count_plainly(events, id, length, &past->cutoff);
        assert_memory_equal(&figures->summary[c], &plain.sum, sizeof plain.sum);
        assert_int_equal(figures->days[c], plain.days);
        assert_int_equal(figures->orders[c], plain.orders);
        assert_int_equal(figures->activity[c].days, plain.days);
        assert_int_equal(figures->next_day[c], plain.next_day);
        known += plain.known;
        later += plain.there && !plain.known;
    }
    assert_int_equal(past->totals.known, known);
    assert_int_equal(past->totals.later, later);
    check_totals(events, past);
}

static void counted_from_raw_rows(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < 4; round++) {
        struct test_event *events = random_events(100 + round);
        struct emp_cutoffs cutoffs = some_cutoffs(round % 2);
        struct test_history history;
        build(events, ROWS, plan_of(8, 2, round % 2 ? unlimited : 0), &cutoffs, &history);
        for (size_t m = 0; m < cutoffs.count; m++)
            check_past(events, &history.customers, m);
        test_history_free(&history);
        free(events);
    }
}

/* Rows and edges of days, by hand: customer 1 is known, 2 comes later, 3 has given back only. */
static void by_hand(void **state)
{
    (void)state;
    static const struct test_event events[] = {
        {"1", 9, 86399, 10, 1, 1, 1}, {"1", 10, 0, 20, 1, 2, 1},     {"1", 12, 86399, -5, 2, 1, 1},
        {"1", 13, 0, -1, 2, 1, 1},    {"1", 14, 86399, 40, 3, 1, 1}, {"1", 3, 0, 5, 0, 1, 1},
        {"2", 10, 0, 7, 0, 0, 0},     {"3", 2, 0, -7, 0, 0, 0},
    };
    struct emp_cutoffs cutoffs = {.day = 19, .end = 20};
    assert_int_equal(emp__cutoffs_add(&cutoffs, 10, 13, NULL), EMP_OK);
    struct test_history history;
    build(events, 8, plan_of(1, 1, unlimited), &cutoffs, &history);
    const struct emp_past *past = &history.customers.past[0];
    const struct emp_customers at = emp__customers_at(&history.customers, 0);
    struct emp_buffer text = print_known(&at);
    assert_string_equal(text.data, "3 8 2..9 from 9\n"
                                   "1: 3..9 2 0 15 0 d2 o2 a2 6 36 5 10 1 1 v2 9 10 0 36 "
                                   "v2 9 10 0 36 v1 3 0 0 0\n"
                                   "3: -2147483648..-2147483648 0 1 0 -7 d0 o0 a0 0 0 0 0 0 0 "
                                   "v0 0 0 0 0 v0 0 0 0 0 v0 0 0 0 0\n");
    assert_int_equal(past->figures.next_day[0], 14);
    assert_int_equal(past->figures.next_day[1], EMP_NO_DAY);
    assert_int_equal(past->totals.first_after, 13);
    assert_int_equal(past->totals.known, 2);
    assert_int_equal(past->totals.later, 1);
    assert_int_equal(at.cutoffs, 0);
    assert_null(at.past);
    assert_int_equal(emp__customers_find(&at, history.customers.ids.word[2], NULL), 2);
    emp__buffer_free(&text);
    test_history_free(&history);
}

/* A row at or after a cut, of one of the customers or of a new one. */
static struct test_event later_event(const struct test_event *events, int32_t cut, uint64_t *seed)
{
    return (struct test_event){
        .id = test_random(seed) % 9 ? events[test_random(seed) % ROWS].id : "new",
        .day = cut + (int64_t)(test_random(seed) % 90),
        .second = (int64_t)(test_random(seed) % 2 * 86399),
        .amount = (int64_t)(test_random(seed) % 100000) - 50000,
        .order = test_random(seed) % 50,
        .product = test_random(seed) % 1000,
        .channel = test_random(seed) % 1000,
    };
}

/* Rows at or after the cut are left out, become others, or get company. Returns how many there are
   in `out`, which has room for two for each. */
static size_t change_later(const struct test_event *events, int32_t cut, uint64_t seed,
                           struct test_event *out)
{
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t die = events[i].day >= cut ? test_random(&seed) % 4 : 3;
        if (die == 1 || die == 2)
            out[count++] = later_event(events, cut, &seed);
        if (die == 2 || die == 3)
            out[count++] = events[i];
    }
    return count;
}

/* What is known at a cut-off; and in *next_days, of what follows. */
static struct emp_buffer known_at(const struct test_event *events, size_t count,
                                  const struct emp_cutoffs *cutoffs, size_t m, int64_t *next_days)
{
    struct test_history history;
    build(events, count, plan_of(4, 2, unlimited), cutoffs, &history);
    const struct emp_customers at = emp__customers_at(&history.customers, m);
    struct emp_buffer text = print_known(&at);
    *next_days = 0;
    for (size_t c = 0; c < at.ids.count; c++)
        *next_days += history.customers.past[m].figures.next_day[c];
    test_history_free(&history);
    return text;
}

/* A row of the day before the cut is seen. */
static void expect_change(struct test_event *events, const struct emp_cutoffs *cutoffs, size_t m,
                          const char *expected)
{
    int64_t next_days;
    events[ROWS - 1] = (struct test_event){"once", cutoffs->items[m].cut - 1, 86399, 1, 1, 1, 1};
    struct emp_buffer found = known_at(events, ROWS, cutoffs, m, &next_days);
    assert_string_not_equal(found.data, expected);
    emp__buffer_free(&found);
}

/* Whatever happens from the cut on, no byte of the past but `next_day` changes. */
static void nothing_later_is_seen(void **state)
{
    (void)state;
    const struct emp_cutoffs cutoffs = some_cutoffs(0);
    struct test_event *changed = malloc(2 * ROWS * sizeof *changed);
    assert_non_null(changed);
    for (size_t m = 0; m < cutoffs.count; m++) {
        struct test_event *events = random_events(7 + m);
        int64_t before, after;
        struct emp_buffer expected = known_at(events, ROWS, &cutoffs, m, &before);
        for (uint64_t round = 0; round < 5; round++) {
            size_t count = change_later(events, cutoffs.items[m].cut, round, changed);
            struct emp_buffer found = known_at(changed, count, &cutoffs, m, &after);
            assert_string_equal(found.data, expected.data);
            assert_true(after != before || cutoffs.items[m].cut == END);
            emp__buffer_free(&found);
        }
        expect_change(events, &cutoffs, m, expected.data);
        emp__buffer_free(&expected);
        free(events);
    }
    free(changed);
}

/* All features of a customer, as seen from the day of the customers. */
static void features_of(const struct emp_customers *customers, const char *id,
                        double out[EMP_FEATURES_MAX])
{
    const struct emp_input_params input = {.amount_decimals = 2, .returns = EMP_RETURNS_NET};
    struct emp_feature_view view =
        emp__feature_view(customers, &input, EMP_MERGE_ORDER, customers->day);
    const struct test_event event = {.id = id};
    struct emp_row row = test_row(&event);
    uint32_t customer = (uint32_t)emp__customers_find(customers, row.customer, NULL);
    assert_true(customer < customers->ids.count);
    for (size_t f = 0; emp__features[f].name; f++)
        emp__features[f].compute(&view, &customer, 1, &out[f]);
}

/*
 * What was learned from fits what is scored: who, at the analysis date, has done what another had
 * done as long before the cut-off, has the same features, whichever way the date was given.
 */
static void as_at_the_analysis_date(void **state)
{
    (void)state;
    enum { CUT = 60, SHIFT = END - CUT, OWN = 40 };
    for (int32_t lag = 0; lag < 2; lag++) {
        struct test_event events[2 * OWN + 1];
        struct test_history history;
        uint64_t seed = 3;
        for (size_t i = 0; i < OWN; i++) {
            events[i] = (struct test_event){
                .id = "1",
                .day = i ? (int64_t)(test_random(&seed) % CUT) : CUT - 1,
                .second = 86399,
                .amount = (int64_t)(i * 7 % 40) - 90 * (i % 5 == 4),
                .order = i % 13,
                .product = i % 9,
                .channel = i % 3,
            };
            events[OWN + i] = events[i];
            events[OWN + i].id = "2";
            events[OWN + i].day += SHIFT;
        }
        events[2 * OWN] = (struct test_event){"1", CUT, 0, 99, 99, 99, 99};
        struct emp_cutoffs cutoffs = {.day = END - lag, .end = END};
        assert_int_equal(emp__cutoffs_add(&cutoffs, CUT, CUT, NULL), EMP_OK);
        build(events, 2 * OWN + 1, plan_of(2, 1, unlimited), &cutoffs, &history);
        const struct emp_customers at = emp__customers_at(&history.customers, 0);
        double past[EMP_FEATURES_MAX], present[EMP_FEATURES_MAX];
        features_of(&at, "1", past);
        features_of(&history.customers, "2", present);
        for (size_t f = 0; emp__features[f].name; f++)
            if (past[f] != present[f])
                fail_msg("%s: %.17g at the cut-off, %.17g at the analysis date",
                         emp__features[f].name, past[f], present[f]);
        assert_true(past[0] == 1 - lag);
        test_history_free(&history);
    }
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

static void the_same_past_every_way(void **state)
{
    (void)state;
    static const size_t partitions[] = {1, 16, 256};
    static const int threads[] = {1, 2, 3, 7};
    static const uint64_t memory[] = {unlimited, 0, 20 * EMP_PIECE_BYTES};
    const struct emp_cutoffs cutoffs = some_cutoffs(1);
    struct test_event *events = random_events(77);
    struct emp_buffer first = {0};
    for (size_t way = 0; way < 3 * 4 * 3; way++) {
        struct emp_scatter_plan plan =
            plan_of(partitions[way % 3], threads[way / 3 % 4], memory[way / 12]);
        struct test_history history;
        shuffle(events, way);
        build(events, ROWS, plan, &cutoffs, &history);
        assert_true(plan.memory > 0 || history.partitions_out == plan.partitions);
        assert_true(history.partitions_out == 0 || history.spilled > 0);
        struct emp_buffer text = print_all(&history.customers);
        test_history_free(&history);
        if (first.data)
            assert_string_equal(text.data, first.data);
        else
            assert_int_equal(emp__buffer_text(&first, text.data, NULL), EMP_OK);
        emp__buffer_free(&text);
    }
    emp__buffer_free(&first);
    free(events);
}

/* The present is the same with a past and without; what is not asked for is not there. */
static void the_present_does_not_change(void **state)
{
    (void)state;
    const struct emp_cutoffs cutoffs = some_cutoffs(0), none = {.day = END, .end = END};
    struct test_event *events = random_events(5);
    struct test_history with, without, little;
    build(events, ROWS, plan_of(8, 2, unlimited), &cutoffs, &with);
    build(events, ROWS, plan_of(8, 2, unlimited), &none, &without);
    struct emp_scatter_plan plan = plan_of(8, 2, 0);
    plan.needs = (struct emp_needs){.cutoffs = 7};
    build(events, ROWS, plan, &cutoffs, &little);
    struct emp_buffer a = print_known(&with.customers), b = print_known(&without.customers);
    assert_string_equal(a.data, b.data);
    assert_null(without.customers.past);
    for (size_t m = 0; m < cutoffs.count; m++) {
        const struct emp_figures *lean = &little.customers.past[m].figures;
        const struct emp_figures *full = &with.customers.past[m].figures;
        size_t n = with.customers.ids.count;
        assert_null(lean->days);
        assert_null(lean->orders);
        assert_null(lean->activity);
        assert_memory_equal(lean->summary, full->summary, n * sizeof *lean->summary);
        assert_memory_equal(lean->next_day, full->next_day, n * sizeof *lean->next_day);
    }
    emp__buffer_free(&a);
    emp__buffer_free(&b);
    test_history_free(&with);
    test_history_free(&without);
    test_history_free(&little);
    free(events);
}

/* Customers of the customers file alone are neither known nor later. */
static void customers_without_any_row(void **state)
{
    (void)state;
    static const struct test_event listed[] = {{.id = "1", .amount = EMP_NO_AMOUNT},
                                               {.id = "new", .amount = EMP_NO_AMOUNT},
                                               {.id = "8", .amount = EMP_NO_AMOUNT}};
    static const struct test_event events[] = {{"1", 5, 0, 10, 1, 1, 1}, {"2", 15, 0, 10, 1, 1, 1}};
    struct emp_cutoffs cutoffs = {.day = 20, .end = 20};
    assert_int_equal(emp__cutoffs_add(&cutoffs, 10, 10, NULL), EMP_OK);
    for (int out = 0; out < 2; out++) {
        struct test_history history = {.folder = test_folder_new()};
        struct emp_scatter_plan plan = plan_of(2, 1, out ? 0 : unlimited);
        struct emp_scatter *scatter = NULL;
        assert_int_equal(emp__spill_new(history.folder.path, &plan.spill, NULL), EMP_OK);
        assert_int_equal(emp__store_new(history.folder.path, plan.memory, &history.store, NULL),
                         EMP_OK);
        assert_int_equal(emp__scatter_new(&plan, &scatter, NULL), EMP_OK);
        struct test_feed list = {listed, 3, 1, emp__scatter_sink(scatter), true};
        struct test_feed feed = {events, 2, 1, emp__scatter_sink(scatter), true};
        assert_int_equal(test_feed_rows(&list, 0, NULL), EMP_OK);
        assert_int_equal(emp__scatter_hand_over(scatter, NULL), EMP_OK);
        assert_int_equal(test_fill(&feed, &cutoffs, scatter, &history, NULL), EMP_OK);
        const struct emp_past *past = &history.customers.past[0];
        assert_int_equal(history.customers.ids.count, 4);
        assert_int_equal(past->totals.known, 1);
        assert_int_equal(past->totals.later, 1);
        emp__scatter_free(scatter);
        emp__spill_free(plan.spill);
        test_history_free(&history);
    }
}

/* A sum that does not fit is found, on whichever side of the cut it is; to the last unit it fits.
 */
static void sums_that_do_not_fit(void **state)
{
    (void)state;
    const struct test_event large[][3] = {
        {{"1", 1, 0, INT64_MAX, 0, 0, 0}, {"7", 1, 0, 5, 0, 0, 0}, {"1", 2, 0, 1, 0, 0, 0}},
        {{"1", 1, 0, INT64_MAX, 0, 0, 0}, {"7", 1, 0, 5, 0, 0, 0}, {"1", 12, 0, 1, 0, 0, 0}},
        {{"1", 12, 0, -INT64_MAX, 0, 0, 0}, {"7", 1, 0, 5, 0, 0, 0}, {"1", 13, 0, -2, 0, 0, 0}},
        {{"1", 1, 0, INT64_MAX, 0, 0, 0},
         {"1", 1, 0, -INT64_MAX, 0, 0, 0},
         {"7", 9, 0, INT64_MAX, 0, 0, 0}}};
    struct emp_cutoffs cutoffs = {.day = 20, .end = 20};
    assert_int_equal(emp__cutoffs_add(&cutoffs, 10, 10, NULL), EMP_OK);
    for (int way = 0; way < 8; way++) {
        struct emp_scatter_plan plan = plan_of(4, 1, way % 2 ? 0 : unlimited);
        struct test_history history;
        emp_error error = {.status = EMP_OK};
        emp_status status = test_build_at(large[way / 2], 3, &plan, &cutoffs, &history, &error);
        assert_int_equal(status, way / 2 == 3 ? EMP_OK : EMP_ERR_DATA);
        if (status == EMP_OK)
            assert_true(history.customers.past[0].totals.money == INT64_MAX);
        else
            assert_non_null(strstr(error.message, "customer '1'"));
        test_history_free(&history);
    }
}

static void what_may_be_asked_for(void **state)
{
    (void)state;
    struct emp_cutoffs cutoffs = {.day = 99, .end = 100};
    emp_error error;
    for (int twice = 0; twice < 2; twice++)
        for (int32_t i = 0; i < EMP_CUTOFFS_MAX; i++)
            assert_int_equal(emp__cutoffs_add(&cutoffs, i, i + i % 2, &error), EMP_OK);
    assert_int_equal(cutoffs.count, EMP_CUTOFFS_MAX);
    assert_int_equal(cutoffs.items[7].cut, 7);
    assert_int_equal(cutoffs.items[7].from, 8);
    assert_int_equal(cutoffs.items[7].day, 6);
    assert_int_equal(emp__cutoffs_add(&cutoffs, 90, 90, &error), EMP_ERR_PARAMS);
    assert_string_equal(error.message, "more than 64 days of the past are asked for");
    cutoffs.count = 1;
    assert_int_equal(emp__cutoffs_add(&cutoffs, 31, 30, &error), EMP_ERR_PARAMS);
    assert_string_equal(error.message, "what is to be foretold begins on 1970-01-31, before the "
                                       "cut-off 1970-02-01");
    assert_int_equal(emp__cutoffs_add(&cutoffs, 0, 101, &error), EMP_ERR_PARAMS);
    assert_string_equal(error.message, "what is to be foretold begins on 1970-04-12, but from "
                                       "1970-04-11 on nothing is known");
    assert_int_equal(emp__cutoffs_add(&cutoffs, INT32_MIN, 0, &error), EMP_ERR_PARAMS);
    assert_int_equal(emp__cutoffs_add(&cutoffs, 0, INT32_MAX, &error), EMP_ERR_PARAMS);
    assert_int_equal(cutoffs.count, 1);
    assert_int_equal(emp__cutoffs_add(&cutoffs, 100, 100, &error), EMP_OK);
    cutoffs.end = cutoffs.day = (int32_t)EMP_LAST_DAY;
    assert_int_equal(emp__cutoffs_add(&cutoffs, (int32_t)EMP_FIRST_DAY + 1, 5, &error), EMP_OK);
}

static void which_there_are(void **state)
{
    (void)state;
    const struct emp_cutoffs cutoffs = some_cutoffs(0);
    struct test_history history;
    struct emp_scatter_plan plan = plan_of(2, 1, unlimited);
    emp_error error;
    build(NULL, 0, plan, &cutoffs, &history);
    for (size_t m = 0; m < cutoffs.count; m++) {
        const struct emp_past *past = &history.customers.past[m];
        assert_int_equal(
            emp__customers_cutoff(&history.customers, cutoffs.items[m].cut, cutoffs.items[m].from),
            m);
        assert_int_equal(past->totals.first_day, EMP_NO_DAY);
        assert_int_equal(past->totals.first_after, EMP_NO_DAY);
    }
    assert_int_equal(emp__customers_cutoff(&history.customers, 100, 101), cutoffs.count);
    test_history_free(&history);
    /* More than were announced. */
    plan.needs.cutoffs = 6;
    assert_int_equal(test_build_at(NULL, 0, &plan, &cutoffs, &history, &error), EMP_ERR_INTERNAL);
    test_history_free(&history);
}

/* So many customers that the arrays of the past are files where memory is short. */
static void large_arrays_in_files(void **state)
{
    (void)state;
    enum { MANY = 300000 };
    static char names[MANY][9];
    struct test_event *events = malloc(MANY * sizeof *events);
    assert_non_null(events);
    for (size_t i = 0; i < MANY; i++) {
        sprintf(names[i], i % 4 ? "%zu" : "t%zu", i / 2 * 7 % MANY);
        events[i] =
            (struct test_event){names[i], (int64_t)(i * 7919 % 1000), 0, (int64_t)i, i, i, i};
    }
    struct emp_cutoffs cutoffs = {.day = 1000, .end = 1000};
    assert_int_equal(emp__cutoffs_add(&cutoffs, 500, 600, NULL), EMP_OK);
    assert_int_equal(emp__cutoffs_add(&cutoffs, 300, 300, NULL), EMP_OK);
    struct test_history memory, files;
    build(events, MANY, plan_of(16, 2, unlimited), &cutoffs, &memory);
    build(events, MANY, plan_of(16, 2, 0), &cutoffs, &files);
    size_t n = memory.customers.ids.count;
    assert_int_equal(memory.file_bytes, 0);
    assert_true(files.file_bytes >
                n * 2 * (sizeof(struct emp_summary) + sizeof(struct emp_activity)));
    assert_int_equal(files.customers.ids.count, n);
    for (size_t m = 0; m < 2; m++) {
        const struct emp_figures *a = &memory.customers.past[m].figures;
        const struct emp_figures *b = &files.customers.past[m].figures;
        assert_memory_equal(a->summary, b->summary, n * sizeof *a->summary);
        assert_memory_equal(a->days, b->days, n * sizeof *a->days);
        assert_memory_equal(a->orders, b->orders, n * sizeof *a->orders);
        assert_memory_equal(a->activity, b->activity, n * sizeof *a->activity);
        assert_memory_equal(a->next_day, b->next_day, n * sizeof *a->next_day);
    }
    test_history_free(&memory);
    test_history_free(&files);
    free(events);
}

/* The disk gets full sooner or later, with all threads at work. */
static void a_full_disk(void **state)
{
    (void)state;
    const struct emp_cutoffs cutoffs = some_cutoffs(0);
    struct test_event *events = random_events(8);
    bool failed = false, succeeded = false;
    for (rlim_t room = 0; room < 1 << 22; room = room * 2 + 10000) {
        struct emp_scatter_plan plan = plan_of(16, 7, 0);
        struct test_history history;
        emp_error error = {.status = EMP_OK};
        test_limit_files(room);
        emp_status status = test_build_at(events, ROWS, &plan, &cutoffs, &history, &error);
        test_limit_files(RLIM_INFINITY);
        failed = failed || status != EMP_OK;
        succeeded = succeeded || status == EMP_OK;
        if (status != EMP_OK) {
            assert_int_equal(status, EMP_ERR_IO);
            assert_string_equal(error.file, history.folder.path);
        }
        test_history_free(&history);
    }
    assert_true(failed && succeeded);
    free(events);
}

/* Each cut-off adds its arrays to what a run is expected to take. */
static void memory_is_foreseen(void **state)
{
    (void)state;
    struct emp_run_memory memory = {0};
    struct emp_scatter_plan plan = plan_of(16, 2, unlimited);
    plan.needs.cutoffs = 1;
    uint64_t one = emp__run_memory_expected(&memory, &plan, 0, 1000);
    plan.needs.cutoffs = 4;
    uint64_t four = emp__run_memory_expected(&memory, &plan, 0, 1000);
    size_t figures = sizeof(struct emp_summary) + sizeof(struct emp_activity) +
                     2 * sizeof(uint32_t) + sizeof(int32_t) + EMP_SPANS * sizeof(struct emp_visits);
    assert_int_equal(emp__figures_bytes(emp__figures_past(plan.needs)), figures);
    assert_int_equal(four - one, 3 * 1000 * figures);
    assert_true(emp__customers_overhead(&plan) >= 16 * 4 * sizeof(struct emp_past));
    plan.needs = (struct emp_needs){.cutoffs = 1};
    assert_true(emp__needs_rows(plan.needs));
    assert_int_equal(emp__needs_tokens(plan.needs), 0);
    plan.needs.cutoffs = 0;
    assert_false(emp__needs_rows(plan.needs));
    assert_int_equal(emp__customers_overhead(&plan), 0);
    assert_int_equal(emp__needs_union(everything, everything).cutoffs, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(counted_from_raw_rows),
        cmocka_unit_test(a_history_that_ends_there),
        cmocka_unit_test(nothing_later_is_seen),
        cmocka_unit_test(as_at_the_analysis_date),
        cmocka_unit_test(the_same_past_every_way),
        cmocka_unit_test(the_present_does_not_change),
        cmocka_unit_test(customers_without_any_row),
        cmocka_unit_test(sums_that_do_not_fit),
        cmocka_unit_test(what_may_be_asked_for),
        cmocka_unit_test(which_there_are),
        cmocka_unit_test(large_arrays_in_files),
        cmocka_unit_test(a_full_disk),
        cmocka_unit_test(memory_is_foreseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
