// SPDX-License-Identifier: Apache-2.0
#include "analysis/rfm/select.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "order/select.h"

/* A block of customers as the passes look at it. */
struct block {
    size_t count;
    uint16_t group[EMP_RFM_BLOCK];
    uint16_t bin[EMP_RFM_BLOCK];
    uint64_t key[EMP_RFM_BLOCK];
};

static void take_groups(const struct emp_rfm_groups *groups, size_t first, size_t count,
                        struct block *out)
{
    const uint16_t *code = groups->code + first;
    out->count = count;
    for (size_t i = 0; i < count; i++)
        out->group[i] = groups->of ? groups->of[code[i]] : code[i];
}

static void take_keys(const struct emp_rfm_selection *selection, int m, size_t first,
                      struct block *out)
{
    const struct emp_rfm_measures *measures = selection->measures;
    emp__rfm_keys(measures, m, first, out->count, out->key);
    if (!selection->few[m])
        emp__rfm_log_bins(measures, m, out->key, out->count, out->bin);
    else
        for (size_t i = 0; i < out->count; i++)
            out->bin[i] = (uint16_t)(out->key[i] - measures->low[m]);
}

/* Where among the counts those of a member of a group are. */
static size_t cell_of(const struct emp_rfm_selection *selection, int m, size_t group, size_t bin)
{
    return selection->begin[m] + group * selection->width[m] + (bin - selection->first_bin[m]);
}

static void count_block(void *user, int worker, size_t first, size_t count)
{
    const struct emp_rfm_selection *selection = user;
    uint32_t *counts = selection->counts + (size_t)worker * selection->cells;
    struct block block;
    take_groups(&selection->groups, first, count, &block);
    for (int m = selection->range.first; m < selection->range.end; m++) {
        take_keys(selection, m, first, &block);
        for (size_t i = 0; i < count; i++)
            if (block.group[i] < selection->groups.count)
                counts[cell_of(selection, m, block.group[i], block.bin[i])]++;
    }
}

/* The bins from that of the lowest key to that of the highest one. */
static void lay_out_measure(struct emp_rfm_selection *selection, int m)
{
    enum { FEW_KEYS = 4096 };
    const struct emp_rfm_measures *measures = selection->measures;
    uint64_t keys[2] = {measures->low[m], measures->high[m]};
    uint16_t bins[2] = {0, 0};
    selection->few[m] = measures->buyers == 0 || keys[1] - keys[0] < FEW_KEYS;
    if (!selection->few[m])
        emp__rfm_log_bins(measures, m, keys, 2, bins);
    else if (measures->buyers > 0)
        bins[1] = (uint16_t)(keys[1] - keys[0]);
    selection->first_bin[m] = bins[0];
    selection->width[m] = (size_t)(bins[1] - bins[0]) + 1;
    selection->begin[m] = selection->cells;
    selection->cells += selection->groups.count * selection->width[m];
}

static void add_up(struct emp_rfm_selection *selection)
{
    for (int t = 1; t < selection->measures->threads; t++) {
        const uint32_t *own = selection->counts + (size_t)t * selection->cells;
        for (size_t i = 0; i < selection->cells; i++)
            selection->counts[i] += own[i];
    }
    int m = selection->range.first;
    for (size_t g = 0; g < selection->groups.count; g++)
        for (size_t b = 0; b < selection->width[m]; b++)
            selection->size[g] +=
                selection->counts[cell_of(selection, m, g, selection->first_bin[m] + b)];
}

emp_status emp__rfm_selection_new(const struct emp_rfm_measures *measures,
                                  struct emp_measure_range range, struct emp_rfm_groups groups,
                                  struct emp_rfm_selection *out, emp_error *error)
{
    *out = (struct emp_rfm_selection){.measures = measures, .range = range, .groups = groups};
    for (int m = range.first; m < range.end; m++)
        lay_out_measure(out, m);
    emp_status status = emp__new_array(&out->counts, out->cells * (size_t)measures->threads,
                                       sizeof *out->counts, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->size, groups.count, sizeof *out->size, error);
    if (status != EMP_OK)
        return status;
    emp__rfm_blocks(measures, count_block, out);
    add_up(out);
    return EMP_OK;
}

/* The keys of one bin of one group, which are collected; slot 0 stands for none. */
struct slot {
    atomic_size_t next; /* where the next key goes */
    size_t begin;
};

struct search {
    const struct emp_rfm_selection *selection;
    uint32_t *slot_of; /* for each count */
    struct slot *slots;
    size_t slot_count;
    uint64_t *keys;
    size_t key_count;
    bool needed[EMP_MEASURES]; /* some slot is of this measure */
};

static void collect_block(void *user, int worker, size_t first, size_t count)
{
    const struct search *search = user;
    const struct emp_rfm_selection *selection = search->selection;
    struct block block;
    (void)worker;
    take_groups(&selection->groups, first, count, &block);
    for (int m = selection->range.first; m < selection->range.end; m++) {
        if (!search->needed[m])
            continue;
        take_keys(selection, m, first, &block);
        for (size_t i = 0; i < count; i++) {
            if (block.group[i] >= selection->groups.count)
                continue;
            uint32_t slot = search->slot_of[cell_of(selection, m, block.group[i], block.bin[i])];
            if (slot > 0)
                search->keys[atomic_fetch_add(&search->slots[slot].next, 1)] = block.key[i];
        }
    }
}

/* Where a place is: its bin, and how many places before it are in that bin. */
struct spot {
    size_t cell;
    uint16_t bin;
    uint64_t rest;
};

/* Goes on from where the place before was, if that is not too far. */
static void find_spot(const struct emp_rfm_selection *selection, const struct emp_rfm_place *place,
                      const struct emp_rfm_place *before, struct spot *spot)
{
    uint64_t skip = place->position;
    bool onward = before && before->measure == place->measure && before->group == place->group &&
                  before->position <= place->position;
    if (onward) {
        skip = spot->rest + (place->position - before->position);
    } else {
        spot->bin = selection->first_bin[place->measure];
        spot->cell = cell_of(selection, place->measure, place->group, spot->bin);
    }
    for (; skip >= selection->counts[spot->cell]; spot->cell++, spot->bin++)
        skip -= selection->counts[spot->cell];
    spot->rest = skip;
}

/* The key, where its bin tells it; else the slot of the bin, made if it is the first to need it. */
static void settle_spot(struct search *search, const struct spot *spot, struct emp_rfm_place *place)
{
    const struct emp_rfm_selection *selection = search->selection;
    place->equals = spot->rest;
    if (selection->few[place->measure]) {
        place->key = selection->measures->low[place->measure] + spot->bin;
        return;
    }
    if (search->slot_of[spot->cell] > 0)
        return;
    struct slot *slot = &search->slots[++search->slot_count];
    slot->begin = search->key_count;
    atomic_init(&slot->next, slot->begin);
    search->slot_of[spot->cell] = (uint32_t)search->slot_count;
    search->key_count += selection->counts[spot->cell];
    search->needed[place->measure] = true;
}

static void settle_places(struct search *search, struct emp_rfm_place *places, size_t count,
                          uint32_t *slots)
{
    struct spot spot = {0};
    for (size_t i = 0; i < count; i++) {
        find_spot(search->selection, &places[i], i > 0 ? &places[i - 1] : NULL, &spot);
        settle_spot(search, &spot, &places[i]);
        slots[i] = search->slot_of[spot.cell];
    }
}

/* The places whose bins hold more than one key. */
static emp_status look_through(struct search *search, struct emp_rfm_place *places, size_t count,
                               const uint32_t *slots, emp_error *error)
{
    const struct emp_rfm_measures *measures = search->selection->measures;
    if (search->slot_count == 0)
        return EMP_OK;
    emp_status status =
        emp__new_array(&search->keys, search->key_count, sizeof *search->keys, error);
    if (status != EMP_OK)
        return status;
    emp__rfm_blocks(measures, collect_block, search);
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = &search->slots[slots[i]];
        size_t equals;
        if (slots[i] == 0)
            continue;
        places[i].key =
            emp__select(search->keys + slot->begin, atomic_load(&slot->next) - slot->begin,
                        places[i].equals, &equals);
        places[i].equals = equals;
    }
    return EMP_OK;
}

emp_status emp__rfm_selection_find(const struct emp_rfm_selection *selection,
                                   struct emp_rfm_place *places, size_t count, emp_error *error)
{
    struct search search = {.selection = selection};
    uint32_t *slots = NULL; /* of each place */
    emp_status status =
        emp__new_array(&search.slot_of, selection->cells, sizeof *search.slot_of, error);
    if (status == EMP_OK)
        status = emp__new_array(&search.slots, count + 1, sizeof *search.slots, error);
    if (status == EMP_OK)
        status = emp__new_array(&slots, count, sizeof *slots, error);
    if (status == EMP_OK) {
        settle_places(&search, places, count, slots);
        status = look_through(&search, places, count, slots, error);
    }
    free(search.keys);
    free(slots);
    free(search.slots);
    free(search.slot_of);
    return status;
}

void emp__rfm_selection_free(struct emp_rfm_selection *selection)
{
    free(selection->counts);
    free(selection->size);
    *selection = (struct emp_rfm_selection){0};
}
