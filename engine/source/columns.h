// SPDX-License-Identifier: Apache-2.0
/* Which columns of a file are needed, what they are called, and where they stand in it. */
#ifndef EMP_SOURCE_COLUMNS_H
#define EMP_SOURCE_COLUMNS_H

#include "params/input_params.h"
#include "source/row.h"
#include "text/record.h"

/* The roles a needed column can play for a row; further columns are those of the conditions. */
enum emp_slot {
    EMP_SLOT_CUSTOMER,
    EMP_SLOT_TIME,
    EMP_SLOT_AMOUNT, /* or the price, for price x quantity */
    EMP_SLOT_QUANTITY,
    EMP_SLOT_TOKENS, /* in the order of enum emp_token */
    EMP_SLOT_CONDITIONS = (int)EMP_SLOT_TOKENS + (int)EMP_TOKENS
};

/* Slots of a row of transactions, and of a row of any file. */
enum { EMP_SLOTS_MAX = 64, EMP_COLUMNS_MAX = 256 };

/* The needed columns as the parameters name them; a slot that is not needed is NULL. */
struct emp_wanted_columns {
    const struct emp_column_ref *slots[EMP_COLUMNS_MAX];
    size_t count;
    /* Mapped, but no analysis of this run decodes them: only looked for in the header. */
    const struct emp_column_ref *unread[EMP_TOKENS + 2];
    bool by_number; /* the files have no header */
};

/* Where they stand in one file. */
struct emp_file_columns {
    uint32_t total;                 /* fields that every record must have; 0: not known yet */
    uint32_t slot[EMP_COLUMNS_MAX]; /* index of the column from 0; unused where not needed */
};

/* The slots of `input`; `tokens` is the set of those to be decoded, whose columns are mapped. */
void emp__wanted_columns(const struct emp_input_params *input, unsigned tokens,
                         struct emp_wanted_columns *out);

/*
 * Finds the slots among the names of a header. A name that is missing (with the nearest one there
 * is) or there twice is EMP_ERR_DATA, at `path`:1.
 */
emp_status emp__columns_by_name(const struct emp_wanted_columns *wanted, const char *path,
                                const struct emp_fields *names, struct emp_file_columns *out,
                                emp_error *error);

/* The same by number, for a file whose first record has `count` fields. */
emp_status emp__columns_by_number(const struct emp_wanted_columns *wanted, const char *path,
                                  size_t count, struct emp_file_columns *out, emp_error *error);

#endif
