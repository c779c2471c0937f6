// SPDX-License-Identifier: Apache-2.0
#include "analysis/ltv/equity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "sink/table_fields.h"

enum { MOST = EMP_LIFETIME_PARAMETERS, NAME_BYTES = 64, MONTHS = 12 };

/* The sums of a group. */
struct group {
    const char *grouping;
    char name[NAME_BYTES];
    int64_t key;      /* by which groups of a grouping are told apart and ordered */
    double customers; /* the sum of their weights */
    double equity, expected;
    double gradient[MOST], spend_gradient[MOST];
};

struct row {
    const char *grouping, *group;
    double customers;
    double equity, low, high, share, mean, expected;
};

static const struct emp_table_field fields[] = {
    {"grouping", EMP_FIELD_TEXT, offsetof(struct row, grouping)},
    {"group", EMP_FIELD_TEXT, offsetof(struct row, group)},
    {"customers", EMP_FIELD_REAL, offsetof(struct row, customers)},
    {"expected_purchases", EMP_FIELD_REAL, offsetof(struct row, expected)},
    {"equity", EMP_FIELD_REAL, offsetof(struct row, equity)},
    {"equity_lo", EMP_FIELD_REAL, offsetof(struct row, low)},
    {"equity_hi", EMP_FIELD_REAL, offsetof(struct row, high)},
    {"equity_share", EMP_FIELD_REAL, offsetof(struct row, share)},
    {"mean_clv", EMP_FIELD_REAL, offsetof(struct row, mean)},
    {.name = NULL},
};

struct equity {
    const struct emp_ltv_work *work;
    const struct emp_ltv_values *values;
    struct group *groups;
    size_t count, capacity;
    size_t first; /* group of the grouping at work */
};

/* --- Groups --- */

/* The group of a key, which is made where there is none; groups are in order of their keys. */
static emp_status find_group(struct equity *equity, const char *grouping, int64_t key,
                             struct group **out, emp_error *error)
{
    size_t low = equity->first, high = equity->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (equity->groups[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    *out = &equity->groups[low];
    if (low < equity->count && equity->groups[low].key == key)
        return EMP_OK;
    emp_status status = emp__grow_array(&equity->groups, &equity->capacity, equity->count + 1,
                                        sizeof *equity->groups, error);
    if (status != EMP_OK)
        return status;
    memmove(&equity->groups[low + 1], &equity->groups[low],
            (equity->count - low) * sizeof *equity->groups);
    equity->count++;
    *out = &equity->groups[low];
    **out = (struct group){.grouping = grouping, .key = key};
    return EMP_OK;
}

/* Customer i of the sample. One whose value does not exist counts, and adds nothing. */
static void add_customer(const struct equity *equity, size_t i, struct group *group)
{
    const struct emp_ltv_sample *sample = &equity->work->observation;
    double weight = sample->weight ? sample->weight[i] : 1.0;
    uint32_t customer = sample->customer[i];
    const struct emp_ltv_values *values = equity->values;
    const struct emp_lifetime_outlook *outlook = &values->outlook[values->pattern[customer]];
    struct emp_ltv_spend_value spend = emp__ltv_spend_of(values, customer);
    double value = weight * outlook->discounted * spend.value;
    group->customers += weight;
    group->expected += weight * outlook->expected;
    if (isnan(value))
        return;
    group->equity += value;
    for (int p = 0; p < MOST; p++) {
        group->gradient[p] += value * outlook->gradient[p];
        group->spend_gradient[p] += value * spend.gradient[p];
    }
}

/* --- Groupings --- */

static emp_status group_all(struct equity *equity, emp_error *error)
{
    const struct emp_ltv_sample *sample = &equity->work->observation;
    struct group *group = NULL;
    equity->first = equity->count;
    emp_status status = find_group(equity, "all", 0, &group, error);
    if (status != EMP_OK)
        return status;
    snprintf(group->name, sizeof group->name, "all");
    for (size_t i = 0; i < sample->count; i++)
        add_customer(equity, i, group);
    return EMP_OK;
}

static emp_status group_cohorts(struct equity *equity, emp_error *error)
{
    const struct emp_ltv_sample *sample = &equity->work->observation;
    emp_status status = EMP_OK;
    equity->first = equity->count;
    for (size_t i = 0; i < sample->count && sample->birth && status == EMP_OK; i++) {
        int32_t month = emp__span_of_day(EMP_SPAN_MONTH, sample->birth[i]);
        struct group *group = NULL;
        status = find_group(equity, "cohort", month, &group, error);
        if (status != EMP_OK)
            return status;
        snprintf(group->name, sizeof group->name, "%04d-%02d", month / MONTHS, month % MONTHS + 1);
        add_customer(equity, i, group);
    }
    return status;
}

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

static void name_group(const struct column *column, uint32_t customer, struct group *group)
{
    char scratch[32];
    size_t length = 0;
    const char *text = emp__table_cell(column->table, customer, column->number, scratch, &length);
    snprintf(group->name, sizeof group->name, "%.*s", (int)length, text);
}

static emp_status group_by_column(struct equity *equity, const char *name,
                                  const struct column *column, emp_error *error)
{
    const struct emp_ltv_sample *sample = &equity->work->observation;
    emp_status status = EMP_OK;
    int64_t key = 0;
    for (size_t i = 0; i < sample->count; i++) {
        uint32_t customer = sample->customer[i];
        struct group *group = NULL;
        if (!key_of(column, customer, &key))
            continue;
        status = find_group(equity, name, key, &group, error);
        if (status != EMP_OK)
            return status;
        if (!group->name[0])
            name_group(column, customer, group);
        add_customer(equity, i, group);
    }
    return status;
}

/* By a column that an analysis before has made, if it has; those without a value are in no group.
 */
static emp_status group_by(struct equity *equity, const char *name, const struct emp_table *table,
                           emp_error *error)
{
    struct column column = {.table = table};
    int64_t number = emp_table_find(table, name);
    if (number < 0)
        return EMP_OK;
    column.number = (size_t)number;
    equity->first = equity->count;
    emp_status status = find_first_labels(&column, error);
    if (status == EMP_OK)
        status = group_by_column(equity, name, &column, error);
    free(column.first);
    return status;
}

/* --- The table --- */

static struct row row_of(const struct equity *equity, const struct group *group)
{
    const struct emp_ltv_rule *rule = &equity->values->rule;
    double purchases = emp__lifetime_error(group->gradient, rule->covariance, MOST);
    double spend = emp__lifetime_error(group->spend_gradient, rule->spend_covariance, MOST);
    double reach = equity->values->reach * sqrt(purchases * purchases + spend * spend);
    double all = equity->groups[0].equity;
    return (struct row){
        .grouping = group->grouping,
        .group = group->name,
        .customers = group->customers,
        .equity = group->equity,
        .low = group->equity - reach,
        .high = group->equity + reach,
        .share = all > 0.0 ? group->equity / all : NAN,
        .mean = group->equity / group->customers,
        .expected = group->expected,
    };
}

static emp_status add_rows(const struct equity *equity, struct emp_result *result, emp_error *error)
{
    struct emp_table *table = NULL;
    struct row *rows = NULL;
    emp_status status = emp__new_array(&rows, equity->count, sizeof *rows, error);
    for (size_t g = 0; g < equity->count && status == EMP_OK; g++)
        rows[g] = row_of(equity, &equity->groups[g]);
    if (status == EMP_OK)
        status = emp__result_add_table(result, "ltv_equity", equity->count, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_fields(table, fields, (struct emp_table_items){rows, sizeof *rows},
                                       error);
    free(rows);
    return status;
}

emp_status emp__ltv_equity(const struct emp_ltv_work *work, const struct emp_ltv_values *values,
                           struct emp_result *result, emp_error *error)
{
    const struct emp_table *customers = emp__result_customers(result);
    struct equity equity = {.work = work, .values = values};
    bool has_value = values->outlook && values->rule.spend != EMP_LTV_NO_SPEND;
    emp_status status = EMP_OK;
    if (has_value && work->observation.count > 0) {
        status = group_all(&equity, error);
        if (status == EMP_OK)
            status = group_cohorts(&equity, error);
        if (status == EMP_OK)
            status = group_by(&equity, "rfm_segment", customers, error);
        if (status == EMP_OK)
            status = group_by(&equity, "cluster", customers, error);
    }
    if (status == EMP_OK)
        status = add_rows(&equity, result, error);
    free(equity.groups);
    return status;
}
