// SPDX-License-Identifier: Apache-2.0
#include "evaluate/decile.h"

#include <math.h>

#include "evaluate/row_units.h"

void emp__decile_of_rows(const struct emp_ranking *ranking, const struct emp_scored *scored,
                         uint32_t bins, uint16_t *of_row)
{
    struct emp_exact_scale scale = emp__row_scale(scored);
    emp_int128 all = 0, before = 0;
    for (uint32_t row = 0; row < scored->n; row++)
        all += emp__row_units(scored, scale, row);
    uint32_t bin = 1;
    for (uint32_t i = 0; i < ranking->n; i++) {
        uint32_t row = ranking->order[i];
        while (bin < bins && all > 0 && before * bins >= all * bin)
            bin++;
        of_row[row] = (uint16_t)bin;
        before += emp__row_units(scored, scale, row);
    }
}

/* What is summed of a bin. */
struct bin_units {
    emp_int128 weight;
    emp_int128 events;
};

/* A row of the table whose customers and least score are known. */
static void finish(struct emp_decile *decile, const struct emp_ranking *ranking,
                   struct emp_exact_scale scale, struct bin_units bin)
{
    double all = ranking->events + ranking->non_events;
    decile->weight = emp__exact_value(scale, bin.weight);
    decile->events = emp__exact_value(scale, bin.events);
    decile->rate = bin.weight > 0 ? decile->events / decile->weight : NAN;
    decile->lift = ranking->events > 0.0 ? decile->rate / (ranking->events / all) : NAN;
}

void emp__decile_table(const struct emp_ranking *ranking, const struct emp_scored *scored,
                       const uint16_t *of_row, uint32_t bins, struct emp_decile *table)
{
    struct emp_exact_scale scale = emp__row_scale(scored);
    emp_int128 events_so_far = 0;
    uint32_t i = 0;
    for (uint32_t b = 0; b < bins; b++) {
        struct bin_units bin = {0, 0};
        table[b] = (struct emp_decile){.min_probability = NAN};
        for (; i < ranking->n && of_row[ranking->order[i]] == b + 1; i++) {
            uint32_t row = ranking->order[i];
            emp_int128 units = emp__row_units(scored, scale, row);
            bin.weight += units;
            bin.events += scored->labels[row] ? units : 0;
            table[b].customers++;
            table[b].min_probability = scored->scores[row];
        }
        events_so_far += bin.events;
        finish(&table[b], ranking, scale, bin);
        table[b].cumulative_gain = emp__exact_value(scale, events_so_far) / ranking->events;
    }
}
