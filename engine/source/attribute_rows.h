// SPDX-License-Identifier: Apache-2.0
/*
 * The rows of the customers file between their reading and the moment at which the customers are
 * numbered. They lie in blocks, each thread's its own; blocks that do not fit into memory wait in
 * the spill file. Of a category a row holds a number, which the thread's set of levels knows.
 */
#ifndef EMP_SOURCE_ATTRIBUTE_ROWS_H
#define EMP_SOURCE_ATTRIBUTE_ROWS_H

#include "base/spill.h"
#include "params/column_ref.h"
#include "source/levels.h"
#include "source/row.h"

enum emp_attribute_kind { EMP_ATTRIBUTE_NUMBER, EMP_ATTRIBUTE_CATEGORY };

/* A column of the customers file that is wanted, and what its fields are taken for. */
struct emp_attribute_column {
    const struct emp_column_ref *ref;
    enum emp_attribute_kind kind;
};

/* What a field says, by the kind of its column. */
union emp_attribute_field {
    double number;         /* NaN: missing */
    struct emp_field text; /* of length 0: missing */
};

/* The same in a row that waits. */
union emp_attribute_value {
    double number;
    uint64_t level; /* for emp__attribute_rows_level() */
};

/* Of a value that is missing. */
#define EMP_NO_LEVEL UINT32_MAX

/* A column may have so many different texts: more are no categories. */
enum { EMP_LEVELS_MAX = 65535 };

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
    union emp_attribute_value values[]; /* one for each column, then the text id */
};

/* What the rows will be. What it points to must outlive them. */
struct emp_attribute_plan {
    const struct emp_attribute_column *columns;
    size_t column_count;
    int threads;
    uint64_t memory; /* bytes that levels and blocks may take; then blocks are put into the spill
                        file. The levels and a block of each thread are in memory in any case. */
    struct emp_spill *spill;
};

emp_status emp__attribute_rows_new(const struct emp_attribute_plan *plan,
                                   struct emp_attribute_rows **out, emp_error *error);

/* Takes NULL. */
void emp__attribute_rows_free(struct emp_attribute_rows *rows);

/*
 * Adds a row of this customer, with a field for each column; each thread has its own number.
 * EMP_ERR_DATA: a category has more than EMP_LEVELS_MAX levels.
 */
emp_status emp__attribute_rows_add(struct emp_attribute_rows *rows, int thread,
                                   const struct emp_row *customer, uint64_t place,
                                   const union emp_attribute_field *fields, emp_error *error);

/* No more rows come: brings the levels of each category in order. EMP_ERR_DATA as above. */
emp_status emp__attribute_rows_end(struct emp_attribute_rows *rows, emp_error *error);

/* Who is shown the rows. */
struct emp_attribute_visitor {
    void *user;
    emp_status (*visit)(void *user, struct emp_attribute_row *row, emp_error *error);
};

/* Shows every row that the thread has added, in that order. Different threads' rows may be visited
   at once. */
emp_status emp__attribute_rows_each(struct emp_attribute_rows *rows, int thread,
                                    struct emp_attribute_visitor visitor, emp_error *error);

int emp__attribute_rows_threads(const struct emp_attribute_rows *rows);

/* After the end: the level of a value of a category, in a row of that thread; or EMP_NO_LEVEL. */
uint32_t emp__attribute_rows_level(const struct emp_attribute_rows *rows, int thread, size_t column,
                                   union emp_attribute_value value);

/* After the end: hands the levels of a category over, to be freed by the caller. */
struct emp_levels emp__attribute_rows_take_levels(struct emp_attribute_rows *rows, size_t column);

/* The text id of a row: its length in a byte, then itself. */
static inline const char *emp__attribute_row_text(const struct emp_attribute_row *row,
                                                  size_t columns)
{
    return (const char *)(row->values + columns);
}

#endif
