// SPDX-License-Identifier: Apache-2.0
#include "evaluate/evidence.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "evaluate/row_units.h"
#include "order/bins.h"
#include "order/select.h"
#include "random/portable_math.h"
#include "scale/double_key.h"

size_t emp__evidence_work(uint32_t levels)
{
    return 2 * ((size_t)levels + 1) * sizeof(emp_int128);
}

/* The weights of the levels, as integers: 2 x (levels + 1). */
static void count_levels(const struct emp_scored *rows, const uint32_t *codes, uint32_t levels,
                         emp_int128 *units)
{
    struct emp_exact_scale scale = emp__row_scale(rows);
    memset(units, 0, emp__evidence_work(levels));
    for (uint32_t i = 0; i < rows->n; i++) {
        size_t level = codes[i] == EMP_EVIDENCE_MISSING ? levels : codes[i];
        units[2 * level + rows->labels[i]] += emp__row_units(rows, scale, i);
    }
}

/* What the levels with rows add up to. */
struct evidence_totals {
    double events, non_events;
    uint32_t used;
    bool empty_cell;
};

/* Fills the weights of the table. */
static struct evidence_totals add_levels(struct emp_exact_scale scale, const emp_int128 *units,
                                         uint32_t levels, struct emp_evidence_level *table)
{
    struct evidence_totals totals = {0};
    emp_int128 all[2] = {0, 0};
    for (size_t level = 0; level <= levels; level++) {
        emp_int128 events = units[2 * level + 1], non_events = units[2 * level];
        table[level] = (struct emp_evidence_level){
            .events = emp__exact_value(scale, events),
            .non_events = emp__exact_value(scale, non_events),
        };
        all[1] += events;
        all[0] += non_events;
        totals.used += events + non_events > 0;
        totals.empty_cell |= (events > 0) != (non_events > 0);
    }
    totals.events = emp__exact_value(scale, all[1]);
    totals.non_events = emp__exact_value(scale, all[0]);
    return totals;
}

static void weigh(struct emp_evidence_level *level, const struct evidence_totals *totals,
                  double added)
{
    double of_events = (level->events + added) / (totals->events + added * totals->used);
    double of_others = (level->non_events + added) / (totals->non_events + added * totals->used);
    level->woe = emp__log(of_events) - emp__log(of_others);
    level->value = (of_events - of_others) * level->woe;
}

double emp__evidence(const struct emp_scored *rows, const uint32_t *codes, uint32_t levels,
                     double smoothing, void *work, struct emp_evidence_level *table)
{
    count_levels(rows, codes, levels, work);
    struct evidence_totals totals = add_levels(emp__row_scale(rows), work, levels, table);
    bool both = totals.events > 0.0 && totals.non_events > 0.0;
    double sum = both ? 0.0 : NAN;
    for (size_t level = 0; level <= levels; level++) {
        if (!both)
            table[level].woe = table[level].value = NAN;
        else if (table[level].events + table[level].non_events > 0.0)
            weigh(&table[level], &totals, totals.empty_cell ? smoothing : 0.0);
        sum += table[level].value;
    }
    return sum;
}

size_t emp__quantile_codes_work(uint32_t n, uint32_t bins)
{
    return (n + (size_t)bins) * sizeof(uint64_t) + n * sizeof(uint16_t);
}

/* The different cuts below the greatest key; their number. */
static uint32_t find_cuts(const uint64_t *keys, uint32_t n, uint32_t bins, uint64_t *cuts)
{
    uint32_t count = 0;
    size_t equals;
    uint64_t greatest = emp__select(keys, n, n - 1, &equals);
    for (uint32_t k = 1; k < bins; k++) {
        uint32_t rest;
        uint64_t cut =
            emp__select(keys, n, emp__cut_position(n, (int)k, (int)bins, &rest), &equals);
        if (cut < greatest && (count == 0 || cut > cuts[count - 1]))
            cuts[count++] = cut;
    }
    return count;
}

uint32_t emp__quantile_codes(const double *values, uint32_t n, uint32_t bins, void *work,
                             uint32_t *codes, double *cuts)
{
    uint64_t *keys = work, *cut_keys = keys + n;
    uint16_t *levels = (uint16_t *)(cut_keys + bins);
    uint32_t there = 0, count = 0, next = 0;
    for (uint32_t i = 0; i < n; i++)
        if (!isnan(values[i]))
            keys[there++] = emp__double_key(values[i]);
    if (there > 0) {
        count = find_cuts(keys, there, bins, cut_keys);
        emp__bin_keys(keys, there, cut_keys, count, levels);
    }
    for (uint32_t i = 0; i < n; i++)
        codes[i] = isnan(values[i]) ? EMP_EVIDENCE_MISSING : levels[next++];
    for (uint32_t k = 0; k < count; k++)
        cuts[k] = emp__key_double(cut_keys[k]);
    return there > 0 ? count + 1 : 0;
}
