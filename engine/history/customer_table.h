// SPDX-License-Identifier: Apache-2.0
/*
 * The customers of one partition, found by their ids. They stand behind each other in order of
 * arrival, from 0 on, and stay where they are; an index leads to them: open addressing with buckets
 * and linear probing (Knuth, The Art of Computer Programming 3, 6.4), in slots of 4 bytes that hold
 * the customer's number and a tag, the bits of the hash that this leaves room for. So the index
 * stays in the cache of the processor, it alone is made anew when it grows, and a row costs one
 * access to memory.
 */
#ifndef EMP_HISTORY_CUSTOMER_TABLE_H
#define EMP_HISTORY_CUSTOMER_TABLE_H

#include <string.h>

#include "base/pieces.h"
#include "history/index_bucket.h"
#include "history/summary.h"

/*
 * A customer: half a cache line. What few customers have is in an extra record. The days are those
 * of purchases; first_day > last_day where there is none yet.
 */
struct emp_entry {
    uint64_t key;   /* as in struct emp_row */
    int64_t bought; /* as in struct emp_summary */
    int32_t first_day, last_day;
    uint32_t count; /* purchase rows; or the customer's number, where rows are kept */
    uint32_t extra; /* number of the extra record; 0: none */
};

/* Of a customer whose id is text, or who has returned something. */
struct emp_extra {
    int64_t returned;
    uint32_t return_rows;
    uint32_t text; /* offset of a text id in the texts: its length, then itself */
};

struct emp_customer_table {
    struct emp_arena *arena;
    int skipped_bits;        /* of the hash, from the top: they are the number of the partition */
    int bits;                /* of the hash behind those; the index has 2^bits slots */
    struct emp_pieces index; /* slots: the tag, and in the lower `bits` bits 1 + the number; or 0 */
    struct emp_pieces entries;
    size_t customers;
    struct emp_pieces extras; /* number 0 is not used */
    size_t extra_count;
    struct emp_pieces texts;
    size_t text_end; /* offset behind the last text */
};

/*
 * Spreads the bits of a customer's key: the upper ones choose the partition and the slot in its
 * index, the lower ones are the tag. The finaliser of MurmurHash3 (Appleby, public domain).
 */
static inline uint64_t emp__customer_hash(uint64_t key)
{
    key = (key ^ (key >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    key = (key ^ (key >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return key ^ (key >> 33);
}

/* The slot at which the search for a customer begins, the first of a bucket; the table has an
 * index.
 */
static inline size_t emp__customer_home(const struct emp_customer_table *table, uint64_t hash)
{
    size_t slot = (size_t)((hash << table->skipped_bits) >> (64 - table->bits));
    return slot & ~(size_t)(EMP_BUCKET_SLOTS - 1);
}

static inline uint32_t *emp__customer_slot(const struct emp_customer_table *table, size_t slot)
{
    return emp__pieces_item(&table->index, slot, sizeof(uint32_t));
}

/* A customer by his number. */
static inline struct emp_entry *emp__customer_entry(const struct emp_customer_table *table,
                                                    size_t number)
{
    return emp__pieces_item(&table->entries, number, sizeof(struct emp_entry));
}

/* The bits of a slot that are the number, and the tag of a hash: at least the lowest of its bits.
 */
static inline uint32_t emp__customer_numbers(const struct emp_customer_table *table)
{
    return (uint32_t)((UINT64_C(1) << table->bits) - 1);
}

static inline uint32_t emp__customer_tag(uint64_t hash, uint32_t numbers)
{
    return ((uint32_t)hash & ~numbers) | (numbers + 1);
}

/*
 * The first customer from `*slot` on whose tag is that of the hash, and in *slot the slot behind
 * his: very likely the customer of this hash, but his id is to be compared. NULL: he is not there.
 */
static inline struct emp_entry *emp__customer_guess(const struct emp_customer_table *table,
                                                    uint64_t hash, size_t *slot)
{
    const uint32_t numbers = emp__customer_numbers(table);
    for (;;) {
        size_t first = *slot & (EMP_BUCKET_SLOTS - 1), bucket = *slot - first;
        const uint32_t *slots = emp__customer_slot(table, bucket);
        unsigned found = emp__bucket_match(slots, emp__customer_tag(hash, numbers), ~numbers);
        found = found >> first << first;
        if (found) {
            size_t at = (size_t)__builtin_ctz(found);
            *slot = (bucket + at + 1) & numbers;
            return emp__customer_entry(table, (slots[at] & numbers) - 1);
        }
        /* The slots of a bucket are taken in their order. */
        if (slots[EMP_BUCKET_SLOTS - 1] == 0)
            return NULL;
        *slot = (bucket + EMP_BUCKET_SLOTS) & numbers;
    }
}

/* An extra record by its number, and the bytes of a text (its length first) by its offset. */
static inline struct emp_extra *emp__customer_extra(const struct emp_customer_table *table,
                                                    uint32_t number)
{
    return emp__pieces_item(&table->extras, number, sizeof(struct emp_extra));
}

static inline const char *emp__customer_text(const struct emp_customer_table *table,
                                             uint32_t offset)
{
    return emp__pieces_item(&table->texts, offset, 1);
}

/* Is this entry the customer of the key and, for a text id, of these bytes (length first)? */
static inline bool emp__customer_is(const struct emp_customer_table *table,
                                    const struct emp_entry *entry, uint64_t key, const char *text)
{
    if (entry->key != key || !(key & EMP_ID_TEXT))
        return entry->key == key;
    /* Only as many bytes as both have: behind the shorter one there may be no memory. */
    const char *known = emp__customer_text(table, emp__customer_extra(table, entry->extra)->text);
    return known[0] == text[0] && memcmp(known + 1, text + 1, (unsigned char)text[0]) == 0;
}

/* Gives a table that has no index one of its customers; without one none can be found or added. */
emp_status emp__customer_table_begin(struct emp_customer_table *table, emp_error *error);

/* Takes the index away, which emp__customer_table_begin() makes again. */
void emp__customer_table_end(struct emp_customer_table *table);

/* The bytes that an index for so many customers takes, at most. */
uint64_t emp__customer_index_bytes(uint64_t customers);

/* The entry of a customer; NULL if he is not there. */
struct emp_entry *emp__customer_find(const struct emp_customer_table *table, uint64_t key,
                                     const char *text);

/*
 * Adds a customer who is not there yet; `text` as in emp__partition_take(), for a text id.
 * EMP_ERR_DATA: too many. After a failure the table may be without an index.
 */
emp_status emp__customer_add(struct emp_customer_table *table, uint64_t key, const char *text,
                             struct emp_entry **out, emp_error *error);

/* Gives an entry its extra record, if it has none. */
emp_status emp__customer_add_extra(struct emp_customer_table *table, struct emp_entry *entry,
                                   emp_error *error);

/* The word of an entry's id (struct emp_ids); the offset of a text id is the one in this table. */
uint64_t emp__customer_id(const struct emp_customer_table *table, const struct emp_entry *entry);

/* What is known of a customer; only where no rows are kept. */
struct emp_summary emp__customer_summary(const struct emp_customer_table *table,
                                         const struct emp_entry *entry);

/* EMP_ERR_DATA: a sum of this customer does not fit. */
emp_status emp__customer_overflow(const struct emp_customer_table *table,
                                  const struct emp_entry *entry, emp_error *error);

/* Copies all texts to `out` (table->text_end bytes), where they have the same offsets. */
void emp__customer_copy_texts(const struct emp_customer_table *table, char *out);

void emp__customer_table_free(struct emp_customer_table *table);

#endif
