// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/patterns.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What customers have in common. */
struct key {
    double t_x, age;
    uint32_t x;
    uint32_t ended;
};

struct pattern {
    struct key key;
    double weight;
};

struct merging {
    const struct emp_ltv_sample *sample;
    struct emp_store *store;
    struct pattern *patterns;
    uint32_t *slots; /* 1 + the number of a pattern, or 0 */
    size_t size;     /* of the slots, a power of two */
    size_t count, capacity;
};

static struct key key_of(const struct emp_ltv_sample *sample, size_t i)
{
    return (struct key){
        .t_x = sample->t_x ? sample->t_x[i] : 0.0,
        .age = sample->age ? sample->age[i] : 0.0,
        .x = sample->x[i],
        .ended = sample->ended ? sample->ended[i] : 0,
    };
}

static bool is_same(const struct key *a, const struct key *b)
{
    return a->x == b->x && a->t_x == b->t_x && a->age == b->age && a->ended == b->ended;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    x += 0.0; /* -0 is 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Multiplication and a shift after each word, which lets every bit reach the upper ones. */
static uint64_t hash_of(const struct key *key)
{
    const uint64_t odd = UINT64_C(0x9E3779B97F4A7C15);
    const uint64_t words[] = {bits_of(key->t_x), bits_of(key->age), key->x, key->ended};
    uint64_t hash = 0;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
        hash = (hash ^ words[w]) * odd;
        hash ^= hash >> 32;
    }
    return hash;
}

/* The slot of a key, or the empty one where it belongs. */
static uint32_t *find_slot(const struct merging *merging, const struct key *key)
{
    size_t at = (size_t)hash_of(key) & (merging->size - 1);
    while (merging->slots[at] != 0 && !is_same(&merging->patterns[merging->slots[at] - 1].key, key))
        at = (at + 1) & (merging->size - 1);
    return &merging->slots[at];
}

/* Room for another pattern, in a table that is at most half full. */
static emp_status make_room(struct merging *merging, emp_error *error)
{
    emp_status status = emp__grow_array(&merging->patterns, &merging->capacity, merging->count + 1,
                                        sizeof *merging->patterns, error);
    if (status != EMP_OK || 2 * (merging->count + 1) <= merging->size)
        return status;
    size_t size = merging->size ? 4 * merging->size : 1024;
    uint32_t *slots = NULL;
    status = emp__new_array(&slots, size, sizeof *slots, error);
    if (status != EMP_OK)
        return status;
    free(merging->slots);
    merging->slots = slots;
    merging->size = size;
    for (size_t p = 0; p < merging->count; p++)
        *find_slot(merging, &merging->patterns[p].key) = (uint32_t)p + 1;
    return EMP_OK;
}

/* Each customer's pattern by its number, and the weights. */
static emp_status merge(struct merging *merging, uint32_t *pattern, emp_error *error)
{
    const struct emp_ltv_sample *sample = merging->sample;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++) {
        struct key key = key_of(sample, i);
        status = make_room(merging, error);
        if (status != EMP_OK)
            return status;
        uint32_t *slot = find_slot(merging, &key);
        if (*slot == 0) {
            merging->patterns[merging->count] = (struct pattern){.key = key};
            *slot = (uint32_t)++merging->count;
        }
        pattern[i] = *slot - 1;
        merging->patterns[pattern[i]].weight += sample->weight ? sample->weight[i] : 1.0;
    }
    return status;
}

static emp_status take(const struct merging *merging, struct emp_ltv_patterns *out,
                       emp_error *error)
{
    struct emp_store *store = merging->store;
    size_t n = merging->count;
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

/* The columns of the patterns. */
static emp_status list(const struct merging *merging, struct emp_ltv_patterns *out,
                       emp_error *error)
{
    emp_status status = take(merging, out, error);
    if (status != EMP_OK)
        return status;
    for (size_t p = 0; p < merging->count; p++) {
        const struct pattern *pattern = &merging->patterns[p];
        out->x[p] = pattern->key.x;
        out->t_x[p] = pattern->key.t_x;
        out->age[p] = pattern->key.age;
        out->ended[p] = (uint8_t)pattern->key.ended;
        out->weight[p] = pattern->weight;
    }
    out->count = merging->count;
    return EMP_OK;
}

emp_status emp__ltv_patterns(const struct emp_ltv_sample *sample, struct emp_store *store,
                             struct emp_ltv_patterns *out, emp_error *error)
{
    struct merging merging = {.sample = sample, .store = store};
    *out = (struct emp_ltv_patterns){.count = 0};
    emp_status status =
        emp__store_take(store, sample->count, sizeof *out->pattern, &out->pattern, error);
    if (status == EMP_OK)
        status = merge(&merging, out->pattern, error);
    if (status == EMP_OK)
        status = list(&merging, out, error);
    free(merging.patterns);
    free(merging.slots);
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
