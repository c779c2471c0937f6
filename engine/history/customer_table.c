// SPDX-License-Identifier: Apache-2.0
#include "history/customer_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/ids.h"

enum {
    FULL = EMP_SEGMENT_ENTRIES * 3 / 4, /* a fuller segment takes long to search */
    SPARSE_MAX = 64,                    /* prefixes for each segment that a directory may have */
    TEXT_MAX = EMP_ID_MAX + 1
};

_Static_assert(sizeof(struct emp_segment) == EMP_PIECE_BYTES, "a segment fills its piece");

static struct emp_segment *segment_at(const struct emp_customer_table *table, size_t number)
{
    return (struct emp_segment *)table->segments.piece[number].memory;
}

static uint64_t prefix_of(const struct emp_customer_table *table, uint64_t hash)
{
    return (hash << table->skipped_bits >> 1) >> (63 - table->depth);
}

emp_status emp__customer_table_begin(struct emp_customer_table *table, emp_error *error)
{
    if (table->segments.count > 0)
        return EMP_OK;
    free(table->directory);
    table->directory = NULL;
    emp_status status = emp__new_array(&table->directory, 1, sizeof *table->directory, error);
    return status == EMP_OK ? emp__pieces_add(&table->segments, table->arena, error) : status;
}

/* Every prefix becomes two, which lead where it led. */
static emp_status double_directory(struct emp_customer_table *table, emp_error *error)
{
    size_t count = (size_t)1 << table->depth;
    uint32_t *directory = NULL;
    emp_status status = emp__new_array(&directory, 2 * count, sizeof *directory, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < 2 * count; i++)
        directory[i] = table->directory[i / 2];
    free(table->directory);
    table->directory = directory;
    table->depth++;
    return EMP_OK;
}

static void put(const struct emp_customer_table *table, const struct emp_entry *entry)
{
    uint64_t hash = emp__customer_hash(entry->key);
    struct emp_entry *slot = emp__customer_home(table, hash);
    while (slot->key != 0)
        slot = emp__customer_next(slot);
    *slot = *entry;
    segment_at(table, table->directory[prefix_of(table, hash)])->used++;
}

/* Splits the segment at a prefix: those of its customers whose next bit is set move to a new one.
 */
static emp_status split(struct emp_customer_table *table, uint64_t hash, emp_error *error)
{
    uint32_t old = table->directory[prefix_of(table, hash)];
    uint32_t new = (uint32_t)table->segments.count;
    int depth = (int)segment_at(table, old)->depth + 1;
    emp_status status = EMP_OK;
    if (depth > table->depth)
        status = double_directory(table, error);
    if (status == EMP_OK)
        status = emp__pieces_add(&table->segments, table->arena, error);
    if (status != EMP_OK)
        return status;
    int below = table->depth - depth; /* bits of the directory that both do not care for */
    uint64_t first = (prefix_of(table, hash) >> below | 1) << below;
    for (uint64_t i = 0; i < UINT64_C(1) << below; i++)
        table->directory[first + i] = new;

    struct emp_segment before, *kept = segment_at(table, old);
    memcpy(&before, kept, sizeof before);
    memset(kept, 0, sizeof *kept);
    kept->depth = segment_at(table, new)->depth = (uint32_t)depth;
    for (size_t i = 0; i < EMP_SEGMENT_ENTRIES; i++)
        if (before.entry[i].key != 0)
            put(table, &before.entry[i]);
    return EMP_OK;
}

/*
 * Room for one more customer of this hash. Ids that are made to hash alike would split for ever:
 * they are let into the segment while it has room.
 */
static emp_status make_room(struct emp_customer_table *table, uint64_t hash, emp_error *error)
{
    emp_status status = EMP_OK;
    while (status == EMP_OK) {
        struct emp_segment *segment = segment_at(table, table->directory[prefix_of(table, hash)]);
        if (segment->used < FULL)
            return EMP_OK;
        bool deepest = (int)segment->depth == table->depth;
        bool sparse = (size_t)1 << table->depth >= SPARSE_MAX * table->segments.count;
        if (!deepest || !sparse)
            status = split(table, hash, error);
        else if (segment->used + 1 < EMP_SEGMENT_ENTRIES)
            return EMP_OK;
        else
            return emp__fail(error, EMP_ERR_DATA,
                             "more than %d customer ids have hashes that begin alike, which does "
                             "not happen by chance",
                             EMP_SEGMENT_ENTRIES - 1);
    }
    return status;
}

emp_status emp__customer_add_extra(struct emp_customer_table *table, struct emp_entry *entry,
                                   emp_error *error)
{
    if (entry->extra != 0)
        return EMP_OK;
    size_t number = table->extra_count + 1, size = sizeof(struct emp_extra);
    emp_status status = EMP_OK;
    if (number == 1)
        status = emp__pieces_reserve(&table->extras, 0, size, table->arena, error);
    if (status == EMP_OK)
        status = emp__pieces_reserve(&table->extras, number, size, table->arena, error);
    if (status != EMP_OK)
        return status;
    entry->extra = (uint32_t)number;
    table->extra_count = number;
    return EMP_OK;
}

/* Keeps a text whole in one piece; what is left of the piece before is not used. */
static emp_status keep_text(struct emp_customer_table *table, struct emp_entry *entry,
                            const char *text, emp_error *error)
{
    size_t length = (size_t)(unsigned char)text[0] + 1, offset = table->text_end;
    size_t left = EMP_PIECE_BYTES - offset % EMP_PIECE_BYTES;
    if (left < length)
        offset += left;
    if (offset + TEXT_MAX > UINT32_MAX)
        return emp__fail(error, EMP_ERR_DATA,
                         "the text ids of one partition exceed 4 GiB: raise 'partitions'");
    emp_status status = emp__pieces_reserve(&table->texts, offset, 1, table->arena, error);
    if (status == EMP_OK)
        status = emp__customer_add_extra(table, entry, error);
    if (status != EMP_OK)
        return status;
    memcpy(emp__pieces_item(&table->texts, offset, 1), text, length);
    emp__customer_extra(table, entry->extra)->text = (uint32_t)offset;
    table->text_end = offset + length;
    return EMP_OK;
}

emp_status emp__customer_add(struct emp_customer_table *table, uint64_t key, const char *text,
                             struct emp_entry **out, emp_error *error)
{
    uint64_t hash = emp__customer_hash(key);
    if (table->customers >= UINT32_MAX / 2)
        return emp__fail(error, EMP_ERR_DATA,
                         "more than 2^31 customers in one partition: raise 'partitions'");
    struct emp_entry entry = {.key = key, .first_day = INT32_MAX, .last_day = INT32_MIN};
    emp_status status = make_room(table, hash, error);
    if (status == EMP_OK && key & EMP_ID_TEXT)
        status = keep_text(table, &entry, text, error);
    if (status != EMP_OK)
        return status;
    struct emp_entry *slot = emp__customer_home(table, hash);
    while (slot->key != 0)
        slot = emp__customer_next(slot);
    *slot = entry;
    segment_at(table, table->directory[prefix_of(table, hash)])->used++;
    table->customers++;
    *out = slot;
    return EMP_OK;
}

uint64_t emp__customer_id(const struct emp_customer_table *table, const struct emp_entry *entry)
{
    if (!(entry->key & EMP_ID_TEXT))
        return entry->key;
    return EMP_ID_TEXT | emp__customer_extra(table, entry->extra)->text;
}

struct emp_summary emp__customer_summary(const struct emp_customer_table *table,
                                         const struct emp_entry *entry)
{
    bool bought = entry->first_day <= entry->last_day;
    struct emp_summary summary = {
        .first_day = bought ? entry->first_day : EMP_NO_DAY,
        .last_day = entry->last_day,
        .purchases = entry->count,
        .bought = entry->bought,
    };
    if (entry->extra != 0) {
        const struct emp_extra *extra = emp__customer_extra(table, entry->extra);
        summary.return_rows = extra->return_rows;
        summary.returned = extra->returned;
    }
    return summary;
}

emp_status emp__customer_overflow(const struct emp_customer_table *table,
                                  const struct emp_entry *entry, emp_error *error)
{
    uint64_t word = entry->key;
    struct emp_ids one = {.count = 1, .word = &word};
    if (word & EMP_ID_TEXT) {
        word = EMP_ID_TEXT;
        one.text =
            emp__pieces_item(&table->texts, emp__customer_extra(table, entry->extra)->text, 1);
    }
    return emp__summary_overflow(&one, 0, error);
}

void emp__customer_copy_texts(const struct emp_customer_table *table, char *out)
{
    for (size_t done = 0; done < table->text_end; done += EMP_PIECE_BYTES) {
        size_t left = table->text_end - done;
        memcpy(out + done, emp__customer_text(table, (uint32_t)done),
               left < EMP_PIECE_BYTES ? left : EMP_PIECE_BYTES);
    }
}

void emp__customer_table_free(struct emp_customer_table *table)
{
    emp__pieces_free(&table->segments, table->arena);
    emp__pieces_free(&table->extras, table->arena);
    emp__pieces_free(&table->texts, table->arena);
    free(table->directory);
    *table =
        (struct emp_customer_table){.arena = table->arena, .skipped_bits = table->skipped_bits};
}
