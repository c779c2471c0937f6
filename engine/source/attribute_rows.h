// SPDX-License-Identifier: Apache-2.0
/*
 * The rows of the customers file between their reading and the moment at which the customers are
 * numbered. They lie in blocks, each thread's its own; blocks that do not fit into memory wait in
 * the spill file.
 */
#ifndef EMP_SOURCE_ATTRIBUTE_ROWS_H
#define EMP_SOURCE_ATTRIBUTE_ROWS_H

#include "base/spill.h"
#include "source/row.h"

struct emp_attribute_rows;

/* Where a row stands: rows in order of chunk and line are in order of place. */
static inline uint64_t emp__row_place(uint64_t chunk, uint64_t line)
{
    return chunk << 24 | line; /* a chunk has fewer than 2^24 lines */
}
static inline uint64_t emp__row_place_chunk(uint64_t place)
{
    return place >> 24;
}
static inline uint64_t emp__row_place_line(uint64_t place)
{
    return place & 0xFFFFFF;
}

#define EMP_NO_NUMBER UINT32_MAX

struct emp_attribute_row {
    uint64_t customer; /* as in struct emp_row */
    uint64_t place;
    uint32_t number; /* whoever visits the row may keep the customer's number here; it lasts until
                        the next visit or becomes EMP_NO_NUMBER again, which it is at first */
    uint32_t text_bytes; /* of a text id: its length in a byte, itself, and zeros up to 8 bytes */
    double values[];     /* one for each column, then the text id */
};

/*
 * `memory`: bytes that the blocks may take, beyond which they are put into the spill file, which
 * must outlive the rows. Each thread has one block in memory in any case.
 */
emp_status emp__attribute_rows_new(size_t columns, int threads, uint64_t memory,
                                   struct emp_spill *spill, struct emp_attribute_rows **out,
                                   emp_error *error);

/* Takes NULL. */
void emp__attribute_rows_free(struct emp_attribute_rows *rows);

/* Adds a row of this customer; each thread has its own number. */
emp_status emp__attribute_rows_add(struct emp_attribute_rows *rows, int thread,
                                   const struct emp_row *customer, uint64_t place,
                                   const double *values, emp_error *error);

/* Calls `visit` for every row that the thread has added, in that order. Different threads' rows may
   be visited at once. */
emp_status emp__attribute_rows_each(struct emp_attribute_rows *rows, int thread,
                                    emp_status (*visit)(void *user, struct emp_attribute_row *row,
                                                        emp_error *error),
                                    void *user, emp_error *error);

size_t emp__attribute_rows_columns(const struct emp_attribute_rows *rows);
int emp__attribute_rows_threads(const struct emp_attribute_rows *rows);

/* The text id of a row: its length in a byte, then itself. */
static inline const char *emp__attribute_row_text(const struct emp_attribute_row *row,
                                                  size_t columns)
{
    return (const char *)(row->values + columns);
}

#endif
