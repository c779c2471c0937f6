// SPDX-License-Identifier: Apache-2.0
/*
 * Places, cuts and scores of random customers by sorting, as their definitions have it, against the
 * selection that the analysis does: for every method, rule for ties and number of threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/test_folder.h"
#include "analysis/rfm/rules.h"
#include "analysis/rfm/scores.h"
#include "analysis/rfm/select.h"
#include "order/bins.h"

enum { MOST = 6000 };

/* A history made of summaries, and everything that the analysis asks for. */
struct sample {
    struct emp_summary summary[MOST];
    uint32_t counts[MOST], by_id[MOST];
    struct emp_customers customers;
    struct emp_input_params input;
    struct emp_rfm_params params;
    emp_options options;
    struct emp_analysis_input analysis;
};

/* What the money is like: few values, many, a tiny range far from 0, all equal, extremes. */
enum { FEW, MANY, FAR, EQUAL, EXTREME, SHAPES };

static int64_t random_money(uint64_t *seed, int shape)
{
    switch (shape) {
    case FEW:
        return (int64_t)(test_random(seed) % 50) * 100;
    case MANY:
        return (int64_t)(test_random(seed) >> (22 + test_random(seed) % 40));
    case FAR:
        return 4000000000 + (int64_t)(test_random(seed) % 9000);
    case EQUAL:
        return 1234567;
    default:
        return test_random(seed) % 2 ? INT64_MAX : 0;
    }
}

static void fill(struct sample *s, size_t n, int shape, uint64_t *seed)
{
    bool all_buy = test_random(seed) % 2;
    for (size_t i = 0; i < n; i++) {
        struct emp_summary *sum = &s->summary[i];
        *sum = (struct emp_summary){.first_day = EMP_NO_DAY, .last_day = EMP_NO_DAY};
        if (all_buy || test_random(seed) % 8) {
            uint64_t few = test_random(seed) % 9;
            sum->last_day = (int32_t)(test_random(seed) % (shape == FAR ? 100000 : 300)) - 150;
            sum->first_day = sum->last_day;
            sum->purchases = 1 + (uint32_t)(few < 8 ? few : test_random(seed) % 100000);
            sum->bought = random_money(seed, shape);
        }
        if (test_random(seed) % 3 == 0) {
            sum->return_rows = 1;
            sum->returned = -random_money(seed, shape);
        }
        s->counts[i] = sum->purchases ? 1 + (uint32_t)(test_random(seed) % sum->purchases) : 0;
        s->by_id[i] = (uint32_t)i;
    }
    for (size_t i = n; i > 1; i--) {
        size_t j = test_random(seed) % i;
        uint32_t swap = s->by_id[i - 1];
        s->by_id[i - 1] = s->by_id[j];
        s->by_id[j] = swap;
    }
}

/* Customers counted by day, so that the counts beside the summaries have a use. */
static struct sample *new_sample(size_t n, int shape, int threads, uint64_t *seed)
{
    struct sample *s = calloc(1, sizeof *s);
    assert_non_null(s);
    fill(s, n, shape, seed);
    s->customers = (struct emp_customers){
        .ids.count = n, .partitions = 1, .summary = s->summary, .days = s->counts};
    s->input.amount_decimals = 2;
    s->input.returns = test_random(seed) % 2 ? EMP_RETURNS_NET : EMP_RETURNS_SEPARATE;
    s->params.merge = test_random(seed) % 2 ? EMP_MERGE_DAY : EMP_MERGE_ROW;
    s->params.monetary = test_random(seed) % 3 ? EMP_MONETARY_SUM : EMP_MONETARY_MEAN;
    for (int m = 0; m < EMP_MEASURES; m++)
        s->params.bins.of[m] = 2 + (int64_t)(test_random(seed) % 6);
    s->analysis = (struct emp_analysis_input){
        .section = &s->params,
        .input = &s->input,
        .customers = &s->customers,
        .by_id = s->by_id,
        .analysis_day = 150,
        .threads = threads,
        .options = &s->options,
    };
    return s;
}

struct ranked {
    uint64_t key;
    size_t place; /* in order of id */
    uint32_t customer;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* The members of a group in order of a measure, ties in order of id. */
static size_t rank(const struct sample *s, const struct emp_rfm_measures *measures, int m,
                   const size_t *group_of, size_t group, struct ranked *out)
{
    size_t found = 0;
    for (size_t i = 0; i < s->customers.ids.count; i++) {
        uint32_t customer = s->by_id[i];
        if (group_of[customer] != group || !emp__is_buyer(&measures->view, customer))
            continue;
        out[found] = (struct ranked){.place = i, .customer = customer};
        emp__rfm_keys(measures, m, customer, 1, &out[found++].key);
    }
    qsort(out, found, sizeof *out, compare_ranked);
    return found;
}

static void check_places(const struct sample *s, size_t groups, uint64_t *seed)
{
    static uint16_t code[MOST];
    static size_t group_of[MOST];
    static struct ranked sorted[MOST];
    struct emp_rfm_measures measures;
    struct emp_rfm_selection selection;
    assert_int_equal(emp__rfm_measure(&s->analysis, &measures, NULL), EMP_OK);
    for (size_t i = 0; i < measures.customers; i++) {
        bool buys = emp__is_buyer(&measures.view, i);
        group_of[i] = buys ? test_random(seed) % groups : UINT16_MAX;
        code[i] = (uint16_t)group_of[i];
    }
    assert_int_equal(emp__rfm_selection_new(&measures, (struct emp_measure_range){0, EMP_MEASURES},
                                            (struct emp_rfm_groups){groups, code, NULL}, &selection,
                                            NULL),
                     EMP_OK);
    for (int m = 0; m < EMP_MEASURES; m++)
        for (size_t g = 0; g < groups; g++) {
            size_t n = rank(s, &measures, m, group_of, g, sorted), count = n < 40 ? n : 40;
            struct emp_rfm_place places[40];
            assert_int_equal(selection.size[g], n);
            for (size_t i = 0; i < count; i++)
                places[i] = (struct emp_rfm_place){.measure = m,
                                                   .group = g,
                                                   .position = i == 0   ? 0
                                                               : i == 1 ? n - 1
                                                                        : test_random(seed) % n};
            assert_int_equal(emp__rfm_selection_find(&selection, places, count, NULL), EMP_OK);
            for (size_t i = 0; i < count; i++) {
                size_t first = places[i].position;
                assert_true(places[i].key == sorted[first].key);
                while (first > 0 && sorted[first - 1].key == places[i].key)
                    first--;
                assert_int_equal(places[i].equals, places[i].position - first);
            }
        }
    emp__rfm_selection_free(&selection);
}

static void places_of_random_customers(void **state)
{
    (void)state;
    uint64_t seed = 201;
    for (int shape = 0; shape < SHAPES; shape++)
        for (int round = 0; round < 6; round++) {
            static const size_t sizes[] = {1, 2, 50, 2047, 2049, MOST};
            struct sample *s = new_sample(sizes[round], shape, 1 + round % 3, &seed);
            check_places(s, 1 + test_random(&seed) % 4, &seed);
            free(s);
        }
}

/* The scores and cells by their definition. */
static void expect_scores(const struct sample *s, const struct emp_rfm_scores *scores)
{
    static size_t cell[MOST];
    static struct ranked sorted[MOST];
    static uint64_t keys[MOST];
    static uint16_t bin[MOST];
    bool nested = s->params.method == EMP_RFM_NESTED;
    size_t n = s->customers.ids.count, groups = 1;
    memset(cell, 0, sizeof cell);
    for (int m = 0; m < EMP_MEASURES; m++) {
        size_t group_of[MOST], bins = (size_t)s->params.bins.of[m];
        for (size_t i = 0; i < n; i++)
            group_of[i] = nested ? cell[i] : 0;
        for (size_t g = 0; g < (nested ? groups : 1); g++) {
            size_t members = rank(s, &scores->measures, m, group_of, g, sorted);
            for (size_t i = 0; i < members; i++)
                keys[i] = sorted[i].key;
            emp__bin_sorted_plain(keys, members, (int)bins, s->params.ties == EMP_TIES_RANK, bin);
            for (size_t i = 0; i < members; i++) {
                size_t score = m == EMP_RECENCY ? bins - bin[i] : (size_t)bin[i] - 1;
                cell[sorted[i].customer] = cell[sorted[i].customer] * bins + score;
            }
        }
        groups *= bins;
    }
    for (size_t i = 0; i < n; i++)
        assert_int_equal(scores->cell[i], emp__is_buyer(&scores->measures.view, i)
                                              ? cell[i]
                                              : (size_t)EMP_RFM_NO_CELL);
}

static void scores_of_random_customers(void **state)
{
    (void)state;
    uint64_t seed = 202;
    for (int shape = 0; shape < SHAPES; shape++)
        for (int round = 0; round < 12; round++) {
            static const size_t sizes[] = {1, 3, 100, 2500};
            struct sample *s = new_sample(sizes[round % 4], shape, 1 + round % 3, &seed);
            struct emp_rfm_scores scores;
            s->params.method = round % 2 ? EMP_RFM_NESTED : EMP_RFM_INDEPENDENT;
            s->params.ties = round / 2 % 2 ? EMP_TIES_RANK : EMP_TIES_VALUE;
            assert_int_equal(emp__rfm_score(&s->analysis, &scores, NULL), EMP_OK);
            expect_scores(s, &scores);
            emp__rfm_scores_free(&scores);
            free(s);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_of_random_customers),
        cmocka_unit_test(scores_of_random_customers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
