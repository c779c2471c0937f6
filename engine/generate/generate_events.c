// SPDX-License-Identifier: Apache-2.0
/*
 * All events in the order of the file: a counting sort by blocks of customers.
 *
 * Every event has a key (its day or second, its customer, or a random number), and a bucket that
 * grows with the key. Blocks of customers are drawn twice, by whichever thread comes along: once to
 * count their events in each bucket, and once more to put them straight where those counts say. So
 * a bucket holds its events in the order of the customers, and where it is wider than one key it is
 * then sorted by key with a stable radix sort. Nothing of this depends on the threads.
 *
 * Memory: 12 bytes an event. Time: two draws of each event and one scattered write.
 */
#include "generate/generate_events.h"

#include <omp.h>
#include <stdatomic.h>

#include "base/memory.h"

enum { MOST_BUCKETS = 4096, MOST_BLOCKS = 512, DIGIT = 256, SMALLEST_BLOCK = 64 };

/* The arrangement of the file: how keys fall into buckets, customers into blocks. */
struct arrangement {
    const struct emp_generate_plan *plan;
    uint64_t keys; /* a key is less than this */
    uint32_t buckets, blocks, block_size;
    bool wide; /* buckets may hold more than one key, and their events must be sorted */
};

struct keyed_event {
    uint32_t key;
    struct emp_event event;
};

static struct arrangement arrange(const struct emp_generate_plan *plan)
{
    struct arrangement a = {.plan = plan};
    switch (plan->params->order) {
    case EMP_ORDER_TIME:
        a.keys = plan->params->times == EMP_TIMES_DATE ? plan->days : plan->days * UINT64_C(86400);
        break;
    case EMP_ORDER_CUSTOMER:
        a.keys = plan->customers;
        break;
    default:
        a.keys = UINT64_C(1) << 32;
    }
    a.buckets = a.keys < MOST_BUCKETS ? (uint32_t)a.keys : MOST_BUCKETS;
    a.wide = a.keys > a.buckets && plan->params->order != EMP_ORDER_CUSTOMER;
    a.block_size = plan->customers / MOST_BLOCKS + 1;
    if (a.block_size < SMALLEST_BLOCK)
        a.block_size = SMALLEST_BLOCK;
    a.blocks = (plan->customers + a.block_size - 1) / a.block_size;
    return a;
}

static uint32_t key_of(const struct emp_generate_plan *plan, const struct emp_event *event)
{
    struct emp_stream stream;
    switch (plan->params->order) {
    case EMP_ORDER_TIME:
        return plan->params->times == EMP_TIMES_DATE ? event->time / 86400 : event->time;
    case EMP_ORDER_CUSTOMER:
        return event->customer;
    default:
        emp__draw_open(&stream, plan, EMP_DRAW_SHUFFLE, event->customer, event->order);
        return (uint32_t)emp__stream_u64(&stream);
    }
}

static uint32_t bucket_of(const struct arrangement *a, uint32_t key)
{
    return (uint32_t)((uint64_t)key * a->buckets / a->keys);
}

bool emp__generate_cancelled(const struct emp_generate_crew *crew)
{
    bool cancelled = false;
    if (crew->options && crew->options->cancelled) {
#pragma omp critical(emp_generate_cancelled)
        cancelled = crew->options->cancelled(crew->options->user);
    }
    return cancelled;
}

/* Counts a block's events in each bucket, or, given `out`, puts them where `places` says. */
static void do_block(const struct arrangement *a, uint32_t block, uint64_t *places,
                     struct emp_event *scratch, struct emp_event *out)
{
    uint64_t begin = (uint64_t)block * a->block_size, end = begin + a->block_size;
    if (end > a->plan->customers)
        end = a->plan->customers;
    for (uint64_t customer = begin; customer < end; customer++) {
        size_t count = emp__customer_events(a->plan, (uint32_t)customer, scratch);
        for (size_t i = 0; i < count; i++) {
            uint64_t *place = &places[bucket_of(a, key_of(a->plan, &scratch[i]))];
            if (out)
                out[*place] = scratch[i];
            ++*place;
        }
    }
}

/* One pass over all blocks; `scratch` holds `each` events for each thread. */
static emp_status do_blocks(const struct arrangement *a, const struct emp_generate_crew *crew,
                            uint64_t *places, struct emp_event *scratch, struct emp_event *out)
{
    size_t each = 2 * (size_t)a->plan->params->purchase_most;
    atomic_bool cancelled = false;
#pragma omp parallel for schedule(dynamic, 1) num_threads(crew->threads)
    for (uint32_t block = 0; block < a->blocks; block++) {
        if (atomic_load(&cancelled))
            continue;
        if (emp__generate_cancelled(crew))
            atomic_store(&cancelled, true);
        else
            do_block(a, block, places + (size_t)block * a->buckets,
                     scratch + each * (size_t)omp_get_thread_num(), out);
    }
    return atomic_load(&cancelled) ? EMP_ERR_CANCELLED : EMP_OK;
}

/*
 * Turns counts into the place of each block's first event in each bucket; starts[b] becomes the
 * place where bucket b begins. Returns the number of events.
 */
static uint64_t sum_places(const struct arrangement *a, uint64_t *places, uint64_t *starts)
{
    uint64_t sum = 0;
    for (uint32_t bucket = 0; bucket < a->buckets; bucket++) {
        starts[bucket] = sum;
        for (uint32_t block = 0; block < a->blocks; block++) {
            uint64_t *place = &places[(size_t)block * a->buckets + bucket];
            uint64_t count = *place;
            *place = sum;
            sum += count;
        }
    }
    starts[a->buckets] = sum;
    return sum;
}

/* One stable pass by the 8 bits of the key at `shift`; false if they are all equal: nothing moved.
 */
static bool radix_pass(const struct keyed_event *from, struct keyed_event *to, size_t count,
                       int shift)
{
    size_t places[DIGIT] = {0};
    for (size_t i = 0; i < count; i++)
        places[from[i].key >> shift & (DIGIT - 1)]++;
    if (places[from[0].key >> shift & (DIGIT - 1)] == count)
        return false;
    size_t sum = 0;
    for (int digit = 0; digit < DIGIT; digit++) {
        size_t own = places[digit];
        places[digit] = sum;
        sum += own;
    }
    for (size_t i = 0; i < count; i++)
        to[places[from[i].key >> shift & (DIGIT - 1)]++] = from[i];
    return true;
}

/* Sorts a bucket by key; `work` holds 2 x `count`. */
static void sort_bucket(const struct emp_generate_plan *plan, struct emp_event *events,
                        size_t count, struct keyed_event *work)
{
    struct keyed_event *from = work, *to = work + count;
    uint32_t least = UINT32_MAX, greatest = 0;
    for (size_t i = 0; i < count; i++) {
        from[i] = (struct keyed_event){key_of(plan, &events[i]), events[i]};
        least = from[i].key < least ? from[i].key : least;
        greatest = from[i].key > greatest ? from[i].key : greatest;
    }
    if (least >= greatest)
        return;
    for (size_t i = 0; i < count; i++)
        from[i].key -= least;
    for (int shift = 0; shift < 32 && (greatest - least) >> shift; shift += 8) {
        if (!radix_pass(from, to, count, shift))
            continue;
        struct keyed_event *sorted = to;
        to = from;
        from = sorted;
    }
    for (size_t i = 0; i < count; i++)
        events[i] = from[i].event;
}

static emp_status sort_buckets(const struct arrangement *a, const struct emp_generate_crew *crew,
                               struct emp_event *events, const uint64_t *starts, emp_error *error)
{
    size_t most = 0;
    for (uint32_t bucket = 0; bucket < a->buckets; bucket++)
        if (starts[bucket + 1] - starts[bucket] > most)
            most = (size_t)(starts[bucket + 1] - starts[bucket]);
    struct keyed_event *work = NULL;
    emp_status status =
        emp__new_array(&work, 2 * most * (size_t)crew->threads, sizeof *work, error);
    if (status != EMP_OK)
        return status;
#pragma omp parallel for schedule(dynamic, 1) num_threads(crew->threads)
    for (uint32_t bucket = 0; bucket < a->buckets; bucket++)
        sort_bucket(a->plan, events + starts[bucket], (size_t)(starts[bucket + 1] - starts[bucket]),
                    work + 2 * most * (size_t)omp_get_thread_num());
    free(work);
    return EMP_OK;
}

emp_status emp__generate_events(const struct emp_generate_plan *plan,
                                const struct emp_generate_crew *crew, struct emp_event **out,
                                size_t *count, emp_error *error)
{
    struct arrangement a = arrange(plan);
    uint64_t *places = NULL, *starts = NULL, total = 0;
    struct emp_event *scratch = NULL, *events = NULL;
    size_t each = 2 * (size_t)plan->params->purchase_most;
    emp_status status =
        emp__new_array(&places, (size_t)a.blocks * a.buckets, sizeof *places, error);
    if (status == EMP_OK)
        status = emp__new_array(&starts, (size_t)a.buckets + 1, sizeof *starts, error);
    if (status == EMP_OK)
        status = emp__new_array(&scratch, each * (size_t)crew->threads, sizeof *scratch, error);
    if (status == EMP_OK)
        status = do_blocks(&a, crew, places, scratch, NULL);
    if (status == EMP_OK) {
        total = sum_places(&a, places, starts);
        status = emp__new_array(&events, total, sizeof *events, error);
    }
    if (status == EMP_OK)
        status = do_blocks(&a, crew, places, scratch, events);
    if (status == EMP_OK && a.wide)
        status = sort_buckets(&a, crew, events, starts, error);
    if (status == EMP_OK) {
        *out = events;
        *count = total;
        events = NULL;
    }
    free(events);
    free(scratch);
    free(starts);
    free(places);
    return status;
}
