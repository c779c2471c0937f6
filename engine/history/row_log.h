// SPDX-License-Identifier: Apache-2.0
/*
 * Rows that wait for their partition: in pieces of memory, until there are enough of them to be
 * worth the way to its table; or in the spill file, while the partition is out of memory.
 */
#ifndef EMP_HISTORY_ROW_LOG_H
#define EMP_HISTORY_ROW_LOG_H

#include "base/arena.h"
#include "base/spill.h"
#include "history/packed_batch.h"

struct emp_log_piece {
    size_t bytes;
    char *memory;   /* or NULL, and then it is */
    uint64_t place; /* here in the spill file */
};

/* All zero is an empty log. */
struct emp_row_log {
    struct emp_log_piece *pieces;
    size_t count, capacity;
    size_t in_memory; /* pieces, the last ones */
    uint64_t rows;
};

/* Adds the rows of a batch at the end. */
emp_status emp__row_log_add(struct emp_row_log *log, const struct emp_packed_batch *batch,
                            struct emp_arena *arena, emp_error *error);

/*
 * A piece of the arena that is filled with short rows elsewhere: one batch of up to EMP_PIECE_ROWS,
 * from its second 16 bytes on. It becomes the log's, also on failure.
 */
enum { EMP_PIECE_ROWS = EMP_PIECE_BYTES / sizeof(struct emp_short_row) - 1 };
emp_status emp__row_log_attach(struct emp_row_log *log, char *piece, size_t rows,
                               struct emp_arena *arena, emp_error *error);

/* Writes the pieces that are in memory to the spill file and gives them back. */
emp_status emp__row_log_put_out(struct emp_row_log *log, struct emp_arena *arena,
                                struct emp_spill *spill, emp_error *error);

/* Moves what is in `from` to the end of `log`, of which nothing is in memory. */
emp_status emp__row_log_append(struct emp_row_log *log, struct emp_row_log *from, emp_error *error);

/* Shows the batches that are in memory to `taker`, in the order in which they came. */
emp_status emp__row_log_visit(const struct emp_row_log *log, struct emp_batch_taker taker,
                              emp_error *error);

/*
 * Hands all batches to `taker`, in the order in which they came; each piece is given back once its
 * batches were taken. The log is empty afterwards, and whatever it held freed, also on failure.
 */
emp_status emp__row_log_replay(struct emp_row_log *log, struct emp_arena *arena,
                               struct emp_spill *spill, struct emp_batch_taker taker,
                               emp_error *error);

void emp__row_log_free(struct emp_row_log *log, struct emp_arena *arena);

#endif
