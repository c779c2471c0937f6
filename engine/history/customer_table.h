// SPDX-License-Identifier: Apache-2.0
/*
 * The customers of one partition, found by their ids: extendible hashing (Fagin, Nievergelt,
 * Pippenger and Strong 1979). A directory of hash prefixes leads to segments, each an
 * open-addressing table in one piece of memory; a segment that fills up is split in two. So the
 * table grows without ever being copied as a whole, and a row costs one access to memory.
 */
#ifndef EMP_HISTORY_CUSTOMER_TABLE_H
#define EMP_HISTORY_CUSTOMER_TABLE_H

#include "base/pieces.h"
#include "history/summary.h"

/*
 * A customer: half a cache line. What few customers have is in an extra record. The days are those
 * of purchases; first_day > last_day where there is none yet.
 */
struct emp_entry {
    uint64_t key;   /* as in struct emp_row; 0: the slot is free (no id is 0) */
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

enum { EMP_SEGMENT_ENTRIES = EMP_PIECE_BYTES / sizeof(struct emp_entry) - 1 };

struct emp_segment {
    uint32_t used;
    uint32_t depth; /* how many bits of the hash its customers have in common */
    uint64_t unused[3];
    struct emp_entry entry[EMP_SEGMENT_ENTRIES];
};

struct emp_customer_table {
    struct emp_arena *arena;
    int skipped_bits; /* of the hash, from the top: they are the number of the partition */
    int depth;
    uint32_t *directory; /* 2^depth numbers of segments */
    struct emp_pieces segments;
    size_t customers;
    struct emp_pieces extras; /* number 0 is not used */
    size_t extra_count;
    struct emp_pieces texts;
    size_t text_end; /* offset behind the last text */
};

/*
 * Spreads the bits of a customer's key: the upper ones choose the partition and the segment, the
 * lower ones the slot in it. The finaliser of MurmurHash3 (Appleby, public domain).
 */
static inline uint64_t emp__customer_hash(uint64_t key)
{
    key = (key ^ (key >> 33)) * UINT64_C(0xff51afd7ed558ccd);
    key = (key ^ (key >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
    return key ^ (key >> 33);
}

/* The slot at which the search for a customer begins; the table has a segment. */
static inline struct emp_entry *emp__customer_home(const struct emp_customer_table *table,
                                                   uint64_t hash)
{
    uint64_t prefix = (hash << table->skipped_bits >> 1) >> (63 - table->depth);
    struct emp_segment *segment =
        (struct emp_segment *)table->segments.piece[table->directory[prefix]].memory;
    return &segment->entry[(hash & UINT32_MAX) * EMP_SEGMENT_ENTRIES >> 32];
}

/* The slot behind a slot; the first one of its segment behind the last. */
static inline struct emp_entry *emp__customer_next(struct emp_entry *entry)
{
    size_t offset = (uintptr_t)entry & (EMP_PIECE_BYTES - 1); /* a piece is aligned to its size */
    struct emp_segment *segment = (void *)((char *)entry - offset);
    return entry + 1 < segment->entry + EMP_SEGMENT_ENTRIES ? entry + 1 : segment->entry;
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

/* Gives an empty table its first segment; does nothing if it has one. */
emp_status emp__customer_table_begin(struct emp_customer_table *table, emp_error *error);

/*
 * Adds a customer who is not there yet; `text` as in emp__partition_take(), for a text id. It may
 * split segments, so that slots found before are others now. EMP_ERR_DATA: too many.
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
