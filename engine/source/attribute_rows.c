// SPDX-License-Identifier: Apache-2.0
#include "source/attribute_rows.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "source/ids.h"

enum { BLOCK_BYTES = 1 << 16, ALIGNMENT = 8 };

struct block {
    char *memory;   /* NULL: it is */
    uint64_t place; /* here in the spill file */
    size_t bytes;
};

/* The rows of one thread; those of the last block are still being added to. */
struct thread_blocks {
    struct block *blocks;
    size_t count, capacity;
    struct emp_level_set *sets; /* one for each column; empty for those of numbers */
    char apart[32];             /* of the cache lines of other threads */
};

struct emp_attribute_rows {
    struct emp_attribute_plan plan;
    _Atomic uint64_t used;
    struct thread_blocks *of;
    struct emp_levels *levels; /* one for each column */
};

emp_status emp__attribute_rows_new(const struct emp_attribute_plan *plan,
                                   struct emp_attribute_rows **out, emp_error *error)
{
    size_t threads = (size_t)plan->threads, columns = plan->column_count;
    struct emp_attribute_rows *rows = NULL;
    emp_status status = emp__new_array(&rows, 1, sizeof *rows, error);
    if (status != EMP_OK)
        return status;
    rows->plan = *plan;
    status = emp__new_array(&rows->of, threads, sizeof *rows->of, error);
    for (size_t t = 0; t < threads && status == EMP_OK; t++)
        status = emp__new_array(&rows->of[t].sets, columns, sizeof *rows->of[t].sets, error);
    if (status == EMP_OK)
        status = emp__new_array(&rows->levels, columns, sizeof *rows->levels, error);
    if (status == EMP_OK)
        *out = rows;
    else
        emp__attribute_rows_free(rows);
    return status;
}

static void free_thread(struct thread_blocks *of, size_t columns)
{
    for (size_t i = 0; i < of->count; i++)
        free(of->blocks[i].memory);
    for (size_t c = 0; of->sets && c < columns; c++)
        emp__level_set_free(&of->sets[c]);
    free(of->blocks);
    free(of->sets);
}

void emp__attribute_rows_free(struct emp_attribute_rows *rows)
{
    if (!rows)
        return;
    for (int t = 0; rows->of && t < rows->plan.threads; t++)
        free_thread(&rows->of[t], rows->plan.column_count);
    for (size_t c = 0; rows->levels && c < rows->plan.column_count; c++)
        emp__levels_free(&rows->levels[c]);
    free(rows->levels);
    free(rows->of);
    free(rows);
}

int emp__attribute_rows_threads(const struct emp_attribute_rows *rows)
{
    return rows->plan.threads;
}

/* Puts a full block out where memory is short, and its memory into *freed. */
static emp_status put_out(struct emp_attribute_rows *rows, struct block *block, char **freed,
                          emp_error *error)
{
    if (rows->used + BLOCK_BYTES <= rows->plan.memory)
        return EMP_OK;
    emp_status status =
        emp__spill_write(rows->plan.spill, block->memory, block->bytes, &block->place, error);
    if (status != EMP_OK)
        return status;
    *freed = block->memory;
    block->memory = NULL;
    return EMP_OK;
}

/* A new last block of a thread, in the memory of the one before if that was put out. */
static emp_status next_block(struct emp_attribute_rows *rows, struct thread_blocks *of,
                             emp_error *error)
{
    struct block next = {.memory = NULL};
    emp_status status =
        emp__grow_array(&of->blocks, &of->capacity, of->count + 1, sizeof *of->blocks, error);
    if (status == EMP_OK && of->count > 0)
        status = put_out(rows, &of->blocks[of->count - 1], &next.memory, error);
    if (status == EMP_OK && !next.memory) {
        status = emp__new_array(&next.memory, BLOCK_BYTES, 1, error);
        rows->used += BLOCK_BYTES;
    }
    if (status == EMP_OK)
        of->blocks[of->count++] = next;
    return status;
}

static size_t row_bytes(const struct emp_attribute_rows *rows, size_t text_bytes)
{
    return sizeof(struct emp_attribute_row) +
           rows->plan.column_count * sizeof(union emp_attribute_value) + text_bytes;
}

static emp_status check_levels(const struct emp_attribute_rows *rows, size_t column, size_t count,
                               emp_error *error)
{
    if (count <= EMP_LEVELS_MAX)
        return EMP_OK;
    return emp__fail(error, EMP_ERR_DATA,
                     "column '%s' of the customers file has more than %d different texts, too many "
                     "for a category",
                     rows->plan.columns[column].ref->name, EMP_LEVELS_MAX);
}

/* The number of a text in the thread's set of levels. */
static emp_status number_text(struct emp_attribute_rows *rows, int thread, size_t column,
                              struct emp_field text, uint64_t *out, emp_error *error)
{
    struct emp_level_set *set = &rows->of[thread].sets[column];
    size_t before = emp__level_set_bytes(set);
    uint32_t number = EMP_NO_LEVEL;
    emp_status status = text.length == 0 ? EMP_OK : emp__level_set_add(set, text, &number, error);
    size_t grown = emp__level_set_bytes(set) - before;
    if (grown > 0)
        rows->used += grown;
    *out = number;
    return status == EMP_OK ? check_levels(rows, column, set->count, error) : status;
}

static emp_status put_values(struct emp_attribute_rows *rows, int thread,
                             const union emp_attribute_field *fields,
                             union emp_attribute_value *out, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t c = 0; c < rows->plan.column_count && status == EMP_OK; c++) {
        if (rows->plan.columns[c].kind == EMP_ATTRIBUTE_CATEGORY)
            status = number_text(rows, thread, c, fields[c].text, &out[c].level, error);
        else
            out[c].number = fields[c].number;
    }
    return status;
}

/* Puts the text id of a row behind its values. */
static void put_text(const struct emp_row *customer, char *out, size_t padded)
{
    if (padded == 0)
        return;
    memset(out, 0, padded);
    out[0] = (char)(unsigned char)customer->customer_length;
    memcpy(out + 1, customer->customer_text, customer->customer_length);
}

emp_status emp__attribute_rows_add(struct emp_attribute_rows *rows, int thread,
                                   const struct emp_row *customer, uint64_t place,
                                   const union emp_attribute_field *fields, emp_error *error)
{
    struct thread_blocks *of = &rows->of[thread];
    size_t text = customer->customer_text ? (size_t)customer->customer_length + 1 : 0;
    size_t padded = (text + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    size_t bytes = row_bytes(rows, padded);
    if (of->count == 0 || of->blocks[of->count - 1].bytes + bytes > BLOCK_BYTES) {
        emp_status status = next_block(rows, of, error);
        if (status != EMP_OK)
            return status;
    }
    struct block *block = &of->blocks[of->count - 1];
    struct emp_attribute_row *row = (void *)(block->memory + block->bytes);
    *row = (struct emp_attribute_row){
        .customer = customer->customer,
        .place = place,
        .number = EMP_NO_NUMBER,
        .text_bytes = (uint32_t)padded,
    };
    put_text(customer, (char *)(row->values + rows->plan.column_count), padded);
    emp_status status = put_values(rows, thread, fields, row->values, error);
    if (status == EMP_OK)
        block->bytes += bytes;
    return status;
}

emp_status emp__attribute_rows_end(struct emp_attribute_rows *rows, emp_error *error)
{
    size_t threads = (size_t)rows->plan.threads;
    struct emp_level_set **sets = NULL;
    emp_status status = emp__new_array(&sets, threads, sizeof *sets, error);
    for (size_t c = 0; c < rows->plan.column_count && status == EMP_OK; c++) {
        for (size_t t = 0; t < threads; t++)
            sets[t] = &rows->of[t].sets[c];
        if (rows->plan.columns[c].kind == EMP_ATTRIBUTE_CATEGORY)
            status = emp__levels_merge(sets, threads, &rows->levels[c], error);
        if (status == EMP_OK)
            status = check_levels(rows, c, rows->levels[c].count, error);
    }
    free(sets);
    return status;
}

uint32_t emp__attribute_rows_level(const struct emp_attribute_rows *rows, int thread, size_t column,
                                   union emp_attribute_value value)
{
    bool missing = value.level == EMP_NO_LEVEL;
    return missing ? EMP_NO_LEVEL : rows->of[thread].sets[column].place[value.level];
}

struct emp_levels emp__attribute_rows_take_levels(struct emp_attribute_rows *rows, size_t column)
{
    struct emp_levels levels = rows->levels[column];
    rows->levels[column] = (struct emp_levels){.count = 0};
    return levels;
}

static emp_status visit_block(const struct emp_attribute_rows *rows, char *memory, size_t bytes,
                              struct emp_attribute_visitor visitor, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t at = 0; at < bytes && status == EMP_OK;) {
        struct emp_attribute_row *row = (void *)(memory + at);
        at += row_bytes(rows, row->text_bytes);
        status = visitor.visit(visitor.user, row, error);
    }
    return status;
}

emp_status emp__attribute_rows_each(struct emp_attribute_rows *rows, int thread,
                                    struct emp_attribute_visitor visitor, emp_error *error)
{
    const struct thread_blocks *of = &rows->of[thread];
    char *fetched = NULL;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < of->count && status == EMP_OK; i++) {
        const struct block *block = &of->blocks[i];
        if (!block->memory && !fetched)
            status = emp__new_array(&fetched, BLOCK_BYTES, 1, error);
        if (status == EMP_OK && !block->memory)
            status = emp__spill_read(rows->plan.spill, block->place, fetched, block->bytes, error);
        if (status == EMP_OK)
            status = visit_block(rows, block->memory ? block->memory : fetched, block->bytes,
                                 visitor, error);
    }
    free(fetched);
    return status;
}
