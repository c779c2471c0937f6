// SPDX-License-Identifier: Apache-2.0
/*
 * The levels of a category: the different texts of a column. While rows are read every thread
 * numbers those that it meets in their order of arrival; afterwards the sets of all threads become
 * one list in byte order, which depends on the texts alone.
 *
 * A set is a hash table with open addressing and linear probing, half full at most. Merging sorts
 * the n texts of all sets: O(n log n) comparisons.
 */
#ifndef EMP_SOURCE_LEVELS_H
#define EMP_SOURCE_LEVELS_H

#include <stdint.h>

#include "base/buffer.h"
#include "source/field.h"

/* All zero is an empty set. */
struct emp_level_set {
    struct emp_buffer texts; /* a zero byte behind each */
    size_t *begin;           /* where each begins */
    size_t count, capacity;
    uint32_t *slots; /* 1 + the number of a text, or 0 */
    size_t slot_count;
    uint32_t *place; /* of each text among the levels, once the sets were merged */
};

/* The number of a text without NUL bytes, which is added if it is new. The set is untouched on
   failure. */
emp_status emp__level_set_add(struct emp_level_set *set, struct emp_field text, uint32_t *out,
                              emp_error *error);

/* The bytes that the set takes, about. */
size_t emp__level_set_bytes(const struct emp_level_set *set);

void emp__level_set_free(struct emp_level_set *set);

struct emp_levels {
    size_t count;
    const char **texts; /* in byte order */
    char *bytes;        /* which they point into */
};

/* Every text of the sets once, and in the sets the places of their texts. *out is untouched on
   failure. */
emp_status emp__levels_merge(struct emp_level_set *const *sets, size_t count,
                             struct emp_levels *out, emp_error *error);

void emp__levels_free(struct emp_levels *levels);

#endif
