// SPDX-License-Identifier: Apache-2.0
/*
 * From partitions in order of arrival to customers in order of id. Where a customer stands depends
 * on how many there are in the partitions before, which is known of a partition that is out only
 * once it was fetched. So those come first: each is fetched, put in order and written back; then
 * all go to their places.
 */
#include "history/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "history/customer_block.h"

/* A partition that was out and has been put in order: its block in the spill file. */
struct returned {
    bool done;
    size_t customers, text_bytes;
    uint64_t word, text, summary, days, orders, activity;
};

struct finishing {
    struct emp_scatter *scatter;
    const struct emp_scatter_plan *plan;
    struct emp_partition *partitions;
    int32_t day;
    struct emp_customers *out;
    size_t *text_first; /* where the text ids of a partition begin in ids.text */
    struct returned *returned;
};

static emp_status write_block(struct emp_spill *spill, const struct emp_customer_block *block,
                              struct returned *out, emp_error *error)
{
    size_t n = out->customers;
    emp_status status =
        emp__spill_write(spill, block->word, n * sizeof *block->word, &out->word, error);
    if (status == EMP_OK)
        status = emp__spill_write(spill, block->text, out->text_bytes, &out->text, error);
    if (status == EMP_OK)
        status = emp__spill_write(spill, block->summary, n * sizeof *block->summary, &out->summary,
                                  error);
    if (status == EMP_OK && block->days)
        status = emp__spill_write(spill, block->days, n * sizeof *block->days, &out->days, error);
    if (status == EMP_OK && block->orders)
        status =
            emp__spill_write(spill, block->orders, n * sizeof *block->orders, &out->orders, error);
    if (status == EMP_OK && block->activity)
        status = emp__spill_write(spill, block->activity, n * sizeof *block->activity,
                                  &out->activity, error);
    return status;
}

static emp_status read_block(struct emp_spill *spill, const struct returned *from,
                             const struct emp_customer_block *block, emp_error *error)
{
    size_t n = from->customers;
    emp_status status =
        emp__spill_read(spill, from->word, block->word, n * sizeof *block->word, error);
    if (status == EMP_OK)
        status = emp__spill_read(spill, from->text, block->text, from->text_bytes, error);
    if (status == EMP_OK)
        status = emp__spill_read(spill, from->summary, block->summary, n * sizeof *block->summary,
                                 error);
    if (status == EMP_OK && block->days)
        status = emp__spill_read(spill, from->days, block->days, n * sizeof *block->days, error);
    if (status == EMP_OK && block->orders)
        status =
            emp__spill_read(spill, from->orders, block->orders, n * sizeof *block->orders, error);
    if (status == EMP_OK && block->activity)
        status = emp__spill_read(spill, from->activity, block->activity,
                                 n * sizeof *block->activity, error);
    return status;
}

static void free_block(struct emp_customer_block *block)
{
    free(block->word);
    free(block->text);
    free(block->summary);
    free(block->days);
    free(block->orders);
    free(block->activity);
}

static emp_status new_block(const struct emp_scatter_plan *plan, size_t customers,
                            size_t text_bytes, struct emp_customer_block *out, emp_error *error)
{
    emp_status status = emp__new_array(&out->word, customers, sizeof *out->word, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->text, text_bytes, 1, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->summary, customers, sizeof *out->summary, error);
    if (status == EMP_OK && plan->needs.days)
        status = emp__new_array(&out->days, customers, sizeof *out->days, error);
    if (status == EMP_OK && plan->needs.orders)
        status = emp__new_array(&out->orders, customers, sizeof *out->orders, error);
    if (status == EMP_OK && emp__needs_activity(plan->needs))
        status = emp__new_array(&out->activity, customers, sizeof *out->activity, error);
    return status;
}

static void add_totals(struct emp_customers *out, const struct emp_partition *partition)
{
    out->rows += partition->rows;
    out->money += partition->money;
    emp__widen_days(&out->first_day, &out->last_day, partition->first_day);
    emp__widen_days(&out->first_day, &out->last_day, partition->last_day);
}

/* Fetches a partition that is out, puts it in order and writes it back. */
static emp_status return_partition(void *user, size_t p, emp_error *error)
{
    struct finishing *finishing = user;
    struct emp_partition *partition = &finishing->partitions[p];
    struct returned *returned = &finishing->returned[p];
    struct emp_customer_block block = {.day = finishing->day};
    if (!partition->is_out)
        return EMP_OK;
    emp_status status = emp__partition_fetch(partition, error);
    returned->customers = partition->table.customers;
    returned->text_bytes = partition->table.text_end;
    if (status == EMP_OK)
        status =
            new_block(finishing->plan, returned->customers, returned->text_bytes, &block, error);
    if (status == EMP_OK)
        status = emp__customer_block_fill(partition, &block, error);
    if (status == EMP_OK)
        status = write_block(finishing->plan->spill, &block, returned, error);
    returned->done = status == EMP_OK;
    free_block(&block);
    emp__partition_release(partition);
    return status;
}

/* A text id's offset in the partition becomes one in all texts. */
static void move_texts(uint64_t *word, size_t count, uint64_t first)
{
    for (size_t i = 0; i < count; i++)
        if (word[i] & EMP_ID_TEXT)
            word[i] += first;
}

static emp_status place_partition(void *user, size_t p, emp_error *error)
{
    const struct finishing *finishing = user;
    struct emp_customers *out = finishing->out;
    struct emp_partition *partition = &finishing->partitions[p];
    size_t first = out->first[p], count = out->first[p + 1] - first;
    struct emp_customer_block block = {
        .word = out->ids.word + first,
        .text = out->ids.text + finishing->text_first[p],
        .summary = out->summary + first,
        .days = out->days ? out->days + first : NULL,
        .orders = out->orders ? out->orders + first : NULL,
        .activity = out->activity ? out->activity + first : NULL,
        .day = finishing->day,
    };
    emp_status status =
        finishing->returned[p].done
            ? read_block(finishing->plan->spill, &finishing->returned[p], &block, error)
            : emp__customer_block_fill(partition, &block, error);
    if (status == EMP_OK)
        move_texts(block.word, count, finishing->text_first[p]);
    /* Its pages become those of the customers that follow. */
    emp__scatter_release(finishing->scatter, p);
    emp__store_relax(out->store);
    return status;
}

/* Room for all customers of all partitions. */
static emp_status make_room(struct finishing *finishing, emp_error *error)
{
    struct emp_customers *out = finishing->out;
    struct emp_store *store = out->store;
    size_t customers = 0, text = 0;
    for (size_t p = 0; p < out->partitions; p++) {
        const struct emp_partition *partition = &finishing->partitions[p];
        const struct returned *returned = &finishing->returned[p];
        out->first[p] = customers;
        finishing->text_first[p] = text;
        customers += returned->done ? returned->customers : partition->table.customers;
        text += returned->done ? returned->text_bytes : partition->table.text_end;
        add_totals(out, partition);
    }
    out->first[out->partitions] = customers;
    if (customers > UINT32_MAX)
        return emp__fail(error, EMP_ERR_DATA, "more than 2^32 customers");
    out->ids.count = customers;
    emp_status status =
        emp__store_take(store, customers, sizeof *out->ids.word, &out->ids.word, error);
    if (status == EMP_OK)
        status = emp__store_take(store, text, 1, &out->ids.text, error);
    if (status == EMP_OK)
        status = emp__store_take(store, customers, sizeof *out->summary, &out->summary, error);
    if (status == EMP_OK && finishing->plan->needs.days)
        status = emp__store_take(store, customers, sizeof *out->days, &out->days, error);
    if (status == EMP_OK && finishing->plan->needs.orders)
        status = emp__store_take(store, customers, sizeof *out->orders, &out->orders, error);
    if (status == EMP_OK && emp__needs_activity(finishing->plan->needs))
        status = emp__store_take(store, customers, sizeof *out->activity, &out->activity, error);
    return status;
}

/* How many of the partitions that are out fit into memory at once. */
static int threads_that_fit(const struct finishing *finishing)
{
    const struct emp_scatter_plan *plan = finishing->plan;
    uint64_t most = 1;
    for (size_t p = 0; p < plan->partitions; p++) {
        uint64_t bytes = emp__partition_fetched_bytes(&finishing->partitions[p]);
        most = bytes > most ? bytes : most;
    }
    uint64_t fit = plan->memory / most;
    return fit < 1 ? 1 : fit > (uint64_t)plan->threads ? plan->threads : (int)fit;
}

emp_status emp__customers_finish(struct emp_scatter *scatter, int32_t day, struct emp_store *store,
                                 struct emp_customers *out, emp_error *error)
{
    const struct emp_scatter_plan *plan = emp__scatter_plan(scatter);
    size_t partitions = plan->partitions;
    struct finishing finishing = {.scatter = scatter,
                                  .plan = plan,
                                  .partitions = emp__scatter_partitions(scatter),
                                  .day = day,
                                  .out = out};
    *out = (struct emp_customers){
        .store = store, .partitions = partitions, .first_day = EMP_NO_DAY, .last_day = EMP_NO_DAY};
    emp_status status = emp__new_array(&out->first, partitions + 1, sizeof *out->first, error);
    if (status == EMP_OK)
        status = emp__new_array(&finishing.text_first, partitions, sizeof(size_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&finishing.returned, partitions, sizeof *finishing.returned, error);
    if (status == EMP_OK)
        status = emp__parallel(threads_that_fit(&finishing), partitions, return_partition,
                               &finishing, error);
    if (status == EMP_OK)
        emp__scatter_release_logs(scatter);
    if (status == EMP_OK)
        status = make_room(&finishing, error);
    if (status == EMP_OK)
        status = emp__parallel(plan->threads, partitions, place_partition, &finishing, error);
    free(finishing.text_first);
    free(finishing.returned);
    return status;
}

/* The partition of a hash, which its upper bits are: see scatter.c. */
static size_t partition_of(uint64_t hash, size_t partitions)
{
    return (size_t)((emp_int128)hash * (emp_int128)partitions >> 64);
}

size_t emp__customers_find(const struct emp_customers *customers, uint64_t key, const char *text)
{
    uint64_t word = key & EMP_ID_TEXT ? EMP_ID_TEXT : key;
    const struct emp_ids one = {.count = 1, .word = &word, .text = (char *)text};
    size_t p = partition_of(emp__customer_hash(key), customers->partitions);
    size_t low = customers->first[p], end = customers->first[p + 1], high = end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (emp__id_compare(&customers->ids, middle, &one, 0) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < end && emp__id_compare(&customers->ids, low, &one, 0) == 0;
    return found ? low : customers->ids.count;
}

void emp__customers_free(struct emp_customers *customers)
{
    struct emp_store *store = customers->store;
    emp__store_give(store, customers->ids.word);
    emp__store_give(store, customers->ids.text);
    emp__store_give(store, customers->summary);
    emp__store_give(store, customers->days);
    emp__store_give(store, customers->orders);
    emp__store_give(store, customers->activity);
    free(customers->first);
    *customers = (struct emp_customers){0};
}
