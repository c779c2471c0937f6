// SPDX-License-Identifier: Apache-2.0
/*
 * A table as a CSV file, in parallel: threads take blocks of rows in turn and format them into
 * buffers of their own; a block takes its place in the file in order and, in a regular file, is
 * written there while the next ones take theirs.
 */
#include "sink/csv_writer.h"

#include <errno.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/turns.h"
#include "sink/csv_cell.h"
#include "sink/file_writer.h"

enum {
    BLOCK_ROWS = 4096,       /* about 300 KiB of text: stays in the second-level cache */
    BLOCK_BYTES = 16U << 20, /* fewer rows where a row may be longer than a block of this allows */
    SLICE_ROWS = 256,        /* whose values are fetched column by column: about 20 KiB of them */
    TOUCHED_BYTES = 64,      /* of what the columns are computed from, a row */
};

/* Where in the table a value stands that must not be printed. */
struct bad_cell {
    size_t row;
    size_t column;
};

/* The workspace of a thread. */
struct worker {
    char *bytes;      /* the text of a block */
    uint64_t *values; /* of a slice: SLICE_ROWS for each column */
    uint32_t rows[SLICE_ROWS];
};

struct csv_writer {
    const char *path;
    const struct emp_table *table;
    struct emp_csv_column *columns;
    size_t column_count; /* of `columns`: neighbours in the table may have been merged */
    struct worker *workers;
    int threads;
    int fd;
    bool regular; /* the file can be written at an offset */
    size_t block_rows;
    size_t block_count;

    atomic_size_t ticket;   /* the next block to be formatted */
    struct emp_turns turns; /* of the blocks, to be given their places */
    uint64_t offset;        /* the next place */

    /* The first failure; `failed` is read without the lock, to stop early. */
    atomic_bool failed;
    emp_status status;
    int reason; /* EMP_ERR_IO: errno */
    struct bad_cell bad;
};

struct block {
    size_t first;
    size_t last;
    char *bytes;
    size_t length;
    uint64_t offset;
    bool is_bad;
    struct bad_cell bad;
};

/* Formats row i of a slice at `at`; NULL, and *bad_column, where a value must not be printed. */
static char *format_row(const struct csv_writer *w, const uint64_t *values, size_t i, char *at,
                        size_t *bad_column)
{
    const char *start = at;
    for (size_t c = 0; c < w->column_count; c++) {
        const struct emp_csv_column *column = &w->columns[c];
        char *end = column->put(column, values + c * SLICE_ROWS, i, at);
        if (!end) {
            *bad_column = column->number;
            return NULL;
        }
        *end = ',';
        at = end + 1;
    }
    if (at == start + 1) {
        memcpy(at - 1, "\"\"", 2);
        at += 2;
    }
    at[-1] = '\n';
    return at;
}

/* Fetches the values of rows first .. first + count - 1, which may stand anywhere in the data. */
static void fetch_slice(const struct csv_writer *w, struct worker *worker, size_t first,
                        size_t count)
{
    const uint32_t *rows = w->table->order ? w->table->order + first : worker->rows;
    for (size_t i = 0; i < count && !w->table->order; i++)
        worker->rows[i] = (uint32_t)(first + i);
    for (size_t c = 0; c < w->column_count; c++)
        emp__table_values(w->table, w->columns[c].number, rows, count,
                          worker->values + c * SLICE_ROWS);
}

static void format_block(const struct csv_writer *w, struct worker *worker, struct block *block)
{
    char *at = block->bytes;
    for (size_t first = block->first; first < block->last; first += SLICE_ROWS) {
        size_t left = block->last - first, count = left < SLICE_ROWS ? left : SLICE_ROWS;
        fetch_slice(w, worker, first, count);
        for (size_t i = 0; i < count; i++) {
            char *end = format_row(w, worker->values, i, at, &block->bad.column);
            if (!end) {
                block->is_bad = true;
                block->bad.row = first + i;
                return;
            }
            at = end;
        }
    }
    block->length = (size_t)(at - block->bytes);
}

static void note_failure(struct csv_writer *w, emp_status status, int reason, struct bad_cell bad)
{
#pragma omp critical(emp_csv_failure)
    if (w->status == EMP_OK) {
        w->status = status;
        w->reason = reason;
        w->bad = bad;
        atomic_store(&w->failed, true);
    }
}

static void write_block(struct csv_writer *w, const struct block *block)
{
    bool written = w->regular ? emp__write_all_at(w->fd, block->bytes, block->length, block->offset)
                              : emp__write_all(w->fd, block->bytes, block->length);
    if (!written)
        note_failure(w, EMP_ERR_IO, errno, (struct bad_cell){0});
}

/*
 * Gives the block its place when its turn has come: so the file is in order, and the first value
 * that must not be printed is the one named.
 */
static void place_block(struct csv_writer *w, struct block *block, size_t number)
{
    emp__turns_begin(&w->turns, number);
    if (block->is_bad)
        note_failure(w, EMP_ERR_INTERNAL, 0, block->bad);
    block->offset = w->offset;
    w->offset += block->length;
    if (!w->regular && !atomic_load(&w->failed))
        write_block(w, block);
    emp__turns_end(&w->turns);
}

static void do_block(struct csv_writer *w, size_t number, struct worker *worker)
{
    struct block block = {.first = number * w->block_rows, .bytes = worker->bytes};
    size_t left = w->table->rows - block.first;
    block.last = block.first + (left < w->block_rows ? left : w->block_rows);
    if (!atomic_load(&w->failed))
        format_block(w, worker, &block);
    emp__store_touched(w->table->store, (block.last - block.first) * TOUCHED_BYTES);
    place_block(w, &block, number);
    if (w->regular && !atomic_load(&w->failed))
        write_block(w, &block);
}

static void write_blocks(struct csv_writer *w)
{
#pragma omp parallel num_threads(w->threads)
    {
        struct worker *worker = &w->workers[omp_get_thread_num()];
        size_t number = 0;
        while ((number = atomic_fetch_add(&w->ticket, 1)) < w->block_count)
            do_block(w, number, worker);
    }
}

static emp_status prepare_columns(struct csv_writer *w, emp_error *error)
{
    const struct emp_table *table = w->table;
    emp_status status = emp__new_array(&w->columns, table->column_count, sizeof *w->columns, error);
    for (size_t c = 0; c < table->column_count && status == EMP_OK;) {
        struct emp_csv_column *column = &w->columns[w->column_count++];
        status = emp__csv_column_prepare(column, table, c, error);
        c += column->merged;
    }
    return status;
}

static emp_status prepare_workers(struct csv_writer *w, emp_error *error)
{
    size_t row_width = EMP_CSV_SLACK;
    for (size_t c = 0; c < w->column_count; c++)
        row_width += w->columns[c].width + 3; /* a comma, or "" and a newline */
    size_t fitting = BLOCK_BYTES / row_width;
    w->block_rows = fitting > BLOCK_ROWS ? BLOCK_ROWS : fitting ? fitting : 1;
    w->block_count = w->table->rows / w->block_rows + (w->table->rows % w->block_rows != 0);
    if ((size_t)w->threads > w->block_count)
        w->threads = w->block_count ? (int)w->block_count : 1;

    emp_status status = emp__new_array(&w->workers, (size_t)w->threads, sizeof *w->workers, error);
    for (int t = 0; t < w->threads && status == EMP_OK; t++) {
        struct worker *worker = &w->workers[t];
        status =
            emp__new_array(&worker->bytes, w->block_rows * row_width + EMP_CSV_SLACK, 1, error);
        if (status == EMP_OK)
            status = emp__new_array(&worker->values, w->column_count * SLICE_ROWS,
                                    sizeof *worker->values, error);
    }
    return status;
}

static void free_writer(struct csv_writer *w)
{
    for (size_t c = 0; c < w->column_count; c++)
        emp__csv_column_free(&w->columns[c]);
    for (int t = 0; w->workers && t < w->threads; t++) {
        free(w->workers[t].bytes);
        free(w->workers[t].values);
    }
    free(w->columns);
    free(w->workers);
}

/* Writes the line of the columns' names, the first bytes of the file. */
static emp_status write_header(struct csv_writer *w, emp_error *error)
{
    const struct emp_table *table = w->table;
    size_t room = 0;
    for (size_t c = 0; c < table->column_count; c++)
        room += 2 * strlen(table->columns[c].name) + 3;
    char *line = NULL;
    emp_status status = emp__new_array(&line, room, 1, error);
    if (status != EMP_OK)
        return status;

    char *at = line;
    for (size_t c = 0; c < table->column_count; c++) {
        at = emp__csv_put_text(at, table->columns[c].name, strlen(table->columns[c].name));
        *at++ = c + 1 < table->column_count ? ',' : '\n';
    }
    w->offset = (uint64_t)(at - line);
    if (!emp__write_all(w->fd, line, (size_t)w->offset))
        status = emp__fail_errno(error, EMP_ERR_IO, w->path, "write");
    free(line);
    return status;
}

static emp_status describe_failure(const struct csv_writer *w, emp_error *error)
{
    if (w->status == EMP_ERR_IO) {
        errno = w->reason;
        return emp__fail_errno(error, EMP_ERR_IO, w->path, "write");
    }
    if (w->status != EMP_OK)
        return emp__fail(error, w->status,
                         "table %s, column %s, row %zu (counted from 0): a value that must not be "
                         "printed (infinite, or a date or label out of range)",
                         w->table->name, w->table->columns[w->bad.column].name, w->bad.row);
    return EMP_OK;
}

static emp_status write_file(struct csv_writer *w, emp_error *error)
{
    emp_status status = emp__file_create(w->path, &w->fd, error);
    if (status != EMP_OK)
        return status;
    struct stat file = {0};
    w->regular = fstat(w->fd, &file) == 0 && S_ISREG(file.st_mode);
    status = write_header(w, error);
    if (status == EMP_OK) {
        write_blocks(w);
        status = describe_failure(w, error);
    }
    return emp__file_finish(w->fd, w->path, status, error);
}

emp_status emp__csv_write(const char *path, const struct emp_table *table, int threads,
                          emp_error *error)
{
    if (table->column_count == 0)
        return emp__fail(error, EMP_ERR_INTERNAL, "table %s has no columns", table->name);
    struct csv_writer writer = {
        .path = path,
        .table = table,
        .threads = threads,
        .fd = -1,
    };
    emp__turns_init(&writer.turns);
    atomic_init(&writer.failed, false);
    atomic_init(&writer.ticket, 0);
    emp_status status = prepare_columns(&writer, error);
    if (status == EMP_OK)
        status = prepare_workers(&writer, error);
    if (status == EMP_OK)
        status = write_file(&writer, error);
    free_writer(&writer);
    emp__turns_destroy(&writer.turns);
    return status;
}
