// SPDX-License-Identifier: Apache-2.0
#include "evaluate/ranking.h"

#include "evaluate/row_units.h"
#include "order/radix_sort.h"
#include "scale/double_key.h"

size_t emp__ranking_work(uint32_t n)
{
    return n * (2 * sizeof(uint64_t) + sizeof(uint32_t));
}

/* Of keys in ascending order: the place behind those equal to the one at `start`. */
static uint32_t run_end(const uint64_t *keys, uint32_t n, uint32_t start)
{
    uint32_t end = start + 1;
    while (end < n && keys[end] == keys[start])
        end++;
    return end;
}

/* The groups of the sorted rows, and the totals. */
static void group_rows(const struct emp_scored *scored, const uint64_t *keys,
                       struct emp_ranking *ranking)
{
    struct emp_exact_scale scale = emp__row_scale(scored);
    emp_int128 totals[2] = {0, 0};
    uint32_t count = 0;
    for (uint32_t start = 0, end; start < scored->n; start = end) {
        emp_int128 units[2] = {0, 0};
        end = run_end(keys, scored->n, start);
        for (uint32_t i = start; i < end; i++) {
            uint32_t row = ranking->order[i];
            units[scored->labels[row]] += emp__row_units(scored, scale, row);
        }
        ranking->groups[count++] = (struct emp_score_group){
            .score = emp__key_double(~keys[start]),
            .events = emp__exact_value(scale, units[1]),
            .non_events = emp__exact_value(scale, units[0]),
            .end = end,
        };
        totals[0] += units[0];
        totals[1] += units[1];
    }
    ranking->count = count;
    ranking->events = emp__exact_value(scale, totals[1]);
    ranking->non_events = emp__exact_value(scale, totals[0]);
}

void emp__rank(const struct emp_scored *scored, void *work, struct emp_ranking *ranking)
{
    uint32_t n = ranking->n = scored->n;
    uint64_t *keys = work, *spare_keys = keys + n;
    uint32_t *spare_order = (uint32_t *)(spare_keys + n);
    for (uint32_t i = 0; i < n; i++) {
        keys[i] = ~emp__double_key(scored->scores[i]);
        ranking->order[i] = i;
    }
    emp__radix_sort(keys, ranking->order, spare_keys, spare_order, n);
    group_rows(scored, keys, ranking);
}

static double event_value(const struct emp_scored *scored, const double *values, uint32_t row)
{
    return scored->labels[row] ? emp__row_weight(scored, row) * values[row] : 0.0;
}

void emp__rank_event_sums(const struct emp_ranking *ranking, const struct emp_scored *scored,
                          const double *values, double *sums)
{
    double greatest = 0.0;
    for (uint32_t row = 0; row < scored->n; row++) {
        double value = event_value(scored, values, row);
        double size = value < 0.0 ? -value : value;
        greatest = size > greatest ? size : greatest;
    }
    struct emp_exact_scale scale = emp__exact_scale(greatest);
    uint32_t i = 0;
    for (uint32_t g = 0; g < ranking->count; g++) {
        emp_int128 sum = 0;
        for (; i < ranking->groups[g].end; i++)
            sum += emp__exact_units(scale, event_value(scored, values, ranking->order[i]));
        sums[g] = emp__exact_value(scale, sum);
    }
}
