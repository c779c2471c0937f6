// SPDX-License-Identifier: Apache-2.0
/*
 * Two passes over the rows. In the first every row claims its customer, and the row that stands
 * first in the file wins, whoever comes first; in the second the winners' values go to their
 * places.
 */
#include "features/attributes.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"

enum {
    BLOCK_CUSTOMERS = 1 << 16,
    PAGE_BYTES = 4096,
    TOUCHED_BYTES = 16 << 20 /* of arrays that are mapped from files, before they are let go */
};

emp_status emp__attribute_wish(struct emp_attribute_wishes *wishes, enum emp_attribute_kind kind,
                               const struct emp_column_ref *column, emp_error *error)
{
    for (size_t i = 0; i < wishes->count; i++) {
        const struct emp_attribute_column *other = &wishes->columns[i];
        if (strcmp(other->ref->name, column->name) == 0 && other->ref->number == column->number &&
            other->kind == kind)
            return EMP_OK;
    }
    emp_status status = emp__grow_array(&wishes->columns, &wishes->capacity, wishes->count + 1,
                                        sizeof *wishes->columns, error);
    if (status == EMP_OK)
        wishes->columns[wishes->count++] = (struct emp_attribute_column){column, kind};
    return status;
}

size_t emp__attribute_wishes_count(const struct emp_attribute_wishes *wishes,
                                   enum emp_attribute_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < wishes->count; i++)
        count += wishes->columns[i].kind == kind;
    return count;
}

void emp__attribute_wishes_free(struct emp_attribute_wishes *wishes)
{
    free(wishes->columns);
    *wishes = (struct emp_attribute_wishes){0};
}

size_t emp__attributes_find(const struct emp_attributes *attributes, const char *name)
{
    size_t i = 0;
    while (i < attributes->count && strcmp(attributes->names[i], name) != 0)
        i++;
    return i;
}

uint32_t emp__category_level(const struct emp_category *category, const char *text)
{
    uint32_t level = 0;
    while (level < category->levels.count && strcmp(category->levels.texts[level], text) != 0)
        level++;
    return level < category->levels.count ? level : EMP_NO_LEVEL;
}

const struct emp_category *emp__attributes_category(const struct emp_attributes *attributes,
                                                    const char *name)
{
    for (size_t i = 0; i < attributes->category_count; i++)
        if (strcmp(attributes->categories[i].name, name) == 0)
            return &attributes->categories[i];
    return NULL;
}

/* Where the values of a column go: to the one or to the other. */
struct target {
    double *numbers;
    uint32_t *codes;
};

struct joining {
    const struct emp_customers *customers;
    struct emp_customer_file *file;
    struct emp_attribute_rows *rows;
    size_t columns;
    struct target *targets;   /* one for each column */
    _Atomic uint64_t *claims; /* of each customer: 0, or 1 + the place of its first row */
    struct joiner *joiners;   /* one for each thread */
    size_t rows_between;      /* after so many a thread lets go of what is mapped from files */
};

/* What one thread does, and has counted. */
struct joiner {
    struct joining *joining;
    int thread;
    size_t rows;       /* since it last let go of anything */
    uint64_t repeated; /* rows */
    size_t claimed;    /* customers */
    char apart[32];    /* of the cache lines of other threads */
};

/* The customer of a row, who is in the history: the row itself has brought him there. */
static emp_status find_customer(struct joiner *joiner, struct emp_attribute_row *row,
                                emp_error *error)
{
    const struct joining *joining = joiner->joining;
    if (++joiner->rows == joining->rows_between) {
        joiner->rows = 0;
        emp__store_relax(joining->customers->store);
    }
    if (row->number != EMP_NO_NUMBER)
        return EMP_OK;
    size_t found = emp__customers_find(joining->customers, row->customer,
                                       emp__attribute_row_text(row, joining->columns));
    if (found == joining->customers->ids.count)
        return emp__fail(error, EMP_ERR_INTERNAL,
                         "a customer of the customers file is not in the history");
    row->number = (uint32_t)found;
    return EMP_OK;
}

static emp_status claim(void *user, struct emp_attribute_row *row, emp_error *error)
{
    struct joiner *joiner = user;
    const struct joining *joining = joiner->joining;
    emp_status status = find_customer(joiner, row, error);
    if (status != EMP_OK)
        return status;
    _Atomic uint64_t *claimed = &joining->claims[row->number];
    uint64_t mine = row->place + 1, other = *claimed;
    while ((other == 0 || mine < other) && !atomic_compare_exchange_weak(claimed, &other, mine))
        continue;
    return EMP_OK;
}

static emp_status put(void *user, struct emp_attribute_row *row, emp_error *error)
{
    struct joiner *joiner = user;
    const struct joining *joining = joiner->joining;
    emp_status status = find_customer(joiner, row, error);
    if (status != EMP_OK)
        return status;
    uint64_t first = joining->claims[row->number] - 1;
    if (first != row->place) {
        joiner->repeated++;
        return emp__customer_file_repeated(joining->file, joiner->thread, row, first, error);
    }
    for (size_t c = 0; c < joining->columns; c++) {
        const struct target *target = &joining->targets[c];
        if (target->numbers)
            target->numbers[row->number] = row->values[c].number;
        else
            target->codes[row->number] =
                emp__attribute_rows_level(joining->rows, joiner->thread, c, row->values[c]);
    }
    return EMP_OK;
}

static emp_status claim_all(void *user, size_t thread, emp_error *error)
{
    const struct joining *joining = user;
    const struct emp_attribute_visitor claimant = {&joining->joiners[thread], claim};
    return emp__attribute_rows_each(joining->rows, (int)thread, claimant, error);
}

static emp_status put_all(void *user, size_t thread, emp_error *error)
{
    const struct joining *joining = user;
    const struct emp_attribute_visitor putter = {&joining->joiners[thread], put};
    return emp__attribute_rows_each(joining->rows, (int)thread, putter, error);
}

static void fill_gap(const struct joining *joining, size_t customer)
{
    for (size_t c = 0; c < joining->columns; c++) {
        const struct target *target = &joining->targets[c];
        if (target->numbers)
            target->numbers[customer] = NAN;
        else
            target->codes[customer] = EMP_NO_LEVEL;
    }
}

/* Customers without a row have no values. */
static void fill_gaps(void *user, int worker, size_t first, size_t count)
{
    const struct joining *joining = user;
    for (size_t i = first; i < first + count; i++) {
        bool claimed = joining->claims[i] != 0;
        joining->joiners[worker].claimed += claimed;
        if (!claimed)
            fill_gap(joining, i);
    }
    emp__store_relax(joining->customers->store);
}

static emp_status add_numbers(struct joining *joining, size_t c, const char *name,
                              struct emp_attributes *out, emp_error *error)
{
    struct target *target = &joining->targets[c];
    emp_status status = emp__store_take(joining->customers->store, joining->customers->ids.count,
                                        sizeof *target->numbers, &target->numbers, error);
    if (status == EMP_OK) {
        out->names[out->count] = name;
        out->values[out->count++] = target->numbers;
    }
    return status;
}

static emp_status add_category(struct joining *joining, size_t c, const char *name,
                               struct emp_attributes *out, emp_error *error)
{
    struct target *target = &joining->targets[c];
    emp_status status = emp__store_take(joining->customers->store, joining->customers->ids.count,
                                        sizeof *target->codes, &target->codes, error);
    if (status == EMP_OK)
        out->categories[out->category_count++] = (struct emp_category){
            name, target->codes, emp__attribute_rows_take_levels(joining->rows, c)};
    return status;
}

/* The columns, all of them zero, and where the rows' values go. */
static emp_status add_columns(struct joining *joining, const struct emp_attribute_wishes *wishes,
                              struct emp_attributes *out, emp_error *error)
{
    size_t numbers = emp__attribute_wishes_count(wishes, EMP_ATTRIBUTE_NUMBER);
    size_t categories = emp__attribute_wishes_count(wishes, EMP_ATTRIBUTE_CATEGORY);
    emp_status status =
        emp__new_array(&joining->targets, wishes->count, sizeof *joining->targets, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->names, numbers, sizeof *out->names, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->values, numbers, sizeof *out->values, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->categories, categories, sizeof *out->categories, error);
    for (size_t c = 0; c < wishes->count && status == EMP_OK; c++) {
        const char *name = wishes->columns[c].ref->name;
        bool category = wishes->columns[c].kind == EMP_ATTRIBUTE_CATEGORY;
        status = category ? add_category(joining, c, name, out, error)
                          : add_numbers(joining, c, name, out, error);
    }
    return status;
}

static emp_status make_room(struct joining *joining, const struct emp_attribute_wishes *wishes,
                            struct emp_attributes *out, emp_error *error)
{
    size_t threads = (size_t)emp__attribute_rows_threads(joining->rows);
    emp_status status = add_columns(joining, wishes, out, error);
    if (status == EMP_OK)
        status = emp__store_take(joining->customers->store, joining->customers->ids.count,
                                 sizeof(uint64_t), &joining->claims, error);
    if (status == EMP_OK)
        status = emp__new_array(&joining->joiners, threads, sizeof(struct joiner), error);
    for (size_t t = 0; t < threads && status == EMP_OK; t++) {
        joining->joiners[t].joining = joining;
        joining->joiners[t].thread = (int)t;
    }
    return status;
}

static void count(const struct joining *joining, struct emp_attributes *out)
{
    for (int t = 0; t < emp__attribute_rows_threads(joining->rows); t++) {
        joining->file->used -= joining->joiners[t].repeated;
        joining->file->rejected += joining->joiners[t].repeated;
        out->customers += joining->joiners[t].claimed;
    }
}

emp_status emp__attributes_join(const struct emp_customers *customers,
                                struct emp_customer_file *file, struct emp_attribute_rows *rows,
                                const struct emp_attribute_wishes *wishes,
                                struct emp_attributes *out, emp_error *error)
{
    int threads = emp__attribute_rows_threads(rows);
    struct joining joining = {
        .customers = customers, .file = file, .rows = rows, .columns = wishes->count};
    /* A row is at home in one page of each array. */
    joining.rows_between = TOUCHED_BYTES / PAGE_BYTES / (wishes->count + 3) / (size_t)threads + 1;
    *out = (struct emp_attributes){0};
    emp_status status = make_room(&joining, wishes, out, error);
    if (status == EMP_OK)
        status = emp__parallel(threads, (size_t)threads, claim_all, &joining, error);
    if (status == EMP_OK)
        status = emp__parallel(threads, (size_t)threads, put_all, &joining, error);
    if (status == EMP_OK) {
        emp__blocks(threads, customers->ids.count, BLOCK_CUSTOMERS, fill_gaps, &joining);
        count(&joining, out);
    }
    emp__store_give(customers->store, (void *)joining.claims);
    free(joining.joiners);
    free(joining.targets);
    return status;
}

void emp__attributes_free(struct emp_attributes *attributes, struct emp_store *store)
{
    for (size_t c = 0; c < attributes->count; c++)
        emp__store_give(store, attributes->values[c]);
    for (size_t c = 0; c < attributes->category_count; c++) {
        emp__store_give(store, attributes->categories[c].codes);
        emp__levels_free(&attributes->categories[c].levels);
    }
    free(attributes->categories);
    free((void *)attributes->names);
    free((void *)attributes->values);
    *attributes = (struct emp_attributes){0};
}
