// SPDX-License-Identifier: Apache-2.0
#include "history/partition.h"

#include <stdlib.h>
#include <string.h>

#include "history/activity.h"
#include "source/ids.h"
#include "source/row.h"
#include "text/civil_time.h"

enum {
    SHORT_BLOCK = 32, /* rows: about as many accesses as a core has on their way at once */
    SHORT_ROOM = 128, /* a power of two, for the rows of three blocks */
};

void emp__partition_init(struct emp_partition *partition, const struct emp_partition_plan *plan)
{
    *partition = (struct emp_partition){
        .plan = plan,
        .table = {.arena = plan->arena, .skipped_bits = plan->hash_bits},
        .first_day = EMP_NO_DAY,
        .last_day = EMP_NO_DAY,
    };
}

/* The lists of pieces of a partition, for what is to be done with all of them. */
enum { OTHER_LISTS = 6, LISTS = OTHER_LISTS + (int)EMP_TOKENS };

static void all_lists(struct emp_partition *partition, struct emp_pieces *lists[LISTS])
{
    struct emp_pieces *others[OTHER_LISTS] = {&partition->table.entries, &partition->table.extras,
                                              &partition->table.texts,   &partition->customer,
                                              &partition->time,          &partition->amount};
    memcpy(lists, others, sizeof others);
    for (int t = 0; t < EMP_TOKENS; t++)
        lists[OTHER_LISTS + t] = &partition->token[t];
}

void emp__partition_release(struct emp_partition *partition)
{
    struct emp_pieces *lists[LISTS];
    all_lists(partition, lists);
    for (int i = 0; i < LISTS; i++) {
        /* What is out holds no memory but the list itself. */
        if (partition->is_out)
            lists[i]->count = 0;
        emp__pieces_free(lists[i], partition->plan->arena);
    }
    emp__customer_table_free(&partition->table);
    emp__row_log_free(&partition->log, partition->plan->logs);
    partition->is_out = false;
}

void emp__partition_free(struct emp_partition *partition)
{
    emp__partition_release(partition);
    emp__partition_init(partition, partition->plan);
}

static emp_status add_return(struct emp_partition *partition, struct emp_entry *entry,
                             int64_t amount, emp_error *error)
{
    emp_status status = emp__customer_add_extra(&partition->table, entry, error);
    if (status != EMP_OK)
        return status;
    struct emp_extra *extra = emp__customer_extra(&partition->table, entry->extra);
    if (__builtin_add_overflow(extra->returned, amount, &extra->returned) ||
        ++extra->return_rows == 0)
        return emp__customer_overflow(&partition->table, entry, error);
    return EMP_OK;
}

/* A purchase to a customer's sums. */
static inline emp_status add_purchase(struct emp_partition *partition, struct emp_entry *entry,
                                      int32_t day, int64_t amount, emp_error *error)
{
    entry->first_day = day < entry->first_day ? day : entry->first_day;
    entry->last_day = day > entry->last_day ? day : entry->last_day;
    if (__builtin_add_overflow(entry->bought, amount, &entry->bought) || ++entry->count == 0)
        return emp__customer_overflow(&partition->table, entry, error);
    return EMP_OK;
}

/* Adds a row to a customer's sums. */
static emp_status add_row(struct emp_partition *partition, struct emp_entry *entry, int32_t day,
                          int64_t amount, emp_error *error)
{
    if (amount < 0)
        return add_return(partition, entry, amount, error);
    return add_purchase(partition, entry, day, amount, error);
}

static void keep_row(struct emp_partition *partition, uint32_t number,
                     const struct emp_packed_batch *batch, size_t i)
{
    size_t row = partition->rows + i, size = sizeof(int64_t);
    *(uint32_t *)emp__pieces_item(&partition->customer, row, sizeof number) = number;
    *(int64_t *)emp__pieces_item(&partition->time, row, size) = batch->rows[i].time;
    *(int64_t *)emp__pieces_item(&partition->amount, row, size) = batch->rows[i].amount;
    for (int t = 0; t < EMP_TOKENS; t++)
        if (batch->token[t])
            *(uint64_t *)emp__pieces_item(&partition->token[t], row, size) = batch->token[t][i];
}

/* Room for the rows of a batch, which are fewer than a piece holds. */
static emp_status reserve_rows(struct emp_partition *partition,
                               const struct emp_packed_batch *batch, emp_error *error)
{
    struct emp_arena *arena = partition->plan->arena;
    size_t last = partition->rows + batch->count - 1;
    emp_status status =
        emp__pieces_reserve(&partition->customer, last, sizeof(uint32_t), arena, error);
    if (status == EMP_OK)
        status = emp__pieces_reserve(&partition->time, last, sizeof(int64_t), arena, error);
    if (status == EMP_OK)
        status = emp__pieces_reserve(&partition->amount, last, sizeof(int64_t), arena, error);
    for (int t = 0; t < EMP_TOKENS && status == EMP_OK; t++)
        if (batch->token[t])
            status =
                emp__pieces_reserve(&partition->token[t], last, sizeof(uint64_t), arena, error);
    return status;
}

/* What a row of a batch says, whatever its form. */
struct row_facts {
    uint64_t customer;
    int64_t amount;
    int32_t day;
};

static inline struct row_facts facts_of(const struct emp_packed_batch *batch, size_t i)
{
    if (batch->short_rows) {
        const struct emp_short_row *row = &batch->short_rows[i];
        return (struct row_facts){row->customer, row->amount, row->day};
    }
    const struct emp_packed_row *row = &batch->rows[i];
    return (struct row_facts){row->customer, row->amount, (int32_t)emp__day_of_seconds(row->time)};
}

static inline uint64_t customer_of(const struct emp_packed_batch *batch, size_t i)
{
    return batch->short_rows ? batch->short_rows[i].customer : batch->rows[i].customer;
}

/*
 * Guesses where the customers of the rows are, without looking there, and asks memory for those
 * places, so that they are there once they are needed; likewise for the index before.
 */
static void guess_customers(const struct emp_customer_table *table,
                            const struct emp_packed_batch *batch, struct emp_entry **guesses)
{
    uint64_t hash[EMP_BATCH_ROWS];
    for (size_t i = 0; i < batch->count; i++) {
        hash[i] = emp__customer_hash(customer_of(batch, i));
        __builtin_prefetch(emp__customer_slot(table, emp__customer_home(table, hash[i])));
    }
    for (size_t i = 0; i < batch->count; i++) {
        size_t slot = emp__customer_home(table, hash[i]);
        guesses[i] = emp__customer_guess(table, hash[i], &slot);
        __builtin_prefetch(guesses[i], 1);
    }
}

/* The same for the texts to which the ids will be compared, and the records that lead to them. */
static void prefetch_texts(const struct emp_customer_table *table, size_t count,
                           struct emp_entry *const *guesses)
{
    for (size_t i = 0; i < count; i++)
        if (guesses[i] && guesses[i]->key & EMP_ID_TEXT)
            __builtin_prefetch(emp__customer_extra(table, guesses[i]->extra));
    for (size_t i = 0; i < count; i++)
        if (guesses[i] && guesses[i]->key & EMP_ID_TEXT)
            __builtin_prefetch(
                emp__customer_text(table, emp__customer_extra(table, guesses[i]->extra)->text));
}

/* Finds a customer, or adds him if he is new; *entry is a guess before. */
static inline emp_status find_customer(struct emp_partition *partition, uint64_t key,
                                       const char *text, struct emp_entry **entry, emp_error *error)
{
    struct emp_customer_table *table = &partition->table;
    if (*entry && emp__customer_is(table, *entry, key, text))
        return EMP_OK;
    *entry = emp__customer_find(table, key, text);
    if (*entry)
        return EMP_OK;
    size_t number = table->customers;
    emp_status status = emp__customer_add(table, key, text, entry, error);
    if (status == EMP_OK && partition->plan->keep == EMP_KEEP_ROWS)
        (*entry)->count = (uint32_t)number;
    return status;
}

/* The sums over all rows of the partition. */
static void add_totals(struct emp_partition *partition, const struct emp_packed_batch *batch)
{
    emp_int128 money = 0;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = 0; i < batch->count; i++) {
        struct row_facts row = facts_of(batch, i);
        first = row.day < first ? row.day : first;
        last = row.day > last ? row.day : last;
        money += row.amount;
    }
    partition->money += money;
    partition->rows += batch->count;
    emp__widen_days(&partition->first_day, &partition->last_day, first);
    emp__widen_days(&partition->first_day, &partition->last_day, last);
}

/* Do the rows say no more than that there are such customers? */
static bool only_registers(const struct emp_packed_batch *batch)
{
    return batch->rows && batch->rows[0].amount == EMP_NO_AMOUNT;
}

/* The days of rows that go to the log: they are known before the rows are. */
static emp_status note_days(void *user, const struct emp_packed_batch *batch, emp_error *error)
{
    struct emp_partition *partition = user;
    (void)error;
    for (size_t i = 0; i < batch->count && !only_registers(batch); i++)
        emp__widen_days(&partition->first_day, &partition->last_day, facts_of(batch, i).day);
    return EMP_OK;
}

static emp_status take_rows(struct emp_partition *partition, const struct emp_packed_batch *batch,
                            emp_error *error)
{
    struct emp_entry *entries[EMP_BATCH_ROWS];
    const char *text = batch->texts;
    emp_status status = EMP_OK;
    guess_customers(&partition->table, batch, entries);
    if (batch->text_bytes > 0)
        prefetch_texts(&partition->table, batch->count, entries);
    for (size_t i = 0; i < batch->count && status == EMP_OK; i++) {
        struct row_facts row = facts_of(batch, i);
        status = find_customer(partition, row.customer, text, &entries[i], error);
        if (status != EMP_OK)
            break;
        if (row.customer & EMP_ID_TEXT)
            text += (size_t)(unsigned char)text[0] + 1;
        if (partition->plan->keep == EMP_KEEP_ROWS)
            keep_row(partition, entries[i]->count, batch, i);
        else
            status = add_row(partition, entries[i], row.day, row.amount, error);
    }
    if (status == EMP_OK)
        add_totals(partition, batch);
    return status;
}

/* Some short rows, in blocks: a block's customers are asked for while the one before is added. */
struct short_rows {
    const struct emp_short_row *row;
    /* Of a row, at its number modulo SHORT_ROOM: */
    uint64_t hash[SHORT_ROOM];
    const uint32_t *bucket[SHORT_ROOM]; /* in an index of so many bits: */
    int bits;
    struct emp_entry *entry[SHORT_ROOM];
};

static void ask_for_buckets(const struct emp_customer_table *table, struct short_rows *rows,
                            size_t from, size_t to)
{
    rows->bits = table->bits;
    for (size_t i = from; i < to; i++) {
        uint64_t hash = emp__customer_hash(rows->row[i].customer);
        const uint32_t *bucket = emp__customer_slot(table, emp__customer_home(table, hash));
        __builtin_prefetch(bucket);
        rows->hash[i % SHORT_ROOM] = hash;
        rows->bucket[i % SHORT_ROOM] = bucket;
    }
}

/* What is not in his own bucket is looked for again, and compared, when the row is added. */
static void ask_for_customers(const struct emp_customer_table *table, struct short_rows *rows,
                              size_t from, size_t to)
{
    const uint32_t numbers = emp__customer_numbers(table);
    if (rows->bits != table->bits) /* there is a new index */
        ask_for_buckets(table, rows, from, to);
    for (size_t i = from; i < to; i++) {
        uint64_t hash = rows->hash[i % SHORT_ROOM];
        const uint32_t *slots = rows->bucket[i % SHORT_ROOM];
        unsigned found = emp__bucket_match(slots, emp__customer_tag(hash, numbers), ~numbers);
        struct emp_entry *entry = NULL;
        if (found) {
            entry = emp__customer_entry(table, (slots[__builtin_ctz(found)] & numbers) - 1);
        } else if (slots[EMP_BUCKET_SLOTS - 1] != 0) {
            size_t slot = emp__customer_home(table, hash);
            entry = emp__customer_guess(table, hash, &slot);
        }
        __builtin_prefetch(entry, 1);
        rows->entry[i % SHORT_ROOM] = entry;
    }
}

/* A row whose customer was not guessed, or that is a return. */
static emp_status add_slowly(struct emp_partition *partition, const struct emp_short_row *row,
                             struct emp_entry *entry, emp_error *error)
{
    emp_status status = find_customer(partition, row->customer, NULL, &entry, error);
    return status == EMP_OK ? add_row(partition, entry, row->day, row->amount, error) : status;
}

static emp_status add_block(struct emp_partition *partition, const struct short_rows *rows,
                            size_t from, size_t to, emp_error *error)
{
    int64_t money = 0;
    int32_t first = INT32_MAX, last = INT32_MIN;
    emp_status status = EMP_OK;
    for (size_t i = from; i < to && status == EMP_OK; i++) {
        const struct emp_short_row *row = &rows->row[i];
        struct emp_entry *entry = rows->entry[i % SHORT_ROOM];
        int32_t day = row->day, amount = row->amount;
        if (entry && entry->key == row->customer && amount >= 0)
            status = add_purchase(partition, entry, day, amount, error);
        else
            status = add_slowly(partition, row, entry, error);
        money += amount;
        first = day < first ? day : first;
        last = day > last ? day : last;
    }
    partition->money += money;
    partition->rows += to - from;
    emp__widen_days(&partition->first_day, &partition->last_day, first);
    emp__widen_days(&partition->first_day, &partition->last_day, last);
    return status;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Takes any number of short rows whose customers all are digits. */
static emp_status take_short_rows(struct emp_partition *partition,
                                  const struct emp_packed_batch *batch, emp_error *error)
{
    const struct emp_customer_table *table = &partition->table;
    struct short_rows rows;
    emp_status status = EMP_OK;
    size_t count = batch->count;
    rows.row = batch->short_rows;
    rows.bits = -1; /* nothing is known of any index yet */
    for (size_t at = 0; at < count + 2 * SHORT_BLOCK && status == EMP_OK; at += SHORT_BLOCK) {
        if (at >= SHORT_BLOCK)
            ask_for_customers(table, &rows, at - SHORT_BLOCK, least(at, count));
        ask_for_buckets(table, &rows, at, least(at + SHORT_BLOCK, count));
        if (at >= 2 * SHORT_BLOCK)
            status = add_block(partition, &rows, at - 2 * SHORT_BLOCK,
                               least(at - SHORT_BLOCK, count), error);
    }
    return status;
}

/* Adds the customers of a batch of which nothing else is known. */
static emp_status register_customers(struct emp_partition *partition,
                                     const struct emp_packed_batch *batch, emp_error *error)
{
    struct emp_entry *entries[EMP_BATCH_ROWS];
    const char *text = batch->texts;
    emp_status status = EMP_OK;
    guess_customers(&partition->table, batch, entries);
    for (size_t i = 0; i < batch->count && status == EMP_OK; i++) {
        status = find_customer(partition, batch->rows[i].customer, text, &entries[i], error);
        if (batch->rows[i].customer & EMP_ID_TEXT)
            text += (size_t)(unsigned char)text[0] + 1;
    }
    return status;
}

static emp_status take_batch(void *user, const struct emp_packed_batch *batch, emp_error *error)
{
    struct emp_partition *partition = user;
    emp_status status = emp__customer_table_begin(&partition->table, error);
    if (status == EMP_OK && only_registers(batch))
        return register_customers(partition, batch, error);
    if (status == EMP_OK && batch->short_rows && batch->text_bytes == 0)
        return take_short_rows(partition, batch, error);
    if (status == EMP_OK && partition->plan->keep == EMP_KEEP_ROWS)
        status = reserve_rows(partition, batch, error);
    return status == EMP_OK ? take_rows(partition, batch, error) : status;
}

emp_status emp__partition_take(struct emp_partition *partition, struct emp_row_log *log,
                               emp_error *error)
{
    const struct emp_partition_plan *plan = partition->plan;
    const struct emp_batch_taker rows = {partition, take_batch}, days = {partition, note_days};
    if (!partition->is_out)
        return emp__row_log_replay(log, plan->logs, plan->spill, rows, error);
    emp_status status = emp__row_log_visit(log, days, error);
    if (status == EMP_OK)
        status = emp__row_log_put_out(log, plan->logs, plan->spill, error);
    if (status == EMP_OK)
        status = emp__row_log_append(&partition->log, log, error);
    emp__row_log_free(log, plan->logs);
    return status;
}

uint64_t emp__partition_fetched_bytes(const struct emp_partition *partition)
{
    const struct emp_partition_plan *plan = partition->plan;
    uint64_t customer = sizeof(struct emp_entry) + sizeof(struct emp_summary) +
                        (plan->activity ? sizeof(struct emp_activity) : 0);
    uint64_t row = emp__kept_row_bytes(plan->tokens) + sizeof(struct emp_event) + sizeof(uint64_t);
    if (!partition->is_out)
        return 0;
    bool keep = plan->keep == EMP_KEEP_ROWS;
    uint64_t pieces = partition->table.entries.count + partition->table.extras.count +
                      partition->table.texts.count;
    uint64_t new_customers = partition->log.rows;
    uint64_t customers = partition->table.customers + new_customers;
    return pieces * EMP_PIECE_BYTES + new_customers * customer + customers * plan->past_bytes +
           emp__customer_index_bytes(customers) +
           (keep ? (partition->rows + partition->log.rows) * row : 0);
}

emp_status emp__partition_put_out(struct emp_partition *partition, emp_error *error)
{
    const struct emp_partition_plan *plan = partition->plan;
    struct emp_pieces *lists[LISTS];
    emp_status status = EMP_OK;
    all_lists(partition, lists);
    emp__customer_table_end(&partition->table);
    int done = 0;
    for (; done < LISTS && status == EMP_OK; done++)
        status = emp__pieces_put_out(lists[done], plan->arena, plan->spill, error);
    if (status == EMP_OK) {
        partition->is_out = true;
        return EMP_OK;
    }
    for (int i = 0; i < done; i++)
        lists[i]->count = 0;
    /* Empty, since other threads may be waiting with rows for it. */
    emp__partition_free(partition);
    return status;
}

emp_status emp__partition_fetch(struct emp_partition *partition, emp_error *error)
{
    const struct emp_partition_plan *plan = partition->plan;
    const struct emp_batch_taker rows = {partition, take_batch};
    struct emp_pieces *lists[LISTS];
    emp_status status = EMP_OK;
    all_lists(partition, lists);
    int done = 0;
    for (; done < LISTS && status == EMP_OK; done++)
        status = emp__pieces_fetch(lists[done], plan->arena, plan->spill, error);
    partition->is_out = false;
    if (status != EMP_OK) {
        for (; done < LISTS; done++)
            lists[done]->count = 0;
        return status;
    }
    return emp__row_log_replay(&partition->log, plan->logs, plan->spill, rows, error);
}
