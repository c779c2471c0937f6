// SPDX-License-Identifier: Apache-2.0
/* Gains, lift and profit: by hand, by their definitions, and the deciles of Telco churn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_golden.h"
#include "../lib/test_scored.h"
#include "evaluate/cutoff.h"
#include "evaluate/decile.h"
#include "evaluate/profit.h"

enum { BINS = 10 };

/* Seven rows in three bins: floor(3 r / 7) is 0 0 0 1 1 2 2; the tie at .5 is cut by index. */
static void by_hand(void **state)
{
    (void)state;
    const double scores[] = {0.5, 0.9, 0.5, 0.1, 0.5, 0.7, 0.3};
    const uint8_t labels[] = {1, 1, 0, 0, 1, 0, 0};
    const uint16_t expected[] = {1, 1, 2, 3, 2, 1, 3};
    uint16_t bins[7];
    struct emp_decile table[3];
    struct test_rows *rows = test_rows_given(scores, labels, 7);
    emp__decile_of_rows(&rows->ranking, &rows->scored, 3, bins);
    assert_memory_equal(bins, expected, sizeof bins);
    emp__decile_table(&rows->ranking, &rows->scored, bins, 3, table);
    assert_true(table[0].customers == 3 && table[0].weight == 3.0 && table[0].events == 2.0);
    assert_true(table[0].rate == 2.0 / 3.0 && table[0].lift == (2.0 / 3.0) / (3.0 / 7.0));
    assert_true(table[0].cumulative_gain == 2.0 / 3.0 && table[0].min_probability == 0.5);
    assert_true(table[1].customers == 2 && table[1].events == 1.0);
    assert_true(table[1].cumulative_gain == 1.0 && table[1].min_probability == 0.5);
    assert_true(table[2].customers == 2 && table[2].lift == 0.0);
    assert_true(table[2].min_probability == 0.1);
    free(rows);
}

/* With weights a row stands where its first copy would, if the rows were written out. */
static void weighted(void **state)
{
    (void)state;
    uint64_t seed = 131;
    uint16_t bins[TEST_ROWS], all_bins[TEST_ROWS];
    struct emp_decile table[BINS];
    struct test_rows *rows = test_rows_weighted(700, 90, 4, &seed);
    struct test_rows *all = test_rows_replicated(rows);
    emp__decile_of_rows(&rows->ranking, &rows->scored, BINS, bins);
    emp__decile_of_rows(&all->ranking, &all->scored, BINS, all_bins);
    for (uint32_t i = 0, copy = 0; i < 700; copy += (uint32_t)rows->weights[i++])
        if (rows->weights[i] > 0.0)
            assert_int_equal(bins[i], all_bins[copy]);
    emp__decile_table(&rows->ranking, &rows->scored, bins, BINS, table);
    double customers = 0.0, weight = 0.0, events = 0.0;
    for (int b = 0; b < BINS; b++) {
        customers += table[b].customers;
        weight += table[b].weight;
        events += table[b].events;
        assert_true(table[b].cumulative_gain == events / rows->ranking.events);
        assert_true(fabs(table[b].weight - weight / (b + 1)) <= 4.0 * (b + 1));
    }
    assert_true(customers == 700.0 && weight == all->scored.n);
    free(rows);
    free(all);
}

/* Sizes, and which row is where, for every n; a rising function of the scores changes nothing. */
static void sizes(void **state)
{
    (void)state;
    uint64_t seed = 132;
    uint16_t bins[TEST_ROWS], again[TEST_ROWS];
    struct emp_decile table[BINS];
    for (uint32_t n = 0; n < 120; n++) {
        struct test_rows *rows = test_rows_random(n, 30, &seed);
        emp__decile_of_rows(&rows->ranking, &rows->scored, BINS, bins);
        emp__decile_table(&rows->ranking, &rows->scored, bins, BINS, table);
        uint32_t first = 0;
        for (uint32_t b = 0; b < BINS; first += table[b++].customers) {
            assert_int_equal(first, (n * b + BINS - 1) / BINS);
            assert_true((table[b].customers == 0) == isnan(table[b].rate));
            assert_true((table[b].customers == 0) == isnan(table[b].min_probability));
        }
        assert_int_equal(first, n);
        for (uint32_t i = 0; i < n; i++)
            rows->scores[i] = exp(rows->scores[i]);
        test_rank(rows);
        emp__decile_of_rows(&rows->ranking, &rows->scored, BINS, again);
        assert_memory_equal(bins, again, n * sizeof *bins);
        free(rows);
    }
}

static void one_class(void **state)
{
    (void)state;
    const double scores[] = {1.0, 2.0};
    const uint8_t none[] = {0, 0};
    uint16_t bins[2];
    struct emp_decile table[2];
    struct test_rows *rows = test_rows_given(scores, none, 2);
    emp__decile_of_rows(&rows->ranking, &rows->scored, 2, bins);
    emp__decile_table(&rows->ranking, &rows->scored, bins, 2, table);
    assert_true(table[0].rate == 0.0 && isnan(table[0].lift) && isnan(table[0].cumulative_gain));
    const double zeros[] = {0.0, 0.0};
    rows->scored.weights = zeros;
    test_rank(rows);
    emp__decile_of_rows(&rows->ranking, &rows->scored, 2, bins);
    emp__decile_table(&rows->ranking, &rows->scored, bins, 2, table);
    assert_true(bins[0] == 1 && bins[1] == 1);
    assert_true(table[0].customers == 2 && table[0].weight == 0.0 && isnan(table[0].rate));
    free(rows);
}

/* Of Telco churn the deciles' counts of customers and events are given: rows made to have them have
 * the golden rates, lift and gains too. The cells of the confusion give the golden accuracy. */
static void telco(void **state)
{
    (void)state;
    json_t *root = test_golden("telco_logistic");
    json_t *fit = test_at(root, "out_of_fold.fits.unpenalised.pooled");
    json_t *deciles = test_at(fit, "decile_lift");
    uint32_t n = (uint32_t)json_integer_value(test_at(fit, "n")), at = 0;
    double *scores = calloc(n, sizeof *scores);
    uint8_t *labels = calloc(n, 1);
    uint16_t *bins = calloc(n, sizeof *bins);
    struct emp_ranking ranking = {.order = calloc(n, sizeof *ranking.order),
                                  .groups = calloc(n, sizeof *ranking.groups)};
    void *work = malloc(emp__ranking_work(n));
    const struct emp_scored scored = {scores, labels, NULL, n};
    struct emp_decile table[BINS];
    for (size_t d = 0; d < BINS; d++) {
        json_t *decile = json_array_get(deciles, d);
        json_int_t events = json_integer_value(test_at(decile, "events"));
        for (json_int_t i = 0; i < json_integer_value(test_at(decile, "n")); i++, at++) {
            scores[at] = 1.0 - at / (double)n;
            labels[at] = i < events;
        }
    }
    assert_int_equal(at, n);
    emp__rank(&scored, work, &ranking);
    emp__decile_of_rows(&ranking, &scored, BINS, bins);
    emp__decile_table(&ranking, &scored, bins, BINS, table);
    for (size_t d = 0; d < BINS; d++) {
        json_t *decile = json_array_get(deciles, d);
        assert_int_equal(table[d].customers, json_integer_value(test_at(decile, "n")));
        assert_true(table[d].events == json_number_value(test_at(decile, "events")));
        assert_true(test_near(table[d].rate, json_number_value(test_at(decile, "rate")), 1e-15));
        assert_true(test_near(table[d].lift, json_number_value(test_at(decile, "lift")), 1e-15));
        assert_true(test_near(table[d].cumulative_gain,
                              json_number_value(test_at(decile, "cum_capture")), 1e-15));
    }
    json_t *cells = test_at(fit, "confusion_at_0_5");
    const struct emp_confusion at_half = {
        json_number_value(test_at(cells, "tp")), json_number_value(test_at(cells, "fp")),
        json_number_value(test_at(cells, "fn")), json_number_value(test_at(cells, "tn"))};
    assert_true(test_near(emp__confusion_rates(&at_half).accuracy,
                          json_number_value(test_at(fit, "accuracy_at_0_5")), 1e-15));
    free(scores);
    free(labels);
    free(bins);
    free(ranking.order);
    free(ranking.groups);
    free(work);
    json_decref(root);
}

/* Margin 50, success .4, contact 5: an event is worth 20 - 5, another -5. */
static void profit_by_hand(void **state)
{
    (void)state;
    const double scores[] = {0.9, 0.8, 0.8, 0.5, 0.2, 0.1};
    const uint8_t labels[] = {1, 0, 1, 0, 1, 0};
    const struct emp_contact_costs costs = {.margin = 50.0, .contact = 5.0, .success = 0.4};
    struct emp_profit curve[4];
    struct test_rows *rows = test_rows_given(scores, labels, 6);
    assert_true(emp__profit_threshold(&costs) == 0.25);
    emp__profit_curve(&rows->ranking, &costs, 3, curve);
    assert_true(curve[0].customers == 0.0 && curve[0].profit == 0.0);
    assert_true(curve[0].threshold == INFINITY);
    /* Two of six, but the third ties with the second. */
    assert_true(curve[1].customers == 3.0 && curve[1].events == 2.0 && curve[1].profit == 25.0);
    assert_true(curve[1].threshold == 0.8);
    assert_true(curve[2].customers == 4.0 && curve[2].profit == 20.0);
    assert_true(curve[3].customers == 6.0 && curve[3].profit == 30.0);
    struct emp_profit best = emp__best_profit(&rows->ranking, &costs);
    assert_true(best.customers == 5.0 && best.profit == 35.0 && best.threshold == 0.2);
    struct emp_contact_costs dear = costs;
    dear.contact = 20.0;
    best = emp__best_profit(&rows->ranking, &dear);
    assert_true(best.customers == 0.0 && best.profit == 0.0 && best.threshold == INFINITY);
    assert_true(emp__profit_threshold(&dear) == 1.0);
    dear.margin = 0.0;
    assert_true(emp__profit_threshold(&dear) == INFINITY);
    dear.contact = 0.0;
    assert_true(emp__profit_threshold(&dear) == -INFINITY);
    free(rows);
}

/* Margins of each customer's own, against sums over the rows at each threshold. */
static void profit_of_margins(void **state)
{
    (void)state;
    uint64_t seed = 133;
    double margins[500], sums[500];
    struct test_rows *rows = test_rows_weighted(500, 60, 4, &seed);
    for (uint32_t i = 0; i < 500; i++)
        margins[i] = (double)(test_random(&seed) % 100);
    emp__rank_event_sums(&rows->ranking, &rows->scored, margins, sums);
    const struct emp_contact_costs costs = {.event_margins = sums, .contact = 8.0, .success = 0.25};
    struct emp_profit best = emp__best_profit(&rows->ranking, &costs), curve[101];
    double most = 0.0;
    for (uint32_t g = 0; g < rows->ranking.count; g++) {
        double profit = 0.0;
        for (uint32_t i = 0; i < 500; i++)
            if (rows->scores[i] >= rows->groups[g].score)
                profit += rows->weights[i] * (0.25 * margins[i] * rows->labels[i] - 8.0);
        most = fmax(most, profit);
    }
    assert_true(best.profit == most && most > 0.0);
    emp__profit_curve(&rows->ranking, &costs, 100, curve);
    double all = rows->ranking.events + rows->ranking.non_events;
    assert_true(curve[100].customers == all && curve[100].events == rows->ranking.events);
    for (int k = 1; k <= 100; k++) {
        assert_true(curve[k].customers * 100.0 >= k * all && curve[k].profit <= best.profit);
        assert_true(curve[k].customers >= curve[k - 1].customers);
    }
    free(rows);
}

static void profit_of_nobody(void **state)
{
    (void)state;
    const struct emp_contact_costs costs = {.margin = 50.0, .contact = 5.0, .success = 0.4};
    struct emp_profit curve[3];
    struct test_rows *rows = test_rows_new(0);
    test_rank(rows);
    emp__profit_curve(&rows->ranking, &costs, 2, curve);
    assert_true(curve[2].customers == 0.0 && curve[2].profit == 0.0);
    assert_true(emp__best_profit(&rows->ranking, &costs).customers == 0.0);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(weighted),
        cmocka_unit_test(sizes),
        cmocka_unit_test(one_class),
        cmocka_unit_test(telco),
        cmocka_unit_test(profit_by_hand),
        cmocka_unit_test(profit_of_margins),
        cmocka_unit_test(profit_of_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
