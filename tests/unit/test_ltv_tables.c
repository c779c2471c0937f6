// SPDX-License-Identifier: Apache-2.0
/*
 * The tables of a run with lifetime values, computed again from the purchases: the holdout by class
 * and by tenth, the weeks as they were and as they were expected, and the equity of groups. What a
 * model expects of one customer is taken from the kernel at the parameters that the run found; all
 * that is made of it is added up here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "../lib/test_analysis.h"
#include "lifetime/bgnbd.h"
#include "lifetime/predict.h"

enum { CUSTOMERS = 120, DAYS = 150, CUT = 99, HOLDOUT = DAYS - 1 - CUT, CLASSES = 9, WEEK = 7 };

/* A customer as they were at the end of day CUT, and what they did then. */
struct customer {
    bool bought[DAYS];
    int birth, x, last, later, lately; /* lately: repeat purchases on the HOLDOUT days before */
    double expected, rate, none;       /* purchases in the holdout; P(no purchase in it) */
};

struct shop {
    struct customer customers[CUSTOMERS];
    struct test_folder folder;
    struct test_analysis analysis;
    double parameter[EMP_LIFETIME_PARAMETERS];
};

static void write_date(FILE *out, int day)
{
    char date[32];
    struct tm at = {.tm_year = 123, .tm_mday = 1 + day, .tm_hour = 12}; /* 2023-01-01 is day 0 */
    timegm(&at);
    strftime(date, sizeof date, "%Y-%m-%d", &at);
    fputs(date, out);
}

/* Some come often, some once; a fifth of the days have two rows. */
static void live(FILE *out, int number, uint64_t *seed, struct customer *c)
{
    int often = 4 + number % 5 * 9, leaves = 40 + (int)(test_random(seed) % 200);
    *c = (struct customer){.birth = (int)(test_random(seed) % 60)};
    for (int day = c->birth; day < DAYS && day < c->birth + leaves; day++) {
        if (day > c->birth && test_random(seed) % (uint64_t)often != 0)
            continue;
        c->bought[day] = true;
        for (int row = test_random(seed) % 5 == 0 ? 2 : 1; row > 0; row--) {
            fprintf(out, "%d,", number);
            write_date(out, day);
            fprintf(out, ",%d.%02d\n", 3 + number % 17 + (int)(test_random(seed) % 9),
                    (int)(test_random(seed) % 100));
        }
    }
}

static void summarise(struct customer *c)
{
    for (int day = c->birth + 1; day < DAYS; day++) {
        c->x += c->bought[day] && day <= CUT;
        c->lately += c->bought[day] && day <= CUT && day > CUT - HOLDOUT;
        c->later += c->bought[day] && day > CUT;
        if (c->bought[day] && day <= CUT)
            c->last = day - c->birth;
    }
}

static void read_parameters(struct shop *shop)
{
    const emp_table *table = test_table(&shop->analysis, "ltv_parameters");
    for (size_t p = 0; p < 4; p++) {
        assert_string_equal(test_cell(table, p, "model").text, "mbgnbd");
        shop->parameter[p] = test_number(table, p, "estimate", NAN);
    }
}

static void foretell(struct shop *shop)
{
    for (int i = 0; i < CUSTOMERS; i++) {
        struct customer *c = &shop->customers[i];
        const struct emp_lifetime_customer seen = {c->x, c->last, CUT - c->birth};
        c->expected = emp__lifetime_expected(&emp__mbgnbd, shop->parameter, &seen, HOLDOUT);
        c->none = emp__lifetime_probability(&emp__mbgnbd, shop->parameter, &seen, HOLDOUT, 0);
        c->rate = (double)c->x / (CUT - c->birth) * HOLDOUT;
    }
}

static int open_shop(void **state)
{
    static struct shop shop;
    uint64_t seed = 9;
    shop.folder = test_folder_new();
    FILE *out = fopen(test_path(&shop.folder, "sales.csv").text, "w");
    assert_non_null(out);
    fputs("id,day,amount\n", out);
    for (int i = 0; i < CUSTOMERS; i++) {
        live(out, i + 1, &seed, &shop.customers[i]);
        summarise(&shop.customers[i]);
    }
    assert_int_equal(fclose(out), 0);
    shop.analysis =
        test_analyse(&shop.folder,
                     "input:\n  transactions: {files: sales.csv,\n"
                     "    columns: {customer: id, time: day, amount: amount}}\n"
                     "analysis_date: 2023-05-30\nrfm: {}\n"
                     "segment: {features: [recency_days, monetary], k: 3}\n"
                     "ltv: {model: mbgnbd, unit: day, calibration_end: 2023-04-10, horizon: 30}\n",
                     2);
    read_parameters(&shop);
    foretell(&shop);
    *state = &shop;
    return 0;
}

static int close_shop(void **state)
{
    struct shop *shop = *state;
    test_analysis_free(&shop->analysis);
    test_folder_free(&shop->folder);
    return 0;
}

static void expect_near(const char *what, double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-9 * (1.0 + fabs(expected))))
        fail_msg("%s: %.17g instead of %.17g", what, found, expected);
}

/* --- The holdout --- */

static double forecast(const struct customer *c, const char *model)
{
    if (strcmp(model, "mbgnbd") == 0)
        return c->expected;
    return strcmp(model, "past rate") == 0 ? c->rate : c->lately;
}

static int class_of(const struct customer *c)
{
    return c->x < 7 ? c->x : 7;
}

/* Pearson's correlation of ranks, found by counting: those who are less, and half of the others
 * who are equal. */
static double rank_correlation(const struct shop *shop, const char *model)
{
    double xy = 0.0, xx = 0.0, yy = 0.0, middle = 0.5 * (CUSTOMERS - 1);
    for (int i = 0; i < CUSTOMERS; i++) {
        const struct customer *a = &shop->customers[i];
        double x = -middle, y = -middle;
        for (int j = 0; j < CUSTOMERS; j++) {
            const struct customer *b = &shop->customers[j];
            double by = forecast(b, model), ay = forecast(a, model);
            x += b->later < a->later ? 1.0 : b->later == a->later && i != j ? 0.5 : 0.0;
            y += by < ay ? 1.0 : by == ay && i != j ? 0.5 : 0.0;
        }
        xy += x * y;
        xx += x * x;
        yy += y * y;
    }
    return xy / sqrt(xx * yy);
}

static void expect_class(const struct shop *shop, size_t row, const char *model, int class)
{
    const emp_table *table = test_table(&shop->analysis, "ltv_validation");
    double n = 0.0, actual = 0.0, predicted = 0.0, absolute = 0.0, squares = 0.0;
    for (int i = 0; i < CUSTOMERS; i++) {
        const struct customer *c = &shop->customers[i];
        if (class < CLASSES - 1 && class_of(c) != class)
            continue;
        double off = forecast(c, model) - c->later;
        n++;
        actual += c->later;
        predicted += forecast(c, model);
        absolute += fabs(off);
        squares += off * off;
    }
    assert_string_equal(test_cell(table, row, "model").text, model);
    expect_near("customers", test_number(table, row, "customers", NAN), n);
    expect_near("actual_total", test_number(table, row, "actual_total", NAN), actual);
    expect_near("predicted_total", test_number(table, row, "predicted_total", NAN), predicted);
    expect_near("actual_mean", test_number(table, row, "actual_mean", NAN), actual / n);
    expect_near("predicted_mean", test_number(table, row, "predicted_mean", NAN), predicted / n);
    expect_near("mae", test_number(table, row, "mae", NAN), absolute / n);
    expect_near("rmse", test_number(table, row, "rmse", NAN), sqrt(squares / n));
    if (actual > 0.0)
        expect_near("total_error", test_number(table, row, "total_error", NAN),
                    predicted / actual - 1.0);
}

static void validation(void **state)
{
    static const char *const models[] = {"mbgnbd", "past rate", "last period"};
    static const char *const classes[CLASSES] = {"0", "1", "2", "3", "4", "5", "6", "7+", "all"};
    const struct shop *shop = *state;
    const emp_table *table = test_table(&shop->analysis, "ltv_validation");
    assert_int_equal(emp_table_rows(table), 3 * CLASSES);
    for (int m = 0; m < 3; m++)
        for (int class = 0; class < CLASSES; class ++) {
            size_t row = (size_t)(m * CLASSES + class);
            assert_string_equal(test_cell(table, row, "repeat_purchases").text, classes[class]);
            expect_class(shop, row, models[m], class);
            if (class == CLASSES - 1)
                expect_near("spearman", test_number(table, row, "spearman", NAN),
                            rank_correlation(shop, models[m]));
        }
}

/* Tenths by P(no purchase), of which there was none. */
static void gains(void **state)
{
    const struct shop *shop = *state;
    const emp_table *table = test_table(&shop->analysis, "ltv_deciles");
    double above = 0.0, events_above = 0.0, all = 0.0;
    assert_int_equal(emp_table_rows(table), 10);
    for (int i = 0; i < CUSTOMERS; i++)
        all += shop->customers[i].later == 0;
    for (size_t row = 0; row < 10; row++) {
        double least = test_number(table, row, "min_probability", NAN), n = 0.0, events = 0.0;
        for (int i = 0; i < CUSTOMERS; i++)
            if (shop->customers[i].none >= least * (1.0 - 1e-12)) {
                n++;
                events += shop->customers[i].later == 0;
            }
        expect_near("customers", test_number(table, row, "customers", NAN), n - above);
        expect_near("events", test_number(table, row, "events", NAN), events - events_above);
        expect_near("gain", test_number(table, row, "cumulative_gain", NAN), events / all);
        above = n;
        events_above = events;
    }
    expect_near("all", above, CUSTOMERS);
}

/* --- Weeks --- */

static void tracking(void **state)
{
    const struct shop *shop = *state;
    const emp_table *table = test_table(&shop->analysis, "ltv_tracking");
    const struct emp_lifetime_customer new_one = {0.0, 0.0, 0.0};
    double actual_sum = 0.0, before = 0.0;
    int first = DAYS;
    for (int i = 0; i < CUSTOMERS; i++)
        first = shop->customers[i].birth < first ? shop->customers[i].birth : first;
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        int from = first + (int)row * WEEK,
            until = from + WEEK - 1 < DAYS ? from + WEEK - 1 : DAYS - 1;
        double actual = 0.0, sum = 0.0;
        for (int i = 0; i < CUSTOMERS; i++) {
            const struct customer *c = &shop->customers[i];
            for (int day = from; day <= until; day++)
                actual += c->bought[day] && day > c->birth;
            if (c->birth <= until)
                sum += emp__lifetime_expected(&emp__mbgnbd, shop->parameter, &new_one,
                                              until - c->birth);
        }
        actual_sum += actual;
        expect_near("actual", test_number(table, row, "actual", NAN), actual);
        expect_near("actual_cumulative", test_number(table, row, "actual_cumulative", NAN),
                    actual_sum);
        expect_near("expected", test_number(table, row, "expected", NAN), sum - before);
        expect_near("expected_cumulative", test_number(table, row, "expected_cumulative", NAN),
                    sum);
        assert_string_equal(test_cell(table, row, "set").text,
                            until > CUT ? "holdout" : "calibration");
        before = sum;
    }
    assert_int_equal(emp_table_rows(table), (DAYS - first + WEEK - 1) / WEEK);
}

/* --- Groups --- */

static void expect_group(const struct shop *shop, size_t row, double all)
{
    const emp_table *equity = test_table(&shop->analysis, "ltv_equity");
    const emp_table *customers = test_table(&shop->analysis, "customers");
    struct test_cell grouping = test_cell(equity, row, "grouping");
    struct test_cell group = test_cell(equity, row, "group");
    double n = 0.0, value = 0.0, expected = 0.0, highs = 0.0;
    for (size_t i = 0; i < emp_table_rows(customers); i++) {
        bool is_all = strcmp(grouping.text, "all") == 0;
        struct test_cell own = {"all"};
        if (strcmp(grouping.text, "cohort") == 0)
            snprintf(own.text, sizeof own.text, "%.7s",
                     test_cell(customers, i, "first_purchase").text);
        else if (!is_all)
            own = test_cell(customers, i, grouping.text);
        if (strcmp(own.text, group.text) != 0)
            continue;
        n++;
        value += test_number(customers, i, "clv", 0.0);
        highs += test_number(customers, i, "clv_hi", 0.0);
        expected += test_number(customers, i, "expected_purchases", 0.0);
    }
    double low = test_number(equity, row, "equity_lo", NAN);
    expect_near("customers", test_number(equity, row, "customers", NAN), n);
    expect_near("equity", test_number(equity, row, "equity", NAN), value);
    expect_near("expected", test_number(equity, row, "expected_purchases", NAN), expected);
    expect_near("mean", test_number(equity, row, "mean_clv", NAN), value / n);
    expect_near("share", test_number(equity, row, "equity_share", NAN), value / all);
    /* A sum is known better than its terms; e^x - 1, which is theirs, is more than x. */
    assert_true(low < value && value - low <= (highs - value) * (1.0 + 1e-9));
    expect_near("high", test_number(equity, row, "equity_hi", NAN) - value, value - low);
}

static void equity(void **state)
{
    static const char *const groupings[] = {"all", "cohort", "rfm_segment", "cluster"};
    const struct shop *shop = *state;
    const emp_table *table = test_table(&shop->analysis, "ltv_equity");
    double all = test_number(table, 0, "equity", NAN), sums[4] = {0.0};
    for (size_t row = 0; row < emp_table_rows(table); row++) {
        expect_group(shop, row, all);
        for (int g = 0; g < 4; g++)
            if (strcmp(test_cell(table, row, "grouping").text, groupings[g]) == 0)
                sums[g] += test_number(table, row, "equity", NAN);
    }
    for (int g = 0; g < 4; g++)
        expect_near(groupings[g], sums[g], all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(validation),
        cmocka_unit_test(gains),
        cmocka_unit_test(tracking),
        cmocka_unit_test(equity),
    };
    return cmocka_run_group_tests(tests, open_shop, close_shop);
}
