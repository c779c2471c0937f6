// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/store.h"

enum { MONTHS = 12 };

/* A grouping at work: its groups are the last of the list. */
struct grouping {
    struct emp_ltv_groups *groups;
    const char *name;
    size_t first;      /* of its groups */
    uint32_t *members; /* by place among its groups, until these are in order */
    uint32_t last;     /* place where the last customer was: the next one is there often */
};

static emp_status open_grouping(const struct emp_ltv_work *work, const char *name,
                                struct emp_ltv_groups *groups, struct grouping *out,
                                emp_error *error)
{
    *out = (struct grouping){.groups = groups, .name = name, .first = groups->count};
    emp_status status =
        emp__store_take(work->input->customers->store, work->observation.count,
                        sizeof *out->members, &groups->members[groups->groupings], error);
    if (status == EMP_OK)
        out->members = groups->members[groups->groupings++];
    return status;
}

/* The place of a key among the groups, at the end where it is new. They are few. */
static emp_status find_place(struct grouping *grouping, int64_t key, uint32_t *out,
                             emp_error *error)
{
    struct emp_ltv_groups *all = grouping->groups;
    size_t count = all->count - grouping->first;
    if (count > 0 && all->groups[grouping->first + grouping->last].key == key) {
        *out = grouping->last;
        return EMP_OK;
    }
    size_t place = 0;
    while (place < count && all->groups[grouping->first + place].key != key)
        place++;
    *out = grouping->last = (uint32_t)place;
    if (place < count)
        return EMP_OK;
    emp_status status =
        emp__grow_array(&all->groups, &all->capacity, all->count + 1, sizeof *all->groups, error);
    if (status != EMP_OK)
        return status;
    all->groups[all->count++] = (struct emp_ltv_group){.grouping = grouping->name, .key = key};
    return EMP_OK;
}

static int by_key(const void *a, const void *b)
{
    int64_t one = ((const struct emp_ltv_group *)a)->key;
    int64_t other = ((const struct emp_ltv_group *)b)->key;
    return (one > other) - (one < other);
}

/* Groups in order, and members by their number among all. */
static emp_status close_grouping(const struct grouping *grouping, size_t customers,
                                 emp_error *error)
{
    struct emp_ltv_groups *all = grouping->groups;
    struct emp_ltv_group *groups = all->groups + grouping->first;
    size_t count = all->count - grouping->first;
    uint32_t *number = NULL;
    int64_t *keys = NULL;
    emp_status status = emp__new_array(&number, count, sizeof *number, error);
    if (status == EMP_OK)
        status = emp__new_array(&keys, count, sizeof *keys, error);
    for (size_t g = 0; g < count && status == EMP_OK; g++)
        keys[g] = groups[g].key;
    if (status == EMP_OK && count > 0)
        qsort(groups, count, sizeof *groups, by_key);
    for (size_t g = 0; g < count && status == EMP_OK; g++)
        for (size_t sorted = 0; sorted < count; sorted++)
            if (groups[sorted].key == keys[g])
                number[g] = (uint32_t)(grouping->first + sorted);
    for (size_t i = 0; i < customers && status == EMP_OK; i++)
        if (grouping->members[i] != EMP_LTV_NO_GROUP)
            grouping->members[i] = number[grouping->members[i]];
    free(number);
    free(keys);
    return status;
}

static emp_status group_all(const struct emp_ltv_work *work, struct emp_ltv_groups *groups,
                            emp_error *error)
{
    struct grouping all;
    uint32_t place;
    emp_status status = open_grouping(work, "all", groups, &all, error);
    if (status == EMP_OK)
        status = find_place(&all, 0, &place, error);
    if (status != EMP_OK)
        return status;
    snprintf(groups->groups[0].name, sizeof groups->groups[0].name, "all");
    return close_grouping(&all, work->observation.count, error);
}

static emp_status group_cohorts(const struct emp_ltv_work *work, struct emp_ltv_groups *groups,
                                emp_error *error)
{
    const struct emp_ltv_sample *sample = &work->observation;
    struct grouping cohorts;
    if (!sample->birth)
        return EMP_OK;
    emp_status status = open_grouping(work, "cohort", groups, &cohorts, error);
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++) {
        int32_t month = emp__span_of_day(EMP_SPAN_MONTH, sample->birth[i]);
        status = find_place(&cohorts, month, &cohorts.members[i], error);
    }
    for (size_t g = cohorts.first; g < groups->count && status == EMP_OK; g++) {
        int month = (int)groups->groups[g].key;
        snprintf(groups->groups[g].name, EMP_LTV_GROUP_NAME, "%04d-%02d", month / MONTHS,
                 month % MONTHS + 1);
    }
    return status == EMP_OK ? close_grouping(&cohorts, sample->count, error) : status;
}

/* --- By a column --- */

/* A column to group by. Several labels may have the same text: `first` is, for each, the number of
 * the first that has it. */
struct column {
    const struct emp_table *table;
    size_t number;
    uint16_t *first; /* NULL: whole numbers */
};

static const char *text_of(const struct emp_column *column, size_t label)
{
    return column->labels[label] ? column->labels[label] : "";
}

/* Cost: the labels times the different texts among them, which are names of segments. */
static emp_status find_first_labels(struct column *column, emp_error *error)
{
    const struct emp_column *found = &column->table->columns[column->number];
    size_t count = found->label_count, different = 0;
    uint16_t *texts = NULL;
    if (found->storage != EMP_STORE_LABEL)
        return EMP_OK;
    emp_status status = emp__new_array(&column->first, count, sizeof *column->first, error);
    if (status == EMP_OK)
        status = emp__new_array(&texts, count, sizeof *texts, error);
    for (size_t l = 0; l < count && status == EMP_OK; l++) {
        size_t t = 0;
        const char *text = text_of(found, l);
        while (t < different && strcmp(text_of(found, texts[t]), text) != 0)
            t++;
        if (t == different)
            texts[different++] = (uint16_t)l;
        column->first[l] = texts[t];
    }
    free(texts);
    return status;
}

/* The value of a customer as a key; false: it is missing. */
static bool key_of(const struct column *column, uint32_t customer, int64_t *out)
{
    union emp_value value = {0};
    emp__table_values(column->table, column->number, &customer, 1, &value);
    bool missing = column->first ? value.label == EMP_NO_LABEL : value.i32 == INT32_MIN;
    if (!missing)
        *out = column->first ? column->first[value.label] : value.i32;
    return !missing;
}

static void name_group(const struct column *column, uint32_t customer, struct emp_ltv_group *group)
{
    char scratch[32];
    size_t length = 0;
    const char *text = emp__table_cell(column->table, customer, column->number, scratch, &length);
    snprintf(group->name, sizeof group->name, "%.*s", (int)length, text);
}

static emp_status place_customers(const struct emp_ltv_sample *sample, const struct column *column,
                                  struct grouping *grouping, emp_error *error)
{
    struct emp_ltv_groups *all = grouping->groups;
    emp_status status = EMP_OK;
    for (size_t i = 0; i < sample->count && status == EMP_OK; i++) {
        int64_t key = 0;
        size_t before = all->count;
        grouping->members[i] = EMP_LTV_NO_GROUP;
        if (!key_of(column, sample->customer[i], &key))
            continue;
        status = find_place(grouping, key, &grouping->members[i], error);
        if (status == EMP_OK && all->count > before)
            name_group(column, sample->customer[i], &all->groups[before]);
    }
    return status;
}

/* By a column that an analysis before has made, if it has. */
static emp_status group_by(const struct emp_ltv_work *work, const struct emp_table *table,
                           const char *name, struct emp_ltv_groups *groups, emp_error *error)
{
    struct column column = {.table = table};
    struct grouping grouping;
    int64_t number = emp_table_find(table, name);
    if (number < 0)
        return EMP_OK;
    column.number = (size_t)number;
    emp_status status = open_grouping(work, name, groups, &grouping, error);
    if (status == EMP_OK)
        status = find_first_labels(&column, error);
    if (status == EMP_OK)
        status = place_customers(&work->observation, &column, &grouping, error);
    if (status == EMP_OK)
        status = close_grouping(&grouping, work->observation.count, error);
    free(column.first);
    return status;
}

emp_status emp__ltv_groups(const struct emp_ltv_work *work, const struct emp_table *customers,
                           struct emp_ltv_groups *out, emp_error *error)
{
    *out = (struct emp_ltv_groups){.count = 0};
    emp_status status = group_all(work, out, error);
    if (status == EMP_OK)
        status = group_cohorts(work, out, error);
    if (status == EMP_OK)
        status = group_by(work, customers, "rfm_segment", out, error);
    if (status == EMP_OK)
        status = group_by(work, customers, "cluster", out, error);
    return status;
}

void emp__ltv_groups_free(struct emp_store *store, struct emp_ltv_groups *groups)
{
    for (size_t g = 0; g < groups->groupings; g++)
        emp__store_give(store, groups->members[g]);
    free(groups->groups);
}
