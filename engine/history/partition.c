// SPDX-License-Identifier: Apache-2.0
#include "history/partition.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "history/ids.h"
#include "text/civil_time.h"

enum { FIRST_SLOTS = 64, FIRST_CUSTOMERS = 32, FIRST_ROWS = 256 };

/* Asks the budget for `bytes` more; what is released when an array grows is not given back. */
static emp_status charge(struct emp_partition *partition, uint64_t bytes, emp_error *error)
{
    struct emp_memory_budget *budget = partition->budget;
    uint64_t before = atomic_fetch_add_explicit(&budget->used, bytes, memory_order_relaxed);
    if (before + bytes <= budget->limit)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_MEMORY,
                     "the histories of the customers need more than the %" PRIu64
                     " MiB that 'memory' allows",
                     budget->limit >> 20);
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

static emp_status grow_customers(struct emp_partition *partition, emp_error *error)
{
    size_t old = partition->customer_capacity, capacity = next_capacity(old, FIRST_CUSTOMERS);
    bool sums = partition->keep == EMP_KEEP_SUMMARIES;
    size_t bytes =
        sizeof *partition->key + sizeof *partition->text + (sums ? sizeof *partition->summary : 0);
    emp_status status = charge(partition, (capacity - partition->customer_capacity) * bytes, error);
    if (status == EMP_OK)
        status = regrow(&partition->key, old, capacity, sizeof *partition->key, error);
    if (status == EMP_OK)
        status = regrow(&partition->text, old, capacity, sizeof *partition->text, error);
    if (status == EMP_OK && sums)
        status = regrow(&partition->summary, old, capacity, sizeof *partition->summary, error);
    if (status == EMP_OK)
        partition->customer_capacity = capacity;
    return status;
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

/* Doubles the table and puts every customer into it again. */
static emp_status grow_slots(struct emp_partition *partition, emp_error *error)
{
    size_t count = next_capacity(partition->slot_count, FIRST_SLOTS);
    uint32_t *slots = NULL;
    emp_status status = charge(partition, (count - partition->slot_count) * sizeof *slots, error);
    if (status == EMP_OK)
        status = emp__new_array(&slots, count, sizeof *slots, error);
    if (status != EMP_OK)
        return status;
    for (size_t i = 0; i < partition->customers; i++) {
        size_t at = emp__partition_hash(partition->key[i]) & (count - 1);
        while (slots[at] != 0)
            at = (at + 1) & (count - 1);
        slots[at] = (uint32_t)i + 1;
    }
    free(partition->slots);
    partition->slots = slots;
    partition->slot_count = count;
    return EMP_OK;
}

/* Is customer `number` the one of this key and, for a text id, of these bytes (length first)? */
static bool is_customer(const struct emp_partition *partition, uint32_t number, uint64_t key,
                        const char *text)
{
    if (partition->key[number] != key)
        return false;
    if (!(key & EMP_ID_TEXT))
        return true;
    const char *known = partition->bytes.data + partition->text[number];
    return memcmp(known, text, (size_t)(unsigned char)text[0] + 1) == 0;
}

static emp_status add_customer(struct emp_partition *partition, uint64_t key, const char *text,
                               emp_error *error)
{
    emp_status status = EMP_OK;
    if (partition->customers == UINT32_MAX - 1)
        return emp__fail(error, EMP_ERR_DATA, "more than 2^32 customers in one partition");
    if (partition->customers == partition->customer_capacity)
        status = grow_customers(partition, error);
    size_t number = partition->customers;
    if (status == EMP_OK && (key & EMP_ID_TEXT)) {
        size_t length = (size_t)(unsigned char)text[0] + 1;
        if (partition->bytes.length + length > UINT32_MAX)
            return emp__fail(error, EMP_ERR_DATA,
                             "the text ids of one partition exceed 4 GiB: "
                             "raise 'partitions'");
        partition->text[number] = (uint32_t)partition->bytes.length;
        status = charge(partition, length, error);
        if (status == EMP_OK)
            status = emp__buffer_add(&partition->bytes, text, length, error);
    }
    if (status != EMP_OK)
        return status;
    partition->key[number] = key;
    if (partition->keep == EMP_KEEP_SUMMARIES)
        partition->summary[number] = emp__summary_empty();
    partition->customers++;
    return EMP_OK;
}

/* The number of a customer, which is made if it is new. */
static emp_status find_customer(struct emp_partition *partition, uint64_t key, const char *text,
                                uint32_t *out, emp_error *error)
{
    /* At most two slots in three are taken. */
    if ((partition->customers + 1) * 3 > partition->slot_count * 2) {
        emp_status status = grow_slots(partition, error);
        if (status != EMP_OK)
            return status;
    }
    size_t mask = partition->slot_count - 1;
    size_t at = emp__partition_hash(key) & mask;
    for (; partition->slots[at] != 0; at = (at + 1) & mask) {
        uint32_t number = partition->slots[at] - 1;
        if (is_customer(partition, number, key, text)) {
            *out = number;
            return EMP_OK;
        }
    }
    emp_status status = add_customer(partition, key, text, error);
    if (status != EMP_OK)
        return status;
    *out = (uint32_t)partition->customers - 1;
    partition->slots[at] = *out + 1;
    return EMP_OK;
}

static emp_status sum_overflow(const struct emp_partition *partition, uint32_t number,
                               emp_error *error)
{
    char scratch[24];
    uint64_t word = partition->key[number];
    if (word & EMP_ID_TEXT)
        word = EMP_ID_TEXT | partition->text[number];
    struct emp_ids one = {.count = 1, .word = &word, .text = partition->bytes.data};
    size_t length;
    const char *id = emp__id_bytes(&one, 0, scratch, &length);
    return emp__fail(error, EMP_ERR_DATA,
                     "the amounts of customer '%.*s' add up to more than 2^63 minor units, or "
                     "there are more than 2^32 of them",
                     (int)length, id);
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

emp_status emp__partition_take(struct emp_partition *partition, const struct emp_packed_row *rows,
                               size_t count, const char *texts, emp_error *error)
{
    emp_status status = EMP_OK;
    if (partition->keep == EMP_KEEP_EVENTS)
        status = grow_rows(partition, partition->rows + count, error);
    for (size_t i = 0; i < count && status == EMP_OK; i++) {
        uint32_t number = 0;
        status = find_customer(partition, rows[i].customer, texts, &number, error);
        if (status != EMP_OK)
            break;
        if (rows[i].customer & EMP_ID_TEXT)
            texts += (size_t)(unsigned char)texts[0] + 1;
        int32_t day = (int32_t)emp__day_of_seconds(rows[i].time);
        emp__widen_days(&partition->first_day, &partition->last_day, day);
        if (partition->keep == EMP_KEEP_EVENTS)
            keep_row(partition, number, &rows[i]);
        else if (!emp__summary_add(&partition->summary[number], day, rows[i].amount))
            status = sum_overflow(partition, number, error);
        partition->rows++;
        partition->money += rows[i].amount;
    }
    return status;
}

void emp__partition_free(struct emp_partition *partition)
{
    free(partition->slots);
    free(partition->key);
    free(partition->text);
    free(partition->summary);
    emp__buffer_free(&partition->bytes);
    free(partition->customer);
    free(partition->time);
    free(partition->amount);
    free(partition->order);
    *partition = (struct emp_partition){.budget = partition->budget};
}
