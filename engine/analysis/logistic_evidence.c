// SPDX-License-Identifier: Apache-2.0
#include "analysis/logistic_evidence.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "evaluate/evidence.h"
#include "sink/table_fields.h"
#include "text/number_format.h"

struct evidence {
    const char *column;
    char *level; /* owned */
    double customers, events, rate, woe, value, column_value;
};

static const struct emp_table_field fields[] = {
    {"column", EMP_FIELD_TEXT, offsetof(struct evidence, column)},
    {"level", EMP_FIELD_TEXT, offsetof(struct evidence, level)},
    {"customers", EMP_FIELD_REAL, offsetof(struct evidence, customers)},
    {"events", EMP_FIELD_REAL, offsetof(struct evidence, events)},
    {"rate", EMP_FIELD_REAL, offsetof(struct evidence, rate)},
    {"woe", EMP_FIELD_REAL, offsetof(struct evidence, woe)},
    {"information_value", EMP_FIELD_REAL, offsetof(struct evidence, value)},
    {"column_information_value", EMP_FIELD_REAL, offsetof(struct evidence, column_value)},
    {.name = NULL},
};

struct listing {
    const struct emp_logistic_work *work;
    uint32_t *codes;
    struct evidence *rows;
    size_t count, capacity;
};

/* What the levels of a column are called. */
struct level_names {
    const char *column;
    const double *cuts;                       /* of a number */
    const struct emp_category_code *category; /* or NULL */
    uint32_t levels;
};

static emp_status level_name(const struct level_names *names, uint32_t level, char **out,
                             emp_error *error)
{
    char low[32], high[32];
    if (level == names->levels || (names->category && !names->category->level[level]))
        return emp__format_text(out, error, "(missing)");
    if (names->category)
        return emp__format_text(out, error, "%s", names->category->level[level]);
    int lows = level > 0 ? (int)emp__format_double(names->cuts[level - 1], low) : 0;
    if (level + 1 == names->levels)
        return level > 0 ? emp__format_text(out, error, "above %.*s", lows, low)
                         : emp__format_text(out, error, "all");
    int highs = (int)emp__format_double(names->cuts[level], high);
    if (level == 0)
        return emp__format_text(out, error, "to %.*s", highs, high);
    return emp__format_text(out, error, "(%.*s, %.*s]", lows, low, highs, high);
}

static emp_status add_level(struct listing *listing, const struct level_names *names,
                            uint32_t level, const struct emp_evidence_level *found, double total,
                            emp_error *error)
{
    double customers = found->events + found->non_events;
    if (customers == 0.0)
        return EMP_OK;
    emp_status status = emp__grow_array(&listing->rows, &listing->capacity, listing->count + 1,
                                        sizeof *listing->rows, error);
    if (status != EMP_OK)
        return status;
    struct evidence *row = &listing->rows[listing->count];
    *row = (struct evidence){
        .column = names->column,
        .customers = customers,
        .events = found->events,
        .rate = found->events / customers,
        .woe = found->woe,
        .value = found->value,
        .column_value = total,
    };
    status = level_name(names, level, &row->level, error);
    listing->count += status == EMP_OK;
    return status;
}

/* The levels that the codes say. */
static emp_status add_column(struct listing *listing, const struct level_names *names,
                             emp_error *error)
{
    const struct emp_logistic_sample *sample = &listing->work->sample;
    struct emp_scored scored = {
        .labels = sample->label, .weights = sample->weight, .n = (uint32_t)sample->rows.count};
    struct emp_evidence_level *table = NULL;
    void *memory = NULL;
    emp_status status = emp__new_array(&table, names->levels + 1, sizeof *table, error);
    if (status == EMP_OK)
        status = emp__new_array(&memory, emp__evidence_work(names->levels), 1, error);
    if (status == EMP_OK) {
        double total = emp__evidence(&scored, listing->codes, names->levels, EMP_EVIDENCE_SMOOTHING,
                                     memory, table);
        for (uint32_t l = 0; l <= names->levels && status == EMP_OK; l++)
            status = add_level(listing, names, l, &table[l], total, error);
    }
    free(memory);
    free(table);
    return status;
}

static emp_status add_number(struct listing *listing, size_t j, double *values, emp_error *error)
{
    const struct emp_logistic_rows *rows = &listing->work->sample.rows;
    double cuts[EMP_EVIDENCE_BINS - 1];
    struct level_names names = {.column = rows->params->features.items[j].name, .cuts = cuts};
    void *memory = NULL;
    uint32_t n = (uint32_t)rows->count;
    emp__logistic_values(rows, j, values);
    emp_status status =
        emp__new_array(&memory, emp__quantile_codes_work(n, EMP_EVIDENCE_BINS), 1, error);
    if (status == EMP_OK)
        names.levels =
            emp__quantile_codes(values, n, EMP_EVIDENCE_BINS, memory, listing->codes, cuts);
    free(memory);
    return status == EMP_OK ? add_column(listing, &names, error) : status;
}

static emp_status add_category(struct listing *listing, size_t c, emp_error *error)
{
    const struct emp_logistic_work *work = listing->work;
    const struct emp_category_code *category = &work->rule.encoding.category[c];
    struct level_names names = {
        .column = category->name, .category = category, .levels = (uint32_t)category->count};
    for (size_t i = 0; i < work->sample.rows.count; i++)
        listing->codes[i] = work->columns.category[c][i];
    return add_column(listing, &names, error);
}

/* The columns are looked at by several threads, each on its own. */
struct looking {
    const struct emp_logistic_work *work;
    struct listing *listings; /* one for each column: numbers, then categories */
};

static emp_status look_at_column(void *user, size_t i, emp_error *error)
{
    const struct looking *looking = user;
    const struct emp_logistic_work *work = looking->work;
    struct listing *listing = &looking->listings[i];
    size_t n = work->sample.rows.count, numbers = work->rule.encoding.numbers;
    double *values = NULL;
    listing->work = work;
    emp_status status = emp__new_array(&listing->codes, n, sizeof(uint32_t), error);
    if (status == EMP_OK && i < numbers)
        status = emp__new_array(&values, n, sizeof(double), error);
    if (status == EMP_OK)
        status = i < numbers ? add_number(listing, i, values, error)
                             : add_category(listing, i - numbers, error);
    free(values);
    free(listing->codes);
    listing->codes = NULL;
    return status;
}

/* The rows of all columns behind each other, which take over their texts. */
static emp_status gather(const struct listing *listings, size_t columns, struct listing *out,
                         emp_error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < columns; i++)
        count += listings[i].count;
    emp_status status = emp__new_array(&out->rows, count, sizeof *out->rows, error);
    for (size_t i = 0; i < columns && status == EMP_OK; i++)
        for (size_t r = 0; r < listings[i].count; r++)
            out->rows[out->count++] = listings[i].rows[r];
    return status;
}

static emp_status add_evidence(const struct emp_logistic_work *work, const struct listing *listings,
                               size_t columns, struct emp_result *result, emp_error *error)
{
    struct listing all = {.work = work};
    struct emp_table *table = NULL;
    emp_status status = gather(listings, columns, &all, error);
    if (status == EMP_OK)
        status = emp__result_add_table(result, work->kind->evidence, all.count, &table, error);
    if (status == EMP_OK)
        status = emp__table_add_fields(table, fields,
                                       (struct emp_table_items){all.rows, sizeof *all.rows}, error);
    free(all.rows);
    return status;
}

emp_status emp__logistic_evidence_table(const struct emp_logistic_work *work,
                                        struct emp_result *result, emp_error *error)
{
    size_t columns = work->rule.encoding.numbers + work->rule.encoding.categories;
    struct looking looking = {.work = work};
    emp_status status = emp__new_array(&looking.listings, columns, sizeof *looking.listings, error);
    if (status == EMP_OK)
        status = emp__parallel(work->input->threads, columns, look_at_column, &looking, error);
    if (status == EMP_OK)
        status = add_evidence(work, looking.listings, columns, result, error);
    for (size_t i = 0; looking.listings && i < columns; i++) {
        for (size_t r = 0; r < looking.listings[i].count; r++)
            free(looking.listings[i].rows[r].level);
        free(looking.listings[i].rows);
    }
    free(looking.listings);
    return status;
}
