// SPDX-License-Identifier: Apache-2.0
#include "evaluate/isotonic.h"

static void set_value(struct emp_isotonic_block *block)
{
    block->value = block->events / block->weight;
}

uint32_t emp__isotonic(const struct emp_ranking *ranking, struct emp_isotonic_block *blocks)
{
    uint32_t count = 0;
    for (uint32_t g = ranking->count; g-- > 0;) {
        const struct emp_score_group *group = &ranking->groups[g];
        double weight = group->events + group->non_events;
        if (!(weight > 0.0))
            continue;
        struct emp_isotonic_block last = {
            .low = group->score, .high = group->score, .events = group->events, .weight = weight};
        set_value(&last);
        while (count > 0 && blocks[count - 1].value >= last.value) {
            const struct emp_isotonic_block *before = &blocks[--count];
            last.low = before->low;
            last.events += before->events;
            last.weight += before->weight;
            set_value(&last);
        }
        blocks[count++] = last;
    }
    return count;
}

/* The last block whose scores begin at or below this one; the first if there is none. */
static uint32_t block_at(const struct emp_isotonic_block *blocks, uint32_t count, double score)
{
    uint32_t from = 0, to = count;
    while (to - from > 1) {
        uint32_t middle = from + (to - from) / 2;
        if (blocks[middle].low <= score)
            from = middle;
        else
            to = middle;
    }
    return from;
}

double emp__isotonic_at(const struct emp_isotonic_block *blocks, uint32_t count, double score)
{
    uint32_t at = block_at(blocks, count, score);
    const struct emp_isotonic_block *block = &blocks[at], *next = block + 1;
    if (score <= block->high || at + 1 == count)
        return block->value;
    /* Halved, since the difference of two scores may be too large for a double. */
    double gone = (0.5 * score - 0.5 * block->high) / (0.5 * next->low - 0.5 * block->high);
    return block->value + gone * (next->value - block->value);
}
