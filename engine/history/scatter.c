// SPDX-License-Identifier: Apache-2.0
#include "history/scatter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "source/ids.h"

enum {
    BATCH_ROWS_TOTAL = 1 << 17, /* for all partitions of a thread, about, where they are many */
    BATCH_ROWS_MIN = 8,
    LOG_BYTES = 1 << 18, /* of one partition: some times as many rows as its table has lines */
    TEXT_BYTES_PER_ROW = 32,
    TEXT_BYTES_MIN = 2 * (EMP_ID_MAX + 1)
};

/* What one thread has collected for one partition. */
struct waiting {
    uint32_t rows;
    uint32_t text_length;
};

struct thread_rows {
    struct waiting *waiting;     /* one for each partition */
    struct emp_packed_row *rows; /* `batch_rows` for each partition */
    uint64_t *token[EMP_TOKENS]; /* as many, of those that are kept */
    char *texts;                 /* `text_bytes` for each partition */
};

/* Where the rows of a partition arrive. */
struct gate {
    pthread_mutex_t log_lock;
    struct emp_row_log log;
    pthread_mutex_t table; /* held while the partition itself is worked on */
};

struct emp_scatter {
    struct emp_scatter_plan plan;
    struct emp_partition_plan partition_plan;
    int shift; /* of the hash, to the partition's number */
    size_t batch_rows, text_bytes;
    struct emp_arena *arena;
    struct emp_partition *partitions;
    struct gate *gates; /* one for each partition */
    size_t gate_count;
    size_t log_pieces; /* a log of so many is taken to the table */
    struct thread_rows *threads;
};

static size_t batch_rows(size_t partitions)
{
    size_t rows = BATCH_ROWS_TOTAL / partitions;
    return rows > EMP_BATCH_ROWS ? EMP_BATCH_ROWS : rows < BATCH_ROWS_MIN ? BATCH_ROWS_MIN : rows;
}

static size_t text_bytes(size_t partitions)
{
    size_t bytes = batch_rows(partitions) * TEXT_BYTES_PER_ROW;
    return bytes < TEXT_BYTES_MIN ? TEXT_BYTES_MIN : bytes;
}

/* The logs may take up a quarter of the memory. */
static size_t log_pieces(const struct emp_scatter_plan *plan)
{
    uint64_t bytes = plan->memory / 4 / plan->partitions;
    if (bytes > LOG_BYTES)
        bytes = LOG_BYTES;
    return bytes < EMP_PIECE_BYTES ? 1 : (size_t)(bytes / EMP_PIECE_BYTES);
}

uint64_t emp__scatter_overhead(const struct emp_scatter_plan *plan)
{
    size_t tokens = emp__token_count(emp__needs_tokens(plan->needs));
    size_t row = sizeof(struct emp_packed_row) + tokens * sizeof(uint64_t);
    size_t partition = batch_rows(plan->partitions) * row + text_bytes(plan->partitions);
    return (uint64_t)plan->threads * plan->partitions * partition;
}

static int hash_bits(size_t partitions)
{
    int bits = 0;
    while (((size_t)1 << bits) < partitions)
        bits++;
    return bits;
}

static emp_status new_thread(const struct emp_scatter *scatter, struct thread_rows *thread,
                             emp_error *error)
{
    size_t partitions = scatter->plan.partitions, rows = partitions * scatter->batch_rows;
    emp_status status =
        emp__new_array(&thread->waiting, partitions, sizeof *thread->waiting, error);
    if (status == EMP_OK)
        status = emp__new_array(&thread->rows, rows, sizeof *thread->rows, error);
    for (int t = 0; t < EMP_TOKENS && status == EMP_OK; t++)
        if (scatter->partition_plan.tokens & emp__token_bit((enum emp_token)t))
            status = emp__new_array(&thread->token[t], rows, sizeof(uint64_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&thread->texts, partitions, scatter->text_bytes, error);
    return status;
}

static emp_status new_partitions(struct emp_scatter *scatter, emp_error *error)
{
    size_t count = scatter->plan.partitions;
    emp_status status =
        emp__new_array(&scatter->partitions, count, sizeof *scatter->partitions, error);
    if (status == EMP_OK)
        status = emp__new_array(&scatter->gates, count, sizeof *scatter->gates, error);
    for (; status == EMP_OK && scatter->gate_count < count; scatter->gate_count++) {
        emp__partition_init(&scatter->partitions[scatter->gate_count], &scatter->partition_plan);
        pthread_mutex_init(&scatter->gates[scatter->gate_count].log_lock, NULL);
        pthread_mutex_init(&scatter->gates[scatter->gate_count].table, NULL);
    }
    return status;
}

emp_status emp__scatter_new(const struct emp_scatter_plan *plan, struct emp_scatter **out,
                            emp_error *error)
{
    struct emp_scatter *scatter = NULL;
    emp_status status = emp__new_array(&scatter, 1, sizeof *scatter, error);
    if (status != EMP_OK)
        return status;
    size_t threads = (size_t)plan->threads;
    scatter->plan = *plan;
    scatter->shift = 64 - hash_bits(plan->partitions);
    scatter->batch_rows = batch_rows(plan->partitions);
    scatter->text_bytes = text_bytes(plan->partitions);
    scatter->log_pieces = log_pieces(plan);
    status = emp__arena_new(&scatter->arena, error);
    scatter->partition_plan = (struct emp_partition_plan){
        .keep = emp__needs_rows(plan->needs) ? EMP_KEEP_ROWS : EMP_KEEP_SUMMARIES,
        .tokens = emp__needs_tokens(plan->needs),
        .activity = emp__needs_activity(plan->needs),
        .hash_bits = hash_bits(plan->partitions),
        .arena = scatter->arena,
        .spill = plan->spill,
    };
    if (status == EMP_OK)
        status = new_partitions(scatter, error);
    if (status == EMP_OK)
        status = emp__new_array(&scatter->threads, threads, sizeof *scatter->threads, error);
    for (size_t i = 0; i < threads && status == EMP_OK; i++)
        status = new_thread(scatter, &scatter->threads[i], error);
    if (status == EMP_OK)
        *out = scatter;
    else
        emp__scatter_free(scatter);
    return status;
}

static void free_thread(struct thread_rows *thread)
{
    free(thread->waiting);
    free(thread->rows);
    for (int t = 0; t < EMP_TOKENS; t++)
        free(thread->token[t]);
    free(thread->texts);
    *thread = (struct thread_rows){0};
}

void emp__scatter_free(struct emp_scatter *scatter)
{
    if (!scatter)
        return;
    for (int i = 0; scatter->threads && i < scatter->plan.threads; i++)
        free_thread(&scatter->threads[i]);
    for (size_t p = 0; p < scatter->gate_count; p++) {
        emp__row_log_free(&scatter->gates[p].log, scatter->arena);
        pthread_mutex_destroy(&scatter->gates[p].log_lock);
        pthread_mutex_destroy(&scatter->gates[p].table);
        emp__partition_free(&scatter->partitions[p]);
    }
    emp__arena_free(scatter->arena);
    free(scatter->threads);
    free(scatter->gates);
    free(scatter->partitions);
    free(scatter);
}

/*
 * Brings the rows of a log to the partition. Where memory is short, the partition that is at hand
 * makes room: all are about equally large.
 */
static emp_status settle(struct emp_scatter *scatter, size_t p, struct emp_row_log *log,
                         emp_error *error)
{
    struct emp_partition *partition = &scatter->partitions[p];
    pthread_mutex_lock(&scatter->gates[p].table);
    bool short_of_memory = emp__arena_used(scatter->arena) >= scatter->plan.memory;
    emp_status status = EMP_OK;
    if (short_of_memory && !partition->is_out)
        status = emp__partition_put_out(partition, error);
    if (status == EMP_OK)
        status = emp__partition_take(partition, log, error);
    pthread_mutex_unlock(&scatter->gates[p].table);
    emp__row_log_free(log, scatter->arena);
    return status;
}

/*
 * Puts a thread's rows into the partition's log. Once many are there, the log is taken off, so that
 * other threads go on with an empty one while this one brings the rows to the table.
 */
static emp_status hand_over(struct emp_scatter *scatter, struct thread_rows *thread, size_t p,
                            emp_error *error)
{
    struct waiting *waiting = &thread->waiting[p];
    struct gate *gate = &scatter->gates[p];
    struct emp_row_log full = {0};
    size_t first = p * scatter->batch_rows;
    struct emp_packed_batch batch = {
        .count = waiting->rows,
        .rows = thread->rows + first,
        .texts = thread->texts + p * scatter->text_bytes,
        .text_bytes = waiting->text_length,
    };
    if (batch.count == 0)
        return EMP_OK;
    for (int t = 0; t < EMP_TOKENS; t++)
        batch.token[t] = thread->token[t] ? thread->token[t] + first : NULL;
    *waiting = (struct waiting){0};
    pthread_mutex_lock(&gate->log_lock);
    emp_status status = emp__row_log_add(&gate->log, &batch, scatter->arena, error);
    if (gate->log.count >= scatter->log_pieces) {
        full = gate->log;
        gate->log = (struct emp_row_log){0};
    }
    pthread_mutex_unlock(&gate->log_lock);
    if (status == EMP_OK && full.count > 0)
        status = settle(scatter, p, &full, error);
    emp__row_log_free(&full, scatter->arena);
    return status;
}

static void add_text(const struct emp_scatter *scatter, struct thread_rows *thread, size_t p,
                     const struct emp_row *row)
{
    struct waiting *waiting = &thread->waiting[p];
    char *text = thread->texts + p * scatter->text_bytes + waiting->text_length;
    text[0] = (char)(unsigned char)row->customer_length;
    memcpy(text + 1, row->customer_text, row->customer_length);
    waiting->text_length += row->customer_length + 1;
}

static void add_tokens(struct thread_rows *thread, size_t at, const struct emp_row *row)
{
    for (int t = 0; t < EMP_TOKENS; t++)
        if (thread->token[t])
            thread->token[t][at] = row->token[t];
}

static emp_status add_row(struct emp_scatter *scatter, struct thread_rows *thread,
                          const struct emp_row *row, emp_error *error)
{
    uint64_t hash = emp__customer_hash(row->customer);
    size_t p = scatter->shift == 64 ? 0 : (size_t)(hash >> scatter->shift);
    struct waiting *waiting = &thread->waiting[p];
    bool text = row->customer_text != NULL;
    if (waiting->rows == scatter->batch_rows ||
        (text && waiting->text_length + row->customer_length + 1 > scatter->text_bytes)) {
        emp_status status = hand_over(scatter, thread, p, error);
        if (status != EMP_OK)
            return status;
    }
    size_t at = p * scatter->batch_rows + waiting->rows++;
    thread->rows[at] = (struct emp_packed_row){row->customer, row->time, row->amount};
    if (scatter->partition_plan.tokens)
        add_tokens(thread, at, row);
    if (text)
        add_text(scatter, thread, p, row);
    return EMP_OK;
}

static emp_status take(void *user, int thread, const struct emp_row *rows, size_t count,
                       emp_error *error)
{
    struct emp_scatter *scatter = user;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < count && status == EMP_OK; i++)
        status = add_row(scatter, &scatter->threads[thread], &rows[i], error);
    return status;
}

struct emp_row_sink emp__scatter_sink(struct emp_scatter *scatter)
{
    return (struct emp_row_sink){.user = scatter, .take = take};
}

static emp_status settle_rest(void *user, size_t p, emp_error *error)
{
    struct emp_scatter *scatter = user;
    return settle(scatter, p, &scatter->gates[p].log, error);
}

emp_status emp__scatter_hand_over(struct emp_scatter *scatter, emp_error *error)
{
    emp_status status = EMP_OK;
    for (int i = 0; i < scatter->plan.threads; i++)
        for (size_t p = 0; p < scatter->plan.partitions && status == EMP_OK; p++)
            status = hand_over(scatter, &scatter->threads[i], p, error);
    return status;
}

emp_status emp__scatter_drain(struct emp_scatter *scatter, emp_error *error)
{
    emp_status status = emp__scatter_hand_over(scatter, error);
    for (int i = 0; i < scatter->plan.threads; i++)
        free_thread(&scatter->threads[i]);
    if (status != EMP_OK)
        return status;
    return emp__parallel(scatter->plan.threads, scatter->plan.partitions, settle_rest, scatter,
                         error);
}

struct emp_partition *emp__scatter_partitions(struct emp_scatter *scatter)
{
    return scatter->partitions;
}

const struct emp_scatter_plan *emp__scatter_plan(const struct emp_scatter *scatter)
{
    return &scatter->plan;
}

int32_t emp__scatter_last_day(const struct emp_scatter *scatter)
{
    int32_t last = EMP_NO_DAY;
    for (size_t p = 0; p < scatter->plan.partitions; p++)
        if (scatter->partitions[p].last_day > last)
            last = scatter->partitions[p].last_day;
    return last;
}
