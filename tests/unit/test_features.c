// SPDX-License-Identifier: Apache-2.0
/*
 * Every feature recomputed from raw rows, by its definition and in plain floating point; the same
 * bytes however the history was read; and what RFM says of the same customers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <math.h>

#include "../lib/test_analysis.h"
#include "../lib/test_history.h"
#include "features/feature.h"
#include "run/run_history.h"

enum { PEOPLE = 80, ROWS = 4000, DAYS = 400, DECIMALS = 2 };

static const struct emp_needs everything = {.transactions = true,
                                            .days = true,
                                            .orders = true,
                                            .products = true,
                                            .channels = true,
                                            .intervals = true};
static const uint64_t unlimited = UINT64_C(1) << 40;

/*
 * Person 0 only gives back, 1 buys once, 2 on one day only, 3 for nothing, 4 on the first and the
 * last day; the others at random, some rarely, times and amounts repeating.
 */
static struct test_event random_event(uint64_t *seed, char names[PEOPLE][8])
{
    uint64_t who = 5 + test_random(seed) % (PEOPLE - 5);
    who = test_random(seed) % 3 ? who : 5 + who % 6;
    who = test_random(seed) % 50 ? who : test_random(seed) % 2 ? 0 : 2 + test_random(seed) % 3;
    struct test_event event = {
        names[who],
        (int64_t)(test_random(seed) % DAYS),
        (int64_t)(test_random(seed) % 3 * 40000),
        (int64_t)(test_random(seed) % 5000) - 600,
        test_random(seed) % 60,
        test_random(seed) % (who < 20 ? 100 : 4),
        test_random(seed) % 4,
    };
    if (who == 0)
        event.amount = -1 - event.amount * event.amount % 100;
    if (who == 2)
        event.day = 77;
    if (who == 3)
        event.amount = 0;
    if (who == 4)
        event.day = event.day % 2 * (DAYS - 1);
    return event;
}

static struct test_event *random_events(void)
{
    static char names[PEOPLE][8];
    struct test_event *events = malloc(ROWS * sizeof *events);
    assert_non_null(events);
    uint64_t seed = 404;
    for (int who = 0; who < PEOPLE; who++)
        sprintf(names[who], who % 3 ? "%d" : "x%d", who);
    for (size_t i = 0; i < ROWS; i++)
        events[i] = random_event(&seed, names);
    events[ROWS / 2] = (struct test_event){names[1], 100, 0, 1234, 1, 0, 0};
    events[ROWS / 3] = (struct test_event){names[4], DAYS - 1, 0, 1, 1, 2, 3};
    return events;
}

static struct emp_feature_view view_of(const struct emp_customers *customers, enum emp_merge merge,
                                       bool net)
{
    const struct emp_input_params input = {.amount_decimals = DECIMALS,
                                           .returns = net ? EMP_RETURNS_NET : EMP_RETURNS_SEPARATE};
    return emp__feature_view(customers, &input, merge, DAYS);
}

/* What the definitions of the features speak of, for one customer, found the plain way. */
struct facts {
    double first, last, purchases, rows, days, bought, returned, return_rows, products, channels;
    double interval_sum, interval_squares, longest; /* the squares are of the deviations */
    double earlier, later;
};

static bool is_of(const struct test_event *event, const char *id, size_t length)
{
    return strlen(event->id) == length && memcmp(event->id, id, length) == 0;
}

/* Are two purchase rows one purchase? */
static bool merges(const struct test_event *a, const struct test_event *b, enum emp_merge merge)
{
    return merge == EMP_MERGE_DAY ? a->day == b->day
                                  : merge == EMP_MERGE_ORDER && a->order == b->order;
}

/* Compares a purchase row with those before it. */
static void count_row(const struct test_event *const *own, size_t i, enum emp_merge merge,
                      struct facts *facts)
{
    bool purchase = true, product = own[i]->product != 0, channel = own[i]->channel != 0;
    for (size_t k = 0; k < i; k++) {
        purchase = purchase && !merges(own[i], own[k], merge);
        product = product && own[i]->product != own[k]->product;
        channel = channel && own[i]->channel != own[k]->channel;
    }
    facts->purchases += purchase;
    facts->products += product;
    facts->channels += channel;
    facts->rows++;
    facts->bought += (double)own[i]->amount;
    facts->first = fmin(facts->first, (double)own[i]->day);
    facts->last = fmax(facts->last, (double)own[i]->day);
}

static void measure_intervals(const bool bought_on[DAYS], struct facts *facts)
{
    double interval[DAYS], last = NAN;
    int n = 0;
    for (int day = 0; day < DAYS; day++) {
        if (!bought_on[day])
            continue;
        facts->days++;
        if (!isnan(last))
            interval[n++] = day - last;
        last = day;
    }
    for (int i = 0; i < n; i++) {
        facts->interval_sum += interval[i];
        facts->longest = fmax(facts->longest, interval[i]);
    }
    for (int i = 0; i < n; i++)
        facts->interval_squares += pow(interval[i] - facts->interval_sum / n, 2);
}

static struct facts find_facts(const struct test_event *events, const char *id, size_t length,
                               enum emp_merge merge)
{
    struct facts facts = {.first = INFINITY, .last = -INFINITY};
    const struct test_event *own[ROWS];
    bool bought_on[DAYS] = {false};
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        if (!is_of(&events[i], id, length))
            continue;
        if (events[i].amount < 0) {
            facts.returned += (double)events[i].amount;
            facts.return_rows++;
            continue;
        }
        own[count] = &events[i];
        bought_on[events[i].day] = true;
        count_row(own, count++, merge, &facts);
    }
    measure_intervals(bought_on, &facts);
    for (size_t i = 0; i < count; i++) {
        double place = (double)own[i]->day + 0.5, middle = (facts.first + DAYS) / 2;
        double late = place > middle ? 1 : place < middle ? 0 : 0.5;
        facts.later += late * (double)own[i]->amount;
        facts.earlier += (1 - late) * (double)own[i]->amount;
    }
    return facts;
}

/* `value` where it is defined. */
static double where(bool defined, double value)
{
    return defined ? value : NAN;
}

static double expected(const char *name, const struct facts *f, bool net)
{
    const double unit = 100, n = f->days - 1, tenure = DAYS - f->first;
    const bool buys = f->rows > 0;
    const double money = (f->bought + (net ? f->returned : 0)) / unit;
    const double mean = f->interval_sum / n, sd = sqrt(f->interval_squares / n);
    const struct {
        const char *name;
        double value;
    } all[] = {
        {"recency_days", where(buys, DAYS - f->last)},
        {"tenure_days", where(buys, tenure)},
        {"lifetime_days", where(buys, f->last - f->first)},
        {"frequency", f->purchases},
        {"monetary", money},
        {"mean_purchase", where(buys, money / f->purchases)},
        {"rows_per_purchase", where(buys, f->rows / f->purchases)},
        {"purchase_rate", where(buys, f->purchases / tenure * 365.25)},
        {"monetary_rate", where(buys, money / tenure * 365.25)},
        {"purchase_days", f->days},
        {"mean_interval_days", where(n >= 1, mean)},
        {"longest_interval_days", where(n >= 1, f->longest)},
        {"interval_sd_days", where(n >= 2, sd)},
        {"interval_cv", where(n >= 2, sd / mean)},
        {"overdue_ratio", where(n >= 1, (DAYS - f->last) / mean)},
        {"products", f->products},
        {"channels", f->channels},
        {"return_rows", f->return_rows},
        {"return_amount", f->returned / unit},
        {"return_share", f->return_rows / (f->rows + f->return_rows)},
        {"return_amount_share", where(f->bought > 0, -f->returned / f->bought)},
        {"trend",
         where(f->bought > 0 && tenure >= 2, (f->later - f->earlier) / (f->later + f->earlier))},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].value;
    fail_msg("%s is not recomputed", name);
    return NAN;
}

/* The twin rounds at each step, a dozen times at most, the feature once or twice. */
static void check_value(const char *name, const char *id, double found, double wanted)
{
    bool same = isnan(wanted) ? isnan(found) : fabs(found - wanted) <= 1e-13 * (1 + fabs(wanted));
    if (!same)
        fail_msg("%s of %s: %.17g, not %.17g", name, id, found, wanted);
}

static void build(const struct test_event *events, size_t count, struct emp_scatter_plan plan,
                  struct test_history *out)
{
    emp_error error;
    plan.needs = everything;
    if (test_build(events, count, &plan, out, &error) != EMP_OK)
        fail_msg("%zu partitions, %d threads: %s", plan.partitions, plan.threads, error.message);
}

static void check_customer(const struct test_event *events, const struct emp_feature_view *view,
                           uint32_t customer, enum emp_merge merge)
{
    char scratch[24], id[24];
    size_t length;
    const char *bytes = emp__id_bytes(&view->customers->ids, customer, scratch, &length);
    sprintf(id, "%.*s", (int)length, bytes);
    struct facts facts = find_facts(events, id, length, merge);
    for (const struct emp_feature *feature = emp__features; feature->name; feature++) {
        double found;
        feature->compute(view, &customer, 1, &found);
        check_value(feature->name, id, found, expected(feature->name, &facts, view->net));
    }
}

static void features_from_their_definitions(void **state)
{
    (void)state;
    struct test_event *events = random_events();
    struct test_history history;
    build(events, ROWS,
          (struct emp_scatter_plan){.partitions = 4, .threads = 2, .memory = unlimited}, &history);
    /* The day of the history is the one after its last row: both agree. */
    assert_int_equal(history.customers.last_day + 1, DAYS);
    assert_int_equal(history.customers.ids.count, PEOPLE);
    for (int way = 0; way < 6; way++) {
        enum emp_merge merge = (enum emp_merge)(way / 2);
        struct emp_feature_view view = view_of(&history.customers, merge, way % 2);
        for (uint32_t customer = 0; customer < PEOPLE; customer++)
            check_customer(events, &view, customer, merge);
    }
    test_history_free(&history);
    free(events);
}

/* All features of all customers in order of id, to be freed. */
static double *all_values(const struct emp_customers *customers, size_t *bytes)
{
    size_t n = customers->ids.count, features = 0;
    double *values = malloc(EMP_FEATURES_MAX * n * sizeof *values);
    assert_non_null(values);
    uint32_t *by_id = test_by_id(customers);
    struct emp_feature_view view = view_of(customers, EMP_MERGE_ORDER, true);
    for (; emp__features[features].name; features++)
        emp__features[features].compute(&view, by_id, n, values + features * n);
    free(by_id);
    *bytes = features * n * sizeof *values;
    return values;
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

static void the_same_bytes_every_way(void **state)
{
    (void)state;
    static const size_t partitions[] = {1, 64, 256};
    static const int threads[] = {1, 2, 3, 7};
    struct test_event *events = random_events();
    double *first = NULL;
    for (size_t way = 0; way < 3 * 4 * 3; way++) {
        struct emp_scatter_plan plan = {.partitions = partitions[way % 3],
                                        .threads = threads[way / 3 % 4]};
        const uint64_t memory[] = {unlimited, 0, 40 * EMP_PIECE_BYTES};
        struct test_history history;
        size_t bytes;
        plan.memory = memory[way / 12];
        shuffle(events, way);
        build(events, ROWS, plan, &history);
        assert_true(plan.memory > 0 || history.spilled > 0);
        double *values = all_values(&history.customers, &bytes);
        test_history_free(&history);
        if (!first) {
            first = values;
            continue;
        }
        assert_memory_equal(values, first, bytes);
        free(values);
    }
    free(first);
    free(events);
}

/* Quotients that no double holds are the nearest to it: 22 / 3, 1 / 3, sqrt(2) / 3. */
static void exact_values(void **state)
{
    (void)state;
    const struct test_event events[] = {
        {"1", 10, 0, 100, 1, 1, 1}, {"1", 17, 0, 100, 2, 2, 1},  {"1", 24, 0, 100, 3, 2, 1},
        {"1", 32, 0, 700, 4, 0, 2}, {"1", 33, 0, -100, 4, 9, 9},
    };
    const struct {
        const char *name;
        double value;
    } wanted[] = {
        {"mean_interval_days", 22.0 / 3},
        {"longest_interval_days", 8},
        {"interval_sd_days", sqrt(2.0 / 9)},
        {"interval_cv", sqrt(2.0 / 484)},
        {"overdue_ratio", 2 * 3 / 22.0},
        {"mean_purchase", 2.5},
        {"purchase_rate", 1461 * 4 / (4 * 24.0)},
        {"monetary", 10},
        {"trend", 0.6},
        {"return_amount_share", 0.1},
        {"return_share", 0.2},
        {"products", 2},
        {"channels", 2},
        {"recency_days", 2},
        {"tenure_days", 24},
        {"lifetime_days", 22},
    };
    struct test_history history;
    build(events, 5, (struct emp_scatter_plan){.partitions = 1, .threads = 1, .memory = unlimited},
          &history);
    struct emp_feature_view view = view_of(&history.customers, EMP_MERGE_ROW, false);
    view.day = 34;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        double found;
        const uint32_t customer = 0;
        const struct emp_feature *feature = emp__feature_find(wanted[i].name);
        assert_non_null(feature);
        feature->compute(&view, &customer, 1, &found);
        if (found != wanted[i].value)
            fail_msg("%s: %.17g, not %.17g", wanted[i].name, found, wanted[i].value);
    }
    test_history_free(&history);
}

/* The column of customers.csv is the feature, to the last digit. */
static void compare_column(const struct test_analysis *analysis, const char *column,
                           const char *name, bool net)
{
    const emp_table *table = test_table(analysis, "customers");
    const struct emp_customers *customers = &analysis->history->customers;
    struct emp_feature_view view = view_of(customers, EMP_MERGE_DAY, net);
    uint32_t *by_id = test_by_id(customers);
    view.day = analysis->history->analysis_day;
    assert_int_equal(emp_table_rows(table), customers->ids.count);
    for (size_t row = 0; row < customers->ids.count; row++) {
        double found, wanted = test_number(table, row, column, NAN);
        emp__feature_find(name)->compute(&view, &by_id[row], 1, &found);
        if (isnan(wanted) ? !isnan(found) : found != wanted)
            fail_msg("%s, row %zu: %.17g, not %.17g", name, row, found, wanted);
    }
    free(by_id);
}

static void as_rfm_says(void **state)
{
    (void)state;
    struct test_folder folder = test_folder_new();
    struct emp_buffer csv = {0};
    uint64_t seed = 9;
    assert_int_equal(emp__buffer_text(&csv, "id,day,sum\n", NULL), EMP_OK);
    for (int i = 0; i < 3000; i++)
        assert_int_equal(emp__buffer_printf(
                             &csv, NULL, "%d,2024-%02d-%02d,%d.%02d\n",
                             (int)(test_random(&seed) % 700), 1 + (int)(test_random(&seed) % 12),
                             1 + (int)(test_random(&seed) % 28),
                             (int)(test_random(&seed) % 90) - 30, (int)(test_random(&seed) % 100)),
                         EMP_OK);
    test_write_text(&folder, "a.csv", csv.data);
    emp__buffer_free(&csv);
    for (int way = 0; way < 4; way++) {
        char yaml[400];
        bool net = way % 2, mean = way / 2;
        snprintf(yaml, sizeof yaml,
                 "analysis_date: %s\ninput:\n  transactions:\n    files: [a.csv]\n    returns: %s\n"
                 "    columns: {customer: id, time: day, amount: sum}\n"
                 "rfm: {merge: day, monetary: %s}\n",
                 mean ? "2024-12-28" : "last", net ? "net" : "separate", mean ? "mean" : "sum");
        struct test_analysis analysis = test_analyse(&folder, yaml, 2);
        compare_column(&analysis, "recency_days", "recency_days", net);
        compare_column(&analysis, "frequency", "frequency", net);
        compare_column(&analysis, "monetary", mean ? "mean_purchase" : "monetary", net);
        if (!net) {
            compare_column(&analysis, "return_rows", "return_rows", net);
            compare_column(&analysis, "return_amount", "return_amount", net);
        }
        test_analysis_free(&analysis);
    }
    test_folder_free(&folder);
}

/* Each is there once and found by its name, and says what it is. */
static void the_table(void **state)
{
    (void)state;
    const char *names[EMP_FEATURES_MAX + 1];
    char *text = NULL;
    emp__feature_names(names);
    assert_int_equal(emp_features_reference(&text, NULL), EMP_OK);
    size_t count = 0;
    for (; emp__features[count].name; count++) {
        const struct emp_feature *feature = &emp__features[count];
        char cell[100];
        snprintf(cell, sizeof cell, "\n| `%s` | %s%s", feature->name, feature->unit,
                 feature->unit[0] ? " |" : "|");
        assert_ptr_equal(names[count], feature->name);
        assert_ptr_equal(emp__feature_find(feature->name), feature);
        assert_non_null(strstr(text, cell));
        assert_non_null(strstr(text, feature->definition));
        assert_null(strchr(feature->definition, '|'));
    }
    assert_null(names[count]);
    assert_null(emp__feature_find("recency"));
    assert_null(emp__feature_find(""));
    free(text);
}

static void columns_that_lack(void **state)
{
    (void)state;
    char name[] = "x";
    struct emp_roles roles = {.customer = {.name = name}};
    assert_null(emp__needs_lack((struct emp_needs){.days = true, .intervals = true}, &roles));
    assert_string_equal(emp__needs_lack(everything, &roles), "order");
    roles.order.name = name;
    assert_string_equal(emp__needs_lack(everything, &roles), "product");
    roles.product.name = name;
    assert_string_equal(emp__needs_lack(everything, &roles), "channel");
    roles.channel.name = name;
    assert_null(emp__needs_lack(everything, &roles));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_from_their_definitions),
        cmocka_unit_test(the_same_bytes_every_way),
        cmocka_unit_test(exact_values),
        cmocka_unit_test(as_rfm_says),
        cmocka_unit_test(the_table),
        cmocka_unit_test(columns_that_lack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
