// SPDX-License-Identifier: Apache-2.0
#include "history/partition.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/ids.h"
#include "text/civil_time.h"

enum { FIRST_SLOTS = 256, FIRST_ROWS = 256, FIRST_EXTRAS = 64, PREFETCHED = 16 };

/* Asks the budget for `bytes` more; what is released when an array grows is not given back. */
static emp_status charge(struct emp_partition *partition, uint64_t bytes, emp_error *error)
{
    struct emp_memory_budget *budget = partition->budget;
    uint64_t before = atomic_fetch_add_explicit(&budget->used, bytes, memory_order_relaxed);
    if (before + bytes <= budget->limit)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_MEMORY,
                     "the histories of the customers need more than the %" PRIu64
                     " KiB of memory that they may take (--memory)",
                     budget->limit >> 10);
}

/* Grows one of several arrays that share a capacity, which the caller has settled and charged. */
static emp_status regrow(void *array, size_t from, size_t to, size_t size, emp_error *error)
{
    size_t capacity = from;
    return emp__grow_array(array, &capacity, to, size, error);
}

static size_t next_capacity(size_t capacity, size_t first)
{
    return capacity == 0 ? first : capacity * 2;
}

static emp_status grow_rows(struct emp_partition *partition, size_t need, emp_error *error)
{
    if (need <= partition->row_capacity)
        return EMP_OK;
    size_t old = partition->row_capacity, capacity = next_capacity(old, FIRST_ROWS);
    while (capacity < need)
        capacity *= 2;
    size_t bytes = sizeof *partition->customer + sizeof *partition->time +
                   sizeof *partition->amount +
                   (partition->keep_orders ? sizeof *partition->order : 0);
    emp_status status = charge(partition, (capacity - old) * bytes, error);
    if (status == EMP_OK)
        status = regrow(&partition->customer, old, capacity, sizeof *partition->customer, error);
    if (status == EMP_OK)
        status = regrow(&partition->time, old, capacity, sizeof *partition->time, error);
    if (status == EMP_OK)
        status = regrow(&partition->amount, old, capacity, sizeof *partition->amount, error);
    if (status == EMP_OK && partition->keep_orders)
        status = regrow(&partition->order, old, capacity, sizeof *partition->order, error);
    if (status == EMP_OK)
        partition->row_capacity = capacity;
    return status;
}

/* Where a key stands in a table, or where it would. A text key is one of 63 hashed bits. */
static size_t first_slot(const struct emp_partition *partition, uint64_t key)
{
    return emp__partition_hash(key) & (partition->slot_count - 1);
}

/* Makes the table larger and moves every customer. */
static emp_status grow_slots(struct emp_partition *partition, size_t count, emp_error *error)
{
    struct emp_entry *slots = NULL;
    emp_status status = charge(partition, (count - partition->slot_count) * sizeof *slots, error);
    if (status == EMP_OK)
        status = emp__arena_take(partition->arena, count * sizeof *slots, &slots, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < partition->slot_count; i++) {
        if (partition->slots[i].key == 0)
            continue;
        size_t at = emp__partition_hash(partition->slots[i].key) & (count - 1);
        while (slots[at].key != 0)
            at = (at + 1) & (count - 1);
        slots[at] = partition->slots[i];
    }
    emp__arena_give(partition->arena, partition->slots,
                    partition->slot_count * sizeof *partition->slots);
    partition->slots = slots;
    partition->slot_count = count;
    return EMP_OK;
}

/* Room for `more` customers. */
static emp_status reserve_slots(struct emp_partition *partition, size_t more, emp_error *error)
{
    size_t need = partition->customers + more, count = partition->slot_count;
    if (need > UINT32_MAX / 2)
        return emp__fail(error, EMP_ERR_DATA,
                         "more than 2^31 customers in one partition: raise 'partitions'");
    while (need * 3 > count * 2)
        count = next_capacity(count, FIRST_SLOTS);
    return count > partition->slot_count ? grow_slots(partition, count, error) : EMP_OK;
}

/* Gives the entry its extra record. */
static emp_status add_extra(struct emp_partition *partition, struct emp_entry *entry,
                            emp_error *error)
{
    size_t capacity = partition->extra_capacity;
    emp_status status = EMP_OK;
    if (partition->extra_count + 1 >= capacity) {
        capacity = next_capacity(capacity, FIRST_EXTRAS);
        status = charge(partition,
                        (capacity - partition->extra_capacity) * sizeof *partition->extras, error);
    }
    if (status == EMP_OK)
        status = emp__grow_array(&partition->extras, &partition->extra_capacity, capacity,
                                 sizeof *partition->extras, error);
    if (status != EMP_OK)
        return status;
    entry->extra = (uint32_t)++partition->extra_count;
    partition->extras[entry->extra] = (struct emp_extra){0};
    return EMP_OK;
}

static emp_status keep_text(struct emp_partition *partition, struct emp_entry *entry,
                            const char *text, emp_error *error)
{
    size_t length = (size_t)(unsigned char)text[0] + 1, offset = partition->bytes.length;
    if (offset + length > UINT32_MAX)
        return emp__fail(error, EMP_ERR_DATA,
                         "the text ids of one partition exceed 4 GiB: raise 'partitions'");
    emp_status status = charge(partition, length, error);
    if (status == EMP_OK)
        status = add_extra(partition, entry, error);
    if (status == EMP_OK)
        status = emp__buffer_add(&partition->bytes, text, length, error);
    if (status == EMP_OK)
        partition->extras[entry->extra].text = (uint32_t)offset;
    return status;
}

/* Is this entry the customer of the key and, for a text id, of these bytes (length first)? */
static bool is_customer(const struct emp_partition *partition, const struct emp_entry *entry,
                        uint64_t key, const char *text)
{
    if (entry->key != key)
        return false;
    if (!(key & EMP_ID_TEXT))
        return true;
    const char *known = partition->bytes.data + partition->extras[entry->extra].text;
    return memcmp(known, text, (size_t)(unsigned char)text[0] + 1) == 0;
}

/* The entry of a customer, which is made if it is new; there is room for it. */
static emp_status find_customer(struct emp_partition *partition, uint64_t key, const char *text,
                                struct emp_entry **out, emp_error *error)
{
    size_t mask = partition->slot_count - 1, at = first_slot(partition, key);
    while (partition->slots[at].key != 0 &&
           !is_customer(partition, &partition->slots[at], key, text))
        at = (at + 1) & mask;
    struct emp_entry *entry = &partition->slots[at];
    *out = entry;
    if (entry->key != 0)
        return EMP_OK;
    struct emp_entry new_slot = {
        .key = key,
        .first_day = EMP_NO_DAY,
        .last_day = EMP_NO_DAY,
        .count = partition->keep == EMP_KEEP_EVENTS ? (uint32_t)partition->customers : 0,
    };
    emp_status status = key & EMP_ID_TEXT ? keep_text(partition, &new_slot, text, error) : EMP_OK;
    if (status != EMP_OK)
        return status;
    *entry = new_slot;
    partition->customers++;
    return EMP_OK;
}

uint64_t emp__partition_id(const struct emp_partition *partition, const struct emp_entry *entry,
                           uint64_t text)
{
    if (!(entry->key & EMP_ID_TEXT))
        return entry->key;
    return EMP_ID_TEXT | (text + partition->extras[entry->extra].text);
}

struct emp_summary emp__partition_summary(const struct emp_partition *partition,
                                          const struct emp_entry *entry)
{
    const struct emp_extra *extra = entry->extra ? &partition->extras[entry->extra] : NULL;
    return (struct emp_summary){
        .first_day = entry->first_day,
        .last_day = entry->last_day,
        .purchases = entry->count,
        .return_rows = extra ? extra->return_rows : 0,
        .bought = entry->bought,
        .returned = extra ? extra->returned : 0,
    };
}

static emp_status sum_overflow(const struct emp_partition *partition, const struct emp_entry *entry,
                               emp_error *error)
{
    uint64_t word = emp__partition_id(partition, entry, 0);
    struct emp_ids one = {.count = 1, .word = &word, .text = partition->bytes.data};
    return emp__summary_overflow(&one, 0, error);
}

static emp_status add_return(struct emp_partition *partition, struct emp_entry *entry,
                             int64_t amount, emp_error *error)
{
    emp_status status = entry->extra ? EMP_OK : add_extra(partition, entry, error);
    if (status != EMP_OK)
        return status;
    struct emp_extra *extra = &partition->extras[entry->extra];
    if (__builtin_add_overflow(extra->returned, amount, &extra->returned) ||
        ++extra->return_rows == 0)
        return sum_overflow(partition, entry, error);
    return EMP_OK;
}

/* Adds a row to a customer's sums. */
static emp_status add_row(struct emp_partition *partition, struct emp_entry *entry, int32_t day,
                          int64_t amount, emp_error *error)
{
    if (amount < 0)
        return add_return(partition, entry, amount, error);
    emp__widen_days(&entry->first_day, &entry->last_day, day);
    if (__builtin_add_overflow(entry->bought, amount, &entry->bought) || ++entry->count == 0)
        return sum_overflow(partition, entry, error);
    return EMP_OK;
}

static void keep_row(struct emp_partition *partition, uint32_t number,
                     const struct emp_packed_row *row)
{
    size_t at = partition->rows;
    partition->customer[at] = number;
    partition->time[at] = row->time;
    partition->amount[at] = row->amount;
    if (partition->keep_orders)
        partition->order[at] = row->order;
}

/* The rows one after the other, asking memory for the slots of those that come soon. */
static emp_status take_rows(struct emp_partition *partition, const struct emp_packed_row *rows,
                            size_t count, const char *texts, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && i < PREFETCHED; i++)
        __builtin_prefetch(&partition->slots[first_slot(partition, rows[i].customer)], 1);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        const struct emp_packed_row *row = &rows[i];
        struct emp_entry *entry;
        if (i + PREFETCHED < count)
            __builtin_prefetch(
                &partition->slots[first_slot(partition, rows[i + PREFETCHED].customer)], 1);
        status = find_customer(partition, row->customer, texts, &entry, error);
        if (status != EMP_OK)
            break;
        if (row->customer & EMP_ID_TEXT)
            texts += (size_t)(unsigned char)texts[0] + 1;
        int32_t day = (int32_t)emp__day_of_seconds(row->time);
        emp__widen_days(&partition->first_day, &partition->last_day, day);
        if (partition->keep == EMP_KEEP_EVENTS)
            keep_row(partition, entry->count, row);
        else
            status = add_row(partition, entry, day, row->amount, error);
        partition->rows++;
        partition->money += row->amount;
    }
    return status;
}

emp_status emp__partition_take(struct emp_partition *partition, const struct emp_packed_row *rows,
                               size_t count, const char *texts, emp_error *error)
{
    emp_status status = reserve_slots(partition, count, error);
    if (status == EMP_OK && partition->keep == EMP_KEEP_EVENTS)
        status = grow_rows(partition, partition->rows + count, error);
    return status == EMP_OK ? take_rows(partition, rows, count, texts, error) : status;
}

void emp__partition_free(struct emp_partition *partition)
{
    emp__arena_give(partition->arena, partition->slots,
                    partition->slot_count * sizeof *partition->slots);
    free(partition->extras);
    emp__buffer_free(&partition->bytes);
    free(partition->customer);
    free(partition->time);
    free(partition->amount);
    free(partition->order);
    *partition = (struct emp_partition){.budget = partition->budget, .arena = partition->arena};
}
