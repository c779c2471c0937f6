// SPDX-License-Identifier: Apache-2.0
#include "source/levels.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"

enum { FIRST_SLOTS = 64 };

static const char *text_at(const struct emp_level_set *set, size_t number)
{
    return set->texts.data + set->begin[number];
}

static size_t length_at(const struct emp_level_set *set, size_t number)
{
    size_t end = number + 1 < set->count ? set->begin[number + 1] : set->texts.length;
    return end - set->begin[number] - 1;
}

/* The slot of a text, which is empty if there is no such text; some slot always is. */
static size_t find_slot(const struct emp_level_set *set, struct emp_field text)
{
    size_t mask = set->slot_count - 1, slot = XXH3_64bits(text.text, text.length) & mask;
    for (; set->slots[slot]; slot = (slot + 1) & mask) {
        size_t number = set->slots[slot] - 1;
        if (length_at(set, number) == text.length &&
            memcmp(text_at(set, number), text.text, text.length) == 0)
            break;
    }
    return slot;
}

/* Makes room for one more text in slots that are twice as many. */
static emp_status grow_slots(struct emp_level_set *set, emp_error *error)
{
    size_t slot_count = set->slot_count ? 2 * set->slot_count : FIRST_SLOTS;
    uint32_t *slots = NULL;
    if (2 * (set->count + 1) <= set->slot_count)
        return EMP_OK;
    emp_status status = emp__new_array(&slots, slot_count, sizeof *slots, error);
    if (status != EMP_OK)
        return status;
    free(set->slots);
    set->slots = slots;
    set->slot_count = slot_count;
    for (size_t i = 0; i < set->count; i++) {
        struct emp_field text = {text_at(set, i), length_at(set, i)};
        slots[find_slot(set, text)] = (uint32_t)i + 1;
    }
    return EMP_OK;
}

emp_status emp__level_set_add(struct emp_level_set *set, struct emp_field text, uint32_t *out,
                              emp_error *error)
{
    emp_status status = grow_slots(set, error);
    if (status != EMP_OK)
        return status;
    size_t slot = find_slot(set, text), begin = set->texts.length;
    if (!set->slots[slot]) {
        status =
            emp__grow_array(&set->begin, &set->capacity, set->count + 1, sizeof *set->begin, error);
        if (status == EMP_OK)
            status = emp__buffer_reserve(&set->texts, text.length + 1, error);
        if (status != EMP_OK)
            return status;
        emp__buffer_add(&set->texts, text.text, text.length, NULL);
        emp__buffer_add(&set->texts, "", 1, NULL);
        set->begin[set->count++] = begin;
        set->slots[slot] = (uint32_t)set->count;
    }
    *out = set->slots[slot] - 1;
    return EMP_OK;
}

size_t emp__level_set_bytes(const struct emp_level_set *set)
{
    return set->texts.capacity + set->capacity * sizeof *set->begin +
           set->slot_count * sizeof *set->slots;
}

void emp__level_set_free(struct emp_level_set *set)
{
    emp__buffer_free(&set->texts);
    free(set->begin);
    free(set->slots);
    free(set->place);
    *set = (struct emp_level_set){.count = 0};
}

/* A text of one of the sets, and where its place is noted. */
struct entry {
    const char *text;
    uint32_t *place;
};

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return strcmp(x->text, y->text);
}

/* The texts of all sets, in byte order. */
static emp_status list_entries(struct emp_level_set *const *sets, size_t count, struct entry **out,
                               size_t *out_count, emp_error *error)
{
    size_t total = 0, at = 0;
    emp_status status = EMP_OK;
    for (size_t s = 0; s < count && status == EMP_OK; s++) {
        free(sets[s]->place);
        sets[s]->place = NULL;
        status = emp__new_array(&sets[s]->place, sets[s]->count, sizeof *sets[s]->place, error);
        total += sets[s]->count;
    }
    if (status == EMP_OK)
        status = emp__new_array(out, total, sizeof **out, error);
    if (status != EMP_OK)
        return status;
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < sets[s]->count; i++)
            (*out)[at++] = (struct entry){text_at(sets[s], i), &sets[s]->place[i]};
    qsort(*out, total, sizeof **out, compare);
    *out_count = total;
    return EMP_OK;
}

/* Notes the places, and says how many levels there are and how long their texts. */
static void place(struct entry *entries, size_t count, size_t *levels, size_t *bytes)
{
    *levels = *bytes = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(entries[i].text, entries[i - 1].text) != 0) {
            ++*levels;
            *bytes += strlen(entries[i].text) + 1;
        }
        *entries[i].place = (uint32_t)(*levels - 1);
    }
}

/* `levels` has room for them all. */
static void copy_texts(const struct entry *entries, size_t count, struct emp_levels *levels)
{
    char *to = levels->bytes;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && *entries[i].place == *entries[i - 1].place)
            continue;
        size_t size = strlen(entries[i].text) + 1;
        levels->texts[*entries[i].place] = memcpy(to, entries[i].text, size);
        to += size;
    }
}

emp_status emp__levels_merge(struct emp_level_set *const *sets, size_t count,
                             struct emp_levels *out, emp_error *error)
{
    struct emp_levels merged = {.count = 0};
    struct entry *entries = NULL;
    size_t entry_count = 0, bytes = 0;
    emp_status status = list_entries(sets, count, &entries, &entry_count, error);
    if (status == EMP_OK) {
        place(entries, entry_count, &merged.count, &bytes);
        status = emp__new_array(&merged.texts, merged.count, sizeof *merged.texts, error);
    }
    if (status == EMP_OK)
        status = emp__new_array(&merged.bytes, bytes, 1, error);
    if (status == EMP_OK) {
        copy_texts(entries, entry_count, &merged);
        *out = merged;
    } else
        emp__levels_free(&merged);
    free(entries);
    return status;
}

void emp__levels_free(struct emp_levels *levels)
{
    free((void *)levels->texts);
    free(levels->bytes);
    *levels = (struct emp_levels){.count = 0};
}
