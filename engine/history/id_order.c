// SPDX-License-Identifier: Apache-2.0
/*
 * A radix sort by 8-byte keys that agree with the order of ids: digits are their own key, a text is
 * the text bit and its first bytes; where all are texts, it is the first bytes behind those that
 * all share. Texts that have one key are then put in order among themselves.
 */
#include "history/id_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/memory.h"
#include "order/radix_sort.h"

enum { KEY_BYTES = 8 };

/* Some ids by their numbers, and room to sort them. */
struct sorting {
    const struct emp_ids *ids;
    uint32_t *numbers, *spare_numbers;
    uint64_t *keys, *spare_keys;
};

static emp_status new_sorting(const struct emp_ids *ids, size_t room, struct sorting *out,
                              emp_error *error)
{
    *out = (struct sorting){.ids = ids};
    emp_status status = emp__new_array(&out->numbers, room, sizeof *out->numbers, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->spare_numbers, room, sizeof *out->spare_numbers, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->keys, room, sizeof *out->keys, error);
    if (status == EMP_OK)
        status = emp__new_array(&out->spare_keys, room, sizeof *out->spare_keys, error);
    return status;
}

static void free_sorting(struct sorting *sorting)
{
    free(sorting->numbers);
    free(sorting->spare_numbers);
    free(sorting->keys);
    free(sorting->spare_keys);
}

/* How many bytes the texts begin with in common; 0 if some id is no text. */
static size_t shared_bytes(const struct sorting *sorting, size_t count)
{
    const struct emp_ids *ids = sorting->ids;
    size_t shared = 0;
    const char *first = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t length, same = 0;
        if (!(ids->word[sorting->numbers[i]] & EMP_ID_TEXT))
            return 0;
        const char *bytes = emp__id_bytes(ids, sorting->numbers[i], NULL, &length);
        while (first && same < shared && same < length && bytes[same] == first[same])
            same++;
        shared = first ? same : length;
        first = first ? first : bytes;
        if (shared == 0)
            break;
    }
    return shared;
}

static uint64_t key_of(const struct emp_ids *ids, uint32_t number, size_t shared)
{
    uint64_t word = ids->word[number];
    if (!(word & EMP_ID_TEXT))
        return word;
    size_t length;
    const char *bytes = emp__id_bytes(ids, number, NULL, &length);
    uint64_t key = 0;
    for (size_t b = shared; b < shared + KEY_BYTES; b++)
        key = key << 8 | (b < length ? (unsigned char)bytes[b] : 0);
    /* The text bit takes one bit, so that the last byte loses its lowest. */
    return shared > 0 ? key : EMP_ID_TEXT | key >> 1;
}

static int compare_ids(const void *a, const void *b, void *user)
{
    const struct emp_ids *ids = user;
    return emp__id_compare(ids, *(const uint32_t *)a, ids, *(const uint32_t *)b);
}

/* Runs of texts with one key. */
static void order_ties(const struct sorting *sorting, size_t count)
{
    const uint64_t *keys = sorting->keys;
    for (size_t begin = 0; begin < count;) {
        size_t end = begin + 1;
        while (end < count && keys[end] == keys[begin])
            end++;
        if (end - begin > 1)
            qsort_r(sorting->numbers + begin, end - begin, sizeof *sorting->numbers, compare_ids,
                    (void *)sorting->ids);
        begin = end;
    }
}

/* Puts the first `count` numbers in order of their ids. */
static void sort_numbers(struct sorting *sorting, size_t count)
{
    size_t shared = shared_bytes(sorting, count);
    for (size_t i = 0; i < count; i++)
        sorting->keys[i] = key_of(sorting->ids, sorting->numbers[i], shared);
    emp__radix_sort(sorting->keys, sorting->numbers, sorting->spare_keys, sorting->spare_numbers,
                    count);
    order_ties(sorting, count);
}

emp_status emp__id_order(const struct emp_ids *ids, uint32_t *out, emp_error *error)
{
    struct sorting sorting;
    emp_status status = new_sorting(ids, ids->count, &sorting, error);
    if (status == EMP_OK) {
        for (size_t i = 0; i < ids->count; i++)
            sorting.numbers[i] = (uint32_t)i;
        sort_numbers(&sorting, ids->count);
        if (ids->count > 0)
            memcpy(out, sorting.numbers, ids->count * sizeof *out);
    }
    free_sorting(&sorting);
    return status;
}

/* Ids of the runs at even distances, and every so many of them as the bounds between ranges. */
enum { SAMPLE_STEP = 512, BOUND_STEP = 16 };

struct merging {
    const struct emp_ids *ids;
    struct emp_id_runs runs;
    uint32_t *out;
    const uint32_t *bounds; /* the ids that begin a range, but for the first range, in order */
    size_t ranges;
    uint32_t *begin;         /* (ranges + 1) x runs: where in a run a range begins */
    size_t *place;           /* ranges + 1: where a range begins in the result */
    struct sorting *workers; /* one for each thread */
};

/* The first id of [low, high) in a run that is not before id `bound`. */
static size_t bisect(const struct emp_ids *ids, size_t low, size_t high, uint32_t bound)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (emp__id_compare(ids, middle, ids, bound) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void cut_runs(void *user, int worker, size_t first, size_t count)
{
    const struct merging *merging = user;
    (void)worker;
    for (size_t r = first; r < first + count; r++) {
        size_t at = merging->runs.first[r], end = merging->runs.first[r + 1];
        merging->begin[r] = (uint32_t)at;
        for (size_t b = 1; b < merging->ranges; b++) {
            at = bisect(merging->ids, at, end, merging->bounds[b - 1]);
            merging->begin[b * merging->runs.count + r] = (uint32_t)at;
        }
        merging->begin[merging->ranges * merging->runs.count + r] = (uint32_t)end;
        emp__store_touched(merging->runs.store,
                           (end - merging->runs.first[r]) * sizeof *merging->ids->word);
    }
}

static void merge_ranges(void *user, int worker, size_t first, size_t count)
{
    const struct merging *merging = user;
    struct sorting *sorting = &merging->workers[worker];
    for (size_t b = first; b < first + count; b++) {
        const uint32_t *begin = merging->begin + b * merging->runs.count;
        const uint32_t *end = begin + merging->runs.count;
        size_t filled = 0;
        for (size_t r = 0; r < merging->runs.count; r++)
            for (uint32_t i = begin[r]; i < end[r]; i++)
                sorting->numbers[filled++] = i;
        sort_numbers(sorting, filled);
        if (filled > 0)
            memcpy(merging->out + merging->place[b], sorting->numbers,
                   filled * sizeof *merging->out);
        emp__store_touched(merging->runs.store,
                           filled * (sizeof *merging->ids->word + sizeof *merging->out));
    }
}

/* Where the ranges begin in the result, and the size of the largest one. */
static size_t place_ranges(const struct merging *merging)
{
    size_t largest = 0, runs = merging->runs.count;
    for (size_t b = 0; b < merging->ranges; b++) {
        size_t size = 0;
        for (size_t r = b * runs; r < (b + 1) * runs; r++)
            size += merging->begin[r + runs] - merging->begin[r];
        merging->place[b + 1] = merging->place[b] + size;
        largest = size > largest ? size : largest;
    }
    return largest;
}

/* Samples the runs: how many bounds there are, at the front of sample->numbers. */
static size_t choose_bounds(struct emp_id_runs runs, struct sorting *sample)
{
    size_t sampled = 0, bounds = 0;
    for (size_t r = 0; r < runs.count; r++)
        for (size_t i = runs.first[r] + SAMPLE_STEP / 2; i < runs.first[r + 1]; i += SAMPLE_STEP)
            sample->numbers[sampled++] = (uint32_t)i;
    sort_numbers(sample, sampled);
    for (size_t i = BOUND_STEP; i < sampled; i += BOUND_STEP)
        sample->numbers[bounds++] = sample->numbers[i];
    return bounds;
}

static emp_status merge_all(struct merging *merging, int threads, emp_error *error)
{
    size_t runs = merging->runs.count;
    emp_status status = emp__new_array(&merging->begin, (merging->ranges + 1) * runs,
                                       sizeof *merging->begin, error);
    if (status == EMP_OK)
        status = emp__new_array(&merging->place, merging->ranges + 1, sizeof(size_t), error);
    if (status == EMP_OK)
        status = emp__new_array(&merging->workers, (size_t)threads, sizeof(struct sorting), error);
    if (status != EMP_OK)
        return status;
    emp__blocks(threads, runs, 1, cut_runs, merging);
    size_t largest = place_ranges(merging);
    for (int t = 0; t < threads && status == EMP_OK; t++)
        status = new_sorting(merging->ids, largest, &merging->workers[t], error);
    if (status == EMP_OK)
        emp__blocks(threads, merging->ranges, 1, merge_ranges, merging);
    return status;
}

emp_status emp__id_order_runs(const struct emp_ids *ids, struct emp_id_runs runs, int threads,
                              uint32_t *out, emp_error *error)
{
    struct sorting sample;
    struct merging merging = {.ids = ids, .runs = runs, .out = out};
    emp_status status = new_sorting(ids, ids->count / SAMPLE_STEP + runs.count, &sample, error);
    if (status == EMP_OK) {
        merging.ranges = 1 + choose_bounds(runs, &sample);
        merging.bounds = sample.numbers;
        status = merge_all(&merging, threads, error);
    }
    for (int t = 0; t < threads && merging.workers; t++)
        free_sorting(&merging.workers[t]);
    free(merging.workers);
    free(merging.place);
    free(merging.begin);
    free_sorting(&sample);
    return status;
}
