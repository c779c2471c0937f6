// SPDX-License-Identifier: Apache-2.0
#include "history/scatter.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "history/figures.h"
#include "source/ids.h"
#include "text/civil_time.h"

enum {
    BATCH_ROWS_TOTAL = 1 << 17, /* for all partitions of a thread, about, where they are many */
    BATCH_ROWS_MIN = 8,
    LOG_BYTES = 1 << 18, /* of one partition: some times as many rows as its table has lines */
    TEXT_BYTES_PER_ROW = 32,
    TEXT_BYTES_MIN = 2 * (EMP_ID_MAX + 1),
    CACHE_LINE = 64,
    LOG_SHARE = 4,  /* the logs may take up a quarter of the memory */
    GROUPS_MAX = 16 /* of partitions */
};

/* With less memory there is one group only, so that all share what is free. */
static const uint64_t memory_for_groups = UINT64_C(1) << 30;

/* What one thread has collected for one partition. */
struct waiting {
    uint32_t rows;
    uint32_t text_length;
    bool is_short; /* the rows are */
};

struct thread_rows {
    struct waiting *waiting;     /* one for each partition */
    struct emp_packed_row *rows; /* room for `batch_rows`, long or short, for each partition */
    uint64_t *token[EMP_TOKENS]; /* as many, of those that are kept */
    char *texts;                 /* `text_bytes` for each partition */
    struct emp_short_row *
        *next; /* where the next row goes in a piece for each partition, or NULL */
};

/* Where the rows of a partition arrive. */
struct gate {
    pthread_mutex_t log_lock;
    struct emp_row_log log;
    size_t enough;         /* full pieces: then the log is taken to the table */
    pthread_mutex_t table; /* held while the partition itself is worked on */
};

/* Partitions that follow each other, whose memory goes back to the system as a whole. */
struct group {
    struct emp_partition_plan plan;
    struct emp_arena *arena;
    _Atomic size_t left; /* partitions that still need it */
};

struct emp_scatter {
    struct emp_scatter_plan plan;
    struct group groups[GROUPS_MAX];
    size_t group_partitions; /* of one group */
    int shift;               /* of the hash, to the partition's number */
    bool shorten;            /* only sums are kept: rows are short where they can be */
    bool direct;             /* and there is memory for a piece for each partition and thread */
    size_t batch_rows, text_bytes;
    struct emp_arena *logs;
    struct emp_partition *partitions;
    struct gate *gates; /* one for each partition */
    size_t gate_count;
    size_t log_pieces; /* that are enough, in the long run */
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

static size_t log_pieces(const struct emp_scatter_plan *plan)
{
    uint64_t bytes = plan->memory / LOG_SHARE / plan->partitions;
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
        if (emp__needs_tokens(scatter->plan.needs) & emp__token_bit((enum emp_token)t))
            status = emp__new_array(&thread->token[t], rows, sizeof(uint64_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&thread->texts, partitions, scatter->text_bytes, error);
    if (status == EMP_OK)
        status = emp__new_array(&thread->next, partitions, sizeof(struct emp_short_row *), error);
    return status;
}

static struct group *group_of(struct emp_scatter *scatter, size_t p)
{
    return &scatter->groups[p / scatter->group_partitions];
}

static emp_status new_groups(struct emp_scatter *scatter, emp_error *error)
{
    const struct emp_scatter_plan *plan = &scatter->plan;
    bool many = plan->memory >= memory_for_groups && plan->partitions >= GROUPS_MAX;
    scatter->group_partitions = many ? plan->partitions / GROUPS_MAX : plan->partitions;
    emp_status status = emp__arena_new(&scatter->logs, error);
    for (size_t g = 0; g < plan->partitions / scatter->group_partitions && status == EMP_OK; g++) {
        struct group *group = &scatter->groups[g];
        status = emp__arena_new(&group->arena, error);
        group->left = scatter->group_partitions;
        group->plan = (struct emp_partition_plan){
            .keep = emp__needs_rows(plan->needs) ? EMP_KEEP_ROWS : EMP_KEEP_SUMMARIES,
            .tokens = emp__needs_tokens(plan->needs),
            .activity = emp__needs_activity(plan->needs),
            .past_bytes = emp__figures_bytes(emp__figures_visits(plan->needs)) +
                          plan->needs.cutoffs * emp__figures_bytes(emp__figures_past(plan->needs)),
            .hash_bits = hash_bits(plan->partitions),
            .arena = group->arena,
            .logs = scatter->logs,
            .spill = plan->spill,
        };
    }
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
        emp__partition_init(&scatter->partitions[scatter->gate_count],
                            &group_of(scatter, scatter->gate_count)->plan);
        /* At first less, so that not all logs are full at the same time, but half of them always.
         */
        scatter->gates[scatter->gate_count].enough =
            1 + (scatter->log_pieces * scatter->gate_count >> hash_bits(count));
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
    scatter->shorten = !emp__needs_rows(plan->needs);
    scatter->direct =
        scatter->shorten && plan->memory / LOG_SHARE / LOG_SHARE >=
                                (uint64_t)plan->threads * plan->partitions * EMP_PIECE_BYTES;
    status = new_groups(scatter, error);
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
    free(thread->next);
    *thread = (struct thread_rows){0};
}

void emp__scatter_free(struct emp_scatter *scatter)
{
    if (!scatter)
        return;
    for (int i = 0; scatter->threads && i < scatter->plan.threads; i++)
        free_thread(&scatter->threads[i]);
    for (size_t p = 0; p < scatter->gate_count; p++) {
        emp__row_log_free(&scatter->gates[p].log, scatter->logs);
        pthread_mutex_destroy(&scatter->gates[p].log_lock);
        pthread_mutex_destroy(&scatter->gates[p].table);
        emp__partition_free(&scatter->partitions[p]);
    }
    for (size_t g = 0; g < GROUPS_MAX; g++)
        emp__arena_free(scatter->groups[g].arena);
    emp__arena_free(scatter->logs);
    free(scatter->threads);
    free(scatter->gates);
    free(scatter->partitions);
    free(scatter);
}

/* The bytes that the partitions hold, and the rows on their way to them. */
static uint64_t memory_used(const struct emp_scatter *scatter)
{
    uint64_t used = emp__arena_used(scatter->logs);
    for (size_t g = 0; g < GROUPS_MAX && scatter->groups[g].arena; g++)
        used += emp__arena_used(scatter->groups[g].arena);
    return used;
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
    bool short_of_memory = memory_used(scatter) >= scatter->plan.memory;
    emp_status status = EMP_OK;
    if (short_of_memory && !partition->is_out)
        status = emp__partition_put_out(partition, error);
    if (status == EMP_OK)
        status = emp__partition_take(partition, log, error);
    pthread_mutex_unlock(&scatter->gates[p].table);
    emp__row_log_free(log, scatter->logs);
    return status;
}

/* Takes the log off its gate, whose lock is held: other threads go on with an empty one. */
static struct emp_row_log take_log(const struct emp_scatter *scatter, struct gate *gate)
{
    struct emp_row_log log = gate->log;
    gate->log = (struct emp_row_log){0};
    gate->enough = scatter->log_pieces;
    return log;
}

/* Lets go of a partition's log, and brings what was taken off it to the table. */
static emp_status leave_log(struct emp_scatter *scatter, size_t p, struct emp_row_log *full,
                            emp_status status, emp_error *error)
{
    pthread_mutex_unlock(&scatter->gates[p].log_lock);
    if (status == EMP_OK && full->count > 0)
        status = settle(scatter, p, full, error);
    emp__row_log_free(full, scatter->logs);
    return status;
}

/* Puts a thread's rows into the partition's log. */
static emp_status hand_over(struct emp_scatter *scatter, struct thread_rows *thread, size_t p,
                            emp_error *error)
{
    struct waiting *waiting = &thread->waiting[p];
    struct gate *gate = &scatter->gates[p];
    size_t first = p * scatter->batch_rows;
    struct emp_packed_row *rows = thread->rows + first;
    struct emp_packed_batch batch = {
        .count = waiting->rows,
        .rows = waiting->is_short ? NULL : rows,
        .short_rows = waiting->is_short ? (struct emp_short_row *)(void *)rows : NULL,
        .texts = thread->texts + p * scatter->text_bytes,
        .text_bytes = waiting->text_length,
    };
    if (batch.count == 0)
        return EMP_OK;
    for (int t = 0; t < EMP_TOKENS; t++)
        batch.token[t] = thread->token[t] ? thread->token[t] + first : NULL;
    waiting->rows = waiting->text_length = 0;
    struct emp_row_log full = {0};
    pthread_mutex_lock(&gate->log_lock);
    if (gate->log.count >= gate->enough && !emp__row_log_has_room(&gate->log, &batch))
        full = take_log(scatter, gate);
    emp_status status = emp__row_log_add(&gate->log, &batch, scatter->logs, error);
    return leave_log(scatter, p, &full, status, error);
}

/* Where a row is in its piece; a piece begins at a multiple of its size. */
static size_t place_in_piece(const struct emp_short_row *row)
{
    return (uintptr_t)row % EMP_PIECE_BYTES / sizeof *row;
}

/* Puts the piece that a thread has filled for a partition, up to `next`, behind its log. */
static emp_status hand_over_piece(struct emp_scatter *scatter, size_t p, struct emp_short_row *next,
                                  emp_error *error)
{
    struct gate *gate = &scatter->gates[p];
    if (!next)
        return EMP_OK;
    size_t place = place_in_piece(next), rows = place > 0 ? place - 1 : EMP_PIECE_ROWS;
    char *piece = (char *)(next - rows - 1);
    struct emp_row_log full = {0};
    pthread_mutex_lock(&gate->log_lock);
    emp_status status = emp__row_log_attach(&gate->log, piece, rows, scatter->logs, error);
    if (gate->log.count >= gate->enough)
        full = take_log(scatter, gate);
    return leave_log(scatter, p, &full, status, error);
}

/* The next piece for a thread's rows for a partition; the last one is full, or there is none. */
static emp_status change_piece(struct emp_scatter *scatter, struct thread_rows *thread, size_t p,
                               emp_error *error)
{
    struct emp_short_row *next = thread->next[p];
    thread->next[p] = NULL;
    emp_status status = hand_over_piece(scatter, p, next, error);
    if (status == EMP_OK)
        status = emp__arena_take_any(scatter->logs, &next, error);
    if (status == EMP_OK)
        thread->next[p] = next + 1; /* in front of the rows is a header */
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

static inline size_t partition_of(const struct emp_scatter *scatter, uint64_t customer)
{
    uint64_t hash = emp__customer_hash(customer);
    return scatter->shift == 64 ? 0 : (size_t)(hash >> scatter->shift);
}

/* Where the next row for a partition goes. */
static inline struct emp_packed_row *next_row(const struct emp_scatter *scatter,
                                              struct thread_rows *thread, size_t p)
{
    return thread->rows + p * scatter->batch_rows + thread->waiting[p].rows++;
}

static inline struct emp_short_row *next_short_row(const struct emp_scatter *scatter,
                                                   struct thread_rows *thread, size_t p)
{
    struct emp_short_row *rows = (void *)(thread->rows + p * scatter->batch_rows);
    return rows + thread->waiting[p].rows++;
}

/* Makes room for a row; a short row may stand among long ones, but not the other way round. */
static emp_status make_room(struct emp_scatter *scatter, struct thread_rows *thread, size_t p,
                            const struct emp_row *row, bool is_short, emp_error *error)
{
    struct waiting *waiting = &thread->waiting[p];
    size_t text_end =
        waiting->text_length + (row->customer_text ? (size_t)row->customer_length + 1 : 0);
    emp_status status = EMP_OK;
    if (waiting->rows == scatter->batch_rows || text_end > scatter->text_bytes ||
        (waiting->is_short && !is_short))
        status = hand_over(scatter, thread, p, error);
    if (waiting->rows == 0)
        waiting->is_short = is_short;
    return status;
}

static emp_status add_row(struct emp_scatter *scatter, struct thread_rows *thread,
                          const struct emp_row *row, emp_error *error)
{
    size_t p = partition_of(scatter, row->customer);
    bool is_short = scatter->shorten && row->amount == (int32_t)row->amount;
    emp_status status = make_room(scatter, thread, p, row, is_short, error);
    if (status != EMP_OK)
        return status;
    if (!scatter->shorten)
        add_tokens(thread, p * scatter->batch_rows + thread->waiting[p].rows, row);
    if (thread->waiting[p].is_short)
        *next_short_row(scatter, thread, p) = (struct emp_short_row){
            row->customer, (int32_t)emp__day_of_seconds(row->time), (int32_t)row->amount};
    else
        *next_row(scatter, thread, p) =
            (struct emp_packed_row){row->customer, row->time, row->amount};
    if (row->customer_text)
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

/* Rows that may all be short, as rows that are read usually are. */
static emp_status take_short(struct emp_scatter *scatter, struct thread_rows *thread,
                             const struct emp_row_columns *columns, emp_error *error)
{
    emp_status status = EMP_OK;
    for (size_t i = 0; i < columns->count && status == EMP_OK; i++) {
        uint64_t customer = columns->customer[i];
        size_t p = partition_of(scatter, customer);
        if (place_in_piece(thread->next[p]) == 0)
            status = change_piece(scatter, thread, p, error);
        if (status != EMP_OK)
            break;
        struct emp_short_row *row = thread->next[p]++;
        /* The line behind this one: it will have come when it is needed. */
        __builtin_prefetch((const char *)row + CACHE_LINE, 1);
        *row = (struct emp_short_row){customer, emp__day_of_time(columns->time[i]),
                                      (int32_t)columns->amount[i]};
    }
    return status;
}

static bool may_be_short(const struct emp_row_columns *columns)
{
    int64_t lost = 0; /* what is lost of the amounts */
    for (size_t i = 0; i < columns->count; i++)
        lost |= columns->amount[i] ^ (int32_t)columns->amount[i];
    return lost == 0;
}

static emp_status take_columns(void *user, int thread, const struct emp_row_columns *columns,
                               emp_error *error)
{
    struct emp_scatter *scatter = user;
    struct thread_rows *rows = &scatter->threads[thread];
    emp_status status = EMP_OK;
    if (scatter->direct && may_be_short(columns))
        return take_short(scatter, rows, columns, error);
    for (size_t i = 0; i < columns->count && status == EMP_OK; i++) {
        const struct emp_row row = {.customer = columns->customer[i],
                                    .time = columns->time[i],
                                    .amount = columns->amount[i]};
        status = add_row(scatter, rows, &row, error);
    }
    return status;
}

struct emp_row_sink emp__scatter_sink(struct emp_scatter *scatter)
{
    return (struct emp_row_sink){.user = scatter, .take = take, .take_columns = take_columns};
}

static emp_status settle_rest(void *user, size_t p, emp_error *error)
{
    struct emp_scatter *scatter = user;
    return settle(scatter, p, &scatter->gates[p].log, error);
}

/* Everything that a thread has for a partition. */
static emp_status hand_over_all(struct emp_scatter *scatter, struct thread_rows *thread, size_t p,
                                emp_error *error)
{
    struct emp_short_row *next = thread->next[p];
    thread->next[p] = NULL;
    emp_status status = hand_over_piece(scatter, p, next, error);
    return status == EMP_OK ? hand_over(scatter, thread, p, error) : status;
}

emp_status emp__scatter_hand_over(struct emp_scatter *scatter, emp_error *error)
{
    emp_status status = EMP_OK;
    for (int i = 0; i < scatter->plan.threads; i++)
        for (size_t p = 0; p < scatter->plan.partitions && status == EMP_OK; p++)
            status = hand_over_all(scatter, &scatter->threads[i], p, error);
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

void emp__scatter_release_logs(struct emp_scatter *scatter)
{
    emp__arena_clear(scatter->logs);
}

void emp__scatter_release(struct emp_scatter *scatter, size_t p)
{
    struct group *group = group_of(scatter, p);
    emp__partition_release(&scatter->partitions[p]);
    if (--group->left == 0)
        emp__arena_clear(group->arena);
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
