// SPDX-License-Identifier: Apache-2.0
#include "source/attribute_rows.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

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
    char apart[40]; /* of the cache lines of other threads */
};

struct emp_attribute_rows {
    size_t columns;
    int threads;
    uint64_t memory;
    _Atomic uint64_t used;
    struct emp_spill *spill;
    struct thread_blocks *of;
};

emp_status emp__attribute_rows_new(size_t columns, int threads, uint64_t memory,
                                   struct emp_spill *spill, struct emp_attribute_rows **out,
                                   emp_error *error)
{
    struct emp_attribute_rows *rows = NULL;
    emp_status status = emp__new_array(&rows, 1, sizeof *rows, error);
    if (status != EMP_OK)
        return status;
    rows->columns = columns;
    rows->threads = threads;
    rows->memory = memory;
    rows->spill = spill;
    status = emp__new_array(&rows->of, (size_t)threads, sizeof *rows->of, error);
    if (status == EMP_OK)
        *out = rows;
    else
        emp__attribute_rows_free(rows);
    return status;
}

void emp__attribute_rows_free(struct emp_attribute_rows *rows)
{
    if (!rows)
        return;
    for (int t = 0; rows->of && t < rows->threads; t++) {
        for (size_t i = 0; i < rows->of[t].count; i++)
            free(rows->of[t].blocks[i].memory);
        free(rows->of[t].blocks);
    }
    free(rows->of);
    free(rows);
}

size_t emp__attribute_rows_columns(const struct emp_attribute_rows *rows)
{
    return rows->columns;
}

int emp__attribute_rows_threads(const struct emp_attribute_rows *rows)
{
    return rows->threads;
}

/* Puts a full block out where memory is short, and its memory into *freed. */
static emp_status put_out(struct emp_attribute_rows *rows, struct block *block, char **freed,
                          emp_error *error)
{
    if (rows->used + BLOCK_BYTES <= rows->memory)
        return EMP_OK;
    emp_status status =
        emp__spill_write(rows->spill, block->memory, block->bytes, &block->place, error);
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
    return sizeof(struct emp_attribute_row) + rows->columns * sizeof(double) + text_bytes;
}

emp_status emp__attribute_rows_add(struct emp_attribute_rows *rows, int thread,
                                   const struct emp_row *customer, uint64_t place,
                                   const double *values, emp_error *error)
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
    if (rows->columns > 0)
        memcpy(row->values, values, rows->columns * sizeof *values);
    if (text > 0) {
        char *to = (char *)(row->values + rows->columns);
        memset(to, 0, padded);
        to[0] = (char)(unsigned char)customer->customer_length;
        memcpy(to + 1, customer->customer_text, customer->customer_length);
    }
    block->bytes += bytes;
    return EMP_OK;
}

static emp_status visit_block(const struct emp_attribute_rows *rows, char *memory, size_t bytes,
                              emp_status (*visit)(void *user, struct emp_attribute_row *row,
                                                  emp_error *error),
                              void *user, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t at = 0; at < bytes && status == EMP_OK;) {
        struct emp_attribute_row *row = (void *)(memory + at);
        at += row_bytes(rows, row->text_bytes);
        status = visit(user, row, error);
    }
    return status;
}

emp_status emp__attribute_rows_each(struct emp_attribute_rows *rows, int thread,
                                    emp_status (*visit)(void *user, struct emp_attribute_row *row,
                                                        emp_error *error),
                                    void *user, emp_error *error)
{
    const struct thread_blocks *of = &rows->of[thread];
    char *fetched = NULL;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < of->count && status == EMP_OK; i++) {
        const struct block *block = &of->blocks[i];
        if (!block->memory && !fetched)
            status = emp__new_array(&fetched, BLOCK_BYTES, 1, error);
        if (status == EMP_OK && !block->memory)
            status = emp__spill_read(rows->spill, block->place, fetched, block->bytes, error);
        if (status == EMP_OK)
            status = visit_block(rows, block->memory ? block->memory : fetched, block->bytes, visit,
                                 user, error);
    }
    free(fetched);
    return status;
}
