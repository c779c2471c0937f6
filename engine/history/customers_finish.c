// SPDX-License-Identifier: Apache-2.0
/*
 * From partitions in order of arrival to customers in order of id. Where a customer stands depends
 * on how many there are in the partitions before, which is known of a partition that is out only
 * once it was fetched. So those come first: each is fetched, put in order and written back; then
 * all go to their places.
 *
 * The past goes the same way as the present, in arrays of the same kinds; the totals of a cut-off
 * are summed up when all partitions are in place.
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
    uint64_t word, text;
    struct emp_figure_places figures;
};

struct finishing {
    struct emp_scatter *scatter;
    const struct emp_scatter_plan *plan;
    struct emp_partition *partitions;
    const struct emp_cutoffs *cutoffs;
    struct emp_customers *out;
    struct emp_figures present; /* the arrays of *out */
    size_t *text_first;         /* where the text ids of a partition begin in ids.text */
    struct returned *returned;
    /* The cut-offs of the first partition, those of the second, and so on; NULL without any. */
    struct emp_past *pasts;                /* of the customers of that partition */
    struct emp_figure_places *past_places; /* if it was out: where they are in the spill file */
};

static size_t days_of(const struct emp_customers *customers)
{
    bool none = customers->first_day == EMP_NO_DAY;
    return none ? 0 : (size_t)(customers->last_day - customers->first_day) + 1;
}

/* The block of a partition, its arrays still to come. */
static struct emp_customer_block block_of(const struct finishing *finishing, size_t p)
{
    size_t cutoffs = finishing->cutoffs->count;
    const struct emp_customers *out = finishing->out;
    struct emp_customer_block block = {
        .day = finishing->cutoffs->day,
        .first_day = out->first_day,
        .days = days_of(out),
    };
    memcpy(block.repeats, out->repeats, sizeof block.repeats);
    if (finishing->pasts) {
        block.past = finishing->pasts + p * cutoffs;
        block.cutoffs = cutoffs;
    }
    return block;
}

static emp_status write_block(const struct finishing *finishing, size_t p,
                              const struct emp_customer_block *block, emp_error *error)
{
    struct emp_spill *spill = finishing->plan->spill;
    struct returned *out = &finishing->returned[p];
    struct emp_figure_places *places = finishing->past_places;
    size_t n = out->customers;
    emp_status status =
        emp__spill_write(spill, block->word, n * sizeof *block->word, &out->word, error);
    if (status == EMP_OK)
        status = emp__spill_write(spill, block->text, out->text_bytes, &out->text, error);
    if (status == EMP_OK)
        status = emp__figures_write(&block->figures, n, spill, &out->figures, error);
    for (size_t m = 0; m < block->cutoffs && status == EMP_OK; m++)
        status = emp__figures_write(&block->past[m].figures, n, spill,
                                    &places[p * block->cutoffs + m], error);
    return status;
}

static emp_status read_block(const struct finishing *finishing, size_t p,
                             const struct emp_customer_block *block, emp_error *error)
{
    struct emp_spill *spill = finishing->plan->spill;
    const struct returned *from = &finishing->returned[p];
    const struct emp_figure_places *places = finishing->past_places;
    size_t n = from->customers;
    emp_status status =
        emp__spill_read(spill, from->word, block->word, n * sizeof *block->word, error);
    if (status == EMP_OK)
        status = emp__spill_read(spill, from->text, block->text, from->text_bytes, error);
    if (status == EMP_OK)
        status = emp__figures_read(&block->figures, n, spill, &from->figures, error);
    for (size_t m = 0; m < block->cutoffs && status == EMP_OK; m++)
        status = emp__figures_read(&block->past[m].figures, n, spill,
                                   &places[p * block->cutoffs + m], error);
    return status;
}

static void free_block(struct emp_customer_block *block)
{
    free(block->word);
    free(block->text);
    emp__figures_free(&block->figures);
    for (size_t m = 0; m < block->cutoffs; m++)
        emp__figures_free(&block->past[m].figures);
}

static emp_status new_block(const struct emp_scatter_plan *plan, size_t customers,
                            size_t text_bytes, struct emp_customer_block *out, emp_error *error)
{
    unsigned present = emp__figures_present(plan->needs), past = emp__figures_past(plan->needs);
    emp_status status = emp__new_array(&out->word, customers, sizeof *out->word, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->text, text_bytes, 1, error);
    if (status == EMP_OK)
        status = emp__figures_new(present, customers, &out->figures, error);
    for (size_t m = 0; m < out->cutoffs && status == EMP_OK; m++)
        status = emp__figures_new(past, customers, &out->past[m].figures, error);
    return status;
}

/* Fetches a partition that is out, puts it in order and writes it back. */
static emp_status return_partition(void *user, size_t p, emp_error *error)
{
    struct finishing *finishing = user;
    struct emp_partition *partition = &finishing->partitions[p];
    struct returned *returned = &finishing->returned[p];
    struct emp_customer_block block = block_of(finishing, p);
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
        status = write_block(finishing, p, &block, error);
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
    size_t first = out->first[p], count = out->first[p + 1] - first;
    struct emp_customer_block block = block_of(finishing, p);
    block.word = out->ids.word + first;
    block.text = out->ids.text + finishing->text_first[p];
    block.figures = emp__figures_from(&finishing->present, first);
    for (size_t m = 0; m < block.cutoffs; m++)
        block.past[m].figures = emp__figures_from(&out->past[m].figures, first);
    emp_status status = finishing->returned[p].done
                            ? read_block(finishing, p, &block, error)
                            : emp__customer_block_fill(&finishing->partitions[p], &block, error);
    if (status == EMP_OK)
        move_texts(block.word, count, finishing->text_first[p]);
    /* Its pages become those of the customers that follow. */
    emp__scatter_release(finishing->scatter, p);
    emp__store_relax(out->store);
    return status;
}

/* The arrays of the present, which *out has one by one. */
static void show_figures(struct emp_customers *out, const struct emp_figures *figures)
{
    out->summary = figures->summary;
    out->days = figures->days;
    out->orders = figures->orders;
    out->activity = figures->activity;
    memcpy(out->visits, figures->visits, sizeof out->visits);
}

/* The arrays of all customers. */
static emp_status take_arrays(struct finishing *finishing, size_t text, emp_error *error)
{
    struct emp_customers *out = finishing->out;
    struct emp_needs needs = finishing->plan->needs;
    size_t customers = out->ids.count;
    emp_status status =
        emp__store_take(out->store, customers, sizeof *out->ids.word, &out->ids.word, error);
    if (status == EMP_OK)
        status = emp__store_take(out->store, text, 1, &out->ids.text, error);
    if (status == EMP_OK)
        status = emp__figures_take(out->store, emp__figures_present(needs), customers,
                                   &finishing->present, error);
    show_figures(out, &finishing->present);
    for (size_t m = 0; m < out->cutoffs && status == EMP_OK; m++)
        status = emp__figures_take(out->store, emp__figures_past(needs), customers,
                                   &out->past[m].figures, error);
    return status;
}

/* Room for all customers of all partitions. */
static emp_status make_room(struct finishing *finishing, emp_error *error)
{
    struct emp_customers *out = finishing->out;
    size_t customers = 0, text = 0;
    for (size_t p = 0; p < out->partitions; p++) {
        const struct emp_partition *partition = &finishing->partitions[p];
        const struct returned *returned = &finishing->returned[p];
        out->first[p] = customers;
        finishing->text_first[p] = text;
        customers += returned->done ? returned->customers : partition->table.customers;
        text += returned->done ? returned->text_bytes : partition->table.text_end;
        out->rows += partition->rows;
        out->money += partition->money;
    }
    out->first[out->partitions] = customers;
    if (customers > UINT32_MAX)
        return emp__fail(error, EMP_ERR_DATA, "more than 2^32 customers");
    out->ids.count = customers;
    return take_arrays(finishing, text, error);
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

/* The cut-offs, of all customers and of each partition. */
static emp_status begin_past(struct finishing *finishing, emp_error *error)
{
    const struct emp_cutoffs *cutoffs = finishing->cutoffs;
    struct emp_customers *out = finishing->out;
    size_t parts = out->partitions * cutoffs->count;
    if (cutoffs->count == 0)
        return EMP_OK;
    if (cutoffs->count > finishing->plan->needs.cutoffs)
        return emp__fail(error, EMP_ERR_INTERNAL, "%zu cut-offs in the past, but %u were announced",
                         cutoffs->count, finishing->plan->needs.cutoffs);
    emp_status status = emp__new_array(&out->past, cutoffs->count, sizeof *out->past, error);
    if (status == EMP_OK)
        status = emp__new_array(&finishing->pasts, parts, sizeof *finishing->pasts, error);
    if (status == EMP_OK)
        status =
            emp__new_array(&finishing->past_places, parts, sizeof *finishing->past_places, error);
    if (status != EMP_OK)
        return status;
    out->cutoffs = cutoffs->count;
    for (size_t m = 0; m < cutoffs->count; m++)
        out->past[m] = emp__past_empty(cutoffs->items[m]);
    for (size_t i = 0; i < parts; i++)
        finishing->pasts[i] = emp__past_empty(cutoffs->items[i % cutoffs->count]);
    return EMP_OK;
}

static void add_past_totals(const struct finishing *finishing)
{
    const struct emp_customers *out = finishing->out;
    for (size_t p = 0; p < out->partitions; p++)
        for (size_t m = 0; m < out->cutoffs; m++)
            emp__past_totals_add(&out->past[m].totals,
                                 &finishing->pasts[p * out->cutoffs + m].totals);
}

/* The days of all partitions, and room for what happened on each of them. */
static emp_status begin_days(struct finishing *finishing, emp_error *error)
{
    struct emp_customers *out = finishing->out;
    emp_status status = EMP_OK;
    for (size_t p = 0; p < out->partitions; p++) {
        const struct emp_partition *partition = &finishing->partitions[p];
        emp__widen_days(&out->first_day, &out->last_day, partition->first_day);
        emp__widen_days(&out->first_day, &out->last_day, partition->last_day);
    }
    for (int span = 0; span < EMP_SPANS && status == EMP_OK; span++)
        if (finishing->plan->needs.visits >> span & 1)
            status = emp__store_take(out->store, days_of(out), sizeof *out->repeats[span],
                                     &out->repeats[span], error);
    return status;
}

/* All partitions to their places, with what each of them and of their cut-offs needs on the way. */
static emp_status finish(struct finishing *finishing, emp_error *error)
{
    struct emp_customers *out = finishing->out;
    size_t partitions = out->partitions;
    emp_status status = emp__new_array(&out->first, partitions + 1, sizeof *out->first, error);
    if (status == EMP_OK)
        status = emp__new_array(&finishing->text_first, partitions, sizeof(size_t), error);
    if (status == EMP_OK)
        status =
            emp__new_array(&finishing->returned, partitions, sizeof *finishing->returned, error);
    if (status == EMP_OK)
        status = begin_past(finishing, error);
    if (status == EMP_OK)
        status = begin_days(finishing, error);
    if (status == EMP_OK)
        status = emp__parallel(threads_that_fit(finishing), partitions, return_partition, finishing,
                               error);
    if (status == EMP_OK)
        emp__scatter_release_logs(finishing->scatter);
    if (status == EMP_OK)
        status = make_room(finishing, error);
    if (status == EMP_OK)
        status =
            emp__parallel(finishing->plan->threads, partitions, place_partition, finishing, error);
    if (status == EMP_OK)
        add_past_totals(finishing);
    return status;
}

emp_status emp__customers_finish(struct emp_scatter *scatter, const struct emp_cutoffs *cutoffs,
                                 struct emp_store *store, struct emp_customers *out,
                                 emp_error *error)
{
    const struct emp_scatter_plan *plan = emp__scatter_plan(scatter);
    struct finishing finishing = {.scatter = scatter,
                                  .plan = plan,
                                  .partitions = emp__scatter_partitions(scatter),
                                  .cutoffs = cutoffs,
                                  .out = out};
    *out = (struct emp_customers){.store = store,
                                  .partitions = plan->partitions,
                                  .first_day = EMP_NO_DAY,
                                  .last_day = EMP_NO_DAY,
                                  .day = cutoffs->day,
                                  .end = cutoffs->end};
    emp_status status = finish(&finishing, error);
    free(finishing.text_first);
    free(finishing.returned);
    free(finishing.pasts);
    free(finishing.past_places);
    return status;
}
