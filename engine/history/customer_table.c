// SPDX-License-Identifier: Apache-2.0
#include "history/customer_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/ids.h"

enum {
    SLOTS_IN_PIECE = EMP_PIECE_BYTES / sizeof(uint32_t),
    FEWEST_BITS = 12,         /* one piece */
    MOST_CUSTOMERS = 1 << 30, /* so that a slot has room for a tag */
    TEXT_MAX = EMP_ID_MAX + 1
};

_Static_assert(1 << FEWEST_BITS == SLOTS_IN_PIECE, "the smallest index fills a piece");

/* Three quarters: a fuller index takes long to search. */
static uint64_t customers_that_fit(int bits)
{
    return (UINT64_C(1) << bits) / 4 * 3;
}

static int bits_for(uint64_t customers)
{
    int bits = FEWEST_BITS;
    while (customers_that_fit(bits) < customers)
        bits++;
    return bits;
}

uint64_t emp__customer_index_bytes(uint64_t customers)
{
    return (uint64_t)sizeof(uint32_t) << bits_for(customers);
}

/* Notes in the index that a customer has a number. */
static void enter(const struct emp_customer_table *table, uint64_t hash, size_t number)
{
    const uint32_t numbers = emp__customer_numbers(table);
    size_t bucket = emp__customer_home(table, hash);
    uint32_t *slots = emp__customer_slot(table, bucket);
    unsigned found;
    while ((found = emp__bucket_free(slots)) == 0) {
        bucket = (bucket + EMP_BUCKET_SLOTS) & numbers;
        slots = emp__customer_slot(table, bucket);
    }
    slots[__builtin_ctz(found)] = emp__customer_tag(hash, numbers) | (uint32_t)(number + 1);
}

/* A new index of 2^bits slots. The old one is given back first: so there is one at a time. */
static emp_status make_index(struct emp_customer_table *table, int bits, emp_error *error)
{
    emp_status status = EMP_OK;
    emp__customer_table_end(table);
    for (size_t slots = 0; status == EMP_OK && slots >> bits == 0; slots += SLOTS_IN_PIECE)
        status = emp__pieces_add(&table->index, table->arena, error);
    if (status != EMP_OK) {
        emp__customer_table_end(table);
        return status;
    }
    table->bits = bits;
    for (size_t i = 0; i < table->customers; i++)
        enter(table, emp__customer_hash(emp__customer_entry(table, i)->key), i);
    return EMP_OK;
}

emp_status emp__customer_table_begin(struct emp_customer_table *table, emp_error *error)
{
    return table->bits > 0 ? EMP_OK : make_index(table, bits_for(table->customers), error);
}

void emp__customer_table_end(struct emp_customer_table *table)
{
    emp__pieces_free(&table->index, table->arena);
    table->bits = 0;
}

struct emp_entry *emp__customer_find(const struct emp_customer_table *table, uint64_t key,
                                     const char *text)
{
    uint64_t hash = emp__customer_hash(key);
    size_t slot = emp__customer_home(table, hash);
    struct emp_entry *entry;
    do
        entry = emp__customer_guess(table, hash, &slot);
    while (entry && !emp__customer_is(table, entry, key, text));
    return entry;
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

/* Room for one more customer. */
static emp_status make_room(struct emp_customer_table *table, emp_error *error)
{
    if (table->customers >= MOST_CUSTOMERS)
        return emp__fail(error, EMP_ERR_DATA,
                         "more than 2^30 customers in one partition: raise 'partitions'");
    emp_status status = EMP_OK;
    if (table->customers >= customers_that_fit(table->bits))
        status = make_index(table, table->bits + 1, error);
    if (status == EMP_OK)
        status = emp__pieces_reserve(&table->entries, table->customers, sizeof(struct emp_entry),
                                     table->arena, error);
    return status;
}

emp_status emp__customer_add(struct emp_customer_table *table, uint64_t key, const char *text,
                             struct emp_entry **out, emp_error *error)
{
    struct emp_entry entry = {.key = key, .first_day = INT32_MAX, .last_day = INT32_MIN};
    emp_status status = make_room(table, error);
    if (status == EMP_OK && key & EMP_ID_TEXT)
        status = keep_text(table, &entry, text, error);
    if (status != EMP_OK)
        return status;
    *out = emp__customer_entry(table, table->customers);
    **out = entry;
    enter(table, emp__customer_hash(key), table->customers++);
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
    emp__pieces_free(&table->index, table->arena);
    emp__pieces_free(&table->entries, table->arena);
    emp__pieces_free(&table->extras, table->arena);
    emp__pieces_free(&table->texts, table->arena);
    *table =
        (struct emp_customer_table){.arena = table->arena, .skipped_bits = table->skipped_bits};
}
