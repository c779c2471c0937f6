// SPDX-License-Identifier: Apache-2.0
#include "history/scatter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "source/ids.h"

enum {
    BATCH_ROWS = 128,           /* for one partition, where the partitions are few */
    BATCH_ROWS_TOTAL = 1 << 17, /* for all partitions of a thread, about, where they are many */
    BATCH_ROWS_MIN = 8,
    TEXT_BYTES_PER_ROW = 32,
    TEXT_BYTES_MIN = 2 * (EMP_ID_MAX + 1)
};

/* What one thread has collected for one partition. */
struct batch {
    uint32_t rows;
    uint32_t text_length;
};

struct thread_batches {
    struct batch *batches;       /* one for each partition */
    struct emp_packed_row *rows; /* `batch_rows` for each partition */
    char *texts;                 /* `text_bytes` for each partition */
};

struct emp_scatter {
    struct emp_scatter_plan plan;
    int shift; /* of the hash, to the partition's number */
    size_t batch_rows, text_bytes;
    struct emp_memory_budget budget;
    struct emp_arena *arena;
    struct emp_partition *partitions;
    pthread_mutex_t *locks; /* one for each partition */
    size_t lock_count;
    struct thread_batches *threads;
};

static size_t batch_rows(size_t partitions)
{
    size_t rows = BATCH_ROWS_TOTAL / partitions;
    return rows > BATCH_ROWS ? BATCH_ROWS : rows < BATCH_ROWS_MIN ? BATCH_ROWS_MIN : rows;
}

static int hash_shift(size_t partitions)
{
    int bits = 0;
    while (((size_t)1 << bits) < partitions)
        bits++;
    return 64 - bits;
}

static emp_status new_thread(struct emp_scatter *scatter, struct thread_batches *thread,
                             emp_error *error)
{
    size_t partitions = scatter->plan.partitions;
    emp_status status =
        emp__new_array(&thread->batches, partitions, sizeof *thread->batches, error);
    if (status == EMP_OK)
        status = emp__new_array(&thread->rows, partitions * scatter->batch_rows,
                                sizeof *thread->rows, error);
    if (status == EMP_OK)
        status = emp__new_array(&thread->texts, partitions, scatter->text_bytes, error);
    return status;
}

emp_status emp__scatter_new(const struct emp_scatter_plan *plan, struct emp_scatter **out,
                            emp_error *error)
{
    struct emp_scatter *scatter = NULL;
    emp_status status = emp__new_array(&scatter, 1, sizeof *scatter, error);
    if (status != EMP_OK)
        return status;
    size_t count = plan->partitions, threads = (size_t)plan->threads;
    scatter->plan = *plan;
    scatter->shift = hash_shift(count);
    scatter->batch_rows = batch_rows(count);
    scatter->text_bytes = scatter->batch_rows * TEXT_BYTES_PER_ROW;
    if (scatter->text_bytes < TEXT_BYTES_MIN)
        scatter->text_bytes = TEXT_BYTES_MIN;
    scatter->budget.limit = plan->memory;
    status = emp__arena_new(&scatter->arena, error);
    if (status == EMP_OK)
        status = emp__new_array(&scatter->partitions, count, sizeof *scatter->partitions, error);
    if (status == EMP_OK)
        status = emp__new_array(&scatter->locks, count, sizeof(pthread_mutex_t), error);
    for (; status == EMP_OK && scatter->lock_count < count; scatter->lock_count++) {
        scatter->partitions[scatter->lock_count] = (struct emp_partition){
            .keep = plan->keep,
            .keep_orders = plan->keep_orders,
            .budget = &scatter->budget,
            .arena = scatter->arena,
            .first_day = EMP_NO_DAY,
            .last_day = EMP_NO_DAY,
        };
        pthread_mutex_init(&scatter->locks[scatter->lock_count], NULL);
    }
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

void emp__scatter_free(struct emp_scatter *scatter)
{
    if (!scatter)
        return;
    for (int i = 0; scatter->threads && i < scatter->plan.threads; i++) {
        free(scatter->threads[i].batches);
        free(scatter->threads[i].rows);
        free(scatter->threads[i].texts);
    }
    for (size_t p = 0; p < scatter->lock_count; p++) {
        pthread_mutex_destroy(&scatter->locks[p]);
        emp__partition_free(&scatter->partitions[p]);
    }
    emp__arena_free(scatter->arena);
    free(scatter->threads);
    free(scatter->locks);
    free(scatter->partitions);
    free(scatter);
}

static emp_status hand_over(struct emp_scatter *scatter, struct thread_batches *thread, size_t p,
                            emp_error *error)
{
    struct batch *batch = &thread->batches[p];
    const struct emp_packed_row *rows = thread->rows + p * scatter->batch_rows;
    pthread_mutex_lock(&scatter->locks[p]);
    emp_status status = emp__partition_take(&scatter->partitions[p], rows, batch->rows,
                                            thread->texts + p * scatter->text_bytes, error);
    pthread_mutex_unlock(&scatter->locks[p]);
    *batch = (struct batch){0};
    return status;
}

static emp_status add_row(struct emp_scatter *scatter, struct thread_batches *thread,
                          const struct emp_row *row, emp_error *error)
{
    uint64_t hash = emp__partition_hash(row->customer);
    size_t p = scatter->shift == 64 ? 0 : (size_t)(hash >> scatter->shift);
    struct batch *batch = &thread->batches[p];
    if (batch->rows == scatter->batch_rows ||
        batch->text_length + row->customer_length + 1 > scatter->text_bytes) {
        emp_status status = hand_over(scatter, thread, p, error);
        if (status != EMP_OK)
            return status;
    }
    struct emp_packed_row *packed = &thread->rows[p * scatter->batch_rows + batch->rows++];
    packed->customer = row->customer;
    packed->time = row->time;
    packed->amount = row->amount;
    packed->order = row->order;
    if (row->customer_text) {
        char *text = thread->texts + p * scatter->text_bytes + batch->text_length;
        text[0] = (char)(unsigned char)row->customer_length;
        memcpy(text + 1, row->customer_text, row->customer_length);
        batch->text_length += row->customer_length + 1;
    }
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

emp_status emp__scatter_drain(struct emp_scatter *scatter, emp_error *error)
{
    emp_status status = EMP_OK;
    for (int i = 0; i < scatter->plan.threads; i++)
        for (size_t p = 0; p < scatter->plan.partitions && status == EMP_OK; p++)
            status = hand_over(scatter, &scatter->threads[i], p, error);
    return status;
}

struct emp_partition *emp__scatter_partitions(struct emp_scatter *scatter)
{
    return scatter->partitions;
}
