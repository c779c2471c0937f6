// SPDX-License-Identifier: Apache-2.0
/*
 * The usual rows, decoded many at once: column by column with the kernels of text/batch.h, then put
 * together. A row that is unusual in any way is left to the row decoder, which says what it means;
 * so the batch knows neither reasons nor fates but one: used.
 */
#ifndef EMP_SOURCE_USUAL_ROWS_H
#define EMP_SOURCE_USUAL_ROWS_H

#include "source/row_decoder.h"
#include "text/batch.h"

enum { EMP_USUAL_ROWS = 256 };

/* The columns of up to EMP_USUAL_ROWS rows. */
struct emp_usual_rows {
    struct emp_field_batch
        fields[EMP_SLOT_CONDITIONS]; /* where they stand, for every wanted slot */
    uint64_t customer[EMP_USUAL_ROWS], token[EMP_TOKENS][EMP_USUAL_ROWS];
    int64_t time[EMP_USUAL_ROWS], amount[EMP_USUAL_ROWS];
    uint8_t customer_good[EMP_USUAL_ROWS], token_good[EMP_TOKENS][EMP_USUAL_ROWS];
    uint8_t usual[EMP_USUAL_ROWS]; /* time and amount are known, and neither filters the row */
};

/* Decodes batch->fields. */
void emp__usual_rows_decode(const struct emp_row_decoder *decoder,
                            const struct emp_batch_kernels *kernels, struct emp_usual_rows *batch);

/* The least amount that does not filter a row. */
int64_t emp__least_amount(const struct emp_row_decoder *decoder);

/* Is anything read of the rows beside customer, time and amount? */
bool emp__has_tokens(const struct emp_row_decoder *decoder);

/*
 * Are all rows of the batch used, their customers digits, and nothing else read of them? Then they
 * are in *columns, and *money is what they are together.
 */
bool emp__usual_rows_columns(const struct emp_row_decoder *decoder,
                             const struct emp_usual_rows *batch, struct emp_row_columns *columns,
                             emp_int128 *money);

/* Rows, and what they are together. */
struct emp_row_run {
    struct emp_row *rows;
    size_t count;
    emp_int128 money;
};

/*
 * Adds the rows from `from` on to the run, up to the first that is unusual, whose index it returns
 * (that of the end, if there is none). They are what emp__row_decode() gives for rows that are
 * used, conditions aside.
 */
size_t emp__usual_rows_take(const struct emp_row_decoder *decoder,
                            const struct emp_usual_rows *batch, size_t from,
                            struct emp_row_run *run);

#endif
