// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/patterns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "order/radix_sort.h"

enum {
    PART_BITS_MOST = 12,
    PART_LEAST = 1 << 12, /* customers, on average */
    CHUNK = 1 << 16,      /* customers that one thread parts */
};

struct member {
    double t_x, age;
    uint32_t x, ended;
    uint32_t customer; /* by its number in the sample */
    uint32_t pattern;  /* by its number in the part */
};

struct merging {
    const struct emp_ltv_sample *sample;
    struct emp_store *store;
    int part_bits;
    size_t parts, chunks;
    size_t *starts;         /* where each chunk has its share of each part: by chunk, then part */
    size_t *begins;         /* of the parts, and the end of the last */
    size_t *patterns;       /* of each part; then of all parts before it */
    struct member *members; /* by part */
    struct emp_ltv_patterns *out;
};

/* --- Parting --- */

static uint64_t bits_of(double x)
{
    uint64_t bits;
    x += 0.0; /* -0 is 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Lets every bit reach the upper ones by multiplication, and these the lower by the shift. */
static uint64_t stir(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

/* By x and age. */
static size_t part_of(const struct merging *merging, const struct member *member)
{
    uint64_t hash = stir(stir(0, member->x), bits_of(member->age));
    return merging->part_bits ? (size_t)(hash >> (64 - merging->part_bits)) : 0;
}

static struct member member_of(const struct emp_ltv_sample *sample, size_t i)
{
    return (struct member){
        .t_x = sample->t_x ? sample->t_x[i] : 0.0,
        .age = sample->age ? sample->age[i] : 0.0,
        .x = sample->x[i],
        .ended = sample->ended ? sample->ended[i] : 0,
        .customer = (uint32_t)i,
    };
}

static size_t chunk_end(const struct merging *merging, size_t chunk)
{
    size_t end = (chunk + 1) * CHUNK;
    return end < merging->sample->count ? end : merging->sample->count;
}

static emp_status count_chunk(void *user, size_t chunk, emp_error *error)
{
    const struct merging *merging = user;
    size_t *counts = merging->starts + chunk * merging->parts;
    (void)error;
    for (size_t i = chunk * CHUNK; i < chunk_end(merging, chunk); i++) {
        struct member member = member_of(merging->sample, i);
        counts[part_of(merging, &member)]++;
    }
    return EMP_OK;
}

static emp_status part_chunk(void *user, size_t chunk, emp_error *error)
{
    const struct merging *merging = user;
    size_t *at = merging->starts + chunk * merging->parts;
    (void)error;
    for (size_t i = chunk * CHUNK; i < chunk_end(merging, chunk); i++) {
        struct member member = member_of(merging->sample, i);
        merging->members[at[part_of(merging, &member)]++] = member;
    }
    emp__store_touched(merging->store, CHUNK * sizeof(struct member));
    return EMP_OK;
}

/* From the counts. */
static void find_starts(struct merging *merging)
{
    size_t sum = 0;
    for (size_t part = 0; part < merging->parts; part++) {
        merging->begins[part] = sum;
        for (size_t chunk = 0; chunk < merging->chunks; chunk++) {
            size_t *start = &merging->starts[chunk * merging->parts + part], count = *start;
            *start = sum;
            sum += count;
        }
    }
    merging->begins[merging->parts] = sum;
}

/* --- Merging --- */

/* What members are put in order by. */
struct sorting {
    const struct member *members;
    size_t count;
    uint64_t *keys, *spare_keys;
    uint32_t *order, *spare_order;
};

static uint64_t by_last(const struct member *member)
{
    return bits_of(member->t_x);
}

static uint64_t by_age(const struct member *member)
{
    return bits_of(member->age);
}

static uint64_t by_purchases(const struct member *member)
{
    return (uint64_t)member->x << 1 | member->ended;
}

static void sort(const struct sorting *sorting, uint64_t (*key)(const struct member *member))
{
    for (size_t i = 0; i < sorting->count; i++)
        sorting->keys[i] = key(&sorting->members[sorting->order[i]]);
    emp__radix_sort(sorting->keys, sorting->order, sorting->spare_keys, sorting->spare_order,
                    sorting->count);
}

static bool is_same(const struct member *a, const struct member *b)
{
    return a->x == b->x && a->t_x == b->t_x && a->age == b->age && a->ended == b->ended;
}

/* Sorts are stable: the last one counts most. Returns how many patterns there are. */
static size_t number_patterns(const struct sorting *sorting, struct member *members)
{
    size_t patterns = 0;
    for (size_t i = 0; i < sorting->count; i++)
        sorting->order[i] = (uint32_t)i;
    sort(sorting, by_last);
    sort(sorting, by_age);
    sort(sorting, by_purchases);
    for (size_t i = 0; i < sorting->count; i++) {
        struct member *member = &members[sorting->order[i]];
        patterns += i == 0 || !is_same(member, &members[sorting->order[i - 1]]);
        member->pattern = (uint32_t)patterns - 1;
    }
    return patterns;
}

static emp_status merge_part(void *user, size_t part, emp_error *error)
{
    const struct merging *merging = user;
    struct member *members = merging->members + merging->begins[part];
    size_t count = merging->begins[part + 1] - merging->begins[part];
    struct sorting sorting = {.members = members, .count = count};
    const size_t bytes = 2 * (sizeof *sorting.keys + sizeof *sorting.order);
    if (count == 0)
        return EMP_OK;
    emp_status status = emp__new_workspace(&sorting.keys, count * bytes, error);
    if (status != EMP_OK)
        return status;
    sorting.spare_keys = sorting.keys + count;
    sorting.order = (uint32_t *)(sorting.spare_keys + count);
    sorting.spare_order = sorting.order + count;
    merging->patterns[part] = number_patterns(&sorting, members);
    free(sorting.keys);
    emp__store_touched(merging->store, count * sizeof *members);
    return EMP_OK;
}

static emp_status list_part(void *user, size_t part, emp_error *error)
{
    const struct merging *merging = user;
    const double *weight = merging->sample->weight;
    struct emp_ltv_patterns *out = merging->out;
    (void)error;
    for (size_t i = merging->begins[part]; i < merging->begins[part + 1]; i++) {
        const struct member *member = &merging->members[i];
        size_t p = merging->patterns[part] + member->pattern;
        out->pattern[member->customer] = (uint32_t)p;
        out->x[p] = member->x;
        out->t_x[p] = member->t_x;
        out->age[p] = member->age;
        out->ended[p] = (uint8_t)member->ended;
        out->weight[p] += weight ? weight[member->customer] : 1.0;
    }
    emp__store_touched(merging->store, CHUNK * sizeof(struct member));
    return EMP_OK;
}

static size_t add_up(const struct merging *merging)
{
    size_t sum = 0;
    for (size_t part = 0; part < merging->parts; part++) {
        size_t count = merging->patterns[part];
        merging->patterns[part] = sum;
        sum += count;
    }
    return sum;
}

/* --- All of it --- */

static emp_status prepare(struct merging *merging, emp_error *error)
{
    size_t n = merging->sample->count;
    while (merging->part_bits < PART_BITS_MOST && n >> merging->part_bits > PART_LEAST)
        merging->part_bits++;
    merging->parts = (size_t)1 << merging->part_bits;
    merging->chunks = (n + CHUNK - 1) / CHUNK;
    emp_status status = emp__new_array(&merging->starts, merging->chunks * merging->parts,
                                       sizeof *merging->starts, error);
    if (status == EMP_OK)
        status =
            emp__new_array(&merging->begins, merging->parts + 1, sizeof *merging->begins, error);
    if (status == EMP_OK)
        status =
            emp__new_array(&merging->patterns, merging->parts, sizeof *merging->patterns, error);
    if (status == EMP_OK)
        status =
            emp__store_take(merging->store, n, sizeof *merging->members, &merging->members, error);
    return status;
}

static emp_status take(struct emp_store *store, struct emp_ltv_patterns *out, emp_error *error)
{
    size_t n = out->count;
    emp_status status = emp__store_take(store, n, sizeof *out->x, &out->x, error);
    if (status == EMP_OK)
        status = emp__store_take(store, n, sizeof *out->t_x, &out->t_x, error);
    if (status == EMP_OK)
        status = emp__store_take(store, n, sizeof *out->age, &out->age, error);
    if (status == EMP_OK)
        status = emp__store_take(store, n, sizeof *out->ended, &out->ended, error);
    if (status == EMP_OK)
        status = emp__store_take(store, n, sizeof *out->weight, &out->weight, error);
    return status;
}

static emp_status merge(struct merging *merging, int threads, emp_error *error)
{
    emp_status status = emp__parallel(threads, merging->chunks, count_chunk, merging, error);
    if (status != EMP_OK)
        return status;
    find_starts(merging);
    status = emp__parallel(threads, merging->chunks, part_chunk, merging, error);
    if (status == EMP_OK)
        status = emp__parallel(threads, merging->parts, merge_part, merging, error);
    if (status != EMP_OK)
        return status;
    merging->out->count = add_up(merging);
    status = take(merging->store, merging->out, error);
    return status == EMP_OK ? emp__parallel(threads, merging->parts, list_part, merging, error)
                            : status;
}

emp_status emp__ltv_patterns(const struct emp_ltv_sample *sample, int threads,
                             struct emp_store *store, struct emp_ltv_patterns *out,
                             emp_error *error)
{
    struct merging merging = {.sample = sample, .store = store, .out = out};
    *out = (struct emp_ltv_patterns){.count = 0};
    emp_status status =
        emp__store_take(store, sample->count, sizeof *out->pattern, &out->pattern, error);
    if (status == EMP_OK)
        status = prepare(&merging, error);
    if (status == EMP_OK)
        status = merge(&merging, threads, error);
    free(merging.starts);
    free(merging.begins);
    free(merging.patterns);
    emp__store_give(store, merging.members);
    return status;
}

void emp__ltv_patterns_give(struct emp_store *store, struct emp_ltv_patterns *patterns)
{
    emp__store_give(store, patterns->pattern);
    emp__store_give(store, patterns->x);
    emp__store_give(store, patterns->t_x);
    emp__store_give(store, patterns->age);
    emp__store_give(store, patterns->ended);
    emp__store_give(store, patterns->weight);
    *patterns = (struct emp_ltv_patterns){.count = 0};
}

struct emp_lifetime_data emp__ltv_data(const struct emp_ltv_patterns *patterns)
{
    return (struct emp_lifetime_data){
        .n = patterns->count,
        .x = patterns->x,
        .t_x = patterns->t_x,
        .age = patterns->age,
        .ended = patterns->ended,
        .weight = patterns->weight,
    };
}
